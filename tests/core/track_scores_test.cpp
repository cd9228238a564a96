#include "core/eval/track_scores.h"

#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <random>
#include <set>

#include "core/base/file.h"
#include "core/data/dataset.h"
#include "core/data/synthetic/synthesize.h"
#include "core/eval/assignment.h"
#include "core/eval/evaluate.h"
#include "tests/support/small_model.h"

namespace fs = std::filesystem;
using namespace dff;

namespace {

LabelledBox object(float x, int64_t id) { return {{x, 10, 20, 40}, 1, false, id}; }
ObjectBox track(float x, int64_t id) { return {{x, 10, 20, 40}, 1, 0.9f, id}; }

bool near(double a, double b) { return std::abs(a - b) < 1e-9; }

/// The best sum by trying every order of the columns.
double bestByTrial(const std::vector<std::vector<double>>& values, int columns) {
  const int n = std::max(int(values.size()), columns);
  std::vector<int> order(static_cast<size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  double best = 0;
  do {
    double sum = 0;
    for (size_t r = 0; r < values.size(); ++r)
      if (order[r] < columns) sum += values[r][size_t(order[r])];
    best = std::max(best, sum);
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

}  // namespace

class TrackScoresTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  fs::path root() const { return dir_.path().toStdString(); }

  /// A sequence of three pictures, and what stands in its gt.txt.
  std::string sequence(const char* name, const std::string& truth) const {
    fs::create_directories(root() / name / "frames");
    for (int i = 1; i <= 3; ++i)
      cv::imwrite((root() / name / "frames" / ("frame_" + std::to_string(i) + ".png")).string(),
                  cv::Mat(96, 128, CV_8UC3, cv::Scalar(90, 80, 70)));
    writeFileAtomically(root() / name / "gt.txt", truth);
    return "mot:" + (root() / name).string();
  }

 private Q_SLOTS:
  void assignmentsAreTheBest() {
    std::mt19937 random(3);
    std::uniform_real_distribution<double> value(0, 1);
    for (int rows = 0; rows <= 5; ++rows)
      for (int columns = 0; columns <= 5; ++columns) {
        auto values = std::vector<std::vector<double>>(size_t(rows), std::vector<double>(size_t(columns)));
        for (auto& row : values)
          for (double& v : row) v = value(random) < 0.3 ? 0 : value(random);
        const auto columnOf = bestAssignment(values, columns);
        double sum = 0;
        std::set<int> used;
        for (size_t r = 0; r < values.size(); ++r) {
          if (columnOf[r] < 0) continue;
          QVERIFY(used.insert(columnOf[r]).second);
          sum += values[r][size_t(columnOf[r])];
        }
        QVERIFY(near(sum, bestByTrial(values, columns)));
      }
  }

  void perfectTracksScoreOne() {
    TrackScorer scorer;
    for (int i = 0; i < 4; ++i) scorer.add({object(0, 5), object(60, 6)}, {track(60, 2), track(1, 1)});
    const TrackScores s = scorer.scores();
    QVERIFY(near(s.mota, 1) && near(s.idf1, 1));
    QCOMPARE(s.objects, int64_t(8));
  }
  void missesFalseBoxesAndSwitchesAreCounted() {
    TrackScorer scorer;
    scorer.add({object(0, 1)}, {track(0, 1)});
    scorer.add({object(0, 1)}, {track(0, 1), track(90, 9)});  // a false box
    scorer.add({object(0, 1)}, {});                           // a miss
    scorer.add({object(0, 1)}, {track(0, 2)});                // another name
    const TrackScores s = scorer.scores();
    QCOMPARE(s.missed, int64_t(1));
    QCOMPARE(s.falseBoxes, int64_t(1));
    QCOMPARE(s.idSwitches, int64_t(1));
    QVERIFY(near(s.mota, 0.25));
    QVERIFY(near(s.idf1, 2 * 2 / 8.));  // named rightly in two frames; four objects and four boxes
  }
  void aSwapIsTwoSwitches() {
    TrackScorer scorer;
    for (int i = 0; i < 6; ++i)
      scorer.add({object(0, 1), object(60, 2)}, {track(0, i < 4 ? 1 : 2), track(60, i < 4 ? 2 : 1)});
    const TrackScores s = scorer.scores();
    QCOMPARE(s.idSwitches, int64_t(2));
    QVERIFY(near(s.mota, 10 / 12.));
    QVERIFY(near(s.idf1, 2 * 8 / 24.));
  }
  void aPairOfTheLastFrameIsKeptWhereABetterFitOffers() {
    TrackScorer scorer;
    scorer.add({object(0, 1)}, {track(0, 1)});
    scorer.add({object(0, 1)}, {track(4, 1), track(0, 2)});
    QCOMPARE(scorer.scores().idSwitches, int64_t(0));
    QCOMPARE(scorer.scores().falseBoxes, int64_t(1));
  }
  void whatLiesOnIgnoredGroundOrHasNoTrackIsLeftOut() {
    TrackScorer scorer;
    LabelledBox ignored = object(60, 3);
    ignored.ignore = true;
    scorer.add({object(0, 1), ignored}, {track(0, 1), track(60, 2), track(90, -1)});
    QVERIFY(near(scorer.scores().mota, 1) && near(scorer.scores().idf1, 1));
  }
  void anotherClassIsAnotherThing() {
    TrackScorer scorer;
    ObjectBox vehicle = track(0, 1);
    vehicle.classIndex = 0;
    scorer.add({object(0, 1)}, {vehicle});
    QVERIFY(near(scorer.scores().mota, -1));
  }
  void withoutObjectsThereIsNoScore() {
    TrackScorer scorer;
    scorer.add({}, {track(0, 1)});
    QVERIFY_EXCEPTION_THROWN(scorer.scores(), Error);
  }

  void bothFormsOfMotChallengeAreRead() {
    const auto old = openDataset(sequence("old", "1,4,11,21,20,40,-1,-11773,-14337,0\n3,4,12,21,20,40,-1,0,0,0\n"));
    QCOMPARE(old->size(), int64_t(3));
    QCOMPARE(old->boxes(0).size(), size_t(1));
    QVERIFY(old->boxes(0)[0].box == cv::Rect2f(10, 20, 20, 40));
    QVERIFY(old->boxes(0)[0].classIndex == 1 && old->boxes(0)[0].trackId == 4 && !old->boxes(0)[0].ignore);
    QVERIFY(old->boxes(1).empty() && old->boxes(2).size() == 1 && !old->hasLabels());
    const auto late = openDataset(sequence("late",
                                           "1,1,11,21,20,40,1,1,1\n1,2,11,21,20,40,1,3,1\n1,3,11,21,20,40,0,1,1\n"
                                           "1,4,11,21,20,40,1,7,1\n1,5,11,21,20,40,1,10,1\n"));
    const auto boxes = late->boxes(0);
    QCOMPARE(boxes.size(), size_t(4));
    QVERIFY(boxes[0].classIndex == 1 && !boxes[0].ignore);
    QVERIFY(boxes[1].classIndex == 0 && !boxes[1].ignore);
    QVERIFY(boxes[2].ignore && boxes[3].ignore);
  }
  void linesThatAreNoBoxesAreLeftOutAndTold() {
    const auto data = openDataset(sequence("bad",
                                           "1,4,11,21,20,40,1,-1,-1,-1\n9,4,11,21,20,40,1,-1,-1,-1\n"
                                           "1,4,11,21,-20,40,1,-1,-1,-1\n1,4,500,21,20,40,1,-1,-1,-1\nnonsense\n\n"));
    QCOMPARE(data->boxes(0).size(), size_t(1));
    QCOMPARE(data->warnings().size(), size_t(1));
    QVERIFY(QString::fromStdString(data->warnings()[0]).contains("4 lines"));
  }

  void evaluationAddsBoxesToItsRows() {
    SynthOptions synth;
    synth.street.frames = 12;
    synth.street.width = 128;
    synth.street.height = 96;
    synth.output = (root() / "street").string();
    synthesize(synth, {});
    ModelSpec spec = test::smallSpec();
    spec.classes = camvidClasses();
    EvalOptions options;
    options.dataset = "synthetic:" + synth.output;
    options.intervals = {1, 2};
    options.engine.propagate = "causal";
    for (const bool detects : {true, false}) {
      if (!detects) spec.detection.reset();
      torch::manual_seed(2);
      options.model = (root() / (detects ? "detects" : "plain")).string();
      savePackage(options.model, {{"name", "x"}}, spec, namedTensors(DffModel(spec)));
      const auto rows = toJson(evaluate(options, {}))["rows"];
      QCOMPARE(rows[1].contains("ap50"), detects);
      QCOMPARE(rows[1].contains("detect_ms_per_frame"), detects);
      if (!detects) continue;
      QVERIFY(rows[0]["ap50"] == rows[0]["ap50_per_frame"]);
      QCOMPARE(rows[1]["ap50_by_distance"].size(), size_t(2));
      QVERIFY(rows[1]["ap50_by_distance"][0] == rows[0]["ap50"]);
      QVERIFY(rows[1]["detect_ms_per_frame"].get<double>() > 0);
      QVERIFY(rows[1].contains("ap") && rows[1].contains("ap_small") && rows[1].contains("ap50_per_class"));
    }
  }
  void aSequenceWithoutLabelsIsScoredByItsTracks() {
    const std::string detects = (root() / "walker").string();
    ModelSpec spec = test::smallSpec();
    torch::manual_seed(2);
    savePackage(detects, {{"name", "x"}}, spec, namedTensors(DffModel(spec)));
    EvalOptions options;
    options.dataset = sequence("walk", "1,4,11,21,20,40,1,-1,-1,-1\n2,4,12,21,20,40,1,-1,-1,-1\n");
    options.model = detects;
    options.intervals = {1, 2};
    options.engine.propagate = "causal";
    const EvalReport report = evaluate(options, {});
    const auto rows = toJson(report)["rows"];
    QCOMPARE(rows.size(), size_t(2));
    QCOMPARE(rows[0]["objects"].get<int>(), 2);
    for (const char* key : {"mota", "idf1", "id_switches", "ap50"}) QVERIFY(rows[1].contains(key));
    QVERIFY(QString::fromStdString(summary(report)).contains("IDF1"));
    options.engine.tasks = {"seg"};
    QVERIFY_EXCEPTION_THROWN(evaluate(options, {}), Error);
  }
};

QTEST_APPLESS_MAIN(TrackScoresTest)
#include "track_scores_test.moc"
