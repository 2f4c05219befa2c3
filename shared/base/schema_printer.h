// JSON Schemas (draft 2020-12) of the files that tables of fields describe.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "shared/base/fields.h"
#include "shared/base/json_fwd.h"

namespace lab {

/// What goes for strings of a file besides what they are read as.
enum class SchemaDialect {
  plain,
  variables,  ///< A string may hold ${NAME}, and is then anything.
  k6,         ///< Numbers, durations and switches may be texts; null is as left out.
};

class SchemaPrinter {
 public:
  explicit SchemaPrinter(SchemaDialect dialect);

  [[nodiscard]] SchemaDialect dialect() const { return dialect_; }
  void set_dialect(SchemaDialect dialect) { dialect_ = dialect; }

  /// A reference to what `make` makes, once, under that name.
  [[nodiscard]] Json named(std::string_view name, const std::function<Json()>& make);
  /// The whole schema of a file; `root` is that of its object.
  [[nodiscard]] Json document(std::string_view title, std::string_view about,
                              const Json& root) const;

 private:
  SchemaDialect dialect_;
  std::shared_ptr<Json> definitions_;  // Json is incomplete here; not shared.
};

}  // namespace lab
