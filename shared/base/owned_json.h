// A JSON document as a member of a struct whose header does not read nlohmann/json.hpp.
#pragma once

#include <memory>

#include "shared/base/json_fwd.h"

namespace lab {

/// A value, as Json is: a copy has a document of its own. Null, which takes no memory, until one is
/// given.
class OwnedJson {
 public:
  OwnedJson() noexcept;
  OwnedJson(Json document);  // NOLINT(google-explicit-constructor): it is one.
  OwnedJson(const OwnedJson& other);
  OwnedJson(OwnedJson&& other) noexcept;
  OwnedJson& operator=(const OwnedJson& other);
  OwnedJson& operator=(OwnedJson&& other) noexcept;
  ~OwnedJson();

  [[nodiscard]] static OwnedJson object();

  /// Valid as long as this object, and until it is assigned to.
  [[nodiscard]] const Json& operator*() const;
  [[nodiscard]] const Json* operator->() const { return &**this; }

 private:
  std::unique_ptr<const Json> document_;  // Not there: null. Json itself is incomplete here.
};

}  // namespace lab
