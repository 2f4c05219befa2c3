// Reads k6's options of requests and connections.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "loader/flow/system_tags.h"
#include "loader/http/client_options.h"
#include "shared/base/json_reader.h"

namespace loader {

/// The value of an option, if it is set anywhere.
using FindOption = std::function<std::optional<lab::JsonValue>(std::string_view)>;

/// Problems go to the values' own.
[[nodiscard]] ClientOptions read_client_options(const FindOption& find);
[[nodiscard]] SystemTags read_system_tags(const lab::JsonValue& value);

}  // namespace loader
