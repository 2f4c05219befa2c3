// A script that has been discovered: its files, what it exports and declares. Shared, unchanged, by
// all who run it.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/metrics/metric_registry.h"
#include "loader/script/script_files.h"

namespace loader {

/// What all instances of new SharedArray(name) have in common: the elements' JSON.
class SharedArrays {
 public:
  /// One of them, for as long as this object lives.
  using Handle = std::size_t;
  [[nodiscard]] std::optional<Handle> find(const std::string& name) const;
  /// That of the first definition, if there is one already. An element that is none is undefined,
  /// as a function is.
  Handle define(const std::string& name, std::vector<std::optional<std::string>> elements);
  /// 0 of what find() and define() have not given.
  [[nodiscard]] std::size_t length(Handle array) const;
  /// Null: there is no such element, or it is undefined. Valid as long as this object.
  [[nodiscard]] const std::string* element(Handle array, std::size_t index) const;

 private:
  using Elements = std::vector<std::optional<std::string>>;

  mutable std::mutex mutex_;
  std::map<std::string, Handle> handles_;
  std::deque<Elements> arrays_;
};

struct ScriptProgram {
  ScriptProgram(std::string text, const std::string& path, const std::string& folder,
                ScriptFetcher fetcher)
      : files(std::move(text), path, folder, std::move(fetcher)) {}

  ScriptFiles files;
  mutable SharedArrays shared_arrays;
  std::map<std::string, std::string> environment;  ///< __ENV.
  MetricRegistry registry{MetricNames::script};    ///< With the script's own.
  std::string options = "{}";                      ///< The exported options, as JSON.
  std::vector<std::string> functions;              ///< The exported ones, sorted.

  [[nodiscard]] bool exports(std::string_view name) const;
};

}  // namespace loader
