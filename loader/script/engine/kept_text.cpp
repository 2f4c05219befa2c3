#include "loader/script/engine/kept_text.h"

#include <cstddef>

#include "loader/script/engine/v8_values.h"

namespace loader {
namespace {

// A text that changes this often is made up anew each time.
constexpr std::uint8_t kChangesMax = 16;
// A long one is hardly the same again, and would be kept for nothing.
constexpr std::size_t kBytesMax = 512;

}  // namespace

v8::Local<v8::String> KeptText::to_v8(v8::Isolate* isolate, std::string_view text) {
  if (text == text_ && !string_.IsEmpty()) return string_.Get(isolate);
  const v8::Local<v8::String> string = loader::to_v8(isolate, text);
  keep(isolate, string, text);
  return string;
}

void KeptText::assign_utf8(v8::Isolate* isolate, v8::Local<v8::Value> value, std::string& utf8) {
  if (!string_.IsEmpty() && string_ == value) {
    utf8 = text_;
    return;
  }
  loader::assign_utf8(isolate, value, utf8);
  if (value->IsString()) keep(isolate, value.As<v8::String>(), utf8);
}

void KeptText::keep(v8::Isolate* isolate, v8::Local<v8::String> string, std::string_view text) {
  if (changes_ == kChangesMax || text.size() > kBytesMax) return;
  ++changes_;
  string_.Reset(isolate, string);
  text_ = text;
}

}  // namespace loader
