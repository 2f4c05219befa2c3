// The keys of profile files, and of the gateway file's sections that go over a profile.
#pragma once

#include <optional>
#include <string>

#include "mockgw/profiles/profile.h"
#include "shared/base/fields.h"

namespace mockgw {

void fields(lab::Fields& f, ErrorTemplate& c);
void fields(lab::Fields& f, StreamingBehaviour& c);
void fields(lab::Fields& f, RequiredHeader& c);
void check(const lab::JsonValue& section, RequiredHeader& c);
void fields(lab::Fields& f, Profile& c);

/// The section `errors`, of ErrorTemplates: {"<condition>":{…},…,"envelope":…}. "envelope" at the
/// top holds for every condition that does not give its own.
class ErrorsType : public lab::ValueType {
 public:
  void read(const lab::JsonValue& value, void* member) const override;
  [[nodiscard]] lab::Json write(const void* member) const override;
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& printer, const void* member) const override;
  [[nodiscard]] bool has_default(const void* /*member*/) const override { return false; }
  [[nodiscard]] std::optional<lab::Json> write_change(const void* member,
                                                      const void* base) const override;
};

/// What a profile that extends none lacks, in words; empty: nothing.
[[nodiscard]] std::string missing_errors_problem(const lab::Json& errors);
[[nodiscard]] std::string missing_envelope_problem();

}  // namespace mockgw
