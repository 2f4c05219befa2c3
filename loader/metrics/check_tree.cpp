#include "loader/metrics/check_tree.h"

namespace loader {
namespace {

void assign_child_path(std::string& path, std::string_view parent, std::string_view name) {
  path.assign(parent).append("::").append(name);
}

}  // namespace

GroupId CheckTree::declare_group(GroupId parent, std::string_view name) {
  assign_child_path(path_, group(parent).path, name);
  const auto found = groups_by_path_.find(path_);
  if (found != groups_by_path_.end()) return {found->second};
  if (groups_.size() == kGroupsMax - 1 && name != kFurther) return declare_group({}, kFurther);
  const auto index = static_cast<std::uint16_t>(groups_.size());
  groups_by_path_.emplace(path_, index);
  groups_.push_back({std::string(name), path_, parent});
  return {index};
}

CheckId CheckTree::declare_check(GroupId group_id, std::string_view name) {
  assign_child_path(path_, group(group_id).path, name);
  const auto found = checks_by_path_.find(path_);
  if (found != checks_by_path_.end()) return {found->second};
  if (checks_.size() == kChecksMax - 1 && name != kFurther) return declare_check({}, kFurther);
  const auto index = static_cast<std::uint16_t>(checks_.size());
  checks_by_path_.emplace(path_, index);
  checks_.push_back({std::string(name), path_, group_id});
  return {index};
}

}  // namespace loader
