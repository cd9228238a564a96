#pragma once
#include "core/eval/chart.h"
#include "core/eval/sweep.h"

namespace dff {

/// The sweep as curves: what each setting costs against what it keeps, one curve a way, and the same against the
/// interval; the cost model dashed beside the measured time (the paper's Figure 3 for one's own video).
Figure figureOf(const SweepReport& report);

/// One HTML page with the curves and a table, which needs nothing else to be shown.
std::string pageOf(const SweepReport& report, const SweepOptions& options);

}  // namespace dff
