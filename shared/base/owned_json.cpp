#include "shared/base/owned_json.h"

#include <utility>

#include "shared/base/json.h"

namespace lab {

OwnedJson::OwnedJson() noexcept = default;
OwnedJson::OwnedJson(Json document) {
  if (!document.is_null()) document_ = std::make_unique<const Json>(std::move(document));
}
OwnedJson::OwnedJson(const OwnedJson& other) : OwnedJson(*other) {}
OwnedJson::OwnedJson(OwnedJson&& other) noexcept = default;
OwnedJson& OwnedJson::operator=(const OwnedJson& other) { return *this = OwnedJson(other); }
OwnedJson& OwnedJson::operator=(OwnedJson&& other) noexcept = default;
OwnedJson::~OwnedJson() = default;

OwnedJson OwnedJson::object() { return Json::object(); }

const Json& OwnedJson::operator*() const {
  static const Json null;
  return document_ ? *document_ : null;
}

}  // namespace lab
