// Reads k6's options of requests and connections.
#pragma once

#include <string_view>

#include "loader/flow/system_tags.h"
#include "loader/http/client_options.h"
#include "shared/base/json_reader.h"
#include "shared/base/value_type.h"

namespace loader {

/// An option that k6 does not have.
inline constexpr std::string_view kBytesMaxOption = "responseBytesMax";

void fields(lab::Fields& f, DnsSettings& c);
void fields(lab::Fields& f, ClientOptions& c);
[[nodiscard]] SystemTags read_system_tags(const lab::JsonValue& value);

}  // namespace loader
