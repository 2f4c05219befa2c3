// HTTP connections over both worlds, and against scripted bytes.
#include "shared/runtime/http_io.h"

#include <gtest/gtest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string>
#include <vector>

#include "tests/support/world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr HttpLimits kLimits{
    .header_bytes_max = 4096, .header_fields_max = 20, .body_bytes_max = 1000};

asio::awaitable<ErrorCode> write_all(Stream& stream, std::string bytes) {
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const auto [ec, n] =
        co_await stream.async_write_some(asio::const_buffer(rest.data(), rest.size()), kAwait);
    if (ec) co_return ec;
    rest.remove_prefix(n);
  }
  co_return ErrorCode{};
}

asio::awaitable<std::string> read_to_end(Stream& stream) {
  std::string all;
  std::string room(1000, '\0');
  for (;;) {
    const auto [ec, n] = co_await stream.async_read_some(asio::buffer(room), kAwait);
    all.append(room, 0, n);
    if (ec) co_return all;
  }
}

// Answers each request with "METHOD target body" until the connection ends; records how it ended.
asio::awaitable<void> echo_server(Runtime& runtime, std::unique_ptr<Stream> stream,
                                  ErrorCode& end) {
  HttpServerConnection connection(runtime, std::move(stream), kLimits, {});
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

// What a server that reads `bytes` (then FIN) answers.
asio::awaitable<void> run_exchange(Runtime& runtime, std::string bytes, Exchange& exchange) {
  ConnectedPair pair = co_await connect_pair(runtime);
  asio::co_spawn(runtime.executor(), echo_server(runtime, std::move(pair.server), exchange.end),
                 asio::detached);
  co_await write_all(*pair.client, bytes);
  pair.client->shutdown_send();
  exchange.answer = co_await read_to_end(*pair.client);
}

class HttpIo : public testing::TestWithParam<WorldKind> {
 protected:
  Exchange exchange(std::string bytes) {
    Exchange result;
    world_->run(run_exchange(world_->runtime(), std::move(bytes), result));
    return result;
  }
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

TEST_P(HttpIo, ConnectionCloseAndHttp10EndTheConnection) {
  const Exchange closed =
      exchange("GET / HTTP/1.1\r\nConnection: close\r\n\r\nGET /next HTTP/1.1\r\n\r\n");
  EXPECT_EQ(count(closed.answer, "HTTP/1.1 200 OK"), 1u) << closed.answer;
  EXPECT_NE(closed.answer.find("Connection: close"), std::string::npos);
  const Exchange old = exchange("GET / HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(old.answer.starts_with("HTTP/1.0 200 OK")) << old.answer;
}

TEST_P(HttpIo, HeadHasALengthAndNoBody) {
  const Exchange e = exchange("HEAD /x HTTP/1.1\r\n\r\n");
  EXPECT_NE(e.answer.find("Content-Length: 8\r\n"), std::string::npos) << e.answer;
  EXPECT_TRUE(e.answer.ends_with("\r\n\r\n"));
}

TEST_P(HttpIo, ExpectContinueIsAnsweredBeforeTheBody) {
  const Exchange waiting =
      exchange("POST /x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_TRUE(waiting.answer.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400"))
      << waiting.answer;
  const Exchange too_long =
      exchange("POST /x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 9999\r\n\r\n");
  EXPECT_TRUE(too_long.answer.starts_with("HTTP/1.1 400")) << too_long.answer;
}

struct BadCase {
  const char* name;
  std::string bytes;
  Errc expected;
};

TEST_P(HttpIo, BadMessagesEndWithTheirOwnError) {
  const std::string long_value(5000, 'x');
  std::string fields;
  for (int i = 0; i < 30; ++i) fields += "A: b\r\n";
  const std::vector<BadCase> cases{
      {"garbage", "\x16\x03\x01 garbage\r\n\r\n", Errc::bad_message},
      {"bad version", "GET / HTTP/3.7\r\n\r\n", Errc::bad_message},
      {"space in name", "GET / HTTP/1.1\r\nA B: c\r\n\r\n", Errc::bad_message},
      {"two lengths", "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
       Errc::bad_message},
      {"length and chunked",
       "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       Errc::bad_message},
      {"bad chunk", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
       Errc::bad_message},
      {"long header", "GET / HTTP/1.1\r\nA: " + long_value + "\r\n\r\n", Errc::header_too_large},
      {"many fields", "GET / HTTP/1.1\r\n" + fields + "\r\n", Errc::header_too_large},
      {"1 GB announced", "POST / HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\n",
       Errc::body_too_large},
      {"long chunk", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\nabc",
       Errc::body_too_large},
      {"half a header", "GET / HTTP/1.1\r\nHos", Errc::partial_message},
      {"half a body", "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc", Errc::partial_message},
  };
  for (const BadCase& c : cases) {
    world_ = make_world(GetParam());
    const Exchange e = exchange(c.bytes);
    EXPECT_EQ(e.end, c.expected) << c.name << ": " << e.end.message();
    EXPECT_NE(e.answer.find("400 Bad Request"), std::string::npos) << c.name << e.answer;
  }
}

// ---- The client against scripted answers.

struct ClientResult {
  ErrorCode head;
  ErrorCode body_error;
  unsigned status = 0;
  std::string body;
  bool reusable = false;
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
}

class HttpClient : public HttpIo {
 protected:
  ClientResult answer(std::vector<std::string> pieces, bool reset = false) {
    ClientResult result;
    world_ = make_world(GetParam());
    world_->run(run_client(world_->runtime(), std::move(pieces), reset, result));
    return result;
  }
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

// ---- Streams and time.

asio::awaitable<void> slow_peer(Runtime& runtime, Errc& idle, Errc& header, Errc& body) {
  const HttpServerTimeouts timeouts{.idle = 40ms, .header = 20ms, .body = 30ms, .write = 1s};
  const std::vector<std::pair<std::string, Errc*>> cases{
      {"", &idle},
      {"GET / HT", &header},
      {"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc", &body}};
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
