#include "loader/dashboard/dashboard_server.h"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <exception>
#include <list>
#include <optional>
#include <utility>

#include "loader/dashboard/dashboard_page.h"
#include "shared/runtime/http_io.h"
#include "shared/runtime/listen_address.h"
#include "shared/runtime/wakeup.h"
#include "shared/runtime/web_page_rules.h"

namespace loader {

namespace asio = boost::asio;

struct DashboardState {
  DashboardState(lab::Runtime& its_runtime, std::string first_page)
      : runtime(its_runtime), page(std::move(first_page)), everyone_left(its_runtime) {}

  lab::Runtime& runtime;
  std::unique_ptr<lab::Listener> listener{};
  std::string page;
  bool is_private = true;     ///< Only this machine can reach it.
  std::uint64_t version = 0;  ///< Of the page; 0: there was no report yet.
  bool is_over = false;
  std::list<lab::Stream*> streams{};         ///< Of all connections.
  std::list<lab::Wakeup*> followers{};       ///< Of those that are sent events, and
  std::atomic<std::size_t> followed_by = 0;  ///< how many they are, for other threads.
  std::atomic<bool> is_asked_for = true;     ///< A report, since the last one.
  lab::Wakeup everyone_left;
};

namespace {

// After an error of accept() that is not of one connection.
constexpr lab::Duration kAcceptPause = std::chrono::milliseconds(100);
constexpr lab::HttpLimits kLimits{
    .header_bytes_max = 16 * 1024, .header_fields_max = 64, .body_bytes_max = 1024};

lab::HttpResponse text_response(unsigned status, std::string_view type, std::string body) {
  lab::HttpResponse response{.status = status, .headers = {}, .body = std::move(body)};
  response.headers.add("Content-Type", type);
  response.headers.add("Cache-Control", "no-store");
  return response;
}

// Nobody listens to what a connection of a page that is gone died of.
void ignore(std::exception_ptr /*thrown*/) {}

/// A connection among those of the server, for as long as it lives.
class OpenConnection {
 public:
  OpenConnection(DashboardState& state, lab::Stream& stream)
      : state_(state), place_(state.streams.insert(state.streams.end(), &stream)) {}
  ~OpenConnection() { state_.streams.erase(place_); }
  OpenConnection(const OpenConnection&) = delete;
  OpenConnection& operator=(const OpenConnection&) = delete;

 private:
  DashboardState& state_;
  std::list<lab::Stream*>::iterator place_;
};

/// One that is sent events.
class Follower {
 public:
  Follower(DashboardState& state, lab::Wakeup& news)
      : state_(state), place_(state.followers.insert(state.followers.end(), &news)) {
    state_.followed_by = state_.followers.size();
  }
  ~Follower() {
    state_.followers.erase(place_);
    state_.followed_by = state_.followers.size();
    if (state_.followers.empty()) state_.everyone_left.notify();
  }
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

 private:
  DashboardState& state_;
  std::list<lab::Wakeup*>::iterator place_;
};

asio::awaitable<void> send_events(std::shared_ptr<DashboardState> state,
                                  lab::HttpServerConnection* http) {
  lab::Wakeup news(state->runtime);
  const Follower follower(*state, news);
  const lab::HttpResponse head = text_response(200, "text/event-stream", "");
  if (co_await http->start_stream(head)) co_return;
  http->watch_client();
  std::uint64_t sent = 0;
  while (!http->client_left()) {
    const bool is_over = state->is_over;
    std::string events;
    if (state->version > sent) {
      sent = state->version;
      events = server_sent_event("report", body_of(state->page));
    }
    if (is_over) events += server_sent_event("stop", "");
    if (events.empty()) events = ": nothing new\n\n";
    if (co_await http->write_piece(events)) co_return;
    if (is_over) {
      (void)co_await http->finish_stream();
      co_return;
    }
    if (state->version > sent || state->is_over) continue;
    co_await news.wait_until(state->runtime.now() + DashboardServer::kKeepAlive);
  }
}

// A page of the web whose name leads to this machine (DNS rebinding) could read the run otherwise;
// of other origins a browser lets none read it.
bool is_asked_by_own_name(const DashboardState& state, const lab::HttpRequest& request) {
  const auto host = request.headers.find("host");
  return !state.is_private || !host || lab::is_own_host(*host, {});
}

lab::HttpResponse answer(DashboardState& state, const lab::HttpRequest& request) {
  if (!is_asked_by_own_name(state, request)) {
    return text_response(403, "text/plain",
                         "this dashboard is asked by address or as localhost, not as " +
                             lab::quoted_start(*request.headers.find("host")) + "\n");
  }
  if (request.method != "GET" && request.method != "HEAD") {
    lab::HttpResponse refusal = text_response(405, "text/plain", "only GET and HEAD\n");
    refusal.headers.add("Allow", "GET, HEAD");
    return refusal;
  }
  constexpr std::string_view kHtml = "text/html; charset=utf-8";
  const std::string_view path = lab::target_path(request.target);
  const bool is_page = path == "/" || path == "/ui/" || path == "/ui";
  if (is_page || path == "/report") {
    state.is_asked_for = true;
    return text_response(200, kHtml, is_page ? live_page(state.page) : state.page);
  }
  return text_response(404, "text/plain", "there is /, /report and /events\n");
}

// 0: there is nobody to tell, or nothing was said.
unsigned status_of_unread(lab::ErrorCode reason) {
  if (reason == lab::Errc::body_too_large) return 413;
  if (reason == lab::Errc::header_too_large) return 431;
  if (reason == lab::Errc::bad_message) return 400;
  return 0;
}

asio::awaitable<void> refuse_unread(lab::HttpServerConnection* http, lab::ErrorCode reason) {
  const unsigned status = status_of_unread(reason);
  if (status == 0) co_return;
  http->close_after_response();
  const std::string text = std::string(lab::reason_phrase(status)) + "\n";
  if (co_await http->write(text_response(status, "text/plain", text))) co_return;
  co_await http->linger();
}

asio::awaitable<void> serve(std::shared_ptr<DashboardState> state,
                            std::unique_ptr<lab::Stream> stream) {
  lab::HttpServerConnection http(state->runtime, std::move(stream), kLimits, {});
  const OpenConnection open(*state, http.stream());
  while (true) {
    const lab::ErrorCode unread = co_await http.read_request();
    if (unread) co_return co_await refuse_unread(&http, unread);
    const lab::HttpRequest& request = http.request();
    if (request.method == "GET" && lab::target_path(request.target) == "/events" &&
        is_asked_by_own_name(*state, request)) {
      co_await send_events(state, &http);
      co_return;
    }
    if (state->is_over) http.close_after_response();
    if (co_await http.write(answer(*state, request))) co_return;
    if (!http.keep_alive()) co_return;
  }
}

asio::awaitable<void> accept_all(std::shared_ptr<DashboardState> state) {
  while (!state->is_over) {
    auto accepted = co_await state->listener->accept();
    if (state->is_over) co_return;
    if (!accepted) {
      if (accepted.error() == asio::error::operation_aborted) co_return;
      if (co_await state->runtime.sleep_for(kAcceptPause)) co_return;
      continue;
    }
    if (state->streams.size() >= DashboardServer::kConnectionsMax) continue;
    asio::co_spawn(state->runtime.executor(), serve(state, std::move(*accepted)), ignore);
  }
}

}  // namespace

DashboardServer::DashboardServer(lab::Runtime& runtime, std::string first_page)
    : state_(std::make_shared<DashboardState>(runtime, std::move(first_page))) {}

DashboardServer::~DashboardServer() {
  state_->is_over = true;
  if (state_->listener) state_->listener->close();
  for (lab::Stream* const stream : state_->streams) stream->close();
  for (lab::Wakeup* const follower : state_->followers) follower->notify();
}

lab::IoResult<lab::Endpoint> DashboardServer::start(const lab::Endpoint& endpoint) {
  auto listener = state_->runtime.listen(endpoint);
  if (!listener) return listener.error();
  state_->listener = std::move(*listener);
  asio::co_spawn(state_->runtime.executor(), accept_all(state_), ignore);
  const lab::Endpoint bound = state_->listener->local_endpoint();
  state_->is_private = lab::is_loopback_address(bound.address);
  return bound;
}

void DashboardServer::publish(std::string page) {
  state_->page = std::move(page);
  state_->is_asked_for = false;
  ++state_->version;
  for (lab::Wakeup* const follower : state_->followers) follower->notify();
}

std::size_t DashboardServer::followers() const { return state_->followed_by; }

bool DashboardServer::is_followed() const { return followers() > 0 || state_->is_asked_for; }

asio::awaitable<void> DashboardServer::finish() {
  const std::shared_ptr<DashboardState> state = state_;
  state->is_over = true;
  state->listener->close();
  for (lab::Wakeup* const follower : state->followers) follower->notify();
  const lab::TimePoint deadline = state->runtime.now() + kLastWrite;
  while (!state->followers.empty() && state->runtime.now() < deadline) {
    co_await state->everyone_left.wait_until(deadline);
  }
}

}  // namespace loader
