// A run taken apart: all metrics once more for each scenario, each of its phases, and each group.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "loader/metrics/metrics.h"
#include "loader/metrics/tags.h"
#include "shared/base/time.h"

namespace loader {

/// Like Metrics not synchronised: one a thread, merged when read.
class Breakdown {
 public:
  enum class Kind { scenario, phase, group };
  struct Part {
    Kind kind = Kind::scenario;
    std::string scenario;  ///< Of a scenario or phase; empty for a group.
    std::string name;      ///< The scenario's, the phase's, or the group's path ("::chat").
    lab::TimePoint first;  ///< Of its samples, and
    lab::TimePoint last;
    Metrics metrics;
    std::map<std::string, CheckTally> checks;  ///< By name.
  };

  /// The parts are those that a suite names, so there are few; what comes beyond is left out.
  static constexpr std::size_t kPartsMax = 512;

  /// Both outlive it; the registry is complete.
  Breakdown(const MetricRegistry& registry, const TagTable& tags)
      : registry_(&registry), tags_(&tags) {}
  Breakdown(const Breakdown&) = delete;
  Breakdown& operator=(const Breakdown&) = delete;

  /// A sample whose tags are of the table.
  void add(const Sample& sample);
  /// Of the same registry; the tag tables may differ.
  void merge(const Breakdown& other);

  /// The part of that name, to be added to; null if there are too many. It lasts from `first` to
  /// `last` at least.
  [[nodiscard]] Part* part_of(Kind kind, std::string_view scenario, std::string_view name,
                              lab::TimePoint first, lab::TimePoint last);

  /// By kind; within one in the order of their first samples.
  [[nodiscard]] std::vector<const Part*> parts() const;

 private:
  using Key = std::tuple<Kind, std::string, std::string>;

  [[nodiscard]] Part* part(Kind kind, std::string_view scenario, std::string_view name,
                           lab::TimePoint at);
  [[nodiscard]] std::vector<Part*> parts_of(const Sample& sample);

  const MetricRegistry* registry_;
  const TagTable* tags_;
  std::deque<Part> parts_;  ///< A deque, because pointers to them are kept.
  std::map<Key, Part*> by_key_;
  /// The parts of each tag set that was seen, so that a sample costs no look-up of names.
  std::map<std::uint32_t, std::vector<Part*>> of_set_;
};

/// "scenario", "phase", "group".
[[nodiscard]] std::string_view to_string(Breakdown::Kind kind);

}  // namespace loader
