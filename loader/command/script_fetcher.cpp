#include "loader/command/script_fetcher.h"

#include <unistd.h>

#include <boost/algorithm/hex.hpp>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "loader/command/filter_process.h"
#include "loader/script/crypto.h"
#include "shared/base/json_reader.h"

namespace loader {
namespace {

constexpr lab::Duration kDownloadTimeout = std::chrono::seconds(60);  // k6's.
constexpr lab::Duration kTranslationTimeout = std::chrono::seconds(60);
constexpr unsigned kOk = 200;
constexpr unsigned kNotFound = 404;

// Said in full, since an Error can be made of a text as well.
lab::Result<std::string> good(std::string text) {
  return {boost::system::in_place_value, std::move(text)};
}

// By a name of its own first: who reads the file at the same time finds all of it, or none.
void keep(const std::string& file, std::string_view text) {
  std::error_code failed;
  std::filesystem::create_directories(std::filesystem::path(file).parent_path(), failed);
  const std::string part = file + "." + std::to_string(::getpid());
  std::ofstream out(part, std::ios::binary);
  out << text;
  out.close();
  if (out) std::filesystem::rename(part, file, failed);
  if (!out || failed) std::filesystem::remove(part, failed);
}

// Servers may tell k6 from people by it.
std::string marked(const std::string& url) {
  return url + (url.find('?') == std::string::npos ? "?_k6=1" : "&_k6=1");
}

lab::Result<std::string> text_at(const std::string& url, const GetDocument& get) {
  auto document = get(url);
  if (!document) return document.error();
  if (document->status == kOk) return good(std::move(document->body));
  if (document->status == kNotFound) return lab::Error{{}, "not found: " + url};
  return lab::Error{{}, "wrong status code (" + std::to_string(document->status) + ") for: " + url};
}

/// "✘ [ERROR] WHAT", and below it "    FILE:LINE:COLUMN:".
struct Complaint {
  std::string what;
  std::string place;
};

Complaint first_complaint(std::string_view text) {
  constexpr std::string_view kMark = "[ERROR] ";
  const std::size_t mark = text.find(kMark);
  if (mark == std::string_view::npos) return {std::string(text.substr(0, text.find('\n'))), ""};
  text.remove_prefix(mark + kMark.size());
  Complaint complaint{std::string(text.substr(0, text.find('\n'))), ""};
  constexpr std::string_view kFile = "\n    <stdin>:";
  const std::size_t file = text.find(kFile);
  if (file == std::string_view::npos) return complaint;
  text.remove_prefix(file + kFile.size());
  text = text.substr(0, text.find('\n'));
  if (text.ends_with(':')) text.remove_suffix(1);
  complaint.place = text;
  return complaint;
}

}  // namespace

std::string module_cache_folder(const lab::EnvironmentLookup& environment) {
  constexpr std::string_view kModules = "/loader/modules";
  // A relative one is to be ignored (XDG Base Directory Specification).
  if (const auto cache = environment("XDG_CACHE_HOME"); cache && cache->starts_with('/')) {
    return *cache + std::string(kModules);
  }
  if (const auto home = environment("HOME"); home && home->starts_with('/')) {
    return *home + "/.cache" + std::string(kModules);
  }
  return {};
}

std::string module_cache_file(const std::string& folder, const std::string& url) {
  const auto hash = digest("sha256", url);
  return hash ? folder + "/" + boost::algorithm::hex_lower(*hash) : std::string();
}

lab::Result<std::string> fetch_module(const std::string& url, const std::string& cache_folder,
                                      const GetDocument& get) {
  const std::string file =
      cache_folder.empty() ? std::string() : module_cache_file(cache_folder, url);
  if (!file.empty()) {
    if (auto kept = lab::read_text_file(file)) return kept;
  }
  auto text = text_at(marked(url), get);
  if (!text) text = text_at(url, get);
  if (!text) {
    return lab::Error{{},
                      "The moduleSpecifier \"" + url +
                          "\" couldn't be retrieved from the resolved url \"" + url +
                          "\". Error : \"" + text.error().to_string() + "\""};
  }
  if (!file.empty()) keep(file, *text);
  return text;
}

lab::Error typescript_error(std::string_view errors, const std::string& url) {
  const Complaint complaint = first_complaint(errors);
  return {{},
          "SyntaxError: " + url + (complaint.place.empty() ? "" : ":" + complaint.place) + ": " +
              (complaint.what.empty() ? "esbuild can't read it" : complaint.what)};
}

lab::Result<std::string> typescript_to_javascript(const std::string& text, const std::string& url) {
  const auto end = run_filter(
      {"esbuild", "--loader=ts", "--target=esnext", "--charset=utf8", "--sourcemap=inline",
       "--sources-content=false", "--log-level=error", "--color=false"},
      text, kTranslationTimeout);
  if (!end) {
    if (end.error() == boost::system::errc::no_such_file_or_directory) {
      return lab::Error{url, "TypeScript needs esbuild: apt-get install esbuild"};
    }
    return lab::Error{url, "esbuild: " + end.error().message()};
  }
  if (!end->is_good) return typescript_error(end->errors, url);
  return good(end->output);
}

ScriptFetcher make_script_fetcher(const ProxyRules& proxies, const std::string& cache_folder) {
  const GetDocument get = [proxies](const std::string& url) {
    return download(url, {.proxies = proxies, .timeout = kDownloadTimeout});
  };
  return {.fetch = [get, cache_folder](
                       const std::string& url) { return fetch_module(url, cache_folder, get); },
          .to_javascript = typescript_to_javascript};
}

}  // namespace loader
