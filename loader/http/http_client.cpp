#include "loader/http/http_client.h"

#include <algorithm>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <limits>
#include <utility>

#include "loader/http/body_decoder.h"
#include "loader/http/event_stream.h"
#include "loader/http/proxy_tunnel.h"
#include "shared/runtime/await.h"
#include "shared/runtime/yield.h"

namespace loader {
namespace {

namespace asio = boost::asio;
using lab::Duration;
using lab::TimePoint;

/// What a server that closed a kept connection while the request was on its way leaves behind.
bool is_stale_error(lab::ErrorCode ec) {
  return ec == lab::Errc::end_of_stream || ec == asio::error::connection_reset ||
         ec == asio::error::broken_pipe || ec == asio::error::eof;
}

// RFC 9110, 9.2.2: sending these twice is as good as once. The list is Go's, whose client is k6's.
bool is_idempotent(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
}

// Of one address; k6's dialer has this.
constexpr Duration kDialTimeout = std::chrono::seconds(30);

bool has_first_byte(const lab::HttpClientConnection& http) {
  return http.times().first_byte != TimePoint{};
}

Duration between(TimePoint from, TimePoint to) { return std::max(to - from, Duration::zero()); }

void fill_exchange_timings(HttpOutcome& outcome, const lab::HttpExchangeTimes& times,
                           bool was_sent) {
  HttpTimings& timings = outcome.timings;
  outcome.send_started = times.send_started;
  timings.sending = between(times.send_started, times.send_finished);
  if (!was_sent) return;
  const bool has_answer = times.first_byte != TimePoint{};
  timings.waiting = between(times.send_finished, has_answer ? times.first_byte : outcome.finished);
  if (has_answer) timings.receiving = between(times.first_byte, outcome.finished);
}

// Not in the coroutine, whose frame would have room for another outcome.
void begin(HttpOutcome& outcome, TimePoint now) {
  HttpOutcome fresh;
  // Filled for every request: their memory is good for the next one.
  fresh.headers = std::move(outcome.headers);
  fresh.headers.clear();
  fresh.body = std::move(outcome.body);
  fresh.body.clear();
  fresh.started = fresh.send_started = now;
  outcome = std::move(fresh);
}

// Nothing can be done in no time, not even over a connection that stands.
void end_before_it_begins(HttpOutcome& outcome) {
  outcome.finished = outcome.started;
  outcome.body_end = BodyEnd::timed_out;
  outcome.error = transport_error(RequestPhase::receiving, lab::Errc::timeout);
}

TimePoint deadline_of(const HttpCall& call, const HttpOutcome& outcome) {
  return lab::later(outcome.started, call.timeout);
}

// A proxy is told the whole URL (RFC 9112, 3.2.2). Null: the request goes out as it is.
std::unique_ptr<lab::HttpRequest> request_for(const Proxy* proxy, const HttpCall& call) {
  if (proxy == nullptr) return nullptr;
  auto request = std::make_unique<lab::HttpRequest>(*call.request);
  request->target = call.url->to_string();
  if (!proxy->authorization.empty()) {
    request->headers.set("Proxy-Authorization", proxy->authorization);
  }
  return request;
}

// Takes the body of one answer, as it comes, to where it is to go.
class BodyReader {
 public:
  BodyReader(const HttpCall& call, const lab::HttpClientConnection& http,
             const HttpClientContext& context, HttpOutcome& outcome)
      : http_(http),
        bytes_max_(context.options().response_bytes_max),
        outcome_(outcome),
        sink_(call.sink),
        decoder_(http.headers().find("Content-Encoding").value_or(""), bytes_max_) {
    outcome.status = http.status();
    outcome.head_status = http.status();
    outcome.reason = http.reason();
    outcome.headers = http.headers();
    if (is_event_stream(outcome.headers) || outcome.status == 200) meter_ = call.meter;
    if (sink_ != nullptr) sink_->begin(outcome.status, outcome.headers);
    is_kept_ = (!call.discards_body && (call.keeps_body || meter_ == nullptr)) ||
               (context.show() && context.options().debug == HttpDebug::full);
  }

  // An error, which is in the outcome then, if it is not to be read further.
  lab::ErrorCode take(std::string_view piece) {
    const auto bytes = decoder_.decode(piece);
    if (bytes.has_error()) return refuse(bytes.error());
    if (meter_ != nullptr) meter_->push(*bytes, http_.times().last_byte);
    if (sink_ != nullptr) sink_->take(*bytes);
    if (!is_to_be_kept()) return {};
    outcome_.body += *bytes;
    return outcome_.body.size() > bytes_max_ ? refuse(lab::Errc::body_too_large) : lab::ErrorCode{};
  }

  lab::ErrorCode finish() {
    if (!decoder_.is_cut()) return {};
    outcome_.error = {kErrorDecompression, "invalid content encoding: unexpected end"};
    return lab::Errc::partial_message;
  }

 private:
  // Until the first event it may be an error, or a whole completion, whatever it calls itself.
  bool is_to_be_kept() {
    if (is_kept_ || meter_ == nullptr) return is_kept_;
    if (!meter_->has_event()) return true;
    outcome_.body.clear();
    return false;
  }
  lab::ErrorCode refuse(lab::ErrorCode ec) {
    if (ec == lab::Errc::body_too_large) {
      outcome_.error = {kErrorGeneric, "response body above responseBytesMax (" +
                                           std::to_string(bytes_max_) + " bytes)"};
    } else {
      outcome_.error = {kErrorDecompression, "invalid content encoding: " + ec.message()};
    }
    return ec;
  }

  const lab::HttpClientConnection& http_;
  std::uint64_t bytes_max_;
  HttpOutcome& outcome_;
  BodySink* sink_;
  BodyDecoder decoder_;
  StreamMeter* meter_ = nullptr;
  bool is_kept_ = false;
};

}  // namespace

HttpClient::ConnectionPtr HttpClient::take_kept(const Url& url) {
  std::erase_if(connections_, [](const ConnectionPtr& each) { return each->http.is_stale(); });
  const auto found =
      std::find_if(connections_.begin(), connections_.end(), [&url](const ConnectionPtr& each) {
        return each->port == url.port && each->host == url.host &&
               each->tls.version.empty() != url.is_https;
      });
  if (found == connections_.end()) return nullptr;
  ConnectionPtr taken = std::move(*found);
  connections_.erase(found);
  return taken;
}

void HttpClient::keep(ConnectionPtr connection) {
  if (!connection->http.reusable() || context_->options().no_connection_reuse) return;
  if (connections_.size() == kConnectionsMax) connections_.erase(connections_.begin());
  connections_.push_back(std::move(connection));
}

asio::awaitable<void> HttpClient::perform(HttpCall call, HttpOutcome* outcome) {
  lab::Runtime& runtime = context_->runtime();
  if (!call.is_due) co_await lab::async_yield(runtime.executor(), asio::deferred);
  begin(*outcome, runtime.now());
  if (call.timeout <= lab::Duration::zero()) co_return end_before_it_begins(*outcome);
  Failure failure;
  ConnectionPtr connection = take_kept(*call.url);
  const std::uint64_t sent_before = bytes_sent_;
  if (connection) failure = co_await exchange(call, connection.get(), outcome);
  const bool may_resend = is_idempotent(call.request->method) || bytes_sent_ == sent_before;
  if (!connection ||
      (may_resend && is_stale_error(failure.ec) && !has_first_byte(connection->http))) {
    connection.reset();
    outcome->timings = {};
    failure = co_await open(call, outcome, &connection);
    if (failure.ec) {
      outcome->finished = runtime.now();
    } else {
      failure = co_await exchange(call, connection.get(), outcome);
    }
  }
  if (failure.ec == asio::error::operation_aborted && call.sink != nullptr &&
      call.sink->is_closed()) {
    failure.ec = {};
    outcome->error = {};
    connection.reset();
  }
  // A cancelled operation says so as a value; whoever awaits this learns it as awaiting says it.
  if (failure.ec == asio::error::operation_aborted) throw boost::system::system_error(failure.ec);
  // After [DONE] the answer is whole: how the connection goes on is no business of the request's.
  if (failure.ec && call.meter != nullptr && call.meter->is_done()) {
    outcome->error = {};
    outcome->body_end = BodyEnd::complete;
  } else if (failure.ec) {
    outcome->status = 0;
    // The whole request's time-out is that, wherever it struck; the dialer's own is shorter.
    const bool has_passed =
        failure.ec == lab::Errc::timeout && outcome->finished >= deadline_of(call, *outcome);
    outcome->body_end = has_passed ? BodyEnd::timed_out : BodyEnd::cut_short;
    if (outcome->error.code == 0) {
      outcome->error =
          transport_error(has_passed ? RequestPhase::receiving : failure.phase, failure.ec);
    }
  } else {
    outcome->body_end = BodyEnd::complete;
    // Said by the request itself, it is as good as said by the server, which closes then.
    const bool is_kept =
        connection != nullptr && !call.request->headers.has_token("Connection", "close");
    if (is_kept) keep(std::move(connection));
  }
}

asio::awaitable<HttpClient::Failure> HttpClient::open(HttpCall call, HttpOutcome* outcome,
                                                      ConnectionPtr* opened) {
  lab::Runtime& runtime = context_->runtime();
  const Url& url = *call.url;
  const Proxy* proxy = context_->options().proxies.proxy_for(url);
  std::unique_ptr<lab::Stream> stream;
  HostTarget to =
      proxy != nullptr ? HostTarget{proxy->host, proxy->port} : HostTarget{url.host, url.port};
  Failure failure = co_await reach(call, outcome, std::move(to), &stream);
  lab::TlsFacts tls;
  if (!failure.ec && proxy != nullptr && proxy->is_https) {
    failure = co_await secure(call, outcome, proxy->host, &stream, &tls);
    tls = {};
  }
  if (!failure.ec && proxy != nullptr && url.is_https) {
    failure = co_await tunnel(call, outcome, proxy, stream.get());
  }
  if (!failure.ec && url.is_https) {
    failure = co_await secure(call, outcome, url.host, &stream, &tls);
  }
  if (failure.ec) co_return failure;
  outcome->timings.blocked = runtime.now() - outcome->started;
  // Whoever keeps a body bounds it, below; one that is not kept may go on for as long as it likes.
  const lab::HttpLimits limits{.body_bytes_max = std::numeric_limits<std::uint64_t>::max()};
  lab::Endpoint remote = stream->remote_endpoint();
  opened->reset(new Connection{url.host, url.port, url.authority(), std::move(tls),
                               std::move(remote), url.is_https ? nullptr : proxy,
                               lab::HttpClientConnection(runtime, std::move(stream), limits)});
  co_return Failure{};
}

asio::awaitable<HttpClient::Failure> HttpClient::reach(HttpCall call, HttpOutcome* outcome,
                                                       HostTarget to,
                                                       std::unique_ptr<lab::Stream>* stream) {
  lab::Runtime& runtime = context_->runtime();
  const HostRules& rules = context_->options().hosts;
  if (rules.is_blocked(to.address)) {
    outcome->error = {kErrorBlockedHost, "hostname is blocked"};
    co_return Failure{RequestPhase::resolving, asio::error::access_denied};
  }
  if (const auto other = rules.find_override(to.address, to.port)) to = *other;
  auto endpoints = co_await context_->resolve(to.address, to.port, deadline_of(call, *outcome));
  if (endpoints.has_error()) co_return Failure{RequestPhase::resolving, endpoints.error()};
  // As in k6 the address that is chosen decides; others are not tried in its place.
  if (rules.is_blacklisted(endpoints->front().address)) {
    outcome->error = {kErrorBlacklistedIp, "ip is blacklisted"};
    co_return Failure{RequestPhase::resolving, asio::error::access_denied};
  }
  std::erase_if(*endpoints, [&rules](const lab::Endpoint& endpoint) {
    return rules.is_blacklisted(endpoint.address);
  });
  const TimePoint dial_started = runtime.now();
  auto connected = co_await dial(to.address, std::move(*endpoints), deadline_of(call, *outcome));
  if (connected.has_error()) co_return Failure{RequestPhase::connecting, connected.error()};
  outcome->timings.connecting = runtime.now() - dial_started;
  *stream = std::move(*connected);
  co_return Failure{};
}

asio::awaitable<HttpClient::Failure> HttpClient::tunnel(HttpCall call, HttpOutcome* outcome,
                                                        const Proxy* proxy, lab::Stream* stream) {
  const Url& url = *call.url;
  const lab::Endpoint to{url.host, url.port};
  stream->expires_at(deadline_of(call, *outcome));
  const TunnelEnd end = co_await open_tunnel(stream, to.to_string(), proxy->authorization);
  if (!end.refusal.empty()) {
    outcome->error = {kErrorGeneric, end.refusal};
    co_return Failure{RequestPhase::connecting, lab::Errc::connection_closed};
  }
  co_return Failure{RequestPhase::connecting, end.ec};
}

asio::awaitable<HttpClient::Failure> HttpClient::secure(HttpCall call, HttpOutcome* outcome,
                                                        std::string host,
                                                        std::unique_ptr<lab::Stream>* stream,
                                                        lab::TlsFacts* facts) {
  const TimePoint started = context_->runtime().now();
  const auto context = context_->tls(host);
  if (context.has_error()) {
    outcome->error = {kErrorTls, context.error().to_string()};
    co_return Failure{RequestPhase::tls_handshaking, lab::TlsErrc::unknown_authority};
  }
  auto tls = co_await lab::connect_tls(std::move(*stream), **context, std::move(host),
                                       deadline_of(call, *outcome));
  if (tls.has_error()) co_return Failure{RequestPhase::tls_handshaking, tls.error()};
  *stream = std::move(tls->stream);
  *facts = std::move(tls->facts);
  outcome->timings.tls_handshaking += context_->runtime().now() - started;
  co_return Failure{};
}

asio::awaitable<lab::IoResult<std::unique_ptr<lab::Stream>>> HttpClient::dial(
    std::string host, std::vector<lab::Endpoint> endpoints, TimePoint deadline) {
  lab::Runtime& runtime = context_->runtime();
  lab::ErrorCode last = lab::make_error_code(lab::Errc::timeout);
  for (std::size_t i = 0; i < endpoints.size() && runtime.now() < deadline; ++i) {
    const TimePoint own = runtime.now() + kDialTimeout;
    auto stream = co_await runtime.connect(endpoints[i], std::min(own, deadline));
    if (stream.has_value()) {
      if (i > 0) context_->prefer(host, endpoints[i]);
      co_return stream;
    }
    last = stream.error();
  }
  co_return last;
}

asio::awaitable<HttpClient::Failure> HttpClient::exchange(HttpCall call, Connection* connection,
                                                          HttpOutcome* outcome) {
  lab::HttpClientConnection& http = connection->http;
  const std::uint64_t sent_before = http.bytes_sent();
  const std::uint64_t received_before = http.bytes_received();
  outcome->tls = connection->tls;
  outcome->remote_ip = connection->remote.address;
  outcome->remote_port = connection->remote.port;
  http.expires_at(deadline_of(call, *outcome));
  const auto proxied = request_for(connection->proxy, call);
  if (proxied) call.request = proxied.get();
  const HttpDebug debug = context_->show() ? context_->options().debug : HttpDebug::off;
  if (debug != HttpDebug::off) {
    context_->show()(shown_request(*call.request, connection->authority, debug));
  }
  Failure failure{RequestPhase::sending, {}};
  // Not with ?:, both of whose branches g++ 12 carries out if one awaits.
  if (const auto sent = http.start_sending(*call.request, connection->authority)) {
    failure.ec = *sent;
  } else {
    failure.ec = co_await http.finish_sending();
  }
  const bool was_sent = !failure.ec;
  if (was_sent) failure = {RequestPhase::receiving, co_await http.read_head()};
  const bool has_head = was_sent && !failure.ec;
  if (has_head) {
    BodyReader reader(call, http, *context_, *outcome);
    for (bool is_over = false; !failure.ec && !is_over;) {
      auto piece = http.body_at_hand();
      while (!piece) {
        if (const auto room = http.begin_read()) {
          const auto [ec, n] = co_await http.stream().async_read_some(*room, lab::kAwait);
          http.end_read(ec, n);
          piece = http.body_at_hand();
        } else {
          piece = co_await http.read_body();
        }
      }
      if (piece->has_error()) {
        failure.ec = piece->error();
      } else if ((*piece)->empty()) {
        is_over = true;
        failure.ec = reader.finish();
      } else {
        failure.ec = reader.take(**piece);
      }
    }
  }
  outcome->finished = context_->runtime().now();
  if (has_head && debug != HttpDebug::off) {
    context_->show()(shown_response(*outcome, debug));
    if (call.discards_body) outcome->body.clear();
  }
  fill_exchange_timings(*outcome, http.times(), was_sent);
  bytes_sent_ += http.bytes_sent() - sent_before;
  bytes_received_ += http.bytes_received() - received_before;
  co_return failure;
}

}  // namespace loader
