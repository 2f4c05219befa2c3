// A request of a script's and what comes of it, in memory that is good for one after the other.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "loader/flow/gateway_client.h"
#include "loader/http/http_client.h"
#include "loader/script/script_request.h"

namespace loader {

/// What came of one.
struct ScriptAnswer {
  HttpOutcome outcome;
  std::optional<Url> redirected;  ///< Where the last hop was, if not where the request said.
  std::string sent;               ///< The header block of the first hop.
  std::string received;           ///< Of the last hop's answer; empty: there was none.
};

/// Lives as long as its coroutine. `sink`, if any, gets the body as it comes.
struct ScriptExchange {
  ScriptRequest request;
  ScriptAnswer answer;
  BodySink* sink = nullptr;
  GatewayExchange gateway{};  ///< perform()'s own.
};

/// Those of one thread that are free. Virtual users are many, and few of them ask at one moment.
class ScriptExchanges {
 public:
  struct GiveBack {
    ScriptExchanges* to;
    void operator()(ScriptExchange* exchange) const { to->give_back(exchange); }
  };
  using Lease = std::unique_ptr<ScriptExchange, GiveBack>;

  /// The one that was used last; what it holds of that use is written over by the next.
  [[nodiscard]] Lease take() {
    if (free_.empty()) return Lease(new ScriptExchange, {this});
    ScriptExchange* const taken = free_.back().release();
    free_.pop_back();
    return Lease(taken, {this});
  }

 private:
  static constexpr std::size_t kFreeMax = 64;

  void give_back(ScriptExchange* exchange) {
    std::unique_ptr<ScriptExchange> given(exchange);
    if (free_.size() == kFreeMax) return;
    given->gateway.trim();
    trim_body(given->request.body);
    trim_body(given->answer.outcome.body);
    free_.push_back(std::move(given));
  }

  std::vector<std::unique_ptr<ScriptExchange>> free_;
};

}  // namespace loader
