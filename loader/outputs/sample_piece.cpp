#include "loader/outputs/sample_piece.h"

#include <algorithm>

namespace loader {

std::uint32_t TagNumbers::number_of(TagSetId set, const TagTable& tags) {
  TagTexts texts;
  for (const auto& [key, value] : tags.tags(set)) texts.emplace_back(key, value);
  const std::lock_guard lock(mutex_);
  const auto next = static_cast<std::uint32_t>(sets_.size());
  const auto [found, is_new] = known_.try_emplace(std::move(texts), next);
  if (is_new) sets_.push_back(&found->first);
  return found->second;
}

std::vector<TagTexts> TagNumbers::from(std::size_t first) const {
  const std::lock_guard lock(mutex_);
  std::vector<TagTexts> texts;
  for (std::size_t i = first; i < sets_.size(); ++i) texts.push_back(*sets_[i]);
  return texts;
}

}  // namespace loader
