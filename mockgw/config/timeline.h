// The gateway file's `timeline`: stretches of the gateway's life in which parts of its file are
// different.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/owned_json.h"
#include "shared/base/time.h"
#include "shared/base/value_type.h"

namespace mockgw {

struct TimelinePhase {
  std::string name;
  lab::Duration at{};                     ///< After the gateway's start.
  std::optional<lab::Duration> length{};  ///< Absent: without end.
  /// Sections, merged into the file's own (RFC 7396): a member that is null removes the file's.
  lab::OwnedJson set = lab::OwnedJson::object();
};

void fields(lab::Fields& f, TimelinePhase& c);
void check(const lab::JsonValue& value, TimelinePhase& c);
/// Of the section.
[[nodiscard]] const lab::ValueType& timeline_type();

/// [{"name":"brownout","at":"5m","for":"2m","set":{"latency":{"ttft":"3s"}}}]. What a phase cannot
/// change (listen, seed, timeline, limits of connections) is a problem.
[[nodiscard]] std::vector<TimelinePhase> read_timeline(const lab::JsonValue& value);
[[nodiscard]] lab::Json to_json(const std::vector<TimelinePhase>& phases);

/// The phase in force: of several, the one that began last. None outside of all.
[[nodiscard]] std::optional<std::size_t> phase_at(const std::vector<TimelinePhase>& phases,
                                                  lab::Duration elapsed);

}  // namespace mockgw
