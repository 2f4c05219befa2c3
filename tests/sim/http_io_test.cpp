// The server's end of HTTP connections over both worlds, against bytes as they are; and both ends
// in time.
#include "shared/runtime/http_io.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/raw_bytes.h"
#include "tests/support/world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;

// Answers each request with "METHOD target body" until the connection ends; records how it ended.
asio::awaitable<void> echo_server(Runtime& runtime, std::unique_ptr<Stream> stream,
                                  ErrorCode& end) {
  HttpServerConnection connection(runtime, std::move(stream), kLimits, {});
  connection.limit_bodies_by([](std::string_view target) {
    return target == "/large" ? std::optional<std::uint64_t>(3000) : std::nullopt;
  });
  for (;;) {
    end = co_await connection.read_request();
    HttpResponse response;
    if (end) {
      if (end == Errc::end_of_stream || !connection.in_request()) co_return;
      response.status = 400;
      response.body = end.message();
      co_await connection.write(response);
      co_await connection.linger();
      co_return;
    }
    const HttpRequest& request = connection.request();
    response.headers.add("X-Fields", std::to_string(request.headers.size()));
    response.body = request.method + " " + request.target + " " + request.body;
    if (co_await connection.write(response)) co_return;
    if (!connection.keep_alive()) co_return;
  }
}

struct Exchange {
  std::string answer;
  ErrorCode end;
};

// What a server that reads these (then FIN) answers.
asio::awaitable<void> run_exchange(Runtime& runtime, std::vector<std::string> pieces,
                                   Exchange& exchange) {
  ConnectedPair pair = co_await connect_pair(runtime);
  asio::co_spawn(runtime.executor(), echo_server(runtime, std::move(pair.server), exchange.end),
                 asio::detached);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (i > 0) co_await runtime.sleep_for(2ms);
    co_await write_all(*pair.client, pieces[i]);
  }
  pair.client->shutdown_send();
  exchange.answer = co_await read_to_end(*pair.client);
}

class HttpIo : public testing::TestWithParam<WorldKind> {
 protected:
  Exchange exchange(std::vector<std::string> pieces) {
    Exchange result;
    world_->run(run_exchange(world_->runtime(), std::move(pieces), result));
    return result;
  }
  Exchange exchange(const std::string& bytes) { return exchange(std::vector{bytes}); }
  std::unique_ptr<World> world_ = make_world(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Worlds, HttpIo, testing::Values(WorldKind::real, WorldKind::simulated),
                         [](const auto& kind) { return world_name(kind.param); });

std::size_t count(std::string_view text, std::string_view word) {
  std::size_t n = 0;
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++n;
  return n;
}

TEST_P(HttpIo, PipelinedRequestsAreAnsweredInOrder) {
  const Exchange e = exchange(
      "GET /one HTTP/1.1\r\nHost: a\r\n\r\n"
      "\r\nPOST /two HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody"
      "POST /three HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  const auto one = e.answer.find("GET /one ");
  const auto two = e.answer.find("POST /two body");
  const auto three = e.answer.find("POST /three abcde");
  EXPECT_NE(three, std::string::npos) << e.answer;
  EXPECT_LT(one, two);
  EXPECT_LT(two, three);
  EXPECT_EQ(e.end, Errc::end_of_stream);
}

// Notes the request's target, a letter, and answers.
asio::awaitable<void> note_requests(Runtime& runtime, std::unique_ptr<Stream> stream,
                                    std::string& order) {
  HttpServerConnection connection(runtime, std::move(stream), kLimits, {});
  const HttpResponse response;
  while (!co_await connection.read_request()) {
    order += connection.request().target.substr(1);
    if (co_await connection.write(response)) co_return;
  }
}

asio::awaitable<void> race_with_pipeline(Runtime& runtime, std::string& order) {
  ConnectedPair many = co_await connect_pair(runtime);
  ConnectedPair one = co_await connect_pair(runtime);
  std::string requests;
  for (int i = 0; i < 50; ++i) requests += "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
  co_await write_all(*many.client, requests);
  co_await write_all(*one.client, "GET /b HTTP/1.1\r\nHost: a\r\n\r\n");
  co_await runtime.sleep_for(5ms);
  asio::co_spawn(runtime.executor(), note_requests(runtime, std::move(many.server), order),
                 asio::detached);
  asio::co_spawn(runtime.executor(), note_requests(runtime, std::move(one.server), order),
                 asio::detached);
  many.client->shutdown_send();
  one.client->shutdown_send();
  co_await read_to_end(*many.client);
  co_await read_to_end(*one.client);
}

TEST_P(HttpIo, PipelinedRequestsLeaveOthersTheirTurn) {
  std::string order;
  world_->run(race_with_pipeline(world_->runtime(), order));
  EXPECT_EQ(order.size(), 51u);
  EXPECT_LT(order.find('b'), 25u) << order;
}

TEST_P(HttpIo, ConnectionCloseAndHttp10EndTheConnection) {
  const Exchange closed = exchange(
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /next HTTP/1.1\r\nHost: "
      "a\r\n\r\n");
  EXPECT_EQ(count(closed.answer, "HTTP/1.1 200 OK"), 1u) << closed.answer;
  EXPECT_NE(closed.answer.find("Connection: close"), std::string::npos);
  const Exchange old = exchange("GET / HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(old.answer.starts_with("HTTP/1.0 200 OK")) << old.answer;
}

TEST_P(HttpIo, HeadHasALengthAndNoBody) {
  const Exchange e = exchange("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_NE(e.answer.find("Content-Length: 8\r\n"), std::string::npos) << e.answer;
  EXPECT_TRUE(e.answer.ends_with("\r\n\r\n"));
}

TEST_P(HttpIo, ExpectContinueIsAnsweredBeforeTheBody) {
  const Exchange waiting =
      exchange("POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_TRUE(waiting.answer.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400"))
      << waiting.answer;
  const Exchange too_long = exchange(
      "POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9999\r\n\r\n");
  EXPECT_TRUE(too_long.answer.starts_with("HTTP/1.1 400")) << too_long.answer;
}

// RFC 9110, 10.1.1.
TEST_P(HttpIo, ExpectContinueOfHttp10IsIgnored) {
  const Exchange e =
      exchange("POST /x HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab");
  EXPECT_TRUE(e.answer.starts_with("HTTP/1.0 200")) << e.answer;
  EXPECT_EQ(count(e.answer, "100 Continue"), 0u);
}

TEST_P(HttpIo, SomeTargetsHaveALimitOfTheirOwn) {
  const std::string body(2000, 'b');
  const auto post = [&](std::string_view target) {
    return exchange("POST " + std::string(target) + " HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\n\r\n" + body);
  };
  EXPECT_EQ(post("/x").end, Errc::body_too_large);
  EXPECT_EQ(post("/large").end, Errc::end_of_stream);
}

// A client that reads nothing before it has sent all it has, a good deal more than the limit.
asio::awaitable<void> send_too_much(Runtime& runtime, ErrorCode& unsent, std::string& answer) {
  ConnectedPair pair = co_await connect_pair(runtime);
  ErrorCode end;
  asio::co_spawn(runtime.executor(), echo_server(runtime, std::move(pair.server), end),
                 asio::detached);
  constexpr std::size_t kBytes = std::size_t{8} << 20;
  unsent = co_await write_all(*pair.client, "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                                                std::to_string(kBytes) + "\r\n\r\n");
  if (!unsent) unsent = co_await write_all(*pair.client, std::string(kBytes, 'b'));
  pair.client->shutdown_send();
  answer = co_await read_to_end(*pair.client);
}

TEST_P(HttpIo, AClientThatSendsTooMuchReadsItsAnswer) {
  ErrorCode unsent;
  std::string answer;
  world_->run(send_too_much(world_->runtime(), unsent, answer));
  EXPECT_FALSE(unsent) << unsent.message();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << answer;
}

// However small the pieces are that a last chunk comes in.
TEST_P(HttpIo, ALastChunkMayComeInPieces) {
  const Exchange e = exchange(std::vector<std::string>{
      "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "\r", "\n"});
  EXPECT_TRUE(e.answer.starts_with("HTTP/1.1 200")) << e.answer;
  EXPECT_EQ(e.end, Errc::end_of_stream);
}

// RFC 9110, 6.5.1: they would be a way past all that judges a head.
TEST_P(HttpIo, TrailersAreNoHeaders) {
  const Exchange e = exchange(
      "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "2\r\nab\r\n0\r\nAuthorization: Bearer x\r\nX-Sum: 1\r\n\r\n");
  EXPECT_NE(e.answer.find("X-Fields: 2\r\n"), std::string::npos) << e.answer;
  EXPECT_TRUE(e.answer.ends_with("POST /x ab")) << e.answer;
  EXPECT_EQ(e.end, Errc::end_of_stream);
}

// The bytes after a head whose body has no known end must never be taken for a request.
TEST_P(HttpIo, ACodingThatHidesTheEndOfTheBodyEndsTheConnection) {
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const std::string coding : {"identity", "gzip", "chunked, identity", "chunked, chunked, x",
                                   "xchunked", "\"chunked\""}) {
    world_ = make_world(GetParam());
    const Exchange e = exchange("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: " + coding +
                                "\r\n\r\n" + smuggled);
    EXPECT_EQ(e.end, Errc::bad_message) << coding;
    EXPECT_EQ(count(e.answer, "HTTP/1.1 "), 1u) << coding << e.answer;
    EXPECT_EQ(e.answer.find("smuggled"), std::string::npos) << coding;
  }
  world_ = make_world(GetParam());
  const Exchange old =
      exchange("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled);
  EXPECT_EQ(old.end, Errc::bad_message);
}

TEST_P(HttpIo, AnAbsoluteTargetIsCutToItsPath) {
  const Exchange e = exchange("GET http://a:1/x?y=http://z HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_NE(e.answer.find("GET /x?y=http://z "), std::string::npos) << e.answer;
}

asio::awaitable<void> send_empty_lines(Runtime& runtime, Exchange& exchange) {
  ConnectedPair pair = co_await connect_pair(runtime);
  asio::co_spawn(runtime.executor(), echo_server(runtime, std::move(pair.server), exchange.end),
                 asio::detached);
  for (const char* piece : {"\r", "\n\r\n", "GET /one HTTP/1.1\r\nHost: a\r\n\r\n", "\r\n", "\r\n",
                            "GET /two HTTP/1.1\r\nHost: a\r\n\r\n"}) {
    co_await write_all(*pair.client, piece);
    co_await runtime.sleep_for(2ms);
  }
  pair.client->shutdown_send();
  exchange.answer = co_await read_to_end(*pair.client);
}

TEST_P(HttpIo, EmptyLinesBetweenRequestsAreSkippedHoweverTheyArrive) {
  Exchange e;
  world_->run(send_empty_lines(world_->runtime(), e));
  EXPECT_NE(e.answer.find("GET /one "), std::string::npos) << e.answer;
  EXPECT_NE(e.answer.find("GET /two "), std::string::npos) << e.answer;
  EXPECT_EQ(e.end, Errc::end_of_stream);
}

struct BadCase {
  const char* name;
  std::string bytes;
  ErrorCode expected;
};

TEST_P(HttpIo, BadMessagesEndWithTheirOwnError) {
  const std::string long_value(5000, 'x');
  std::string fields;
  for (int i = 0; i < 30; ++i) fields += "A: b\r\n";
  const std::vector<BadCase> cases{
      {"garbage", "\x16\x03\x01 garbage\r\n\r\n", Errc::bad_message},
      {"bad version", "GET / HTTP/3.7\r\n\r\n",
       make_error_code(boost::system::errc::protocol_not_supported)},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
       make_error_code(boost::system::errc::protocol_not_supported)},
      {"no version", "GET /\r\n\r\n", Errc::bad_message},
      {"no host", "GET / HTTP/1.1\r\n\r\n", Errc::bad_message},
      {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", Errc::bad_message},
      {"space in name", "GET / HTTP/1.1\r\nHost: a\r\nA B: c\r\n\r\n", Errc::bad_message},
      {"two lengths",
       "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
       Errc::bad_message},
      {"length and chunked",
       "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: "
       "chunked\r\n\r\n0\r\n\r\n",
       Errc::bad_message},
      {"bad chunk", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
       Errc::bad_message},
      {"long header", "GET / HTTP/1.1\r\nHost: a\r\nA: " + long_value + "\r\n\r\n",
       Errc::header_too_large},
      {"many fields", "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n", Errc::header_too_large},
      {"1 GB announced", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n",
       Errc::body_too_large},
      {"long chunk", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\nabc",
       Errc::body_too_large},
      {"body coded again",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
       make_error_code(boost::system::errc::not_supported)},
      {"half a header", "GET / HTTP/1.1\r\nHost: a\r\nHos", Errc::partial_message},
      {"half a body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
       Errc::partial_message},
  };
  for (const BadCase& c : cases) {
    world_ = make_world(GetParam());
    const Exchange e = exchange(c.bytes);
    EXPECT_EQ(e.end, c.expected) << c.name << ": " << e.end.message();
    EXPECT_NE(e.answer.find("400 Bad Request"), std::string::npos) << c.name << e.answer;
  }
}

// ---- Streams and time.

asio::awaitable<void> slow_peer(Runtime& runtime, Errc& idle, Errc& header, Errc& body) {
  const HttpServerTimeouts timeouts{.idle = 40ms, .header = 20ms, .body = 30ms, .write = 1s};
  const std::vector<std::pair<std::string, Errc*>> cases{
      {"", &idle},
      {"GET / HT", &header},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc", &body}};
  for (const auto& [bytes, out] : cases) {
    ConnectedPair pair = co_await connect_pair(runtime);
    HttpServerConnection server(runtime, std::move(pair.server), kLimits, timeouts);
    co_await write_all(*pair.client, bytes);
    const TimePoint start = runtime.now();
    const ErrorCode ec = co_await server.read_request();
    *out = static_cast<Errc>(ec.value());
    EXPECT_EQ(server.in_request(), !bytes.empty());
    EXPECT_GE(runtime.now() - start, 15ms);
    EXPECT_FALSE(server.keep_alive());
  }
}

TEST_P(HttpIo, SlowPeersMeetTheirDeadlines) {
  Errc idle{}, header{}, body{};
  world_->run(slow_peer(world_->runtime(), idle, header, body));
  EXPECT_EQ(idle, Errc::timeout);
  EXPECT_EQ(header, Errc::timeout);
  EXPECT_EQ(body, Errc::timeout);
}

asio::awaitable<void> stream_pieces(Runtime& runtime, std::unique_ptr<Stream> stream) {
  HttpServerConnection server(runtime, std::move(stream), kLimits, {});
  while (!(co_await server.read_request())) {
    HttpResponse head;
    head.headers.add("Content-Type", "text/event-stream");
    co_await server.start_stream(head);
    for (const char* piece : {"one", "two", "three"}) {
      co_await runtime.sleep_for(10ms);
      co_await server.write_piece(piece);
    }
    co_await server.finish_stream();
    if (!server.keep_alive()) break;
  }
}

asio::awaitable<void> read_pieces(Runtime& runtime, std::vector<std::string>& pieces) {
  ConnectedPair pair = co_await connect_pair(runtime);
  asio::co_spawn(runtime.executor(), stream_pieces(runtime, std::move(pair.server)),
                 asio::detached);
  HttpClientConnection client(runtime, std::move(pair.client), kLimits);
  for (int round = 0; round < 2; ++round) {
    // Named: g++ 12 copies an aggregate temporary of a co_await expression bit by bit, and frees it
    // twice.
    const HttpRequest request;
    EXPECT_FALSE(co_await client.send(request, "host"));
    EXPECT_FALSE(co_await client.read_head());
    const TimePoint head = runtime.now();
    const std::size_t before = pieces.size();
    for (;;) {
      const auto piece = co_await client.read_body();
      EXPECT_FALSE(piece.has_error());
      if (!piece || piece->empty()) break;
      pieces.emplace_back(*piece);
      EXPECT_GE(client.times().last_byte - head, 9ms * (pieces.size() - before));
    }
    EXPECT_TRUE(client.reusable());
    EXPECT_EQ(client.exchanges(), static_cast<std::uint64_t>(round + 1));
    EXPECT_GE(client.times().first_byte, client.times().send_finished);
  }
}

TEST_P(HttpIo, StreamedPiecesArriveAsTheyAreWritten) {
  std::vector<std::string> pieces;
  world_->run(read_pieces(world_->runtime(), pieces));
  EXPECT_EQ(pieces, (std::vector<std::string>{"one", "two", "three", "one", "two", "three"}));
}

}  // namespace
}  // namespace lab::test
