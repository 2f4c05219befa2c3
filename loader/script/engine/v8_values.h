// JavaScript's values from C++'s, and back.
#pragma once

#include <v8.h>

#include <string>
#include <string_view>

namespace loader {

/// For what may throw in JavaScript, where that has been seen to, or is no matter.
template <class T>
void ignore_result(const T& /*result*/) {}

/// UTF-8; what is malformed becomes U+FFFD. Empty if there is no room for it.
[[nodiscard]] v8::Local<v8::String> to_v8(v8::Isolate* isolate, std::string_view text);
/// True if no byte has its high bit set.
[[nodiscard]] bool is_ascii(std::string_view text);
/// UTF-8; a lone surrogate becomes U+FFFD. The value is converted as String(value) does; empty if
/// that throws.
[[nodiscard]] std::string to_utf8(v8::Isolate* isolate, v8::Local<v8::Value> value);
[[nodiscard]] std::string to_utf8(v8::Isolate* isolate, v8::Local<v8::String> text);
/// The bytes of an ArrayBuffer or a view; of anything else the UTF-8 of String(value).
[[nodiscard]] std::string to_bytes(v8::Isolate* isolate, v8::Local<v8::Value> value);
/// The same into memory that is there already.
void assign_utf8(v8::Isolate* isolate, v8::Local<v8::Value> value, std::string& utf8);
void assign_utf8(v8::Isolate* isolate, v8::Local<v8::String> text, std::string& utf8);
void assign_bytes(v8::Isolate* isolate, v8::Local<v8::Value> value, std::string& bytes);
[[nodiscard]] v8::Local<v8::ArrayBuffer> to_buffer(v8::Isolate* isolate, std::string_view bytes);
/// A member of an object; undefined if there is none, or reading it throws.
[[nodiscard]] v8::Local<v8::Value> member(v8::Local<v8::Context> context,
                                          v8::Local<v8::Object> object, std::string_view name);
void set_member(v8::Local<v8::Context> context, v8::Local<v8::Object> object, std::string_view name,
                v8::Local<v8::Value> value);

}  // namespace loader
