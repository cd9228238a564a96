#include <QTest>
#include <atomic>

#include "core/base/error.h"
#include "ui/jobs/job_runner.h"

using namespace dff;
using namespace dff::ui;

/// The thread that runs one long operation after the other.
class JobRunnerTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void jobsRunInOrderAndTellHowFarTheyAre() {
    std::atomic<int> order = 0, first = 0, second = 0;
    JobRunner runner([] {});
    runner.add("a", "", [&](const JobContext& job) {
      job.progress(1, 4, "");
      first = ++order;
    });
    runner.add("b", "", [&](const JobContext&) { second = ++order; });
    QTRY_COMPARE(runner.jobs()[1].state, JobState::Done);
    QCOMPARE(first.load(), 1);
    QCOMPARE(second.load(), 2);
    QCOMPARE(runner.jobs()[0].progress.total, int64_t(4));
  }

  void jobsCanBeCancelledAndMayFail() {
    JobRunner runner([] {});
    const int id = runner.add("long", "", [](const JobContext& job) {
      for (;;) job.checkStop();
    });
    runner.add("bad", "", [](const JobContext&) { fail("disk full"); });
    QTRY_COMPARE(runner.jobs()[0].state, JobState::Running);
    runner.cancel(id);
    QTRY_COMPARE(runner.jobs()[0].state, JobState::Cancelled);
    QTRY_COMPARE(runner.jobs()[1].state, JobState::Failed);
    QCOMPARE(runner.jobs()[1].message, std::string("disk full"));
    runner.forget(id);
    QCOMPARE(runner.jobs().size(), size_t(1));
  }
};

QTEST_GUILESS_MAIN(JobRunnerTest)
#include "job_runner_test.moc"
