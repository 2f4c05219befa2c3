// What the files that call OpenSSL have in common: owning its objects, its type for bytes, and what
// they give back.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "shared/base/error.h"

namespace loader {

/// A deleter: `std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>`.
template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* owned) const {
    Free(owned);
  }
};

inline const unsigned char* octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

inline unsigned char* octets(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

inline lab::Error failed(std::string_view what) { return {"", std::string(what)}; }

/// Spelt out, as an Error could be made of a string as well.
inline lab::Result<std::string> bytes_result(std::string bytes) {
  return lab::Result<std::string>(boost::system::in_place_value, std::move(bytes));
}

}  // namespace loader
