#include <algorithm>

#include "core/data/synthetic/build.h"

namespace dff::street {
namespace {
class Crowd {
 public:
  Crowd(Scene& scene, const StreetOptions& options, Rng& rng)
      : scene_(scene),
        plan_(scene.plan),
        rng_(rng),
        seconds_(options.frames / options.fps),
        last_(scene.plan.lastS - 30) {}

  void parkedCars() {
    for (int sign : {-1, 1}) {
      const double width = plan_.parking[sign > 0];
      if (width == 0) continue;
      const int facing = sign * plan_.side > 0 ? 1 : -1;
      for (double s = plan_.firstS + rng_.uniform(2, 8); s < last_; s += rng_.uniform(5.6, 7)) {
        if (!rng_.chance(0.35 + 0.5 * plan_.traffic)) continue;
        Actor car = makeCar(scene_, rng_);
        place(car, Gait::Parked, s, plan_.kerb(sign) - sign * (width / 2 + rng_.uniform(-0.08, 0.12)), facing * 1e-9);
      }
    }
  }

  void movingCars() {
    if (rng_.chance(0.7)) {
      Actor ahead = makeCar(scene_, rng_);
      place(ahead, Gait::Follow, rng_.uniform(13, 30), plan_.side * plan_.lane * 0.42, 1);
    }
    const double speed = rng_.uniform(6, 10), gap = rng_.uniform(14, 40) / (0.4 + plan_.traffic);
    for (double s = rng_.uniform(12, 40); s < last_ + speed * seconds_; s += gap * rng_.uniform(0.6, 1.5)) {
      Actor oncoming = makeCar(scene_, rng_);
      place(oncoming, Gait::Cruise, s, -plan_.side * plan_.lane * 0.5, -speed);
    }
  }

  void cyclists() {
    const double edge = plan_.lane - 0.4;
    for (double s = rng_.uniform(7, 30); s < 70 + plan_.speed * seconds_; s += rng_.uniform(12, 60) / plan_.people) {
      Actor rider = makeCyclist(scene_, rng_);
      place(rider, Gait::Ride, s, plan_.side * edge, rng_.uniform(0.5, 0.75) * plan_.speed);
    }
    for (double s = rng_.uniform(10, 50); s < last_; s += rng_.uniform(25, 90) / plan_.people) {
      Actor rider = makeCyclist(scene_, rng_);
      place(rider, Gait::Ride, s, -plan_.side * edge, -rng_.uniform(3, 5));
    }
  }

  void walkers() {
    for (int sign : {-1, 1})
      for (double s = rng_.uniform(4, 12); s < last_; s += rng_.uniform(2, 14) / plan_.people) {
        const double right = plan_.kerb(sign) + sign * rng_.uniform(1.15, plan_.pavement - 0.45);
        Actor walker = makeWalker(scene_, rng_);
        const bool stands = rng_.chance(0.12);
        const double speed = (rng_.chance(0.5) ? 1 : -1) * (stands ? 1e-9 : rng_.uniform(0.9, 1.6));
        place(walker, stands ? Gait::Parked : Gait::Walk, s, right, speed);
        if (!stands && rng_.chance(0.25)) {  // in company
          Actor friendOf = makeWalker(scene_, rng_);
          place(friendOf, Gait::Walk, s + rng_.uniform(-0.2, 0.2), right - sign * 0.6, speed);
        }
      }
  }

 private:
  void place(Actor& actor, Gait gait, double s, double right, double speed) {
    actor.gait = gait, actor.s = s, actor.right = right, actor.speed = speed;
    scene_.actors.push_back(std::move(actor));
  }

  Scene& scene_;
  const Plan& plan_;
  Rng& rng_;
  double seconds_, last_;
};
}  // namespace

void buildTraffic(Scene& scene, const StreetOptions& options, Rng rng) {
  Crowd crowd(scene, options, rng);
  crowd.parkedCars();
  crowd.movingCars();
  crowd.cyclists();
  crowd.walkers();
}

}  // namespace dff::street
