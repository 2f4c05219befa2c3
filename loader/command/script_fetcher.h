// How a script reaches modules at https:// addresses, which are kept in a folder so that the next
// run needs no network, and TypeScript, which esbuild translates.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "loader/http/proxy_rules.h"
#include "loader/script/script_files.h"
#include "loader/world/download.h"
#include "shared/base/error.h"
#include "shared/base/flags.h"

namespace loader {

/// Gets one address.
using GetDocument = std::function<lab::Result<Download>(const std::string& url)>;

/// $XDG_CACHE_HOME/loader/modules, or ~/.cache/loader/modules; empty: there is no such place, and
/// nothing is kept.
[[nodiscard]] std::string module_cache_folder(const lab::EnvironmentLookup& environment);

/// The file of a module in the folder: named by the SHA-256 of its URL.
[[nodiscard]] std::string module_cache_file(const std::string& folder, const std::string& url);

/// The text at `url`: the kept one, or else what `get` gets, which is kept then. As k6 does, the
/// address is asked for with _k6=1 in its query, and without it if that fails; the Error is k6's.
/// What can't be kept is no error.
[[nodiscard]] lab::Result<std::string> fetch_module(const std::string& url,
                                                    const std::string& cache_folder,
                                                    const GetDocument& get);

/// JavaScript from TypeScript, by the program esbuild. Its source map is in its last line.
[[nodiscard]] lab::Result<std::string> typescript_to_javascript(const std::string& text,
                                                                const std::string& url);

/// What esbuild has to say of a text that is none, as an Error with k6's kind of text.
[[nodiscard]] lab::Error typescript_error(std::string_view errors, const std::string& url);

/// Both, over the real network.
[[nodiscard]] ScriptFetcher make_script_fetcher(const ProxyRules& proxies,
                                                const std::string& cache_folder);

}  // namespace loader
