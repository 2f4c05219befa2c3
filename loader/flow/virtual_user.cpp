#include "loader/flow/virtual_user.h"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <exception>

#include "loader/flow/flow_run.h"

namespace loader {
namespace {

namespace asio = boost::asio;
using Builtin = BuiltinMetrics;

}  // namespace

lab::Rng VirtualUser::rng_of(const IterationContext& iteration) const {
  const lab::Rng scenario = context_->settings().rng.child("scenario", iteration.scenario);
  // Which virtual user takes an arrival depends on who is idle, so an open model's iteration is
  // known by its number alone; a closed model's belongs to its virtual user.
  if (iteration.intended_start) return scenario.child("arrival", iteration.iteration_in_scenario);
  return scenario.child("iteration", iteration.vu, iteration.iteration_in_vu);
}

asio::awaitable<IterationOutcome> VirtualUser::run_iteration(const Flow& flow,
                                                             IterationContext iteration) {
  // Cancellation then surfaces at whichever await comes next, also between two operations of the
  // layers below.
  const bool throws_if_cancelled = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(true);
  const TagSetId tags = context_->tags().group(iteration.tags, flow.group);
  const std::uint64_t sent_before = client_.bytes_sent();
  const std::uint64_t received_before = client_.bytes_received();
  Metrics& metrics = context_->metrics();
  if (iteration.intended_start) {
    metrics.add(Builtin::iteration_start_delay,
                lab::to_milliseconds(iteration.started - *iteration.intended_start), tags,
                iteration.started);
  }
  if (!context_->client().no_cookies_reset) exchange_.cookies.clear();
  IterationOutcome outcome;
  try {
    const RequestRecord of_iteration{.intended_start = iteration.intended_start,
                                     .vu = iteration.vu,
                                     .iteration = iteration.iteration_in_vu};
    const PhaseTags always(iteration.tags);
    FlowRun run(*context_, client_, exchange_,
                {rng_of(iteration), of_iteration,
                 iteration.phases != nullptr ? iteration.phases : &always});
    co_await run.run_steps(&flow.steps, flow.group);
  } catch (const boost::system::system_error& error) {
    const bool is_cancelled = error.code() == asio::error::operation_aborted;
    outcome.kind =
        is_cancelled ? IterationOutcome::Kind::interrupted : IterationOutcome::Kind::failed;
    if (!is_cancelled) outcome.error = error.what();
  } catch (const RequestThrown& thrown) {
    // As in k6 an iteration that threw counts as a complete one.
    context_->warn_once("an iteration of " + flow.name + " ended early: " + thrown.text);
  } catch (const FlowAborted& abort) {
    outcome = {IterationOutcome::Kind::aborted, abort.reason};
  } catch (const std::exception& error) {
    outcome = {IterationOutcome::Kind::failed, error.what()};
  }
  exchange_.trim();
  const lab::TimePoint now = context_->runtime().now();
  if (iteration.is_counted && outcome.kind == IterationOutcome::Kind::completed) {
    add_iteration_samples(iteration, tags, now);
  }
  metrics.add(Builtin::data_sent, static_cast<double>(client_.bytes_sent() - sent_before), tags,
              now);
  metrics.add(Builtin::data_received,
              static_cast<double>(client_.bytes_received() - received_before), tags, now);
  if (context_->client().no_vu_connection_reuse) close_connections();
  co_await asio::this_coro::throw_if_cancelled(throws_if_cancelled);
  co_return outcome;
}

void VirtualUser::add_iteration_samples(const IterationContext& iteration, TagSetId tags,
                                        lab::TimePoint now) {
  Metrics& metrics = context_->metrics();
  metrics.add(Builtin::iterations, 1, tags, now);
  metrics.add(Builtin::iteration_duration, lab::to_milliseconds(now - iteration.started), tags,
              now);
  if (iteration.intended_start) {
    metrics.add(Builtin::iteration_duration_intended,
                lab::to_milliseconds(now - *iteration.intended_start), tags, now);
  }
}

}  // namespace loader
