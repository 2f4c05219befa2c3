#include "shared/runtime/tls.h"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <boost/asio/associator.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <utility>

#include "shared/base/text_file.h"
#include "shared/runtime/await.h"

namespace lab {
namespace {

/// A handler that takes a missing close_notify for a plain end.
struct EndTolerantHandler {
  Stream::Handler handler;

  void operator()(ErrorCode ec, std::size_t bytes) {
    if (ec == asio::ssl::error::stream_truncated) ec = asio::error::eof;
    std::move(handler)(ec, bytes);
  }
};

}  // namespace
}  // namespace lab

/// What is associated with the handler inside (executor, allocator, cancellation slot) is
/// associated with the whole.
template <template <class, class> class Associator, class Candidate>
struct boost::asio::associator<Associator, lab::EndTolerantHandler, Candidate>
    : Associator<lab::Stream::Handler, Candidate> {
  static auto get(const lab::EndTolerantHandler& outer) noexcept {
    return Associator<lab::Stream::Handler, Candidate>::get(outer.handler);
  }
  static auto get(const lab::EndTolerantHandler& outer, const Candidate& candidate) noexcept {
    return Associator<lab::Stream::Handler, Candidate>::get(outer.handler, candidate);
  }
};

namespace lab {
namespace {

namespace ssl = boost::asio::ssl;

class TlsCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "lab.tls"; }
  std::string message(int value) const override {
    switch (static_cast<TlsErrc>(value)) {
      case TlsErrc::unknown_authority:
        return "certificate signed by unknown authority";
      case TlsErrc::host_name_mismatch:
        return "certificate is for another host";
      case TlsErrc::certificate_expired:
        return "certificate has expired or is not yet valid";
      case TlsErrc::certificate_refused:
        return "certificate refused";
      case TlsErrc::not_tls:
        return "first record does not look like a TLS handshake";
    }
    return "unknown TLS error " + std::to_string(value);
  }
};

/// What asio::ssl::stream wants of its next layer.
class StreamLayer {
 public:
  using executor_type = Stream::executor_type;
  using lowest_layer_type = StreamLayer;

  explicit StreamLayer(std::unique_ptr<Stream> stream) : stream_(std::move(stream)) {}

  executor_type get_executor() { return stream_->get_executor(); }
  lowest_layer_type& lowest_layer() { return *this; }
  Stream& stream() { return *stream_; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return stream_->async_read_some(buffers, std::forward<Token>(token));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return stream_->async_write_some(buffers, std::forward<Token>(token));
  }

 private:
  std::unique_ptr<Stream> stream_;
};

class TlsStream final : public Stream {
 public:
  TlsStream(std::unique_ptr<Stream> stream, ssl::context& context)
      : tls_(StreamLayer(std::move(stream)), context) {}

  [[nodiscard]] ssl::stream<StreamLayer>& tls() { return tls_; }

  executor_type get_executor() override { return tls_.get_executor(); }
  // Whether there is room for a record only its layers know.
  IoResult<std::size_t> write_now(asio::const_buffer) override { return std::size_t{0}; }
  void expires_at(TimePoint deadline) override { below().expires_at(deadline); }
  // Without close_notify: HTTP's own framing says where a message ends, and a client never
  // half-closes.
  void shutdown_send() override { below().shutdown_send(); }
  void reset() override { below().reset(); }
  void close() override { below().close(); }
  // What has arrived may be no more than a record of the protocol's own, such as close_notify.
  bool is_readable() const override { return const_cast<TlsStream*>(this)->below().is_readable(); }
  Endpoint remote_endpoint() const override {
    return const_cast<TlsStream*>(this)->below().remote_endpoint();
  }

 protected:
  void do_read_some(asio::mutable_buffer buffer, Handler handler,
                    asio::cancellation_slot slot) override {
    EndTolerantHandler tolerant{std::move(handler)};
    tls_.async_read_some(buffer, asio::bind_cancellation_slot(slot, std::move(tolerant)));
  }
  void do_write_some(asio::const_buffer buffer, Handler handler,
                     asio::cancellation_slot slot) override {
    tls_.async_write_some(buffer, asio::bind_cancellation_slot(slot, std::move(handler)));
  }

 private:
  [[nodiscard]] Stream& below() { return tls_.next_layer().stream(); }

  ssl::stream<StreamLayer> tls_;
};

bool is_numeric_address(const std::string& host) {
  ErrorCode ec;
  asio::ip::make_address(host, ec);
  return !ec;
}

// OpenSSL checks the name as part of the verification, so that a mismatch has its own verify
// result.
void expect_host(SSL* session, const std::string& host) {
  if (is_numeric_address(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str());
    return;
  }
  SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  SSL_set1_host(session, host.c_str());
  SSL_set_tlsext_host_name(session, host.c_str());
}

// The reason behind OpenSSL's one "certificate verify failed".
ErrorCode cause_of(ErrorCode ec, SSL* session) {
  // The peer has hung up in the middle; where depends on how.
  if (ec == ssl::error::stream_truncated) return asio::error::eof;
  if (ec.category() != asio::error::get_ssl_category()) return ec;
  const int reason = ERR_GET_REASON(static_cast<unsigned long>(ec.value()));
  if (reason == SSL_R_WRONG_VERSION_NUMBER) return TlsErrc::not_tls;
  if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) return asio::error::eof;
  switch (SSL_get_verify_result(session)) {
    case X509_V_OK:
      return ec;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
      return TlsErrc::unknown_authority;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return TlsErrc::host_name_mismatch;
    case X509_V_ERR_CERT_NOT_YET_VALID:
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return TlsErrc::certificate_expired;
    default:
      return TlsErrc::certificate_refused;
  }
}

// k6's spelling: OpenSSL's "TLSv1.3" is "tls1.3", and its "TLSv1" is "tls1.0".
std::string version_of(SSL* session) {
  const std::string_view name = SSL_get_version(session);
  constexpr std::string_view kPrefix = "TLSv";
  if (name == "TLSv1") return "tls1.0";
  if (!name.starts_with(kPrefix)) return std::string(name);
  return "tls" + std::string(name.substr(kPrefix.size()));
}

TlsFacts facts_of(SSL* session) {
  const SSL_CIPHER* const cipher = SSL_get_current_cipher(session);
  const char* const name = cipher == nullptr ? nullptr : SSL_CIPHER_standard_name(cipher);
  return {version_of(session), name == nullptr ? "" : name};
}

int version_number(TlsVersion version) {
  switch (version) {
    case TlsVersion::any:
      return 0;
    case TlsVersion::tls1_0:
      return TLS1_VERSION;
    case TlsVersion::tls1_1:
      return TLS1_1_VERSION;
    case TlsVersion::tls1_2:
      return TLS1_2_VERSION;
    case TlsVersion::tls1_3:
      return TLS1_3_VERSION;
  }
  return 0;
}

// A version before 1.2 is an explicit choice, for which OpenSSL's level of security is too high.
void apply(const TlsChoices& choices, SSL_CTX* context) {
  const int max = version_number(choices.version_max);
  int min = version_number(choices.version_min);
  if (min == 0 && max != 0 && max < TLS1_2_VERSION) min = max;
  if (min != 0) SSL_CTX_set_min_proto_version(context, min);
  if (max != 0) SSL_CTX_set_max_proto_version(context, max);
  if (min != 0 && min < TLS1_2_VERSION) SSL_CTX_set_security_level(context, 0);
  std::string list;
  for (const std::string& name : choices.cipher_suites) {
    const std::string_view known = OPENSSL_cipher_name(name.c_str());
    // Those of TLS 1.3 are not chosen, as in Go.
    if (known.starts_with("TLS_")) continue;
    list += (list.empty() ? "" : ":") + std::string(known);
  }
  if (!list.empty()) SSL_CTX_set_cipher_list(context, list.c_str());
}

Result<void> show(const TlsPem& identity, ssl::context& context) {
  ErrorCode ec;
  // Else OpenSSL would ask for the passphrase of an encrypted key on the terminal.
  context.set_password_callback(
      [password = identity.password](std::size_t, auto) { return password; }, ec);
  context.use_certificate_chain(asio::buffer(identity.certificate), ec);
  if (ec) return Error{"cert", "no PEM certificate: " + ec.message()};
  context.use_private_key(asio::buffer(identity.key), ssl::context::pem, ec);
  if (ec) return Error{"key", "not the certificate's PEM private key: " + ec.message()};
  return {};
}

// RFC 7301, 3.2: the server picks. A client that names only others goes on without the extension.
int select_http_1(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                  const unsigned char* offered, unsigned offered_size, void*) {
  static constexpr std::string_view kHttp1 = "\x08http/1.1";
  const std::string_view protocols(reinterpret_cast<const char*>(offered), offered_size);
  for (std::size_t at = 0; at < protocols.size();) {
    const std::size_t size = 1 + static_cast<unsigned char>(protocols[at]);
    if (protocols.substr(at, size) == kHttp1) {
      *chosen = offered + at + 1;
      *chosen_size = static_cast<unsigned char>(size - 1);
      return SSL_TLSEXT_ERR_OK;
    }
    at += size;
  }
  return SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

const boost::system::error_category& tls_category() {
  static const TlsCategory category;
  return category;
}

bool is_tls_error(ErrorCode ec) {
  return ec.category() == tls_category() || ec.category() == asio::error::get_ssl_category() ||
         ec.category() == ssl::error::get_stream_category();
}

bool has_cipher_suite(std::string_view name) {
  const std::string_view known = OPENSSL_cipher_name(std::string(name).c_str());
  return known != "(NONE)";
}

struct TlsContext::State {
  explicit State(ssl::context::method method) : context(method) {
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    // A message that ends without close_notify is HTTP's business; see connect_tls().
    SSL_CTX_set_options(context.native_handle(), SSL_OP_IGNORE_UNEXPECTED_EOF);
  }
  ssl::context context;
};

TlsContext::TlsContext(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsContext::~TlsContext() = default;
TlsContext::TlsContext(TlsContext&&) noexcept = default;
TlsContext& TlsContext::operator=(TlsContext&&) noexcept = default;

Result<TlsContext> TlsContext::create(const TlsSettings& settings) {
  auto state = std::make_unique<State>(ssl::context::tls_client);
  ssl::context& context = state->context;
  ErrorCode ec;
  context.set_verify_mode(settings.verify ? ssl::verify_peer : ssl::verify_none, ec);
  if (!ec && settings.verify) context.set_default_verify_paths(ec);
  if (ec) return Error{"TLS", "the system's certificates cannot be read: " + ec.message()};
  if (!settings.authority_file.empty()) {
    const auto authorities = read_text_argument(settings.authority_file);
    if (!authorities) return authorities.error();
    context.add_certificate_authority(asio::buffer(*authorities), ec);
    if (ec) return Error{settings.authority_file, "no PEM certificates: " + ec.message()};
  }
  apply(settings.choices, context.native_handle());
  if (!settings.identity.certificate.empty()) {
    if (const auto shown = show(settings.identity, context); !shown) return shown.error();
  }
  return TlsContext(std::move(state));
}

Result<TlsContext> TlsContext::create(const TlsIdentity& identity) {
  auto state = std::make_unique<State>(ssl::context::tls_server);
  ssl::context& context = state->context;
  // A client that renegotiates costs the server a handshake each time.
  SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_alpn_select_cb(context.native_handle(), &select_http_1, nullptr);
  ErrorCode ec;
  // Else OpenSSL would ask for the passphrase of an encrypted key on the terminal.
  context.set_password_callback([](std::size_t, auto) { return std::string(); }, ec);
  const auto certificate = read_text_argument(identity.certificate_file);
  if (!certificate) return certificate.error();
  context.use_certificate_chain(asio::buffer(*certificate), ec);
  if (ec) return Error{identity.certificate_file, "no PEM certificate: " + ec.message()};
  const auto key = read_text_argument(identity.key_file);
  if (!key) return key.error();
  context.use_private_key(asio::buffer(*key), ssl::context::pem, ec);
  if (ec) return Error{identity.key_file, "not the certificate's PEM private key: " + ec.message()};
  return TlsContext(std::move(state));
}

asio::awaitable<IoResult<TlsConnection>> accept_tls(std::unique_ptr<Stream> stream,
                                                    TlsContext& context, TimePoint deadline) {
  auto secured = std::make_unique<TlsStream>(std::move(stream), context.state().context);
  secured->expires_at(deadline);
  const auto [ec] = co_await secured->tls().async_handshake(ssl::stream_base::server, kAwait);
  if (ec) co_return ec;
  TlsFacts facts = facts_of(secured->tls().native_handle());
  co_return TlsConnection{std::move(secured), std::move(facts)};
}

asio::awaitable<IoResult<TlsConnection>> connect_tls(std::unique_ptr<Stream> stream,
                                                     TlsContext& context, std::string host,
                                                     TimePoint deadline) {
  auto secured = std::make_unique<TlsStream>(std::move(stream), context.state().context);
  SSL* const session = secured->tls().native_handle();
  expect_host(session, host);
  secured->expires_at(deadline);
  const auto [ec] = co_await secured->tls().async_handshake(ssl::stream_base::client, kAwait);
  if (ec) co_return cause_of(ec, session);
  TlsFacts facts = facts_of(session);
  co_return TlsConnection{std::move(secured), std::move(facts)};
}

}  // namespace lab
