#include "loader/command/prove_progress.h"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <string>

namespace loader {
namespace {

constexpr lab::Duration kShowInterval = std::chrono::milliseconds(100);

std::string time_left(const ProofProgress& progress, lab::Duration elapsed) {
  if (progress.runs == 0 || progress.runs_planned == 0) return "starting";
  const double share =
      static_cast<double>(progress.runs) / static_cast<double>(progress.runs_planned);
  const double seconds = lab::to_seconds(elapsed) * (1 - share) / share;
  return std::to_string(std::llround(seconds)) + " s left";
}

}  // namespace

ProofProgressLine::ProofProgressLine(const Console& console, bool is_quiet)
    : console_(console),
      is_shown_(!is_quiet && console.is_err_terminal),
      started_(world_.clock().start) {}

void ProofProgressLine::show(const ProofProgress& progress) {
  if (!is_shown_) return;
  const lab::Duration elapsed = world_.clock().start - started_;
  if (elapsed - shown_ < kShowInterval) return;
  shown_ = elapsed;
  std::string line = "run " + std::to_string(progress.runs) + " of about " +
                     std::to_string(progress.runs_planned) + ", " + time_left(progress, elapsed) +
                     "  " + progress.doing;
  const auto columns = static_cast<std::size_t>(std::max(20, console_.columns - 1));
  if (line.size() > columns) line.resize(columns);
  console_.err << "\r\x1b[K" << line << std::flush;
}

void ProofProgressLine::clear() {
  if (is_shown_) console_.err << "\r\x1b[K" << std::flush;
}

}  // namespace loader
