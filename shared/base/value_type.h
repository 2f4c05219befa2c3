// What a key of a file takes: how such a value is read, written and described. The concrete ones
// are in value_types.h; a section with a form of its own derives one.
#pragma once

#include <optional>
#include <string_view>

#include "shared/base/json_reader.h"

namespace lab {

class Fields;
class SchemaPrinter;

class ValueType {
 public:
  ValueType() = default;
  ValueType(const ValueType&) = default;
  ValueType& operator=(const ValueType&) = default;
  virtual ~ValueType() = default;

  /// Problems go to the value's own; the member then keeps what it had, or is good for reading on.
  virtual void read(const JsonValue& value, void* member) const = 0;
  /// Reading it back gives an equal member.
  [[nodiscard]] virtual Json write(const void* member) const = 0;
  /// The JSON Schema; `member` is a default one, for the defaults of what is inside.
  [[nodiscard]] virtual Json schema(SchemaPrinter& printer, const void* member) const = 0;

  /// False if the file has no such key then.
  [[nodiscard]] virtual bool is_set(const void* /*member*/) const { return true; }
  /// Whether a schema shows the member as the key's default; it does not where what is inside has
  /// defaults of its own.
  [[nodiscard]] virtual bool has_default(const void* member) const { return is_set(member); }
  /// What must be written so that reading it over `base` gives the member; none if that is nothing.
  [[nodiscard]] virtual std::optional<Json> write_change(const void* member,
                                                         const void* base) const;
};

}  // namespace lab
