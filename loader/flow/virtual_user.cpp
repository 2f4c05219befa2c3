#include "loader/flow/virtual_user.h"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <exception>

#include "loader/flow/flow_run.h"
#include "loader/metrics/metadata.h"

namespace loader {
namespace asio = boost::asio;
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
  const std::string metadata = named_metadata(metadata_of(iteration, context_->tags().system()));
  {
    const Metrics::OfRequest of_none(metrics, {}, metadata);
    add_start_samples(metrics, iteration, tags);
  }
  if (!context_->client().no_cookies_reset) cookies_.clear();
  IterationOutcome outcome;
  try {
    const RequestRecord of_iteration{.intended_start = iteration.intended_start,
                                     .vu = iteration.vu,
                                     .iteration = iteration.iteration_in_vu};
    const PhaseTags always(iteration.tags);
    FlowRun run(*context_, client_, exchange_, cookies_,
                {.rng = rng_of(iteration, context_->settings().rng),
                 .record = of_iteration,
                 .phases = iteration.phases != nullptr ? iteration.phases : &always,
                 .metadata = metadata});
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
  const Metrics::OfRequest of_none(metrics, {}, metadata);
  if (outcome.kind == IterationOutcome::Kind::completed) {
    add_completion_samples(metrics, iteration, tags, now);
  }
  metrics.add(BuiltinMetrics::data_sent, static_cast<double>(client_.bytes_sent() - sent_before),
              tags, now);
  metrics.add(BuiltinMetrics::data_received,
              static_cast<double>(client_.bytes_received() - received_before), tags, now);
  if (context_->client().no_vu_connection_reuse) close_connections();
  co_await asio::this_coro::throw_if_cancelled(throws_if_cancelled);
  co_return outcome;
}

}  // namespace loader
