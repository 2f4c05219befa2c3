#include "shared/protocol/openai_checks.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

#include "shared/base/json.h"
#include "shared/protocol/request_problems.h"

namespace lab {
namespace {

constexpr std::size_t kNameLengthMax = 64;
constexpr std::size_t kMetadataMembersMax = 16;
constexpr std::size_t kMetadataTextMax = 512;
constexpr double kBiasMax = 100;

constexpr std::string_view kModalities[] = {"text", "audio"};
constexpr std::string_view kImageDetails[] = {"low", "high", "auto"};

std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_of_definition(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

bool is_of_author(char c) {
  constexpr std::string_view kExcluded = " \t\n\v\f\r<|\\/>";
  return kExcluded.find(c) == std::string_view::npos;
}

FoundProblem check_name(std::string param, std::string_view name, bool (*is_of_name)(char),
                        std::string_view pattern) {
  if (name.empty() || !std::ranges::all_of(name, is_of_name)) {
    return pattern_not_matched(std::move(param), pattern);
  }
  return check_length(std::move(param), name, kNameLengthMax);
}

// Whether the text goes on after this scheme, which may be in any case (RFC 3986, 3.1).
bool has_scheme(std::string_view url, std::string_view scheme) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return url.size() > scheme.size() &&
         std::ranges::equal(url.substr(0, scheme.size()), scheme, {}, lower);
}

FoundProblem check_json_word(std::string param, const Json& value,
                             std::span<const std::string_view> allowed) {
  if (!value.is_string()) return invalid_type(std::move(param), "a string", kind_of(value));
  return check_word(std::move(param), value.get_ref<const std::string&>(), allowed);
}

}  // namespace

std::string list_of(std::span<const std::string_view> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool is_last = i + 1 == words.size();
    if (i > 0) text += words.size() > 2 ? ", " : " ";
    if (i > 0 && is_last) text += "and ";
    text.append("'").append(words[i]).append("'");
  }
  return text;
}

FoundProblem check_definition_name(std::string param, std::string_view name) {
  return check_name(std::move(param), name, is_of_definition, "^[a-zA-Z0-9_-]+$");
}

FoundProblem check_author_name(std::string param, std::string_view name) {
  return check_name(std::move(param), name, is_of_author, R"(^[^\s<|\\/>]+$)");
}

FoundProblem check_length(std::string param, std::string_view text, std::size_t maximum) {
  const std::size_t length = characters_of(text);
  if (length <= maximum) return std::nullopt;
  return string_too_long(std::move(param), maximum, length);
}

FoundProblem check_word(std::string param, std::string_view word,
                        std::span<const std::string_view> allowed) {
  if (std::ranges::find(allowed, word) != allowed.end()) return std::nullopt;
  return invalid_value(std::move(param), word, list_of(allowed));
}

// Newer models take "original" as well, which the refusal does not name.
FoundProblem check_image_detail(std::string param, std::string_view detail) {
  if (detail == "original") return std::nullopt;
  return check_word(std::move(param), detail, kImageDetails);
}

FoundProblem check_image_url(std::string param, std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://", "data:"}) {
    if (has_scheme(url, scheme)) return std::nullopt;
  }
  return invalid_url(std::move(param));
}

FoundProblem check_logit_bias(const Json& bias) {
  for (const auto& [token, value] : bias.items()) {
    const std::string param = "logit_bias." + token;
    const JsonKind kind = kind_of(value);
    if (!value.is_number()) return invalid_type(param, "a decimal", kind);
    const auto number = value.get<double>();
    if (number < -kBiasMax) return below_minimum(param, -kBiasMax, number, kind);
    if (number > kBiasMax) return above_maximum(param, kBiasMax, number, kind);
  }
  return std::nullopt;
}

FoundProblem check_metadata(const Json& metadata) {
  if (metadata.size() > kMetadataMembersMax) {
    return too_many_members("metadata", kMetadataMembersMax, metadata.size());
  }
  for (const auto& [name, value] : metadata.items()) {
    const std::size_t length = characters_of(name);
    if (length > kNameLengthMax) return member_name_too_long("metadata", kNameLengthMax, length);
    const std::string param = "metadata." + name;
    if (!value.is_string()) return invalid_type(param, "a string", kind_of(value));
    const auto& text = value.get_ref<const std::string&>();
    if (auto found = check_length(param, text, kMetadataTextMax)) return found;
  }
  return std::nullopt;
}

FoundProblem check_modalities(const Json& modalities, bool has_audio) {
  if (modalities.empty()) return empty_array("modalities");
  for (std::size_t i = 0; i < modalities.size(); ++i) {
    const std::string param = element_path("modalities", i);
    if (auto found = check_json_word(param, modalities[i], kModalities)) return found;
  }
  if (has_audio_modality(modalities) && !has_audio) return missing_parameter("audio");
  return std::nullopt;
}

bool has_audio_modality(const Json& modalities) {
  return std::ranges::find(modalities, "audio") != modalities.end();
}

}  // namespace lab
