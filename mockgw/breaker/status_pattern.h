// Statuses as a gateway file names several at once: 429, "5xx", "501-599".
#pragma once

#include <string_view>
#include <vector>

#include "shared/base/value_types.h"

namespace mockgw {

/// Statuses from low to high, 100 to 599: "429", "5xx", "501-599".
struct StatusPattern {
  unsigned low = 0;
  unsigned high = 0;
  friend bool operator==(const StatusPattern&, const StatusPattern&) = default;
};

[[nodiscard]] bool matches(const std::vector<StatusPattern>& patterns, unsigned status);

class StatusPatternType : public lab::ValueType {
 public:
  void read(const lab::JsonValue& value, void* member) const override;
  [[nodiscard]] lab::Json write(const void* member) const override;
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& printer, const void* member) const override;
};
/// A list of them.
inline const lab::ListOf<StatusPattern, StatusPatternType> kStatusPatterns{{}};

}  // namespace mockgw
