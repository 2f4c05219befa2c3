// What outputs read of the environment, and of addresses: texts to values, with errors that name
// the variable and never show a value that may be a secret.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loader/http/client_options.h"
#include "loader/http/url.h"
#include "shared/base/error.h"
#include "shared/base/time.h"
#include "shared/runtime/http_message.h"

namespace loader {

/// Reads variables one after the other; the first thing that is wrong is kept.
class OutputVariables {
 public:
  using Variables = std::map<std::string, std::string>;
  explicit OutputVariables(Variables variables) : variables_(std::move(variables)) {}

  /// Says it in the place of the environment.
  void set(const std::string& name, std::string value) { variables_[name] = std::move(value); }

  /// A variable that is empty counts as not set.
  [[nodiscard]] std::optional<std::string> text(const std::string& name) const;
  [[nodiscard]] std::string text_or(const std::string& name, std::string otherwise) const {
    return text(name).value_or(std::move(otherwise));
  }
  /// Those that begin so, with what follows for a name.
  [[nodiscard]] Variables with_prefix(const std::string& prefix) const;
  [[nodiscard]] bool is_on(const std::string& name, bool otherwise);
  [[nodiscard]] std::uint64_t number(const std::string& name, std::uint64_t otherwise,
                                     std::uint64_t min, std::uint64_t max);
  /// At least a millisecond.
  [[nodiscard]] lab::Duration interval(const std::string& name, lab::Duration otherwise);
  /// A certificate and its key, of the files that two variables name; either both or none.
  void read_certificate(ClientOptions& client, const std::string& certificate,
                        const std::string& key);
  void fail(const std::string& where, std::string what);

  [[nodiscard]] const std::optional<lab::Error>& error() const { return error_; }

 private:
  Variables variables_;
  std::optional<lab::Error> error_;
};

/// "1s" or, as in k6, a bare number of milliseconds. The Error has no place.
[[nodiscard]] lab::Result<lab::Duration> parse_interval(std::string_view text);

/// An address with what may stand in it besides host and path.
struct OutputAddress {
  Url url{};           ///< Without user, query and fragment.
  std::string path{};  ///< The URL's, decoded; begins with "/".
  std::optional<std::string> user{};
  std::optional<std::string> password{};
  std::vector<std::pair<std::string, std::string>> query{};  ///< Decoded.
};
/// The Error does not show the address, which may hold a password.
[[nodiscard]] lab::Result<OutputAddress> parse_output_address(const std::string& text,
                                                              const std::string& where);

/// The text without user and password of the addresses in it, for what is shown.
[[nodiscard]] std::string without_users(std::string_view text);

/// Adds a field of a request that the user has named. The Error shows no value.
[[nodiscard]] lab::Result<void> add_user_header(lab::HttpHeaders& headers, const std::string& name,
                                                const std::string& value, const std::string& where);

/// "http://host:8086".
[[nodiscard]] std::string origin_of(const Url& url);

/// Percent-encodes all but unreserved characters (RFC 3986, 2.3).
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// None if a "%" is not followed by two digits.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

/// Without spaces around it.
[[nodiscard]] std::string trimmed(std::string_view text);
/// "a,b" to its parts, without spaces around them.
[[nodiscard]] std::vector<std::string> listed(std::string_view text);

}  // namespace loader
