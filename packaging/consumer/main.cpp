#include <iostream>

#include "core/media/frame_source.h"
#include "core/run/engine.h"
#include "core/run/pipeline.h"

int main(int, char** arguments) {
  const auto package = dff::loadPackage(arguments[2]);
  const auto video = dff::openSource(arguments[1]);
  const dff::InferenceScope scope(2);
  dff::Engine engine(package, {});
  dff::KeyPlan keys({10, 0, true});
  while (const auto frame = video->next()) {
    const auto result = engine.step(frame, keys.decide(*frame));
    const int centre = result.labels.at<unsigned char>(result.labels.rows / 2, result.labels.cols / 2);
    std::cout << frame->index << ' ' << engine.spec().classes[size_t(centre)].name << '\n';
  }
}
