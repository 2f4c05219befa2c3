// The client's end of HTTP connections over both worlds, against scripted answers.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <string>
#include <vector>

#include "shared/runtime/http_io.h"
#include "tests/sim/raw_bytes.h"
#include "tests/support/world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;

struct ClientResult {
  ErrorCode head;
  ErrorCode body_error;
  unsigned status = 0;
  std::string body;
  bool reusable = false;
  std::size_t fields = 0;
};

asio::awaitable<void> scripted_server(Runtime& runtime, std::unique_ptr<Stream> stream,
                                      std::vector<std::string> pieces, bool reset) {
  co_await runtime.sleep_for(2ms);  // The request is there now.
  for (const std::string& piece : pieces) {
    co_await write_all(*stream, piece);
    co_await runtime.sleep_for(2ms);
  }
  if (reset) {
    stream->reset();
  } else {
    stream->shutdown_send();
    co_await read_to_end(*stream);
  }
}

asio::awaitable<void> run_client(Runtime& runtime, std::vector<std::string> pieces, bool reset,
                                 ClientResult& result) {
  ConnectedPair pair = co_await connect_pair(runtime);
  asio::co_spawn(runtime.executor(),
                 scripted_server(runtime, std::move(pair.server), std::move(pieces), reset),
                 asio::detached);
  HttpClientConnection client(runtime, std::move(pair.client), kLimits);
  HttpRequest request;
  co_await client.send(request, "host");
  result.head = co_await client.read_head();
  if (result.head) co_return;
  result.status = client.status();
  for (;;) {
    const auto piece = co_await client.read_body();
    if (!piece) result.body_error = piece.error();
    if (!piece || piece->empty()) break;
    result.body += *piece;
  }
  result.reusable = client.reusable();
  result.fields = client.headers().size();
}

class HttpClient : public testing::TestWithParam<WorldKind> {
 protected:
  ClientResult answer(std::vector<std::string> pieces, bool reset = false) {
    ClientResult result;
    world_ = make_world(GetParam());
    world_->run(run_client(world_->runtime(), std::move(pieces), reset, result));
    return result;
  }
  std::unique_ptr<World> world_;
};

INSTANTIATE_TEST_SUITE_P(Worlds, HttpClient, testing::Values(WorldKind::real, WorldKind::simulated),
                         [](const auto& kind) { return world_name(kind.param); });

TEST_P(HttpClient, ReadsBodiesOfEveryFraming) {
  const ClientResult length = answer({"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", "lo"});
  EXPECT_EQ(length.body, "hello");
  EXPECT_TRUE(length.reusable);
  const ClientResult chunked =
      answer({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r",
              "\n3\r\nllo\r\n0\r\n", "\r\n"});
  EXPECT_EQ(chunked.body, "hello");
  EXPECT_TRUE(chunked.reusable);
  const ClientResult until_close = answer({"HTTP/1.1 200 OK\r\n\r\nhel", "lo"});
  EXPECT_EQ(until_close.body, "hello");
  EXPECT_FALSE(until_close.body_error);
  EXPECT_FALSE(until_close.reusable);
  const ClientResult none = answer({"HTTP/1.1 204 No Content\r\n\r\n"});
  EXPECT_EQ(none.status, 204u);
  EXPECT_TRUE(none.reusable);
}

// However small the pieces are that a last chunk comes in.
TEST_P(HttpClient, ALastChunkMayComeInPieces) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const ClientResult empty = answer({head + "0\r\n", "\r", "\n"});
  EXPECT_EQ(empty.body, "");
  EXPECT_TRUE(empty.reusable);
  const ClientResult one =
      answer({head + "1", "\r\n", "a", "\r", "\n", "0", "\r", "\n", "\r", "\n"});
  EXPECT_EQ(one.body, "a");
  EXPECT_TRUE(one.reusable);
}

// The head is good, whatever came before it in the same read.
TEST_P(HttpClient, ABrokenBodyBehindAnInterimResponseIsTheBodys) {
  const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
  const std::string rest = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1z\r\na\r\n";
  for (const auto& pieces : {std::vector{interim + rest}, std::vector{interim, rest}}) {
    const ClientResult r = answer(pieces);
    EXPECT_FALSE(r.head) << r.head.message();
    EXPECT_EQ(r.status, 200u);
    EXPECT_EQ(r.body_error, Errc::bad_message);
    EXPECT_FALSE(r.reusable);
  }
}

// However they are cut from the head.
TEST_P(HttpClient, TrailersAreNoHeaders) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string rest = "2\r\nhe\r\n0\r\nX-Sum: 1\r\n\r\n";
  for (const auto& pieces : {std::vector{head + rest}, std::vector{head, rest}}) {
    const ClientResult r = answer(pieces);
    EXPECT_EQ(r.fields, 1u);
    EXPECT_EQ(r.body, "he");
    EXPECT_TRUE(r.reusable);
  }
}

TEST_P(HttpClient, SkipsInterimResponses) {
  const ClientResult r =
      answer({"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n",
              "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"});
  EXPECT_EQ(r.status, 201u);
  EXPECT_EQ(r.body, "ok");
}

TEST_P(HttpClient, TellsHowAnAnswerBroke) {
  EXPECT_EQ(answer({}).head, Errc::end_of_stream);
  EXPECT_EQ(answer({}, true).head, asio::error::connection_reset);
  EXPECT_EQ(answer({"not http at all\r\n\r\n"}).head, Errc::bad_message);
  EXPECT_EQ(answer({"HTTP/1.1 200 OK\r\nContent-"}).head, Errc::partial_message);
  EXPECT_EQ(answer({"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"}).body_error,
            Errc::partial_message);
  EXPECT_EQ(answer({"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"}, true).body_error,
            asio::error::connection_reset);
  EXPECT_EQ(answer({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe"}).body_error,
            Errc::partial_message);
  EXPECT_EQ(answer({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"}).body_error,
            Errc::bad_message);
  EXPECT_EQ(answer({"HTTP/1.1 200 OK\r\n\r\n" + std::string(2000, 'x')}).body_error,
            Errc::body_too_large);
  EXPECT_EQ(answer({"HTTP/1.1 200 OK\r\nA: " + std::string(9000, 'x')}).head,
            Errc::header_too_large);
}

struct EarlyAnswer {
  std::string text;
  bool reads_all = false;  ///< The request, before it closes.
  lab::Duration until_closed = 50ms;
};

// Answers once a request has begun to come.
asio::awaitable<void> early_server(Runtime& runtime, std::unique_ptr<Stream> stream,
                                   EarlyAnswer answer) {
  std::string first(1024, ' ');
  (void)co_await stream->async_read_some(asio::buffer(first), kAwait);
  co_await write_all(*stream, answer.text);
  if (answer.reads_all) {
    co_await read_to_end(*stream);
  } else {
    co_await runtime.sleep_for(answer.until_closed);
  }
}

asio::awaitable<void> run_large_request(Runtime& runtime, EarlyAnswer answer,
                                        ClientResult& result) {
  ConnectedPair pair = co_await connect_pair(runtime);
  asio::co_spawn(runtime.executor(), early_server(runtime, std::move(pair.server), answer),
                 asio::detached);
  HttpClientConnection client(runtime, std::move(pair.client), kLimits);
  client.expires_at(runtime.now() + 20s);
  HttpRequest request;
  request.method = "POST";
  request.body.assign(8'000'000, 'x');
  result.body_error = co_await client.send(request, "host");
  result.head = co_await client.read_head();
  if (result.head) co_return;
  result.status = client.status();
  for (;;) {
    const auto piece = co_await client.read_body();
    if (!piece) result.body_error = piece.error();
    if (!piece || piece->empty()) break;
    result.body += *piece;
  }
  result.reusable = client.reusable();
}

ClientResult large_request(WorldKind kind, EarlyAnswer answer) {
  ClientResult result;
  const auto world = make_world(kind);
  world->run(run_large_request(world->runtime(), std::move(answer), result));
  return result;
}

TEST_P(HttpClient, ReadsARefusalThatComesWhileALargeBodyGoesOut) {
  const std::string refusal = "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nno!";
  const ClientResult refused = large_request(GetParam(), {refusal});
  EXPECT_EQ(refused.head, ErrorCode{}) << refused.head.message();
  EXPECT_EQ(refused.body_error, ErrorCode{}) << refused.body_error.message();
  EXPECT_EQ(refused.status, 413u);
  EXPECT_EQ(refused.body, "no!");
  EXPECT_FALSE(refused.reusable);
  // Closed at once, with most of the request unread: the reset is on the answer's heels.
  const ClientResult closed = large_request(GetParam(), {refusal, false, 0ms});
  EXPECT_EQ(closed.status, 413u) << closed.body_error.message() << closed.head.message();
  EXPECT_EQ(closed.body, "no!");
  // An interim answer is none.
  const ClientResult informed =
      large_request(GetParam(), {"HTTP/1.1 103 Early Hints\r\n\r\n" + refusal});
  EXPECT_EQ(informed.status, 413u);
}

TEST_P(HttpClient, SendsAllOfALargeBodyBesideAnAnswerThatIsNoRefusal) {
  const ClientResult accepted = large_request(
      GetParam(),
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", true});
  EXPECT_EQ(accepted.body_error, ErrorCode{}) << accepted.body_error.message();
  EXPECT_EQ(accepted.status, 200u);
  EXPECT_EQ(accepted.body, "ok");
}

// Keeps what comes behind the head, and answers when all of it is there.
asio::awaitable<void> keeping_server(Runtime&, std::unique_ptr<Stream> stream, std::size_t bytes,
                                     std::string& body) {
  std::string text;
  std::string some(64 * 1024, ' ');
  for (std::size_t head = std::string::npos;
       head == std::string::npos || text.size() < head + 4 + bytes; head = text.find("\r\n\r\n")) {
    const auto [ec, n] = co_await stream->async_read_some(asio::buffer(some), kAwait);
    if (ec) co_return;
    text.append(some, 0, n);
  }
  body = text.substr(text.find("\r\n\r\n") + 4);
  co_await write_all(*stream, "HTTP/1.1 204 No Content\r\n\r\n");
}

asio::awaitable<void> run_request_of(Runtime& runtime, const std::string& sent,
                                     std::string& received, unsigned& status) {
  ConnectedPair pair = co_await connect_pair(runtime);
  asio::co_spawn(runtime.executor(),
                 keeping_server(runtime, std::move(pair.server), sent.size(), received),
                 asio::detached);
  HttpClientConnection client(runtime, std::move(pair.client), kLimits);
  client.expires_at(runtime.now() + 20s);
  HttpRequest request;
  request.method = "POST";
  request.body = sent;
  EXPECT_FALSE(co_await client.send(request, "host"));
  EXPECT_FALSE(co_await client.read_head());
  status = client.status();
}

TEST_P(HttpClient, SendsABodyOfAnySizeAsItIs) {
  // Those behind the second are not copied behind the head; the last fills the socket.
  for (const std::size_t bytes : {1u, 65'536u, 65'537u, 2'000'000u, 8'000'000u}) {
    std::string sent;
    for (std::size_t i = 0; sent.size() < bytes; ++i) sent += std::to_string(i);
    sent.resize(bytes);
    std::string received;
    unsigned status = 0;
    const auto world = make_world(GetParam());
    world->run(run_request_of(world->runtime(), sent, received, status));
    EXPECT_EQ(status, 204u);
    EXPECT_TRUE(received == sent) << bytes << " bytes, " << received.size() << " of them received";
  }
}

}  // namespace
}  // namespace lab::test
