// What OpenAI refuses of single values that other servers take as they come.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "shared/protocol/chat_request.h"

namespace lab {

using FoundProblem = std::optional<RequestProblem>;

/// "'a', 'b', and 'c'"
[[nodiscard]] std::string list_of(std::span<const std::string_view> words);

/// The name of a function, a custom tool or a response format: ^[a-zA-Z0-9_-]{1,64}$.
[[nodiscard]] FoundProblem check_definition_name(std::string param, std::string_view name);
/// The name of a message's author: ^[^\s<|\\/>]+$, 64 characters at most.
[[nodiscard]] FoundProblem check_author_name(std::string param, std::string_view name);
/// That the text has `maximum` characters at most.
[[nodiscard]] FoundProblem check_length(std::string param, std::string_view text,
                                        std::size_t maximum);
/// That a text is one of those that are allowed.
[[nodiscard]] FoundProblem check_word(std::string param, std::string_view word,
                                      std::span<const std::string_view> allowed);
/// How closely an image is looked at.
[[nodiscard]] FoundProblem check_image_detail(std::string param, std::string_view detail);
/// http, https, or the data itself.
[[nodiscard]] FoundProblem check_image_url(std::string param, std::string_view url);

// Each an object or, for modalities, an array; the reader has checked that.
/// Numbers from -100 to 100.
[[nodiscard]] FoundProblem check_logit_bias(const Json& bias);
/// At most 16 texts of up to 512 characters, under names of up to 64.
[[nodiscard]] FoundProblem check_metadata(const Json& metadata);
/// One at least; audio only if the request says what it is to sound like.
[[nodiscard]] FoundProblem check_modalities(const Json& modalities, bool has_audio);
[[nodiscard]] bool has_audio_modality(const Json& modalities);

}  // namespace lab
