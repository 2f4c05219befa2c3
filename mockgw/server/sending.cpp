#include "mockgw/server/sending.h"

#include <algorithm>
#include <optional>

namespace mockgw {

namespace asio = lab::asio;

asio::awaitable<lab::ErrorCode> wait_until(Sending sending, lab::TimePoint due) {
  sending.connection.watch_client();
  if (const lab::ErrorCode left = sending.connection.client_left()) co_return left;
  const lab::ErrorCode ec = co_await sending.runtime.sleep_until(due);
  const lab::ErrorCode left = sending.connection.client_left();
  co_return left ? left : ec;
}

void arrive_in_batch(lab::Runtime& runtime, const Exchange& exchange) {
  exchange.state->batch->arrive(exchange.owed.number, exchange.plan.schedule.tokens.size(),
                                runtime.now());
}

asio::awaitable<Decoded> wait_for_tokens(Sending sending, const Exchange& exchange,
                                         std::size_t tokens,
                                         std::optional<UpstreamTimeout> timeout) {
  const lab::TimePoint deadline =
      timeout ? exchange.moment.arrival + timeout->at : lab::TimePoint::max();
  for (;;) {
    const lab::TimePoint now = sending.runtime.now();
    const auto again = exchange.state->batch->look_again_at(exchange.owed.number, tokens, now);
    if (!again) co_return Decoded{};
    if (now >= deadline) co_return Decoded{.is_late = true};
    const lab::TimePoint due = std::min(*again, deadline);
    if (const lab::ErrorCode left = co_await wait_until(sending, due)) co_return Decoded{left};
  }
}

}  // namespace mockgw
