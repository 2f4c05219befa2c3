#include "loader/metrics/check_tree.h"

#include <algorithm>

namespace loader {
namespace {

std::string child_path(const std::string& parent, std::string_view name) {
  return parent + "::" + std::string(name);
}

}  // namespace

GroupId CheckTree::declare_group(GroupId parent, std::string_view name) {
  std::string path = child_path(group(parent).path, name);
  const auto found =
      std::find_if(groups_.begin(), groups_.end(), [&](const Group& g) { return g.path == path; });
  if (found != groups_.end()) return {static_cast<std::uint16_t>(found - groups_.begin())};
  groups_.push_back({std::string(name), std::move(path), parent});
  return {static_cast<std::uint16_t>(groups_.size() - 1)};
}

CheckId CheckTree::declare_check(GroupId group_id, std::string_view name) {
  const auto found = std::find_if(checks_.begin(), checks_.end(), [&](const Check& check) {
    return check.group == group_id && check.name == name;
  });
  if (found != checks_.end()) return {static_cast<std::uint16_t>(found - checks_.begin())};
  checks_.push_back({std::string(name), child_path(group(group_id).path, name), group_id});
  return {static_cast<std::uint16_t>(checks_.size() - 1)};
}

}  // namespace loader
