// Tags of samples, interned: a set of tags is one small number, so that a sample can carry it for
// free.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace loader {

/// A set of tags of one TagTable. The default is the empty set.
struct TagSetId {
  std::uint32_t index = 0;
  friend constexpr bool operator==(TagSetId, TagSetId) = default;
};

/// One tag as views into its table.
using TagView = std::pair<std::string_view, std::string_view>;

/// Interns tag sets. One table a thread (ids of different tables don't mix); sets live as long as
/// the table.
///
/// Derivation costs three hash look-ups and allocates only when a set is new: callers on the hot
/// path keep ids (one per scenario, per step, per outcome) and derive from them.
class TagTable {
 public:
  /// A tag with unbounded values (an id in a URL) must not eat the memory: beyond this many sets,
  /// or this many bytes of text, with() returns its base unchanged, and overflowed() counts those
  /// calls. For keys that keep() names there is as much room again: tags that thresholds ask for
  /// are not lost by what others fill.
  static constexpr std::size_t kSetsMax = 65'536;
  static constexpr std::size_t kTextBytesMax = 16u << 20;

  TagTable();
  TagTable(const TagTable&) = delete;
  TagTable& operator=(const TagTable&) = delete;

  void keep(std::string_view key) { kept_.emplace(key); }
  /// Called once, when the first tag is lost.
  void on_overflow(std::function<void()> call) { on_overflow_ = std::move(call); }

  /// The set of these tags; of a key given twice the last value counts.
  TagSetId intern(const std::vector<std::pair<std::string, std::string>>& tags);
  /// `base` with `key` set to `value` (replaced if it was there).
  TagSetId with(TagSetId base, std::string_view key, std::string_view value);
  /// `base` without `key`.
  TagSetId without(TagSetId base, std::string_view key);

  /// The value of a tag; none if the set lacks it. The view lives as long as the table.
  [[nodiscard]] std::optional<std::string_view> find(TagSetId set, std::string_view key) const;
  /// True if the set has all these tags with exactly these values.
  [[nodiscard]] bool contains(TagSetId set,
                              const std::vector<std::pair<std::string, std::string>>& tags) const;
  /// The tags of a set, sorted by key.
  [[nodiscard]] std::vector<TagView> tags(TagSetId set) const;

  /// Sets interned so far, the empty one included; every id is below this.
  [[nodiscard]] std::size_t size() const { return sets_.size(); }
  [[nodiscard]] std::uint64_t overflowed() const { return overflowed_; }

 private:
  using Symbol = std::uint32_t;
  struct Tag {
    Symbol key;
    Symbol value;
    friend bool operator==(const Tag&, const Tag&) = default;
  };
  /// Sorted by the text of the key.
  using TagSet = std::vector<Tag>;
  struct Step {
    std::uint32_t base;
    Tag tag;
    friend bool operator==(const Step&, const Step&) = default;
  };
  struct StepHash {
    std::size_t operator()(const Step& step) const;
  };
  struct SetHash {
    std::size_t operator()(const TagSet& set) const;
  };

  /// How many times the bounds a tag of this key may use.
  [[nodiscard]] std::size_t share_of(std::string_view key) const;
  std::optional<Symbol> intern_symbol(std::string_view text, std::size_t share);
  TagSetId lose(TagSetId base);
  [[nodiscard]] TagSet derived(const TagSet& base, Tag tag) const;

  std::deque<std::string> texts_;  ///< A deque, because views into its strings are the keys below.
  std::unordered_map<std::string_view, Symbol> symbols_;
  std::size_t text_bytes_ = 0;
  std::deque<TagSet> sets_;
  std::unordered_map<TagSet, std::uint32_t, SetHash> set_ids_;
  std::unordered_map<Step, std::uint32_t, StepHash> steps_;
  std::unordered_set<std::string> kept_;
  std::function<void()> on_overflow_;
  std::uint64_t overflowed_ = 0;
};

}  // namespace loader
