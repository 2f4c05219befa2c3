// The types of values that keys of files take. Members are reached by small functions, so that
// reading, writing and describing is compiled once, and no header of JSON is needed for a table.
#pragma once

#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "shared/base/owned_json.h"
#include "shared/base/scalar_types.h"
#include "shared/base/time.h"
#include "shared/base/value_type.h"

namespace lab {

class Fields;

/// A value with a form of its own that is read and never written, by functions.
class ReadTypeBase : public ValueType {
 public:
  using Schema = Json (*)(SchemaPrinter& printer);
  explicit ReadTypeBase(Schema value_schema) : schema_(value_schema) {}
  [[nodiscard]] Json write(const void* member) const override;
  [[nodiscard]] Json schema(SchemaPrinter& printer, const void* member) const override;
  [[nodiscard]] bool is_set(const void* /*member*/) const override { return false; }

 private:
  Schema schema_;
};
template <class T>
class ReadType : public ReadTypeBase {
 public:
  using Read = void (*)(const JsonValue& value, T& member);
  ReadType(Read read_value, Schema value_schema) : ReadTypeBase(value_schema), read_(read_value) {}
  void read(const JsonValue& value, void* member) const override {
    read_(value, *static_cast<T*>(member));
  }

 private:
  Read read_;
};

/// A section: a struct with a table of fields. Its kSchemaName is that of its schema, which then
/// stands in one place; with kDefaultsVary no default is shown, since it is not always the
/// member's.
class StructType : public ValueType {
 public:
  template <class Section>
  [[nodiscard]] static StructType of() {
    StructType type;
    type.table_ = [](Fields& f, void* s) { fields(f, *static_cast<Section*>(s)); };
    if constexpr (requires(const JsonValue& v, Section& s) { check(v, s); }) {
      type.check_ = [](const JsonValue& v, void* s) { check(v, *static_cast<Section*>(s)); };
    }
    if constexpr (requires { Section::kSchemaName; }) type.name_ = Section::kSchemaName;
    if constexpr (requires { Section::kDefaultsVary; }) type.defaults_vary_ = true;
    type.copy_ = [](const void* s) -> std::shared_ptr<void> {
      return std::make_shared<Section>(*static_cast<const Section*>(s));
    };
    return type;
  }
  void read(const JsonValue& value, void* member) const override;
  /// The same of an object that has other keys as well; nothing is checked.
  void read_keys(JsonObject& object, void* member) const;
  [[nodiscard]] Json write(const void* member) const override;
  [[nodiscard]] Json schema(SchemaPrinter& printer, const void* member) const override;
  [[nodiscard]] bool has_default(const void* /*member*/) const override { return false; }
  [[nodiscard]] std::optional<Json> write_change(const void* member,
                                                 const void* base) const override;

 private:
  StructType() = default;

  void (*table_)(Fields&, void* section) = nullptr;
  void (*check_)(const JsonValue&, void* section) = nullptr;
  std::shared_ptr<void> (*copy_)(const void* section) = nullptr;
  std::string_view name_;
  bool defaults_vary_ = false;
};

/// A member that may be absent, in the file as in the struct.
class OptionalType : public ValueType {
 public:
  explicit OptionalType(bool takes_null) : takes_null_(takes_null) {}
  void read(const JsonValue& value, void* member) const override;
  [[nodiscard]] Json write(const void* member) const override;
  [[nodiscard]] Json schema(SchemaPrinter& printer, const void* member) const override;
  [[nodiscard]] bool is_set(const void* member) const override {
    return takes_null_ || get(member) != nullptr;
  }
  [[nodiscard]] bool has_default(const void* member) const override {
    return is_set(member) && (get(member) == nullptr || inner().has_default(get(member)));
  }

 private:
  [[nodiscard]] virtual const ValueType& inner() const = 0;
  [[nodiscard]] virtual const void* get(const void* member) const = 0;  ///< Null: absent.
  [[nodiscard]] virtual void* make(void* member) const = 0;  ///< What is there, else a default one.
  virtual void reset(void* member) const = 0;
  [[nodiscard]] virtual const void* fresh() const = 0;  ///< A default one, of the type's own.

  bool takes_null_;
};
template <class T, class Inner>
class OptionalOf final : public OptionalType {
 public:
  OptionalOf(Inner inner, bool takes_null) : OptionalType(takes_null), inner_(std::move(inner)) {}

 private:
  using Member = std::optional<T>;
  [[nodiscard]] const ValueType& inner() const override { return inner_; }
  [[nodiscard]] const void* get(const void* m) const override {
    const auto& optional = *static_cast<const Member*>(m);
    return optional ? &*optional : nullptr;
  }
  [[nodiscard]] void* make(void* m) const override {
    auto& optional = *static_cast<Member*>(m);
    if (!optional) optional.emplace();
    return &*optional;
  }
  void reset(void* m) const override { static_cast<Member*>(m)->reset(); }
  [[nodiscard]] const void* fresh() const override { return &fresh_; }

  Inner inner_;
  T fresh_{};
};

/// How many elements a list has; what is said of too few and too many, unless others say it.
struct ListRules {
  std::size_t min = 0;
  std::size_t max = std::numeric_limits<std::size_t>::max();
  const char* too_few = nullptr;
  const char* too_many = nullptr;
};
class ListType : public ValueType {
 public:
  explicit ListType(const ListRules& rules) : rules_(rules) {}
  void read(const JsonValue& value, void* member) const override;
  [[nodiscard]] Json write(const void* member) const override;
  [[nodiscard]] Json schema(SchemaPrinter& printer, const void* member) const override;
  [[nodiscard]] bool has_default(const void* member) const override { return size(member) == 0; }

 private:
  [[nodiscard]] virtual const ValueType& inner() const = 0;
  [[nodiscard]] virtual std::size_t size(const void* member) const = 0;
  [[nodiscard]] virtual const void* at(const void* member, std::size_t i) const = 0;
  [[nodiscard]] virtual void* append(void* member) const = 0;
  virtual void clear(void* member) const = 0;
  [[nodiscard]] virtual const void* fresh() const = 0;

  ListRules rules_;
};
template <class T, class Inner>
class ListOf : public ListType {
 public:
  explicit ListOf(Inner inner, const ListRules& rules = {})
      : ListType(rules), inner_(std::move(inner)) {}

 private:
  using Member = std::vector<T>;
  [[nodiscard]] const ValueType& inner() const override { return inner_; }
  [[nodiscard]] std::size_t size(const void* m) const override {
    return static_cast<const Member*>(m)->size();
  }
  [[nodiscard]] const void* at(const void* m, std::size_t i) const override {
    return &(*static_cast<const Member*>(m))[i];
  }
  [[nodiscard]] void* append(void* m) const override {
    return &static_cast<Member*>(m)->emplace_back();
  }
  void clear(void* m) const override { static_cast<Member*>(m)->clear(); }
  [[nodiscard]] const void* fresh() const override { return &fresh_; }

  Inner inner_;
  T fresh_{};
};

template <class T>
struct Element {};
template <class T>
struct Element<std::optional<T>> {
  using Type = T;
};
template <class T>
struct Element<std::vector<T>> {
  using Type = T;
};
template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <class T>
inline constexpr bool kIsList = false;
template <class T>
inline constexpr bool kIsList<std::vector<T>> = true;
template <class T>
inline constexpr bool kIsTextMap =
    std::is_same_v<T, TextPairs> || std::is_same_v<T, std::map<std::string, std::string>>;

/// The type of a member whose own type says it all, or nearly: `rules` are bounds, words, the rules
/// of a text or of a list's elements.
template <class T, class... Rules>
[[nodiscard]] auto type_of(const Rules&... rules) {
  if constexpr (std::is_same_v<T, bool> && sizeof...(Rules) == 0) {
    return BoolType();
  } else if constexpr (std::is_same_v<T, double>) {
    return NumberType(rules...);
  } else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    return IntegerType::of<T>(rules...);
  } else if constexpr (std::is_same_v<T, Duration>) {
    return DurationType(rules...);
  } else if constexpr (std::is_same_v<T, OwnedJson>) {
    return AnyType(rules...);
  } else if constexpr (kIsTextMap<T>) {
    return TextMapType::of<T>(rules...);
  } else if constexpr (kIsOptional<T>) {
    using Inner = typename Element<T>::Type;
    return OptionalOf<Inner, decltype(type_of<Inner>(rules...))>(type_of<Inner>(rules...), false);
  } else if constexpr (kIsList<T>) {
    using Inner = typename Element<T>::Type;
    return ListOf<Inner, decltype(type_of<Inner>(rules...))>(type_of<Inner>(rules...));
  } else if constexpr (std::is_same_v<T, std::string> &&
                       (std::is_same_v<Rules, TextRules> && ...)) {
    return TextType(rules...);
  } else if constexpr (sizeof...(Rules) == 0) {
    return StructType::of<T>();
  } else {
    return WordType::of(std::span<const std::pair<std::string_view, T>>(rules...));
  }
}

}  // namespace lab
