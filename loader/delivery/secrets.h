// Keeps what is secret of a target out of the texts that its server writes: some repeat a request
// in the answer that refuses it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "loader/delivery/delivery_target.h"

namespace loader {

class Secrets {
 public:
  /// Also as it stands in JSON and in URLs. An empty one is none.
  void add(std::string_view secret);
  /// The value of an Authorization field, with what it is made of: the part behind the scheme, and
  /// of a Basic one the user and the password.
  void add_authorization(std::string_view value);

  /// The text with "****" for each of them. One of less than four characters is hidden as a whole
  /// word only: "7" in "tenant 7", not in "17 points".
  [[nodiscard]] std::string hide(std::string_view text) const;

 private:
  std::vector<std::string> texts_;  ///< The longest first.
};

/// Of a target: the values of all fields that the user gave, of the query of the user's address,
/// and what its proxy is told.
[[nodiscard]] Secrets secrets_of(const DeliveryTarget& target);

}  // namespace loader
