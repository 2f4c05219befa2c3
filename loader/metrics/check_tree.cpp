#include "loader/metrics/check_tree.h"

#include <utility>

namespace loader {
namespace {

std::string child_path(const std::string& parent, std::string_view name) {
  return parent + "::" + std::string(name);
}

}  // namespace

GroupId CheckTree::declare_group(GroupId parent, std::string_view name) {
  std::string path = child_path(group(parent).path, name);
  const auto found = groups_by_path_.find(path);
  if (found != groups_by_path_.end()) return {found->second};
  if (groups_.size() == kGroupsMax - 1 && name != kFurther) return declare_group({}, kFurther);
  const auto index = static_cast<std::uint16_t>(groups_.size());
  groups_by_path_.emplace(path, index);
  groups_.push_back({std::string(name), std::move(path), parent});
  return {index};
}

CheckId CheckTree::declare_check(GroupId group_id, std::string_view name) {
  std::string path = child_path(group(group_id).path, name);
  const auto found = checks_by_path_.find(path);
  if (found != checks_by_path_.end()) return {found->second};
  if (checks_.size() == kChecksMax - 1 && name != kFurther) return declare_check({}, kFurther);
  const auto index = static_cast<std::uint16_t>(checks_.size());
  checks_by_path_.emplace(path, index);
  checks_.push_back({std::string(name), std::move(path), group_id});
  return {index};
}

}  // namespace loader
