<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko_KR">
    <context>
        <name>dff::ui::ClassList</name>
        <message>
            <source>Classes</source>
            <translation>클래스</translation>
        </message>
        <message>
            <source>%1 % of the picture</source>
            <translation>화면의 %1 %</translation>
        </message>
        <message>
            <source>
margin %1: mean probability of the class less that of the second</source>
            <translation>
여유 %1: 그 클래스의 평균 확률에서 두 번째 확률을 뺀 값</translation>
        </message>
        <message>
            <source>click: draw this class</source>
            <translation>클릭: 이 클래스 표시</translation>
        </message>
        <message>
            <source>click: hide this class</source>
            <translation>클릭: 이 클래스 숨기기</translation>
        </message>
    </context>
    <context>
        <name>QObject</name>
        <message>
            <source>ground truth</source>
            <translation>정답</translation>
        </message>
        <message>
            <source>per frame</source>
            <translation>프레임별</translation>
        </message>
        <message>
            <source>%1, interval %2</source>
            <translation>%1, 간격 %2</translation>
        </message>
        <message>
            <source>none</source>
            <translation>없음</translation>
        </message>
        <message>
            <source>%1
%2 %3 %, %4 ms a frame, %5× per-frame speed
click: take this setting</source>
            <translation>%1
%2 %3 %, 프레임당 %4 ms, 프레임별 추론의 %5배
클릭: 이 설정 적용</translation>
        </message>
        <message>
            <source>1 labelled frame</source>
            <translation>레이블 있는 1프레임</translation>
        </message>
        <message>
            <source>%1 labelled frames</source>
            <translation>레이블 있는 %1프레임</translation>
        </message>
        <message>
            <source>%1 of %2 frames, spread over the range</source>
            <translation>%2프레임 가운데 %1프레임, 범위에 고르게</translation>
        </message>
        <message>
            <source>milliseconds per frame, measured here</source>
            <translation>프레임당 밀리초, 여기서 측정</translation>
        </message>
        <message>
            <source>mIoU, %</source>
            <translation>mIoU, %</translation>
        </message>
        <message>
            <source>agreement with per-frame inference, %</source>
            <translation>프레임별 추론과의 일치율, %</translation>
        </message>
        <message>
            <source>mIoU</source>
            <translation>mIoU</translation>
        </message>
        <message>
            <source>agreement</source>
            <translation>일치율</translation>
        </message>
        <message>
            <source>cost model</source>
            <translation>비용 모델</translation>
        </message>
        <message>
            <source>now: per frame</source>
            <translation>지금: 프레임별</translation>
        </message>
        <message>
            <source>now: %1</source>
            <translation>지금: %1</translation>
        </message>
        <message>
            <source>flow source</source>
            <translation>흐름</translation>
        </message>
        <message>
            <source>propagation</source>
            <translation>전파</translation>
        </message>
        <message>
            <source>interval</source>
            <translation>간격</translation>
        </message>
        <message>
            <source>agreement %</source>
            <translation>일치율 %</translation>
        </message>
        <message>
            <source>mIoU %</source>
            <translation>mIoU %</translation>
        </message>
        <message>
            <source>ms / frame</source>
            <translation>ms / 프레임</translation>
        </message>
        <message>
            <source>speed</source>
            <translation>속도</translation>
        </message>
        <message>
            <source>cost model ms</source>
            <translation>비용 모델 ms</translation>
        </message>
        <message>
            <source>Search actions</source>
            <translation>동작 찾기</translation>
        </message>
        <message>
            <source>Keys</source>
            <translation>단축키</translation>
        </message>
        <message>
            <source>Guide</source>
            <translation>안내서</translation>
        </message>
        <message>
            <source>About DFF Studio</source>
            <translation>DFF 스튜디오 정보</translation>
        </message>
        <message>
            <source>&lt;b&gt;DFF Studio %1&lt;/b&gt;&lt;p&gt;Video recognition by Deep Feature Flow: the heavy network runs on key frames only, the others receive its features along the flow.&lt;/p&gt;&lt;p&gt;Licence: GPL 3, for it is linked with FFmpeg and x264. Made with Qt %2 (LGPL 3), LibTorch (BSD), OpenCV (Apache 2) and FFmpeg (GPL).&lt;/p&gt;&lt;p&gt;The street model was trained on CamVid, which is for research; so are weights trained on it.&lt;/p&gt;</source>
            <translation>&lt;b&gt;DFF 스튜디오 %1&lt;/b&gt;&lt;p&gt;딥 피처 플로에 의한 비디오 인식: 무거운 네트워크는 키 프레임에서만 돌고, 다른 프레임은 흐름을 따라 그 특징을 받습니다.&lt;/p&gt;&lt;p&gt;사용권: FFmpeg와 x264에 연결되므로 GPL 3. Qt %2 (LGPL 3), LibTorch (BSD), OpenCV (Apache 2), FFmpeg (GPL)로 만들었습니다.&lt;/p&gt;&lt;p&gt;거리 모델은 연구용인 CamVid로 학습했으므로 그 가중치도 연구용입니다.&lt;/p&gt;</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::AgreementCurve</name>
        <message>
            <source>Agreement by interval</source>
            <translation>간격에 따른 일치율</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::ChannelGallery</name>
        <message>
            <source>Channels</source>
            <translation>채널</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::ComparePanel</name>
        <message>
            <source>Compare</source>
            <translation>비교</translation>
        </message>
        <message>
            <source>Swap</source>
            <translation>바꾸기</translation>
        </message>
        <message>
            <source>Share of the pixels on which both sides name the same class; void is left out</source>
            <translation>양쪽이 같은 클래스로 본 픽셀의 비율. 무효 영역은 뺍니다</translation>
        </message>
        <message>
            <source>agree on this frame</source>
            <translation>이 프레임에서 일치</translation>
        </message>
        <message>
            <source>mean of %1</source>
            <translation>%1의 평균</translation>
        </message>
        <message>
            <source>1 frame</source>
            <translation>1프레임</translation>
        </message>
        <message>
            <source>%1 frames</source>
            <translation>%1프레임</translation>
        </message>
        <message>
            <source>mean of the frames seen</source>
            <translation>본 프레임의 평균</translation>
        </message>
        <message>
            <source>With label images, each side&apos;s mIoU is given, and they can be a side themselves.</source>
            <translation>레이블 이미지가 있으면 양쪽의 mIoU가 나오고, 레이블 자체도 한쪽이 될 수 있습니다.</translation>
        </message>
        <message>
            <source>%1, %2</source>
            <translation>%1, %2</translation>
        </message>
        <message>
            <source>1 label image</source>
            <translation>레이블 이미지 1개</translation>
        </message>
        <message>
            <source>%1 label images</source>
            <translation>레이블 이미지 %1개</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::CompareSide</name>
        <message>
            <source>Left</source>
            <translation>왼쪽</translation>
        </message>
        <message>
            <source>Right</source>
            <translation>오른쪽</translation>
        </message>
        <message>
            <source>use in the studio</source>
            <translation>스튜디오에 적용</translation>
        </message>
        <message>
            <source>Watch and Inspect take over this side&apos;s interval, flow source and propagation</source>
            <translation>보기와 들여다보기가 이쪽의 간격, 흐름, 전파를 이어받습니다</translation>
        </message>
        <message>
            <source>%1: what it shows</source>
            <translation>%1: 보이는 것</translation>
        </message>
        <message>
            <source>flow</source>
            <translation>흐름</translation>
        </message>
        <message>
            <source>%1: propagation</source>
            <translation>%1: 전파</translation>
        </message>
        <message>
            <source>How features travel from key frames to the others  (Shift+P)</source>
            <translation>특징이 키 프레임에서 다른 프레임으로 전해지는 방식  (Shift+P)</translation>
        </message>
        <message>
            <source>%1: flow source</source>
            <translation>%1: 흐름</translation>
        </message>
        <message>
            <source>Where motion comes from; without motion there is only causal propagation</source>
            <translation>움직임의 출처. 움직임이 없으면 인과 전파만 됩니다</translation>
        </message>
        <message>
            <source>this frame</source>
            <translation>이 프레임</translation>
        </message>
        <message>
            <source>What the networks took for it, prepare to labels, measured here</source>
            <translation>준비에서 레이블까지 네트워크에 걸린 시간, 여기서 측정</translation>
        </message>
        <message>
            <source>mean of a frame</source>
            <translation>프레임당 평균</translation>
        </message>
        <message>
            <source>Medians of key and of other frames, one key in an interval</source>
            <translation>키 프레임과 다른 프레임의 중앙값, 간격마다 키 하나</translation>
        </message>
        <message>
            <source>mIoU, this frame</source>
            <translation>mIoU, 이 프레임</translation>
        </message>
        <message>
            <source>Against its label image: mean over the classes that are in it</source>
            <translation>레이블 이미지와 비교: 그 안에 있는 클래스의 평균</translation>
        </message>
        <message>
            <source>class at the probe</source>
            <translation>탐침의 클래스</translation>
        </message>
        <message>
            <source>Shift and click a place in the picture</source>
            <translation>화면에서 Shift+클릭하세요</translation>
        </message>
        <message>
            <source>Frames from one run of the heavy network to the next</source>
            <translation>무거운 네트워크를 한 번 돌린 뒤 다음까지의 프레임 수</translation>
        </message>
        <message>
            <source>interval</source>
            <translation>간격</translation>
        </message>
        <message>
            <source>Key-frame interval</source>
            <translation>키 프레임 간격</translation>
        </message>
        <message>
            <source>propagated from key frames</source>
            <translation>키 프레임에서 전파</translation>
        </message>
        <message>
            <source>The heavy network runs on key frames only</source>
            <translation>무거운 네트워크는 키 프레임에서만 돕니다</translation>
        </message>
        <message>
            <source>per-frame inference</source>
            <translation>프레임별 추론</translation>
        </message>
        <message>
            <source>The heavy network runs on every frame</source>
            <translation>무거운 네트워크가 모든 프레임에서 돕니다</translation>
        </message>
        <message>
            <source>ground truth</source>
            <translation>정답</translation>
        </message>
        <message>
            <source>The label images of the folder</source>
            <translation>폴더의 레이블 이미지</translation>
        </message>
        <message>
            <source>none (void)</source>
            <translation>없음 (무효)</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::CompareView</name>
        <message>
            <source>Left side</source>
            <translation>왼쪽</translation>
        </message>
        <message>
            <source>Right side</source>
            <translation>오른쪽</translation>
        </message>
        <message>
            <source>%1: being computed</source>
            <translation>%1: 계산하는 중</translation>
        </message>
        <message>
            <source>Ground truth</source>
            <translation>정답</translation>
        </message>
        <message>
            <source>has no labels for this frame</source>
            <translation>이 프레임의 레이블이 없습니다</translation>
        </message>
        <message>
            <source>Per frame</source>
            <translation>프레임별</translation>
        </message>
        <message>
            <source>Key frame %1</source>
            <translation>키 프레임 %1</translation>
        </message>
        <message>
            <source>Propagated</source>
            <translation>전파됨</translation>
        </message>
        <message>
            <source>%1, %2</source>
            <translation>%1, %2</translation>
        </message>
        <message>
            <source>1 frame back</source>
            <translation>1프레임 전</translation>
        </message>
        <message>
            <source>%1 frames back</source>
            <translation>%1프레임 전</translation>
        </message>
        <message>
            <source>being computed</source>
            <translation>계산하는 중</translation>
        </message>
        <message>
            <source>nothing to compare on this frame</source>
            <translation>이 프레임에는 비교할 것이 없습니다</translation>
        </message>
        <message>
            <source>%1 %</source>
            <translation>%1 %</translation>
        </message>
        <message>
            <source>differ: %1 against %2</source>
            <translation>다름: %1 대 %2</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::CostBar</name>
        <message>
            <source>The whole bar is what a frame costs when the heavy network runs on every one</source>
            <translation>막대 전체는 모든 프레임에서 무거운 네트워크를 돌릴 때의 프레임당 비용입니다</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::Docks</name>
        <message>
            <source>Float, or back into the window</source>
            <translation>따로 띄우거나 창으로 되돌리기</translation>
        </message>
        <message>
            <source>Close the panel</source>
            <translation>패널 닫기</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::ExplorePanel</name>
        <message>
            <source>Sweep</source>
            <translation>훑기</translation>
        </message>
        <message>
            <source>Key-frame intervals</source>
            <translation>키 프레임 간격</translation>
        </message>
        <message>
            <source>1 to 100, separated by commas; 1 is per-frame inference and always run</source>
            <translation>1~100, 쉼표로 구분. 1은 프레임별 추론이며 항상 실행됩니다</translation>
        </message>
        <message>
            <source>Flow source</source>
            <translation>흐름</translation>
        </message>
        <message>
            <source>Propagation</source>
            <translation>전파</translation>
        </message>
        <message>
            <source>copy (no motion)</source>
            <translation>복사 (움직임 없음)</translation>
        </message>
        <message>
            <source>frames %1 to %2</source>
            <translation>프레임 %1~%2</translation>
        </message>
        <message>
            <source>With label images, the plot shows mIoU.</source>
            <translation>레이블 이미지가 있으면 그림에 mIoU가 나옵니다.</translation>
        </message>
        <message>
            <source>Of the %1 frames of the range, %2 are run, in stretches spread over it.</source>
            <translation>범위의 %1프레임 가운데 고르게 퍼진 구간의 %2프레임을 실행합니다.</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::ExploreSession</name>
        <message>
            <source>Sweep of %1</source>
            <translation>%1 훑기</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::ExploreView</name>
        <message>
            <source>agreement</source>
            <translation>일치율</translation>
        </message>
        <message>
            <source>Share of pixels with the class that per-frame inference names</source>
            <translation>프레임별 추론과 클래스가 같은 픽셀의 비율</translation>
        </message>
        <message>
            <source>mIoU</source>
            <translation>mIoU</translation>
        </message>
        <message>
            <source>Against the label images</source>
            <translation>레이블 이미지와 비교</translation>
        </message>
        <message>
            <source>Measure</source>
            <translation>측정값</translation>
        </message>
        <message>
            <source>Save as...</source>
            <translation>다른 이름으로 저장...</translation>
        </message>
        <message>
            <source>What each interval costs, and what it buys, on this clip</source>
            <translation>이 클립에서 간격마다 드는 비용과 얻는 것</translation>
        </message>
        <message>
            <source>Accuracy against cost, frames %1 to %2</source>
            <translation>비용 대 정확도, 프레임 %1~%2</translation>
        </message>
        <message>
            <source>Accuracy against cost</source>
            <translation>비용 대 정확도</translation>
        </message>
        <message>
            <source>%1 % · %2</source>
            <translation>%1 % · %2</translation>
        </message>
        <message>
            <source>Cancel sweep</source>
            <translation>훑기 취소</translation>
        </message>
        <message>
            <source>Run sweep</source>
            <translation>훑기 실행</translation>
        </message>
        <message>
            <source>loading the model, then per-frame inference as the yardstick; points appear as they are measured</source>
            <translation>모델을 불러온 뒤 기준이 되는 프레임별 추론을 합니다. 점은 재는 대로 나타납니다</translation>
        </message>
        <message>
            <source>Runs frames %1 to %2 at every interval, flow source and propagation chosen at the right, and compares each with per-frame inference. The studio stays usable.</source>
            <translation>오른쪽에서 고른 모든 간격, 흐름, 전파로 프레임 %1~%2를 실행해 프레임별 추론과 비교합니다. 그동안 스튜디오를 계속 쓸 수 있습니다.</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::ExportPanel</name>
        <message>
            <source>Export</source>
            <translation>내보내기</translation>
        </message>
        <message>
            <source>Drawn on the video</source>
            <translation>비디오에 그릴 것</translation>
        </message>
        <message>
            <source>Key-frame mark</source>
            <translation>키 프레임 표시</translation>
        </message>
        <message>
            <source>Legend</source>
            <translation>범례</translation>
        </message>
        <message>
            <source>Beside the video</source>
            <translation>비디오와 함께</translation>
        </message>
        <message>
            <source>Folder...</source>
            <translation>폴더...</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>닫기</translation>
        </message>
        <message>
            <source>Folder to write to</source>
            <translation>저장할 폴더</translation>
        </message>
        <message>
            <source>frames %1 to %2</source>
            <translation>프레임 %1~%2</translation>
        </message>
        <message>
            <source>H.264, plays everywhere</source>
            <translation>H.264, 어디서나 재생</translation>
        </message>
        <message>
            <source>HEVC, half the size</source>
            <translation>HEVC, 절반 크기</translation>
        </message>
        <message>
            <source>VP9, for the web</source>
            <translation>VP9, 웹용</translation>
        </message>
        <message>
            <source>FFV1, without loss</source>
            <translation>FFV1, 무손실</translation>
        </message>
        <message>
            <source>GIF, 256 colours</source>
            <translation>GIF, 256색</translation>
        </message>
        <message>
            <source>PNG pictures</source>
            <translation>PNG 그림</translation>
        </message>
        <message>
            <source>Label images</source>
            <translation>라벨 이미지</translation>
        </message>
        <message>
            <source>Plain frames</source>
            <translation>원본 프레임</translation>
        </message>
        <message>
            <source>COCO boxes</source>
            <translation>COCO 상자</translation>
        </message>
        <message>
            <source>CVAT video</source>
            <translation>CVAT 비디오</translation>
        </message>
        <message>
            <source>MOTChallenge</source>
            <translation>MOTChallenge 형식</translation>
        </message>
        <message>
            <source>JSON lines</source>
            <translation>JSON 줄</translation>
        </message>
        <message>
            <source>Flow, .flo</source>
            <translation>흐름, .flo</translation>
        </message>
        <message>
            <source>Flow, KITTI</source>
            <translation>흐름, KITTI</translation>
        </message>
        <message>
            <source>Segmentation</source>
            <translation>분할</translation>
        </message>
        <message>
            <source>Contours</source>
            <translation>윤곽선</translation>
        </message>
        <message>
            <source>Boxes</source>
            <translation>상자</translation>
        </message>
        <message>
            <source>Flow</source>
            <translation>흐름</translation>
        </message>
        <message>
            <source>Flow arrows</source>
            <translation>흐름 화살표</translation>
        </message>
        <message>
            <source>Heat map</source>
            <translation>히트맵</translation>
        </message>
        <message>
            <source>Trust</source>
            <translation>신뢰도</translation>
        </message>
        <message>
            <source>Which key</source>
            <translation>어느 키</translation>
        </message>
        <message>
            <source>none</source>
            <translation>없음</translation>
        </message>
        <message>
            <source>Only what is written beside it</source>
            <translation>함께 쓰는 파일만</translation>
        </message>
        <message>
            <source>Video</source>
            <translation>비디오</translation>
        </message>
        <message>
            <source>Layout</source>
            <translation>배치</translation>
        </message>
        <message>
            <source>single picture</source>
            <translation>한 화면</translation>
        </message>
        <message>
            <source>The annotated picture alone</source>
            <translation>주석을 그린 화면만</translation>
        </message>
        <message>
            <source>side by side</source>
            <translation>나란히</translation>
        </message>
        <message>
            <source>As it came, and annotated, beside each other</source>
            <translation>원본과 주석을 그린 화면을 나란히</translation>
        </message>
        <message>
            <source>wipe</source>
            <translation>나눠 보기</translation>
        </message>
        <message>
            <source>As it came in the left half, annotated in the right</source>
            <translation>왼쪽 절반은 원본, 오른쪽은 주석</translation>
        </message>
        <message>
            <source>Range</source>
            <translation>범위</translation>
        </message>
        <message>
            <source>in- to out-point</source>
            <translation>시작점에서 끝점까지</translation>
        </message>
        <message>
            <source>whole clip</source>
            <translation>클립 전체</translation>
        </message>
        <message>
            <source>Sound</source>
            <translation>소리</translation>
        </message>
        <message>
            <source>copy</source>
            <translation>복사</translation>
        </message>
        <message>
            <source>leave out</source>
            <translation>빼기</translation>
        </message>
        <message>
            <source>at least %1:%2 at %3 frames a second</source>
            <translation>적어도 %1:%2, 초당 %3프레임</translation>
        </message>
        <message>
            <source>nothing is chosen</source>
            <translation>고른 것이 없습니다</translation>
        </message>
        <message>
            <source>%1 and %2 more</source>
            <translation>%1 외 %2개</translation>
        </message>
        <message>
            <source>replaces what is there</source>
            <translation>이미 있는 것을 바꿉니다</translation>
        </message>
        <message>
            <source>no sound</source>
            <translation>소리 없음</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::InspectView</name>
        <message>
            <source>Key frame</source>
            <translation>키 프레임</translation>
        </message>
        <message>
            <source>Current frame</source>
            <translation>현재 프레임</translation>
        </message>
        <message>
            <source>Flow, current to key</source>
            <translation>흐름, 현재에서 키로</translation>
        </message>
        <message>
            <source>Feature, recomputed</source>
            <translation>특징, 다시 계산</translation>
        </message>
        <message>
            <source>Feature, propagated</source>
            <translation>특징, 전파</translation>
        </message>
        <message>
            <source>Difference</source>
            <translation>차이</translation>
        </message>
        <message>
            <source>Shift and click marks a place in all six; double click enlarges</source>
            <translation>Shift+클릭은 여섯 창에 같은 위치를 표시하고, 두 번 클릭은 확대합니다</translation>
        </message>
        <message>
            <source>Channels</source>
            <translation>채널</translation>
        </message>
        <message>
            <source>error</source>
            <translation>오차</translation>
        </message>
        <message>
            <source>root mean square of propagated less recomputed</source>
            <translation>전파한 것과 다시 계산한 것의 차의 제곱평균제곱근</translation>
        </message>
        <message>
            <source>energy</source>
            <translation>에너지</translation>
        </message>
        <message>
            <source>root mean square of the recomputed map</source>
            <translation>다시 계산한 맵의 제곱평균제곱근</translation>
        </message>
        <message>
            <source>Channels are sorted by their propagation error or by their energy</source>
            <translation>채널을 전파 오차나 에너지 순으로 정렬합니다</translation>
        </message>
        <message>
            <source>Current frame %1</source>
            <translation>현재 프레임 %1</translation>
        </message>
        <message>
            <source>Key frame %1</source>
            <translation>키 프레임 %1</translation>
        </message>
        <message>
            <source>this frame</source>
            <translation>이 프레임</translation>
        </message>
        <message>
            <source>1 frame back</source>
            <translation>1프레임 전</translation>
        </message>
        <message>
            <source>%1 frames back</source>
            <translation>%1프레임 전</translation>
        </message>
        <message>
            <source>a key frame needs no flow</source>
            <translation>키 프레임에는 흐름이 필요 없습니다</translation>
        </message>
        <message>
            <source>this source knows no motion</source>
            <translation>이 방식은 움직임을 모릅니다</translation>
        </message>
        <message>
            <source>full colour %1 px</source>
            <translation>가장 진한 색 %1픽셀</translation>
        </message>
        <message>
            <source>channel %1, to be refined</source>
            <translation>채널 %1, 곧 다듬어짐</translation>
        </message>
        <message>
            <source>channel %1, keys %2 and %3</source>
            <translation>채널 %1, 키 %2와 %3</translation>
        </message>
        <message>
            <source>channel %1</source>
            <translation>채널 %1</translation>
        </message>
        <message>
            <source>computed while paused</source>
            <translation>멈춘 동안 계산됩니다</translation>
        </message>
        <message>
            <source>channel %1, 0 to %2</source>
            <translation>채널 %1, 0~%2</translation>
        </message>
        <message>
            <source>cosine %1, error %2 %</source>
            <translation>코사인 %1, 오차 %2 %</translation>
        </message>
        <message>
            <source>sorted by</source>
            <translation>정렬</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::JobList</name>
        <message>
            <source>Jobs</source>
            <translation>작업</translation>
        </message>
        <message>
            <source>none yet</source>
            <translation>아직 없음</translation>
        </message>
        <message>
            <source>waits</source>
            <translation>대기 중</translation>
        </message>
        <message>
            <source>done</source>
            <translation>완료</translation>
        </message>
        <message>
            <source>failed</source>
            <translation>실패</translation>
        </message>
        <message>
            <source>cancelled</source>
            <translation>취소됨</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>취소</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>열기</translation>
        </message>
        <message>
            <source>paused, %1</source>
            <translation>멈춤, %1</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>계속</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>일시 정지</translation>
        </message>
        <message>
            <source>Take off the list</source>
            <translation>목록에서 빼기</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::LabelFolderBox</name>
        <message>
            <source>Ground truth</source>
            <translation>정답</translation>
        </message>
        <message>
            <source>Folder of label images...</source>
            <translation>라벨 이미지 폴더...</translation>
        </message>
        <message>
            <source>Clear</source>
            <translation>지우기</translation>
        </message>
        <message>
            <source>8-bit PNGs, a pixel&apos;s value its class; one for every frame, or named by frame number from 0</source>
            <translation>8비트 PNG, 픽셀 값이 클래스. 프레임마다 하나씩이거나 0부터의 프레임 번호가 이름</translation>
        </message>
        <message>
            <source>Folder of label images</source>
            <translation>레이블 이미지 폴더</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::LayersPanel</name>
        <message>
            <source>Image</source>
            <translation>영상</translation>
        </message>
        <message>
            <source>The picture below the layers</source>
            <translation>레이어 아래의 원래 화면</translation>
        </message>
        <message>
            <source>Segmentation</source>
            <translation>분할</translation>
        </message>
        <message>
            <source>The class of every pixel, as colour</source>
            <translation>모든 픽셀의 클래스를 색으로</translation>
        </message>
        <message>
            <source>Contours</source>
            <translation>윤곽선</translation>
        </message>
        <message>
            <source>Lines between the classes</source>
            <translation>클래스 사이의 선</translation>
        </message>
        <message>
            <source>Boxes</source>
            <translation>상자</translation>
        </message>
        <message>
            <source>Objects with their class, how sure that is, and their track</source>
            <translation>물체의 클래스, 확신의 정도, 추적 번호</translation>
        </message>
        <message>
            <source>Flow</source>
            <translation>흐름</translation>
        </message>
        <message>
            <source>Motion to the key frame: hue is direction, strength is length</source>
            <translation>키 프레임으로의 움직임: 색상은 방향, 진하기는 길이</translation>
        </message>
        <message>
            <source>Flow arrows</source>
            <translation>흐름 화살표</translation>
        </message>
        <message>
            <source>Motion to the key frame, as arrows</source>
            <translation>키 프레임으로의 움직임을 화살표로</translation>
        </message>
        <message>
            <source>Feature heat map</source>
            <translation>특징 열 지도</translation>
        </message>
        <message>
            <source>Activation of the feature map, in its cells</source>
            <translation>특징 맵의 활성값, 셀 단위</translation>
        </message>
        <message>
            <source>Trust</source>
            <translation>신뢰도</translation>
        </message>
        <message>
            <source>Darkens where the propagated feature is not to be trusted</source>
            <translation>전파된 특징을 믿을 수 없는 곳을 어둡게</translation>
        </message>
        <message>
            <source>Which key</source>
            <translation>어느 키</translation>
        </message>
        <message>
            <source>Two-sided: amber came from the key frame before, cyan from the one after</source>
            <translation>양방향: 호박색은 앞 키 프레임, 청록색은 뒤 키 프레임에서 온 것</translation>
        </message>
        <message>
            <source>Layers</source>
            <translation>레이어</translation>
        </message>
        <message>
            <source>Channel</source>
            <translation>채널</translation>
        </message>
        <message>
            <source>Which channel of the feature map, or the mean of all</source>
            <translation>특징 맵의 채널, 또는 전체 평균</translation>
        </message>
        <message>
            <source>Classes</source>
            <translation>클래스</translation>
        </message>
        <message>
            <source>share · mean margin</source>
            <translation>비율 · 평균 여유</translation>
        </message>
        <message>
            <source>Score at least</source>
            <translation>최소 점수</translation>
        </message>
        <message>
            <source>Boxes that the network is less sure of are not drawn</source>
            <translation>네트워크의 확신이 이보다 낮은 상자는 그리지 않습니다</translation>
        </message>
        <message>
            <source>Track ids</source>
            <translation>추적 번호</translation>
        </message>
        <message>
            <source>Write the number of its track beside each box</source>
            <translation>상자 옆에 추적 번호를 씁니다</translation>
        </message>
        <message>
            <source>show %1</source>
            <translation>%1 표시</translation>
        </message>
        <message>
            <source>opacity of %1</source>
            <translation>%1 불투명도</translation>
        </message>
        <message>
            <source>mean</source>
            <translation>평균</translation>
        </message>
        <message>
            <source>%1 of %2 above %3</source>
            <translation>%2개 중 %1개가 %3 이상</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::MainWindow</name>
        <message>
            <source>frame %1 cannot be decoded</source>
            <translation>프레임 %1을(를) 디코딩할 수 없습니다</translation>
        </message>
        <message>
            <source>Damaged</source>
            <translation>손상됨</translation>
        </message>
        <message>
            <source>The last session ended unexpectedly; File, Restore last session brings it back</source>
            <translation>지난번에는 갑자기 끝났습니다. 파일 &gt; 마지막 작업 복원으로 되살릴 수 있습니다</translation>
        </message>
        <message>
            <source>DFF Studio</source>
            <translation>DFF 스튜디오</translation>
        </message>
        <message>
            <source>Key frame %1</source>
            <translation>키 프레임 %1</translation>
        </message>
        <message>
            <source>Propagated</source>
            <translation>전파됨</translation>
        </message>
        <message>
            <source>1 frame</source>
            <translation>1프레임</translation>
        </message>
        <message>
            <source>%1 frames</source>
            <translation>%1프레임</translation>
        </message>
        <message>
            <source>from key %1, %2 ahead</source>
            <translation>키 %1에서, %2 뒤</translation>
        </message>
        <message>
            <source>between keys %1 and %2</source>
            <translation>키 %1와 %2 사이</translation>
        </message>
        <message>
            <source>from key %1, %2 back</source>
            <translation>키 %1에서, %2 전</translation>
        </message>
        <message>
            <source>, the next key is still being computed</source>
            <translation>, 다음 키를 아직 계산하는 중</translation>
        </message>
        <message>
            <source>, not yet refined by key %1</source>
            <translation>, 키 %1로 아직 다듬지 않음</translation>
        </message>
        <message>
            <source>waiting for the networks</source>
            <translation>네트워크를 기다리는 중</translation>
        </message>
        <message>
            <source>loading the model</source>
            <translation>모델을 불러오는 중</translation>
        </message>
        <message>
            <source>open a video first; a project is about one</source>
            <translation>먼저 비디오를 여세요. 프로젝트는 비디오에 대한 것입니다</translation>
        </message>
        <message>
            <source>Save the project</source>
            <translation>프로젝트 저장</translation>
        </message>
        <message>
            <source>DFF project (*.dffproj)</source>
            <translation>DFF 프로젝트 (*.dffproj)</translation>
        </message>
        <message>
            <source>saved %1</source>
            <translation>%1 저장함</translation>
        </message>
        <message>
            <source>%1 - DFF Studio</source>
            <translation>%1 - DFF 스튜디오</translation>
        </message>
        <message>
            <source>Save the changes of %1?</source>
            <translation>%1의 변경을 저장할까요?</translation>
        </message>
        <message>
            <source>Open a video or a project</source>
            <translation>비디오나 프로젝트 열기</translation>
        </message>
        <message>
            <source>Save the picture</source>
            <translation>그림 저장</translation>
        </message>
        <message>
            <source>PNG (*.png)</source>
            <translation>PNG (*.png)</translation>
        </message>
        <message>
            <source>%1 cannot be written</source>
            <translation>%1에 쓸 수 없습니다</translation>
        </message>
        <message>
            <source>Folder of a model</source>
            <translation>모델 폴더</translation>
        </message>
        <message>
            <source>there is no probe; Shift and click a place in the picture</source>
            <translation>탐침이 없습니다. 화면에서 Shift+클릭하세요</translation>
        </message>
        <message>
            <source>probe copied</source>
            <translation>탐침을 복사했습니다</translation>
        </message>
        <message>
            <source>diagnostics copied</source>
            <translation>진단 정보를 복사했습니다</translation>
        </message>
        <message>
            <source>open a video first; a sweep measures on it</source>
            <translation>먼저 비디오를 여세요. 훑기는 그 위에서 잽니다</translation>
        </message>
        <message>
            <source>there is no sweep to save; run one in Explore</source>
            <translation>저장할 훑기가 없습니다. 탐색에서 실행하세요</translation>
        </message>
        <message>
            <source>CSV (*.csv);;Picture (*.png);;Drawing (*.svg)</source>
            <translation>CSV (*.csv);;그림 (*.png);;도면 (*.svg)</translation>
        </message>
        <message>
            <source>Save the sweep</source>
            <translation>훑기 저장</translation>
        </message>
        <message>
            <source>open a video first; an export is of one</source>
            <translation>먼저 비디오를 여세요. 내보낼 대상이 필요합니다</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::Plot</name>
        <message>
            <source>Accuracy against cost</source>
            <translation>비용 대 정확도</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::ProbePanel</name>
        <message>
            <source>Probe</source>
            <translation>탐침</translation>
        </message>
        <message>
            <source>Shift and click a place in the picture.</source>
            <translation>화면에서 Shift+클릭하세요.</translation>
        </message>
        <message>
            <source>x %1 y %2, pinned</source>
            <translation>x %1 y %2, 고정됨</translation>
        </message>
        <message>
            <source>colour</source>
            <translation>색</translation>
        </message>
        <message>
            <source>, margin %1</source>
            <translation>, 여유 %1</translation>
        </message>
        <message>
            <source>class</source>
            <translation>클래스</translation>
        </message>
        <message>
            <source>box</source>
            <translation>상자</translation>
        </message>
        <message>
            <source>flow to key</source>
            <translation>키로의 흐름</translation>
        </message>
        <message>
            <source>none</source>
            <translation>없음</translation>
        </message>
        <message>
            <source>source</source>
            <translation>출처</translation>
        </message>
        <message>
            <source>%1, %2 in frame %3</source>
            <translation>프레임 %3의 %1, %2</translation>
        </message>
        <message>
            <source>trust</source>
            <translation>신뢰도</translation>
        </message>
        <message>
            <source>feature</source>
            <translation>특징</translation>
        </message>
        <message>
            <source>while paused</source>
            <translation>멈춘 동안</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::StatusBar</name>
        <message>
            <source>decode %1 ms</source>
            <translation>디코드 %1 ms</translation>
        </message>
        <message>
            <source>%1 shown a second, </source>
            <translation>초당 %1 표시, </translation>
        </message>
        <message>
            <source>1 frame dropped</source>
            <translation>1프레임 건너뜀</translation>
        </message>
        <message>
            <source>%1 frames dropped</source>
            <translation>%1프레임 건너뜀</translation>
        </message>
        <message>
            <source>Frames left out since playing began, because inference or decoding could not keep up</source>
            <translation>추론이나 디코드가 따라가지 못해 재생을 시작한 뒤 건너뛴 프레임</translation>
        </message>
        <message>
            <source>memory %1 MiB</source>
            <translation>메모리 %1 MiB</translation>
        </message>
        <message>
            <source>  %1:%2 left</source>
            <translation>  %1:%2 남음</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::SweepTable</name>
        <message>
            <source>Settings that were run</source>
            <translation>실행한 설정</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::TimeLine</name>
        <message>
            <source>Time line</source>
            <translation>타임라인</translation>
        </message>
        <message>
            <source>Keys</source>
            <translation>키 프레임</translation>
        </message>
        <message>
            <source>ms / frame</source>
            <translation>ms / 프레임</translation>
        </message>
        <message>
            <source>Drift</source>
            <translation>드리프트</translation>
        </message>
        <message>
            <source>Cuts, cache</source>
            <translation>컷, 캐시</translation>
        </message>
        <message>
            <source>frame %1</source>
            <translation>프레임 %1</translation>
        </message>
        <message>
            <source>, pinned key frame</source>
            <translation>, 고정한 키 프레임</translation>
        </message>
        <message>
            <source>, key frame</source>
            <translation>, 키 프레임</translation>
        </message>
        <message>
            <source>, from key %1, %2 back</source>
            <translation>, 키 %1에서, %2 전</translation>
        </message>
        <message>
            <source>, scene cut</source>
            <translation>, 장면 전환</translation>
        </message>
        <message>
            <source>
%1 ms</source>
            <translation>
%1 ms</translation>
        </message>
        <message>
            <source>
drift %1 (1 - mean trust)</source>
            <translation>
드리프트 %1 (1 - 평균 신뢰도)</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::TopBar</name>
        <message>
            <source>DFF Studio</source>
            <translation>DFF 스튜디오</translation>
        </message>
        <message>
            <source>Search actions    Ctrl P</source>
            <translation>동작 찾기    Ctrl P</translation>
        </message>
        <message>
            <source>Precision of the networks</source>
            <translation>네트워크의 정밀도</translation>
        </message>
        <message>
            <source>Recent files</source>
            <translation>최근 파일</translation>
        </message>
        <message>
            <source>as the processor is fastest</source>
            <translation>프로세서가 가장 빠른 쪽</translation>
        </message>
        <message>
            <source>fp32, exact</source>
            <translation>fp32, 정확</translation>
        </message>
        <message>
            <source>bf16, half the memory traffic</source>
            <translation>bf16, 메모리 이동 절반</translation>
        </message>
        <message>
            <source>int8, quickest, not exact</source>
            <translation>int8, 가장 빠르지만 정확하지 않음</translation>
        </message>
        <message>
            <source>model %1</source>
            <translation>모델 %1</translation>
        </message>
        <message>
            <source>loading model</source>
            <translation>모델 불러오는 중</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::Transport</name>
        <message>
            <source>Frame</source>
            <translation>프레임</translation>
        </message>
        <message>
            <source>Speed of playing</source>
            <translation>재생 속도</translation>
        </message>
        <message>
            <source>Export...</source>
            <translation>내보내기...</translation>
        </message>
        <message>
            <source>in %1</source>
            <translation>시작 %1</translation>
        </message>
        <message>
            <source>out %1</source>
            <translation>끝 %1</translation>
        </message>
        <message>
            <source>Unpin key frame</source>
            <translation>키 프레임 고정 해제</translation>
        </message>
        <message>
            <source>Pin key frame</source>
            <translation>키 프레임으로 고정</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::TuningPanel</name>
        <message>
            <source>placed by %1</source>
            <translation>%1 정책으로 배치</translation>
        </message>
        <message>
            <source>looking at frames, %1 %</source>
            <translation>프레임 살펴보는 중, %1 %</translation>
        </message>
        <message>
            <source>Key frames as at interval</source>
            <translation>키 프레임 수, 간격 기준</translation>
        </message>
        <message>
            <source>Where key frames are put: on a grid, or as many of them where they are needed  (P)</source>
            <translation>키 프레임을 놓는 곳: 일정한 간격, 또는 같은 개수를 필요한 곳에  (P)</translation>
        </message>
        <message>
            <source>policy</source>
            <translation>정책</translation>
        </message>
        <message>
            <source>Propagation</source>
            <translation>전파</translation>
        </message>
        <message>
            <source>fixed interval</source>
            <translation>고정 간격</translation>
        </message>
        <message>
            <source>What it costs, what it buys</source>
            <translation>드는 비용과 얻는 것</translation>
        </message>
        <message>
            <source>Speed-up = l / (1 + (l - 1) q), q the cost of a propagated frame over that of a key frame</source>
            <translation>속도 향상 = l / (1 + (l - 1) q), q는 전파된 프레임의 비용을 키 프레임의 비용으로 나눈 값</translation>
        </message>
        <message>
            <source>This clip, by interval</source>
            <translation>이 클립, 간격별</translation>
        </message>
        <message>
            <source>Share of pixels with the same class as per-frame inference, mean over an interval; click: take</source>
            <translation>프레임별 추론과 클래스가 같은 픽셀의 비율, 간격 평균. 클릭: 적용</translation>
        </message>
        <message>
            <source>Key-frame interval</source>
            <translation>키 프레임 간격</translation>
        </message>
        <message>
            <source>Frames from one run of the heavy network to the next  (- and =)</source>
            <translation>무거운 네트워크를 한 번 돌린 뒤 다음까지의 프레임 수  (-와 =)</translation>
        </message>
        <message>
            <source>How features travel from key frames to the others</source>
            <translation>특징이 키 프레임에서 다른 프레임으로 옮겨 가는 방법</translation>
        </message>
        <message>
            <source>flow</source>
            <translation>흐름</translation>
        </message>
        <message>
            <source>Where motion comes from: what the model is best with, its flow network, a classical method, or none</source>
            <translation>움직임의 출처: 모델에 가장 잘 맞는 방법, 모델의 흐름 네트워크, 고전적인 방법, 또는 없음</translation>
        </message>
        <message>
            <source>Blend keys</source>
            <translation>키 혼합</translation>
        </message>
        <message>
            <source>Two-sided only: what the key frames before and after say of a key frame counts as far as the flow to them is trusted</source>
            <translation>양방향 전용: 앞뒤 키 프레임이 한 키 프레임에 대해 말하는 것을, 그쪽 흐름을 믿을 수 있는 만큼 반영합니다</translation>
        </message>
        <message>
            <source>frames a second</source>
            <translation>초당 프레임</translation>
        </message>
        <message>
            <source>What the networks can do at this interval, from stage times measured here</source>
            <translation>여기서 잰 단계별 시간으로 본, 이 간격에서 네트워크가 낼 수 있는 속도</translation>
        </message>
        <message>
            <source>per-frame speed</source>
            <translation>프레임별 추론 대비</translation>
        </message>
        <message>
            <source>Against running the heavy network on every frame</source>
            <translation>모든 프레임에서 무거운 네트워크를 돌릴 때와 비교</translation>
        </message>
        <message>
            <source>agree with per-frame</source>
            <translation>프레임별 추론과 일치</translation>
        </message>
        <message>
            <source>Share of pixels with the same class, sampled in idle time</source>
            <translation>클래스가 같은 픽셀의 비율, 한가할 때 표본으로 잽니다</translation>
        </message>
        <message>
            <source>key frames</source>
            <translation>키 프레임</translation>
        </message>
        <message>
            <source>Share of the range&apos;s frames on which the heavy network runs</source>
            <translation>범위 안에서 무거운 네트워크가 도는 프레임의 비율</translation>
        </message>
        <message>
            <source>Mean cost of a frame</source>
            <translation>프레임당 평균 비용</translation>
        </message>
        <message>
            <source>sampling, %1 so far</source>
            <translation>표본을 재는 중, 지금까지 %1</translation>
        </message>
        <message>
            <source>sampled in idle time</source>
            <translation>한가할 때 표본으로 잼</translation>
        </message>
        <message>
            <source>cost model: %1×</source>
            <translation>비용 모델: %1배</translation>
        </message>
        <message>
            <source>features</source>
            <translation>특징</translation>
        </message>
        <message>
            <source>warp</source>
            <translation>워프</translation>
        </message>
        <message>
            <source>heads, rest</source>
            <translation>헤드와 나머지</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::Welcome</name>
        <message>
            <source>Drop a video here</source>
            <translation>여기에 비디오를 놓으세요</translation>
        </message>
        <message>
            <source>and see what is recognised in it, from key frame to key frame</source>
            <translation>키 프레임에서 키 프레임까지 무엇이 인식되는지 보세요</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::WipeLine</name>
        <message>
            <source>Divider of the wipe</source>
            <translation>와이프 경계</translation>
        </message>
        <message>
            <source>Drag to wipe between the two sides  ([ and ])</source>
            <translation>끌어서 양쪽 사이를 닦아 봅니다  ([와 ])</translation>
        </message>
    </context>
</TS>
