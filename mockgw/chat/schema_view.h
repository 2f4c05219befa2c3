// One level of a JSON schema, as if its references and combinations were written out in it.
#pragma once

#include <string_view>
#include <vector>

#include "shared/base/json_fwd.h"

namespace mockgw {

enum class SchemaAlternative {
  first,     ///< Of anyOf and oneOf the first.
  shortest,  ///< The one whose value needs the fewest levels: what ends a recursive schema.
};

/// A schema together with those that hold at the same place: what $ref names, all of allOf, one of
/// anyOf or oneOf. Copies nothing: the document must outlive it. A reference that leads nowhere, or
/// not into this document ("#/…"), is a schema that allows everything.
class SchemaView {
 public:
  SchemaView(const lab::Json& root, const lab::Json& schema, SchemaAlternative alternative);

  /// The member of the first layer that has it; null if none does.
  [[nodiscard]] const lab::Json* find(std::string_view key) const;
  /// The schema itself first. Objects all; empty if the schema is `true` or `false`.
  [[nodiscard]] const std::vector<const lab::Json*>& layers() const { return layers_; }

 private:
  void collect(const lab::Json& schema);
  void collect_member(const lab::Json& schema, std::string_view combination);

  const lab::Json& root_;
  SchemaAlternative alternative_;
  std::vector<const lab::Json*> layers_;
};

/// The member; null if there is none, or if it is not an object.
[[nodiscard]] const lab::Json* member_of(const lab::Json& object, std::string_view key);
/// What "#", "#/$defs/node" and the like name in a document; null if nothing.
[[nodiscard]] const lab::Json* referenced_schema(const lab::Json& root, const lab::Json& reference);

}  // namespace mockgw
