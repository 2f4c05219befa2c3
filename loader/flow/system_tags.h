// Which of k6's system tags samples carry: its option systemTags.
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace loader {

class SystemTags {
 public:
  /// Those that k6 has by default, then those that it hasn't. As in k6 those from kMetadata on are
  /// no tags but metadata of samples; from kNeverSet on no sample has them.
  static constexpr std::size_t kDefaults = 14;
  static constexpr std::size_t kMetadata = 15;
  static constexpr std::size_t kNeverSet = 17;
  static constexpr std::array<std::string_view, 18> kNames{
      "check",       "error",      "error_code", "expected_response",
      "group",       "method",     "name",       "proto",
      "scenario",    "service",    "status",     "subproto",
      "tls_version", "url",        "ip",         "vu",
      "iter",        "ocsp_status"};

  /// True for the tags that samples of loader ever have; k6's others are of gRPC and WebSockets, or
  /// never set.
  [[nodiscard]] static bool is_set(std::string_view name) {
    return index_of(name) < kMetadata && name != "service" && name != "subproto";
  }

  /// k6's defaults.
  SystemTags() {
    for (std::size_t i = 0; i < kDefaults; ++i) on_.set(i);
  }
  [[nodiscard]] static SystemTags none() {
    SystemTags tags;
    tags.on_.reset();
    return tags;
  }
  /// False if there is no tag of that name.
  bool add(std::string_view name) {
    const std::size_t index = index_of(name);
    if (index == kNames.size()) return false;
    on_.set(index);
    return true;
  }
  /// True for what is no system tag: the user's own are always there.
  [[nodiscard]] bool has(std::string_view name) const {
    const std::size_t index = index_of(name);
    return index == kNames.size() || on_.test(index);
  }

  /// Whether any is on that is metadata.
  [[nodiscard]] bool have_metadata() const {
    for (std::size_t i = kMetadata; i < kNeverSet; ++i) {
      if (on_.test(i)) return true;
    }
    return false;
  }
  /// Those that are on and tags, by name.
  [[nodiscard]] std::vector<std::string> sorted() const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      if (on_.test(i) && (i < kMetadata || i >= kNeverSet)) names.emplace_back(kNames[i]);
    }
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  static std::size_t index_of(std::string_view name) {
    std::size_t index = 0;
    while (index < kNames.size() && kNames[index] != name) ++index;
    return index;
  }
  std::bitset<kNames.size()> on_;
};

}  // namespace loader
