#include "shared/base/error.h"

#include <stdexcept>

namespace lab {
namespace {

class Category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "lab"; }
  std::string message(int value) const override {
    switch (static_cast<Errc>(value)) {
      case Errc::timeout:
        return "timeout";
      case Errc::bad_message:
        return "malformed HTTP message";
      case Errc::partial_message:
        return "connection closed in the middle of a message";
      case Errc::end_of_stream:
        return "connection closed";
      case Errc::header_too_large:
        return "header section too large";
      case Errc::body_too_large:
        return "body too large";
      case Errc::connection_closed:
        return "operation on a closed connection";
    }
    return "unknown error " + std::to_string(value);
  }
};

}  // namespace

const boost::system::error_category& lab_category() {
  static const Category category;
  return category;
}

void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw std::logic_error("value() of a failed Result: " + error.to_string());
}

}  // namespace lab
