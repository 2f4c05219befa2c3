#include "loader/script/script_instance.h"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "loader/script/engine/v8_values.h"
#include "loader/script/engine/watchdog.h"
#include "loader/script/script_user.h"

namespace loader {
namespace asio = boost::asio;

ScriptInstance::ScriptInstance(ScriptProgram& program, ScriptSurroundings surroundings)
    : program_(program),
      surroundings_(std::move(surroundings)),
      isolate_(ScriptIsolate::take()),
      modules_(*this),
      loop_(*this),
      rng_(surroundings_.rng),
      fiber_(std::make_unique<Fiber>(isolate_->stack(), [this] { fiber_body(); })) {
  v8()->SetData(0, this);
  v8()->SetPromiseRejectCallback(&on_rejection);
  v8()->SetHostImportModuleDynamicallyCallback(&ModuleLoader::refuse_import);
  v8()->SetHostInitializeImportMetaObjectCallback(&ModuleLoader::fill_import_meta);
  run_now([this] { make_realm(); });
}

ScriptInstance::~ScriptInstance() {
  if (is_dead_) {
    // Neither may be touched any more, by their destructors either.
    [[maybe_unused]] const Fiber* const fiber = fiber_.release();
    [[maybe_unused]] const ScriptIsolate* const isolate = isolate_.release();
    return;
  }
  is_leaving_ = true;
  // A call that is still under way waits for a world that has ended: it is cut.
  is_interrupted_ = true;
  while (!fiber_->is_done()) resume();
  fiber_.reset();
  v8()->SetData(0, nullptr);
  ScriptIsolate::give_back(std::move(isolate_));
}

void ScriptInstance::abort(std::string reason) {
  if (!is_aborted_) abort_reason_ = std::move(reason);
  is_aborted_ = true;
  terminate();
}

v8::Local<v8::Value> ScriptInstance::registered(std::string_view name) const {
  const auto registry = member(context(), native(), "registry");
  return member(context(), registry.As<v8::Object>(), name);
}

void ScriptInstance::throw_go_error(std::string_view text) {
  v8::Isolate* const isolate = v8();
  v8::Local<v8::Value> argument = to_v8(isolate, text);
  const auto make = registered("makeGoError");
  v8::Local<v8::Value> error;
  if (make->IsFunction() && make.As<v8::Function>()
                                ->Call(context(), v8::Undefined(isolate), 1, &argument)
                                .ToLocal(&error)) {
    isolate->ThrowException(error);
  } else {
    isolate->ThrowException(v8::Exception::Error(argument.As<v8::String>()));
  }
}

void ScriptInstance::log(ScriptLogLevel level, std::string text, std::string_view source) {
  log(ScriptLogLine{level, std::move(text), std::string(source)});
}

void ScriptInstance::log(ScriptLogLine line) {
  if (!surroundings_.log) return;
  line.is_of_init = phase_ == ScriptPhase::init;
  line.at =
      surroundings_.runtime != nullptr ? surroundings_.runtime->wall_now() : surroundings_.wall_now;
  surroundings_.log(std::move(line));
}

std::string ScriptInstance::format(std::string_view formatter, v8::Local<v8::Value> thrown) {
  v8::Isolate* const isolate = v8();
  const v8::TryCatch ignored(isolate);
  const auto format = registered(formatter);
  v8::Local<v8::Value> text;
  if (format->IsFunction() && format.As<v8::Function>()
                                  ->Call(context(), v8::Undefined(isolate), 1, &thrown)
                                  .ToLocal(&text)) {
    return program_.files.with_source_positions(to_utf8(isolate, text));
  }
  return to_utf8(isolate, thrown);
}

bool ScriptInstance::is_ending() const {
  return end_.kind != ScriptEnd::Kind::completed || is_interrupted_ || is_aborted_ ||
         v8()->IsExecutionTerminating();
}

void ScriptInstance::finish(v8::TryCatch& caught) {
  if (caught.HasTerminated() || !caught.HasCaught()) {
    // conclude() knows why.
    if (end_.kind == ScriptEnd::Kind::completed) end_.kind = ScriptEnd::Kind::interrupted;
    return;
  }
  if (end_.kind != ScriptEnd::Kind::completed) return;
  const v8::Local<v8::Value> thrown = caught.Exception();
  const v8::Local<v8::Message> message = caught.Message();
  // What was thrown from here, such as what a module's promise was rejected with, would be thrown
  // once more as soon as the formatter asks for the error's stack.
  caught.Reset();
  std::string text = format("formatError", thrown);
  if (text.find("\n\tat ") == std::string::npos) text += frame_of(message);
  end_ = {ScriptEnd::Kind::exception, std::move(text)};
}

// A syntax error has no stack in the script, and what is thrown but is no Error has none at all:
// the message says where it was.
std::string ScriptInstance::frame_of(v8::Local<v8::Message> message) const {
  if (message.IsEmpty() || !message->GetScriptResourceName()->IsString()) return "";
  const int line = message->GetLineNumber(context()).FromMaybe(0);
  const std::string url = to_utf8(v8(), message->GetScriptResourceName());
  if (line <= 0 || url.find("://") == std::string::npos) return "";
  return "\tat " + url + ":" + std::to_string(line) + ":" +
         std::to_string(message->GetStartColumn() + 1) + "(" +
         std::to_string(message->GetStartPosition()) + ")\n";
}

// Jobs of promises that wait while the script is cut are not the next call's. V8 empties its queue
// when it is terminated in one.
void ScriptInstance::discard_jobs() {
  v8()->TerminateExecution();
  v8()->PerformMicrotaskCheckpoint();
}

namespace {

asio::awaitable<void> let_others(lab::Runtime* runtime) {
  (void)co_await runtime->sleep_for(std::chrono::milliseconds(1));
}

}  // namespace

void ScriptInstance::conclude() {
  loop_.cancel_all();
  if (surroundings_.user != nullptr && !is_leaving_) surroundings_.user->end_streams();
  v8::Isolate* const isolate = v8();
  if (is_ending()) discard_jobs();
  isolate->CancelTerminateExecution();
  const SliceEnd slice_end = take_slice_end(isolate);
  if (isolate_->take_out_of_memory()) {
    end_ = {ScriptEnd::Kind::exhausted,
            "the script took more memory than a virtual user may have (" +
                std::to_string(kScriptHeapBytesMax >> 20) + " MB of its heap)"};
  } else if (slice_end == SliceEnd::overrun) {
    end_ = {ScriptEnd::Kind::exhausted, "the script ran for " + lab::format_duration(kSliceMax) +
                                            " without a pause (a loop without end?)"};
  } else if (is_aborted_) {
    end_ = {ScriptEnd::Kind::aborted, abort_reason_};
  } else if (is_interrupted_ || slice_end == SliceEnd::interrupted) {
    end_ = {ScriptEnd::Kind::interrupted, {}};
  }
  if (!rejections_.empty()) rejections_.clear();
  // Its thread has yet to hear of the end, before another iteration begins.
  const bool is_heard = slice_end != SliceEnd::interrupted || surroundings_.runtime == nullptr;
  if (!is_heard) wait_for_end(let_others(surroundings_.runtime));
}

void ScriptInstance::on_rejection(v8::PromiseRejectMessage message) {
  v8::Isolate* const isolate = v8::Isolate::GetCurrent();
  auto* const self = static_cast<ScriptInstance*>(isolate->GetData(0));
  if (self == nullptr) return;
  const auto promise = message.GetPromise();
  if (message.GetEvent() == v8::kPromiseRejectWithNoHandler) {
    self->rejections_.push_back({v8::Global<v8::Promise>(isolate, promise),
                                 v8::Global<v8::Value>(isolate, message.GetValue())});
  } else if (message.GetEvent() == v8::kPromiseHandlerAddedAfterReject) {
    std::erase_if(self->rejections_,
                  [&promise](const Rejection& each) { return each.promise == promise; });
  }
}

bool ScriptInstance::report_rejections() {
  v8::Isolate* const isolate = v8();
  const std::vector<Rejection> rejections = std::exchange(rejections_, {});
  for (const Rejection& each : rejections) {
    const auto promise = each.promise.Get(isolate);
    if (promise->HasHandler()) continue;
    if (end_.kind == ScriptEnd::Kind::completed) {
      end_ = {ScriptEnd::Kind::rejection, format("formatRejection", each.reason.Get(isolate))};
    }
    return true;
  }
  return false;
}

void ScriptInstance::make_realm() {
  v8::Isolate* const isolate = v8();
  const V8Engine::Realm realm = V8Engine::new_realm(isolate);
  context_.Reset(isolate, realm.context);
  native_.Reset(isolate, realm.native);
  const v8::Context::Scope entered(realm.context);
  const auto number = [isolate](std::uint64_t value) {
    return v8::Number::New(isolate, static_cast<double>(value));
  };
  set_member(realm.context, realm.native, "vu", number(surroundings_.vu));
  const auto global = realm.context->Global();
  set_member(realm.context, global, "__VU", number(surroundings_.vu));
  set_scenario_environment({});
}

void ScriptInstance::set_scenario_environment(const std::map<std::string, std::string>& variables) {
  const v8::HandleScope scope(v8());
  const v8::Context::Scope entered(context());
  v8::Isolate* const isolate = v8();
  std::map<std::string_view, std::string_view> merged(variables.begin(), variables.end());
  merged.insert(program_.environment.begin(), program_.environment.end());
  std::vector<v8::Local<v8::Name>> names;
  std::vector<v8::Local<v8::Value>> values;
  for (const auto& [name, value] : merged) {
    names.push_back(to_v8(isolate, name));
    values.push_back(to_v8(isolate, value));
  }
  // At once: one by one each name would give the object a shape of its own.
  const auto all = v8::Object::New(isolate, v8::Object::New(isolate)->GetPrototype(), names.data(),
                                   values.data(), names.size());
  const auto set = registered("setEnvironment");
  v8::Local<v8::Value> argument = all;
  ignore_result(set.As<v8::Function>()->Call(context(), v8::Undefined(isolate), 1, &argument));
}

void ScriptInstance::enter_phase(ScriptPhase phase) {
  phase_ = phase;
  set_member(context(), native(), "phase", v8::Integer::New(v8(), static_cast<int>(phase)));
}

void ScriptInstance::apply_options() {
  v8::Isolate* const isolate = v8();
  const v8::TryCatch ignored(isolate);
  v8::Local<v8::Value> parsed;
  if (!v8::JSON::Parse(context(), to_v8(isolate, options_json_)).ToLocal(&parsed)) return;
  set_member(context(), native(), "options", parsed);
}

void ScriptInstance::load_job() {
  v8::Isolate* const isolate = v8();
  const v8::Context::Scope entered(context());
  enter_phase(ScriptPhase::init);
  apply_options();
  v8::TryCatch caught(isolate);
  v8::Local<v8::Object> exports;
  if (!modules_.load_main().ToLocal(&exports)) {
    finish(caught);
  } else if (!is_ending() && !report_rejections()) {
    v8::Local<v8::Value> argument = exports;
    const auto overwrite = registered("overwriteOptions");
    ignore_result(
        overwrite.As<v8::Function>()->Call(context(), v8::Undefined(isolate), 1, &argument));
  }
  conclude();
}

asio::awaitable<ScriptEnd> ScriptInstance::load() {
  end_ = {};
  co_await run([this] {
    load_job();
    // What the init code has left behind is never used again. One collection, unlike the handful of
    // LowMemoryNotification().
    if (V8Engine::get().saves_memory()) {
      v8()->MemoryPressureNotification(v8::MemoryPressureLevel::kCritical);
      v8()->MemoryPressureNotification(v8::MemoryPressureLevel::kNone);
    }
  });
  if (is_dead_) co_await clean_up_after_escape();
  co_return std::move(end_);
}

ScriptEnd ScriptInstance::load_now() {
  end_ = {};
  run_now([this] { load_job(); });
  return std::move(end_);
}

v8::Local<v8::Value> ScriptInstance::argument() {
  v8::Isolate* const isolate = v8();
  if (phase_ == ScriptPhase::setup) return v8::Null(isolate);
  if (!argument_.IsEmpty()) return argument_.Get(isolate);
  v8::Local<v8::Value> value = v8::Undefined(isolate);
  if (argument_json_) {
    const v8::TryCatch ignored(isolate);
    v8::Local<v8::Value> parsed;
    if (v8::JSON::Parse(context(), to_v8(isolate, *argument_json_)).ToLocal(&parsed)) {
      value = parsed;
    }
    const bool may_have_lists = argument_json_->find('[') != std::string::npos;
    if (phase_ == ScriptPhase::iteration && may_have_lists &&
        registered("setupData")
            .As<v8::Function>()
            ->Call(context(), v8::Undefined(isolate), 1, &value)
            .ToLocal(&parsed)) {
      value = parsed;
    }
    argument_json_.reset();
  }
  argument_.Reset(isolate, value);
  return value;
}

v8::Local<v8::Function> ScriptInstance::helper(v8::Global<v8::Function>& kept,
                                               std::string_view name) {
  if (kept.IsEmpty()) kept.Reset(v8(), registered(name).As<v8::Function>());
  return kept.Get(v8());
}

v8::Local<v8::Value> ScriptInstance::exported(const std::string& function) {
  v8::Global<v8::Value>& kept = exported_[function];
  if (kept.IsEmpty()) kept.Reset(v8(), member(context(), modules_.exports(), function));
  return kept.Get(v8());
}

void ScriptInstance::call_job(ScriptPhase phase, const std::string& function) {
  v8::Isolate* const isolate = v8();
  const v8::Context::Scope entered(context());
  if (phase != phase_) enter_phase(phase);
  const bool is_iteration = phase == ScriptPhase::iteration;
  v8::TryCatch caught(isolate);
  v8::Local<v8::Value> arguments[] = {
      exported(function), this->argument(),
      v8::Number::New(isolate, is_iteration ? static_cast<double>(iteration_) : -1)};
  v8::Local<v8::Value> returned;
  if (!arguments[0]->IsFunction()) {
    end_ = {ScriptEnd::Kind::exception, "function '" + function + "' not found in exports"};
  } else if (!helper(begin_, "begin")
                  ->Call(context(), v8::Undefined(isolate), 3, arguments)
                  .ToLocal(&returned)) {
    finish(caught);
    if (!isolate->IsExecutionTerminating()) isolate->PerformMicrotaskCheckpoint();
  } else {
    // The promise of an async function that throws is one that nobody handles.
    loop_.run_until_idle();
    if (returned->IsPromise() && !is_ending()) {
      const auto promise = returned.As<v8::Promise>();
      const bool has_value = promise->State() == v8::Promise::kFulfilled;
      returned = has_value ? promise->Result() : v8::Undefined(isolate).As<v8::Value>();
    }
    returned_.Reset(isolate, returned);
  }
  conclude();
  const v8::TryCatch ignored(isolate);
  ignore_result(helper(end_hooks_, "end")->Call(context(), v8::Undefined(isolate), 0, nullptr));
}

asio::awaitable<ScriptEnd> ScriptInstance::call(ScriptPhase phase, const std::string& function) {
  end_ = {};
  is_interrupted_ = false;
  is_aborted_ = false;
  if (is_dead_) co_return ScriptEnd{ScriptEnd::Kind::exhausted, "the script can't go on"};
  co_await run([this, phase, &function] { call_job(phase, function); });
  if (is_dead_) co_await clean_up_after_escape();
  co_return std::move(end_);
}

}  // namespace loader
