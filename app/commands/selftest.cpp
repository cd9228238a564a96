#include <cstdio>
#include <filesystem>
#include <iostream>

#include "app/command.h"
#include "core/eval/self_test.h"

namespace dff {
namespace {

namespace fs = std::filesystem;

/// A folder of its own that goes when the test is over.
struct TemporaryFolder {
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "dff-selftest-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) fail("cannot create a folder in ", fs::temp_directory_path().string());
    path = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  fs::path path;
};

int report(const std::vector<SelfTestCheck>& checks) {
  int failed = 0;
  for (const auto& c : checks) {
    std::printf("%-6s %-62s %8.3f  (%s %.3f)\n", c.passed() ? "ok" : "FAILED", c.what.c_str(), c.value,
                c.atLeast ? "at least" : "at most", c.limit);
    failed += !c.passed();
  }
  if (failed) fail("the self-test failed in ", failed, " of ", checks.size(), " checks");
  return 0;
}

}  // namespace

std::function<int(const JobContext&)> declareSelftest(CLI::App& app) {
  auto model = std::make_shared<std::string>();
  app.add_option("--model", *model, "model package: a folder, or the name of a shipped one; by default street");
  return [model](const JobContext& job) {
    const TemporaryFolder folder;
    return report(selfTest(*model, folder.path, job));
  };
}

}  // namespace dff
