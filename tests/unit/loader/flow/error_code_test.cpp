#include "loader/http/error_code.h"

#include <gtest/gtest.h>

#include <boost/asio/error.hpp>

#include "shared/runtime/tls.h"

namespace loader {
namespace {

namespace error = boost::asio::error;
using Phase = RequestPhase;

TEST(TransportError, HasK6CodeAndTextForEachCause) {
  const struct {
    Phase phase;
    lab::ErrorCode ec;
    RequestError expected;
  } cases[] = {
      {Phase::connecting, error::connection_refused, {1212, "dial: connection refused"}},
      {Phase::connecting, lab::Errc::timeout, {1211, "dial: i/o timeout"}},
      {Phase::connecting, error::timed_out, {1211, "dial: i/o timeout"}},
      {Phase::receiving, lab::Errc::timeout, {1050, "request timeout"}},
      {Phase::sending, lab::Errc::timeout, {1050, "request timeout"}},
      {Phase::resolving, lab::Errc::timeout, {1050, "request timeout"}},
      {Phase::resolving, error::host_not_found, {1101, "lookup: no such host"}},
      {Phase::receiving, error::connection_reset, {1220, "read: connection reset by peer"}},
      {Phase::sending, error::connection_reset, {1220, "write: connection reset by peer"}},
      {Phase::sending, error::broken_pipe, {1201, "write: broken pipe"}},
      {Phase::receiving, error::eof, {1000, "EOF"}},
      {Phase::receiving, lab::Errc::end_of_stream, {1000, "EOF"}},
      {Phase::tls_handshaking, error::eof, {1000, "EOF"}},
      {Phase::tls_handshaking,
       lab::TlsErrc::not_tls,
       {1301, "tls: first record does not look like a TLS handshake"}},
      {Phase::receiving, lab::Errc::partial_message, {1000, "unexpected EOF"}},
      {Phase::receiving, lab::Errc::bad_message, {1000, "malformed HTTP message"}},
      {Phase::tls_handshaking, lab::TlsErrc::unknown_authority, {1310, "x509: unknown authority"}},
      {Phase::tls_handshaking,
       lab::TlsErrc::host_name_mismatch,
       {1311, "x509: certificate doesn't match hostname"}},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(transport_error(each.phase, each.ec), each.expected) << each.ec.message();
  }
}

TEST(TransportError, HasTheFamilysCodeForTheRest) {
  EXPECT_EQ(transport_error(Phase::connecting, error::host_unreachable).code, 1213u);
  EXPECT_EQ(transport_error(Phase::resolving, error::no_recovery).code, 1100u);
  EXPECT_EQ(transport_error(Phase::receiving, error::network_down).code, 1200u);
  EXPECT_EQ(transport_error(Phase::tls_handshaking, lab::TlsErrc::certificate_expired).code, 1300u);
  EXPECT_EQ(transport_error(Phase::receiving, {}), RequestError{});
}

TEST(StatusError, Is1000PlusTheStatusFrom400) {
  EXPECT_EQ(status_error(200), RequestError{});
  EXPECT_EQ(status_error(302), RequestError{});
  EXPECT_EQ(status_error(404), (RequestError{1404, ""}));
  EXPECT_EQ(status_error(503), (RequestError{1503, ""}));
}

}  // namespace
}  // namespace loader
