#include "shared/base/value_types.h"

#include <cmath>

#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/json_reader.h"

namespace lab {
namespace {

template <class T>
T& as(void* member) {
  return *static_cast<T*>(member);
}
template <class T>
const T& as(const void* member) {
  return *static_cast<const T*>(member);
}

class FieldReader final : public Fields {
 public:
  explicit FieldReader(JsonObject& object) : object_(object) {}

  void ignored(const Field& field) override { (void)object_.find(field.key); }
  void visit(const Field& field, const ValueType& type, void* member) override {
    if (const auto found = find(field)) type.read(*found, member);
  }

 private:
  std::optional<JsonValue> find(const Field& field) {
    if (!field.is_required) return object_.find(field.key);
    JsonValue found = object_.require(field.key);
    return found.is_present() ? std::optional(std::move(found)) : std::nullopt;
  }

  JsonObject& object_;
};

class FieldWriter final : public Fields {
 public:
  void ignored(const Field& /*field*/) override {}
  void visit(const Field& field, const ValueType& type, void* member) override {
    if (type.is_set(member)) written[std::string(field.key)] = type.write(member);
  }
  Json written = Json::object();
};

// Where a table has its members.
class FieldFinder final : public Fields {
 public:
  void ignored(const Field& /*field*/) override {}
  void visit(const Field& field, const ValueType& /*type*/, void* member) override {
    members.emplace_back(field.key, member);
  }
  [[nodiscard]] const void* find(std::string_view key) const {
    for (const auto& [name, member] : members) {
      if (name == key) return member;
    }
    return nullptr;
  }
  std::vector<std::pair<std::string_view, const void*>> members;
};

class ChangeWriter final : public Fields {
 public:
  explicit ChangeWriter(const FieldFinder& base) : base_(base) {}
  void ignored(const Field& /*field*/) override {}
  void visit(const Field& field, const ValueType& type, void* member) override {
    if (!type.is_set(member)) return;
    const void* const base = base_.find(field.key);
    auto change = base == nullptr ? type.write(member) : type.write_change(member, base);
    if (change) written[std::string(field.key)] = *std::move(change);
  }
  Json written = Json::object();

 private:
  const FieldFinder& base_;
};

}  // namespace

std::optional<Json> ValueType::write_change(const void* member, const void* base) const {
  Json written = write(member);
  if (is_set(base) && written == write(base)) return std::nullopt;
  return written;
}

void BoolType::read(const JsonValue& value, void* member) const {
  as<bool>(member) = value.as_bool(as<bool>(member));
}
Json BoolType::write(const void* member) const { return as<bool>(member); }

void NumberType::read(const JsonValue& value, void* member) const {
  auto& number = as<double>(member);
  const Bounds bounds = bounds_.is_said_elsewhere ? Bounds() : bounds_;
  number = value.as_number(bounds.min, bounds.max, number);
  if (bounds_.not_min != nullptr && number == bounds_.min) value.problem(bounds_.not_min);
}
Json NumberType::write(const void* member) const { return as<double>(member); }

void IntegerType::read(const JsonValue& value, void* member) const {
  using Limits = std::numeric_limits<std::int64_t>;
  const bool has_min = std::isfinite(bounds_.min);
  const bool has_max = std::isfinite(bounds_.max);
  set_(member, value.as_integer(bounds_.is_said_elsewhere ? 0
                                : has_min                 ? static_cast<std::int64_t>(bounds_.min)
                                                          : Limits::min(),
                                has_max ? static_cast<std::int64_t>(bounds_.max) : Limits::max(),
                                get_(member)));
}
Json IntegerType::write(const void* member) const { return get_(member); }

void TextType::read(const JsonValue& value, void* member) const {
  auto& text = as<std::string>(member);
  if (rules_.null_is_empty && value.is_null()) {
    text.clear();
    return;
  }
  std::string said = value.as_string(text);
  std::string problem;
  if (rules_.problem != nullptr && value.json().is_string()) problem = rules_.problem(said);
  if (!problem.empty()) return value.problem(std::move(problem));
  // What is refused is not kept: whoever goes on reading may rely on the rule.
  text = std::move(said);
}
Json TextType::write(const void* member) const {
  const auto& text = as<std::string>(member);
  return rules_.null_is_empty && text.empty() ? Json() : Json(text);
}

bool TextType::is_set(const void* member) const {
  return !rules_.is_secret && !(rules_.empty_is_unset && as<std::string>(member).empty());
}

void DurationType::read(const JsonValue& value, void* member) const {
  as<Duration>(member) = value.as_duration(as<Duration>(member));
}
Json DurationType::write(const void* member) const { return format_duration(as<Duration>(member)); }

void AnyType::read(const JsonValue& value, void* member) const {
  as<OwnedJson>(member) = value.json();
}
Json AnyType::write(const void* member) const { return *as<OwnedJson>(member); }

void WordType::read(const JsonValue& value, void* member) const {
  std::vector<std::pair<std::string_view, std::size_t>> choices;
  for (std::size_t i = 0; i < words_.size(); ++i) choices.emplace_back(words_[i], i);
  const std::size_t none = words_.size();
  const auto i =
      value.as_enum(std::span<const std::pair<std::string_view, std::size_t>>(choices), none);
  if (i != none) set_(table_, i, member);
}
Json WordType::write(const void* member) const {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (is_(table_, i, member)) return words_[i];
  }
  return nullptr;
}

void KindType::read(const JsonValue& value, void* member) const {
  std::vector<std::pair<std::string_view, std::size_t>> choices;
  for (std::size_t i = 0; i < kinds_.size(); ++i) choices.emplace_back(kinds_[i].word, i);
  set_(member, value.as_enum(std::span<const std::pair<std::string_view, std::size_t>>(choices),
                             get_(member)));
}
Json KindType::write(const void* member) const { return kinds_[get_(member)].word; }

void TextMapType::read(const JsonValue& value, void* member) const {
  TextPairs pairs;
  JsonObject object = value.as_object();
  for (const auto& [name, text] : object.members()) {
    pairs.emplace_back(name, text.as_string());
    std::string problem =
        rules_.problem == nullptr ? "" : rules_.problem(name, pairs.back().second);
    if (!problem.empty()) text.problem(std::move(problem));
  }
  set_(member, pairs);
}
Json TextMapType::write(const void* member) const {
  Json written = Json::object();
  for (const auto& [name, text] : get_(member)) written[name] = text;
  return written;
}

Json ReadTypeBase::write(const void* /*member*/) const { return nullptr; }
Json ReadTypeBase::schema(SchemaPrinter& printer, const void* /*member*/) const {
  return schema_(printer);
}

void StructType::read_keys(JsonObject& object, void* member) const {
  FieldReader reader(object);
  table_(reader, member);
}
void StructType::read(const JsonValue& value, void* member) const {
  JsonObject object = value.as_object();
  read_keys(object, member);
  object.finish();
  if (check_ != nullptr && value.json().is_object()) check_(value, member);
}
// A table takes members that may be changed, which a writer does not.
Json StructType::write(const void* member) const {
  FieldWriter writer;
  table_(writer, const_cast<void*>(member));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  return std::move(writer.written);
}
std::optional<Json> StructType::write_change(const void* member, const void* base) const {
  FieldFinder finder;
  table_(finder, const_cast<void*>(base));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  ChangeWriter writer(finder);
  table_(writer, const_cast<void*>(member));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  if (writer.written.empty()) return std::nullopt;
  return std::move(writer.written);
}

void OptionalType::read(const JsonValue& value, void* member) const {
  if (takes_null_ && value.is_null()) return reset(member);
  inner().read(value, make(member));
}
Json OptionalType::write(const void* member) const {
  const void* const there = get(member);
  return there == nullptr ? Json() : inner().write(there);
}

void ListType::read(const JsonValue& value, void* member) const {
  clear(member);
  for (const JsonValue& element : value.as_array()) {
    if (size(member) == rules_.max) {
      if (rules_.too_many != nullptr) value.problem(rules_.too_many);
      break;
    }
    inner().read(element, append(member));
  }
  const bool is_too_short = value.json().is_array() && size(member) < rules_.min;
  if (is_too_short && rules_.too_few != nullptr) value.problem(rules_.too_few);
}
Json ListType::write(const void* member) const {
  Json list = Json::array();
  for (std::size_t i = 0; i < size(member); ++i) list.push_back(inner().write(at(member, i)));
  return list;
}

}  // namespace lab
