#include "app/command.h"

namespace dff {
namespace {
constexpr Command kCommands[] = {
    {"run", "annotate videos by Deep Feature Flow", declareRun},
    {"eval", "measure accuracy against the key-frame interval on labelled frames", declareEval},
    {"compare", "measure several models on the same frames and write the table", declareCompare},
    {"sweep", "measure accuracy and speed of many settings on one video", declareSweep},
    {"train", "train a model through the stages of a configuration", declareTrain},
    {"import", "make a model package of another program's weights", declareImport},
    {"calibrate", "measure the ranges that a model needs for --precision int8", declareCalibrate},
    {"synth", "render a synthetic street with labels, boxes and exact flow", declareSynth},
    {"info", "what is known of a video or a model", declareInfo},
    {"bench", "measure speed on this machine, in paired runs", declareBench},
    {"export-onnx", "write a model's feature network for other engines", declareExportOnnx},
    {"selftest", "run the whole chain on a synthetic street and check it against the exact truth", declareSelftest},
};
}  // namespace

std::span<const Command> commands() { return kCommands; }

}  // namespace dff
