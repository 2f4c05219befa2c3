#include "mockgw/admin/operator_access.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace mockgw {
namespace {

using Fields = std::vector<std::pair<std::string_view, std::string_view>>;

lab::HttpHeaders headers_of(const Fields& fields) {
  lab::HttpHeaders headers;
  for (const auto& [name, value] : fields) headers.add(name, value);
  return headers;
}

// 0: let in.
unsigned admin_status(const Fields& fields, const AdminConfig& config = {},
                      bool is_on_loopback = true) {
  const auto refusal = refuse_admin(headers_of(fields), config, is_on_loopback);
  return refusal ? refusal->status : 0;
}

TEST(RefuseAdmin, ACurlOnTheSameMachineIsLetIn) {
  for (const std::string_view host :
       {"127.0.0.1:8080", "localhost:8080", "LocalHost", "[::1]:8080", "10.1.2.3", "127.0.0.1"}) {
    EXPECT_EQ(admin_status({{"Host", host}}), 0u) << host;
  }
  EXPECT_EQ(admin_status({}), 0u);
}

TEST(RefuseAdmin, ANameThatAnybodyCanHaveIsRefused) {
  for (const std::string_view host :
       {"evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example", "",
        "mockgw", "[evil.example]", "[127.0.0.1]", "0x7f000001", "[::1"}) {
    EXPECT_EQ(admin_status({{"Host", host}}), 403u) << host;
  }
  EXPECT_EQ(admin_status({{"Host", "MockGW:8080"}}, {.hosts = {"mockgw"}}), 0u);
}

TEST(RefuseAdmin, OnlyThePagesOfTheGatewayItselfMaySendRequests) {
  const auto status = [](std::string_view host, std::string_view origin) {
    return admin_status({{"Host", host}, {"Origin", origin}});
  };
  EXPECT_EQ(status("localhost:8080", "http://localhost:8080"), 0u);
  EXPECT_EQ(status("[::1]:8080", "https://[::1]:8080"), 0u);
  for (const std::string_view origin :
       {"http://evil.example", "http://localhost:3000", "http://localhost", "null", "",
        "http://127.0.0.1:8080", "chrome-extension://localhost:8080",
        "http://localhost:8080.evil"}) {
    EXPECT_EQ(status("localhost:8080", origin), 403u) << origin;
  }
  EXPECT_EQ(admin_status({{"Origin", "http://evil.example"}}), 403u);
}

TEST(RefuseAdmin, ABrowserTellsWhoseRequestItIs) {
  const auto status = [](std::string_view site) {
    return admin_status({{"Host", "localhost"}, {"Sec-Fetch-Site", site}});
  };
  EXPECT_EQ(status("same-origin"), 0u);
  EXPECT_EQ(status("none"), 0u);
  EXPECT_EQ(status("same-site"), 403u);
  EXPECT_EQ(status("cross-site"), 403u);
}

TEST(RefuseAdmin, FromAfarNobodyWithoutTheToken) {
  const Fields plain{{"Host", "10.0.0.1:8080"}};
  const auto refusal = refuse_admin(headers_of(plain), {}, false);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 403u);
  EXPECT_NE(refusal->message.find("MOCKGW_ADMIN_TOKEN"), std::string::npos);
  const AdminConfig config{.token = "s3cret"};
  const auto status = [&](std::string_view authorization) {
    return admin_status({{"Host", "10.0.0.1"}, {"Authorization", authorization}}, config, false);
  };
  EXPECT_EQ(admin_status(plain, config, false), 401u);
  EXPECT_EQ(status("Bearer s3cret"), 0u);
  EXPECT_EQ(status("bearer  s3cret"), 0u);
  for (const std::string_view wrong : {"Bearer s3cres", "Bearer s3cre", "Bearer s3crets", "Bearer ",
                                       "Bearer", "s3cret", "Basic s3cret", "Bearer    "}) {
    EXPECT_EQ(status(wrong), 401u) << wrong;
  }
  // A token that is set is asked for everywhere; and it is no word for a page of elsewhere.
  EXPECT_EQ(admin_status({{"Host", "localhost"}}, config), 401u);
  EXPECT_EQ(admin_status({{"Host", "localhost"},
                          {"Origin", "http://evil.example"},
                          {"Authorization", "Bearer s3cret"}},
                         config),
            403u);
}

TEST(RefuseMetrics, APrometheusOfAnotherHostIsLetInAndAWebPageIsNot) {
  EXPECT_FALSE(refuse_metrics(headers_of({{"Host", "mockgw:8080"}})));
  EXPECT_TRUE(refuse_metrics(headers_of({{"Host", "mockgw"}, {"Origin", "http://evil.example"}})));
  EXPECT_TRUE(refuse_metrics(headers_of({{"Sec-Fetch-Site", "cross-site"}})));
}

}  // namespace
}  // namespace mockgw
