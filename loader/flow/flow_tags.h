// The tag sets of a flow's samples, found once each: k6's system tags, the suite's own, and the
// model.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "loader/flow/check.h"
#include "loader/flow/flow.h"
#include "loader/flow/system_tags.h"
#include "loader/http/http_client.h"
#include "loader/http/url.h"
#include "loader/metrics/tags.h"

namespace loader {

/// One request of a step; a redirect makes several, each with its own URL.
struct TaggedRequest {
  const Step* step = nullptr;
  TagSetId base;  ///< The iteration's and the group's.
  const std::string* url = nullptr;
  std::string_view method;
  std::string_view model{};  ///< Empty for http steps.
  const HttpOutcome* outcome = nullptr;
  bool is_redirected = false;  ///< `url` is the server's choice, not the suite's.
};

/// Remembers by the identity of steps and checks, which live as long as their flow. One a thread.
class FlowTags {
 public:
  /// So many different URLs that servers redirect to keep their own `url` and `name`; all others
  /// share kFurtherRedirects. Without a bound, a server that redirects to ever new URLs would fill
  /// the table.
  static constexpr std::size_t kRedirectUrlsMax = 100;
  static constexpr std::string_view kFurtherRedirects = "(further redirects)";

  /// `warn` may be empty; each warning is given once.
  explicit FlowTags(TagTable& table, std::function<void(std::string)> warn = {},
                    const SystemTags& system = {})
      : table_(table), warn_(std::move(warn)), system_(system) {}

  /// For tags that are a script's.
  [[nodiscard]] TagTable& table() { return table_; }
  [[nodiscard]] const SystemTags& system() const { return system_; }

  [[nodiscard]] TagSetId group(TagSetId base, std::string_view path);
  /// `step_tags` is the step's, as step() gives it.
  [[nodiscard]] TagSetId check(TagSetId step_tags, const Check& check);
  [[nodiscard]] TagSetId request(const TaggedRequest& request);
  /// `base` and one tag more, of few values. `key` stays where it is, as a literal does.
  [[nodiscard]] TagSetId with(TagSetId base, std::string_view key, std::string_view value);
  /// Chat steps' retries and the like: the step's tags without a response's.
  [[nodiscard]] TagSetId step(TagSetId base, const Step& step);

 private:
  struct Key {
    const void* subject;
    std::uint64_t detail;
    std::uint32_t base;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  [[nodiscard]] TagSetId make_request(const TaggedRequest& request, std::string_view name);
  [[nodiscard]] std::string_view bounded_name(const TaggedRequest& request);
  [[nodiscard]] TagSetId& remembered(const Key& key, bool& is_new);

  /// Error texts and redirects' URLs are not bounded by the suite; the cache is.
  static constexpr std::size_t kRememberedMax = 16'384;

  TagTable& table_;
  std::function<void(std::string)> warn_;
  SystemTags system_;
  std::unordered_map<Key, TagSetId, KeyHash> known_;
  std::unordered_set<std::string> redirect_urls_;
  bool has_warned_of_redirects_ = false;
};

}  // namespace loader
