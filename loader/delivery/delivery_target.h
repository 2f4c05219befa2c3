// Where an output sends its batches, and how: the requests but for their bodies.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/delivery/batch.h"
#include "loader/http/client_options.h"
#include "loader/http/url.h"
#include "shared/runtime/http_message.h"

namespace loader {

/// What a server says that it has left out of what it took.
struct LeftOut {
  std::uint64_t samples = 0;  ///< As far as they can be told.
  std::string why{};
};

struct DeliveryTarget {
  /// What is shown: "influxdb (http://host:8086, db k6)". Without credentials, as everything that
  /// is shown.
  std::string description{};
  /// Two outputs of the same write to one place. Not shown: a query may hold a token.
  std::string destination{};
  Url url{};
  lab::HttpHeaders headers{};
  /// Of the user's address, decoded: what may be a token is shown nowhere.
  std::vector<std::string> query_values{};
  ClientOptions client{};
  /// Sent first, until there is any answer to it, whatever it says; empty: nothing is.
  std::string greeting_target{};
  unsigned concurrent = 1;  ///< Requests at a time; with one, batches arrive in order.
  lab::Duration interval = std::chrono::seconds(1);  ///< Between two batches of what there is.
  /// What an answer says was left out of what it took; null: there is no such thing.
  std::optional<LeftOut> (*left_out)(unsigned status, std::string_view body) = nullptr;
};

/// An output, ready to run.
struct NetworkOutputPlan {
  DeliveryTarget target{};
  std::unique_ptr<BatchEncoder> encoder{};
};

}  // namespace loader
