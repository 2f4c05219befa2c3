// Words of a configuration file that stand for enum values: one table reads and writes them.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "shared/base/json_reader.h"

namespace mockgw {

template <class Enum, std::size_t N>
using Choices = std::array<std::pair<std::string_view, Enum>, N>;

/// An optional member with a default; a word that is not in the table is a problem that lists those
/// that are.
template <class Enum, std::size_t N>
[[nodiscard]] Enum choose(lab::JsonObject& object, std::string_view key,
                          const Choices<Enum, N>& choices, Enum fallback) {
  return object.one_of(key, std::span<const std::pair<std::string_view, Enum>>(choices), fallback);
}

/// The same for a value at hand.
template <class Enum, std::size_t N>
[[nodiscard]] Enum choose(const lab::JsonValue& value, const Choices<Enum, N>& choices,
                          Enum fallback) {
  return value.as_enum(std::span<const std::pair<std::string_view, Enum>>(choices), fallback);
}

/// The word for a value; the table holds every one.
template <class Enum, std::size_t N>
[[nodiscard]] std::string name_of(const Choices<Enum, N>& choices, Enum value) {
  const auto found = std::ranges::find(choices, value, [](const auto& c) { return c.second; });
  assert(found != choices.end());
  return std::string(found->first);
}

}  // namespace mockgw
