<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko_KR">
    <context>
        <name>QObject</name>
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
        <name>dff::ui</name>
        <message>
            <source>Label images (8-bit PNG)</source>
            <translation>레이블 이미지 (8비트 PNG)</translation>
        </message>
        <message>
            <source>Plain frames (PNG)</source>
            <translation>원본 프레임 (PNG)</translation>
        </message>
        <message>
            <source>Flow (.flo)</source>
            <translation>흐름 (.flo)</translation>
        </message>
        <message>
            <source>One JSON line a frame</source>
            <translation>프레임마다 JSON 한 줄</translation>
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
            <source>Flow</source>
            <translation>흐름</translation>
        </message>
        <message>
            <source>Motion to the key frame: hue is direction, strength is length</source>
            <translation>키 프레임으로의 움직임: 색상은 방향, 진하기는 길이</translation>
        </message>
        <message>
            <source>Feature heat map</source>
            <translation>특징 열 지도</translation>
        </message>
        <message>
            <source>Mean activation of the feature map, in its cells</source>
            <translation>특징 맵의 평균 활성값, 셀 단위</translation>
        </message>
        <message>
            <source>Trust</source>
            <translation>신뢰도</translation>
        </message>
        <message>
            <source>Darkens where the propagated feature is not to be trusted</source>
            <translation>전파된 특징을 믿을 수 없는 곳을 어둡게</translation>
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
        <name>dff::ui::ClassList</name>
        <message>
            <source>Classes</source>
            <translation>클래스</translation>
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
        <name>dff::ui::CostBar</name>
        <message>
            <source>The whole bar is what a frame costs when the heavy network runs on every one</source>
            <translation>막대 전체는 모든 프레임에서 무거운 네트워크를 돌릴 때의 프레임당 비용입니다</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::ExportPanel</name>
        <message>
            <source>Export</source>
            <translation>내보내기</translation>
        </message>
        <message>
            <source>Annotated video (H.264, sound copied)</source>
            <translation>주석 비디오 (H.264, 소리 복사)</translation>
        </message>
        <message>
            <source>With the layers that are shown now</source>
            <translation>지금 보이는 레이어 그대로</translation>
        </message>
        <message>
            <source>Drawn on the video</source>
            <translation>비디오에 그릴 것</translation>
        </message>
        <message>
            <source>the layers and classes shown now</source>
            <translation>지금 보이는 레이어와 클래스</translation>
        </message>
        <message>
            <source>Key-frame mark</source>
            <translation>키 프레임 표시</translation>
        </message>
        <message>
            <source>The tag that tells key frames from propagated ones</source>
            <translation>키 프레임과 전파된 프레임을 구분하는 꼬리표</translation>
        </message>
        <message>
            <source>Legend</source>
            <translation>범례</translation>
        </message>
        <message>
            <source>Names of the classes with their colours</source>
            <translation>클래스 이름과 색</translation>
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
            <source>to %1</source>
            <translation>%1(으)로</translation>
        </message>
        <message>
            <source>; pinned key frames are not exported yet</source>
            <translation>; 고정한 키 프레임은 아직 내보내지 않습니다</translation>
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
            <source>by</source>
            <translation>정렬</translation>
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
            <source>Remove</source>
            <translation>지우기</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::LayersPanel</name>
        <message>
            <source>Layers</source>
            <translation>레이어</translation>
        </message>
        <message>
            <source>Classes</source>
            <translation>클래스</translation>
        </message>
        <message>
            <source>share of the picture</source>
            <translation>화면 비율</translation>
        </message>
        <message>
            <source>show %1</source>
            <translation>%1 표시</translation>
        </message>
        <message>
            <source>opacity of %1</source>
            <translation>%1 불투명도</translation>
        </message>
    </context>
    <context>
        <name>dff::ui::MainWindow</name>
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
            <source>from key %1, %2 back</source>
            <translation>키 %1에서, %2 전</translation>
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
            <source>, the next key is still being computed</source>
            <translation>, 다음 키를 아직 계산하는 중</translation>
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
            <source>Open a video</source>
            <translation>비디오 열기</translation>
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
            <source>saved %1</source>
            <translation>%1 저장함</translation>
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
            <source>class</source>
            <translation>클래스</translation>
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
        <name>dff::ui::TimeLine</name>
        <message>
            <source>Time line</source>
            <translation>타임라인</translation>
        </message>
        <message>
            <source>Keys</source>
            <translation>단축키</translation>
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
            <source>Where motion comes from: the model's own flow network, a classical method, or none</source>
            <translation>움직임의 출처: 모델의 흐름 네트워크, 고전적인 방법, 또는 없음</translation>
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
            <source>Share of the range's frames on which the heavy network runs</source>
            <translation>범위 안에서 무거운 네트워크가 도는 프레임의 비율</translation>
        </message>
        <message>
            <source>Mean cost of a frame</source>
            <translation>프레임당 평균 비용</translation>
        </message>
        <message>
            <source>Speed-up = l / (1 + (l - 1) q), q the cost of a propagated frame over that of a key frame</source>
            <translation>속도 향상 = l / (1 + (l - 1) q), q는 전파된 프레임의 비용을 키 프레임의 비용으로 나눈 값</translation>
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
            <source>The cost model predicts %1×</source>
            <translation>비용 모델의 예측은 %1배</translation>
        </message>
        <message>
            <source>Not measured yet</source>
            <translation>아직 재지 않음</translation>
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
</TS>
