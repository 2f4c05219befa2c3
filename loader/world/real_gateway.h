// A gateway over real sockets in this process, for whoever runs something else against it.
#pragma once

#include <memory>
#include <string>
#include <thread>

#include "loader/world/simulation.h"
#include "shared/base/error.h"
#include "shared/runtime/asio_runtime.h"

namespace loader {

/// Serves on a free port of 127.0.0.1, on a thread of its own, until it is destroyed.
class RealGateway {
 public:
  /// The Error says what is wrong with the gateway file.
  [[nodiscard]] static lab::Result<std::unique_ptr<RealGateway>> start(const GatewayText& text);
  ~RealGateway();
  RealGateway(const RealGateway&) = delete;
  RealGateway& operator=(const RealGateway&) = delete;

  /// "http://127.0.0.1:40001"
  [[nodiscard]] const std::string& url() const { return url_; }

 private:
  RealGateway();

  lab::AsioRuntime runtime_;
  std::unique_ptr<mockgw::EmbeddedGateway> server_;
  std::string url_;
  std::thread thread_;
};

}  // namespace loader
