// The one door through which other programs start a gateway in their own process.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/error.h"
#include "shared/runtime/endpoint.h"

namespace lab {
class Runtime;
}

namespace mockgw {

/// A gateway that serves on a runtime of the caller's. Destroying it stops it; what it still has to
/// send then is sent as long as the runtime runs.
class EmbeddedGateway {
 public:
  /// Reads a gateway file's text (`file` is its name in errors) and listens on `endpoint`; `seed`
  /// overrides the file's. The runtime must outlive the gateway. Its clock's present is the
  /// gateway's start: faults, drift and timeline count from there.
  [[nodiscard]] static lab::Result<std::unique_ptr<EmbeddedGateway>> start(
      lab::Runtime& runtime, const lab::Endpoint& endpoint, std::string_view config_text,
      std::string_view file, std::optional<std::uint64_t> seed);
  ~EmbeddedGateway();
  EmbeddedGateway(const EmbeddedGateway&) = delete;
  EmbeddedGateway& operator=(const EmbeddedGateway&) = delete;

  /// Stops accepting and ends idle connections; answers under way finish.
  void stop();
  /// The endpoint in use; with port 0 asked for, the port that was given.
  [[nodiscard]] lab::Endpoint endpoint() const;
  /// Requests that were answered, or are being answered.
  [[nodiscard]] std::uint64_t requests() const;
  /// Requests that are over, by the status of their answer; 0: the connection was reset instead.
  [[nodiscard]] std::map<unsigned, std::uint64_t> statuses() const;

 private:
  struct State;
  explicit EmbeddedGateway(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// What of the gateway of such a file depends on the requests of all its clients together, by the
/// names of its sections; see mockgw/config/shared_limits.h.
[[nodiscard]] lab::Result<std::vector<std::string>> shared_limits(std::string_view config_text,
                                                                  std::string_view file);

}  // namespace mockgw
