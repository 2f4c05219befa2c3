// Which requests go through which proxy: HTTP_PROXY, HTTPS_PROXY and NO_PROXY as Go's httpproxy
// reads them, whose rules are k6's. No I/O.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/http/host_rules.h"
#include "loader/http/url.h"
#include "shared/base/error.h"

namespace loader {

struct Proxy {
  bool is_https = false;  ///< The connection to the proxy itself.
  std::string host;
  std::uint16_t port = 80;
  std::string authorization;  ///< For Proxy-Authorization; empty: none.
};

class ProxyRules {
 public:
  /// `variable` gives the value of a variable of the environment; a name in capitals goes before
  /// the same in small letters. The Error names the variable.
  [[nodiscard]] static lab::Result<ProxyRules> from(
      const std::function<std::optional<std::string>(const std::string&)>& variable);

  /// One proxy for all requests, localhost's too: whoever names it for one purpose means it.
  [[nodiscard]] static lab::Result<ProxyRules> for_all(const std::string& variable,
                                                       const std::string& address);

  /// Null: directly. But for for_all(), localhost and loopback addresses are never asked for
  /// through a proxy.
  [[nodiscard]] const Proxy* proxy_for(const Url& url) const;
  [[nodiscard]] bool empty() const { return !http_ && !https_; }

 private:
  /// An entry of NO_PROXY.
  struct Exception {
    std::optional<IpRange> range;
    std::string suffix;  ///< ".example.com"; not used with a range.
    bool is_name_too = false;
    std::optional<std::uint16_t> port;

    [[nodiscard]] bool covers(const Url& url) const;
  };
  void read_exceptions(std::string_view list);

  std::optional<Proxy> http_;
  std::optional<Proxy> https_;
  bool is_for_all_ = false;
  bool is_never_ = false;  ///< NO_PROXY is "*".
  std::vector<Exception> exceptions_;
};

}  // namespace loader
