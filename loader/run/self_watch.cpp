#include "loader/run/self_watch.h"

#include <algorithm>
#include <utility>

#include "loader/summary/summary_format.h"

namespace loader {
namespace {

std::optional<double> share_between(const std::optional<lab::MachineTimes>& first,
                                    const std::optional<lab::MachineTimes>& last,
                                    std::uint64_t lab::MachineTimes::* part) {
  if (!first || !last || last->all_ticks <= first->all_ticks) return std::nullopt;
  // Idle time has been seen to go back (proc(5)).
  const std::uint64_t ticks = (*last).*part - std::min((*first).*part, (*last).*part);
  return std::min(
      1.0, static_cast<double>(ticks) / static_cast<double>(last->all_ticks - first->all_ticks));
}

}  // namespace

bool is_this_machine(const std::string& host) {
  return host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") ||
         host == "::1" || host == "0.0.0.0";
}

SelfWatch::SelfWatch(lab::Runtime& runtime, RunSpec::TellLateness tell)
    : runtime_(runtime), tell_(std::move(tell)), thread_(runtime) {
  tell_([this](lab::TimePoint due, lab::Duration late) { thread_.note_timer(due, late); });
}

SelfWatch::~SelfWatch() { tell_({}); }

SelfWatch::Readings SelfWatch::read() const {
  return {.at = runtime_.now(),
          .cpu = lab::process_cpu_time(),
          .machine = lab::machine_times(),
          .throttling = lab::throttling()};
}

void SelfWatch::start() {
  first_ = read();
  last_ = first_;
  thread_.start();
}

std::optional<std::string> SelfWatch::look(lab::Duration others_wait, std::uint64_t dropped) {
  const lab::Duration wait = std::max(thread_.recent_wait(), others_wait);
  if (lab::to_milliseconds(wait) >= kLateWait) late_drops_ += dropped - std::min(dropped_, dropped);
  dropped_ = dropped;
  const lab::TimePoint now = runtime_.now();
  const bool has_just_warned = warned_ && now - *warned_ < kWarnInterval;
  if (wait < kStarved || has_just_warned) return std::nullopt;
  warned_ = now;
  return "the loader itself is late: what came in the last seconds waited up to " +
         format_milliseconds(lab::to_milliseconds(wait), "") +
         " until it was read, and iterations start late; the gateway is not to "
         "blame for that";
}

void SelfWatch::stop() {
  thread_.stop();
  last_ = read();
}

Strain SelfWatch::strain() const {
  Strain strain;
  strain.add(thread_.strain());
  const double seconds = lab::to_seconds(last_.at - first_.at);
  if (seconds > 0) strain.cpus = lab::to_seconds(last_.cpu - first_.cpu) / seconds;
  strain.machine_idle =
      share_between(first_.machine, last_.machine, &lab::MachineTimes::idle_ticks);
  strain.machine_stolen =
      share_between(first_.machine, last_.machine, &lab::MachineTimes::stolen_ticks);
  if (first_.throttling && last_.throttling) {
    strain.throttled = last_.throttling->duration - first_.throttling->duration;
  }
  strain.late_drops = late_drops_;
  return strain;
}

}  // namespace loader
