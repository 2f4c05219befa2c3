// What OpenAI refuses of single values that other servers take as they come.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "shared/protocol/chat_request.h"

namespace lab {

using FoundProblem = std::optional<RequestProblem>;

/// The name of a function, a custom tool or a response format: ^[a-zA-Z0-9_-]{1,64}$.
[[nodiscard]] FoundProblem check_definition_name(std::string param, std::string_view name);
/// The name of a message's author: ^[^\s<|\\/>]+$, 64 characters at most.
[[nodiscard]] FoundProblem check_author_name(std::string param, std::string_view name);
/// That the text has `maximum` characters at most.
[[nodiscard]] FoundProblem check_length(std::string param, std::string_view text,
                                        std::size_t maximum);
[[nodiscard]] FoundProblem check_service_tier(std::string_view tier);
[[nodiscard]] FoundProblem check_verbosity(std::string_view verbosity);

// Each an object or, for modalities, an array; the reader has checked that.
/// Numbers from -100 to 100.
[[nodiscard]] FoundProblem check_logit_bias(const Json& bias);
/// At most 16 texts of up to 512 characters, under names of up to 64.
[[nodiscard]] FoundProblem check_metadata(const Json& metadata);
[[nodiscard]] FoundProblem check_modalities(const Json& modalities);
[[nodiscard]] FoundProblem check_prediction(const Json& prediction);

}  // namespace lab
