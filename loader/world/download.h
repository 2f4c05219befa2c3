// A document from the real network, outside of any run: what a script imports from an address.
#pragma once

#include <string>

#include "loader/http/client_options.h"
#include "shared/base/error.h"
#include "shared/base/time.h"

namespace loader {

struct Download {
  unsigned status = 0;
  std::string body;
};

struct DownloadOptions {
  ProxyRules proxies;
  lab::Duration timeout{};  ///< Of everything, redirects included.
};

/// GETs an https:// address and follows redirects to others; the certificates are checked. Blocks.
/// The Error says why there was no answer.
[[nodiscard]] lab::Result<Download> download(const std::string& url,
                                             const DownloadOptions& options);

}  // namespace loader
