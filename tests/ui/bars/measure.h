#pragma once
// What the bars are measured with: clocks, other programs' load, latencies, processor time by thread, memory.
#include <unistd.h>

#include <QObject>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace dff::bars {

inline double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

inline double percentile(std::vector<double> values, double share) {
  if (values.empty()) return -1;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, size_t(share * double(values.size())))];
}

/// Processor time of the whole machine less ours, in processors, since it was made.
class OtherLoad {
 public:
  OtherLoad() : others_(others()), since_(now()) {}
  double cores() const { return (others() - others_) / std::max(1e-9, now() - since_); }

 private:
  static double others() {
    std::ifstream stat("/proc/stat");
    std::string word;
    stat >> word;
    std::vector<double> ticks(10);
    for (double& t : ticks) stat >> t;
    const double busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7];  // user .. softirq, steal
    return busy / double(sysconf(_SC_CLK_TCK)) - double(std::clock()) / CLOCKS_PER_SEC;
  }
  double others_, since_;
};

/// One figure of one round, and the bar that it is held against.
struct Figure {
  const char* what;
  const char* unit;
  double bar;
  bool more;  ///< more is better
};

class Table {
 public:
  void add(const Figure& figure, double value, double load) {
    auto& row = rows_[figure.what];
    if (row.values.empty()) order_.push_back(figure);
    row.values.push_back(value);
    row.loads.push_back(load);
    std::fprintf(stderr, "%s: %.1f %s, other load %.1f\n", figure.what, value, figure.unit, load);
  }
  int print() const {
    int missed = 0;
    std::printf("%-52s %10s %10s   %-8s %s\n", "best of three", "measured", "bar", "", "other load, cores");
    for (const Figure& f : order_) {
      const Row& row = rows_.at(f.what);
      const auto best = f.more ? std::max_element(row.values.begin(), row.values.end())
                               : std::min_element(row.values.begin(), row.values.end());
      const bool held = f.more ? *best >= f.bar : *best <= f.bar;
      missed += !held;
      std::printf("%-52s %7.1f %-3s %6.1f %-3s  %-8s", f.what, *best, f.unit, f.bar, f.unit, held ? "held" : "MISSED");
      for (size_t i = 0; i < row.loads.size(); ++i)
        std::printf(" %.1f%s", row.loads[i], row.values.begin() + std::ptrdiff_t(i) == best ? "*" : "");
      std::printf("\n");
    }
    return missed;
  }

 private:
  struct Row {
    std::vector<double> values, loads;
  };
  std::vector<Figure> order_;
  std::map<std::string, Row> rows_;
};

/// Posts an event every few milliseconds from a thread of its own and notes when it is answered.
class Latencies : public QObject {
 public:
  Latencies()
      : thread_([this](std::stop_token stop) {
          while (!stop.stop_requested()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(4));
            QMetaObject::invokeMethod(
                this, [this, sent = now()] { ms.push_back(1000 * (now() - sent)); }, Qt::QueuedConnection);
          }
        }) {}
  std::vector<double> ms;

 private:
  std::jthread thread_;
};

/// The fields of a process's or thread's stat file that follow its name: field 3 is the first.
inline std::vector<std::string> statFields(const std::string& file, std::string* name = nullptr) {
  std::ifstream stat(file);
  std::stringstream whole;
  whole << stat.rdbuf();
  const std::string all = whole.str();
  const size_t open = all.find('('), close = all.rfind(')');
  if (close == std::string::npos) return std::vector<std::string>(50, "0");
  if (name) *name = all.substr(open + 1, close - open - 1);
  std::stringstream fields(all.substr(close + 2));
  std::vector<std::string> values;
  for (std::string field; fields >> field;) values.push_back(field);
  return values;
}

/// Processor time of our threads by name, since it was made.
class ThreadTimes {
 public:
  ThreadTimes() : before_(seconds()), since_(now()) {}
  /// "window 0.20, features 0.61, ...", processors each.
  std::string text() const {
    std::string line;
    for (const auto& [name, total] : seconds()) {
      const auto found = before_.find(name);
      const double share = (total - (found == before_.end() ? 0 : found->second)) / (now() - since_);
      char part[64];
      std::snprintf(part, sizeof part, "%s%s %.2f", line.empty() ? "" : ", ", name.c_str(), share);
      if (share >= 0.005) line += part;
    }
    return line;
  }

 private:
  static std::map<std::string, double> seconds() {
    std::map<std::string, double> byName;
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
      std::string name;
      const auto fields = statFields(task.path() / "stat", &name);
      byName[name] += (std::stod(fields[11]) + std::stod(fields[12])) / double(sysconf(_SC_CLK_TCK));
    }
    return byName;
  }
  std::map<std::string, double> before_;
  double since_;
};

/// Seconds since this process was started, to a hundredth.
inline double sinceStart() {
  double up = 0;
  std::ifstream("/proc/uptime") >> up;
  return up - std::stod(statFields("/proc/self/stat")[19]) / double(sysconf(_SC_CLK_TCK));
}

/// MiB of memory that are in use.
inline double residentMebibytes() {
  double whole = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> whole >> resident;
  return resident * double(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

}  // namespace dff::bars
