#pragma once
#include <QObject>
#include <atomic>

namespace dff::ui {

/// How a worker tells the window that there is news, from any thread: never blocks, and many calls become one signal.
class Wakeup : public QObject {
  Q_OBJECT
 public:
  void operator()() {
    if (!pending_.exchange(true)) QMetaObject::invokeMethod(this, &Wakeup::deliver, Qt::QueuedConnection);
  }

 Q_SIGNALS:
  void woken();

 private:
  void deliver() {
    pending_ = false;
    Q_EMIT woken();
  }
  std::atomic<bool> pending_ = false;
};

}  // namespace dff::ui
