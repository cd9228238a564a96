#include <QApplication>
#include <QPushButton>
#include <QTest>
#include <QToolButton>
#include <atomic>

#include "ui/panels/job_list.h"

using namespace dff;
using namespace dff::ui;

namespace {

/// A job that counts its rounds until it is told to end.
struct Counting {
  std::atomic<int> rounds = 0;
  std::atomic<bool> ends = false;
  JobRunner::Work work() {
    return [this](const JobContext& job) {
      while (!ends) {
        job.checkStop();
        job.progress(std::min(++rounds, 100), 100, "rounds");
        QThread::msleep(1);
      }
    };
  }
};

}  // namespace

/// Long operations one after another, and the list that shows them.
class JobsTest : public QObject {
  Q_OBJECT

  static JobState stateOf(const JobRunner& jobs, int id) {
    for (const JobView& job : jobs.jobs())
      if (job.id == id) return job.state;
    throw std::runtime_error("no such job");
  }

 private Q_SLOTS:
  void aPausedJobStandsStillAndGoesOnWhereItWas() {
    Counting counting;
    JobRunner jobs([] {});
    const int id = jobs.add("count", "", counting.work());
    QTRY_VERIFY(counting.rounds > 5);
    jobs.setPaused(id, true);
    QCOMPARE(stateOf(jobs, id), JobState::Paused);
    QTest::qWait(50);
    const int then = counting.rounds;
    QTest::qWait(100);
    QCOMPARE(int(counting.rounds), then);
    jobs.setPaused(id, false);
    QTRY_VERIFY(counting.rounds > then + 5);
    counting.ends = true;
    QTRY_COMPARE(stateOf(jobs, id), JobState::Done);
  }

  void aWaitingJobThatIsPausedLetsOthersPass() {
    Counting first, second, third;
    JobRunner jobs([] {});
    jobs.add("first", "", first.work());
    const int held = jobs.add("second", "", second.work());
    jobs.add("third", "", third.work());
    QTRY_VERIFY(first.rounds > 0);
    jobs.setPaused(held, true);
    first.ends = true;
    QTRY_VERIFY(third.rounds > 0);
    QCOMPARE(int(second.rounds), 0);
    third.ends = second.ends = true;
    jobs.setPaused(held, false);
    QTRY_COMPARE(stateOf(jobs, held), JobState::Done);
  }

  void aPausedJobCanBeCancelled_data() {
    QTest::addColumn<bool>("begun");
    QTest::newRow("running") << true;
    QTest::newRow("waiting") << false;
  }
  void aPausedJobCanBeCancelled() {
    QFETCH(bool, begun);
    Counting before, counting;
    JobRunner jobs([] {});
    if (!begun) jobs.add("before", "", before.work());
    const int id = jobs.add("count", "", counting.work());
    QTRY_VERIFY((begun ? counting : before).rounds > 0);
    jobs.setPaused(id, true);
    jobs.cancel(id);
    QTRY_COMPARE(stateOf(jobs, id), JobState::Cancelled);
  }

  void aRunnerEndsThoughAJobIsPaused() {
    Counting counting;
    auto jobs = std::make_unique<JobRunner>([] {});
    const int id = jobs->add("count", "", counting.work());
    QTRY_VERIFY(counting.rounds > 0);
    jobs->setPaused(id, true);
    jobs.reset();
    QVERIFY(!counting.ends);
  }

  void theListPausesResumesCancelsAndForgets() {
    Look look(*qApp, true);
    Session session;
    JobList list(look, session);
    list.show();
    Counting counting;
    const int id = session.jobs().add("count", "", counting.work());
    const auto button = [&](const QString& name) -> QToolButton* {
      for (QToolButton* b : list.findChildren<QToolButton*>())
        if (b->accessibleName() == name && b->isVisible()) return b;
      return nullptr;
    };
    QTRY_VERIFY(button("Pause") && counting.rounds > 0);
    button("Pause")->click();
    QCOMPARE(stateOf(session.jobs(), id), JobState::Paused);
    QVERIFY(button("Resume"));
    button("Resume")->click();
    QCOMPARE(stateOf(session.jobs(), id), JobState::Running);
    button("Cancel")->click();
    QTRY_VERIFY(button("Take off the list"));
    QCOMPARE(stateOf(session.jobs(), id), JobState::Cancelled);
    button("Take off the list")->click();
    QVERIFY(session.jobs().jobs().empty());
    QTRY_VERIFY(!button("Take off the list"));
  }

  void whatAFailedJobSaysStandsInTheList() {
    Look look(*qApp, true);
    Session session;
    JobList list(look, session);
    list.show();
    session.jobs().add("bad", "", [](const JobContext&) { fail("the disk is full"); });
    const auto says = [&](const QString& words) {
      for (QLabel* label : list.findChildren<QLabel*>())
        if (label->isVisible() && label->text() == words) return true;
      return false;
    };
    QTRY_VERIFY(says("failed") && says("the disk is full"));
  }

  void onlyADoneJobWithAResultCanBeOpened() {
    Look look(*qApp, true);
    Session session;
    JobList list(look, session);
    list.show();
    session.jobs().add("nothing to show", "", [](const JobContext&) {});
    session.jobs().add("a file", "result.mp4", [](const JobContext&) {});
    QTRY_COMPARE(session.jobs().jobs().back().state, JobState::Done);
    const auto openable = [&] {
      int count = 0;
      for (QPushButton* b : list.findChildren<QPushButton*>()) count += b->text() == "Open" && b->isVisible();
      return count;
    };
    QTRY_COMPARE(openable(), 1);
  }
};

QTEST_MAIN(JobsTest)
#include "jobs_test.moc"
