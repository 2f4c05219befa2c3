#include "loader/delivery/secrets.h"

#include <gtest/gtest.h>

#include "loader/delivery/output_variables.h"
#include "loader/http/header_rules.h"

namespace loader {
namespace {

TEST(Secrets, AreHiddenInWhateverAServerWrites) {
  DeliveryTarget target;
  target.headers.set("Authorization", basic_authorization("ursula", "pa\"ss/1"));
  target.headers.set("X-Key", "key-5up3r");
  target.headers.set("X-Tenant", "7");
  target.headers.set("Content-Type", "text/plain");
  target.query_values = {"to ken"};
  const Secrets secrets = secrets_of(target);
  struct Row {
    std::string text;
    std::string shown;
  };
  for (const auto& [text, shown] : {
           Row{"", ""},
           Row{"unknown field in text/plain", "unknown field in text/plain"},
           Row{basic_authorization("ursula", "pa\"ss/1"), "****"},
           Row{"got cred " + basic_authorization("ursula", "pa\"ss/1").substr(6) + "!",
               "got cred ****!"},
           Row{"ursula:pa\"ss/1 or ursula with pa\"ss/1", "**** or **** with ****"},
           Row{R"({"password":"pa\"ss/1"})", R"({"password":"****"})"},
           Row{R"({"password":"pa\"ss\/1"})", R"({"password":"****"})"},
           Row{"X-Key: key-5up3r, key-5up3rkey-5up3r", "X-Key: ****, ********"},
           Row{"tenant 7: 17 points, status 470", "tenant ****: 17 points, status 470"},
           Row{"/push?token=to%20ken is to ken", "/push?token=**** is ****"},
       }) {
    EXPECT_EQ(secrets.hide(text), shown);
  }
}

TEST(Secrets, OfTokensAndOfTheProxyAreHiddenToo) {
  DeliveryTarget target;
  target.url = *parse_url("http://h/write");
  target.headers.set("authorization", "Bearer abcdef");
  target.client.proxies =
      *ProxyRules::from([](const std::string& name) -> std::optional<std::string> {
        if (name != "HTTP_PROXY") return std::nullopt;
        return "http://pete:pr0xy@p:1";
      });
  EXPECT_EQ(secrets_of(target).hide("Bearer abcdef abcdef pete pr0xy cGV0ZTpwcjB4eQ=="),
            "**** **** **** **** ****");
  EXPECT_EQ(Secrets().hide("nothing is secret"), "nothing is secret");
}

}  // namespace
}  // namespace loader
