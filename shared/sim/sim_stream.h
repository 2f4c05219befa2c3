// A simulated TCP connection and its two ends: ordered bytes, FIN after bytes, RST, a bounded
// window.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "shared/base/rng.h"
#include "shared/runtime/stream.h"
#include "shared/sim/event_queue.h"

namespace lab {

class SimRuntime;

/// Both ends' state. Shared by its two streams; the runtime knows it for teardown.
class SimConnection : public std::enable_shared_from_this<SimConnection> {
 public:
  SimConnection(SimRuntime& runtime, Endpoint client, Endpoint server, Rng rng);
  ~SimConnection();
  SimConnection(const SimConnection&) = delete;
  SimConnection& operator=(const SimConnection&) = delete;

  /// Which end: 0 is the client's, 1 the server's.
  using End = unsigned;

  void read_some(End end, asio::mutable_buffer buffer, Stream::Handler handler,
                 asio::cancellation_slot slot);
  void write_some(End end, asio::const_buffer buffer, Stream::Handler handler,
                  asio::cancellation_slot slot);
  [[nodiscard]] IoResult<std::size_t> write_now(End end, asio::const_buffer buffer);
  void expires_at(End end, TimePoint deadline);
  void shutdown_send(End end);
  void reset(End end);
  void close(End end);
  [[nodiscard]] bool is_readable(End end) const {
    const Side& side = sides_[end];
    return side.arrived > side.consumed || side.fin_arrived || side.was_reset || side.closed;
  }
  [[nodiscard]] const Endpoint& remote_endpoint(End end) const { return sides_[1 - end].local; }
  [[nodiscard]] SimRuntime& runtime() { return runtime_; }
  /// Teardown: drops the handlers of operations under way. True if there was one.
  bool drop_handlers();
  /// What the ends wait for, a sentence each: "127.0.0.1:80 waits to read from 127.0.0.1:32768".
  [[nodiscard]] std::vector<std::string> waits() const;

 private:
  enum class Kind : std::uint8_t { data, fin, rst };
  struct Segment {
    TimePoint arrival;
    std::uint32_t bytes;
    Kind kind;
  };
  struct Operation {
    Stream::Handler handler;
    asio::cancellation_slot slot;
    asio::mutable_buffer room;
    asio::const_buffer bytes;
  };
  // One end: what it receives, what it waits for.
  struct Side {
    Endpoint local;
    std::string received;  // Arrived bytes, then bytes in flight; the first `consumed` are read.
    std::size_t consumed = 0;
    std::size_t arrived = 0;   // Index in `received` up to which bytes have arrived.
    std::size_t unwanted = 0;  // Bytes sent to this end after it closed: they fill the window too.
    std::deque<Segment> in_flight;
    TimePoint last_arrival{};
    TimePoint wire_free_at{};  // When what this end has sent so far has left it.
    EventId arrival_event;
    Operation read;
    Operation write;
    TimePoint deadline = kNoDeadline;
    TimePoint armed = kNoDeadline;
    EventId deadline_event;
    bool fin_arrived = false;
    bool fin_sent = false;
    bool was_reset = false;  // RST arrived here, or was sent from here.
    bool closed = false;
    bool expired = false;
  };

  void send_data(End from, std::size_t bytes);
  void send_segment(End from, std::size_t bytes, Kind kind);
  void schedule_arrival(End at);
  static void arrive(void* self, std::uint64_t end);
  void arrive_rst(End at);
  void satisfy_read(End end);
  std::size_t copy_out(Side& side, asio::mutable_buffer room);
  std::size_t accept_bytes(End from, asio::const_buffer bytes);
  void resume_writer(End end);
  void arm_deadline(End end);
  static void deadline_passed(void* self, std::uint64_t end);
  void fail(Operation& operation, ErrorCode ec);
  void wait(Operation& place, Operation operation);
  static Stream::Handler take_handler(Operation& operation);
  [[nodiscard]] ErrorCode read_refusal(const Side& side) const;
  [[nodiscard]] ErrorCode write_refusal(const Side& side) const;

  SimRuntime& runtime_;
  Rng rng_;
  std::array<Side, 2> sides_;
};

/// One end of a SimConnection.
class SimStream final : public Stream {
 public:
  SimStream(std::shared_ptr<SimConnection> connection, SimConnection::End end)
      : connection_(std::move(connection)), end_(end) {}
  ~SimStream() override { connection_->close(end_); }
  SimStream(const SimStream&) = delete;
  SimStream& operator=(const SimStream&) = delete;

  executor_type get_executor() override;
  IoResult<std::size_t> write_now(asio::const_buffer buffer) override {
    return connection_->write_now(end_, buffer);
  }
  void expires_at(TimePoint deadline) override { connection_->expires_at(end_, deadline); }
  void shutdown_send() override { connection_->shutdown_send(end_); }
  void reset() override { connection_->reset(end_); }
  void close() override { connection_->close(end_); }
  [[nodiscard]] bool is_readable() const override { return connection_->is_readable(end_); }
  [[nodiscard]] Endpoint remote_endpoint() const override {
    return connection_->remote_endpoint(end_);
  }

 protected:
  void do_read_some(asio::mutable_buffer buffer, Handler handler,
                    asio::cancellation_slot slot) override {
    connection_->read_some(end_, buffer, std::move(handler), slot);
  }
  void do_write_some(asio::const_buffer buffer, Handler handler,
                     asio::cancellation_slot slot) override {
    connection_->write_some(end_, buffer, std::move(handler), slot);
  }

 private:
  std::shared_ptr<SimConnection> connection_;
  SimConnection::End end_;
};

}  // namespace lab
