#include "shared/runtime/asio_runtime.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <cerrno>
#include <deque>
#include <utility>

#include "shared/runtime/await.h"

namespace lab {
namespace {

using asio::ip::tcp;

// On the context itself, not on any_io_executor: each operation would pay for what is behind it.
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

constexpr int kBacklog = 4096;

std::chrono::steady_clock::time_point to_steady(TimePoint t) {
  return std::chrono::steady_clock::time_point(t.time_since_epoch());
}
TimePoint steady_now() { return TimePoint(std::chrono::steady_clock::now().time_since_epoch()); }

Endpoint from_tcp(const tcp::endpoint& endpoint) {
  return {endpoint.address().to_string(), endpoint.port()};
}
IoResult<tcp::endpoint> to_tcp(const Endpoint& endpoint) {
  ErrorCode ec;
  const auto address = asio::ip::make_address(endpoint.address, ec);
  if (ec) return ec;
  return tcp::endpoint(address, endpoint.port);
}

// A socket with its deadline. Shared by the stream, its timer's handler and the handlers of
// operations under way, each of which may outlive the stream; all on one thread.
class TimedSocket : public boost::intrusive_ref_counter<TimedSocket, boost::thread_unsafe_counter> {
 public:
  explicit TimedSocket(Socket socket)
      : socket_(std::move(socket)), timer_(socket_.get_executor()) {}

  Socket& socket() { return socket_; }
  [[nodiscard]] bool expired() const { return expired_; }

  // The timer is left alone while it would fire before the new deadline: moving a deadline later on
  // every request then costs nothing, and the early firing re-arms it.
  void expires_at(TimePoint deadline) {
    deadline_ = deadline;
    expired_ = false;
    if (deadline < armed_) arm();
  }

  void close() {
    ErrorCode ignored;
    socket_.close(ignored);
    timer_.cancel();
  }

 private:
  void arm() {
    armed_ = deadline_;
    timer_.expires_at(to_steady(armed_));
    timer_.async_wait([self = boost::intrusive_ptr<TimedSocket>(this)](ErrorCode ec) {
      if (!ec) self->on_timer();
    });
  }

  void on_timer() {
    armed_ = kNoDeadline;
    if (deadline_ == kNoDeadline || !socket_.is_open()) return;
    if (steady_now() < deadline_) return arm();
    expired_ = true;
    ErrorCode ignored;
    socket_.cancel(ignored);
  }

  Socket socket_;
  Timer timer_;
  TimePoint deadline_ = kNoDeadline;
  TimePoint armed_ = kNoDeadline;
  bool expired_ = false;
};

using TimedSocketPtr = boost::intrusive_ptr<TimedSocket>;

// Completes `handler`, with operation_aborted turned into timeout when the deadline was the cause.
// Nothing that is associated with it is passed on: its executor can be no other than the runtime's
// own, where this is called anyway.
struct DeadlineTranslator {
  TimedSocketPtr socket;
  Stream::Handler handler;

  void operator()(ErrorCode ec, std::size_t n) {
    if (ec == asio::error::operation_aborted && socket->expired()) ec = Errc::timeout;
    std::move(handler)(ec, n);
  }
};

class AsioStream final : public Stream {
 public:
  AsioStream(TimedSocketPtr socket, Endpoint remote)
      : socket_(std::move(socket)), remote_(std::move(remote)) {}
  AsioStream(const AsioStream&) = delete;
  AsioStream& operator=(const AsioStream&) = delete;
  ~AsioStream() override { socket_->close(); }

  executor_type get_executor() override { return socket_->socket().get_executor(); }
  IoResult<std::size_t> write_now(asio::const_buffer buffer) override {
    if (!socket_->socket().is_open()) return ErrorCode(Errc::connection_closed);
    const auto sent = ::send(socket_->socket().native_handle(), buffer.data(), buffer.size(),
                             MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) return static_cast<std::size_t>(sent);
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return std::size_t{0};
    return ErrorCode(errno, boost::system::system_category());
  }
  void expires_at(TimePoint deadline) override { socket_->expires_at(deadline); }

  void shutdown_send() override {
    ErrorCode ignored;
    socket_->socket().shutdown(tcp::socket::shutdown_send, ignored);
  }
  void reset() override {
    ErrorCode ignored;
    // Linger of zero seconds makes close() send RST (socket(7)).
    socket_->socket().set_option(asio::socket_base::linger(true, 0), ignored);
    socket_->close();
  }
  void close() override { socket_->close(); }
  [[nodiscard]] bool is_readable() const override {
    char byte = 0;
    const auto received =
        ::recv(socket_->socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return received >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
  }
  [[nodiscard]] Endpoint remote_endpoint() const override { return remote_; }

 protected:
  void do_read_some(asio::mutable_buffer buffer, Handler handler,
                    asio::cancellation_slot slot) override {
    if (refuse(handler)) return;
    DeadlineTranslator translator{socket_, std::move(handler)};
    socket_->socket().async_read_some(buffer,
                                      asio::bind_cancellation_slot(slot, std::move(translator)));
  }
  void do_write_some(asio::const_buffer buffer, Handler handler,
                     asio::cancellation_slot slot) override {
    if (refuse(handler)) return;
    DeadlineTranslator translator{socket_, std::move(handler)};
    socket_->socket().async_write_some(buffer,
                                       asio::bind_cancellation_slot(slot, std::move(translator)));
  }

 private:
  bool refuse(Handler& handler) {
    ErrorCode ec;
    if (socket_->expired()) {
      ec = Errc::timeout;
    } else if (!socket_->socket().is_open()) {
      ec = Errc::connection_closed;
    } else {
      return false;
    }
    asio::post(get_executor(), [h = std::move(handler), ec]() mutable { std::move(h)(ec, 0); });
    return true;
  }

  TimedSocketPtr socket_;
  Endpoint remote_;
};

std::unique_ptr<Stream> make_stream(TimedSocketPtr socket, Endpoint remote) {
  ErrorCode ignored;
  socket->socket().set_option(tcp::no_delay(true), ignored);
  return std::make_unique<AsioStream>(std::move(socket), std::move(remote));
}

class AsioListener final : public Listener {
 public:
  explicit AsioListener(Acceptor acceptor)
      : acceptor_(std::move(acceptor)), local_(from_tcp(acceptor_.local_endpoint())) {}

  // Those who wait are all taken at once: one a turn would be late behind work that takes long.
  asio::awaitable<IoResult<std::unique_ptr<Stream>>> accept() override {
    if (waiting_.empty()) {
      auto [failed, first] = co_await acceptor_.async_accept(kAwait);
      if (failed) co_return failed;
      waiting_.push_back(std::move(first));
      take_waiting();
    }
    auto socket = std::move(waiting_.front());
    waiting_.pop_front();
    ErrorCode ec;
    const auto remote = socket.remote_endpoint(ec);
    // The peer may be gone already; its first read will say so.
    const Endpoint peer = ec ? Endpoint{} : from_tcp(remote);
    co_return make_stream(new TimedSocket(std::move(socket)), peer);
  }
  void close() override {
    ErrorCode ignored;
    acceptor_.close(ignored);
    waiting_.clear();
  }
  [[nodiscard]] Endpoint local_endpoint() const override { return local_; }

 private:
  static constexpr std::size_t kWaitingMax = 128;

  // What goes wrong here the next async_accept() will tell.
  void take_waiting() {
    ErrorCode ec;
    acceptor_.non_blocking(true, ec);
    while (!ec && waiting_.size() < kWaitingMax) {
      auto socket = acceptor_.accept(ec);
      if (!ec) waiting_.push_back(std::move(socket));
    }
  }

  Acceptor acceptor_;
  std::deque<decltype(std::declval<Acceptor&>().accept())> waiting_;
  Endpoint local_;
};

}  // namespace

struct AsioRuntime::State {
  // One thread runs the context (concurrency hint 1), others may only post to it and stop it.
  asio::io_context context{1};
  NoteLateness note_lateness;
};

struct AsioRuntime::Signals::State {
  explicit State(asio::io_context& context) : set(context) {}
  asio::signal_set set;
};

AsioRuntime::AsioRuntime() : state_(std::make_unique<State>()) {}
AsioRuntime::~AsioRuntime() = default;

void AsioRuntime::run() {
  state_->context.restart();
  state_->context.run();
}
void AsioRuntime::stop() { state_->context.stop(); }
void AsioRuntime::post(asio::any_completion_handler<void()> task) {
  asio::post(state_->context, std::move(task));
}
void AsioRuntime::tell_lateness(NoteLateness note) { state_->note_lateness = std::move(note); }

asio::any_io_executor AsioRuntime::executor() { return state_->context.get_executor(); }
TimePoint AsioRuntime::now() const { return steady_now(); }
WallTime AsioRuntime::wall_now() const { return std::chrono::system_clock::now(); }

asio::awaitable<ErrorCode> AsioRuntime::sleep_until(TimePoint deadline) {
  // Without a listener the clock is not read.
  const TimePoint due = state_->note_lateness ? std::max(deadline, steady_now()) : deadline;
  Timer timer(state_->context, to_steady(deadline));
  const auto [ec] = co_await timer.async_wait(kAwait);
  if (!ec && state_->note_lateness) {
    state_->note_lateness(due, std::max(steady_now() - due, Duration::zero()));
  }
  co_return ec;
}

IoResult<std::unique_ptr<Listener>> AsioRuntime::listen(const Endpoint& endpoint, bool share) {
  const auto address = to_tcp(endpoint);
  if (!address) return address.error();
  ErrorCode ec;
  Acceptor acceptor(state_->context);
  acceptor.open(address->protocol(), ec);
  if (ec) return ec;
  acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (ec) return ec;
  if (share) {
    const int on = 1;
    if (::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
      return ErrorCode(errno, boost::system::system_category());
    }
  }
  acceptor.bind(*address, ec);
  if (ec) return ec;
  acceptor.listen(kBacklog, ec);
  if (ec) return ec;
  return std::unique_ptr<Listener>(std::make_unique<AsioListener>(std::move(acceptor)));
}

asio::awaitable<IoResult<std::unique_ptr<Stream>>> AsioRuntime::connect(Endpoint endpoint,
                                                                        TimePoint deadline) {
  const auto address = to_tcp(endpoint);
  if (!address) co_return address.error();
  TimedSocketPtr socket(new TimedSocket(Socket(state_->context)));
  ErrorCode opened;
  socket->socket().open(address->protocol(), opened);
  if (opened) co_return opened;
  socket->expires_at(deadline);
  const auto [ec] = co_await socket->socket().async_connect(*address, kAwait);
  if (ec) {
    const bool late = ec == asio::error::operation_aborted && socket->expired();
    socket->close();
    co_return late ? ErrorCode(Errc::timeout) : ec;
  }
  socket->expires_at(kNoDeadline);
  co_return make_stream(std::move(socket), std::move(endpoint));
}

asio::awaitable<IoResult<std::vector<Endpoint>>> AsioRuntime::resolve(std::string host,
                                                                      std::uint16_t port,
                                                                      TimePoint deadline) {
  ErrorCode numeric;
  const auto address = asio::ip::make_address(host, numeric);
  if (!numeric) co_return std::vector<Endpoint>{{address.to_string(), port}};

  auto resolver = std::make_shared<tcp::resolver>(state_->context);
  auto late = std::make_shared<bool>(false);
  asio::steady_timer timer(state_->context, to_steady(deadline));
  // Both are shared with the handler, which may run after this coroutine has ended.
  timer.async_wait([resolver, late](ErrorCode ec) {
    if (ec) return;
    *late = true;
    resolver->cancel();
  });
  const auto [ec, results] = co_await resolver->async_resolve(host, std::to_string(port), kAwait);
  if (ec) co_return *late ? ErrorCode(Errc::timeout) : ec;
  std::vector<Endpoint> endpoints;
  for (const auto& result : results) endpoints.push_back(from_tcp(result.endpoint()));
  co_return endpoints;
}

AsioRuntime::Signals::Signals(AsioRuntime& runtime, std::initializer_list<int> numbers)
    : state_(std::make_unique<State>(runtime.state_->context)) {
  for (const int number : numbers) state_->set.add(number);
}
AsioRuntime::Signals::~Signals() = default;

asio::awaitable<IoResult<int>> AsioRuntime::Signals::next() {
  const auto [ec, number] = co_await state_->set.async_wait(kAwait);
  if (ec) co_return ec;
  co_return number;
}

}  // namespace lab
