#include "loader/world/real_world.h"

#include <boost/asio/co_spawn.hpp>
#include <csignal>
#include <exception>
#include <utility>

#include "loader/scenarios/execution_plan.h"
#include "loader/world/interrupt_flag.h"
#include "shared/base/rng.h"
#include "shared/runtime/open_files.h"

namespace loader {

namespace asio = boost::asio;

namespace {

// Files that are no connections: standard streams, reports, outputs, what the runtime waits with.
constexpr std::uint64_t kOtherFiles = 32;

asio::awaitable<void> watch_signals(lab::AsioRuntime::Signals* signals, Run* run) {
  const auto number = co_await signals->next();
  if (number) run->interrupt();
}

}  // namespace

std::string missing_connections(const Suite& suite, const RunSpec& spec, std::size_t open_files) {
  const std::uint64_t vus = plan_execution(suite.options.scenarios, spec.share).vus_max;
  if (vus + kOtherFiles <= open_files) return {};
  return "up to " + std::to_string(vus) + " virtual users need a connection each, and at most " +
         std::to_string(open_files) +
         " files can be open (ulimit -n): requests beyond that will fail";
}

RunResult RealWorld::run(const Suite& suite, const RunSpec& given, RunObserver observer) {
  RunSpec spec = given;
  // Two runs against one gateway must not use the same ids, unless the user wants the same run.
  if (!spec.is_seeded) {
    const auto since_epoch = runtime_.wall_now().time_since_epoch();
    spec.salt = lab::Rng(static_cast<std::uint64_t>(since_epoch.count()))();
  }
  const std::string missing = missing_connections(suite, spec, lab::raise_open_files_limit());
  if (!missing.empty() && observer.warn) observer.warn(missing);
  observer.flush_interval = kFlushInterval;
  spec.tell_lateness = [this](RunSpec::NoteLateness note) {
    runtime_.tell_lateness(std::move(note));
  };
  Run run(runtime_, suite, std::move(spec), std::move(observer));
  lab::AsioRuntime::Signals signals(runtime_, {SIGINT, SIGTERM});
  // The loop may be too busy to hear a second one.
  const InterruptFlag second;
  std::exception_ptr error;
  const auto keep = [&error](std::exception_ptr thrown) {
    if (thrown && !error) error = std::move(thrown);
  };
  asio::co_spawn(runtime_.executor(), watch_signals(&signals, &run), keep);
  asio::co_spawn(runtime_.executor(), run.execute(), [&](std::exception_ptr thrown) {
    keep(std::move(thrown));
    runtime_.stop();
  });
  runtime_.run();
  if (error) std::rethrow_exception(error);
  return std::move(run.result());
}

}  // namespace loader
