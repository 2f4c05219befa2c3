#include "loader/outputs/json_text.h"

#include <array>
#include <charconv>
#include <cmath>

#include "shared/base/json.h"

namespace loader {

void append_json_string(std::string& out, std::string_view text) {
  using Json = nlohmann::json;
  out += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

void append_json_number(std::string& out, double value) {
  // A fixed form below 1e21 has at most 21 digits before the point and 22 behind it.
  std::array<char, 64> digits{};
  const double magnitude = std::abs(value);
  const bool is_fixed = magnitude == 0 || (magnitude >= 1e-6 && magnitude < 1e21);
  const auto [end, error] =
      std::to_chars(digits.data(), digits.data() + digits.size(), value,
                    is_fixed ? std::chars_format::fixed : std::chars_format::scientific);
  (void)error;
  out.append(digits.data(), end);
}

}  // namespace loader
