// OverTime as files have it: summaries and run files.
#include <algorithm>
#include <bit>
#include <string>

#include "loader/metrics/over_time.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace loader {
namespace {

// More than any run has; sums of all windows can still be added up.
constexpr double kNumberMax = 4503599627370496;  // 2^52
// Room for the windows of several runs side by side, and none for what would eat the memory.
constexpr std::uint64_t kWindowsMax = 4096;

// Sums of all loads are times that can be told.
constexpr lab::Duration kTimeMax = std::chrono::hours(24 * 366);

lab::Bounds counted() { return lab::between(0, kNumberMax); }

class SketchType : public lab::ValueType {
 public:
  void read(const lab::JsonValue& value, void* member) const override {
    const auto sketch = parse_sketch(value.as_string());
    if (sketch) {
      *static_cast<Sketch*>(member) = *sketch;
    } else if (value.json().is_string()) {
      value.problem(sketch.error().what);
    }
  }
  [[nodiscard]] lab::Json write(const void* member) const override {
    return to_text(*static_cast<const Sketch*>(member));
  }
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& /*printer*/,
                                 const void* /*member*/) const override {
    return lab::Json{
        {"type", "string"},
        {"description",
         "A distribution: sum, smallest and largest value, then for each bucket in "
         "use how far its number is behind the last one's, and how many values it has. "
         "Bucket 64 (e + 10) + m has those whose binary exponent is e and whose first "
         "six bits behind the point are m. Empty: no values."}};
  }
  [[nodiscard]] bool is_set(const void* member) const override {
    return !static_cast<const Sketch*>(member)->empty();
  }
};
const SketchType kSketch;

}  // namespace

static void fields(lab::Fields& f, RequestWindow& c) {
  f("requests", c.requests, counted(), "Those that ended in the window.");
  f("failed", c.failed, counted(), "Those whose answer is not what was asked for.");
  f("failures", c.failures, "How many of them are of each kind.");
  f("examples", c.examples, "The X-Request-ID of the first of each kind; empty: it had none.");
  f("slowest", c.slowest, "The X-Request-ID of the good answer that took the longest.");
  f("tokens_in", c.tokens_in, counted(), "Of all prompts, as far as the gateway tells.");
  f("tokens_out", c.tokens_out, counted(), "Of all answers that are good.");
  f("succeeded_ms", c.succeeded, kSketch, "How long good answers took.");
  f("failed_ms", c.failed_after, kSketch, "How long the others took.");
  f("ttft_ms", c.time_to_first_token, kSketch, "The time to the first token of streams.");
  f("itl_ms", c.inter_token, kSketch, "Their inter-token latencies.");
}

static void fields(lab::Fields& f, RequestSeries& c) {
  f("scenario", c.scenario, "Empty: of none.");
  f("phase", c.phase, "Of the scenario; empty: it has none.");
  f("model", c.model, "Empty: the requests are no chats.");
  f("tokens_in", c.tokens_in, kSketch, "Of each prompt.");
  f("tokens_out", c.tokens_out, kSketch, "Of each answer.");
  f("began", c.began, "When the first of them was sent, since the start of the scenarios.");
  f("ended", c.ended, "When the last of them ended.");
  f("first", c.first, lab::between(0, kWindowsMax),
    "The number of the first of the windows, from 0.");
  f("windows", c.windows, "One after the other.");
}

static void fields(lab::Fields& f, UserWindow& c) {
  f("active_vus", c.active_vus, lab::between(0, kNumberMax), "On average.");
  f("vus", c.vus, lab::between(0, kNumberMax), "That stand by or run, on average.");
  f("iterations", c.iterations, counted(), "That came to their end.");
  f("dropped", c.dropped, counted(), "That were due and not started.");
}

static void fields(lab::Fields& f, TimeSpan& c) {
  f("from", c.from, "Since the start of the scenarios.");
  f("to", c.to, "The same.");
}

static void fields(lab::Fields& f, ThresholdBreach& c) {
  f.require("metric", c.metric, "Of the threshold.");
  f.require("threshold", c.threshold, "As the suite has it.");
  f("spans", c.spans, "When it did not hold over the run so far.");
}

static void fields(lab::Fields& f, PlannedLoad& c) {
  f("scenario", c.scenario, "That was to make it.");
  f("phase", c.phase, "Of the scenario; empty: it has none.");
  f("span", c.span, "When, as far as the run has come.");
}

void fields(lab::Fields& f, OverTime& c) {
  f("window", c.window, "The length of each window; whole seconds, a power of two of them.");
  f("failure_kinds", c.failure_kinds, "What the numbers under failures are of.");
  f("series", c.series, "The requests of each phase of each scenario for each model.");
  f("users", c.users, "Virtual users and iterations, a window each.");
  f("breaches", c.breaches, "Thresholds that did not hold all the time.");
  f("loads", c.loads, "When scenarios and their phases were to have load.");
}

void check(const lab::JsonValue& value, OverTime& c) {
  const auto seconds = c.window / std::chrono::seconds(1);
  const bool is_power = seconds > 0 && std::has_single_bit(static_cast<std::uint64_t>(seconds)) &&
                        c.window % std::chrono::seconds(1) == lab::Duration::zero();
  const bool is_empty = c.window == lab::Duration::zero() && c.windows() == 0;
  if (!is_power && !is_empty) {
    value.problem("window is not a number of seconds that is a power of two");
  }
  if (std::ranges::any_of(c.loads, [](const PlannedLoad& load) {
        return load.span.to < load.span.from || load.span.to > kTimeMax;
      })) {
    value.problem("a load ends before it begins, or after more than a year");
    c.loads.clear();
  }
  if (c.windows() > kWindowsMax) value.problem("has more than 4096 windows");
  const auto is_wrong = [&](const RequestWindow& window) {
    return window.failed > window.requests || window.failures.size() > c.failure_kinds.size() ||
           window.examples.size() > c.failure_kinds.size();
  };
  for (const RequestSeries& series : c.series) {
    if (!std::ranges::any_of(series.windows, is_wrong)) continue;
    value.problem("a window has more failures, or kinds of them, than there are");
    c = {};
    return;
  }
}

}  // namespace loader
