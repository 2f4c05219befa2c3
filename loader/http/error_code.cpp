#include "loader/http/error_code.h"

#include <boost/asio/error.hpp>

#include "shared/runtime/tls.h"

namespace loader {
namespace {

namespace error = boost::asio::error;

bool is_no_such_host(lab::ErrorCode ec) {
  return ec == error::host_not_found || ec == error::host_not_found_try_again ||
         ec == error::no_data;
}

RequestError tls_error(lab::ErrorCode ec) {
  if (ec == lab::TlsErrc::unknown_authority) {
    return {kErrorTlsUnknownAuthority, "x509: unknown authority"};
  }
  if (ec == lab::TlsErrc::host_name_mismatch) {
    return {kErrorTlsHostname, "x509: certificate doesn't match hostname"};
  }
  if (ec == lab::TlsErrc::not_tls) return {kErrorTlsHeader, "tls: " + ec.message()};
  return {kErrorTls, ec.message()};
}

RequestError dial_error(lab::ErrorCode ec) {
  if (ec == error::connection_refused) return {kErrorTcpDialRefused, "dial: connection refused"};
  if (ec == lab::Errc::timeout || ec == error::timed_out) {
    return {kErrorTcpDialTimeout, "dial: i/o timeout"};
  }
  return {kErrorTcpDialUnknown, "dial: " + ec.message()};
}

}  // namespace

RequestError transport_error(RequestPhase phase, lab::ErrorCode ec) {
  if (!ec) return {};
  if (phase == RequestPhase::connecting) return dial_error(ec);
  if (ec == lab::Errc::timeout) return {kErrorRequestTimeout, "request timeout"};
  if (phase == RequestPhase::resolving) {
    if (is_no_such_host(ec)) return {kErrorDnsNoSuchHost, "lookup: no such host"};
    return {kErrorDns, "lookup: " + ec.message()};
  }
  const std::string verb = phase == RequestPhase::sending ? "write" : "read";
  if (ec == error::connection_reset) return {kErrorTcpReset, verb + ": connection reset by peer"};
  if (ec == error::broken_pipe) return {kErrorTcpBrokenPipe, verb + ": broken pipe"};
  // Go says "EOF" where nothing has come, and "unexpected EOF" in the middle of something.
  if (ec == lab::Errc::end_of_stream || ec == error::eof) return {kErrorGeneric, "EOF"};
  if (ec == lab::Errc::partial_message) return {kErrorGeneric, "unexpected EOF"};
  if (phase == RequestPhase::tls_handshaking || lab::is_tls_error(ec)) return tls_error(ec);
  if (ec.category() == lab::lab_category()) return {kErrorGeneric, ec.message()};
  return {kErrorTcp, verb + ": " + ec.message()};
}

RequestError status_error(unsigned status) {
  if (status < 400) return {};
  return {kErrorGeneric + status, {}};
}

}  // namespace loader
