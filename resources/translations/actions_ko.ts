<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko_KR">
<context>
    <name>Actions</name>
    <message>
        <source>File</source>
        <translation>파일</translation>
    </message>
    <message>
        <source>Open...</source>
        <translation>열기...</translation>
    </message>
    <message>
        <source>Open a video file</source>
        <translation>비디오 파일 열기</translation>
    </message>
    <message>
        <source>Try the sample</source>
        <translation>예제 열기</translation>
    </message>
    <message>
        <source>Open the short street video that comes with the program</source>
        <translation>함께 제공되는 짧은 거리 비디오를 엽니다</translation>
    </message>
    <message>
        <source>Restore last session</source>
        <translation>마지막 작업 복원</translation>
    </message>
    <message>
        <source>What the window worked on when the program ended unexpectedly</source>
        <translation>프로그램이 갑자기 끝났을 때 작업하던 것</translation>
    </message>
    <message>
        <source>Save project</source>
        <translation>프로젝트 저장</translation>
    </message>
    <message>
        <source>Video, range, pins, settings, layers and workspace, in one file</source>
        <translation>비디오, 범위, 고정, 설정, 레이어, 작업 공간을 한 파일에</translation>
    </message>
    <message>
        <source>Save project as...</source>
        <translation>다른 이름으로 프로젝트 저장...</translation>
    </message>
    <message>
        <source>The same under another name</source>
        <translation>같은 것을 다른 이름으로</translation>
    </message>
    <message>
        <source>Save picture with overlays...</source>
        <translation>오버레이 포함 그림 저장...</translation>
    </message>
    <message>
        <source>Save what is on screen as PNG</source>
        <translation>화면에 보이는 것을 PNG로 저장</translation>
    </message>
    <message>
        <source>Save plain picture...</source>
        <translation>원본 그림 저장...</translation>
    </message>
    <message>
        <source>Save the frame without overlays as PNG</source>
        <translation>오버레이 없는 프레임을 PNG로 저장</translation>
    </message>
    <message>
        <source>Export...</source>
        <translation>내보내기...</translation>
    </message>
    <message>
        <source>Annotated video and label files of the range</source>
        <translation>범위의 주석 비디오와 레이블 파일</translation>
    </message>
    <message>
        <source>Save sweep as...</source>
        <translation>훑기 저장...</translation>
    </message>
    <message>
        <source>The sweep as CSV, PNG or SVG, with the options that made it beside it</source>
        <translation>훑기를 CSV, PNG, SVG로, 만든 설정과 함께</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>끝내기</translation>
    </message>
    <message>
        <source>Leave the program</source>
        <translation>프로그램을 끝냅니다</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>편집</translation>
    </message>
    <message>
        <source>Copy probe as JSON</source>
        <translation>탐침을 JSON으로 복사</translation>
    </message>
    <message>
        <source>Everything the probe says, for a script</source>
        <translation>탐침의 모든 값을 스크립트용으로</translation>
    </message>
    <message>
        <source>Remove probe</source>
        <translation>탐침 지우기</translation>
    </message>
    <message>
        <source>Take the probe off the picture</source>
        <translation>화면에서 탐침을 치웁니다</translation>
    </message>
    <message>
        <source>View</source>
        <translation>보기</translation>
    </message>
    <message>
        <source>Watch</source>
        <translation>보기</translation>
    </message>
    <message>
        <source>The video with what the networks say of it</source>
        <translation>네트워크의 결과를 그린 비디오</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation>들여다보기</translation>
    </message>
    <message>
        <source>Key frame, flow, propagated and recomputed features side by side</source>
        <translation>키 프레임, 흐름, 전파한 특징과 다시 계산한 특징을 나란히</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>비교</translation>
    </message>
    <message>
        <source>Two settings, or a setting and the ground truth, on the same frame</source>
        <translation>같은 프레임에서 두 설정, 또는 설정과 정답</translation>
    </message>
    <message>
        <source>Explore</source>
        <translation>탐색</translation>
    </message>
    <message>
        <source>What every interval costs and buys on this clip</source>
        <translation>이 클립에서 간격마다 드는 비용과 얻는 것</translation>
    </message>
    <message>
        <source>Wipe</source>
        <translation>와이프</translation>
    </message>
    <message>
        <source>Compare: one side over the other, with a line to drag</source>
        <translation>비교: 한쪽을 다른 쪽 위에, 끌 수 있는 선과 함께</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>나란히</translation>
    </message>
    <message>
        <source>Compare: both sides beside each other</source>
        <translation>비교: 양쪽을 나란히</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>차이</translation>
    </message>
    <message>
        <source>Compare: where the sides name different classes</source>
        <translation>비교: 양쪽이 다른 클래스로 본 곳</translation>
    </message>
    <message>
        <source>Divider to the left</source>
        <translation>경계를 왼쪽으로</translation>
    </message>
    <message>
        <source>Compare: show more of the right side</source>
        <translation>비교: 오른쪽을 더 보기</translation>
    </message>
    <message>
        <source>Divider to the right</source>
        <translation>경계를 오른쪽으로</translation>
    </message>
    <message>
        <source>Compare: show more of the left side</source>
        <translation>비교: 왼쪽을 더 보기</translation>
    </message>
    <message>
        <source>Swap sides</source>
        <translation>양쪽 바꾸기</translation>
    </message>
    <message>
        <source>Compare: left becomes right</source>
        <translation>비교: 왼쪽이 오른쪽으로</translation>
    </message>
    <message>
        <source>Overlays</source>
        <translation>오버레이</translation>
    </message>
    <message>
        <source>Draw what the networks say over the picture</source>
        <translation>네트워크의 결과를 화면 위에 그립니다</translation>
    </message>
    <message>
        <source>Overlays fainter</source>
        <translation>오버레이 흐리게</translation>
    </message>
    <message>
        <source>Class colours cover less of the picture</source>
        <translation>클래스 색이 화면을 덜 가립니다</translation>
    </message>
    <message>
        <source>Overlays stronger</source>
        <translation>오버레이 진하게</translation>
    </message>
    <message>
        <source>Class colours cover more of the picture</source>
        <translation>클래스 색이 화면을 더 가립니다</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>맞춤</translation>
    </message>
    <message>
        <source>The whole picture, as large as there is room</source>
        <translation>화면 전체를 자리에 맞게</translation>
    </message>
    <message>
        <source>Actual size</source>
        <translation>실제 크기</translation>
    </message>
    <message>
        <source>One pixel of the video is one of the screen</source>
        <translation>비디오의 한 픽셀이 화면의 한 픽셀</translation>
    </message>
    <message>
        <source>Closer</source>
        <translation>확대</translation>
    </message>
    <message>
        <source>Zoom in on the middle; Ctrl and wheel zoom at the pointer</source>
        <translation>가운데를 확대. Ctrl+휠은 포인터 위치에서</translation>
    </message>
    <message>
        <source>Farther</source>
        <translation>축소</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>축소합니다</translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation>밝은 테마</translation>
    </message>
    <message>
        <source>Light grounds instead of dark ones</source>
        <translation>어두운 바탕 대신 밝은 바탕</translation>
    </message>
    <message>
        <source>Time line</source>
        <translation>타임라인</translation>
    </message>
    <message>
        <source>Lanes of keys, cost, drift, cuts and cache</source>
        <translation>키, 비용, 드리프트, 컷, 캐시의 줄</translation>
    </message>
    <message>
        <source>Reset layout</source>
        <translation>배치 초기화</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>전체 화면</translation>
    </message>
    <message>
        <source>The window takes the whole screen</source>
        <translation>창이 화면 전체를 씁니다</translation>
    </message>
    <message>
        <source>Playback</source>
        <translation>재생</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>재생</translation>
    </message>
    <message>
        <source>Play or pause</source>
        <translation>재생 또는 멈춤</translation>
    </message>
    <message>
        <source>Shuttle back</source>
        <translation>뒤로 셔틀</translation>
    </message>
    <message>
        <source>Play backwards; again: faster</source>
        <translation>거꾸로 재생. 다시 누르면 더 빠르게</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>멈춤</translation>
    </message>
    <message>
        <source>Shuttle forward</source>
        <translation>앞으로 셔틀</translation>
    </message>
    <message>
        <source>Play; again: faster</source>
        <translation>재생. 다시 누르면 더 빠르게</translation>
    </message>
    <message>
        <source>One frame back</source>
        <translation>한 프레임 뒤로</translation>
    </message>
    <message>
        <source>One frame on</source>
        <translation>한 프레임 앞으로</translation>
    </message>
    <message>
        <source>Ten frames back</source>
        <translation>열 프레임 뒤로</translation>
    </message>
    <message>
        <source>Ten frames on</source>
        <translation>열 프레임 앞으로</translation>
    </message>
    <message>
        <source>One second back</source>
        <translation>1초 뒤로</translation>
    </message>
    <message>
        <source>One second on</source>
        <translation>1초 앞으로</translation>
    </message>
    <message>
        <source>Previous key frame</source>
        <translation>이전 키 프레임</translation>
    </message>
    <message>
        <source>To the key frame before</source>
        <translation>앞의 키 프레임으로</translation>
    </message>
    <message>
        <source>Next key frame</source>
        <translation>다음 키 프레임</translation>
    </message>
    <message>
        <source>To the next key frame</source>
        <translation>다음 키 프레임으로</translation>
    </message>
    <message>
        <source>Start of the range</source>
        <translation>범위의 처음</translation>
    </message>
    <message>
        <source>To the in-point</source>
        <translation>시작점으로</translation>
    </message>
    <message>
        <source>End of the range</source>
        <translation>범위의 끝</translation>
    </message>
    <message>
        <source>To the out-point</source>
        <translation>끝점으로</translation>
    </message>
    <message>
        <source>Go to...</source>
        <translation>이동...</translation>
    </message>
    <message>
        <source>A frame or time: 123, +10, 00:01:02.3</source>
        <translation>프레임이나 시간: 123, +10, 00:01:02.3</translation>
    </message>
    <message>
        <source>In-point here</source>
        <translation>여기를 시작점으로</translation>
    </message>
    <message>
        <source>The range begins at this frame</source>
        <translation>범위가 이 프레임에서 시작합니다</translation>
    </message>
    <message>
        <source>Out-point here</source>
        <translation>여기를 끝점으로</translation>
    </message>
    <message>
        <source>The range ends with this frame</source>
        <translation>범위가 이 프레임에서 끝납니다</translation>
    </message>
    <message>
        <source>Whole clip</source>
        <translation>클립 전체</translation>
    </message>
    <message>
        <source>The range is the whole clip again</source>
        <translation>범위를 다시 클립 전체로</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation>반복</translation>
    </message>
    <message>
        <source>Begin the range again at its end</source>
        <translation>끝에 이르면 범위를 다시 시작</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>모델</translation>
    </message>
    <message>
        <source>Shorter interval</source>
        <translation>간격 줄이기</translation>
    </message>
    <message>
        <source>One frame less from key to key: dearer, more exact</source>
        <translation>키 사이를 한 프레임 줄임: 더 비싸고 더 정확</translation>
    </message>
    <message>
        <source>Longer interval</source>
        <translation>간격 늘리기</translation>
    </message>
    <message>
        <source>One frame more from key to key: cheaper, less exact</source>
        <translation>키 사이를 한 프레임 늘림: 더 싸고 덜 정확</translation>
    </message>
    <message>
        <source>Next key-frame policy</source>
        <translation>다음 키 프레임 정책</translation>
    </message>
    <message>
        <source>Where key frames are put: one rule after the other</source>
        <translation>키 프레임을 놓는 규칙을 차례로</translation>
    </message>
    <message>
        <source>Next way of propagation</source>
        <translation>다음 전파 방법</translation>
    </message>
    <message>
        <source>Two-sided, nearest, copy, causal: one after the other</source>
        <translation>양방향, 가까운 쪽, 복사, 인과를 차례로</translation>
    </message>
    <message>
        <source>Pin key frame</source>
        <translation>키 프레임으로 고정</translation>
    </message>
    <message>
        <source>Make this frame a key frame, or take that back</source>
        <translation>이 프레임을 키 프레임으로 만들거나 되돌립니다</translation>
    </message>
    <message>
        <source>Run sweep</source>
        <translation>훑기 실행</translation>
    </message>
    <message>
        <source>Measure every interval on this clip, in the background; again: cancel</source>
        <translation>이 클립에서 모든 간격을 뒤에서 잽니다. 다시 누르면 취소</translation>
    </message>
    <message>
        <source>Load model...</source>
        <translation>모델 불러오기...</translation>
    </message>
    <message>
        <source>A folder with model.json and weights.safetensors</source>
        <translation>model.json과 weights.safetensors가 든 폴더</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>도움말</translation>
    </message>
    <message>
        <source>Search actions</source>
        <translation>동작 찾기</translation>
    </message>
    <message>
        <source>Find an action by name and run it</source>
        <translation>동작을 이름으로 찾아 실행</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>단축키</translation>
    </message>
    <message>
        <source>All keys on one sheet</source>
        <translation>모든 단축키를 한 장에</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>안내서</translation>
    </message>
    <message>
        <source>First steps, what each read-out means, training on your own data</source>
        <translation>첫걸음, 각 수치의 뜻, 내 데이터로 학습하기</translation>
    </message>
    <message>
        <source>Copy diagnostics</source>
        <translation>진단 정보 복사</translation>
    </message>
    <message>
        <source>Versions, machine, settings and the end of the log, for a report</source>
        <translation>버전, 컴퓨터, 설정, 로그의 끝부분. 신고용</translation>
    </message>
    <message>
        <source>About</source>
        <translation>정보</translation>
    </message>
    <message>
        <source>Version and licences</source>
        <translation>버전과 사용권</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>음소거</translation>
    </message>
    <message>
        <source>No sound; it is heard at normal speed where the video has some</source>
        <translation>소리를 끕니다. 비디오에 소리가 있으면 보통 속도에서 들립니다</translation>
    </message>
    <message>
        <source>Start export</source>
        <translation>내보내기 시작</translation>
    </message>
    <message>
        <source>Write what is chosen in the export panel, as a job</source>
        <translation>내보내기 패널에서 고른 것을 작업으로 씁니다</translation>
    </message>
    <message>
        <source>Layers panel</source>
        <translation>레이어 패널</translation>
    </message>
    <message>
        <source>What is drawn over the picture, and the classes</source>
        <translation>화면 위에 그리는 것과 클래스</translation>
    </message>
    <message>
        <source>Channels panel</source>
        <translation>채널 패널</translation>
    </message>
    <message>
        <source>The channels of the feature map, sorted</source>
        <translation>특징 맵의 채널, 정렬됨</translation>
    </message>
    <message>
        <source>Propagation panel</source>
        <translation>전파 패널</translation>
    </message>
    <message>
        <source>The interval, what it costs and what it buys</source>
        <translation>간격, 그 비용과 얻는 것</translation>
    </message>
    <message>
        <source>Probe panel</source>
        <translation>탐침 패널</translation>
    </message>
    <message>
        <source>All that is known of one place</source>
        <translation>한 지점에 대해 알려진 모든 것</translation>
    </message>
    <message>
        <source>Sides panel</source>
        <translation>비교 대상 패널</translation>
    </message>
    <message>
        <source>Compare: what the two sides are</source>
        <translation>비교: 양쪽이 무엇인지</translation>
    </message>
    <message>
        <source>Sweep panel</source>
        <translation>스윕 패널</translation>
    </message>
    <message>
        <source>Explore: what is swept</source>
        <translation>탐색: 무엇을 훑는지</translation>
    </message>
    <message>
        <source>All panels in every workspace where they were at first, the window at its first size</source>
        <translation>모든 작업 공간의 패널을 처음 자리로, 창을 처음 크기로</translation>
    </message>
</context>
<context>
    <name>Kinds</name>
    <message>
        <source>two-sided</source>
        <translation>양방향</translation>
    </message>
    <message>
        <source>causal</source>
        <translation>인과</translation>
    </message>
    <message>
        <source>clockwork</source>
        <translation>클록워크</translation>
    </message>
    <message>
        <source>nearest</source>
        <translation>가까운 쪽</translation>
    </message>
    <message>
        <source>copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <source>fixed</source>
        <translation>고정</translation>
    </message>
    <message>
        <source>scene_cut</source>
        <translation>장면 전환</translation>
    </message>
    <message>
        <source>warp_residual</source>
        <translation>워프 잔차</translation>
    </message>
    <message>
        <source>forward_backward</source>
        <translation>왕복 일치</translation>
    </message>
    <message>
        <source>motion</source>
        <translation>움직임</translation>
    </message>
    <message>
        <source>codec</source>
        <translation>코덱</translation>
    </message>
    <message>
        <source>search</source>
        <translation>패치 탐색</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>자동</translation>
    </message>
    <message>
        <source>manual</source>
        <translation>수동</translation>
    </message>
    <message>
        <source>budget</source>
        <translation>예산</translation>
    </message>
    <message>
        <source>balanced</source>
        <translation>균형</translation>
    </message>
    <message>
        <source>margin</source>
        <translation>여유</translation>
    </message>
    <message>
        <source>files</source>
        <translation>파일</translation>
    </message>
</context>
</TS>
