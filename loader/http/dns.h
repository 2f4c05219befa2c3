// Which of a host's addresses a connection goes to: k6's option `dns`, as a pure function.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "shared/base/rng.h"
#include "shared/base/time.h"
#include "shared/runtime/endpoint.h"

namespace loader {

enum class DnsSelect { first, random, round_robin };
enum class DnsPolicy { any, prefer_ipv4, prefer_ipv6, only_ipv4, only_ipv6 };

/// Unlike k6's, the defaults look a host up once a run and try its addresses in the resolver's
/// order: a load test measures the gateway, not the resolver.
struct DnsSettings {
  std::optional<lab::Duration> ttl;  ///< None: for the whole run; zero: for one connection.
  DnsSelect select = DnsSelect::first;
  DnsPolicy policy = DnsPolicy::any;
};

/// Those that the policy leaves, in the resolver's order; may be none.
[[nodiscard]] std::vector<lab::Endpoint> allowed_endpoints(std::vector<lab::Endpoint> endpoints,
                                                           DnsPolicy policy);

/// The order in which the `use`-th connection (from 0) tries `endpoints`: the chosen one first, the
/// others should it fail.
[[nodiscard]] std::vector<lab::Endpoint> ordered_endpoints(std::vector<lab::Endpoint> endpoints,
                                                           DnsSelect select, lab::Rng rng,
                                                           std::uint64_t use);

}  // namespace loader
