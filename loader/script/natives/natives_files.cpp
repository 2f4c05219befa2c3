// Files, modules, bytes and texts, and what all virtual users share.
#include "loader/script/natives/natives.h"

namespace loader {
namespace {

void native_open_file(const NativeCall& call) {
  ScriptInstance& instance = instance_of(call);
  const auto found =
      instance.program().files.open(text_argument(call, 0), instance.modules().base_url());
  if (!found) return instance.throw_go_error(found.error().what);
  v8::Isolate* const isolate = call.GetIsolate();
  if (call[1]->BooleanValue(isolate)) {
    call.GetReturnValue().Set(to_buffer(isolate, **found));
  } else {
    return_text(call, **found);
  }
}

void native_require(const NativeCall& call) {
  v8::Local<v8::Value> exports;
  if (instance_of(call).modules().require(text_argument(call, 0)).ToLocal(&exports)) {
    call.GetReturnValue().Set(exports);
  }
}

void native_resolve(const NativeCall& call) {
  return_text(call,
              ScriptFiles::join(text_argument(call, 0), instance_of(call).modules().base_url()));
}

void native_utf8_encode(const NativeCall& call) {
  call.GetReturnValue().Set(to_buffer(call.GetIsolate(), text_argument(call, 0)));
}

void native_utf8_decode(const NativeCall& call) {
  return_text(call, to_bytes(call.GetIsolate(), call[0]));
}

// They are the array's own.
std::string_view bytes_of(v8::Local<v8::Uint8Array> array) {
  const auto store = array->Buffer()->GetBackingStore();
  return {static_cast<const char*>(store->Data()) + array->ByteOffset(), array->ByteLength()};
}

void native_equal_bytes(const NativeCall& call) {
  if (!call[0]->IsUint8Array() || !call[1]->IsUint8Array()) return;
  call.GetReturnValue().Set(bytes_of(call[0].As<v8::Uint8Array>()) ==
                            bytes_of(call[1].As<v8::Uint8Array>()));
}

SharedArrays& shared_arrays_of(const NativeCall& call) {
  return instance_of(call).program().shared_arrays;
}

SharedArrays::Handle shared_array_argument(const NativeCall& call) {
  return static_cast<SharedArrays::Handle>(number_argument(call, 0));
}

// (name): the array's handle; -1 if nobody has defined it.
void native_shared_find(const NativeCall& call) {
  const auto array = shared_arrays_of(call).find(text_argument(call, 0));
  return_number(call, array ? static_cast<double>(*array) : -1);
}

void native_shared_define(const NativeCall& call) {
  if (!call[1]->IsArray()) return;
  const auto list = call[1].As<v8::Array>();
  const auto context = call.GetIsolate()->GetCurrentContext();
  std::vector<std::optional<std::string>> elements;
  for (std::uint32_t i = 0; i < list->Length(); ++i) {
    v8::Local<v8::Value> element;
    if (!list->Get(context, i).ToLocal(&element)) return;
    elements.push_back(element->IsString() ? std::optional(to_utf8(call.GetIsolate(), element))
                                           : std::nullopt);
  }
  const auto array = shared_arrays_of(call).define(text_argument(call, 0), std::move(elements));
  return_number(call, static_cast<double>(array));
}

void native_shared_length(const NativeCall& call) {
  const std::size_t length = shared_arrays_of(call).length(shared_array_argument(call));
  return_number(call, static_cast<double>(length));
}

void native_shared_element(const NativeCall& call) {
  const auto* const element = shared_arrays_of(call).element(
      shared_array_argument(call), static_cast<std::size_t>(number_argument(call, 1)));
  if (element != nullptr) return_text(call, *element);
}

constexpr NativeFunction kFileNatives[] = {
    {"openFile", &native_open_file},
    {"require", &native_require},
    {"resolve", &native_resolve},
    {"utf8Encode", &native_utf8_encode},
    {"utf8Decode", &native_utf8_decode},
    {"equalBytes", &native_equal_bytes},
    {"sharedFind", &native_shared_find},
    {"sharedLength", &native_shared_length},
    {"sharedDefine", &native_shared_define},
    {"sharedElement", &native_shared_element},
};

}  // namespace

std::span<const NativeFunction> file_natives() { return kFileNatives; }

}  // namespace loader
