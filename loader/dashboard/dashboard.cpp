#include "loader/dashboard/dashboard.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "loader/dashboard/dashboard_page.h"
#include "loader/dashboard/dashboard_server.h"
#include "shared/runtime/asio_runtime.h"
#include "shared/runtime/endpoint.h"
#include "shared/runtime/listen_address.h"

namespace loader {

namespace asio = boost::asio;

struct Dashboard::State {
  State(const std::string& suite, Render its_render)
      : render(std::move(its_render)), server(runtime, waiting_page(suite)) {}

  void take(SummaryData summary) {
    const std::lock_guard lock(mutex);
    newest = std::move(summary);
  }
  // On the thread.
  void show_newest() {
    std::optional<SummaryData> summary;
    {
      const std::lock_guard lock(mutex);
      summary = std::exchange(newest, std::nullopt);
    }
    if (summary) server.publish(render(*summary));
  }
  asio::awaitable<void> end() {
    show_newest();
    co_await server.finish();
    runtime.stop();
  }
  Render render;
  lab::AsioRuntime runtime;
  DashboardServer server;
  lab::Endpoint endpoint{};
  bool is_any_port = false;
  std::thread thread{};
  std::mutex mutex{};
  std::optional<SummaryData> newest{};
};

lab::Result<void> Dashboard::check_address(std::string_view address) {
  const auto endpoint = lab::parse_listen_address(address);
  if (!endpoint) return endpoint.error();
  return {};
}

lab::Result<std::unique_ptr<Dashboard>> Dashboard::open(std::string_view address,
                                                        const std::string& suite, Render render) {
  const auto endpoint = lab::parse_listen_address(address);
  if (!endpoint) return endpoint.error();
  auto state = std::make_unique<State>(suite, std::move(render));
  const auto bound = state->server.start(*endpoint);
  if (!bound) {
    return lab::Error{"--dashboard", "can't listen on " + endpoint->to_string() + ": " +
                                         bound.error().message() +
                                         "; --dashboard=127.0.0.1:0 takes a free port"};
  }
  state->endpoint = *bound;
  state->is_any_port = endpoint->port == 0;
  state->thread = std::thread([running = state.get()] { running->runtime.run(); });
  return std::unique_ptr<Dashboard>(new Dashboard(std::move(state)));
}

Dashboard::Dashboard(std::unique_ptr<State> state) : state_(std::move(state)) {}

Dashboard::~Dashboard() {
  if (!state_->thread.joinable()) return;
  state_->runtime.stop();
  state_->thread.join();
}

bool Dashboard::is_followed() const { return state_->server.is_followed(); }

void Dashboard::show(SummaryData summary) {
  state_->take(std::move(summary));
  state_->runtime.post([state = state_.get()] { state->show_newest(); });
}

void Dashboard::finish(SummaryData summary) {
  state_->take(std::move(summary));
  state_->runtime.post([state = state_.get()] {
    const auto ignore = [](std::exception_ptr /*thrown*/) {};
    asio::co_spawn(state->runtime.executor(), state->end(), ignore);
  });
  state_->thread.join();
}

bool Dashboard::is_private() const { return lab::is_loopback_address(state_->endpoint.address); }

bool Dashboard::has_chosen_port() const { return state_->is_any_port; }

std::string Dashboard::description() const {
  return "dashboard (http://" + state_->endpoint.to_string() + ")";
}

}  // namespace loader
