#include "loader/scenarios/scenario_core.h"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

namespace loader {

namespace asio = boost::asio;

namespace {

bool is_a_cut(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& failure) {
    return failure.code() == asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

}  // namespace

asio::awaitable<IterationEnd> ScenarioCore::run_iteration(
    std::size_t vu, std::optional<lab::TimePoint> intended_start, VuPlace place) {
  if (hooks.is_over && hooks.is_over()) {
    // The cut is on its way.
    const lab::ErrorCode ec = co_await runtime.sleep_until(lab::kNoDeadline);
    if (ec) throw boost::system::system_error(ec);
  }
  const lab::TimePoint started = runtime.now();
  const IterationInfo info{
      .vu = vu,
      .iteration_in_vu = pool.next_iteration(vu),
      .iteration_in_scenario = settings.share.starts.element(counts.started),
      .place = place.number,
      .iteration_in_place = place.iteration,
      .started = started,
      .intended_start = intended_start,
      .phase = level.empty() ? phase_name(scenario.model, started - start) : level};
  ++counts.started;
  IterationEnd end = IterationEnd::interrupted;
  try {
    end = co_await hooks.run_iteration(info);
  } catch (const boost::system::system_error& cut) {
    if (cut.code() != asio::error::operation_aborted) throw;
  }
  switch (end) {
    case IterationEnd::completed:
      ++counts.completed;
      break;
    case IterationEnd::interrupted:
      ++counts.interrupted;
      break;
    case IterationEnd::failed:
      ++counts.failed;
      break;
  }
  const lab::Duration least = settings.min_iteration_duration;
  if (least > lab::Duration::zero() && end != IterationEnd::interrupted && !is_cut &&
      runtime.now() < started + least) {
    co_await runtime.sleep_until(started + least);
  }
  co_return end;
}

void ScenarioCore::drop(std::uint64_t count) {
  counts.dropped += count;
  if (hooks.dropped) hooks.dropped(count);
}

bool ScenarioCore::keep_error(std::exception_ptr thrown) {
  if (!thrown || is_a_cut(thrown)) return false;
  if (!error) error = thrown;
  return true;
}

}  // namespace loader
