// The types of values without parts: numbers, texts, words, durations, and maps of texts.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "shared/base/value_type.h"

namespace lab {

/// From and to which a number may be.
struct Bounds {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  const char* not_min = nullptr;   ///< What is said of the minimum itself, if it is not allowed.
  bool is_said_elsewhere = false;  ///< For schemas: read from zero on, or unbounded if not whole.
};
[[nodiscard]] constexpr Bounds between(double min, double max) { return {min, max}; }
[[nodiscard]] constexpr Bounds at_least(double min) { return {.min = min}; }
[[nodiscard]] constexpr Bounds above(double min, const char* otherwise) {
  return {.min = min, .not_min = otherwise};
}

/// Bounds that others hold a number to, in words of their own.
[[nodiscard]] constexpr Bounds said_elsewhere(Bounds bounds) {
  bounds.is_said_elsewhere = true;
  return bounds;
}

class BoolType : public ValueType {
 public:
  void read(const JsonValue& value, void* member) const override;
  [[nodiscard]] Json write(const void* member) const override;
  [[nodiscard]] Json schema(SchemaPrinter& printer, const void* member) const override;
};

class NumberType : public ValueType {
 public:
  explicit NumberType(Bounds bounds = {}) : bounds_(bounds) {}
  void read(const JsonValue& value, void* member) const override;
  [[nodiscard]] Json write(const void* member) const override;
  [[nodiscard]] Json schema(SchemaPrinter& printer, const void* member) const override;

 private:
  Bounds bounds_;
};

class IntegerType : public ValueType {
 public:
  template <class Integer>
  [[nodiscard]] static IntegerType of(Bounds bounds = {}) {
    if (std::is_unsigned_v<Integer> && bounds.min < 0) bounds.min = 0;
    return {bounds,
            [](const void* member) {
              return static_cast<std::int64_t>(*static_cast<const Integer*>(member));
            },
            [](void* member, std::int64_t value) {
              *static_cast<Integer*>(member) = static_cast<Integer>(value);
            }};
  }
  void read(const JsonValue& value, void* member) const override;
  [[nodiscard]] Json write(const void* member) const override;
  [[nodiscard]] Json schema(SchemaPrinter& printer, const void* member) const override;

 private:
  using Get = std::int64_t (*)(const void*);
  using Set = void (*)(void*, std::int64_t);
  IntegerType(Bounds bounds, Get get, Set set) : bounds_(bounds), get_(get), set_(set) {}

  Bounds bounds_;
  Get get_;
  Set set_;
};

/// What a std::string must be like.
struct TextRules {
  /// What is wrong with a text; empty: nothing.
  std::string (*problem)(const std::string& text) = nullptr;
  std::string_view pattern{};  ///< The same for a schema, which may be less strict.
  bool null_is_empty = false;
  bool empty_is_unset = false;  ///< Not written then.
  bool is_secret = false;       ///< Never written.
};
class TextType : public ValueType {
 public:
  explicit TextType(const TextRules& rules = {}) : rules_(rules) {}
  void read(const JsonValue& value, void* member) const override;
  [[nodiscard]] Json write(const void* member) const override;
  [[nodiscard]] Json schema(SchemaPrinter& printer, const void* member) const override;
  [[nodiscard]] bool is_set(const void* member) const override;

 private:
  TextRules rules_;
};

class DurationType : public ValueType {
 public:
  void read(const JsonValue& value, void* member) const override;
  [[nodiscard]] Json write(const void* member) const override;
  [[nodiscard]] Json schema(SchemaPrinter& printer, const void* member) const override;
};

/// Any value, in an OwnedJson.
class AnyType : public ValueType {
 public:
  void read(const JsonValue& value, void* member) const override;
  [[nodiscard]] Json write(const void* member) const override;
  [[nodiscard]] Json schema(SchemaPrinter& printer, const void* member) const override;
};

/// One of several words, each of which stands for a value.
class WordType : public ValueType {
 public:
  template <class Enum>
  [[nodiscard]] static WordType of(std::span<const std::pair<std::string_view, Enum>> words) {
    using Word = std::pair<std::string_view, Enum>;
    WordType type;
    for (const Word& word : words) type.words_.push_back(word.first);
    type.table_ = words.data();
    type.is_ = [](const void* table, std::size_t i, const void* member) {
      return static_cast<const Word*>(table)[i].second == *static_cast<const Enum*>(member);
    };
    type.set_ = [](const void* table, std::size_t i, void* member) {
      *static_cast<Enum*>(member) = static_cast<const Word*>(table)[i].second;
    };
    return type;
  }
  void read(const JsonValue& value, void* member) const override;
  [[nodiscard]] Json write(const void* member) const override;
  [[nodiscard]] Json schema(SchemaPrinter& printer, const void* member) const override;

 private:
  std::vector<std::string_view> words_;
  const void* table_ = nullptr;
  bool (*is_)(const void* table, std::size_t i, const void* member) = nullptr;
  void (*set_)(const void* table, std::size_t i, void* member) = nullptr;
};

/// One of the words by which the other keys of an object go. That of an enum's value v is kinds[v].
struct Kind {
  std::string_view word;
  const char* says;
};
class KindType : public ValueType {
 public:
  using Get = std::size_t (*)(const void* member);
  using Set = void (*)(void* member, std::size_t kind);
  KindType(std::span<const Kind> kinds, Get getter, Set setter)
      : kinds_(kinds), get_(getter), set_(setter) {}
  template <class Enum>
  [[nodiscard]] static KindType of(std::span<const Kind> kinds) {
    return {kinds,
            [](const void* m) { return static_cast<std::size_t>(*static_cast<const Enum*>(m)); },
            [](void* m, std::size_t kind) { *static_cast<Enum*>(m) = static_cast<Enum>(kind); }};
  }
  [[nodiscard]] std::span<const Kind> kinds() const { return kinds_; }
  void set(void* member, std::size_t kind) const { set_(member, kind); }
  void read(const JsonValue& value, void* member) const override;
  [[nodiscard]] Json write(const void* member) const override;
  [[nodiscard]] Json schema(SchemaPrinter& printer, const void* member) const override;

 private:
  std::span<const Kind> kinds_;
  Get get_;
  Set set_;
};

using TextPairs = std::vector<std::pair<std::string, std::string>>;
struct TextMapRules {
  /// What is wrong with a name and its text; empty: nothing.
  std::string (*problem)(std::string_view name, std::string_view text) = nullptr;
  std::string_view name_pattern{};  ///< The same for a schema, which may be less strict.
  std::string_view text_pattern{};
};
/// Names and texts, in the file's order (TextPairs) or sorted (a std::map).
class TextMapType : public ValueType {
 public:
  template <class Container>
  [[nodiscard]] static TextMapType of(const TextMapRules& rules = {}) {
    TextMapType type;
    type.rules_ = rules;
    type.get_ = [](const void* m) {
      const auto& container = *static_cast<const Container*>(m);
      return TextPairs(container.begin(), container.end());
    };
    type.set_ = [](void* m, const TextPairs& pairs) {
      *static_cast<Container*>(m) = Container(pairs.begin(), pairs.end());
    };
    return type;
  }
  void read(const JsonValue& value, void* member) const override;
  [[nodiscard]] Json write(const void* member) const override;
  [[nodiscard]] Json schema(SchemaPrinter& printer, const void* member) const override;
  [[nodiscard]] bool has_default(const void* member) const override {
    return !get_(member).empty();
  }

 private:
  TextMapRules rules_;
  TextPairs (*get_)(const void* member) = nullptr;
  void (*set_)(void* member, const TextPairs& pairs) = nullptr;
};

}  // namespace lab
