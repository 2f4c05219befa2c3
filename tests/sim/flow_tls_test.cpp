// A client's TLS against servers with good, bad and no certificates, in virtual time.
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>

#include "shared/runtime/await.h"
#include "shared/runtime/tls.h"
#include "shared/sim/sim_runtime.h"
#include "tests/support/temporary_folder.h"

namespace lab {
namespace {

namespace ssl = boost::asio::ssl;
using namespace std::chrono_literals;
const Endpoint kServer{"10.0.0.1", 443};

struct Certificate {
  std::string certificate_pem;
  std::string key_pem;
};

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

// Self-signed, valid from an hour ago for `seconds` from now on.
Certificate make_certificate(const std::string& host, long seconds = 3600) {
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), seconds);
  X509_set_pubkey(certificate, key);
  X509_NAME* const name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  const std::string alternative = "DNS:" + host;
  X509_EXTENSION* const extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternative.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(certificate, key, EVP_sha256());
  BIO* const certificate_bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(certificate_bio, certificate);
  BIO* const key_bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(key_bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return {text_of(certificate_bio), text_of(key_bio)};
}

struct ServerLayer {
  using executor_type = Stream::executor_type;
  using lowest_layer_type = ServerLayer;
  std::unique_ptr<Stream> stream;

  explicit ServerLayer(std::unique_ptr<Stream> s) : stream(std::move(s)) {}
  executor_type get_executor() { return stream->get_executor(); }
  lowest_layer_type& lowest_layer() { return *this; }
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return stream->async_read_some(buffers, std::forward<Token>(token));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return stream->async_write_some(buffers, std::forward<Token>(token));
  }
};

enum class ServerKind {
  echo,     ///< Sends one read back, then ends without close_notify.
  garbage,  ///< Does not speak TLS.
  silent,
};

struct Outcome {
  ErrorCode handshake;
  TlsFacts facts;
  std::string echoed;
  ErrorCode end;
  std::string server_name;
  TimePoint finished_at;
};

struct TlsWorld {
  SimRuntime runtime;
  Certificate certificate;
  ServerKind kind = ServerKind::echo;
  TlsSettings settings;
  Outcome outcome;

  asio::awaitable<void> echo(std::unique_ptr<Stream> stream) {
    ssl::context context(ssl::context::tls_server);
    context.use_certificate(asio::buffer(certificate.certificate_pem), ssl::context::pem);
    context.use_private_key(asio::buffer(certificate.key_pem), ssl::context::pem);
    ssl::stream<ServerLayer> tls(ServerLayer(std::move(stream)), context);
    const auto [ec] = co_await tls.async_handshake(ssl::stream_base::server, kAwait);
    if (ec) co_return;
    const char* const name = SSL_get_servername(tls.native_handle(), TLSEXT_NAMETYPE_host_name);
    if (name != nullptr) outcome.server_name = name;
    char room[64];
    const auto [read_ec, n] = co_await tls.async_read_some(asio::buffer(room), kAwait);
    if (read_ec) co_return;
    co_await tls.async_write_some(asio::buffer(room, n), kAwait);
  }

  asio::awaitable<void> serve(Listener* listener) {
    auto accepted = co_await listener->accept();
    if (accepted.has_error()) co_return;
    std::unique_ptr<Stream> stream = std::move(*accepted);
    if (kind == ServerKind::echo) {
      co_await echo(std::move(stream));
    } else if (kind == ServerKind::garbage) {
      const std::string bytes = "HTTP/1.1 400 Bad Request\r\n\r\n";
      co_await stream->async_write_some(asio::buffer(bytes), kAwait);
      co_await runtime.sleep_for(1s);
    } else {
      co_await runtime.sleep_for(1h);
    }
  }

  asio::awaitable<void> talk(TlsContext* context, std::string host) {
    auto connected = co_await runtime.connect(kServer, kNoDeadline);
    auto secured =
        co_await connect_tls(std::move(*connected), *context, std::move(host), runtime.now() + 5s);
    outcome.finished_at = runtime.now();
    if (secured.has_error()) {
      outcome.handshake = secured.error();
      co_return;
    }
    outcome.facts = secured->facts;
    Stream& stream = *secured->stream;
    const std::string hello = "hello";
    co_await stream.async_write_some(asio::buffer(hello), kAwait);
    char room[64];
    const auto [ec, n] = co_await stream.async_read_some(asio::buffer(room), kAwait);
    outcome.echoed.assign(room, n);
    const auto [end, none] = co_await stream.async_read_some(asio::buffer(room), kAwait);
    outcome.end = end;
  }

  const Outcome& run(const std::string& host) {
    auto listener = std::move(runtime.listen(kServer, false).value());
    auto context = TlsContext::create(settings);
    EXPECT_TRUE(context.has_value()) << context.error().to_string();
    auto serving = serve(listener.get());
    asio::co_spawn(runtime.executor(), std::move(serving), [](std::exception_ptr thrown) {
      if (thrown) std::rethrow_exception(thrown);
    });
    const auto done = runtime.run_until_complete(talk(&*context, host));
    EXPECT_TRUE(done.has_value()) << done.error().to_string();
    EXPECT_EQ(runtime.run(), SimRuntime::End::quiescent);
    return outcome;
  }
};

class TlsTest : public testing::Test {
 protected:
  // A certificate file that the client trusts.
  [[nodiscard]] std::string trust(const Certificate& certificate) const {
    return folder_.write("authority.pem", certificate.certificate_pem);
  }

 private:
  lab::TemporaryFolder folder_;
};

TEST_F(TlsTest, TalksToATrustedServerAndNamesTheHost) {
  TlsWorld world;
  world.certificate = make_certificate("gateway.example");
  world.settings.authority_file = trust(world.certificate);
  const Outcome& outcome = world.run("gateway.example");
  EXPECT_EQ(outcome.handshake, ErrorCode{}) << outcome.handshake.message();
  EXPECT_EQ(outcome.facts.version, "tls1.3");
  EXPECT_TRUE(outcome.facts.cipher_suite.starts_with("TLS_")) << outcome.facts.cipher_suite;
  EXPECT_EQ(outcome.server_name, "gateway.example");
  EXPECT_EQ(outcome.echoed, "hello");
  // The server left without close_notify.
  EXPECT_EQ(outcome.end, asio::error::eof) << outcome.end.message();
}

TEST_F(TlsTest, RefusesAnUnknownAuthority) {
  TlsWorld world;
  world.certificate = make_certificate("gateway.example");
  EXPECT_EQ(world.run("gateway.example").handshake, TlsErrc::unknown_authority);
}

TEST_F(TlsTest, RefusesACertificateForAnotherHost) {
  TlsWorld world;
  world.certificate = make_certificate("gateway.example");
  world.settings.authority_file = trust(world.certificate);
  EXPECT_EQ(world.run("other.example").handshake, TlsErrc::host_name_mismatch);
}

TEST_F(TlsTest, RefusesAnExpiredCertificate) {
  TlsWorld world;
  world.certificate = make_certificate("gateway.example", -60);
  world.settings.authority_file = trust(world.certificate);
  EXPECT_EQ(world.run("gateway.example").handshake, TlsErrc::certificate_expired);
}

TEST_F(TlsTest, TakesAnythingWhenToldTo) {
  TlsWorld world;
  world.certificate = make_certificate("gateway.example", -60);
  world.settings.verify = false;
  EXPECT_EQ(world.run("10.0.0.1").echoed, "hello");
}

TEST_F(TlsTest, SaysThatAServerDoesNotSpeakTls) {
  TlsWorld world;
  world.kind = ServerKind::garbage;
  EXPECT_TRUE(is_tls_error(world.run("gateway.example").handshake));
}

TEST_F(TlsTest, TimesOutAtTheDeadline) {
  TlsWorld world;
  world.kind = ServerKind::silent;
  const Outcome& outcome = world.run("gateway.example");
  EXPECT_EQ(outcome.handshake, Errc::timeout);
  EXPECT_NEAR(to_seconds(outcome.finished_at.time_since_epoch()), 5, 0.01);
}

TEST_F(TlsTest, AFileWithoutCertificatesIsAnError) {
  EXPECT_TRUE(TlsContext::create({.authority_file = "/no/such/file.pem"}).has_error());
}

}  // namespace
}  // namespace lab
