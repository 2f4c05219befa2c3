#include "loader/script/script_program.h"

#include <algorithm>
#include <utility>

namespace loader {

std::optional<std::size_t> SharedArrays::length(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = arrays_.find(name);
  if (found == arrays_.end()) return std::nullopt;
  return found->second.size();
}

void SharedArrays::define(const std::string& name,
                          std::vector<std::optional<std::string>> elements) {
  const std::lock_guard lock(mutex_);
  arrays_.emplace(name, std::move(elements));
}

const std::string* SharedArrays::element(const std::string& name, std::size_t index) const {
  const std::lock_guard lock(mutex_);
  const auto found = arrays_.find(name);
  if (found == arrays_.end() || index >= found->second.size()) return nullptr;
  const std::optional<std::string>& element = found->second[index];
  return element ? &*element : nullptr;
}

bool ScriptProgram::exports(std::string_view name) const {
  return std::binary_search(functions.begin(), functions.end(), name);
}

}  // namespace loader
