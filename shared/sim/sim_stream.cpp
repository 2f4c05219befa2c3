#include "shared/sim/sim_stream.h"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <cstring>

#include "shared/sim/sim_runtime.h"

namespace lab {
namespace {

// Read bytes are dropped from the front of the buffer once they are this many, not one by one.
constexpr std::size_t kCompactBytes = 64 * 1024;

}  // namespace

SimConnection::SimConnection(SimRuntime& runtime, Endpoint client, Endpoint server, Rng rng)
    : runtime_(runtime), rng_(rng) {
  sides_[0].local = std::move(client);
  sides_[1].local = std::move(server);
  runtime_.connections_.insert(this);
}

SimConnection::~SimConnection() {
  for (Side& side : sides_) {
    runtime_.events_.cancel(side.arrival_event);
    runtime_.events_.cancel(side.deadline_event);
  }
  runtime_.connections_.erase(this);
}

bool SimConnection::drop_handlers() {
  bool dropped = false;
  for (Side& side : sides_) {
    // Moved out first: destroying one may end a coroutine that closes this very connection.
    const Stream::Handler read = std::move(side.read.handler);
    const Stream::Handler write = std::move(side.write.handler);
    dropped |= read || write;
  }
  return dropped;
}

std::vector<std::string> SimConnection::waits() const {
  std::vector<std::string> sentences;
  for (const End end : {0u, 1u}) {
    const std::string local = sides_[end].local.to_string();
    const std::string remote = remote_endpoint(end).to_string();
    if (sides_[end].read.handler) sentences.push_back(local + " waits to read from " + remote);
    if (sides_[end].write.handler) sentences.push_back(local + " waits to write to " + remote);
  }
  return sentences;
}

// What a write on this side fails with at once, its deadline apart, if anything.
ErrorCode SimConnection::write_refusal(const Side& side) const {
  if (side.closed) return Errc::connection_closed;
  if (side.was_reset) return asio::error::connection_reset;
  return side.fin_sent ? ErrorCode(asio::error::broken_pipe) : ErrorCode{};
}

// The same of a read.
ErrorCode SimConnection::read_refusal(const Side& side) const {
  if (side.closed) return Errc::connection_closed;
  if (side.expired) return Errc::timeout;
  return side.was_reset ? ErrorCode(asio::error::connection_reset) : ErrorCode{};
}

void SimConnection::read_some(End end, asio::mutable_buffer buffer, Stream::Handler handler,
                              asio::cancellation_slot slot) {
  Side& side = sides_[end];
  if (const ErrorCode ec = read_refusal(side)) {
    runtime_.complete_at(runtime_.now(), std::move(handler), ec, 0);
  } else if (side.arrived > side.consumed || buffer.size() == 0) {
    const std::size_t n = copy_out(side, buffer);
    runtime_.complete_at(runtime_.now(), std::move(handler), {}, n);
    resume_writer(1 - end);
  } else if (side.fin_arrived) {
    runtime_.complete_at(runtime_.now(), std::move(handler), asio::error::eof, 0);
  } else {
    wait(side.read, {std::move(handler), slot, buffer, {}});
  }
}

void SimConnection::write_some(End end, asio::const_buffer buffer, Stream::Handler handler,
                               asio::cancellation_slot slot) {
  Side& side = sides_[end];
  ErrorCode ec = write_refusal(side);
  if (side.expired && !side.closed) ec = Errc::timeout;
  if (ec) {
    runtime_.complete_at(runtime_.now(), std::move(handler), ec, 0);
    return;
  }
  const std::size_t n = accept_bytes(end, buffer);
  if (n > 0 || buffer.size() == 0) {
    runtime_.complete_at(runtime_.now(), std::move(handler), {}, n);
  } else {
    wait(side.write, {std::move(handler), slot, {}, buffer});
  }
}

IoResult<std::size_t> SimConnection::write_now(End end, asio::const_buffer buffer) {
  if (const ErrorCode ec = write_refusal(sides_[end])) return ec;
  return accept_bytes(end, buffer);
}

void SimConnection::wait(Operation& place, Operation operation) {
  place.handler.swap(operation.handler);
  place.slot = operation.slot;
  place.room = operation.room;
  place.bytes = operation.bytes;
  if (place.slot.is_connected()) {
    place.slot.assign(
        [this, &place](asio::cancellation_type) { fail(place, asio::error::operation_aborted); });
  }
}

// Of an operation that has come to its end, and cannot be cancelled any more.
Stream::Handler SimConnection::take_handler(Operation& operation) {
  if (operation.slot.is_connected()) operation.slot.clear();
  return std::move(operation.handler);
}

// Takes as many bytes as the window has room for, and puts them on the wire.
std::size_t SimConnection::accept_bytes(End from, asio::const_buffer bytes) {
  Side& to = sides_[1 - from];
  const std::size_t held = to.received.size() - to.consumed + to.unwanted;
  const std::size_t window = runtime_.options_.network.window_bytes;
  const std::size_t n = std::min(bytes.size(), window > held ? window - held : 0);
  if (n == 0) return 0;
  runtime_.hash_.add_bytes(bytes.data(), n);
  if (to.closed || to.was_reset) {
    // Nobody will read them: they only have to arrive, to be answered by RST.
    to.unwanted += n;
    send_data(from, 0);
    return n;
  }
  to.received.append(static_cast<const char*>(bytes.data()), n);
  send_data(from, n);
  return n;
}

void SimConnection::send_data(End from, std::size_t bytes) {
  const double resets = runtime_.options_.network.reset_probability;
  if (resets == 0 || rng_.uniform01() >= resets) return send_segment(from, bytes, Kind::data);
  // What resets a connection on its way tells both ends.
  send_segment(from, bytes, Kind::rst);
  send_segment(1 - from, 0, Kind::rst);
}

void SimConnection::send_segment(End from, std::size_t bytes, Kind kind) {
  const NetworkModel& network = runtime_.options_.network;
  Side& to = sides_[1 - from];
  TimePoint& wire_free_at = sides_[from].wire_free_at;
  wire_free_at = later(std::max(wire_free_at, runtime_.now()), network.transmission(bytes));
  to.last_arrival = std::max(to.last_arrival, network.arrival(wire_free_at, rng_));
  to.in_flight.push_back({to.last_arrival, static_cast<std::uint32_t>(bytes), kind});
  if (to.in_flight.size() == 1) schedule_arrival(1 - from);
}

void SimConnection::schedule_arrival(End at) {
  Side& side = sides_[at];
  side.arrival_event =
      runtime_.events_.schedule(side.in_flight.front().arrival, {&arrive, this, at});
}

void SimConnection::arrive(void* object, std::uint64_t end) {
  // Handlers called from here may drop the last stream.
  const auto self = static_cast<SimConnection*>(object)->shared_from_this();
  const auto at = static_cast<End>(end);
  Side& side = self->sides_[at];
  const Segment segment = side.in_flight.front();
  side.in_flight.pop_front();
  if (!side.in_flight.empty()) self->schedule_arrival(at);
  self->runtime_.hash_.add(segment.bytes << 2 | static_cast<unsigned>(segment.kind));
  switch (segment.kind) {
    case Kind::rst:
      return self->arrive_rst(at);
    case Kind::fin:
      side.fin_arrived = true;
      break;
    case Kind::data:
      // RFC 9293, 3.10.7.1: data for an end that is gone is answered by RST.
      if (side.closed || side.was_reset) {
        if (!self->sides_[1 - at].was_reset) self->send_segment(at, 0, Kind::rst);
        return;
      }
      side.arrived += segment.bytes;
      break;
  }
  self->satisfy_read(at);
}

void SimConnection::arrive_rst(End at) {
  Side& side = sides_[at];
  side.was_reset = true;
  side.received.clear();
  side.consumed = side.arrived = 0;
  side.in_flight.clear();
  runtime_.events_.cancel(side.arrival_event);
  fail(side.read, asio::error::connection_reset);
  fail(side.write, asio::error::connection_reset);
}

// Called when bytes or FIN have arrived. Bytes go straight to a waiting reader: this is an event
// already.
void SimConnection::satisfy_read(End end) {
  Side& side = sides_[end];
  if (!side.read.handler) return;
  if (side.arrived == side.consumed && !side.fin_arrived) return;
  Stream::Handler handler = take_handler(side.read);
  if (side.arrived == side.consumed) {
    std::move(handler)(asio::error::eof, 0);
    return;
  }
  const std::size_t n = copy_out(side, side.read.room);
  resume_writer(1 - end);
  std::move(handler)(ErrorCode{}, n);
}

std::size_t SimConnection::copy_out(Side& side, asio::mutable_buffer room) {
  std::size_t n = std::min(side.arrived - side.consumed, room.size());
  const double short_reads = runtime_.options_.network.short_read_probability;
  if (n > 1 && short_reads > 0 && rng_.uniform01() < short_reads) n = 1 + rng_.below(n - 1);
  std::memcpy(room.data(), side.received.data() + side.consumed, n);
  side.consumed += n;
  if (side.consumed == side.received.size()) {
    side.received.clear();
    side.consumed = side.arrived = 0;
  } else if (side.consumed >= kCompactBytes) {
    side.received.erase(0, side.consumed);
    side.arrived -= side.consumed;
    side.consumed = 0;
  }
  return n;
}

void SimConnection::resume_writer(End end) {
  Operation& write = sides_[end].write;
  if (!write.handler) return;
  const std::size_t n = accept_bytes(end, write.bytes);
  if (n == 0) return;
  runtime_.complete_at(runtime_.now(), take_handler(write), {}, n);
}

void SimConnection::fail(Operation& operation, ErrorCode ec) {
  if (!operation.handler) return;
  runtime_.complete_at(runtime_.now(), take_handler(operation), ec, 0);
}

// As on a socket, the event is left alone while it would fire before the new deadline; it re-arms
// itself.
void SimConnection::expires_at(End end, TimePoint deadline) {
  Side& side = sides_[end];
  side.deadline = deadline;
  side.expired = false;
  if (deadline < side.armed && !side.closed) arm_deadline(end);
}

void SimConnection::arm_deadline(End end) {
  Side& side = sides_[end];
  runtime_.events_.cancel(side.deadline_event);
  side.armed = side.deadline;
  side.deadline_event = runtime_.events_.schedule(std::max(side.armed, runtime_.now()),
                                                  {&deadline_passed, this, end});
}

void SimConnection::deadline_passed(void* object, std::uint64_t end) {
  auto& self = *static_cast<SimConnection*>(object);
  Side& side = self.sides_[end];
  side.armed = kNoDeadline;
  if (side.deadline == kNoDeadline || side.closed) return;
  if (self.runtime_.now() < side.deadline) return self.arm_deadline(static_cast<End>(end));
  side.expired = true;
  self.fail(side.read, Errc::timeout);
  self.fail(side.write, Errc::timeout);
}

void SimConnection::shutdown_send(End end) {
  Side& side = sides_[end];
  if (side.fin_sent || side.closed || side.was_reset) return;
  side.fin_sent = true;
  send_segment(end, 0, Kind::fin);
}

void SimConnection::reset(End end) {
  Side& side = sides_[end];
  if (!side.closed && !side.was_reset) {
    side.was_reset = true;
    send_segment(end, 0, Kind::rst);
  }
  close(end);
}

void SimConnection::close(End end) {
  Side& side = sides_[end];
  if (side.closed) return;
  // Closing with bytes unread sends RST instead of FIN (RFC 1122, 4.2.2.13).
  if (!side.was_reset && side.arrived > side.consumed) {
    side.was_reset = true;
    send_segment(end, 0, Kind::rst);
  } else {
    shutdown_send(end);
  }
  side.closed = true;
  runtime_.events_.cancel(side.deadline_event);
  fail(side.read, asio::error::operation_aborted);
  fail(side.write, asio::error::operation_aborted);
}

SimStream::executor_type SimStream::get_executor() { return connection_->runtime().executor(); }

}  // namespace lab
