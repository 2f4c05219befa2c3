#include "mockgw/responder.h"

#include <boost/asio/error.hpp>
#include <string>

namespace mockgw {
namespace {

namespace asio = lab::asio;

constexpr auto kCutOff = asio::error::operation_aborted;

// One stream under way.
class StreamSender {
 public:
  StreamSender(lab::Runtime& runtime, lab::HttpServerConnection& connection, const Answer& answer,
               lab::TimePoint arrived)
      : runtime_(runtime),
        connection_(connection),
        answer_(answer),
        arrived_(arrived),
        writer_(answer.plan, answer.stream_error, answer.include_usage, answer.faults),
        splits_characters_(answer.faults.has(FaultKind::split_utf8)) {}

  asio::awaitable<lab::ErrorCode> run() {
    for (const StreamStep& step : answer_.script) {
      const lab::TimePoint due = arrived_ + step.due;
      if (due > runtime_.now()) {
        if (const lab::ErrorCode ec = co_await flush()) co_return ec;
        if (const lab::ErrorCode ec = co_await runtime_.sleep_until(due)) co_return ec;
      }
      if (const lab::ErrorCode ec = co_await perform(step)) co_return ec;
    }
    co_return lab::ErrorCode{};
  }

 private:
  asio::awaitable<lab::ErrorCode> perform(const StreamStep& step) {
    switch (step.kind) {
      case StreamStepKind::head:
        co_return co_await connection_.start_stream(answer_.response);
      case StreamStepKind::end:
        if (const lab::ErrorCode ec = co_await flush()) co_return ec;
        co_return co_await connection_.finish_stream();
      case StreamStepKind::close:
        if (const lab::ErrorCode ec = co_await flush()) co_return ec;
        connection_.stream().close();
        co_return kCutOff;
      case StreamStepKind::reset:
        if (const lab::ErrorCode ec = co_await flush()) co_return ec;
        connection_.stream().reset();
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
  const Answer& answer_;
  lab::TimePoint arrived_;
  StreamWriter writer_;
  bool splits_characters_;
  std::string pending_;  // Events written since the last flush.
};

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

}  // namespace

asio::awaitable<lab::ErrorCode> send_answer(lab::Runtime& runtime,
                                            lab::HttpServerConnection& connection,
                                            const Answer& answer, lab::TimePoint arrived) {
  if (answer.kind == Answer::Kind::stream) {
    StreamSender sender(runtime, connection, answer, arrived);
    co_return co_await sender.run();
  }
  const lab::TimePoint due = arrived + answer.due;
  if (answer.due > lab::Duration::zero() && due > runtime.now()) {
    if (const lab::ErrorCode ec = co_await runtime.sleep_until(due)) co_return ec;
  }
  switch (answer.kind) {
    case Answer::Kind::broken_body:
      co_return co_await send_broken_body(connection, answer);
    case Answer::Kind::reset:
      connection.stream().reset();
      co_return kCutOff;
    case Answer::Kind::response:
    case Answer::Kind::stream:
      break;
  }
  co_return co_await connection.write(answer.response);
}

}  // namespace mockgw
