// Groups and the checks in them: declared by a suite before the run, by a script as it meets them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace loader {

/// A group of a CheckTree; the default is the root.
struct GroupId {
  std::uint16_t index = 0;
  friend constexpr bool operator==(GroupId, GroupId) = default;
};

struct CheckId {
  std::uint16_t index = 0;
  friend constexpr bool operator==(CheckId, CheckId) = default;
};

class CheckTree {
 public:
  struct Group {
    std::string name;  ///< Empty for the root.
    std::string
        path;  ///< k6's form: "" for the root, "::a::b" below. Also the value of the tag `group`.
    GroupId parent;
  };
  struct Check {
    std::string name;
    std::string path;  ///< Of the check: its group's path, "::", its name.
    GroupId group;
  };

  /// A script that makes up names without end must not eat the memory: what is beyond these has one
  /// name, kFurther.
  static constexpr std::size_t kGroupsMax = 4096;
  static constexpr std::size_t kChecksMax = 16'384;
  static constexpr std::string_view kFurther = "(further ones)";

  CheckTree() { groups_.emplace_back(); }

  /// The group `name` in `parent`; the same one when asked again.
  GroupId declare_group(GroupId parent, std::string_view name);
  /// The check `name` in `group`; the same one when asked again.
  CheckId declare_check(GroupId group, std::string_view name);

  [[nodiscard]] std::span<const Group> groups() const { return groups_; }
  [[nodiscard]] std::span<const Check> checks() const { return checks_; }
  [[nodiscard]] const Group& group(GroupId id) const { return groups_[id.index]; }
  [[nodiscard]] const Check& check(CheckId id) const { return checks_[id.index]; }

 private:
  std::vector<Group> groups_;
  std::vector<Check> checks_;
  std::unordered_map<std::string, std::uint16_t> groups_by_path_;
  std::unordered_map<std::string, std::uint16_t> checks_by_path_;
  std::string path_;  ///< Of what is looked for; kept for its memory.
};

}  // namespace loader
