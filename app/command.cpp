#include "app/command.h"

namespace dff {
namespace {
constexpr Command kCommands[] = {
    {"train", "train a model through the stages of a configuration", declareTrain},
};
}  // namespace

std::span<const Command> commands() { return kCommands; }

}  // namespace dff
