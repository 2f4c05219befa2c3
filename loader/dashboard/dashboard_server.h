// Serves the report of a run while it goes on: one page, and an event for each newer report.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <memory>
#include <string>

#include "shared/base/error.h"
#include "shared/runtime/endpoint.h"
#include "shared/runtime/runtime.h"

namespace loader {

struct DashboardState;

/// GET / (and /ui/, as in k6): the page. GET /report: the last report as it would be in a file.
/// GET /events: server-sent events, "report" with the body of each newer page, in the end "stop".
/// Where only this machine can reach it, a Host that is neither an address nor localhost gets 403.
/// On the runtime's thread, but for is_followed() and followers().
class DashboardServer {
 public:
  /// Browsers hold on to a few connections each; more than these are closed at once.
  static constexpr std::size_t kConnectionsMax = 64;
  /// Something is sent at least so often, so that a page that is gone is noticed.
  static constexpr lab::Duration kKeepAlive = std::chrono::seconds(15);
  /// What a page gets at the end to read the last report.
  static constexpr lab::Duration kLastWrite = std::chrono::seconds(2);

  /// `runtime` outlives it; `first_page` is shown until there is a report.
  DashboardServer(lab::Runtime& runtime, std::string first_page);
  ~DashboardServer();
  DashboardServer(const DashboardServer&) = delete;
  DashboardServer& operator=(const DashboardServer&) = delete;

  /// Where it listens then; with port 0, a free one.
  lab::IoResult<lab::Endpoint> start(const lab::Endpoint& endpoint);
  /// A newer report, as a whole page.
  void publish(std::string page);
  /// Takes no connection any more, ends the events, and returns once all pages have them, or after
  /// kLastWrite.
  boost::asio::awaitable<void> finish();
  /// Whether somebody would see a newer report: a page follows the run, or one was asked for since
  /// the last report; and for the first one. Callable from any thread.
  [[nodiscard]] bool is_followed() const;
  /// Pages that follow the run at the moment.
  [[nodiscard]] std::size_t followers() const;

 private:
  std::shared_ptr<DashboardState> state_;  ///< Shared with the coroutines of its connections.
};

}  // namespace loader
