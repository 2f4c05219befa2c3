#include "loader/script/script_exchange.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

TEST(ScriptExchanges, GiveTheMemoryOfTheLastRequestToTheNext) {
  ScriptExchanges exchanges;
  const ScriptExchange* first = nullptr;
  const ScriptExchange* second = nullptr;
  {
    const auto a = exchanges.take();
    const auto b = exchanges.take();
    first = a.get();
    second = b.get();
    EXPECT_NE(first, second);
  }
  // `b` went first.
  const auto c = exchanges.take();
  EXPECT_EQ(c.get(), first);
  const auto d = exchanges.take();
  EXPECT_EQ(d.get(), second);
}

TEST(ScriptExchanges, KeepNoLargeBodies) {
  ScriptExchanges exchanges;
  {
    const auto exchange = exchanges.take();
    exchange->request.body.assign(1'000'000, 'x');
    exchange->gateway.request.body.assign(1'000'000, 'x');
    exchange->gateway.response.outcome.body.assign(1'000'000, 'x');
    exchange->answer.outcome.body.assign(1'000'000, 'x');
    exchange->answer.sent.assign(100, 'x');
  }
  const auto exchange = exchanges.take();
  for (const std::string* body :
       {&exchange->request.body, &exchange->gateway.request.body,
        &exchange->gateway.response.outcome.body, &exchange->answer.outcome.body}) {
    EXPECT_LT(body->capacity(), 10'000u);
  }
  EXPECT_GE(exchange->answer.sent.capacity(), 100u);
}

}  // namespace
}  // namespace loader
