// Errors as values: what was wrong and where, for people; boost::system::error_code stays the
// currency of I/O.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <string>
#include <string_view>

namespace lab {

/// A user-facing error. `where` is a place such as "suite.json: options.stages[1].target" (may be
/// empty); `what` says what is wrong there and what is allowed.
struct Error {
  std::string where;
  std::string what;

  [[nodiscard]] std::string to_string() const { return where.empty() ? what : where + ": " + what; }
  friend bool operator==(const Error&, const Error&) = default;
};

/// Found by boost::system::result<T, Error>::value() through ADL; reaching it is a programmer's
/// error.
[[noreturn]] void throw_exception_from_error(const Error& error,
                                             const boost::source_location& location);

template <class T>
using Result = boost::system::result<T, Error>;

using ErrorCode = boost::system::error_code;

/// The result of an I/O operation.
template <class T>
using IoResult = boost::system::result<T>;

/// Causes that the operating system has no code for. Mechanisms are translated to these at the
/// boundary: an operation aborted by its deadline is `timeout`, never `operation_aborted`.
enum class Errc {
  timeout = 1,        ///< The deadline passed before the operation finished.
  bad_message,        ///< The peer sent bytes that are not the protocol.
  partial_message,    ///< The peer closed in the middle of a message.
  end_of_stream,      ///< The peer closed between two messages.
  header_too_large,   ///< The header section is longer than the limit, or has too many fields.
  body_too_large,     ///< The body is, or says that it will be, longer than the limit.
  connection_closed,  ///< The operation was started on a stream closed at this end.
};

[[nodiscard]] const boost::system::error_category& lab_category();
[[nodiscard]] inline ErrorCode make_error_code(Errc e) {
  return {static_cast<int>(e), lab_category()};
}

}  // namespace lab

template <>
struct boost::system::is_error_code_enum<lab::Errc> : std::true_type {};
