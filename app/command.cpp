#include "app/command.h"

namespace dff {
namespace {
constexpr Command kCommands[] = {
    {"run", "annotate videos by Deep Feature Flow", declareRun},
    {"eval", "measure accuracy against the key-frame interval on labelled frames", declareEval},
    {"train", "train a model through the stages of a configuration", declareTrain},

    {"info", "what is known of a video or a model", declareInfo},
    {"bench", "measure speed on this machine, in paired runs", declareBench},

};
}  // namespace

std::span<const Command> commands() { return kCommands; }

}  // namespace dff
