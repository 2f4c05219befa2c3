#include "mockgw/server/responder.h"

#include <boost/asio/error.hpp>
#include <string>

namespace mockgw {
namespace {

namespace asio = lab::asio;

constexpr auto kCutOff = asio::error::operation_aborted;

// What it takes to wait for an instant while the client may leave.
struct Waiting {
  lab::Runtime& runtime;
  lab::HttpServerConnection& connection;
};

// Fails as soon as the client has left: the server wakes this coroutine up then.
asio::awaitable<lab::ErrorCode> wait_until(Waiting waiting, lab::TimePoint due) {
  waiting.connection.watch_client();
  if (const lab::ErrorCode left = waiting.connection.client_left()) co_return left;
  const lab::ErrorCode ec = co_await waiting.runtime.sleep_until(due);
  const lab::ErrorCode left = waiting.connection.client_left();
  co_return left ? left : ec;
}

// Waits until the batch server has decoded so many tokens of the answer.
asio::awaitable<lab::ErrorCode> wait_for_tokens(Waiting waiting, const Answer& answer,
                                                std::size_t tokens) {
  for (;;) {
    const auto again =
        answer.state->batch->look_again_at(answer.settlement.number, tokens, waiting.runtime.now());
    if (!again) co_return lab::ErrorCode{};
    if (const lab::ErrorCode ec = co_await wait_until(waiting, *again)) co_return ec;
  }
}

void arrive_in_batch(lab::Runtime& runtime, const Answer& answer) {
  answer.state->batch->arrive(answer.settlement.number, answer.plan.schedule.tokens.size(),
                              runtime.now());
}

// One stream under way.
class StreamSender {
 public:
  StreamSender(lab::Runtime& runtime, lab::HttpServerConnection& connection, Answer& answer,
               lab::TimePoint arrived)
      : runtime_(runtime),
        connection_(connection),
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
    co_return co_await wait_until({runtime_, connection_}, due);
  }

  // Sends what is ready before it waits for the token.
  asio::awaitable<lab::ErrorCode> decode(std::size_t tokens) {
    if (tokens == 1 && !is_in_batch_) {
      is_in_batch_ = true;
      arrive_in_batch(runtime_, answer_);
    }
    if (!answer_.state->batch->look_again_at(answer_.settlement.number, tokens, runtime_.now())) {
      co_return lab::ErrorCode{};
    }
    if (const lab::ErrorCode ec = co_await flush()) co_return ec;
    co_return co_await wait_for_tokens({runtime_, connection_}, answer_, tokens);
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
        if (pending_.size() >= kPieceBytesMax) co_return co_await flush();
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

  lab::Runtime& runtime_;
  lab::HttpServerConnection& connection_;
  Answer& answer_;
  lab::TimePoint arrived_;
  StreamWriter writer_;
  bool splits_characters_;
  bool is_in_batch_ = false;
  bool has_begun_ = false;
  bool is_cut_off_ = false;  // By the answer itself.
  std::string pending_;      // Events written since the last flush.
};

asio::awaitable<Sent> send_stream(lab::Runtime& runtime, lab::HttpServerConnection& connection,
                                  Answer& answer, lab::TimePoint arrived) {
  StreamSender sender(runtime, connection, answer, arrived);
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

Sent abandoned(lab::ErrorCode left) {
  return {.ec = left, .tokens = 0, .was_cut_by_client = true, .was_abandoned = true};
}

asio::awaitable<Sent> send_whole(lab::Runtime& runtime, lab::HttpServerConnection& connection,
                                 const Answer& answer, lab::TimePoint arrived) {
  Sent sent;
  const Waiting waiting{runtime, connection};
  const lab::TimePoint due = arrived + answer.due;
  if (answer.due > lab::Duration::zero() && due > runtime.now()) {
    if (const lab::ErrorCode left = co_await wait_until(waiting, due)) co_return abandoned(left);
  }
  if (answer.decodes_in_batch) {
    arrive_in_batch(runtime, answer);
    const std::size_t tokens = answer.plan.schedule.tokens.size();
    const lab::ErrorCode left = co_await wait_for_tokens(waiting, answer, tokens);
    if (left) co_return abandoned(left);
  }
  switch (answer.kind) {
    case Answer::Kind::broken_body:
      sent.ec = co_await send_broken_body(connection, answer);
      co_return sent;
    case Answer::Kind::reset:
      connection.stream().reset();
      sent.ec = kCutOff;
      co_return sent;
    case Answer::Kind::response:
    case Answer::Kind::stream:
      break;
  }
  sent.ec = co_await connection.write(answer.response);
  sent.was_cut_by_client = sent.ec.failed();
  sent.tokens = answer.is_completion ? answer.plan.usage.completion_tokens : 0;
  co_return sent;
}

asio::awaitable<Sent> left_already(lab::ErrorCode left) { co_return abandoned(left); }

}  // namespace

asio::awaitable<Sent> send_answer(lab::Runtime& runtime, lab::HttpServerConnection& connection,
                                  Answer& answer, lab::TimePoint arrived) {
  if (const lab::ErrorCode left = connection.client_left()) return left_already(left);
  if (answer.kind != Answer::Kind::stream) return send_whole(runtime, connection, answer, arrived);
  return send_stream(runtime, connection, answer, arrived);
}

}  // namespace mockgw
