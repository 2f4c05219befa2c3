// Words of a file that stand for the values of an enum: what words of tables (fields.h) and
// JsonValue::as_enum() are given.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace lab {

template <class Enum, std::size_t N>
using Choices = std::array<std::pair<std::string_view, Enum>, N>;

}  // namespace lab
