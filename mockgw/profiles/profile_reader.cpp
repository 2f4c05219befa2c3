#include "mockgw/profiles/profile_reader.h"

#include <map>
#include <mutex>
#include <string>

#include "mockgw/profiles/path_from.h"
#include "mockgw/profiles/profile_fields.h"
#include "shared/base/embedded_files.h"
#include "shared/base/json.h"
#include "shared/base/named_file.h"

namespace mockgw {
namespace {

// What a status of "upstream" is when the upstream gave none.
void set_statuses_of_upstream(Profile& profile) {
  const auto set = [&](ErrorCondition condition, unsigned status) {
    profile.errors[static_cast<std::size_t>(condition)].status = status;
  };
  set(ErrorCondition::upstream_timeout, 504);
  set(ErrorCondition::upstream_connect, 502);
  set(ErrorCondition::upstream_4xx, 400);
  set(ErrorCondition::upstream_overloaded, 503);
  set(ErrorCondition::upstream_429, 429);
}

void report_missing(lab::JsonObject& object, const Profile& profile) {
  const auto errors = object.find("errors");
  if (profile.errors.front().envelope.name.empty()) {
    object.value().problem(missing_envelope_problem());
  }
  std::string missing = missing_errors_problem(errors ? errors->json() : lab::Json());
  if (!missing.empty()) object.value().problem(std::move(missing));
}

lab::Result<Profile> load(std::string_view name_or_path, int depth);

lab::Result<Profile> read(const lab::Json& json, std::string_view file, int depth) {
  lab::JsonProblems problems{std::string(file)};
  const lab::JsonValue root(json, "", problems);
  lab::JsonObject object(root);
  const auto extends = object.find("extends");
  const std::string base =
      extends && extends->json().is_string() ? extends->json().get<std::string>() : "";
  Profile profile;
  set_statuses_of_upstream(profile);
  if (!base.empty()) {
    if (depth >= kProfileExtendsMax) {
      return lab::Error{std::string(file) + ": extends",
                        "more than 4 profiles extend one another; is this a cycle?"};
    }
    const bool is_file = is_profile_path(base);
    auto extended = load(is_file ? path_from(file, base) : base, depth + 1);
    if (extended.has_error()) return extended;
    profile = std::move(*extended);
  }
  profile.name = std::string(file);
  lab::read_fields(root, profile);
  if (base.empty()) report_missing(object, profile);
  if (problems.empty()) return profile;
  return lab::Error{{}, problems.to_string()};
}

lab::Result<Profile> read_builtin(std::string_view name) {
  const std::string path = "profiles/" + std::string(name) + ".json";
  const auto text = lab::embedded_file(path);
  if (!text) {
    return lab::Error{{},
                      "no profile \"" + std::string(name) +
                          "\", nor a path, which has a / or ends in " + ".json; " +
                          lab::instead_of(name, lab::builtin_names("profiles"))};
  }
  const auto json = lab::parse_json(*text, path);
  if (json.has_error()) return json.error();
  return read(*json, path, 0);
}

/// Those that are built in, each read once: proving a suite starts gateways by the thousand.
class BuiltinProfiles {
 public:
  lab::Result<Profile> find(std::string_view name) {
    {
      const std::lock_guard lock(mutex_);
      const auto known = known_.find(name);
      if (known != known_.end()) return known->second;
    }
    auto profile = read_builtin(name);
    if (!profile) return profile;
    const std::lock_guard lock(mutex_);
    return known_.emplace(std::string(name), *std::move(profile)).first->second;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Profile, std::less<>> known_;
};

lab::Result<Profile> load(std::string_view name_or_path, int depth) {
  if (!is_profile_path(name_or_path)) {
    static BuiltinProfiles builtin;
    return builtin.find(name_or_path);
  }
  const auto json = lab::read_json_file(std::string(name_or_path));
  if (json.has_error()) return json.error();
  return read(*json, name_or_path, depth);
}

}  // namespace

std::vector<std::string_view> profile_names() {
  std::vector<std::string_view> names;
  for (std::string_view path : lab::embedded_files("profiles")) {
    path.remove_prefix(std::string_view("profiles/").size());
    if (!path.ends_with(".json")) continue;
    path.remove_suffix(std::string_view(".json").size());
    names.push_back(path);
  }
  return names;
}

bool is_profile_path(std::string_view name) {
  return name.find('/') != name.npos || name.ends_with(".json");
}

lab::Result<Profile> load_profile(std::string_view name_or_path) { return load(name_or_path, 0); }

lab::Result<Profile> read_profile(const lab::Json& json, std::string_view file) {
  return read(json, file, 0);
}

}  // namespace mockgw
