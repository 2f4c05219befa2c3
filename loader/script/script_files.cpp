#include "loader/script/script_files.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "loader/script/builtin_modules.h"
#include "shared/base/embedded_files.h"
#include "shared/base/json_reader.h"

namespace loader {
namespace {

constexpr std::string_view kFileScheme = "file://";
constexpr std::string_view kHttpsScheme = "https://";

std::string file_name_of(std::string_view specifier) {
  std::string name(specifier);
  for (char& c : name) c = c == '/' || c == ':' ? '_' : c;
  return "modules/" + name + ".js";
}

bool is_builtin(std::string_view specifier) {
  const bool is_k6 = specifier == "k6" || specifier.starts_with("k6/");
  return is_k6 && builtin::embedded_file(file_name_of(specifier)).has_value();
}

// What k6 has and this program has not, and what to do about it.
std::optional<std::string> missing_module(std::string_view specifier) {
  struct Missing {
    std::string_view name;
    std::string_view advice;
  };
  static constexpr Missing kMissing[] = {
      {"k6/browser", "browsers are not driven here; keep such scenarios for k6 itself"},
      {"k6/html", "read values from response.body by a regular expression, or response.json()"},
      {"k6/net/grpc", "LLM gateways of this kind speak HTTP; keep gRPC scenarios for k6 itself"},
      {"k6/ws", "WebSockets are not built in; streamed answers come by k6/http or k6/x/sse"},
      {"k6/websockets",
       "WebSockets are not built in; streamed answers come by k6/http or k6/x/sse"},
      {"k6/experimental/websockets",
       "WebSockets are not built in; streamed answers come by k6/http or k6/x/sse"},
      {"k6/secrets", "pass secrets by -e NAME=VALUE and read __ENV.NAME"},
      {"k6/experimental/fs", "read files by open() in the init context"},
      {"k6/experimental/csv", "read the file by open(), and parse it with jslib's papaparse"},
      {"k6/experimental/streams", "read files by open() in the init context"},
      {"k6/crypto/x509", "certificates are not parsed here"},
  };
  for (const Missing& each : kMissing) {
    if (each.name == specifier) {
      return "the module \"" + std::string(specifier) +
             "\" is not built into loader: " + std::string(each.advice);
    }
  }
  return std::nullopt;
}

std::string unknown_module(std::string_view specifier) {
  if (auto missing = missing_module(specifier)) return *missing;
  if (specifier.starts_with("k6/x/")) {
    return "unknown modules [\"" + std::string(specifier) +
           "\"] were tried to be loaded, but couldn't - extensions of k6 can't be loaded; of them "
           "only \"k6/x/sse\" is built in";
  }
  return "unknown module: " + std::string(specifier);
}

std::string url_of_path(const std::filesystem::path& path) {
  return std::string(kFileScheme) + path.lexically_normal().string();
}

std::string path_of_url(std::string_view url) {
  return std::string(url.substr(kFileScheme.size()));
}

std::string url_of_main(const std::string& path, const std::string& folder) {
  if (path.starts_with(kBuiltinScheme)) return path;
  return url_of_path(path.empty() ? std::filesystem::path(folder) / "-"
                                  : std::filesystem::path(path));
}

// A file on disk, or one that is compiled in.
lab::Result<std::string> read_local(std::string_view url) {
  if (!url.starts_with(kBuiltinScheme)) return lab::read_text_file(path_of_url(url));
  const std::string_view path = url.substr(kBuiltinScheme.size() + 1);
  if (const auto text = lab::embedded_file(path)) {
    return lab::Result<std::string>(boost::system::in_place_value, *text);
  }
  return lab::Error{std::string(path), "no such file is built in"};
}

}  // namespace

ScriptFiles::ScriptFiles(std::string text, const std::string& path, const std::string& folder,
                         ScriptFetcher fetcher)
    : main_url_(url_of_main(path, folder)), fetcher_(std::move(fetcher)) {
  auto source = std::make_unique<ModuleSource>();
  source->url = main_url_;
  source->text = std::make_shared<const std::string>(std::move(text));
  modules_.emplace(main_url_, std::move(source));
}

std::string ScriptFiles::join(std::string_view specifier, const std::string& base) {
  if (specifier.starts_with(kFileScheme) || specifier.starts_with(kHttpsScheme)) {
    return std::string(specifier);
  }
  const std::size_t scheme = base.find("://");
  const std::string head = base.substr(0, scheme + 3);
  std::string rest = base.substr(scheme + 3);
  std::string host;
  if (head != kFileScheme) {
    const std::size_t slash = rest.find('/');
    host = rest.substr(0, slash);
    rest = slash == std::string::npos ? "/" : rest.substr(slash);
  }
  const std::filesystem::path joined = specifier.starts_with('/')
                                           ? std::filesystem::path(specifier)
                                           : std::filesystem::path(rest).parent_path() / specifier;
  return head + host + joined.lexically_normal().string();
}

lab::Result<ResolvedModule> ScriptFiles::resolve(std::string_view specifier,
                                                 const std::string& base) const {
  if (is_builtin(specifier)) return ResolvedModule{true, std::string(specifier)};
  if (specifier == "k6" || specifier.starts_with("k6/")) {
    return lab::Error{{}, unknown_module(specifier)};
  }
  if (specifier.starts_with(kHttpsScheme)) {
    return ResolvedModule{false, std::string(specifier), std::string(specifier)};
  }
  if (specifier.starts_with(kFileScheme)) {
    if (base.starts_with(kHttpsScheme)) {
      return lab::Error{
          {}, "origin (" + base + ") not allowed to load local file: " + std::string(specifier)};
    }
    return ResolvedModule{false, url_of_path(path_of_url(specifier)), std::string(specifier)};
  }
  if (specifier.starts_with('.') || specifier.starts_with('/')) {
    return ResolvedModule{false, join(specifier, base), std::string(specifier)};
  }
  if (const std::size_t colon = specifier.find("://"); colon != std::string_view::npos) {
    return lab::Error{{},
                      "only supported schemes for imports are file and https, " +
                          std::string(specifier) + " has `" +
                          std::string(specifier.substr(0, colon)) + "`"};
  }
  return lab::Error{{},
                    "The moduleSpecifier \"" + std::string(specifier) +
                        "\" couldn't be recognised as something k6 supports."};
}

lab::Result<ModuleSource*> ScriptFiles::module(const ResolvedModule& resolved) {
  const std::string& url = resolved.url;
  const auto found = modules_.find(url);
  if (found != modules_.end()) return found->second.get();
  if (is_locked_) {
    return lab::Error{
        {},
        "the module \"" + url + "\" was not previously resolved during initialization (__VU==0)"};
  }
  lab::Result<std::string> text = lab::Error{};
  if (url.starts_with(kHttpsScheme)) {
    if (!fetcher_.fetch) return lab::Error{{}, "imports over the network are not possible here"};
    text = fetcher_.fetch(url);
    if (!text) return text.error();
  } else {
    text = read_local(url);
    if (!text) {
      return lab::Error{{},
                        "The moduleSpecifier \"" + resolved.specifier +
                            "\" couldn't be found on local disk. Make sure that you've "
                            "specified the right path to the file: " +
                            text.error().to_string()};
    }
  }
  auto source = std::make_unique<ModuleSource>();
  source->url = url;
  source->text = std::make_shared<const std::string>(*std::move(text));
  return modules_.emplace(url, std::move(source)).first->second.get();
}

lab::Result<void> ScriptFiles::translate(ModuleSource& source) const {
  if (!fetcher_.to_javascript) return lab::Error{source.url, "TypeScript can't be read here"};
  auto translated = fetcher_.to_javascript(*source.text, source.url);
  if (!translated) return translated.error();
  source.map = SourceMap::take(*translated);
  source.original = source.text;
  source.text = std::make_shared<const std::string>(*std::move(translated));
  return {};
}

std::string ScriptFiles::with_source_positions(std::string text) const {
  for (const auto& [url, module] : modules_) {
    if (module->map) text = loader::with_source_positions(text, url, *module->map);
  }
  return text;
}

lab::Result<const std::string*> ScriptFiles::open(const std::string& path,
                                                  const std::string& base) {
  if (path.empty()) return lab::Error{{}, "open() can't be used with an empty filename"};
  const std::string url = join(path, base);
  const auto found = opened_.find(url);
  if (found != opened_.end()) return &found->second;
  const std::string file = path_of_url(url);
  if (is_locked_) {
    return lab::Error{{},
                      "open() can't be used with files that weren't previously opened during "
                      "initialization (__VU==0), path: \"" +
                          file + "\""};
  }
  if (url.starts_with(kBuiltinScheme)) {
    auto text = read_local(url);
    if (!text) return lab::Error{{}, text.error().to_string()};
    return &opened_.emplace(url, *std::move(text)).first->second;
  }
  if (!url.starts_with(kFileScheme)) {
    return lab::Error{{}, "open() can only be used with files, not with " + url};
  }
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) {
    return lab::Error{{}, "open() can't be used with directories, path: \"" + file + "\""};
  }
  if (!std::filesystem::exists(file, ignored)) {
    return lab::Error{{}, "stat " + file + ": no such file or directory"};
  }
  auto text = lab::read_text_file(file);
  if (!text) return lab::Error{{}, text.error().to_string()};
  return &opened_.emplace(url, *std::move(text)).first->second;
}

std::map<std::string, std::string_view> ScriptFiles::read_files() const {
  std::map<std::string, std::string_view> files(opened_.begin(), opened_.end());
  for (const auto& [url, module] : modules_) {
    files[url] = module->original ? *module->original : *module->text;
  }
  return files;
}

std::vector<std::string> ScriptFiles::extra_exports(const std::string& specifier) const {
  const auto found = extra_exports_.find(specifier);
  return found == extra_exports_.end() ? std::vector<std::string>() : found->second;
}

bool ScriptFiles::add_extra_export(const std::string& specifier, std::string name) {
  std::vector<std::string>& names = extra_exports_[specifier];
  if (std::find(names.begin(), names.end(), name) != names.end()) return false;
  names.push_back(std::move(name));
  return true;
}

}  // namespace loader
