// Several requests of a script side by side, as http.batch() makes them.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "loader/script/script_http.h"
#include "shared/runtime/wakeup.h"

namespace loader {

/// As in k6: so many workers take the requests in order, and each waits for its host's turn.
class ScriptBatch {
 public:
  /// `per_host` 0: any number.
  ScriptBatch(ScriptUser& user, std::size_t parallel, std::size_t per_host);

  /// `exchange` outlives the run.
  void add(ScriptExchange* exchange);
  /// Ends when all have. Cancellation cuts those under way, waits for them, and throws.
  boost::asio::awaitable<void> run();

 private:
  boost::asio::awaitable<void> run_all();
  void start_ready();
  void start(std::size_t index);

  ScriptUser& user_;
  std::size_t workers_;  ///< Free ones.
  std::size_t per_host_;
  lab::Wakeup wakeup_;
  std::vector<ScriptExchange*> exchanges_;
  std::vector<std::string> hosts_;
  std::vector<std::size_t> taken_;  ///< By workers that wait for a host.
  std::map<std::string, std::size_t> busy_;
  std::vector<std::unique_ptr<boost::asio::cancellation_signal>> signals_;
  std::size_t next_ = 0;
  std::size_t running_ = 0;
};

}  // namespace loader
