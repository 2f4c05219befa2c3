#include "loader/metrics/tags.h"

#include <algorithm>

namespace loader {
namespace {

// A mixer for hashes of small integers (the finaliser of SplitMix64).
std::uint64_t mixed(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

}  // namespace

std::size_t TagTable::StepHash::operator()(const Step& step) const {
  const std::uint64_t tag = std::uint64_t{step.tag.key} << 32 | step.tag.value;
  return mixed(mixed(tag) + step.base);
}

std::size_t TagTable::SetHash::operator()(const TagSet& set) const {
  std::uint64_t hash = 0;
  for (const Tag& tag : set) hash = mixed(hash + (std::uint64_t{tag.key} << 32 | tag.value));
  return hash;
}

TagTable::TagTable() {
  sets_.emplace_back();
  set_ids_.emplace(TagSet{}, 0);
}

TagSetId TagTable::intern(const std::vector<std::pair<std::string, std::string>>& tags) {
  TagSetId set;
  for (const auto& [key, value] : tags) set = with(set, key, value);
  return set;
}

TagSetId TagTable::with(TagSetId base, std::string_view key, std::string_view value) {
  const std::size_t share = share_of(key);
  const auto key_symbol = intern_symbol(key, share);
  const auto value_symbol = intern_symbol(value, share);
  if (!key_symbol || !value_symbol) return lose(base);
  const Step step{base.index, {*key_symbol, *value_symbol}};
  if (const auto known = steps_.find(step); known != steps_.end()) return {known->second};

  const TagSet set = derived(sets_[base.index], step.tag);
  auto found = set_ids_.find(set);
  if (found == set_ids_.end()) {
    if (sets_.size() >= share * kSetsMax) return lose(base);
    found = set_ids_.emplace(set, static_cast<std::uint32_t>(sets_.size())).first;
    sets_.push_back(set);
  }
  // Paths between sets can outnumber the sets; those beyond the bound are found through set_ids_
  // each time.
  if (steps_.size() < 2 * kSetsMax) steps_.emplace(step, found->second);
  return {found->second};
}

TagSetId TagTable::without(TagSetId base, std::string_view key) {
  if (!find(base, key)) return base;
  TagSetId set;
  for (const auto& [name, value] : tags(base)) {
    if (name != key) set = with(set, name, value);
  }
  return set;
}

std::optional<std::string_view> TagTable::find(TagSetId set, std::string_view key) const {
  for (const Tag& tag : sets_[set.index]) {
    if (texts_[tag.key] == key) return texts_[tag.value];
  }
  return std::nullopt;
}

bool TagTable::contains(TagSetId set,
                        const std::vector<std::pair<std::string, std::string>>& tags) const {
  return std::all_of(tags.begin(), tags.end(),
                     [&](const auto& tag) { return find(set, tag.first) == tag.second; });
}

std::vector<TagView> TagTable::tags(TagSetId set) const {
  std::vector<TagView> views;
  views.reserve(sets_[set.index].size());
  for (const Tag& tag : sets_[set.index]) views.emplace_back(texts_[tag.key], texts_[tag.value]);
  return views;
}

// Only what is full has to look.
std::size_t TagTable::share_of(std::string_view key) const {
  const bool has_much_room = sets_.size() < kSetsMax && texts_.size() + 2 <= 2 * kSetsMax &&
                             text_bytes_ < kTextBytesMax / 2;
  return !has_much_room && kept_.contains(std::string(key)) ? 2 : 1;
}

TagSetId TagTable::lose(TagSetId base) {
  if (overflowed_++ == 0 && on_overflow_) on_overflow_();
  return base;
}

std::optional<TagTable::Symbol> TagTable::intern_symbol(std::string_view text, std::size_t share) {
  if (const auto found = symbols_.find(text); found != symbols_.end()) return found->second;
  const std::size_t texts_max = share * 2 * kSetsMax;
  if (text_bytes_ + text.size() > share * kTextBytesMax || texts_.size() >= texts_max) {
    return std::nullopt;
  }
  text_bytes_ += text.size();
  const auto symbol = static_cast<Symbol>(texts_.size());
  symbols_.emplace(texts_.emplace_back(text), symbol);
  return symbol;
}

TagTable::TagSet TagTable::derived(const TagSet& base, Tag tag) const {
  TagSet set = base;
  const auto place = std::lower_bound(
      set.begin(), set.end(), tag,
      [this](const Tag& a, const Tag& b) { return texts_[a.key] < texts_[b.key]; });
  if (place != set.end() && place->key == tag.key) {
    place->value = tag.value;
  } else {
    set.insert(place, tag);
  }
  return set;
}

}  // namespace loader
