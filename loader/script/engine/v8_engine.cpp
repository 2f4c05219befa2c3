#include "loader/script/engine/v8_engine.h"

#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "loader/script/builtin_modules.h"
#include "loader/script/engine/v8_platform.h"
#include "loader/script/engine/v8_values.h"

namespace loader {
namespace {

thread_local const ScriptClock* current_clock = nullptr;

double wall_milliseconds() {
  return current_clock != nullptr ? current_clock->wall_milliseconds() : 0;
}

// Where `native` lies in the snapshot's context.
constexpr std::size_t kNativeIndex = 0;

// Deterministic hashes; no threads but those that run scripts. What k6 lacks is off, as far as V8
// adds it to each new context. Code is small and often made: its pages stay writable, and escape
// analysis would take a tenth of the time to make it.
constexpr std::string_view kFlags =
    "--single-threaded --random-seed=1 --no-rehash-snapshot --stack-trace-limit=50 "
    "--no-expose-wasm --no-harmony-sharedarraybuffer --no-harmony-atomics "
    "--no-write-protect-code-memory --no-verify-snapshot-checksum --no-turbo-escape";
// Code without optimisation, made at once: with 150 virtual users of the stress script 8 MB of
// their 302 MB, and the CPU time is the same without.
constexpr std::string_view kBaselineCode = "--sparkplug";
constexpr std::string_view kNoBaselineCode = "--no-sparkplug";
// Of bytecode that a function may run between two looks at whether it is to be optimised. The
// virtual users share no code: making that of one takes 50 ms, and it saves 30 us an iteration of
// the soak script from then on. A short run is over before that has paid: early, 20 minutes of the
// soak script take 1.7 s, and late 0.7. With 500,000 its two hours, 2,000 iterations each, take 0.9
// of what they take with 200,000, which is neither.
constexpr std::string_view kEarlyOptimization = "--interrupt-budget=10000";
constexpr std::string_view kLateOptimization = "--interrupt-budget=500000";
// The young generation starts small where virtual users are many. With 20 of them a larger one
// takes 1 MB each and 2 % of the CPU time off.
constexpr std::size_t kYoungBytesOfMany = 768 << 10;
constexpr std::size_t kYoungBytes = 3 << 20;
// V8 makes a cache of numbers' texts by what the young generation may grow to; at its default that
// is 256 KB a virtual user.
constexpr std::size_t kYoungBytesMax = 3 << 20;

void set_flags(std::string_view flags) { v8::V8::SetFlagsFromString(flags.data(), flags.size()); }

void start_v8() {
  set_flags(kFlags);
  set_flags(kBaselineCode);
  static const std::unique_ptr<v8::Platform> platform = make_v8_platform(&wall_milliseconds);
  v8::V8::InitializePlatform(platform.get());
  v8::V8::Initialize();
}

// "k6_x_sse.js" is "k6/x/sse"; "lab_errors.js" is "lab:errors"; "jslib_url.js" is "jslib:url".
std::string specifier_of(std::string_view file) {
  std::string name(file.substr(0, file.size() - std::string_view(".js").size()));
  if (name.starts_with("k6")) {
    for (char& c : name) c = c == '_' ? '/' : c;
    return name;
  }
  const std::size_t place = name.find('_');
  if (place != std::string::npos) name[place] = ':';
  return name;
}

[[noreturn]] void fail(v8::Isolate* isolate, const v8::TryCatch& caught) {
  const v8::String::Utf8Value text(isolate, caught.Exception());
  const int line = caught.Message().IsEmpty()
                       ? 0
                       : caught.Message()->GetLineNumber(isolate->GetCurrentContext()).FromMaybe(0);
  std::string where;
  if (!caught.Message().IsEmpty()) {
    const v8::String::Utf8Value name(isolate, caught.Message()->GetScriptResourceName());
    where = std::string(*name, static_cast<std::size_t>(name.length())) + ":" +
            std::to_string(line) + ": ";
  }
  std::fprintf(stderr, "a built-in module is broken: %s%s\n", where.c_str(), *text);
  std::abort();
}

// The texts of the modules by specifier. They are ASCII, and known to V8 by their address: no heap
// holds a copy of them.
using ModuleTexts = std::map<std::string, v8::String::ExternalOneByteStringResource*>;

const ModuleTexts& module_texts() {
  static const ModuleTexts texts = [] {
    ModuleTexts all;
    for (const std::string_view path : builtin::embedded_files("modules")) {
      const std::string_view text = *builtin::embedded_file(path);
      assert(is_ascii(text));
      all.emplace(specifier_of(path.substr(path.find('/') + 1)), make_text_resource(text, nullptr));
    }
    return all;
  }();
  return texts;
}

// A module's function; `specifier` is of one that is there.
v8::Local<v8::Function> compile_module(v8::Local<v8::Context> context,
                                       const std::string& specifier) {
  v8::Isolate* const isolate = context->GetIsolate();
  const v8::ScriptOrigin origin(isolate, to_v8(isolate, specifier));
  v8::ScriptCompiler::Source source(
      v8::String::NewExternalOneByte(isolate, module_texts().at(specifier)).ToLocalChecked(),
      origin);
  v8::Local<v8::String> parameters[] = {to_v8(isolate, "native"), to_v8(isolate, "require"),
                                        to_v8(isolate, "exports")};
  const v8::TryCatch caught(isolate);
  v8::Local<v8::Function> function;
  if (!v8::ScriptCompiler::CompileFunctionInContext(context, &source, 3, parameters, 0, nullptr)
           .ToLocal(&function)) {
    fail(isolate, caught);
  }
  return function;
}

// (specifier): the function of a built-in module; undefined if there is none.
void native_compile_module(const v8::FunctionCallbackInfo<v8::Value>& call) {
  const std::string specifier = to_utf8(call.GetIsolate(), call[0]);
  if (!module_texts().contains(specifier)) return;
  call.GetReturnValue().Set(compile_module(call.GetIsolate()->GetCurrentContext(), specifier));
}

std::vector<NativeFunction> natives_of_snapshot() {
  std::vector<NativeFunction> all = all_natives();
  all.push_back({"compileModule", &native_compile_module});
  return all;
}

v8::Local<v8::Object> make_native(v8::Local<v8::Context> context) {
  v8::Isolate* const isolate = context->GetIsolate();
  v8::Local<v8::Object> native = v8::Object::New(isolate);
  for (const NativeFunction& each : natives_of_snapshot()) {
    const auto function =
        v8::FunctionTemplate::New(isolate, each.call)->GetFunction(context).ToLocalChecked();
    native->Set(context, to_v8(isolate, each.name), function).Check();
  }
  return native;
}

// Functions of modules that few scripts ask for would take a fifth of each virtual user's heap.
bool is_rare(std::string_view specifier) {
  for (const std::string_view prefix :
       {"jslib:", "lab:chai_", "lab:csv_", "lab:report_", "lab:url_", "lab:webcrypto"}) {
    if (specifier.starts_with(prefix)) return true;
  }
  return false;
}

// The file bootstrap.js is called with `native` and the functions of modules that are not rare, by
// specifier.
void load_modules(v8::Local<v8::Context> context, v8::Local<v8::Object> native) {
  v8::Isolate* const isolate = context->GetIsolate();
  v8::Local<v8::Object> modules = v8::Object::New(isolate);
  const std::string bootstrap = "bootstrap";
  for (const auto& [specifier, text] : module_texts()) {
    if (is_rare(specifier) || specifier == bootstrap) continue;
    const auto function = compile_module(context, specifier);
    modules->Set(context, to_v8(isolate, specifier), function).Check();
  }
  const v8::TryCatch caught(isolate);
  v8::Local<v8::Value> arguments[] = {native, modules, v8::Object::New(isolate)};
  if (compile_module(context, bootstrap)
          ->Call(context, v8::Undefined(isolate), 3, arguments)
          .IsEmpty()) {
    fail(isolate, caught);
  }
}

}  // namespace

void ScriptClock::set(const ScriptClock* clock) { current_clock = clock; }

V8Engine& V8Engine::get() {
  static V8Engine engine;
  return engine;
}

V8Engine::V8Engine() {
  start_v8();
  for (const NativeFunction& each : natives_of_snapshot()) {
    references_.push_back(reinterpret_cast<std::intptr_t>(each.call));
  }
  for (const auto& [specifier, text] : module_texts()) {
    references_.push_back(reinterpret_cast<std::intptr_t>(text));
  }
  references_.push_back(0);
  v8::SnapshotCreator creator(references_.data());
  v8::Isolate* const isolate = creator.GetIsolate();
  {
    const v8::HandleScope scope(isolate);
    v8::Local<v8::Context> context = v8::Context::New(isolate);
    const v8::Context::Scope entered(context);
    v8::Local<v8::Object> native = make_native(context);
    load_modules(context, native);
    [[maybe_unused]] const std::size_t index = creator.AddData(context, native);
    creator.SetDefaultContext(context);
  }
  snapshot_ = creator.CreateBlob(v8::SnapshotCreator::FunctionCodeHandling::kKeep);
}

void V8Engine::optimize_early(bool is_wanted) {
  set_flags(is_wanted ? kEarlyOptimization : kLateOptimization);
}

void V8Engine::save_memory(bool is_wanted) {
  saves_memory_ = is_wanted;
  set_flags(is_wanted ? kNoBaselineCode : kBaselineCode);
}

v8::Isolate* V8Engine::new_isolate() {
  v8::Isolate::CreateParams parameters;
  parameters.snapshot_blob = &snapshot_;
  parameters.external_references = references_.data();
  parameters.array_buffer_allocator_shared = make_buffer_allocator(kScriptBufferBytesMax);
  parameters.constraints.set_initial_young_generation_size_in_bytes(
      saves_memory_ ? kYoungBytesOfMany : kYoungBytes);
  parameters.constraints.set_max_young_generation_size_in_bytes(kYoungBytesMax);
  parameters.constraints.set_max_old_generation_size_in_bytes(kScriptHeapBytesMax);
  v8::Isolate* const isolate = v8::Isolate::New(parameters);
  isolate->SetMicrotasksPolicy(v8::MicrotasksPolicy::kExplicit);
  return isolate;
}

V8Engine::Realm V8Engine::new_realm(v8::Isolate* isolate) {
  v8::Local<v8::Context> context = v8::Context::New(isolate);
  const auto native = context->GetDataFromSnapshotOnce<v8::Object>(kNativeIndex).ToLocalChecked();
  return {context, native};
}

}  // namespace loader
