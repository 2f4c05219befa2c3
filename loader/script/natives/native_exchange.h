// A request as the built-in modules describe it, and its answer as they read it: flat lists, whose
// places both sides know. Reading a list value by value is dear, arguments are not.
#pragma once

#include <v8.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "loader/script/natives/natives.h"
#include "loader/script/script_exchange.h"

namespace loader {

/// What describes a request: arguments of a native, or the values of a list. Valid as long as
/// these.
class NativeSpec {
 public:
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
    kTags,    ///< Names and values in turn.
    kFields,  ///< The first name of the header fields; their values and names follow in turn.
  };

  explicit NativeSpec(const NativeCall& call) : call_(&call) {}
  NativeSpec(v8::Isolate* isolate, v8::Local<v8::Value> list);

  /// Undefined: there is none.
  [[nodiscard]] v8::Local<v8::Value> operator[](std::size_t place) const {
    return call_ != nullptr ? (*call_)[static_cast<int>(place)] : list_[place];
  }
  /// Header fields.
  [[nodiscard]] std::size_t field_count() const {
    const std::size_t all =
        call_ != nullptr ? static_cast<std::size_t>(call_->Length()) : list_.size();
    return all > kFields ? (all - kFields) / 2 : 0;
  }

 private:
  const NativeCall* call_ = nullptr;
  std::vector<v8::Local<v8::Value>> list_;
};

/// Writes all of `request`, into the memory that it has.
void read_spec(ScriptInstance& instance, const NativeSpec& spec, ScriptRequest& request);
[[nodiscard]] v8::Local<v8::Array> to_list(ScriptInstance& instance,
                                           const ScriptExchange& exchange);
/// The head alone, of an answer that is still coming.
[[nodiscard]] v8::Local<v8::Array> head_to_list(ScriptInstance& instance, unsigned status,
                                                const lab::HttpHeaders& headers);

}  // namespace loader
