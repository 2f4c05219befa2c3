// The keys of a section of a file as one table: name, member, bounds, one sentence. The table is a
// function beside the section's struct; what is done with it is a visitor's business, as is the
// schema (schema_printer.h), from which the reference pages are made.
//
//   void fields(lab::Fields& f, LimitsConfig& c) {
//     f("max_header_bytes", c.max_header_bytes, lab::between(256, 16 << 20), "Of a request.");
//   }
//
// A default is the member's initializer. A rule over several members is a function
// `void check(const lab::JsonValue&, LimitsConfig&)` beside the table, called after reading.
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>
#include <type_traits>

#include "shared/base/value_types.h"

namespace lab {

/// What a table says of a key besides its type, in texts that live as long as the program.
struct Says {
  // NOLINTNEXTLINE(google-explicit-constructor): a sentence is all that most keys need.
  constexpr Says(const char* sentence) : text(sentence) {}

  std::string_view text;
  std::string_view default_is{};  ///< In words, where it is not the member's: "the profile's".
  std::string_view sample{};      ///< A value as a file has it, where none is made up well.

  [[nodiscard]] constexpr Says by_default(std::string_view words) const {
    Says copy = *this;
    copy.default_is = words;
    return copy;
  }
  [[nodiscard]] constexpr Says such_as(std::string_view json) const {
    Says copy = *this;
    copy.sample = json;
    return copy;
  }
};

struct Field {
  std::string_view key;
  Says says;
  bool is_required = false;
};

/// A visitor of tables. A key is visited at once, in the table's order, so that a table may go by
/// what was read before: `if (c.kind == FaultKind::stall) f("duration", c.duration, …)`.
class Fields {
 public:
  Fields() = default;
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;
  virtual ~Fields() = default;

  /// A key that may be left out. `rules` are bounds, words, …, or a ValueType.
  template <class T, class Rules>
  void operator()(std::string_view key, T& member, const Rules& rules, const Says& says) {
    visit_by({key, says}, member, rules);
  }
  template <class T>
  void operator()(std::string_view key, T& member, const Says& says) {
    visit({key, says}, type_of<T>(), &member);
  }
  /// One that may not.
  template <class T, class Rules>
  void require(std::string_view key, T& member, const Rules& rules, const Says& says) {
    visit_by({key, says, true}, member, rules);
  }
  template <class T>
  void require(std::string_view key, T& member, const Says& says) {
    visit({key, says, true}, type_of<T>(), &member);
  }
  /// One that null takes away.
  template <class T, class... Rules>
  void or_null(std::string_view key, std::optional<T>& member, const Says& says,
               const Rules&... rules) {
    auto inner = type_of<T>(rules...);
    visit({key, says}, OptionalOf<T, decltype(inner)>(inner, true), &member);
  }
  /// The key whose word says which of several sets of keys the object has; those that follow go by
  /// it. Each word has a sentence of its own.
  template <class Enum>
  void kind(std::string_view key, Enum& member, std::span<const Kind> kinds, const Says& says) {
    visit_kind({key, says, true}, KindType::of<Enum>(kinds), &member);
  }
  /// A key that others read, or nobody.
  virtual void ignored(const Field& field) = 0;
  /// Of these keys exactly one is given, or at least one, and `key` only with `other`: for schemas.
  /// It is check() that tells users so.
  virtual void exactly_one(std::initializer_list<std::string_view> /*keys*/) {}
  virtual void at_least_one(std::initializer_list<std::string_view> /*keys*/) {}
  virtual void needs(std::string_view /*key*/, std::string_view /*other*/) {}

  virtual void visit(const Field& field, const ValueType& type, void* member) = 0;
  virtual void visit_kind(const Field& field, const KindType& type, void* member) {
    visit(field, type, member);
  }

 private:
  template <class T, class Rules>
  void visit_by(const Field& field, T& member, const Rules& rules) {
    if constexpr (std::is_base_of_v<ValueType, Rules>) {
      visit(field, rules, &member);
    } else {
      visit(field, type_of<T>(rules), &member);
    }
  }
};

/// Every key that is set.
template <class Section>
[[nodiscard]] auto write_fields(const Section& section) {
  return StructType::of<Section>().write(&section);
}
/// Reads an object over what `section` holds already. Problems go to the value's own.
template <class Section>
void read_fields(const JsonValue& value, Section& section) {
  StructType::of<Section>().read(value, &section);
}

}  // namespace lab
