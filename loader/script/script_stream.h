// An answer that a script reads piece by piece while it comes: k6/x/sse.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "loader/script/script_http.h"
#include "shared/runtime/wakeup.h"

namespace loader {

/// The request goes out when it is started; reading goes on by itself, whether or not the script
/// asks.
class ScriptStream final : public BodySink, public std::enable_shared_from_this<ScriptStream> {
 public:
  ScriptStream(ScriptUser& user, ScriptRequest request);

  void start();
  /// Completes when the head has come, or nothing more will.
  boost::asio::awaitable<void> wait_for_head();
  /// Completes when there are bytes to take, or nothing more will come.
  boost::asio::awaitable<void> wait_for_bytes();
  /// Completes when the exchange has ended and is measured.
  boost::asio::awaitable<void> wait_for_end();
  /// The script wants no more of it.
  void close();

  /// What has come since the last call, up to the last whole character.
  [[nodiscard]] std::string take_text();
  [[nodiscard]] bool has_text() const;
  [[nodiscard]] bool has_ended() const { return has_ended_; }
  [[nodiscard]] unsigned head_status() const { return head_status_; }
  [[nodiscard]] const lab::HttpHeaders& headers() const { return headers_; }
  [[nodiscard]] const ScriptExchange& exchange() const { return exchange_; }

  void begin(unsigned status, const lab::HttpHeaders& headers) override;
  void take(std::string_view bytes) override;
  [[nodiscard]] bool is_closed() const override { return is_closed_; }

 private:
  ScriptUser& user_;
  ScriptExchange exchange_;
  lab::Wakeup wakeup_;
  boost::asio::cancellation_signal signal_;
  unsigned head_status_ = 0;
  lab::HttpHeaders headers_;
  std::string text_;
  bool has_ended_ = false;
  bool is_closed_ = false;
};

/// Cut, or no longer wanted: it ends before anything else happens. On the instance's fiber.
void end_stream(ScriptInstance& instance, ScriptStream& stream);

}  // namespace loader
