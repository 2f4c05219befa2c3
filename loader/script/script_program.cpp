#include "loader/script/script_program.h"

#include <algorithm>
#include <utility>

namespace loader {

std::optional<SharedArrays::Handle> SharedArrays::find(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = handles_.find(name);
  if (found == handles_.end()) return std::nullopt;
  return found->second;
}

SharedArrays::Handle SharedArrays::define(const std::string& name, Elements elements) {
  const std::lock_guard lock(mutex_);
  const auto [at, is_first] = handles_.emplace(name, arrays_.size());
  if (is_first) arrays_.push_back(std::move(elements));
  return at->second;
}

std::size_t SharedArrays::length(Handle array) const {
  const std::lock_guard lock(mutex_);
  return array < arrays_.size() ? arrays_[array].size() : 0;
}

const std::string* SharedArrays::element(Handle array, std::size_t index) const {
  const std::lock_guard lock(mutex_);
  if (array >= arrays_.size() || index >= arrays_[array].size()) return nullptr;
  const std::optional<std::string>& element = arrays_[array][index];
  return element ? &*element : nullptr;
}

bool ScriptProgram::exports(std::string_view name) const {
  return std::binary_search(functions.begin(), functions.end(), name);
}

}  // namespace loader
