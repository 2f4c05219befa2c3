// TLS over a Stream. For clients: verification against the system's authorities, host name check,
// SNI. For servers: a certificate, and HTTP/1.1 by ALPN. OpenSSL and asio::ssl are named in tls.cpp
// only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/error.h"
#include "shared/base/time.h"
#include "shared/runtime/stream.h"

namespace lab {

/// Why a server's certificate was refused. Other handshake failures keep OpenSSL's own code.
enum class TlsErrc {
  unknown_authority = 1,  ///< No chain to a trusted authority; self-signed ones too.
  host_name_mismatch,     ///< The certificate is for another host.
  certificate_expired,    ///< Or not valid yet.
  certificate_refused,    ///< Any other reason to refuse it.
  not_tls,                ///< What answers speaks something else.
};

[[nodiscard]] const boost::system::error_category& tls_category();
[[nodiscard]] inline ErrorCode make_error_code(TlsErrc e) {
  return {static_cast<int>(e), tls_category()};
}
/// True for every error of the handshake and the record layer: ours above, and OpenSSL's.
[[nodiscard]] bool is_tls_error(ErrorCode ec);

enum class TlsVersion { any, tls1_0, tls1_1, tls1_2, tls1_3 };

/// What a client offers; without a choice TLS 1.2 and 1.3, with OpenSSL's cipher suites.
struct TlsChoices {
  TlsVersion version_min = TlsVersion::any;
  TlsVersion version_max = TlsVersion::any;
  /// By their standard names (TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256). They are of TLS 1.2 and
  /// before, as in Go; empty: all.
  std::vector<std::string> cipher_suites{};
};
/// Whether OpenSSL has a cipher suite of this standard name.
[[nodiscard]] bool has_cipher_suite(std::string_view name);

/// A client's certificate, the chain after it, and its key, as PEM texts.
struct TlsPem {
  std::string certificate{};  ///< Empty: none is shown.
  std::string key{};
  std::string password{};  ///< Of the key; empty: none.
};

struct TlsSettings {
  bool verify = true;            ///< False: any certificate will do (--insecure-skip-tls-verify).
  std::string authority_file{};  ///< PEM certificates to trust besides the system's; may be empty.
  TlsChoices choices{};
  TlsPem identity{};
};

/// A server's identity, as PEM files.
struct TlsIdentity {
  std::string certificate_file{};  ///< The server's certificate, then those that lead to a root.
  std::string key_file{};          ///< Its private key, without a passphrase.
};

/// A client's trust or a server's identity, with session settings; one serves all connections, of
/// several threads too.
class TlsContext {
 public:
  /// For connect_tls().
  [[nodiscard]] static Result<TlsContext> create(const TlsSettings& settings);
  /// For accept_tls(); the error names the file that is no good.
  [[nodiscard]] static Result<TlsContext> create(const TlsIdentity& identity);
  ~TlsContext();
  TlsContext(TlsContext&&) noexcept;
  TlsContext& operator=(TlsContext&&) noexcept;

  struct State;
  [[nodiscard]] State& state() { return *state_; }

 private:
  explicit TlsContext(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// What a handshake has agreed on; empty without one.
struct TlsFacts {
  std::string version{};       ///< As k6's tag tls_version: "tls1.2", "tls1.3".
  std::string cipher_suite{};  ///< Its IANA name: "TLS_AES_128_GCM_SHA256".
};

struct TlsConnection {
  std::unique_ptr<Stream> stream;
  TlsFacts facts{};
};

/// Performs the client's handshake with `host` (a name or a numeric address, checked against the
/// certificate; a name is sent as SNI). `context` outlives the stream. Errc::timeout at the
/// deadline. The stream's errors are those of Stream; an end without TLS's close_notify counts as
/// eof, since HTTP frames its messages itself (RFC 9112, 9.8).
asio::awaitable<IoResult<TlsConnection>> connect_tls(std::unique_ptr<Stream> stream,
                                                     TlsContext& context, std::string host,
                                                     TimePoint deadline);

/// Performs the server's handshake, and picks http/1.1 if the client names protocols (ALPN).
/// `context` outlives the stream. Errc::timeout at the deadline. Errors as those of connect_tls().
asio::awaitable<IoResult<TlsConnection>> accept_tls(std::unique_ptr<Stream> stream,
                                                    TlsContext& context, TimePoint deadline);

}  // namespace lab

template <>
struct boost::system::is_error_code_enum<lab::TlsErrc> : std::true_type {};
