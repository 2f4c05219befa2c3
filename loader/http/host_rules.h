// Where a host name may lead: k6's options hosts, blockHostnames and blacklistIPs, as pure
// functions of names and numeric addresses.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/error.h"

namespace loader {

/// The part of a hosts entry that stands for a name: an address, and a port if it has one.
struct HostTarget {
  std::string address;     ///< Numeric; IPv6 without brackets.
  std::uint16_t port = 0;  ///< 0: that of the request.
  friend bool operator==(const HostTarget&, const HostTarget&) = default;
};

/// Names, lower case, with a wildcard at most at the start: "*.example.com" or "*example.com". Of
/// those that match, a name without wildcard wins, then the longest.
template <class Value>
class HostPatterns {
 public:
  void add(std::string pattern, Value value) {
    patterns_.insert_or_assign(std::move(pattern), std::move(value));
  }
  [[nodiscard]] bool empty() const { return patterns_.empty(); }
  /// Null if none matches.
  [[nodiscard]] const Value* find(std::string_view name) const {
    if (const auto exact = patterns_.find(name); exact != patterns_.end()) return &exact->second;
    const Value* best = nullptr;
    std::size_t size = 0;
    for (const auto& [pattern, value] : patterns_) {
      if (!pattern.starts_with('*') || pattern.size() < size) continue;
      if (!name.ends_with(std::string_view(pattern).substr(1))) continue;
      best = &value;
      size = pattern.size();
    }
    return best;
  }

 private:
  std::map<std::string, Value, std::less<>> patterns_;
};

/// "1.2.3.0/24", "fd00::/8".
struct IpRange {
  std::array<std::uint8_t, 16> bytes{};  ///< IPv4 addresses are mapped into IPv6's.
  unsigned bits = 0;                     ///< Of them.

  [[nodiscard]] bool contains(std::string_view address) const;
};

/// What is taken for a host's own address, and what is not to be reached.
struct HostRules {
  HostPatterns<HostTarget> overrides;  ///< By "name" or "name:port".
  HostPatterns<bool> blocked;
  std::vector<IpRange> blacklist;

  [[nodiscard]] bool is_blocked(std::string_view host) const;
  [[nodiscard]] bool is_blacklisted(std::string_view address) const;
  /// A name with its port goes before the name alone; the port is always set.
  [[nodiscard]] std::optional<HostTarget> find_override(std::string_view host,
                                                        std::uint16_t port) const;
};

[[nodiscard]] bool is_numeric_address(std::string_view text);
/// The right side of a hosts entry: "10.0.0.1", "10.0.0.1:8080", "[::1]:80", "::1".
[[nodiscard]] lab::Result<HostTarget> parse_host_target(std::string_view text);
/// The pattern in lower case; a port only where `may_have_port`.
[[nodiscard]] lab::Result<std::string> parse_host_pattern(std::string_view text,
                                                          bool may_have_port);
[[nodiscard]] lab::Result<IpRange> parse_ip_range(std::string_view text);

}  // namespace loader
