// A request as the built-in modules describe it, and its answer as they read it: flat lists, whose
// places both sides know. Reading a list value by value is dear, arguments are not.
#pragma once

#include <v8.h>

#include <array>
#include <cstdint>

#include "loader/script/natives/natives.h"
#include "loader/script/script_exchange.h"

namespace loader {

/// What describes a request.
struct NativeSpec {
  enum Place : std::uint8_t {
    kMethod,
    kUrl,
    kName,
    kBody,
    kTimeout,
    kRedirects,
    kResponseType,
    kExpected,  ///< Undefined: what is usual; null: nobody says; else bounds, two a range.
    kJar,
    kCookies,
    kEncodings,
    kTags,     ///< Names and values in turn.
    kHeaders,  ///< Likewise.
    kPlaces,
  };
  std::array<v8::Local<v8::Value>, kPlaces> at;
};

[[nodiscard]] NativeSpec spec_of(const NativeCall& call);
[[nodiscard]] NativeSpec spec_of(v8::Isolate* isolate, v8::Local<v8::Value> list);
/// Writes all of `request`, into the memory that it has.
void read_spec(v8::Isolate* isolate, const NativeSpec& spec, ScriptRequest& request);
[[nodiscard]] v8::Local<v8::Array> to_list(v8::Isolate* isolate, const ScriptExchange& exchange);
/// The head alone, of an answer that is still coming.
[[nodiscard]] v8::Local<v8::Array> head_to_list(v8::Isolate* isolate, unsigned status,
                                                const lab::HttpHeaders& headers);

}  // namespace loader
