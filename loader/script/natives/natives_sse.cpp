// Reading an answer while it comes, for k6/x/sse.
#include <memory>
#include <utility>

#include "loader/script/natives/native_exchange.h"
#include "loader/script/natives/natives.h"
#include "loader/script/script_stream.h"

namespace loader {
namespace {

ScriptStream* stream_argument(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  if (user == nullptr) return nullptr;
  const auto found = user->streams().find(static_cast<std::uint64_t>(number_argument(call, 0)));
  return found == user->streams().end() ? nullptr : found->second.get();
}

void give_pair(const NativeCall& call, v8::Local<v8::Value> list, std::uint64_t handle) {
  v8::Isolate* const isolate = call.GetIsolate();
  v8::Local<v8::Value> pair[] = {list, v8::Number::New(isolate, static_cast<double>(handle))};
  call.GetReturnValue().Set(v8::Array::New(isolate, pair, 2));
}

void native_sse_open(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  if (user == nullptr) return;
  ScriptInstance& instance = instance_of(call);
  ScriptRequest request;
  read_spec(instance, NativeSpec(call), request);
  const auto stream = std::make_shared<ScriptStream>(*user, std::move(request));
  stream->start();
  const bool is_whole = instance.wait(stream->wait_for_head());
  if (!is_whole) return end_stream(instance, *stream);
  if (stream->head_status() == 0) {
    return give_pair(call, to_list(instance, stream->exchange()), 0);
  }
  const std::uint64_t handle = user->streams().empty() ? 1 : user->streams().rbegin()->first + 1;
  user->streams().emplace(handle, stream);
  give_pair(call, head_to_list(instance, stream->head_status(), stream->headers()), handle);
}

void native_sse_read(const NativeCall& call) {
  ScriptStream* const stream = stream_argument(call);
  if (stream == nullptr) return call.GetReturnValue().SetNull();
  ScriptInstance& instance = instance_of(call);
  if (!stream->has_text() && !stream->has_ended() && !instance.wait(stream->wait_for_bytes())) {
    return;
  }
  if (stream->has_text()) return return_text(call, stream->take_text());
  const RequestError& error = stream->exchange().answer.outcome.error;
  if (error.code == 0) return call.GetReturnValue().SetNull();
  v8::Isolate* const isolate = call.GetIsolate();
  auto failure = v8::Object::New(isolate);
  set_member(isolate->GetCurrentContext(), failure, "error", to_v8(isolate, error.text));
  call.GetReturnValue().Set(failure);
}

void native_sse_close(const NativeCall& call) {
  ScriptStream* const stream = stream_argument(call);
  if (stream == nullptr) return;
  ScriptUser* const user = user_of(call);
  end_stream(instance_of(call), *stream);
  user->streams().erase(static_cast<std::uint64_t>(number_argument(call, 0)));
}

constexpr NativeFunction kSseNatives[] = {
    {"sseOpen", &native_sse_open},
    {"sseRead", &native_sse_read},
    {"sseClose", &native_sse_close},
};

}  // namespace

std::span<const NativeFunction> sse_natives() { return kSseNatives; }

}  // namespace loader
