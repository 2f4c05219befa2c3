// The functions of the object `native`, by what they are about. Each table's functions are called
// by the built-in modules alone, with the arguments that these have checked.
#pragma once

#include <v8.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loader/script/engine/v8_engine.h"
#include "loader/script/engine/v8_values.h"
#include "loader/script/script_instance.h"
#include "loader/script/script_user.h"

namespace loader {

[[nodiscard]] std::span<const NativeFunction> metric_natives();
[[nodiscard]] std::span<const NativeFunction> http_natives();
[[nodiscard]] std::span<const NativeFunction> sse_natives();
[[nodiscard]] std::span<const NativeFunction> time_natives();
[[nodiscard]] std::span<const NativeFunction> file_natives();
[[nodiscard]] std::span<const NativeFunction> crypto_natives();
[[nodiscard]] std::span<const NativeFunction> asymmetric_natives();
[[nodiscard]] std::span<const NativeFunction> execution_natives();

using NativeCall = v8::FunctionCallbackInfo<v8::Value>;

[[nodiscard]] inline ScriptInstance& instance_of(const NativeCall& call) {
  return ScriptInstance::of(call.GetIsolate());
}
/// Null outside of a virtual user: in discovery.
[[nodiscard]] inline ScriptUser* user_of(const NativeCall& call) {
  return instance_of(call).surroundings().user;
}

[[nodiscard]] inline std::string text_argument(const NativeCall& call, int index) {
  return to_utf8(call.GetIsolate(), call[index]);
}
[[nodiscard]] inline double number_argument(const NativeCall& call, int index) {
  return call[index]->IsNumber() ? call[index].As<v8::Number>()->Value() : 0;
}
/// Of a buffer, or of a text as UTF-8; null and undefined are empty.
[[nodiscard]] inline std::string bytes_argument(const NativeCall& call, int index) {
  if (call[index]->IsNullOrUndefined()) return {};
  return to_bytes(call.GetIsolate(), call[index]);
}
inline void return_text(const NativeCall& call, std::string_view text) {
  call.GetReturnValue().Set(to_v8(call.GetIsolate(), text));
}
inline void return_number(const NativeCall& call, double value) {
  call.GetReturnValue().Set(value);
}
/// A flat list of names and values; anything else is none.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> pairs_argument(
    const NativeCall& call, int index);
/// A duration that a script gave in milliseconds; what is beyond all bounds is the longest.
[[nodiscard]] lab::Duration duration_of(double milliseconds);

}  // namespace loader
