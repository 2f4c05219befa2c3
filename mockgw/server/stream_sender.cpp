#include "mockgw/server/stream_sender.h"

#include <optional>
#include <string>
#include <vector>

#include "mockgw/answer/upstream_limits.h"

namespace mockgw {
namespace {

namespace asio = lab::asio;

// One stream under way.
class StreamSender {
 public:
  StreamSender(Sending sending, Exchange& exchange)
      : sending_(sending),
        runtime_(sending.runtime),
        connection_(sending.connection),
        exchange_(exchange),
        arrived_(exchange.moment.arrival),
        writer_(exchange.plan, exchange.texts, exchange.reply.include_usage, exchange.reply.faults),
        splits_characters_(exchange.reply.faults.has(FaultKind::split_utf8)) {}

  asio::awaitable<Sent> run() {
    Sent sent;
    for (const StreamStep& step : exchange_.script) {
      if (step.kind == StreamStepKind::content) ++sent.tokens;
      const lab::TimePoint due = arrived_ + step.due;
      if (due > runtime_.now()) {
        // Nearly always there is room for all that is ready: then sleep is all that is awaited.
        const auto flushed = flush_at_once();
        sent.ec = flushed.value_or(lab::ErrorCode{});
        if (!flushed) sent.ec = co_await finish_flush();
        if (!sent.ec) sent.ec = watch();
        if (!sent.ec) sent.ec = left_or(co_await runtime_.sleep_until(due));
      }
      if (!sent.ec && exchange_.reply.call.is_in_batch && step.kind == StreamStepKind::content) {
        sent.ec = co_await decode(step.token + 1);
      }
      if (late_) {
        --sent.tokens;
        sent.ec = co_await give_up();
        break;
      }
      if (!sent.ec && !append(step)) sent.ec = co_await perform(step);
      if (sent.ec) break;
    }
    sent.was_cut_by_client = sent.ec && !is_cut_off_;
    sent.was_abandoned = sent.was_cut_by_client && !has_begun_;
    co_return sent;
  }

 private:
  lab::ErrorCode watch() {
    connection_.watch_client();
    return connection_.client_left();
  }

  // That the client left, which ends a wait, or else what the wait ended with.
  lab::ErrorCode left_or(lab::ErrorCode ec) const {
    const lab::ErrorCode left = connection_.client_left();
    return left ? left : ec;
  }

  // Sends what is ready before it waits for the token.
  asio::awaitable<lab::ErrorCode> decode(std::size_t tokens) {
    if (tokens == 1 && !is_in_batch_) {
      is_in_batch_ = true;
      arrive_in_batch(runtime_, exchange_);
    }
    BatchGate& batch = *exchange_.state->batch;
    if (!batch.look_again_at(exchange_.owed.number, tokens, runtime_.now())) {
      last_token_ = runtime_.now() - arrived_;
      co_return lab::ErrorCode{};
    }
    if (const lab::ErrorCode ec = co_await flush()) co_return ec;
    const auto timeout = next_decode_timeout(exchange_, last_token_);
    const Decoded decoded = co_await wait_for_tokens(sending_, exchange_, tokens, timeout);
    if (decoded.is_late) late_ = timeout;
    last_token_ = runtime_.now() - arrived_;
    co_return decoded.left;
  }

  // Ends the stream as the profile ends one whose upstream is too slow.
  asio::awaitable<lab::ErrorCode> give_up() {
    const std::vector<StreamStep> steps = give_up_stream(exchange_, *late_);
    for (const StreamStep& step : steps) {
      if (append(step)) continue;
      if (const lab::ErrorCode ec = co_await perform(step)) co_return ec;
    }
    co_return lab::ErrorCode{};
  }

  asio::awaitable<lab::ErrorCode> start() {
    const lab::ErrorCode ec = co_await connection_.start_stream(exchange_.response);
    if (!ec) {
      settle_head(*exchange_.state, exchange_.owed, exchange_.reply.call, runtime_.now());
    }
    co_return ec;
  }

  // Writes an event. False if something else is still to be done for the step: if it is no event,
  // or if enough has been written to be sent at once.
  bool append(const StreamStep& step) {
    switch (step.kind) {
      case StreamStepKind::head:
      case StreamStepKind::end:
      case StreamStepKind::close:
      case StreamStepKind::reset:
        return false;
      default:
        writer_.append(pending_, step);
        return pending_.size() < kPieceBytesMax;
    }
  }

  // What append() has left to be done.
  asio::awaitable<lab::ErrorCode> perform(const StreamStep& step) {
    switch (step.kind) {
      case StreamStepKind::head:
        has_begun_ = true;
        co_return co_await start();
      case StreamStepKind::end:
        if (const lab::ErrorCode ec = co_await flush()) co_return ec;
        co_return co_await connection_.finish_stream();
      case StreamStepKind::close:
        if (const lab::ErrorCode ec = co_await flush()) co_return ec;
        connection_.stream().close();
        co_return cut_off();
      case StreamStepKind::reset:
        if (const lab::ErrorCode ec = co_await flush()) co_return ec;
        connection_.stream().reset();
        co_return cut_off();
      default:
        sending_.turns.add(pending_.size());
        if (const lab::ErrorCode ec = co_await flush()) co_return ec;
        if (!sending_.turns.is_free()) co_await sending_.turns.wait();
        co_return lab::ErrorCode{};
    }
  }

  lab::ErrorCode cut_off() {
    is_cut_off_ = true;
    return kCutOff;
  }

  asio::awaitable<lab::ErrorCode> flush() {
    if (const auto flushed = flush_at_once()) co_return *flushed;
    co_return co_await finish_flush();
  }

  // How it ended or, if there was no room for all, none.
  std::optional<lab::ErrorCode> flush_at_once() {
    while (flushed_ < pending_.size()) {
      std::string_view piece = std::string_view(pending_).substr(flushed_);
      if (splits_characters_) piece = piece.substr(0, split_inside_character(piece));
      flushed_ += piece.size();
      const auto written = connection_.start_piece(piece);
      if (!written || *written) return written;
    }
    pending_.clear();
    flushed_ = 0;
    return lab::ErrorCode{};
  }

  asio::awaitable<lab::ErrorCode> finish_flush() {
    for (;;) {
      if (const lab::ErrorCode ec = co_await connection_.finish_piece()) co_return ec;
      if (const auto flushed = flush_at_once()) co_return *flushed;
    }
  }

  Sending sending_;
  lab::Runtime& runtime_;
  lab::HttpServerConnection& connection_;
  Exchange& exchange_;
  lab::TimePoint arrived_;
  StreamWriter writer_;
  bool splits_characters_;
  bool is_in_batch_ = false;
  bool has_begun_ = false;
  bool is_cut_off_ = false;                  // By the answer itself.
  std::optional<lab::Duration> last_token_;  // When the batch server had it, after the arrival.
  std::optional<UpstreamTimeout> late_;      // The limit that the batch server broke.
  std::string pending_;                      // Events written since the last flush.
  std::size_t flushed_ = 0;                  // So much of them is sent, while a flush is under way.
};

}  // namespace

lab::asio::awaitable<Sent> send_stream(Sending sending, Exchange& exchange) {
  StreamSender sender(sending, exchange);
  co_return co_await sender.run();
}

}  // namespace mockgw
