#include "loader/script/script_batch.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <cstdint>
#include <exception>
#include <limits>

namespace loader {

namespace asio = boost::asio;

ScriptBatch::ScriptBatch(ScriptUser& user, std::size_t parallel, std::size_t per_host)
    : user_(user),
      workers_(std::max<std::size_t>(parallel, 1)),
      per_host_(per_host == 0 ? std::numeric_limits<std::size_t>::max() : per_host),
      wakeup_(user.context().runtime()) {}

void ScriptBatch::add(ScriptExchange* exchange) {
  const auto url = parse_sent_url(exchange->request.url);
  hosts_.push_back(url ? url->authority() : "");
  exchanges_.push_back(exchange);
}

asio::awaitable<void> ScriptBatch::run() {
  bool is_cut = false;
  try {
    co_await run_all();
  } catch (const boost::system::system_error&) {
    is_cut = true;
  }
  if (!is_cut) co_return;
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  for (const auto& signal : signals_) signal->emit(asio::cancellation_type::terminal);
  while (running_ > 0) co_await wakeup_.wait_until(lab::kNoDeadline);
  throw boost::system::system_error(asio::error::operation_aborted);
}

asio::awaitable<void> ScriptBatch::run_all() {
  while (next_ < exchanges_.size() || !taken_.empty() || running_ > 0) {
    start_ready();
    co_await wakeup_.wait_until(lab::kNoDeadline);
  }
}

void ScriptBatch::start_ready() {
  for (; workers_ > 0 && next_ < exchanges_.size(); --workers_) taken_.push_back(next_++);
  std::erase_if(taken_, [this](std::size_t index) {
    if (busy_[hosts_[index]] >= per_host_) return false;
    start(index);
    return true;
  });
}

void ScriptBatch::start(std::size_t index) {
  ++busy_[hosts_[index]];
  ++running_;
  signals_.push_back(std::make_unique<asio::cancellation_signal>());
  auto on_end = [this, index](const std::exception_ptr& /*cancelled*/) {
    --running_;
    ++workers_;
    --busy_[hosts_[index]];
    wakeup_.notify();
  };
  asio::co_spawn(user_.context().runtime().executor(), perform_by_any(&user_, exchanges_[index]),
                 asio::bind_cancellation_slot(signals_.back()->slot(), std::move(on_end)));
}

}  // namespace loader
