#include "loader/script/engine/v8_values.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace loader {
bool is_ascii(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080u;
  constexpr std::size_t kWords = 4;
  std::size_t at = 0;
  for (; at + kWords * sizeof(std::uint64_t) <= text.size(); at += kWords * sizeof(std::uint64_t)) {
    std::array<std::uint64_t, kWords> words;
    std::memcpy(words.data(), text.data() + at, sizeof words);
    if (((words[0] | words[1] | words[2] | words[3]) & kHighBits) != 0) return false;
  }
  for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & kHighBits) != 0) return false;
  }
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                     [](char c) { return (c & 0x80) == 0; });
}

v8::Local<v8::String> to_v8(v8::Isolate* isolate, std::string_view text) {
  const int size = static_cast<int>(text.size());
  v8::MaybeLocal<v8::String> made;
  if (text.size() <= static_cast<std::size_t>(v8::String::kMaxLength)) {
    made = is_ascii(text)
               ? v8::String::NewFromOneByte(isolate,
                                            reinterpret_cast<const std::uint8_t*>(text.data()),
                                            v8::NewStringType::kNormal, size)
               : v8::String::NewFromUtf8(isolate, text.data(), v8::NewStringType::kNormal, size);
  }
  return made.IsEmpty() ? v8::String::Empty(isolate) : made.ToLocalChecked();
}

void assign_utf8(v8::Isolate* isolate, v8::Local<v8::String> text, std::string& utf8) {
  if (text->IsOneByte()) {
    const int length = text->Length();
    utf8.resize(static_cast<std::size_t>(length));
    text->WriteOneByte(isolate, reinterpret_cast<std::uint8_t*>(utf8.data()), 0, length,
                       v8::String::NO_NULL_TERMINATION);
    if (is_ascii(utf8)) return;
  }
  utf8.resize(static_cast<std::size_t>(text->Utf8Length(isolate)));
  text->WriteUtf8(isolate, utf8.data(), static_cast<int>(utf8.size()), nullptr,
                  v8::String::NO_NULL_TERMINATION | v8::String::REPLACE_INVALID_UTF8);
}

void assign_utf8(v8::Isolate* isolate, v8::Local<v8::Value> value, std::string& utf8) {
  v8::Local<v8::String> text;
  if (value->IsString()) {
    text = value.As<v8::String>();
  } else if (!value->ToString(isolate->GetCurrentContext()).ToLocal(&text)) {
    return utf8.clear();
  }
  assign_utf8(isolate, text, utf8);
}

std::string to_utf8(v8::Isolate* isolate, v8::Local<v8::String> text) {
  std::string utf8;
  assign_utf8(isolate, text, utf8);
  return utf8;
}

std::string to_utf8(v8::Isolate* isolate, v8::Local<v8::Value> value) {
  std::string utf8;
  assign_utf8(isolate, value, utf8);
  return utf8;
}

void assign_bytes(v8::Isolate* isolate, v8::Local<v8::Value> value, std::string& bytes) {
  if (value->IsArrayBuffer()) {
    const auto store = value.As<v8::ArrayBuffer>()->GetBackingStore();
    bytes.assign(static_cast<const char*>(store->Data()), store->ByteLength());
  } else if (value->IsArrayBufferView()) {
    const auto view = value.As<v8::ArrayBufferView>();
    bytes.resize(view->ByteLength());
    view->CopyContents(bytes.data(), bytes.size());
  } else {
    assign_utf8(isolate, value, bytes);
  }
}

std::string to_bytes(v8::Isolate* isolate, v8::Local<v8::Value> value) {
  std::string bytes;
  assign_bytes(isolate, value, bytes);
  return bytes;
}

v8::Local<v8::ArrayBuffer> to_buffer(v8::Isolate* isolate, std::string_view bytes) {
  auto buffer = v8::ArrayBuffer::New(isolate, bytes.size());
  if (!bytes.empty()) {
    std::memcpy(buffer->GetBackingStore()->Data(), bytes.data(), bytes.size());
  }
  return buffer;
}

v8::Local<v8::Value> member(v8::Local<v8::Context> context, v8::Local<v8::Object> object,
                            std::string_view name) {
  v8::Isolate* const isolate = context->GetIsolate();
  v8::Local<v8::Value> value;
  if (!object->Get(context, to_v8(isolate, name)).ToLocal(&value)) return v8::Undefined(isolate);
  return value;
}

void set_member(v8::Local<v8::Context> context, v8::Local<v8::Object> object, std::string_view name,
                v8::Local<v8::Value> value) {
  ignore_result(object->Set(context, to_v8(context->GetIsolate(), name), value));
}

}  // namespace loader
