// What virtual users share: one look-up, and the address that answered.
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "loader/flow/gateway_client.h"
#include "loader/http/http_client.h"
#include "shared/sim/sim_runtime.h"

namespace loader {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// A world whose resolver takes a second, is counted, and knows one host with two addresses.
class CountingRuntime final : public lab::Runtime {
 public:
  explicit CountingRuntime(lab::SimRuntime& below) : below_(below) {}

  std::vector<lab::Endpoint> endpoints{{"10.0.0.1", 80}, {"10.0.0.2", 80}};
  int look_ups = 0;
  std::vector<std::string> dialled;

  asio::any_io_executor executor() override { return below_.executor(); }
  lab::TimePoint now() const override { return below_.now(); }
  lab::WallTime wall_now() const override { return below_.wall_now(); }
  asio::awaitable<lab::ErrorCode> sleep_until(lab::TimePoint deadline) override {
    return below_.sleep_until(deadline);
  }
  lab::IoResult<std::unique_ptr<lab::Listener>> listen(const lab::Endpoint& endpoint,
                                                       bool share) override {
    return below_.listen(endpoint, share);
  }
  asio::awaitable<lab::IoResult<std::unique_ptr<lab::Stream>>> connect(
      lab::Endpoint endpoint, lab::TimePoint deadline) override {
    dialled.push_back(endpoint.address);
    return below_.connect(std::move(endpoint), deadline);
  }
  asio::awaitable<lab::IoResult<std::vector<lab::Endpoint>>> resolve(std::string, std::uint16_t,
                                                                     lab::TimePoint) override {
    ++look_ups;
    const lab::ErrorCode ec = co_await below_.sleep_for(1s);
    if (ec) co_return ec;
    co_return endpoints;
  }

 private:
  lab::SimRuntime& below_;
};

struct Resolving {
  lab::SimRuntime world;
  CountingRuntime runtime{world};
  ClientOptions options;
  HttpClientContext context{runtime, options};
  explicit Resolving(DnsSettings dns = {}) { options.dns = dns; }
  int resolved = 0;
  int failed = 0;
  std::string host = "gateway";

  asio::awaitable<void> resolve(lab::TimePoint deadline) {
    const auto endpoints = co_await context.resolve(host, 80, deadline);
    endpoints.has_value() ? ++resolved : ++failed;
  }
  void start(lab::TimePoint deadline = lab::kNoDeadline) {
    asio::co_spawn(runtime.executor(), resolve(deadline), [](std::exception_ptr thrown) {
      if (thrown) std::rethrow_exception(thrown);
    });
  }
};

TEST(FlowHttpClientContext, OneLookUpServesAll) {
  Resolving test;
  for (int i = 0; i < 100; ++i) test.start();
  EXPECT_EQ(test.world.run(), lab::SimRuntime::End::quiescent);
  EXPECT_EQ(test.resolved, 100);
  EXPECT_EQ(test.runtime.look_ups, 1);
}

TEST(FlowHttpClientContext, ALookUpIsForgottenAfterItsTtl) {
  Resolving test({.ttl = 10s});
  const auto resolve_at = [&test](lab::Duration at) {
    const auto later = [](Resolving* each, lab::TimePoint when) -> asio::awaitable<void> {
      co_await each->world.sleep_until(when);
      co_await each->resolve(lab::kNoDeadline);
    };
    ASSERT_TRUE(test.world.run_until_complete(later(&test, lab::TimePoint(at))).has_value());
  };
  resolve_at(0s);
  // The look-up itself took a second.
  resolve_at(10s);
  EXPECT_EQ(test.runtime.look_ups, 1);
  resolve_at(11s);
  EXPECT_EQ(test.runtime.look_ups, 2);
}

TEST(FlowHttpClientContext, WithoutATtlEachConnectionLooksUpForItself) {
  Resolving test({.ttl = 0s});
  for (int i = 0; i < 100; ++i) test.start();
  EXPECT_EQ(test.world.run(), lab::SimRuntime::End::quiescent);
  EXPECT_EQ(test.resolved, 100);
  EXPECT_EQ(test.runtime.look_ups, 100);
  EXPECT_EQ(test.world.now(), lab::TimePoint(1s));
}

TEST(FlowHttpClientContext, APolicyThatLeavesNothingIsNoSuchHost) {
  Resolving test({.ttl = std::nullopt, .policy = DnsPolicy::only_ipv6});
  test.start();
  test.world.run();
  EXPECT_EQ(test.failed, 1);
}

// One of the URL, or what the option hosts has instead of a name.
TEST(FlowHttpClientContext, APolicyIsForNamesAndNotForAddresses) {
  constexpr std::pair<const char*, DnsPolicy> kTable[]{{"10.0.0.1", DnsPolicy::only_ipv6},
                                                       {"fd00::1", DnsPolicy::only_ipv4}};
  for (const auto& [host, policy] : kTable) {
    Resolving test({.ttl = std::nullopt, .policy = policy});
    test.host = host;
    test.runtime.endpoints = {{host, 80}};
    test.start();
    test.world.run();
    EXPECT_EQ(test.resolved, 1) << host;
    EXPECT_EQ(test.failed, 0) << host;
  }
}

TEST(FlowHttpClientContext, WhoWaitsForALookUpKeepsItsDeadline) {
  Resolving test;
  test.start();
  test.start(lab::TimePoint(500ms));
  test.world.run();
  EXPECT_EQ(test.resolved, 1);
  EXPECT_EQ(test.failed, 1);
}

TEST(FlowHttpClientContext, ACancelledLookUpIsLeftToTheNext) {
  Resolving test;
  asio::cancellation_signal signal;
  asio::co_spawn(test.runtime.executor(), test.resolve(lab::kNoDeadline),
                 asio::bind_cancellation_slot(signal.slot(), [](std::exception_ptr) {}));
  test.start();
  const auto cut = test.world.run_until_complete(
      [](Resolving* each, asio::cancellation_signal* cutter) -> asio::awaitable<void> {
        co_await each->world.sleep_for(500ms);
        cutter->emit(asio::cancellation_type::terminal);
      }(&test, &signal));
  ASSERT_TRUE(cut.has_value());
  test.world.run();
  EXPECT_EQ(test.resolved, 1);
  EXPECT_EQ(test.runtime.look_ups, 2);
}

struct Dialling {
  lab::Duration timeout = 1h;
  Resolving shared;
  HttpClient client{shared.context};
  Url url{.host = "gateway"};
  lab::HttpRequest request;

  asio::awaitable<void> send(HttpOutcome* outcome, bool is_due = false) {
    co_await client.perform(
        {.url = &url, .request = &request, .timeout = timeout, .is_due = is_due}, outcome);
  }
};

asio::awaitable<void> hang_up(lab::Listener* listener) {
  while (true) {
    const auto accepted = co_await listener->accept();
    if (accepted.has_error()) co_return;
  }
}

TEST(FlowHttpClientContext, TheAddressThatAnsweredIsTriedFirst) {
  Dialling test;
  // Nobody listens on the first address.
  const auto listener = std::move(test.shared.world.listen({"10.0.0.2", 80}, false).value());
  asio::co_spawn(test.shared.runtime.executor(), hang_up(listener.get()),
                 [](std::exception_ptr) {});
  HttpOutcome first;
  HttpOutcome second;
  ASSERT_TRUE(test.shared.world.run_until_complete(test.send(&first)).has_value());
  ASSERT_TRUE(test.shared.world.run_until_complete(test.send(&second)).has_value());
  EXPECT_EQ(first.error.text, "EOF");
  EXPECT_EQ(test.shared.runtime.dialled,
            (std::vector<std::string>{"10.0.0.1", "10.0.0.2", "10.0.0.2"}));
  listener->close();
  test.shared.world.run();
}

TEST(FlowHttpClientContext, ATimeoutOfNothingHasPassedBeforeAnythingIsDone) {
  Dialling test;
  test.timeout = 0s;
  HttpOutcome outcome;
  ASSERT_TRUE(test.shared.world.run_until_complete(test.send(&outcome)).has_value());
  EXPECT_EQ(outcome.error, (RequestError{kErrorRequestTimeout, "request timeout"}));
  EXPECT_EQ(outcome.body_end, BodyEnd::timed_out);
  EXPECT_EQ(test.shared.runtime.look_ups, 0);
}

// How often the host had been looked up for a request when something else that was ready ran.
int look_ups_before_what_is_ready(bool is_due) {
  Dialling test;
  HttpOutcome outcome;
  const auto executor = test.shared.runtime.executor();
  auto sending = test.send(&outcome, is_due);
  asio::co_spawn(executor, std::move(sending), [](std::exception_ptr) {});
  int look_ups = -1;
  asio::post(executor, [&] { look_ups = test.shared.runtime.look_ups; });
  test.shared.world.run();
  return look_ups;
}

TEST(FlowHttpClientContext, ARequestLetsWhatIsReadyGoFirstUnlessItIsDue) {
  EXPECT_EQ(look_ups_before_what_is_ready(false), 0);
  EXPECT_EQ(look_ups_before_what_is_ready(true), 1);
}

TEST(FlowGatewayExchange, GivesBackWhatLargeBodiesTookAndKeepsSmallOnes) {
  GatewayExchange exchange;
  exchange.request.body.assign(1'000'000, 'x');
  exchange.response.outcome.body.assign(4'000, 'x');
  exchange.trim();
  EXPECT_LT(exchange.request.body.capacity(), 10'000u);
  EXPECT_GE(exchange.response.outcome.body.capacity(), 4'000u);
  exchange.response.outcome.body.assign(1'000'000, 'x');
  exchange.trim();
  EXPECT_LT(exchange.response.outcome.body.capacity(), 10'000u);
}

TEST(FlowHttpClientContext, EveryAddressIsTriedBeforeARequestFails) {
  Dialling test;
  HttpOutcome outcome;
  ASSERT_TRUE(test.shared.world.run_until_complete(test.send(&outcome)).has_value());
  EXPECT_EQ(outcome.error.code, kErrorTcpDialRefused);
  EXPECT_EQ(test.shared.runtime.dialled, (std::vector<std::string>{"10.0.0.1", "10.0.0.2"}));
  EXPECT_EQ(outcome.timings.duration(), 0s);
}

}  // namespace
}  // namespace loader
