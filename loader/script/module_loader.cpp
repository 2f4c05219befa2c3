#include "loader/script/module_loader.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "loader/script/engine/v8_platform.h"
#include "loader/script/engine/v8_values.h"
#include "loader/script/script_instance.h"

namespace loader {
namespace {

v8::ScriptOrigin origin_of(v8::Isolate* isolate, const std::string& url, bool is_module) {
  return {isolate, to_v8(isolate, url), 0, 0, false, -1, {}, false, false, is_module};
}

using Source = v8::ScriptCompiler::Source;

v8::Local<v8::String> text_of(v8::Isolate* isolate, const ModuleSource& source) {
  if (!is_ascii(*source.text)) return to_v8(isolate, *source.text);
  return v8::String::NewExternalOneByte(isolate, make_text_resource(*source.text, source.text))
      .ToLocalChecked();
}

// Owned by the source that it is given to; the bytes stay the file's.
v8::ScriptCompiler::CachedData* cached_data(const ModuleSource& source) {
  if (source.code_cache.empty()) return nullptr;
  return new v8::ScriptCompiler::CachedData(source.code_cache.data(),
                                            static_cast<int>(source.code_cache.size()));
}

void keep(ModuleSource& source, v8::ScriptCompiler::CachedData* data) {
  if (data == nullptr) return;
  source.code_cache.assign(data->data, data->data + data->length);
  delete data;
}

std::string without_version(const std::string& specifier) {
  return specifier.substr(0, specifier.find('@'));
}

}  // namespace

void ModuleLoader::throw_text(std::string_view text) { instance_.throw_go_error(text); }

v8::Local<v8::Object> ModuleLoader::exports() const { return exports_.Get(instance_.v8()); }

lab::Result<ResolvedModule> ModuleLoader::resolve(std::string_view specifier,
                                                  const std::string& base) const {
  auto resolved = instance_.program().files.resolve(specifier, base);
  if (!resolved || !resolved->url.starts_with("https://")) return resolved;
  v8::Isolate* const isolate = instance_.v8();
  const auto context = instance_.context();
  v8::Local<v8::Value> url = to_v8(isolate, resolved->url);
  v8::Local<v8::Value> found;
  if (instance_.registered("builtinFor")
          .As<v8::Function>()
          ->Call(context, v8::Undefined(isolate), 1, &url)
          .ToLocal(&found) &&
      found->IsObject()) {
    const auto library = found.As<v8::Object>();
    return ResolvedModule{true, to_utf8(isolate, member(context, library, "module")) + "@" +
                                    to_utf8(isolate, member(context, library, "version"))};
  }
  return resolved;
}

v8::MaybeLocal<v8::Function> ModuleLoader::compile_commonjs(ModuleSource& source) {
  v8::Isolate* const isolate = instance_.v8();
  v8::ScriptCompiler::CachedData* const data = cached_data(source);
  Source compiled(text_of(isolate, source), origin_of(isolate, source.url, false), data);
  v8::Local<v8::String> parameters[] = {to_v8(isolate, "module"), to_v8(isolate, "exports")};
  return v8::ScriptCompiler::CompileFunctionInContext(
      instance_.context(), &compiled, 2, parameters, 0, nullptr,
      data != nullptr ? v8::ScriptCompiler::kConsumeCodeCache
                      : v8::ScriptCompiler::kNoCompileOptions);
}

v8::MaybeLocal<v8::Module> ModuleLoader::compile_esm(ModuleSource& source) {
  v8::Isolate* const isolate = instance_.v8();
  v8::ScriptCompiler::CachedData* const data = cached_data(source);
  Source compiled(text_of(isolate, source), origin_of(isolate, source.url, true), data);
  return v8::ScriptCompiler::CompileModule(isolate, &compiled,
                                           data != nullptr ? v8::ScriptCompiler::kConsumeCodeCache
                                                           : v8::ScriptCompiler::kNoCompileOptions);
}

bool ModuleLoader::parses_as_esm(const ModuleSource& source) {
  v8::Isolate* const isolate = instance_.v8();
  const v8::TryCatch caught(isolate);
  Source compiled(text_of(isolate, source), origin_of(isolate, source.url, true));
  return !v8::ScriptCompiler::CompileModule(isolate, &compiled).IsEmpty();
}

// As in k6: what has import, export or a top-level await is an ES module, all else CommonJS.
bool ModuleLoader::classify(ModuleSource& source) {
  if (source.kind != ModuleKind::unknown) return true;
  for (const bool is_translated : {false, true}) {
    {
      const v8::TryCatch caught(instance_.v8());
      if (!compile_commonjs(source).IsEmpty()) {
        source.kind = ModuleKind::commonjs;
        return true;
      }
    }
    if (parses_as_esm(source)) {
      source.kind = ModuleKind::esm;
      return true;
    }
    if (is_translated || !source.url.ends_with(".ts")) break;
    const auto translated = instance_.program().files.translate(source);
    if (!translated) {
      throw_text(translated.error().to_string());
      return false;
    }
  }
  // The exception is that of the module, which says where.
  (void)compile_esm(source);
  return false;
}

v8::MaybeLocal<v8::Value> ModuleLoader::builtin(const std::string& specifier) {
  const auto known = loaded_.find(specifier);
  v8::Isolate* const isolate = instance_.v8();
  if (known != loaded_.end() && !known->second.commonjs.IsEmpty()) {
    return known->second.commonjs.Get(isolate);
  }
  const auto context = instance_.context();
  v8::Local<v8::Value> name = to_v8(isolate, without_version(specifier));
  v8::Local<v8::Value> exports;
  if (!instance_.registered("load")
           .As<v8::Function>()
           ->Call(context, v8::Undefined(isolate), 1, &name)
           .ToLocal(&exports)) {
    return {};
  }
  const std::size_t at = specifier.find('@');
  if (at != std::string::npos && exports->IsObject()) {
    const auto for_version = member(context, exports.As<v8::Object>(), "forVersion");
    if (for_version->IsFunction()) {
      v8::Local<v8::Value> version = to_v8(isolate, specifier.substr(at + 1));
      if (!for_version.As<v8::Function>()->Call(context, exports, 1, &version).ToLocal(&exports)) {
        return {};
      }
    }
  }
  if (!tell_import(specifier)) return {};
  loaded_[specifier].commonjs.Reset(isolate, exports);
  return exports;
}

// A built-in module may have something to do when a script first imports it, such as to declare a
// metric. False if it threw.
bool ModuleLoader::tell_import(const std::string& specifier) {
  const auto context = instance_.context();
  const auto all = instance_.registered("onImport");
  if (!all->IsObject()) return true;
  const auto on_import = member(context, all.As<v8::Object>(), specifier);
  if (!on_import->IsFunction()) return true;
  return !on_import.As<v8::Function>()->Call(context, all, 0, nullptr).IsEmpty();
}

v8::MaybeLocal<v8::Value> ModuleLoader::load_commonjs(ModuleSource& source) {
  v8::Isolate* const isolate = instance_.v8();
  const auto context = instance_.context();
  Loaded& loaded = loaded_[source.url];
  loaded.source = &source;
  if (!loaded.commonjs.IsEmpty()) {
    // Still under way, or done: what it exports so far.
    const auto module = loaded.commonjs.Get(isolate).As<v8::Object>();
    return member(context, module, "exports");
  }
  v8::Local<v8::Function> function;
  if (!compile_commonjs(source).ToLocal(&function)) return {};
  loaded.function.Reset(isolate, function);
  v8::Local<v8::Object> module = v8::Object::New(isolate);
  v8::Local<v8::Object> exports = v8::Object::New(isolate);
  set_member(context, module, "exports", exports);
  loaded.commonjs.Reset(isolate, module);
  requiring_.push_back(source.url);
  v8::Local<v8::Value> arguments[] = {module, exports};
  const bool is_done = !function->Call(context, exports, 2, arguments).IsEmpty();
  requiring_.pop_back();
  if (!is_done) return {};
  return member(context, module, "exports");
}

v8::MaybeLocal<v8::Module> ModuleLoader::module(const ResolvedModule& resolved) {
  v8::Isolate* const isolate = instance_.v8();
  const auto known = loaded_.find(resolved.url);
  if (known != loaded_.end() && !known->second.module.IsEmpty()) {
    return known->second.module.Get(isolate);
  }
  v8::Local<v8::Value> exports;
  if (resolved.is_builtin) {
    if (!builtin(resolved.url).ToLocal(&exports)) return {};
    return synthetic(resolved.url, exports, true);
  }
  const auto source = instance_.program().files.module(resolved);
  if (!source) {
    throw_text(source.error().what);
    return {};
  }
  if (!classify(**source)) return {};
  if ((*source)->kind == ModuleKind::commonjs) {
    if (!load_commonjs(**source).ToLocal(&exports)) return {};
    return synthetic(resolved.url, exports, false);
  }
  v8::Local<v8::Module> made;
  if (!compile_esm(**source).ToLocal(&made)) return {};
  Loaded& loaded = loaded_[resolved.url];
  loaded.module.Reset(isolate, made);
  loaded.source = *source;
  url_of_script_[made->ScriptId()] = resolved.url;
  return load_requests(made, resolved.url);
}

v8::MaybeLocal<v8::Module> ModuleLoader::load_requests(v8::Local<v8::Module> module,
                                                       const std::string& url) {
  v8::Isolate* const isolate = instance_.v8();
  const auto requests = module->GetModuleRequests();
  for (int i = 0; i < requests->Length(); ++i) {
    const auto request = requests->Get(instance_.context(), i).As<v8::ModuleRequest>();
    if (request->GetImportAssertions()->Length() > 0) {
      throw_text("import attributes are not supported; read data by JSON.parse(open(path))");
      return {};
    }
    const auto resolved = resolve(to_utf8(isolate, request->GetSpecifier()), url);
    if (!resolved) {
      throw_text(resolved.error().what);
      return {};
    }
    if (this->module(*resolved).IsEmpty()) return {};
  }
  return module;
}

v8::MaybeLocal<v8::Module> ModuleLoader::resolve_import(v8::Local<v8::Context> context,
                                                        v8::Local<v8::String> specifier,
                                                        v8::Local<v8::FixedArray> /*assertions*/,
                                                        v8::Local<v8::Module> referrer) {
  v8::Isolate* const isolate = context->GetIsolate();
  ModuleLoader& self = ScriptInstance::of(isolate).modules();
  const auto from = self.url_of_script_.find(referrer->ScriptId());
  const auto resolved = self.resolve(
      to_utf8(isolate, specifier),
      from == self.url_of_script_.end() ? self.instance_.program().files.main_url() : from->second);
  if (!resolved) {
    self.throw_text(resolved.error().what);
    return {};
  }
  return self.module(*resolved);
}

// "The requested module 'k6/http' does not provide an export named 'x'": k6's own modules give
// undefined for such a name. Linking begins anew then, with that name.
bool ModuleLoader::note_missing_export(const v8::TryCatch& caught) {
  v8::Isolate* const isolate = instance_.v8();
  if (instance_.program().files.is_locked() || caught.Message().IsEmpty()) return false;
  const std::string text = to_utf8(isolate, caught.Message()->Get());
  const std::string_view middle = "' does not provide an export named '";
  const std::size_t begin = text.find("module '");
  const std::size_t end = text.find(middle);
  if (begin == std::string::npos || end == std::string::npos) return false;
  const std::string specifier = text.substr(begin + 8, end - begin - 8);
  std::string name = text.substr(end + middle.size());
  name = name.substr(0, name.rfind('\''));
  const auto resolved = resolve(specifier, instance_.program().files.main_url());
  if (!resolved || !resolved->is_builtin) return false;
  return instance_.program().files.add_extra_export(resolved->url, std::move(name));
}

v8::MaybeLocal<v8::Module> ModuleLoader::link_main() {
  v8::Isolate* const isolate = instance_.v8();
  const ResolvedModule main{false, instance_.program().files.main_url()};
  while (true) {
    v8::TryCatch caught(isolate);
    v8::Local<v8::Module> made;
    if (module(main).ToLocal(&made) &&
        made->InstantiateModule(instance_.context(), &resolve_import).FromMaybe(false)) {
      return made;
    }
    if (!note_missing_export(caught)) {
      caught.ReThrow();
      return {};
    }
    // CommonJS modules and built-in ones keep what they are; ES modules are made again.
    for (auto& [url, loaded] : loaded_) loaded.module.Reset();
    url_of_script_.clear();
  }
}

v8::MaybeLocal<v8::Object> ModuleLoader::load_main() {
  v8::Isolate* const isolate = instance_.v8();
  const auto context = instance_.context();
  const auto source =
      instance_.program().files.module({false, instance_.program().files.main_url()});
  if (!classify(**source)) return {};
  v8::Local<v8::Object> found;
  if ((*source)->kind == ModuleKind::commonjs) {
    v8::Local<v8::Value> exports;
    if (!load_commonjs(**source).ToLocal(&exports)) return {};
    found = exports->IsObject() ? exports.As<v8::Object>() : v8::Object::New(isolate);
    instance_.loop().run_until_idle();
  } else {
    v8::Local<v8::Module> main;
    v8::Local<v8::Value> evaluated;
    if (!link_main().ToLocal(&main)) return {};
    if (!main->Evaluate(context).ToLocal(&evaluated)) return {};
    const auto promise = evaluated.As<v8::Promise>();
    // What the module throws is no promise of the script's that nobody handles.
    promise->MarkAsHandled();
    instance_.loop().run_until_idle();
    if (promise->State() != v8::Promise::kFulfilled) {
      if (promise->State() == v8::Promise::kRejected)
        isolate->ThrowException(promise->Result());
      else
        throw_text("a top-level await waits for something that will never happen");
      return {};
    }
    found = main->GetModuleNamespace().As<v8::Object>();
  }
  exports_.Reset(isolate, found);
  return found;
}

v8::MaybeLocal<v8::Value> ModuleLoader::require(std::string_view specifier) {
  v8::Isolate* const isolate = instance_.v8();
  const auto resolved = resolve(specifier, base_url());
  if (!resolved) {
    throw_text(resolved.error().what);
    return {};
  }
  if (resolved->is_builtin) return builtin(resolved->url);
  const auto source = instance_.program().files.module(*resolved);
  if (!source) {
    throw_text(source.error().what);
    return {};
  }
  if (!classify(**source)) return {};
  if ((*source)->kind == ModuleKind::commonjs) return load_commonjs(**source);
  v8::Local<v8::Module> made;
  if (!module(*resolved).ToLocal(&made)) return {};
  if (!made->InstantiateModule(instance_.context(), &resolve_import).FromMaybe(false)) return {};
  requiring_.push_back(resolved->url);
  v8::Local<v8::Value> evaluated;
  const bool is_evaluated = made->Evaluate(instance_.context()).ToLocal(&evaluated);
  requiring_.pop_back();
  if (!is_evaluated) return {};
  const auto promise = evaluated.As<v8::Promise>();
  if (promise->State() == v8::Promise::kRejected) {
    promise->MarkAsHandled();
    isolate->ThrowException(promise->Result());
    return {};
  }
  return made->GetModuleNamespace();
}

std::string ModuleLoader::base_url() const {
  if (!requiring_.empty()) return requiring_.back();
  v8::Isolate* const isolate = instance_.v8();
  const auto trace = v8::StackTrace::CurrentStackTrace(isolate, 200, v8::StackTrace::kScriptName);
  for (int i = trace->GetFrameCount(); i > 0; --i) {
    const auto name = trace->GetFrame(isolate, static_cast<std::uint32_t>(i - 1))->GetScriptName();
    if (name.IsEmpty()) continue;
    std::string url = to_utf8(isolate, name);
    if (url.find("://") != std::string::npos) return url;
  }
  return instance_.program().files.main_url();
}

v8::MaybeLocal<v8::Promise> ModuleLoader::refuse_import(v8::Local<v8::Context> context,
                                                        v8::Local<v8::Data> /*options*/,
                                                        v8::Local<v8::Value> /*resource_name*/,
                                                        v8::Local<v8::String> /*specifier*/,
                                                        v8::Local<v8::FixedArray> /*assertions*/) {
  v8::Local<v8::Promise::Resolver> refused;
  if (!v8::Promise::Resolver::New(context).ToLocal(&refused)) return {};
  const auto text = to_v8(context->GetIsolate(), "dynamic modules not enabled in the host program");
  ignore_result(refused->Reject(context, text));
  return refused->GetPromise();
}

void ModuleLoader::keep_code() {
  v8::Isolate* const isolate = instance_.v8();
  for (auto& [url, loaded] : loaded_) {
    if (loaded.source == nullptr) continue;
    if (!loaded.function.IsEmpty()) {
      keep(*loaded.source,
           v8::ScriptCompiler::CreateCodeCacheForFunction(loaded.function.Get(isolate)));
    } else if (!loaded.module.IsEmpty()) {
      const auto module = loaded.module.Get(isolate);
      if (!module->IsSourceTextModule()) continue;
      keep(*loaded.source, v8::ScriptCompiler::CreateCodeCache(module->GetUnboundModuleScript()));
    }
  }
}

}  // namespace loader
