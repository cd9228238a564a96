#pragma once
#include <QObject>

#include "ui/compare/comparer.h"
#include "ui/window/session.h"

namespace dff::ui {

enum class CompareMode { Wipe, Split, Difference };

/// What the Compare workspace works on: two configurations on the frame that the session's player shows. Knows no
/// widget. While it is active the session's own networks rest.
class CompareSession : public QObject {
  Q_OBJECT
 public:
  explicit CompareSession(Session& session, QObject* parent = nullptr);
  ~CompareSession() override;

  void setActive(bool active);

  const Configuration& side(size_t i) const { return sides_[i]; }
  void setSide(size_t i, const Configuration& configuration);
  void swapSides();
  /// All of it at once, as a project keeps it.
  void restore(const std::array<Configuration, 2>& sides, const QString& truth, CompareMode mode, double divider);
  /// The studio takes over a side's setting.
  void useInStudio(size_t i);
  QString truth() const { return truth_; }
  void setTruth(const QString& folder);

  CompareMode mode() const { return mode_; }
  void setMode(CompareMode mode);
  /// Where the wipe divides the view, as a share of its width.
  double divider() const { return divider_; }
  void setDivider(double share);

  /// Of the frame on screen; null: not there yet.
  ComparisonPtr comparison() const { return comparison_; }
  /// The settings have changed since it was made.
  bool stale() const { return stale_; }
  const CompareNews& news() const { return news_; }

 Q_SIGNALS:
  void changed();                        ///< sides, mode, divider, folder
  void comparisonChanged();              ///< another frame, or another comparison of it
  void failed(const QString& sentence);  ///< empty: what had failed does so no more

 private:
  void apply();
  void applyLayers();
  void aim();
  void refresh();
  void tellError();
  void onWoken();

  Session& session_;
  Wakeup woke_;
  std::array<Configuration, 2> sides_;
  bool active_ = false, begun_ = false, stale_ = false;
  QString truth_;
  CompareMode mode_ = CompareMode::Wipe;
  double divider_ = 0.5;
  ComparisonPtr comparison_;
  CompareNews news_;
  Comparer comparer_;
};

}  // namespace dff::ui
