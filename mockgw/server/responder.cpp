#include "mockgw/server/responder.h"

#include <optional>
#include <string>

#include "mockgw/answer/upstream_limits.h"
#include "mockgw/chat/chat_body_pieces.h"
#include "mockgw/server/stream_sender.h"

namespace mockgw {
namespace {

namespace asio = lab::asio;

// Waits for all tokens of a buffered answer; it becomes another one if they come too late.
asio::awaitable<lab::ErrorCode> decode_whole(Sending sending, Exchange& exchange) {
  arrive_in_batch(sending.runtime, exchange);
  std::optional<lab::Duration> last;
  const std::size_t all = exchange.plan.schedule.tokens.size();
  // Without limits it is of no interest when the first token comes.
  for (std::size_t tokens = exchange.reply.decode_limits.any() ? 1 : all;; tokens = all) {
    const auto timeout = next_decode_timeout(exchange, last);
    const Decoded decoded = co_await wait_for_tokens(sending, exchange, tokens, timeout);
    if (decoded.left) co_return decoded.left;
    if (decoded.is_late) {
      give_up_buffered(exchange, *timeout);
      co_return lab::ErrorCode{};
    }
    if (tokens == all) co_return lab::ErrorCode{};
    last = sending.runtime.now() - exchange.moment.arrival;
  }
}

// A body of unknown length that breaks off in its middle: with a Content-Length the head would be
// written together with the body.
asio::awaitable<lab::ErrorCode> send_broken_body(lab::HttpServerConnection& connection,
                                                 const lab::HttpResponse& response) {
  if (const lab::ErrorCode ec = co_await connection.start_stream(response)) co_return ec;
  const std::string_view body = response.body;
  const lab::ErrorCode ec = co_await connection.write_piece(body.substr(0, body.size() / 2));
  connection.stream().reset();
  co_return ec ? ec : lab::ErrorCode(kCutOff);
}

// Writes each piece before the next is made, so that a client that does not read holds up no more
// than one.
asio::awaitable<lab::ErrorCode> send_pieces(Sending sending, const Exchange& exchange) {
  lab::HttpServerConnection& connection = sending.connection;
  const Reply& reply = exchange.reply;
  if (const lab::ErrorCode ec = co_await connection.start_stream(exchange.response)) co_return ec;
  ChatBodyPieces pieces(exchange.plan, reply.faults, exchange.pieces.breaks);
  std::string piece = exchange.pieces.before;
  for (bool is_more = true; is_more;) {
    is_more = pieces.append(piece, kPieceBytesMax);
    if (!is_more && !exchange.pieces.breaks) piece += exchange.pieces.after;
    sending.turns.add(piece.size());
    if (const lab::ErrorCode ec = co_await connection.write_piece(piece)) co_return ec;
    piece.clear();
    if (!sending.turns.is_free()) co_await sending.turns.wait();
  }
  if (!exchange.pieces.resets) co_return co_await connection.finish_stream();
  connection.stream().reset();
  co_return kCutOff;
}

Sent abandoned(lab::ErrorCode left) {
  return {.ec = left, .tokens = 0, .was_cut_by_client = true, .was_abandoned = true};
}

asio::awaitable<Sent> send_whole(Sending sending, Exchange& exchange) {
  Sent sent;
  lab::HttpServerConnection& connection = sending.connection;
  const Reply& reply = exchange.reply;
  const lab::TimePoint due = exchange.moment.arrival + reply.due;
  if (reply.due > lab::Duration::zero() && due > sending.runtime.now()) {
    if (const lab::ErrorCode left = co_await wait_until(sending, due)) co_return abandoned(left);
  }
  if (reply.call.is_in_batch) {
    if (const auto left = co_await decode_whole(sending, exchange)) co_return abandoned(left);
  }
  switch (reply.kind) {
    case Reply::Kind::broken_body:
      sent.ec = co_await send_broken_body(connection, exchange.response);
      co_return sent;
    case Reply::Kind::reset:
      connection.stream().reset();
      sent.ec = kCutOff;
      co_return sent;
    case Reply::Kind::pieces:
      sent.ec = co_await send_pieces(sending, exchange);
      sent.was_cut_by_client = sent.ec && !exchange.pieces.resets;
      break;
    case Reply::Kind::response:
    case Reply::Kind::stream:
      sent.ec = co_await connection.write(exchange.response);
      sent.was_cut_by_client = sent.ec.failed();
      break;
  }
  sent.tokens = reply.is_completion ? exchange.plan.usage.completion_tokens : 0;
  co_return sent;
}

asio::awaitable<Sent> left_already(lab::ErrorCode left) { co_return abandoned(left); }

}  // namespace

asio::awaitable<Sent> send_answer(Sending sending, Exchange& exchange) {
  if (const lab::ErrorCode left = sending.connection.client_left()) return left_already(left);
  if (exchange.reply.kind != Reply::Kind::stream) return send_whole(sending, exchange);
  return send_stream(sending, exchange);
}

}  // namespace mockgw
