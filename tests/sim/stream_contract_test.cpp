// What every Stream promises, over both implementations: shared/runtime/stream.h is the contract.
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <string>

#include "shared/runtime/await.h"
#include "shared/runtime/yield.h"
#include "tests/support/world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;

class StreamContract : public testing::TestWithParam<WorldKind> {
 protected:
  // Runs `body` on a connected pair.
  void with_pair(asio::awaitable<void> (*body)(Runtime&, ConnectedPair)) {
    world_->run(start(world_->runtime(), body));
  }
  std::unique_ptr<World> world_ = make_world(GetParam());

 private:
  static asio::awaitable<void> start(Runtime& runtime,
                                     asio::awaitable<void> (*body)(Runtime&, ConnectedPair)) {
    co_await body(runtime, co_await connect_pair(runtime));
  }
};

INSTANTIATE_TEST_SUITE_P(Worlds, StreamContract,
                         testing::Values(WorldKind::real, WorldKind::simulated),
                         [](const auto& kind) { return world_name(kind.param); });

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

struct ReadResult {
  std::string bytes;
  ErrorCode ec;
};

// Reads until an error; `piece` bytes at most at a time.
asio::awaitable<ReadResult> read_to_end(Stream& stream, std::size_t piece) {
  ReadResult result;
  std::string room(piece, '\0');
  while (!result.ec) {
    const auto [ec, n] = co_await stream.async_read_some(asio::buffer(room), kAwait);
    result.bytes.append(room, 0, n);
    result.ec = ec;
  }
  co_return result;
}

TEST_P(StreamContract, BytesArriveInOrderWhateverTheReadSize) {
  with_pair([](Runtime&, ConnectedPair pair) -> asio::awaitable<void> {
    EXPECT_FALSE(co_await write_all(*pair.client, "hello, "));
    EXPECT_FALSE(co_await write_all(*pair.client, "world"));
    pair.client->shutdown_send();
    const ReadResult result = co_await read_to_end(*pair.server, 3);
    EXPECT_EQ(result.bytes, "hello, world");
    EXPECT_EQ(result.ec, asio::error::eof);
  });
}

TEST_P(StreamContract, EofComesAfterAllBytesAndTheOtherWayStaysOpen) {
  with_pair([](Runtime&, ConnectedPair pair) -> asio::awaitable<void> {
    EXPECT_FALSE(co_await write_all(*pair.client, "question"));
    pair.client->shutdown_send();
    EXPECT_EQ((co_await read_to_end(*pair.server, 64)).bytes, "question");
    EXPECT_FALSE(co_await write_all(*pair.server, "answer"));
    pair.server->shutdown_send();
    const ReadResult result = co_await read_to_end(*pair.client, 64);
    EXPECT_EQ(result.bytes, "answer");
    EXPECT_EQ(result.ec, asio::error::eof);
  });
}

TEST_P(StreamContract, ResetIsNotEof) {
  with_pair([](Runtime&, ConnectedPair pair) -> asio::awaitable<void> {
    pair.server->reset();
    const ReadResult result = co_await read_to_end(*pair.client, 64);
    EXPECT_EQ(result.ec, asio::error::connection_reset);
  });
}

TEST_P(StreamContract, DestructionSendsFin) {
  with_pair([](Runtime&, ConnectedPair pair) -> asio::awaitable<void> {
    EXPECT_FALSE(co_await write_all(*pair.server, "bye"));
    pair.server.reset();
    const ReadResult result = co_await read_to_end(*pair.client, 64);
    EXPECT_EQ(result.bytes, "bye");
    EXPECT_EQ(result.ec, asio::error::eof);
  });
}

TEST_P(StreamContract, ClosingWithUnreadBytesResets) {
  with_pair([](Runtime& runtime, ConnectedPair pair) -> asio::awaitable<void> {
    EXPECT_FALSE(co_await write_all(*pair.client, "never read"));
    // Until the bytes are there: on loopback at once, in simulation after the latency.
    co_await runtime.sleep_for(5ms);
    pair.server->close();
    const ReadResult result = co_await read_to_end(*pair.client, 64);
    EXPECT_EQ(result.ec, asio::error::connection_reset);
  });
}

TEST_P(StreamContract, WritingToAClosedPeerFailsInTheEnd) {
  with_pair([](Runtime& runtime, ConnectedPair pair) -> asio::awaitable<void> {
    pair.server.reset();
    ErrorCode ec;
    for (int i = 0; i < 100 && !ec; ++i) {
      ec = co_await write_all(*pair.client, "x");
      co_await runtime.sleep_for(1ms);
    }
    EXPECT_TRUE(ec == asio::error::connection_reset || ec == asio::error::broken_pipe)
        << ec.message();
  });
}

TEST_P(StreamContract, FloodingAClosedPeerFailsWithoutAPause) {
  with_pair([](Runtime&, ConnectedPair pair) -> asio::awaitable<void> {
    pair.server.reset();
    const std::string block(64 * 1024, 'x');
    ErrorCode ec;
    while (!ec) ec = co_await write_all(*pair.client, block);
    EXPECT_TRUE(ec == asio::error::connection_reset || ec == asio::error::broken_pipe)
        << ec.message();
  });
}

TEST_P(StreamContract, DeadlineEndsAReadAsTimeout) {
  with_pair([](Runtime& runtime, ConnectedPair pair) -> asio::awaitable<void> {
    const TimePoint start = runtime.now();
    pair.client->expires_at(start + 20ms);
    const ReadResult result = co_await read_to_end(*pair.client, 64);
    EXPECT_EQ(result.ec, Errc::timeout);
    EXPECT_GE(runtime.now() - start, 20ms);
    // And it stays so.
    EXPECT_EQ((co_await read_to_end(*pair.client, 64)).ec, Errc::timeout);
  });
}

TEST_P(StreamContract, AMovedDeadlineCountsFromItsLastValue) {
  with_pair([](Runtime& runtime, ConnectedPair pair) -> asio::awaitable<void> {
    const TimePoint start = runtime.now();
    pair.client->expires_at(start + 10ms);
    pair.client->expires_at(start + 40ms);
    EXPECT_EQ((co_await read_to_end(*pair.client, 64)).ec, Errc::timeout);
    EXPECT_GE(runtime.now() - start, 40ms);
  });
}

TEST_P(StreamContract, AnEarlierDeadlineCounts) {
  with_pair([](Runtime& runtime, ConnectedPair pair) -> asio::awaitable<void> {
    const TimePoint start = runtime.now();
    pair.client->expires_at(start + 1h);
    pair.client->expires_at(start + 10ms);
    EXPECT_EQ((co_await read_to_end(*pair.client, 64)).ec, Errc::timeout);
    EXPECT_LT(runtime.now() - start, 30min);
  });
}

TEST_P(StreamContract, ClosingEndsAReadAsAborted) {
  with_pair([](Runtime& runtime, ConnectedPair pair) -> asio::awaitable<void> {
    std::string room(8, '\0');
    ErrorCode seen;
    bool done = false;
    pair.client->async_read_some(asio::buffer(room), [&](ErrorCode ec, std::size_t) {
      seen = ec;
      done = true;
    });
    pair.client->close();
    EXPECT_FALSE(done) << "completed inline";
    co_await runtime.sleep_for(1ms);
    EXPECT_EQ(seen, asio::error::operation_aborted);
    EXPECT_EQ((co_await read_to_end(*pair.client, 8)).ec, Errc::connection_closed);
  });
}

TEST_P(StreamContract, ACancelledReadLeavesTheStreamUsable) {
  with_pair([](Runtime& runtime, ConnectedPair pair) -> asio::awaitable<void> {
    std::string room(8, '\0');
    ErrorCode seen;
    asio::cancellation_signal signal;
    pair.client->async_read_some(
        asio::buffer(room),
        asio::bind_cancellation_slot(signal.slot(), [&](ErrorCode ec, std::size_t) { seen = ec; }));
    signal.emit(asio::cancellation_type::terminal);
    co_await runtime.sleep_for(1ms);
    EXPECT_EQ(seen, asio::error::operation_aborted);
    EXPECT_FALSE(co_await write_all(*pair.server, "later"));
    pair.server->shutdown_send();
    EXPECT_EQ((co_await read_to_end(*pair.client, 64)).bytes, "later");
  });
}

TEST_P(StreamContract, AFullWindowMakesTheWriterWait) {
  with_pair([](Runtime& runtime, ConnectedPair pair) -> asio::awaitable<void> {
    // More than any default socket buffer pair holds.
    const std::string block(64 * 1024, 'x');
    std::size_t written = 0;
    pair.client->expires_at(runtime.now() + 50ms);
    ErrorCode ec;
    while (!ec && written < (std::size_t{256} << 20)) {
      const auto [e, n] = co_await pair.client->async_write_some(asio::buffer(block), kAwait);
      written += n;
      ec = e;
    }
    EXPECT_EQ(ec, Errc::timeout);
    // Everything accepted arrives once it is read.
    pair.client->shutdown_send();
    const ReadResult result = co_await read_to_end(*pair.server, 256 * 1024);
    EXPECT_EQ(result.bytes.size(), written);
  });
}

TEST_P(StreamContract, WritesAtOnceWhatThereIsRoomFor) {
  with_pair([](Runtime&, ConnectedPair pair) -> asio::awaitable<void> {
    const std::string block(64 * 1024, 'x');
    std::size_t written = 0;
    // No room is no error.
    while (const std::size_t n = pair.client->write_now(asio::buffer(block)).value()) written += n;
    EXPECT_GE(written, block.size());
    pair.client->shutdown_send();
    const ReadResult result = co_await read_to_end(*pair.server, 256 * 1024);
    EXPECT_EQ(result.bytes.size(), written);
  });
}

TEST_P(StreamContract, ADeadlineThatHasPassedLetsWritesAtOnceThrough) {
  with_pair([](Runtime& runtime, ConnectedPair pair) -> asio::awaitable<void> {
    pair.server->expires_at(runtime.now() + 1ms);
    EXPECT_EQ((co_await read_to_end(*pair.server, 8)).ec, Errc::timeout);
    EXPECT_EQ(pair.server->write_now(asio::buffer("late", 4)).value(), 4u);
    pair.server->shutdown_send();
    EXPECT_EQ((co_await read_to_end(*pair.client, 8)).bytes, "late");
  });
}

TEST_P(StreamContract, WritingAtOnceFailsAsAnyWriteDoes) {
  with_pair([](Runtime& runtime, ConnectedPair pair) -> asio::awaitable<void> {
    const auto byte = asio::buffer("x", 1);
    EXPECT_EQ(pair.client->write_now(byte).value(), 1u);
    pair.server->reset();
    co_await runtime.sleep_for(5ms);
    const ErrorCode ec = pair.client->write_now(byte).error();
    EXPECT_TRUE(ec == asio::error::connection_reset || ec == asio::error::broken_pipe)
        << ec.message();
    pair.client->close();
    EXPECT_EQ(pair.client->write_now(byte).error(), Errc::connection_closed);
  });
}

TEST_P(StreamContract, IsReadableOnceBytesFinOrRstHaveArrived) {
  with_pair([](Runtime& runtime, ConnectedPair pair) -> asio::awaitable<void> {
    EXPECT_FALSE(pair.client->is_readable());
    EXPECT_FALSE(co_await write_all(*pair.server, "x"));
    co_await runtime.sleep_for(5ms);
    // Looking takes nothing.
    EXPECT_TRUE(pair.client->is_readable());
    EXPECT_TRUE(pair.client->is_readable());
    char room[8];
    EXPECT_EQ(std::get<1>(co_await pair.client->async_read_some(asio::buffer(room), kAwait)), 1u);
    EXPECT_FALSE(pair.client->is_readable());
    // A deadline that passes while nobody reads is none of the peer's doing.
    pair.client->expires_at(runtime.now() + 1ms);
    co_await runtime.sleep_for(5ms);
    EXPECT_FALSE(pair.client->is_readable());
    pair.server->shutdown_send();
    co_await runtime.sleep_for(5ms);
    EXPECT_TRUE(pair.client->is_readable());
    pair.client->reset();
    EXPECT_FALSE(co_await runtime.sleep_for(5ms));
    EXPECT_TRUE(pair.server->is_readable());
  });
}

TEST_P(StreamContract, RemoteEndpointsAreEachOthers) {
  with_pair([](Runtime&, ConnectedPair pair) -> asio::awaitable<void> {
    EXPECT_EQ(pair.server->remote_endpoint().address, "127.0.0.1");
    EXPECT_NE(pair.client->remote_endpoint().port, 0);
    co_return;
  });
}

asio::awaitable<void> connect_to_nobody(Runtime& runtime) {
  auto listener = runtime.listen({"127.0.0.1", 0}).value();
  const Endpoint endpoint = listener->local_endpoint();
  listener.reset();
  const auto stream = co_await runtime.connect(endpoint, kNoDeadline);
  EXPECT_EQ(stream.error(), asio::error::connection_refused);
}

TEST_P(StreamContract, NobodyListeningIsConnectionRefused) {
  world_->run(connect_to_nobody(world_->runtime()));
}

asio::awaitable<void> accept_on_closed(Runtime& runtime) {
  auto listener = runtime.listen({"127.0.0.1", 0}).value();
  EXPECT_TRUE(runtime.listen(listener->local_endpoint()).has_error()) << "port taken twice";
  listener->close();
  EXPECT_TRUE((co_await listener->accept()).has_error());
}

TEST_P(StreamContract, AcceptFailsOnceClosed) { world_->run(accept_on_closed(world_->runtime())); }

asio::awaitable<void> resolve_names(Runtime& runtime) {
  const auto deadline = runtime.now() + 5s;
  const auto numeric = co_await runtime.resolve("127.0.0.2", 80, deadline);
  EXPECT_EQ(numeric.value().front(), (Endpoint{"127.0.0.2", 80}));
  EXPECT_FALSE((co_await runtime.resolve("localhost", 80, deadline)).value().empty());
}

TEST_P(StreamContract, ResolveKnowsNumbersAndLocalhost) {
  world_->run(resolve_names(world_->runtime()));
}

asio::awaitable<void> yield_once(Runtime& runtime) {
  std::string order;
  asio::post(runtime.executor(), [&order] { order += "ready "; });
  order += "running ";
  co_await async_yield(runtime.executor(), asio::use_awaitable);
  order += "back";
  EXPECT_EQ(order, "running ready back");
}

TEST_P(StreamContract, WhatIsReadyRunsBeforeWhoeverYields) {
  world_->run(yield_once(world_->runtime()));
}

// Coroutines that wait when the world ends are destroyed with it; the leak check of the asan preset
// proves it.
asio::awaitable<void> wait_for_ever(Runtime& runtime, std::shared_ptr<int> alive) {
  auto pair = co_await connect_pair(runtime);
  const ReadResult result = co_await read_to_end(*pair.client, 8);
  ADD_FAILURE() << "woken: " << result.ec.message() << *alive;
}

asio::awaitable<void> leave_waiting(Runtime& runtime, std::shared_ptr<int> alive) {
  asio::co_spawn(runtime.executor(), wait_for_ever(runtime, alive), [](std::exception_ptr) {});
  co_await runtime.sleep_for(10ms);
}

TEST_P(StreamContract, NothingIsLeftBehindAfterTeardown) {
  auto alive = std::make_shared<int>(1);
  world_->run(leave_waiting(world_->runtime(), alive));
  EXPECT_GT(alive.use_count(), 1);
  world_.reset();
  EXPECT_EQ(alive.use_count(), 1);
}

}  // namespace
}  // namespace lab::test
