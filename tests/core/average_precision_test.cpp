#include "core/eval/average_precision.h"

#include <QTest>
#include <cmath>

using namespace dff;

namespace {

const cv::Rect2f kObject{100, 100, 40, 40}, kOther{200, 100, 40, 40}, kNowhere{300, 300, 40, 40};

LabelledBox object(const cv::Rect2f& box, int classIndex = 0) { return {box, classIndex, false, -1}; }
LabelledBox moving(const cv::Rect2f& box, float motionIou) { return {box, 0, false, 1, motionIou}; }
LabelledBox ignored(const cv::Rect2f& box) { return {box, 0, true, -1}; }
ObjectBox found(const cv::Rect2f& box, float score, int classIndex = 0) { return {box, classIndex, score, -1}; }

BoxScores scoresOf(const std::vector<LabelledBox>& truth, const std::vector<ObjectBox>& boxes, int classes = 1) {
  BoxScorer scorer(classes);
  scorer.add(truth, boxes);
  return scorer.scores();
}

bool near(double a, double b) { return std::abs(a - b) < 1e-9; }

}  // namespace

class AveragePrecisionTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void allFoundExactlyIsOne() {
    const auto s = scoresOf({object(kObject), object(kOther)}, {found(kObject, 0.9f), found(kOther, 0.3f)});
    QVERIFY(near(s.ap50, 1) && near(s.ap, 1));
  }
  void nothingFoundIsNought() { QVERIFY(near(scoresOf({object(kObject)}, {}).ap50, 0)); }
  void withoutObjectsThereIsNoScore() {
    const auto s = scoresOf({}, {found(kObject, 0.9f)});
    QVERIFY(s.ap50 < 0 && s.ap < 0 && s.ap50OfClass[0] < 0);
  }
  void halfFoundIsTheRecallsUpToOneHalf() {
    // recalls 0, 0.01 ... 0.5 have precision 1: 51 of 101
    QVERIFY(near(scoresOf({object(kObject), object(kOther)}, {found(kObject, 0.9f)}).ap50, 51 / 101.));
  }
  void aSurerMistakeHalvesThePrecision() {
    QVERIFY(near(scoresOf({object(kObject)}, {found(kNowhere, 0.9f), found(kObject, 0.8f)}).ap50, 0.5));
    QVERIFY(near(scoresOf({object(kObject)}, {found(kNowhere, 0.7f), found(kObject, 0.8f)}).ap50, 1));
  }
  void precisionIsMadeToFall() {
    // right, wrong, right: precisions 1, 1/2, 2/3 at recalls 1/2, 1/2, 1
    const auto s =
        scoresOf({object(kObject), object(kOther)}, {found(kObject, 0.9f), found(kNowhere, 0.8f), found(kOther, 0.7f)});
    QVERIFY(near(s.ap50, (51 + 50 * 2 / 3.) / 101));
  }
  void aSecondBoxOnOneObjectIsAMistake() {
    const auto s =
        scoresOf({object(kObject), object(kOther)}, {found(kObject, 0.9f), found(kObject, 0.8f), found(kOther, 0.7f)});
    QVERIFY(near(s.ap50, (51 + 50 * 2 / 3.) / 101));
  }
  void overlapDecidesByThreshold() {
    // 40x40 shifted by 10: 1200 of 2000 shared, 0.6; right at 0.50, 0.55 and 0.60.
    const auto s = scoresOf({object(kObject)}, {found({110, 100, 40, 40}, 0.9f)});
    QVERIFY(near(s.ap50, 1));
    QVERIFY(near(s.ap, 0.3));
  }
  void boxesOnIgnoredGroundDoNotCount() {
    const std::vector<ObjectBox> boxes = {found(kNowhere, 0.9f), found(kObject, 0.8f)};
    QVERIFY(near(scoresOf({object(kObject), ignored(kNowhere)}, boxes).ap50, 1));
    QVERIFY(near(scoresOf({object(kObject), ignored({300, 300, 10, 40})}, boxes).ap50, 0.5));
  }
  void classesAreScoredApart() {
    const auto s =
        scoresOf({object(kObject, 0), object(kOther, 1)}, {found(kObject, 0.9f, 1), found(kOther, 0.8f, 1)}, 3);
    QVERIFY(near(s.ap50OfClass[0], 0) && near(s.ap50OfClass[1], 0.5) && s.ap50OfClass[2] < 0);
    QVERIFY(near(s.ap50, 0.25));
  }
  void scoresRankOverAllPictures() {
    BoxScorer scorer(1);
    scorer.add({object(kObject)}, {found(kObject, 0.6f)});
    scorer.add({object(kObject)}, {found(kNowhere, 0.9f), found(kObject, 0.5f)});
    // wrong, right, right: precisions 0, 1/2, 2/3; the envelope is 2/3 everywhere
    QVERIFY(near(scorer.scores().ap50, 2 / 3.));
  }
  void vidIsLenientWithSmallObjectsAndReadsEveryRecall() {
    // 10x10: 100 / 400 is enough; shifted by 5, a third is shared. 40x40 by 20 likewise, and needs a half.
    const LabelledBox small = moving({10, 10, 10, 10}, 0.95f), large = moving({100, 100, 40, 40}, 0.95f);
    const auto s = scoresOf({small, large}, {found({15, 10, 10, 10}, 0.9f), found({120, 100, 40, 40}, 0.8f)});
    QVERIFY(near(s.vid.map, 0.5));  // not 51 / 101
    QVERIFY(near(s.ap50, 0));
  }
  void vidGroupsObjectsByTheirMotion() {
    const LabelledBox slow = moving({10, 10, 40, 40}, 0.95f), medium = moving({100, 10, 40, 40}, 0.9f),
                      fast = moving({200, 10, 40, 40}, 0.2f);
    const auto s =
        scoresOf({slow, medium, fast}, {found(slow.box, 0.9f), found(kNowhere, 0.8f), found(fast.box, 0.7f)});
    QVERIFY(near(s.vid.slow, 1) && near(s.vid.medium, 0));
    QVERIFY(near(s.vid.fast, 0.5));                        // behind a mistake
    QVERIFY(near(s.vid.map, 1 / 3. + 2 / 3. / 3));         // right, wrong, right of three
    QVERIFY(scoresOf({object(kObject)}, {}).vid.map < 0);  // nobody knows how it moves
    QVERIFY(scoresOf({slow}, {}).vid.fast < 0);
  }
  void vidCountsEveryBox() {
    std::vector<ObjectBox> boxes;
    for (int i = 0; i < 120; ++i) boxes.push_back(found(kNowhere, 0.9f));
    boxes.push_back(found(kObject, 0.1f));
    const auto s = scoresOf({moving(kObject, 0.95f)}, boxes);
    QVERIFY(near(s.vid.map, 1 / 121.) && near(s.ap50, 0));  // COCO reads the best hundred of a picture
  }
  void sizesAreScoredApart() {
    const cv::Rect2f small(10, 10, 20, 20), large(200, 100, 100, 100);
    const auto s = scoresOf({object(small), object(kObject), object(large)}, {found(small, 0.9f), found(large, 0.8f)});
    QVERIFY(near(s.apSmall, 1) && near(s.apMedium, 0) && near(s.apLarge, 1));
    QVERIFY(scoresOf({object(kObject)}, {}).apSmall < 0);
  }
};

QTEST_APPLESS_MAIN(AveragePrecisionTest)
#include "average_precision_test.moc"
