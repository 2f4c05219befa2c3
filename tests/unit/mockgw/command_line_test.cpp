#include "mockgw/command_line.h"

#include <gtest/gtest.h>

#include <map>

#include "shared/runtime/listen_address.h"

namespace mockgw {
namespace {

using Variables = std::map<std::string, std::string>;

lab::Result<CommandLine> parse(const std::vector<std::string>& arguments,
                               const Variables& variables = {}) {
  return parse_command_line(arguments, [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  });
}

std::string error_of(const std::vector<std::string>& arguments, const Variables& variables = {}) {
  const auto line = parse(arguments, variables);
  return line ? "no error" : line.error().to_string();
}

TEST(CommandLine, WithoutArgumentsServesTheDefaultGateway) {
  const CommandLine line = parse({}).value();
  EXPECT_EQ(line.file, "");
  EXPECT_EQ(line.threads, 1u);
  EXPECT_FALSE(line.overrides.seed);
}

TEST(CommandLine, ReadsEveryFlag) {
  const CommandLine line =
      parse({"gateway.json", "--listen", "127.0.0.1:0", "--profile=litellm", "--instant",
             "--threads", "4", "--seed", "7", "--log-level", "warn", "--check", "--print-config"})
          .value();
  EXPECT_EQ(line.file, "gateway.json");
  EXPECT_EQ(line.overrides.listen, "127.0.0.1:0");
  EXPECT_EQ(line.overrides.profile, "litellm");
  EXPECT_TRUE(line.overrides.instant);
  EXPECT_EQ(line.threads, 4u);
  EXPECT_EQ(line.overrides.seed, 7u);
  EXPECT_EQ(line.log_level, "warn");
  EXPECT_TRUE(line.check);
  EXPECT_TRUE(line.print_config);
}

TEST(CommandLine, FlagsWinOverTheEnvironment) {
  const Variables variables{
      {"MOCKGW_SEED", "1"}, {"MOCKGW_THREADS", "2"}, {"MOCKGW_INSTANT", "true"}};
  const CommandLine line = parse({"--seed", "9"}, variables).value();
  EXPECT_EQ(line.overrides.seed, 9u);
  EXPECT_EQ(line.threads, 2u);
  EXPECT_TRUE(line.overrides.instant);
}

TEST(CommandLine, SaysWhichFlagOrVariableIsWrongAndWhatItTakes) {
  EXPECT_NE(error_of({"--threads", "0"}).find("--threads: \"0\""), std::string::npos);
  EXPECT_NE(error_of({"--seed", "x"}).find("a whole number"), std::string::npos);
  EXPECT_NE(error_of({}, {{"MOCKGW_LOG_LEVEL", "loud"}}).find("MOCKGW_LOG_LEVEL"),
            std::string::npos);
  EXPECT_NE(error_of({}, {{"MOCKGW_INSTANT", "maybe"}}).find("true or false"), std::string::npos);
  EXPECT_NE(error_of({"--listen", "nowhere"}).find("--listen"), std::string::npos);
  EXPECT_NE(error_of({"--lisen", "x"}).find("lisen"), std::string::npos);
  EXPECT_NE(error_of({"a.json", "b.json"}).find("b.json"), std::string::npos);
}

TEST(CommandLine, AnEmptyVariableIsNotSet) {
  const CommandLine line = parse({}, {{"MOCKGW_SEED", ""},
                                      {"MOCKGW_LISTEN", ""},
                                      {"MOCKGW_PROFILE", ""},
                                      {"MOCKGW_THREADS", ""},
                                      {"MOCKGW_FILE", ""},
                                      {"MOCKGW_LOG_LEVEL", ""},
                                      {"MOCKGW_INSTANT", ""}})
                               .value();
  EXPECT_FALSE(line.overrides.seed);
  EXPECT_FALSE(line.overrides.listen);
  EXPECT_FALSE(line.overrides.profile);
  EXPECT_EQ(line.log_level, "info");
}

TEST(CommandLine, AnUnknownProfileIsTheFlagsOrTheVariables) {
  EXPECT_TRUE(error_of({"--profile", "nope"}).starts_with("--profile: "));
  EXPECT_TRUE(error_of({}, {{"MOCKGW_PROFILE", "nope"}}).starts_with("MOCKGW_PROFILE: "));
}

TEST(CommandLine, TlsTakesACertificateAndItsKey) {
  EXPECT_FALSE(parse({}).value().tls);
  const CommandLine line = parse({"--tls-cert", "c.pem"}, {{"MOCKGW_TLS_KEY", "k.pem"}}).value();
  EXPECT_EQ(line.tls->certificate_file, "c.pem");
  EXPECT_EQ(line.tls->key_file, "k.pem");
  EXPECT_EQ(error_of({"--tls-cert", "c.pem"}), "--tls-cert: needs --tls-key too");
  EXPECT_EQ(error_of({}, {{"MOCKGW_TLS_KEY", "k"}}), "MOCKGW_TLS_KEY: needs --tls-cert too");
}

TEST(CommandLine, UsageNamesEveryFlag) {
  for (const char* flag :
       {"--listen", "--profile", "--instant", "--threads", "--seed", "--tls-cert", "--tls-key",
        "--log-level", "--check", "--print-config", "--version", "--help"}) {
    EXPECT_NE(usage().find(flag), std::string::npos) << flag;
  }
}

TEST(ListenAddress, ReadsAddressesAndPorts) {
  EXPECT_EQ(lab::parse_listen_address("127.0.0.1:8080").value(),
            (lab::Endpoint{"127.0.0.1", 8080}));
  EXPECT_EQ(lab::parse_listen_address("[::1]:0").value(), (lab::Endpoint{"::1", 0}));
  EXPECT_EQ(lab::parse_listen_address(":80").value(), (lab::Endpoint{"0.0.0.0", 80}));
  EXPECT_EQ(lab::parse_listen_address("localhost:80").value(), (lab::Endpoint{"127.0.0.1", 80}));
  for (const char* bad : {"", "8080", "127.0.0.1", "host.example:80", "127.0.0.1:", "1.2.3.4:65536",
                          "127.0.0.1:80x", "::1"}) {
    EXPECT_FALSE(lab::parse_listen_address(bad)) << bad;
  }
}

TEST(IsLoopbackAddress, ByTheAddressThatIsListenedOn) {
  for (const char* near : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "localhost"}) {
    EXPECT_TRUE(lab::is_loopback_address(near)) << near;
  }
  for (const char* far : {"0.0.0.0", "::", "10.0.0.1", "::ffff:10.0.0.1", "fe80::1", ""}) {
    EXPECT_FALSE(lab::is_loopback_address(far)) << far;
  }
}

}  // namespace
}  // namespace mockgw
