#include "core/data/motion/simulated_motion.h"

#include <QTest>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/data/motion/geometry.h"
#include "core/data/motion/plate.h"
#include "core/data/motion/scene.h"

using namespace dff;

namespace {

constexpr int kSky = 0, kBuilding = 1, kPole = 2, kRoad = 3, kPavement = 4, kCar = 8, kPedestrian = 9, kVoid = 11;

/// Soft cloudy colours: bilinear samples of them are near the truth.
cv::Mat texture(const cv::Size& size, uint64_t seed) {
  cv::Mat coarse(size.height / 8 + 2, size.width / 8 + 2, CV_8UC3), fine;
  cv::RNG(seed).fill(coarse, cv::RNG::UNIFORM, 40, 215);
  cv::resize(coarse, fine, size, 0, 0, cv::INTER_CUBIC);
  return fine;
}

/// A street: sky, two house fronts that run to the middle, road and pavement, a car, a pole and a pedestrian.
LabelledImage street(int width = 240, int height = 180, uint64_t seed = 1) {
  LabelledImage image{texture({width, height}, seed), cv::Mat(height, width, CV_8U, cv::Scalar(kSky))};
  const auto x = [&](double share) { return cvRound(share * width); };
  const auto y = [&](double share) { return cvRound(share * height); };
  const auto fill = [&](std::vector<cv::Point> corners, int label) {
    cv::fillConvexPoly(image.labels, corners, cv::Scalar(label));
  };
  fill({{0, 0}, {x(.45), y(.4)}, {x(.45), y(.54)}, {0, y(.8)}}, kBuilding);
  fill({{width, 0}, {x(.55), y(.4)}, {x(.55), y(.54)}, {width, y(.8)}}, kBuilding);
  fill({{x(.45), y(.54)}, {x(.55), y(.54)}, {width, y(.8)}, {width, height}, {0, height}, {0, y(.8)}}, kPavement);
  fill({{x(.48), y(.54)}, {x(.52), y(.54)}, {x(.95), height}, {x(.05), height}}, kRoad);
  cv::rectangle(image.labels, {x(.3), y(.5), x(.18), y(.2)}, cv::Scalar(kCar), cv::FILLED);
  cv::rectangle(image.labels, {x(.75), y(.3), std::max(2, x(.015)), y(.42)}, cv::Scalar(kPole), cv::FILLED);
  cv::rectangle(image.labels, {x(.62), y(.45), x(.05), y(.2)}, cv::Scalar(kPedestrian), cv::FILLED);
  return image;
}

/// Pairs that only geometry tells apart.
MotionOptions plain() {
  MotionOptions o;
  o.photometric = false;
  o.zeroShare = 0;
  o.randomShare = 0;
  return o;
}

bool equal(const cv::Mat& a, const cv::Mat& b) { return a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0; }

cv::Mat keyPositions(const MotionPair& pair) {
  cv::Mat at = pair.keyFromCur.clone();
  for (int y = 0; y < at.rows; ++y)
    for (int x = 0; x < at.cols; ++x) at.at<cv::Vec2f>(y, x) += cv::Vec2f(static_cast<float>(x), static_cast<float>(y));
  return at;
}

/// Valid pixels without those beside an edge of it, whose bilinear sample mixes two surfaces.
cv::Mat inner(const MotionPair& pair) {
  cv::Mat mask;
  cv::erode(pair.valid, mask, cv::Mat::ones(5, 5, CV_8U), {-1, -1}, 1, cv::BORDER_CONSTANT, cv::Scalar(255));
  return mask;
}

/// Mean difference of the current picture to the key sampled where the flow leads, grey levels.
double photometricError(const MotionPair& pair, const cv::Mat& mask) {
  cv::Mat warped, difference;
  cv::remap(pair.key, warped, keyPositions(pair), cv::Mat(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  cv::absdiff(warped, pair.cur, difference);
  const cv::Scalar mean = cv::mean(difference, mask);
  return (mean[0] + mean[1] + mean[2]) / 3;
}

double meanLength(const MotionPair& pair, const cv::Mat& mask) {
  std::vector<cv::Mat> parts;
  cv::split(pair.keyFromCur, parts);
  cv::Mat length;
  cv::magnitude(parts[0], parts[1], length);
  return cv::mean(length, mask)[0];
}

double share(const cv::Mat& mask) { return cv::countNonZero(mask) / static_cast<double>(mask.total()); }

/// Mean length of the flow of all valid pixels over some pairs.
double meanOverPairs(const MotionOptions& options, int pairs) {
  double sum = 0;
  for (int seed = 0; seed < pairs; ++seed) {
    const MotionPair pair = simulateMotion(street(), {}, options, static_cast<uint64_t>(seed));
    sum += meanLength(pair, pair.valid);
  }
  return sum / pairs;
}

bool sane(const MotionPair& pair, const cv::Size& size) {
  for (const cv::Mat* m : {&pair.key, &pair.cur, &pair.keyFromCur, &pair.keyLabels, &pair.curLabels, &pair.valid})
    if (m->size() != size) return false;
  return pair.key.type() == CV_8UC3 && pair.cur.type() == CV_8UC3 && pair.keyFromCur.type() == CV_32FC2 &&
         cv::checkRange(pair.keyFromCur);
}

}  // namespace

class SimulatedMotionTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void theSameSeedGivesTheSamePairAndAnotherSeedAnother() {
    const std::vector<LabelledImage> bank = {street(240, 180, 5), street(200, 160, 6)};
    const MotionPair a = simulateMotion(street(), bank, {}, 7), b = simulateMotion(street(), bank, {}, 7);
    QVERIFY(equal(a.key, b.key) && equal(a.cur, b.cur) && equal(a.keyFromCur, b.keyFromCur));
    QVERIFY(equal(a.valid, b.valid) && equal(a.curLabels, b.curLabels) && equal(a.moving, b.moving));
    QVERIFY(!equal(a.keyFromCur, simulateMotion(street(), bank, {}, 8).keyFromCur));
  }

  void theStillIsLeftAlone() {
    const LabelledImage still = street();
    const std::vector<LabelledImage> bank = {street(240, 180, 5)};
    const cv::Mat rgb = still.rgb.clone(), labels = still.labels.clone(), bankRgb = bank[0].rgb.clone();
    for (uint64_t seed = 0; seed < 12; ++seed) simulateMotion(still, bank, {}, seed);
    QVERIFY(equal(still.rgb, rgb) && equal(still.labels, labels) && equal(bank[0].rgb, bankRgb));
  }

  void theCurrentPictureIsTheKeyAlongTheFlowWhereValid() {
    const std::vector<LabelledImage> bank = {street(240, 180, 5)};
    for (uint64_t seed = 0; seed < 30; ++seed) {
      const MotionPair pair = simulateMotion(street(), bank, plain(), seed);
      const cv::Mat mask = inner(pair);
      if (share(mask) < 0.05) continue;
      const double error = photometricError(pair, mask);
      QVERIFY2(error < 2.5, qPrintable(QString("seed %1: %2 grey levels").arg(seed).arg(error)));
    }
  }

  void withoutItsFlowTheCurrentPictureIsNotTheKey() {
    double with = 0, without = 0;
    for (uint64_t seed = 0; seed < 10; ++seed) {
      MotionPair pair = simulateMotion(street(), {}, plain(), seed);
      const cv::Mat mask = inner(pair);
      with += photometricError(pair, mask);
      pair.keyFromCur.setTo(cv::Scalar::all(0));
      without += photometricError(pair, mask);
    }
    QVERIFY2(without > 5 * with, qPrintable(QString("%1 against %2").arg(with).arg(without)));
  }

  void currentLabelsAreTheKeysAlongTheFlowWhereValid() {
    for (uint64_t seed = 0; seed < 20; ++seed) {
      const MotionPair pair = simulateMotion(street(), {}, plain(), seed);
      cv::Mat warped;
      cv::remap(pair.keyLabels, warped, keyPositions(pair), cv::Mat(), cv::INTER_NEAREST);
      const cv::Mat wrong = (warped != pair.curLabels) & inner(pair);
      QVERIFY2(share(wrong) < 0.01, qPrintable(QString("seed %1: %2").arg(seed).arg(share(wrong))));
    }
  }

  void aGapOfZeroGivesTwoEqualPictures() {
    MotionOptions o = plain();
    o.minGap = o.maxGap = 0;
    const MotionPair pair = simulateMotion(street(), {}, o, 3);
    QVERIFY(equal(pair.key, pair.cur));
    QCOMPARE(cv::norm(pair.keyFromCur, cv::NORM_INF), 0.);
    QCOMPARE(share(pair.valid), 1.);
  }

  void allPairsWithoutMotionStandStill() {
    MotionOptions o = plain();
    o.zeroShare = 1;
    QCOMPARE(meanOverPairs(o, 5), 0.);
  }

  void randomMotionIsExactToo() {
    MotionOptions o = plain();
    o.randomShare = 1;
    for (uint64_t seed = 0; seed < 8; ++seed) {
      const MotionPair pair = simulateMotion(street(), {}, o, seed);
      QVERIFY(photometricError(pair, pair.valid) < 1.5);
      QVERIFY(meanLength(pair, pair.valid) > 0);
    }
  }

  void eitherPictureMayBeTheStill() {
    const LabelledImage still = street();
    int key = 0, cur = 0, neither = 0;
    for (uint64_t seed = 0; seed < 60; ++seed) {
      const MotionPair pair = simulateMotion(still, {}, plain(), seed);
      const bool isKey = equal(pair.key, still.rgb), isCur = equal(pair.cur, still.rgb);
      ++(isKey ? key : isCur ? cur : neither);
    }
    QVERIFY2(key >= 6 && cur >= 6 && neither >= 15, qPrintable(QString("%1 %2 %3").arg(key).arg(cur).arg(neither)));
  }

  void longerGapsMoveMore() {
    MotionOptions o = plain();
    o.minGap = o.maxGap = 1;
    const double one = meanOverPairs(o, 40);
    o.minGap = o.maxGap = 5;
    const double five = meanOverPairs(o, 40);
    QVERIFY2(one > 0.5 && one < 8, qPrintable(QString::number(one)));  // half the size of a real picture
    QVERIFY2(five > 2 * one && five < 8 * one, qPrintable(QString::number(five)));
  }

  void drivingForwardsTheKeyLiesTowardsTheHorizon() {
    MotionOptions o = plain();
    o.standingShare = o.reverseShare = o.turningShare = 0;
    o.minGap = o.maxGap = 5;
    int upwards = 0;
    for (uint64_t seed = 0; seed < 20; ++seed) {
      const MotionPair pair = simulateMotion(street(), {}, o, seed);
      cv::Mat low = pair.valid.clone();
      low.rowRange(0, low.rows * 3 / 4) = 0;
      upwards += cv::mean(pair.keyFromCur, low)[1] < 0;
    }
    QVERIFY2(upwards >= 18, qPrintable(QString::number(upwards)));
  }

  void theNearGroundMovesMoreThanTheSky() {
    MotionOptions o = plain();
    o.standingShare = o.turningShare = 0;
    double ground = 0, sky = 0;
    for (uint64_t seed = 0; seed < 20; ++seed) {
      const MotionPair pair = simulateMotion(street(), {}, o, seed);
      ground += meanLength(pair, pair.valid & (pair.curLabels == kRoad));
      sky += meanLength(pair, pair.valid & (pair.curLabels == kSky));
    }
    QVERIFY2(ground > 2 * sky, qPrintable(QString("%1 %2").arg(ground).arg(sky)));
  }

  void pastedMoversMoveAgainstStandingGround() {
    MotionOptions o = plain();
    o.standingShare = o.movingShare = 1;
    o.turningShare = 0;
    o.minGap = o.maxGap = 8;
    o.maxPasted = 6;
    LabelledImage empty = street();
    empty.labels.setTo(kRoad, (empty.labels == kCar) | (empty.labels == kPedestrian));
    const std::vector<LabelledImage> bank = {street(240, 180, 5)};
    double moving = 0, ground = 0;
    int seen = 0;
    for (uint64_t seed = 0; seed < 30; ++seed) {
      const MotionPair pair = simulateMotion(empty, bank, o, seed);
      if (share(pair.moving & pair.valid) < 0.002) continue;
      ++seen;
      moving += meanLength(pair, pair.moving & pair.valid);
      ground += meanLength(pair, pair.valid & (pair.curLabels == kRoad) & ~pair.moving);
    }
    QVERIFY(seen >= 10);
    QVERIFY2(moving > 2 * ground, qPrintable(QString("%1 %2").arg(moving).arg(ground)));
  }

  void withoutMoversNothingMovesByItself() {
    LabelledImage empty = street();
    empty.labels.setTo(kRoad, (empty.labels == kCar) | (empty.labels == kPedestrian));
    for (uint64_t seed = 0; seed < 5; ++seed) QCOMPARE(share(simulateMotion(empty, {}, plain(), seed).moving), 0.);
  }

  void movingMoversUncoverWhatTheKeyDoesNotShow() {
    MotionOptions o = plain();
    o.standingShare = o.movingShare = 1;
    o.turningShare = 0;
    o.minGap = o.maxGap = 10;
    double hidden = 0;
    for (uint64_t seed = 0; seed < 10; ++seed) {
      const MotionPair pair = simulateMotion(street(), {}, o, seed);
      hidden += share((pair.valid == 0) & (pair.moving == 0));
    }
    QVERIFY(hidden > 0.05);
  }

  void picturesHaveNoBlackHoles() {
    for (uint64_t seed = 0; seed < 20; ++seed) {
      const MotionPair pair = simulateMotion(street(), {}, plain(), seed);
      cv::Mat darkest;
      cv::reduce(pair.cur.reshape(1, static_cast<int>(pair.cur.total())), darkest, 1, cv::REDUCE_MAX);
      QVERIFY(share(darkest < 10) < 0.001);
    }
  }

  void photometryDiffersBetweenKeyAndCurrentAndLeavesGeometryAlone() {
    MotionOptions o = plain();
    const MotionPair before = simulateMotion(street(), {}, o, 4);
    o.photometric = true;
    const MotionPair after = simulateMotion(street(), {}, o, 4);
    QVERIFY(equal(before.keyFromCur, after.keyFromCur) && equal(before.valid, after.valid));
    QVERIFY(!equal(before.key, after.key) && !equal(before.cur, after.cur));
    QVERIFY(cv::norm(before.cur, after.cur, cv::NORM_L1) / static_cast<double>(before.cur.total() * 3) < 40);
  }

  void oddSizesAndOddScenesWork_data() {
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("label");  // -1: the street
    QTest::newRow("odd") << 161 << 117 << -1;
    QTest::newRow("upright") << 90 << 201 << -1;
    QTest::newRow("smallest") << 8 << 8 << -1;
    QTest::newRow("all void") << 120 << 90 << kVoid;
    QTest::newRow("all out of range") << 120 << 90 << 255;
    QTest::newRow("all sky") << 120 << 90 << kSky;
    QTest::newRow("all wall") << 120 << 90 << kBuilding;
    QTest::newRow("all ground") << 120 << 90 << kRoad;
    QTest::newRow("all car") << 120 << 90 << kCar;
    QTest::newRow("all pole") << 120 << 90 << kPole;
  }
  void oddSizesAndOddScenesWork() {
    QFETCH(int, width);
    QFETCH(int, height);
    QFETCH(int, label);
    LabelledImage still = street(width, height);
    if (label >= 0) still.labels.setTo(label);
    const std::vector<LabelledImage> bank = {street(240, 180, 5), still};
    for (uint64_t seed = 0; seed < 12; ++seed) QVERIFY(sane(simulateMotion(still, bank, {}, seed), {width, height}));
  }

  void aSceneOfCountlessThingsWorks() {
    LabelledImage still = street(320, 240);
    for (int y = 4; y < 230; y += 8)
      for (int x = 4; x < 310; x += 8) still.labels(cv::Rect(x, y, 4, 4)).setTo((x + y) % 16 ? kCar : kPole);
    QVERIFY(sane(simulateMotion(still, {}, {}, 1), still.rgb.size()));
  }

  void otherDataSetsBringTheirOwnRoles() {
    LabelledImage still = street();
    still.labels.setTo(40, still.labels == kCar);
    still.labels.setTo(kRoad, still.labels == kPedestrian);
    MotionOptions o = plain();
    o.movingShare = 1;
    double moving = 0;
    for (uint64_t seed = 0; seed < 5; ++seed) moving += share(simulateMotion(still, {}, o, seed).moving);
    QCOMPARE(moving, 0.);
    o.roles.resize(41);
    o.roles[40] = {Role::mover, 1.6, 1.0, true};
    for (uint64_t seed = 0; seed < 5; ++seed) moving += share(simulateMotion(still, {}, o, seed).moving);
    QVERIFY(moving > 0.05);
  }

  void wrongStillsAreRefused() {
    LabelledImage still = street();
    still.labels = still.labels(cv::Rect(0, 0, 100, 100)).clone();
    QVERIFY_EXCEPTION_THROWN(simulateMotion(still, {}, {}, 1), Error);
    still = street();
    cv::cvtColor(still.rgb, still.rgb, cv::COLOR_RGB2GRAY);
    QVERIFY_EXCEPTION_THROWN(simulateMotion(still, {}, {}, 1), Error);
    QVERIFY_EXCEPTION_THROWN(simulateMotion({}, {}, {}, 1), Error);
  }

  void optionsComeBackFromJson() {
    MotionOptions o;
    fromJson(nlohmann::json{{"max_gap", 4.5}, {"photometric", false}}, o, "test");
    QCOMPARE(o.maxGap, 4.5);
    QVERIFY(!o.photometric);
    QVERIFY_EXCEPTION_THROWN(fromJson(nlohmann::json{{"zero_share", 2}}, o, "test"), Error);
  }

  // The parts, by themselves.

  void aPlaneMovesAsItsPointsDo() {
    const motion::Camera camera{400, {120, 90}, 1.5};
    motion::Pose pose{motion::rotationOf(0.02, 0.1, -0.03), {0.3, -0.1, 1.2}, false};
    const motion::Plane ground(0, 1 / (camera.focal * camera.height), camera.groundInverseDepth(0));
    const cv::Vec3d shift(0.2, 0, -0.5), pixel(150, 140, 1);
    const cv::Vec3d point = camera.matrix().inv() * pixel * (1 / ground.dot(pixel));
    QVERIFY(std::abs(point[1] - camera.height) < 1e-9);  // it lies on the ground
    const cv::Vec3d seen = camera.matrix() * (pose.rotation * (point + shift - pose.position));
    const cv::Vec3d at = motion::project(motion::homographyOf(camera, pose, ground, shift), pixel[0], pixel[1]);
    QVERIFY(std::abs(at[0] - seen[0] / seen[2]) < 1e-6 && std::abs(at[1] - seen[1] / seen[2]) < 1e-6);
  }

  void gapsOfThePlateAreMirroredFromBothSides() {
    const cv::Mat missing = (cv::Mat_<uchar>(2, 7) << 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1);
    const cv::Mat values = (cv::Mat_<uchar>(2, 7) << 1, 2, 9, 9, 9, 3, 4, 9, 9, 9, 9, 9, 9, 9);
    const cv::Mat filled = motion::takeFrom(values, motion::fillSources(missing));
    QVERIFY(equal(filled.row(0), (cv::Mat_<uchar>(1, 7) << 1, 2, 2, 1, 3, 3, 4)));
    QVERIFY(equal(filled.row(1), filled.row(0)));
  }

  void thingsThatStandFartherBackAreFarther() {
    LabelledImage still = street();
    still.labels.setTo(kRoad, (still.labels == kCar) | (still.labels == kPedestrian) | (still.labels == kPole));
    still.labels(cv::Rect(100, 110, 16, 20)).setTo(kCar);  // foot in row 130
    still.labels(cv::Rect(125, 100, 10, 14)).setTo(kCar);  // foot in row 114
    cv::RNG rng(3);
    const motion::Scene scene = motion::makeScene(still.rgb, still.labels, camVidRoles(), rng);
    const auto inverseDepth = [&](int x, int y) {
      return scene.layer(scene.objectIds.at<uchar>(y, x)).plane.dot(cv::Vec3d(x, y, 1));
    };
    QVERIFY(scene.objectIds.at<uchar>(120, 108) > 0 && scene.objectIds.at<uchar>(107, 130) > 0);
    QVERIFY(inverseDepth(108, 120) > 1.2 * inverseDepth(130, 107));
    QVERIFY(cv::countNonZero(scene.plateIds == 0) == 0);
    QCOMPARE(cv::countNonZero(scene.plateLabels == kCar), 0);
  }
};

QTEST_APPLESS_MAIN(SimulatedMotionTest)
#include "simulated_motion_test.moc"
