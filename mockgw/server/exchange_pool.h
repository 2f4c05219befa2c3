// Exchanges between requests. They are kept here, not by connections: an idle one needs none.
#pragma once

#include <memory>
#include <vector>

#include "mockgw/answer/exchange.h"

namespace mockgw {

/// On one thread.
class ExchangePool {
 public:
  [[nodiscard]] std::unique_ptr<Exchange> take() {
    if (spare_.empty()) return std::make_unique<Exchange>();
    std::unique_ptr<Exchange> exchange = std::move(spare_.back());
    spare_.pop_back();
    return exchange;
  }
  void keep(std::unique_ptr<Exchange> exchange) {
    exchange->state.reset();
    const bool is_small = exchange->response.body.capacity() <= kBodyBytesKept &&
                          exchange->plan.usage.completion_tokens <= kTokensKept;
    if (is_small && spare_.size() < kExchangesKept) spare_.push_back(std::move(exchange));
  }

 private:
  // One whose buffers grew past this is not kept for the next request.
  static constexpr std::size_t kBodyBytesKept = 8 * 1024;
  static constexpr std::int64_t kTokensKept = 512;
  static constexpr std::size_t kExchangesKept = 64;

  std::vector<std::unique_ptr<Exchange>> spare_;
};

}  // namespace mockgw
