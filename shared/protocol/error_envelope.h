// Errors on the wire: OpenAI's envelope written, the envelopes of the known gateways read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lab {

/// An error as a gateway answers it.
struct ApiError {
  int status = 500;
  std::string type = "server_error";
  std::optional<std::string> code{};
  std::optional<std::string> param{};
  std::string message{};
};

/// {"error":{"message","type","param","code"}}: all four members, null where there is none.
[[nodiscard]] std::string write_error_envelope(const ApiError& error);

/// What could be read of an error body; empty where the envelope has no such member.
struct ErrorInfo {
  std::string message{};
  std::string type{};
  std::string code{};  ///< Numbers as text.

  friend bool operator==(const ErrorInfo&, const ErrorInfo&) = default;
};

/// Reads {"error":{…}}, {"error":"text"}, {"type":"error","error":{…}},
/// {"status":"failure","message"},
/// {"message","request_id"} and {"detail"}. None if the text is no such JSON object, or larger than
/// 64 KiB.
[[nodiscard]] std::optional<ErrorInfo> read_error_envelope(std::string_view body);

}  // namespace lab
