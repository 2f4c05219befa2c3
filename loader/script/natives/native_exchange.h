// A request as the built-in modules describe it, and its answer as they read it: flat lists, whose
// places both sides know. Reading a list value by value is dear, arguments are not.
#pragma once

#include <v8.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "loader/script/script_http.h"

namespace loader {

enum class ResponseType : std::uint8_t { text, binary, none };

/// A request with what its answer is wanted as.
struct NativeExchange : ScriptExchange {
  ResponseType type = ResponseType::text;
};

[[nodiscard]] std::unique_ptr<NativeExchange> read_spec(
    v8::Isolate* isolate, std::span<const v8::Local<v8::Value>> values);
[[nodiscard]] std::unique_ptr<NativeExchange> read_spec(v8::Isolate* isolate,
                                                        v8::Local<v8::Value> list);
[[nodiscard]] v8::Local<v8::Array> to_list(v8::Isolate* isolate, const NativeExchange& exchange);
/// The head alone, of an answer that is still coming.
[[nodiscard]] v8::Local<v8::Array> head_to_list(v8::Isolate* isolate, unsigned status,
                                                const lab::HttpHeaders& headers);

}  // namespace loader
