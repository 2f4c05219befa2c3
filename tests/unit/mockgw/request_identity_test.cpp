#include "mockgw/chat/request_identity.h"

#include <gtest/gtest.h>

namespace mockgw {
namespace {

lab::HttpHeaders headers_of(
    std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  lab::HttpHeaders headers;
  for (const auto& [name, value] : fields) headers.add(name, value);
  return headers;
}

std::uint64_t first_draw(const lab::HttpHeaders& headers, std::uint64_t number) {
  return identify(headers, number, lab::Rng(1)).rng();
}

TEST(RequestIdentity, TakesTheClientsIdAndIsDecidedByIt) {
  const auto headers = headers_of({{"X-Request-ID", "load-test-1"}});
  EXPECT_EQ(identify(headers, 1, lab::Rng(1)).id, "load-test-1");
  EXPECT_EQ(first_draw(headers, 1), first_draw(headers, 2));
}

TEST(RequestIdentity, MakesAnIdFromTheNumberOtherwise) {
  const RequestIdentity identity = identify({}, 1, lab::Rng(1));
  EXPECT_EQ(identity.id.size(), 36u);
  EXPECT_TRUE(identity.id.starts_with("req_"));
  EXPECT_EQ(identity.id, identify({}, 1, lab::Rng(1)).id);
  EXPECT_NE(identity.id, identify({}, 2, lab::Rng(1)).id);
  EXPECT_NE(identity.id, identify({}, 1, lab::Rng(2)).id);
}

TEST(RequestIdentity, RefusesIdsThatAreNotVisibleAscii) {
  EXPECT_TRUE(
      identify(headers_of({{"x-request-id", "a b"}}), 1, lab::Rng(1)).id.starts_with("req_"));
  const std::string long_id(129, 'x');
  EXPECT_TRUE(
      identify(headers_of({{"x-request-id", long_id}}), 1, lab::Rng(1)).id.starts_with("req_"));
}

TEST(RequestIdentity, ARetryOfTheOfficialClientIsAnotherRequest) {
  const auto first = headers_of({{"x-request-id", "a"}, {"x-stainless-retry-count", "0"}});
  const auto retry = headers_of({{"x-request-id", "a"}, {"x-stainless-retry-count", "1"}});
  EXPECT_NE(first_draw(first, 1), first_draw(retry, 1));
  EXPECT_EQ(first_draw(first, 1), first_draw(headers_of({{"x-request-id", "a"}}), 1));
}

TEST(ApiKey, IsFoundInThreeHeaders) {
  EXPECT_EQ(api_key_of(headers_of({{"Authorization", "Bearer k1"}, {"x-api-key", "k2"}})), "k1");
  EXPECT_EQ(api_key_of(headers_of({{"authorization", "bearer  k1"}})), "k1");
  EXPECT_EQ(api_key_of(headers_of({{"authorization", "Basic xyz"}, {"x-api-key", "k2"}})), "k2");
  EXPECT_EQ(api_key_of(headers_of({{"api-key", "k3"}})), "k3");
  EXPECT_EQ(api_key_of(headers_of({{"authorization", "Bearer "}})), "");
  EXPECT_EQ(api_key_of({}), "");
}

TEST(ApiKey, IsThePasswordOfNobody) {
  EXPECT_EQ(api_key_of(headers_of({{"authorization", "Basic OnNrLTE="}})), "sk-1");
  EXPECT_EQ(api_key_of(headers_of({{"authorization", "basic YTpzay0x"}})), "");  // a:sk-1
  EXPECT_EQ(api_key_of(headers_of({{"authorization", "Basic ???"}})), "");
}

TEST(ApiKey, IsFirstOfAHeaderOfItsOwn) {
  const auto headers = headers_of({{"authorization", "Bearer k1"}, {"x-own", "bearer k2"}});
  EXPECT_EQ(api_key_of(headers, "x-own"), "k2");
  EXPECT_EQ(api_key_of(headers), "k1");
  EXPECT_EQ(api_key_of(headers, "x-other"), "k1");
  EXPECT_EQ(api_key_of(headers_of({{"x-own", "k2"}}), "x-own"), "k2");
}

TEST(ApiKey, IsMaskedForErrors) {
  EXPECT_EQ(mask_api_key("sk-abcdefghwxyz"), "sk-a*******wxyz");
  EXPECT_EQ(mask_api_key("short"), "*****");
}

TEST(Uuid, IsOfVersionFourAndDecidedByItsGenerator) {
  const std::string uuid = make_uuid(lab::Rng(1));
  ASSERT_EQ(uuid.size(), 36u);
  EXPECT_EQ(uuid[14], '4');
  EXPECT_NE(std::string_view("89ab").find(uuid[19]), std::string_view::npos);
  EXPECT_EQ(make_uuid(lab::Rng(1)), uuid);
  EXPECT_NE(make_uuid(lab::Rng(2)), uuid);
}

TEST(RandomId, HasItsLengthAndIsDecidedByItsGenerator) {
  std::string id = "chatcmpl-";
  append_random_id(id, 29, lab::Rng(1));
  EXPECT_EQ(id.size(), 38u);
  std::string again = "chatcmpl-";
  append_random_id(again, 29, lab::Rng(1));
  EXPECT_EQ(id, again);
  EXPECT_EQ(id.find_first_not_of("-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
            std::string::npos);
}

}  // namespace
}  // namespace mockgw
