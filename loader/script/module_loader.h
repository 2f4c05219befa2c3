// Links and evaluates a script's modules in one heap.
#pragma once

#include <v8.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "loader/script/script_files.h"
#include "loader/script/script_program.h"

namespace loader {

class ScriptInstance;

/// Everything on the instance's fiber. What fails throws in JavaScript, and returns an empty
/// handle.
class ModuleLoader {
 public:
  explicit ModuleLoader(ScriptInstance& instance) : instance_(instance) {}

  /// Evaluates the main module and those that it imports: its exports, once a top-level await has
  /// come to its end.
  v8::MaybeLocal<v8::Object> load_main();
  /// require() in code that stands at the root of the call stack.
  v8::MaybeLocal<v8::Value> require(std::string_view specifier);
  /// The URL of the file that relative names count from now: the module being required, or that at
  /// the root of the call stack.
  [[nodiscard]] std::string base_url() const;
  /// import() in the code, which k6 has not got: a promise that is rejected.
  static v8::MaybeLocal<v8::Promise> refuse_import(v8::Local<v8::Context> context,
                                                   v8::Local<v8::Data> options,
                                                   v8::Local<v8::Value> resource_name,
                                                   v8::Local<v8::String> specifier,
                                                   v8::Local<v8::FixedArray> assertions);
  /// import.meta.resolve, as k6 has it: the URL of what an import of that name would be.
  static void fill_import_meta(v8::Local<v8::Context> context, v8::Local<v8::Module> module,
                               v8::Local<v8::Object> meta);
  /// What the engine made of the modules, for the next instance.
  void keep_code();
  [[nodiscard]] v8::Local<v8::Object> exports() const;
  /// Lets go of everything that is in the heap.
  void clear() {
    loaded_.clear();
    exports_.Reset();
  }

 private:
  struct Loaded {
    v8::Global<v8::Module> module;
    v8::Global<v8::Value> commonjs;     ///< Its exports.
    v8::Global<v8::Function> function;  ///< Of a CommonJS module.
    ModuleSource* source = nullptr;
  };

  /// As ScriptFiles::resolve(); well-known libraries at https:// are built in.
  lab::Result<ResolvedModule> resolve(std::string_view specifier, const std::string& base) const;
  v8::MaybeLocal<v8::Module> link_main();
  v8::MaybeLocal<v8::Module> module(const ResolvedModule& resolved);
  v8::MaybeLocal<v8::Module> compile_esm(ModuleSource& source);
  v8::MaybeLocal<v8::Module> load_requests(v8::Local<v8::Module> module, const std::string& url);
  v8::MaybeLocal<v8::Value> load_commonjs(ModuleSource& source);
  v8::MaybeLocal<v8::Value> builtin(const std::string& specifier);
  static void resolve_from(const v8::FunctionCallbackInfo<v8::Value>& call);
  bool tell_import(const std::string& specifier);
  v8::MaybeLocal<v8::Module> synthetic(const std::string& url, v8::Local<v8::Value> exports,
                                       bool is_builtin);
  v8::MaybeLocal<v8::Function> compile_commonjs(ModuleSource& source);
  /// Decides what kind a source is, by trying.
  bool classify(ModuleSource& source);
  bool parses_as_esm(const ModuleSource& source);
  bool note_missing_export(const v8::TryCatch& caught);
  void throw_text(std::string_view text);

  static v8::MaybeLocal<v8::Module> resolve_import(v8::Local<v8::Context> context,
                                                   v8::Local<v8::String> specifier,
                                                   v8::Local<v8::FixedArray> assertions,
                                                   v8::Local<v8::Module> referrer);
  static v8::MaybeLocal<v8::Value> evaluate_synthetic(v8::Local<v8::Context> context,
                                                      v8::Local<v8::Module> module);

  ScriptInstance& instance_;
  std::map<std::string, Loaded> loaded_;         ///< By URL or specifier.
  std::map<int, std::string> url_of_script_;     ///< By V8's number of a source text module.
  std::map<int, std::string> url_of_synthetic_;  ///< By identity hash.
  std::vector<std::string> requiring_;  ///< The modules being required, the innermost last.
  v8::Global<v8::Object> exports_;
};

}  // namespace loader
