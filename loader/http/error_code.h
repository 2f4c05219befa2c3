// k6's error codes and texts, so that dashboards and thresholds made for k6 keep their meaning.
#pragma once

#include <cstdint>
#include <string>

#include "shared/base/error.h"

namespace loader {

/// Where a request was when it failed: one system error means different codes in different phases.
enum class RequestPhase { resolving, connecting, tls_handshaking, sending, receiving };

/// A request's failure as k6's tags say it: `error_code` and `error`. Code 0 is success.
struct RequestError {
  std::uint32_t code = 0;
  std::string text;
  friend bool operator==(const RequestError&, const RequestError&) = default;
};

/// k6's codes; 1000 + status stands for an HTTP status of 400 and above.
inline constexpr std::uint32_t kErrorGeneric = 1000;
inline constexpr std::uint32_t kErrorInvalidUrl = 1020;
inline constexpr std::uint32_t kErrorRequestTimeout = 1050;
inline constexpr std::uint32_t kErrorDns = 1100;
inline constexpr std::uint32_t kErrorDnsNoSuchHost = 1101;
inline constexpr std::uint32_t kErrorBlacklistedIp = 1110;
inline constexpr std::uint32_t kErrorBlockedHost = 1111;
inline constexpr std::uint32_t kErrorTcp = 1200;
inline constexpr std::uint32_t kErrorTcpBrokenPipe = 1201;
inline constexpr std::uint32_t kErrorTcpDial = 1210;
inline constexpr std::uint32_t kErrorTcpDialTimeout = 1211;
inline constexpr std::uint32_t kErrorTcpDialRefused = 1212;
inline constexpr std::uint32_t kErrorTcpDialUnknown = 1213;
inline constexpr std::uint32_t kErrorTcpReset = 1220;
inline constexpr std::uint32_t kErrorTls = 1300;
inline constexpr std::uint32_t kErrorTlsHeader = 1301;
inline constexpr std::uint32_t kErrorTlsUnknownAuthority = 1310;
inline constexpr std::uint32_t kErrorTlsHostname = 1311;
inline constexpr std::uint32_t kErrorDecompression = 1701;

/// What k6 says of a failed operation. A time-out while connecting is the dialer's own (1211); pass
/// `receiving` when it was the whole request's that passed.
[[nodiscard]] RequestError transport_error(RequestPhase phase, lab::ErrorCode ec);

/// What k6 says of a status: a code and no text for 400 to 599, success otherwise.
[[nodiscard]] RequestError status_error(unsigned status);

}  // namespace loader
