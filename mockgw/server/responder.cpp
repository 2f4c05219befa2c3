#include "mockgw/server/responder.h"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <optional>
#include <string>
#include <vector>

#include "mockgw/chat/chat_body_pieces.h"
#include "mockgw/server/decode_limits.h"

namespace mockgw {
namespace {

namespace asio = lab::asio;

constexpr auto kCutOff = asio::error::operation_aborted;

// Fails as soon as the client has left: the server wakes this coroutine up then.
asio::awaitable<lab::ErrorCode> wait_until(Sending sending, lab::TimePoint due) {
  sending.connection.watch_client();
  if (const lab::ErrorCode left = sending.connection.client_left()) co_return left;
  const lab::ErrorCode ec = co_await sending.runtime.sleep_until(due);
  const lab::ErrorCode left = sending.connection.client_left();
  co_return left ? left : ec;
}

struct Decoded {
  lab::ErrorCode left;   ///< The client did.
  bool is_late = false;  ///< The deadline came first.
};

// Waits until the batch server has decoded so many tokens of the answer, or the deadline comes.
asio::awaitable<Decoded> wait_for_tokens(Sending sending, const Answer& answer, std::size_t tokens,
                                         lab::TimePoint deadline) {
  for (;;) {
    const lab::TimePoint now = sending.runtime.now();
    const auto again = answer.state->batch->look_again_at(answer.settlement.number, tokens, now);
    if (!again) co_return Decoded{};
    if (now >= deadline) co_return Decoded{.left = {}, .is_late = true};
    const lab::TimePoint due = std::min(*again, deadline);
    if (const lab::ErrorCode left = co_await wait_until(sending, due)) co_return Decoded{left};
  }
}

lab::TimePoint deadline_of(const std::optional<UpstreamTimeout>& timeout, lab::TimePoint arrived) {
  return timeout ? arrived + timeout->at : lab::TimePoint::max();
}

void arrive_in_batch(lab::Runtime& runtime, const Answer& answer) {
  answer.state->batch->arrive(answer.settlement.number, answer.plan.schedule.tokens.size(),
                              runtime.now());
}

// Waits for all tokens of a buffered answer; it becomes another one if they come too late.
asio::awaitable<lab::ErrorCode> decode_whole(Sending sending, Answer& answer,
                                             lab::TimePoint arrived) {
  arrive_in_batch(sending.runtime, answer);
  std::optional<lab::Duration> last;
  const std::size_t all = answer.plan.schedule.tokens.size();
  // Without limits it is of no interest when the first token comes.
  for (std::size_t tokens = answer.decode_limits ? 1 : all;; tokens = all) {
    const auto timeout = next_decode_timeout(answer, last);
    const Decoded decoded =
        co_await wait_for_tokens(sending, answer, tokens, deadline_of(timeout, arrived));
    if (decoded.left) co_return decoded.left;
    if (decoded.is_late) {
      give_up_buffered(answer, *timeout);
      co_return lab::ErrorCode{};
    }
    if (tokens == all) co_return lab::ErrorCode{};
    last = sending.runtime.now() - arrived;
  }
}

// One stream under way.
class StreamSender {
 public:
  StreamSender(Sending sending, Answer& answer, lab::TimePoint arrived)
      : sending_(sending),
        runtime_(sending.runtime),
        connection_(sending.connection),
        answer_(answer),
        arrived_(arrived),
        writer_(answer.plan, answer.texts, answer.include_usage, answer.faults),
        splits_characters_(answer.faults.has(FaultKind::split_utf8)) {}

  asio::awaitable<Sent> run() {
    Sent sent;
    for (const StreamStep& step : answer_.script) {
      if (step.kind == StreamStepKind::content) ++sent.tokens;
      sent.ec = co_await reach(arrived_ + step.due);
      if (!sent.ec && answer_.decodes_in_batch && step.kind == StreamStepKind::content) {
        sent.ec = co_await decode(step.token + 1);
      }
      if (late_) {
        --sent.tokens;
        sent.ec = co_await give_up();
        break;
      }
      if (!sent.ec) sent.ec = co_await perform(step);
      if (sent.ec) break;
    }
    sent.was_cut_by_client = sent.ec && !is_cut_off_;
    sent.was_abandoned = sent.was_cut_by_client && !has_begun_;
    co_return sent;
  }

 private:
  asio::awaitable<lab::ErrorCode> reach(lab::TimePoint due) {
    if (due <= runtime_.now()) co_return lab::ErrorCode{};
    if (const lab::ErrorCode ec = co_await flush()) co_return ec;
    co_return co_await wait_until(sending_, due);
  }

  // Sends what is ready before it waits for the token.
  asio::awaitable<lab::ErrorCode> decode(std::size_t tokens) {
    if (tokens == 1 && !is_in_batch_) {
      is_in_batch_ = true;
      arrive_in_batch(runtime_, answer_);
    }
    if (!answer_.state->batch->look_again_at(answer_.settlement.number, tokens, runtime_.now())) {
      last_token_ = runtime_.now() - arrived_;
      co_return lab::ErrorCode{};
    }
    if (const lab::ErrorCode ec = co_await flush()) co_return ec;
    const auto timeout = next_decode_timeout(answer_, last_token_);
    const Decoded decoded =
        co_await wait_for_tokens(sending_, answer_, tokens, deadline_of(timeout, arrived_));
    if (decoded.is_late) late_ = timeout;
    last_token_ = runtime_.now() - arrived_;
    co_return decoded.left;
  }

  // Ends the stream as the profile ends one whose upstream is too slow.
  asio::awaitable<lab::ErrorCode> give_up() {
    const std::vector<StreamStep> steps = give_up_stream(answer_, *late_);
    for (const StreamStep& step : steps) {
      if (const lab::ErrorCode ec = co_await perform(step)) co_return ec;
    }
    co_return lab::ErrorCode{};
  }

  asio::awaitable<lab::ErrorCode> start() {
    const lab::ErrorCode ec = co_await connection_.start_stream(answer_.response);
    if (!ec) settle_head(*answer_.state, answer_.settlement, runtime_.now());
    co_return ec;
  }

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
        is_cut_off_ = true;
        co_return kCutOff;
      case StreamStepKind::reset:
        if (const lab::ErrorCode ec = co_await flush()) co_return ec;
        connection_.stream().reset();
        is_cut_off_ = true;
        co_return kCutOff;
      default:
        writer_.append(pending_, step);
        if (pending_.size() < kPieceBytesMax) co_return lab::ErrorCode{};
        sending_.turns.add(pending_.size());
        if (const lab::ErrorCode ec = co_await flush()) co_return ec;
        if (!sending_.turns.is_free()) co_await sending_.turns.wait();
        co_return lab::ErrorCode{};
    }
  }

  asio::awaitable<lab::ErrorCode> flush() {
    std::string_view rest = pending_;
    while (!rest.empty()) {
      const std::size_t size = splits_characters_ ? split_inside_character(rest) : rest.size();
      if (const lab::ErrorCode ec = co_await connection_.write_piece(rest.substr(0, size))) {
        co_return ec;
      }
      rest.remove_prefix(size);
    }
    pending_.clear();
    co_return lab::ErrorCode{};
  }

  Sending sending_;
  lab::Runtime& runtime_;
  lab::HttpServerConnection& connection_;
  Answer& answer_;
  lab::TimePoint arrived_;
  StreamWriter writer_;
  bool splits_characters_;
  bool is_in_batch_ = false;
  bool has_begun_ = false;
  bool is_cut_off_ = false;                  // By the answer itself.
  std::optional<lab::Duration> last_token_;  // When the batch server had it, after the arrival.
  std::optional<UpstreamTimeout> late_;      // The limit that the batch server broke.
  std::string pending_;                      // Events written since the last flush.
};

asio::awaitable<Sent> send_stream(Sending sending, Answer& answer, lab::TimePoint arrived) {
  StreamSender sender(sending, answer, arrived);
  co_return co_await sender.run();
}

// A body of unknown length that breaks off in its middle: with a Content-Length the head would be
// written together with the body.
asio::awaitable<lab::ErrorCode> send_broken_body(lab::HttpServerConnection& connection,
                                                 const Answer& answer) {
  if (const lab::ErrorCode ec = co_await connection.start_stream(answer.response)) co_return ec;
  const std::string_view body = answer.response.body;
  const lab::ErrorCode ec = co_await connection.write_piece(body.substr(0, body.size() / 2));
  connection.stream().reset();
  co_return ec ? ec : lab::ErrorCode(kCutOff);
}

// Writes each piece before the next is made, so that a client that does not read holds up no more
// than one.
asio::awaitable<lab::ErrorCode> send_pieces(Sending sending, const Answer& answer) {
  lab::HttpServerConnection& connection = sending.connection;
  if (const lab::ErrorCode ec = co_await connection.start_stream(answer.response)) co_return ec;
  ChatBodyPieces pieces(answer.plan, answer.faults, answer.pieces.breaks);
  std::string piece = answer.pieces.before;
  for (bool is_more = true; is_more;) {
    is_more = pieces.append(piece, kPieceBytesMax);
    if (!is_more && !answer.pieces.breaks) piece += answer.pieces.after;
    sending.turns.add(piece.size());
    if (const lab::ErrorCode ec = co_await connection.write_piece(piece)) co_return ec;
    piece.clear();
    if (!sending.turns.is_free()) co_await sending.turns.wait();
  }
  if (!answer.pieces.resets) co_return co_await connection.finish_stream();
  connection.stream().reset();
  co_return kCutOff;
}

Sent abandoned(lab::ErrorCode left) {
  return {.ec = left, .tokens = 0, .was_cut_by_client = true, .was_abandoned = true};
}

asio::awaitable<Sent> send_whole(Sending sending, Answer& answer, lab::TimePoint arrived) {
  Sent sent;
  lab::HttpServerConnection& connection = sending.connection;
  const lab::TimePoint due = arrived + answer.due;
  if (answer.due > lab::Duration::zero() && due > sending.runtime.now()) {
    if (const lab::ErrorCode left = co_await wait_until(sending, due)) co_return abandoned(left);
  }
  if (answer.decodes_in_batch) {
    if (const lab::ErrorCode left = co_await decode_whole(sending, answer, arrived)) {
      co_return abandoned(left);
    }
  }
  switch (answer.kind) {
    case Answer::Kind::broken_body:
      sent.ec = co_await send_broken_body(connection, answer);
      co_return sent;
    case Answer::Kind::reset:
      connection.stream().reset();
      sent.ec = kCutOff;
      co_return sent;
    case Answer::Kind::pieces:
      sent.ec = co_await send_pieces(sending, answer);
      sent.was_cut_by_client = sent.ec && !answer.pieces.resets;
      break;
    case Answer::Kind::response:
    case Answer::Kind::stream:
      sent.ec = co_await connection.write(answer.response);
      sent.was_cut_by_client = sent.ec.failed();
      break;
  }
  sent.tokens = answer.is_completion ? answer.plan.usage.completion_tokens : 0;
  co_return sent;
}

asio::awaitable<Sent> left_already(lab::ErrorCode left) { co_return abandoned(left); }

}  // namespace

asio::awaitable<Sent> send_answer(Sending sending, Answer& answer, lab::TimePoint arrived) {
  if (const lab::ErrorCode left = sending.connection.client_left()) return left_already(left);
  if (answer.kind != Answer::Kind::stream) return send_whole(sending, answer, arrived);
  return send_stream(sending, answer, arrived);
}

}  // namespace mockgw
