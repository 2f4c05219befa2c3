// Sends one request and reads its response, over connections that one virtual user keeps.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/http/error_code.h"
#include "loader/http/http_client_context.h"
#include "loader/http/stream_meter.h"
#include "loader/http/url.h"
#include "shared/base/time.h"
#include "shared/runtime/http_io.h"

namespace loader {

/// k6's phases of a request. Phases that were not reached are zero.
struct HttpTimings {
  lab::Duration blocked{};  ///< Waiting for a connection: look-up, connecting and TLS in it.
  lab::Duration connecting{};
  lab::Duration tls_handshaking{};
  lab::Duration sending{};
  lab::Duration
      waiting{};  ///< From the last byte sent to the first received; to the end if none came.
  lab::Duration receiving{};

  [[nodiscard]] lab::Duration duration() const { return sending + waiting + receiving; }
};

/// What came of one request.
struct HttpOutcome {
  unsigned status = 0;       ///< 0 if the exchange failed, as in k6, even when a status had come.
  unsigned head_status = 0;  ///< The status that came, whatever happened to the body.
  std::string reason;        ///< The phrase after it, as the server wrote it; may be empty.
  lab::HttpHeaders headers;
  std::string body;  ///< Without content coding; empty if it was not to be kept.
  BodyEnd body_end = BodyEnd::cut_short;
  RequestError error;  ///< Of the transport; a status of 400 and above is none here.
  HttpTimings timings;
  lab::TimePoint started{};       ///< When its turn came; nothing was done for it before.
  lab::TimePoint send_started{};  ///< When the request began to go out; `started` if it never did.
  lab::TimePoint finished{};
  lab::TlsFacts tls;
  std::string remote_ip;  ///< Of the server, or of the proxy; empty: there was no connection.
  std::uint16_t remote_port = 0;
  bool is_expected = false;  ///< As its step wants it; for whoever knows the step to say.

  [[nodiscard]] bool has_response() const { return status != 0; }
};

/// Takes the body of an answer as it comes.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// The answer's head is there; called before any byte of its body.
  virtual void begin(unsigned status, const lab::HttpHeaders& headers) = 0;
  /// Bytes without content coding, in order.
  virtual void take(std::string_view bytes) = 0;
  /// Whoever reads wants no more: a cancellation then ends the answer as if the server had.
  [[nodiscard]] virtual bool is_closed() const = 0;
};

/// One request to send; what it points to must outlive the call.
struct HttpCall {
  const Url* url = nullptr;
  const lab::HttpRequest* request = nullptr;
  StreamMeter* meter =
      nullptr;  ///< Gets a body of content type text/event-stream, and any of status 200.
  bool keeps_body = true;      ///< If false, a body in which `meter` finds an event is not kept.
  bool discards_body = false;  ///< No body is kept at all.
  BodySink* sink = nullptr;    ///< Gets the body as well; null: nobody does.
  /// Of everything, connecting included, from HttpOutcome::started on.
  lab::Duration timeout = lab::Duration::max();
  /// Its clock runs already: it does not wait until what has come for others is read.
  bool is_due = false;
};

/// Not thread-safe; one request at a time. No redirects, no retries: but a request whose kept
/// connection ends before any byte of a response is sent once more on a new one if it may be: a GET
/// and the like, or one of which no byte went out (RFC 9112, 9.3.1). A POST that the server may
/// have read is a failed request, as with k6.
class HttpClient {
 public:
  /// `context` outlives it.
  explicit HttpClient(HttpClientContext& context) : context_(&context) {}

  /// First lets everything happen that is ready to: others' answers that have come are read and
  /// stamped, since their clocks are running and this request's is not yet. That also makes the
  /// sends of a busy moment one burst, which wakes an idle server once.
  /// Never fails as a call: failures are outcomes. Only cancellation throws, as awaiting does; the
  /// connection in use is closed then. `outcome` is written over; not returned, since each
  /// coroutine above this one would hold it twice.
  boost::asio::awaitable<void> perform(HttpCall call, HttpOutcome* outcome);

  void close_connections() { connections_.clear(); }

  /// On the wire (above TLS), since construction.
  [[nodiscard]] std::uint64_t bytes_sent() const { return bytes_sent_; }
  [[nodiscard]] std::uint64_t bytes_received() const { return bytes_received_; }

 private:
  struct Connection {
    std::string host;
    std::uint16_t port = 0;
    std::string authority;  ///< For the Host header.
    lab::TlsFacts tls;
    lab::Endpoint remote;
    const Proxy* proxy;  ///< To which requests are sent as such; null: none, or a tunnel.
    lab::HttpClientConnection http;
  };
  using ConnectionPtr = std::unique_ptr<Connection>;
  /// The failure of one try, and where it happened.
  struct Failure {
    RequestPhase phase = RequestPhase::receiving;
    lab::ErrorCode ec;
  };

  /// Null if there is none.
  [[nodiscard]] ConnectionPtr take_kept(const Url& url);
  void keep(ConnectionPtr connection);
  boost::asio::awaitable<Failure> open(HttpCall call, HttpOutcome* outcome, ConnectionPtr* opened);
  /// Resolves and connects, as far as the options let a host be reached.
  boost::asio::awaitable<Failure> reach(HttpCall call, HttpOutcome* outcome, HostTarget to,
                                        std::unique_ptr<lab::Stream>* stream);
  /// Through an open connection to a proxy.
  boost::asio::awaitable<Failure> tunnel(HttpCall call, HttpOutcome* outcome, const Proxy* proxy,
                                         lab::Stream* stream);
  boost::asio::awaitable<Failure> secure(HttpCall call, HttpOutcome* outcome, std::string host,
                                         std::unique_ptr<lab::Stream>* stream,
                                         lab::TlsFacts* facts);
  boost::asio::awaitable<lab::IoResult<std::unique_ptr<lab::Stream>>> dial(
      std::string host, std::vector<lab::Endpoint> endpoints, lab::TimePoint deadline);
  boost::asio::awaitable<Failure> exchange(HttpCall call, Connection* connection,
                                           HttpOutcome* outcome);
  /// A flow talks to one gateway, seldom to another host after a redirect.
  static constexpr std::size_t kConnectionsMax = 4;

  HttpClientContext* context_;
  std::vector<ConnectionPtr> connections_;  ///< Idle ones; the oldest first.
  std::uint64_t bytes_sent_ = 0;
  std::uint64_t bytes_received_ = 0;
};

}  // namespace loader
