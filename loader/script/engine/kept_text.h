// Texts that cross between C++ and a script over and over, and are nearly always the same ones: a
// request's method and URL, the names of header fields, "HTTP/1.1".
#pragma once

#include <v8.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace loader {

/// One place where such a text stands. It remembers the last text there, until that has been
/// another one too often to be worth it. Belongs to one isolate, and must not outlive it.
class KeptText {
 public:
  /// `text` as a string of the isolate: that of the last time, if it is the same.
  [[nodiscard]] v8::Local<v8::String> to_v8(v8::Isolate* isolate, std::string_view text);
  /// Writes `value`, as text, to `utf8`: without a look at its letters if it is the string of the
  /// last time.
  void assign_utf8(v8::Isolate* isolate, v8::Local<v8::Value> value, std::string& utf8);

 private:
  void keep(v8::Isolate* isolate, v8::Local<v8::String> string, std::string_view text);

  v8::Global<v8::String> string_;
  std::string text_;
  std::uint8_t changes_ = 0;
};

}  // namespace loader
