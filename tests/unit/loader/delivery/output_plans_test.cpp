// From what the user says to where samples go: nothing is taken and ignored, and no secret is
// shown.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <set>

#include "loader/delivery/influxdb_plan.h"
#include "loader/delivery/otlp_plan.h"
#include "loader/delivery/output_factory.h"
#include "loader/delivery/output_variables.h"
#include "loader/delivery/remote_write_plan.h"
#include "loader/http/header_rules.h"
#include "loader/suite/k6_options.h"
#include "tests/support/temporary_folder.h"

namespace loader {
namespace {

using namespace std::chrono_literals;
using Variables = std::map<std::string, std::string>;
using Plan = lab::Result<NetworkOutputPlan>;

class OutputPlansTest : public testing::Test {
 protected:
  OutputContext context(Variables variables) const {
    return {.registry = registry,
            .thresholds = thresholds,
            .clock = {},
            .variables = std::move(variables)};
  }
  Plan influx(const std::string& address, Variables variables = {}) const {
    return plan_influxdb(address, context(std::move(variables)));
  }
  Plan influx2(const std::string& address, Variables variables = {}) const {
    return plan_influxdb2(address, context(std::move(variables)));
  }
  Plan prometheus(Variables variables = {}) const {
    return plan_remote_write("", context(std::move(variables)));
  }
  Plan otlp(Variables variables = {}) const { return plan_otlp("", context(std::move(variables))); }

  static std::string error(const Plan& plan) { return plan ? "" : plan.error().to_string(); }
  static std::string header(const Plan& plan, std::string_view name) {
    return std::string(plan->target.headers.find(name).value_or(""));
  }

  MetricRegistry registry;
  ThresholdSet thresholds;
};

TEST_F(OutputPlansTest, InfluxDbsDefaultsAreK6s) {
  const Plan plan = influx("");
  ASSERT_TRUE(plan) << error(plan);
  EXPECT_EQ(plan->target.description, "influxdb (http://localhost:8086, db k6)");
  EXPECT_EQ(plan->target.url.port, 8086);
  EXPECT_EQ(plan->target.url.target, "/write?db=k6&precision=n");
  EXPECT_EQ(plan->target.greeting_target, "/query?q=CREATE%20DATABASE%20%22k6%22");
  EXPECT_EQ(plan->target.concurrent, 4u);
  EXPECT_EQ(plan->target.interval, 1s);
  EXPECT_EQ(header(plan, "Authorization"), "");
}

TEST_F(OutputPlansTest, InfluxDbsAddressGoesBeforeVariables) {
  const Plan plan = influx(
      "https://u%40x:p%2Fw@influx:99/my%20db?precision=ms&retention=two+weeks&consistency=any&"
      "insecure=true&payload_size=1000&pushInterval=250ms&concurrentWrites=9&tagsAsFields=vu:int",
      {{"K6_INFLUXDB_ADDR", "http://other:1"},
       {"K6_INFLUXDB_DB", "other"},
       {"K6_INFLUXDB_USERNAME", "other"},
       {"K6_INFLUXDB_PRECISION", "h"},
       {"K6_INFLUXDB_CONCURRENT_WRITES", "1"}});
  ASSERT_TRUE(plan) << error(plan);
  EXPECT_EQ(plan->target.description, "influxdb (https://influx:99, db my%20db)");
  EXPECT_EQ(plan->target.url.target,
            "/write?db=my%20db&precision=ms&rp=two%20weeks&consistency=any");
  EXPECT_EQ(header(plan, "Authorization"), basic_authorization("u@x", "p/w"));
  EXPECT_TRUE(plan->target.client.insecure_skip_tls_verify);
  EXPECT_EQ(plan->target.interval, 250ms);
  EXPECT_EQ(plan->target.concurrent, 9u);
}

TEST_F(OutputPlansTest, InfluxDbsVariablesSayTheSame) {
  const Plan plan = influx("", {{"K6_INFLUXDB_ADDR", "http://influx/below"},
                                {"K6_INFLUXDB_DB", "a\"b"},
                                {"K6_INFLUXDB_USERNAME", "u"},
                                {"K6_INFLUXDB_PASSWORD", "p"},
                                {"K6_INFLUXDB_PUSH_INTERVAL", "1500"},
                                {"K6_INFLUXDB_RETENTION", "r"},
                                {"K6_INFLUXDB_CONSISTENCY", "all"}});
  ASSERT_TRUE(plan) << error(plan);
  EXPECT_EQ(plan->target.url.target, "/below/write?db=a%22b&precision=n&rp=r&consistency=all");
  EXPECT_EQ(plan->target.greeting_target, "/below/query?q=CREATE%20DATABASE%20%22a%5C%22b%22");
  EXPECT_EQ(header(plan, "Authorization"), basic_authorization("u", "p"));
  EXPECT_EQ(plan->target.interval, 1500ms);
}

TEST_F(OutputPlansTest, InfluxDbRefusesWhatItDoesNotKnow) {
  struct Row {
    std::string address;
    Variables variables;
    std::string error;
  };
  for (const auto& [address, variables, says] : {
           Row{"http://h/?presicion=ms",
               {},
               "--out influxdb: unknown query key \"presicion\"; "
               "there are insecure, payload_size, precision, retention, consistency, pushInterval, "
               "concurrentWrites, tagsAsFields"},
           Row{"udp://h:1",
               {},
               "--out influxdb: loader writes to InfluxDB over http and https only"},
           Row{"http://h/?insecure=maybe", {}, "--out influxdb: insecure: expected true or false"},
           Row{"http://h/?precision=d",
               {},
               "--out influxdb: precision: \"d\" is no unit; use ns, "
               "us, ms, s, m or h"},
           Row{"",
               {{"K6_INFLUXDB_PRECISION", "d"}},
               "K6_INFLUXDB_PRECISION: \"d\" is no unit; use "
               "ns, us, ms, s, m or h"},
           Row{"",
               {{"K6_INFLUXDB_TAGS_AS_FIELDS", "vu:number"}},
               "K6_INFLUXDB_TAGS_AS_FIELDS: "
               "\"vu:number\" is no field; write NAME or NAME:KIND, of the kinds string, int, "
               "float "
               "and bool"},
           Row{"",
               {{"K6_INFLUXDB_TAGS_AS_FIELDS", "vu,iter,vu"}},
               "K6_INFLUXDB_TAGS_AS_FIELDS: "
               "\"vu\" is named twice"},
           Row{"",
               {{"K6_INFLUXDB_PUSH_INTERVAL", "0"}},
               "K6_INFLUXDB_PUSH_INTERVAL: expected at least 1ms"},
           Row{"",
               {{"K6_INFLUXDB_TOKEN", "t"}},
               "K6_INFLUXDB_TOKEN: is of InfluxDB 2: --out "
               "xk6-influxdb"},
       }) {
    EXPECT_EQ(error(influx(address, variables)), says);
  }
}

TEST_F(OutputPlansTest, InfluxDbsProxyIsForItsServerWhereverThatIs) {
  const Plan plan =
      influx("http://127.0.0.1:1/db", {{"K6_INFLUXDB_PROXY", "http://user:pw@proxy:3128"}});
  ASSERT_TRUE(plan) << error(plan);
  const Proxy* const proxy = plan->target.client.proxies.proxy_for(plan->target.url);
  ASSERT_NE(proxy, nullptr);
  EXPECT_EQ(proxy->host, "proxy");
  for (const char* const wrong : {"foo", "foo:1", "ftp://foo", "http://", "http://foo:1:2"}) {
    EXPECT_EQ(error(influx("http://h", {{"K6_INFLUXDB_PROXY", wrong}})),
              "K6_INFLUXDB_PROXY: not a proxy; write http://host:port or https://host:port, with "
              "user:password@ before the host if need be")
        << wrong;
  }
}

TEST_F(OutputPlansTest, AnAddressHasOneHostAndOnePort) {
  for (const char* const wrong :
       {"http://u:p@127.0.0.1:19001:1/db", "http://127.0.0.1:1:/db", "http://h:/db",
        "http://h:x/db", "http://[::1]:1:2/db", "http://[::1/db"}) {
    EXPECT_TRUE(error(influx(wrong)).starts_with("--out influxdb: not an address; ")) << wrong;
  }
  for (const char* const good :
       {"http://u:p@127.0.0.1:19001/db", "http://[::1]:1/db", "http://[::1]/db", "http://h/d:b"}) {
    EXPECT_EQ(error(influx(good)), "") << good;
  }
}

TEST_F(OutputPlansTest, TwoOutputsHaveTwoDestinations) {
  const OutputContext all = context({{"K6_INFLUXDB_DB", "a"}});
  const auto check = [&](const std::string& one, const std::string& other) {
    const auto apart = check_destinations({"json=x", one, other}, all);
    return apart ? "" : apart.error().to_string();
  };
  EXPECT_EQ(
      check("influxdb=http://u:p@h/a?precision=ms", "influxdb=http://h/a"),
      "--out: influxdb and influxdb write to the same place, influxdb (http://h, db a); leave "
      "one of them out");
  EXPECT_EQ(check("prometheus-rw", "experimental-prometheus-rw"),
            "--out: prometheus-rw and experimental-prometheus-rw write to the same place, "
            "prometheus-rw (http://localhost:9090); leave one of them out");
  EXPECT_NE(check("opentelemetry", "opentelemetry"), "");
  EXPECT_EQ(check("influxdb=http://h/a", "influxdb=http://h/b"), "");
  EXPECT_EQ(check("influxdb=http://h/a", "influxdb=http://h/a?retention=long"), "");
  EXPECT_EQ(check("influxdb=http://h/a", "influxdb=http://h:1/a"), "");
  EXPECT_EQ(check("prometheus-rw", "prometheus-rw=http://localhost:9090/other"), "");
}

TEST_F(OutputPlansTest, InfluxDb2HasATokenAndABucket) {
  const Plan plan =
      influx2("http://h:8086/load?precision=us", {{"K6_INFLUXDB_ORGANIZATION", "my org"},
                                                  {"K6_INFLUXDB_TOKEN", "s3cret"},
                                                  {"K6_INFLUXDB_BUCKET", "other"}});
  ASSERT_TRUE(plan) << error(plan);
  EXPECT_EQ(plan->target.description, "xk6-influxdb (http://h:8086, bucket load)");
  EXPECT_EQ(plan->target.url.target, "/api/v2/write?bucket=load&precision=us&org=my%20org");
  EXPECT_EQ(header(plan, "Authorization"), "Token s3cret");
  EXPECT_EQ(plan->target.greeting_target, "");
  EXPECT_EQ(error(influx2("http://h")),
            "--out xk6-influxdb: no bucket; write http://host:8086/BUCKET "
            "or set K6_INFLUXDB_BUCKET");
  EXPECT_EQ(error(influx2("http://h/b?precision=h")),
            "--out xk6-influxdb: precision: InfluxDB 2 has ns, us, ms and s");
  EXPECT_EQ(error(influx2("http://u:p@h/b")),
            "--out xk6-influxdb: a user in the address is of "
            "InfluxDB 1; set K6_INFLUXDB_TOKEN");
  EXPECT_EQ(error(influx2("http://h/b", {{"K6_INFLUXDB_DB", "d"}})),
            "K6_INFLUXDB_DB: is of InfluxDB 1: --out influxdb");
  // The extension's own spelling.
  EXPECT_TRUE(influx2("http://h/b", {{"K6_INFLUXDB_PRECISION", "1ms"}}));
}

TEST_F(OutputPlansTest, PrometheusDefaultsAreK6s) {
  const Plan plan = prometheus();
  ASSERT_TRUE(plan) << error(plan);
  EXPECT_EQ(plan->target.description, "prometheus-rw (http://localhost:9090)");
  EXPECT_EQ(plan->target.url.target, "/api/v1/write");
  EXPECT_EQ(header(plan, "Content-Encoding"), "snappy");
  EXPECT_EQ(header(plan, "Content-Type"), "application/x-protobuf");
  EXPECT_EQ(header(plan, "X-Prometheus-Remote-Write-Version"), "0.1.0");
  EXPECT_EQ(plan->target.interval, 5s);
  EXPECT_EQ(plan->target.concurrent, 1u);
  EXPECT_EQ(plan->target.client.tls.version_min, lab::TlsVersion::tls1_3);
}

TEST_F(OutputPlansTest, PrometheusCredentialsAndHeaders) {
  const Plan basic = prometheus({{"K6_PROMETHEUS_RW_SERVER_URL", "https://u:w@p/push?tenant=a%20b"},
                                 {"K6_PROMETHEUS_RW_USERNAME", "user"},
                                 {"K6_PROMETHEUS_RW_PASSWORD", "pw"},
                                 {"K6_PROMETHEUS_RW_HEADERS_X-Scope-OrgID", "7"},
                                 {"K6_PROMETHEUS_RW_HTTP_HEADERS", "A: 1,B:2:3"},
                                 {"K6_PROMETHEUS_RW_TLS_MINIMUM_VERSION", "1.2"}});
  ASSERT_TRUE(basic) << error(basic);
  EXPECT_EQ(basic->target.description, "prometheus-rw (https://p)");
  EXPECT_EQ(basic->target.url.target, "/push?tenant=a%20b");
  EXPECT_EQ(header(basic, "Authorization"), basic_authorization("user", "pw"));
  EXPECT_EQ(header(basic, "X-Scope-OrgID"), "7");
  EXPECT_EQ(header(basic, "A"), "1");
  EXPECT_EQ(header(basic, "B"), "2:3");
  EXPECT_EQ(basic->target.client.tls.version_min, lab::TlsVersion::tls1_2);
  const Plan bearer = prometheus({{"K6_PROMETHEUS_RW_BEARER_TOKEN", "t"}});
  EXPECT_EQ(header(bearer, "Authorization"), "Bearer t");
  const Plan named = plan_remote_write("http://flag:1/write",
                                       context({{"K6_PROMETHEUS_RW_SERVER_URL", "http://other"}}));
  ASSERT_TRUE(named) << error(named);
  EXPECT_EQ(named->target.description, "prometheus-rw (http://flag:1)");
  EXPECT_EQ(named->target.url.target, "/write");
  EXPECT_TRUE(error(plan_remote_write("url=x", context({})))
                  .starts_with("--out experimental-prometheus-rw: "))
      << error(plan_remote_write("url=x", context({})));
}

TEST_F(OutputPlansTest, OpenTelemetryGoesOverHttp) {
  const Plan plan = otlp({{"K6_OTEL_HTTP_EXPORTER_ENDPOINT", "collector:1"},
                          {"K6_OTEL_HTTP_EXPORTER_INSECURE", "true"},
                          {"K6_OTEL_HTTP_EXPORTER_URL_PATH", "otlp/v1/metrics"},
                          {"K6_OTEL_HEADERS", "a=1,b%20=x"},
                          {"K6_OTEL_EXPORT_INTERVAL", "2s"}});
  EXPECT_EQ(error(plan),
            "K6_OTEL_HEADERS: a field's name is made of letters, digits and "
            "!#$%&'*+-.^_`|~");
  const Plan good = otlp({{"K6_OTEL_HTTP_EXPORTER_ENDPOINT", "collector:1"},
                          {"K6_OTEL_HTTP_EXPORTER_INSECURE", "true"},
                          {"K6_OTEL_HTTP_EXPORTER_URL_PATH", "otlp/v1/metrics"},
                          {"K6_OTEL_HEADERS", "a=1,b=x%2Cy"},
                          {"K6_OTEL_EXPORT_INTERVAL", "2s"}});
  ASSERT_TRUE(good) << error(good);
  EXPECT_EQ(good->target.description, "opentelemetry (http://collector:1)");
  EXPECT_EQ(good->target.url.target, "/otlp/v1/metrics");
  EXPECT_EQ(header(good, "b"), "x,y");
  EXPECT_EQ(good->target.interval, 2s);
  EXPECT_EQ(otlp()->target.description, "opentelemetry (https://localhost:4318)");
  EXPECT_EQ(
      error(otlp({{"K6_OTEL_EXPORTER_PROTOCOL", "grpc"}})),
      "K6_OTEL_EXPORTER_PROTOCOL: loader sends OTLP over HTTP; set it to http/protobuf, which "
      "collectors take on port 4318");
  EXPECT_EQ(error(otlp({{"K6_OTEL_EXPORTER_TYPE", "udp"}})),
            "K6_OTEL_EXPORTER_TYPE: \"udp\" is no protocol; use http/protobuf");
  EXPECT_EQ(error(otlp({{"K6_OTEL_HTTP_EXPORTER_ENDPOINT", "http://c:1"}})),
            "K6_OTEL_HTTP_EXPORTER_ENDPOINT: expected HOST:PORT; K6_OTEL_HTTP_EXPORTER_INSECURE "
            "chooses http, and K6_OTEL_HTTP_EXPORTER_URL_PATH the path");
}

TEST_F(OutputPlansTest, CertificatesAreFilesAndComeInPairs) {
  const lab::TemporaryFolder folder;
  std::ofstream(folder.path("cert.pem")) << "certificate";
  std::ofstream(folder.path("key.pem")) << "key";
  const Plan plan = otlp({{"K6_OTEL_TLS_CLIENT_CERTIFICATE", folder.path("cert.pem")},
                          {"K6_OTEL_TLS_CLIENT_KEY", folder.path("key.pem")},
                          {"K6_OTEL_TLS_CERTIFICATE", "ca.pem"}});
  ASSERT_TRUE(plan) << error(plan);
  EXPECT_EQ(plan->target.client.certificates.at(0).identity.key, "key");
  EXPECT_EQ(plan->target.client.authority_file, "ca.pem");
  EXPECT_EQ(error(otlp({{"K6_OTEL_TLS_CLIENT_KEY", "key.pem"}})),
            "K6_OTEL_TLS_CLIENT_CERTIFICATE and K6_OTEL_TLS_CLIENT_KEY: both are files, or neither "
            "is set");
}

TEST_F(OutputPlansTest, NoErrorShowsAPassword) {
  for (const char* address : {"http://user:s3cret@h:x/db", "http://user:s3cret@/db",
                              "user:s3cret@h", "ftp://user:s3cret@h", "http://user:s3cret@h?x=1"}) {
    for (const Plan& plan :
         {influx(address), influx("", {{"K6_INFLUXDB_ADDR", address}}), influx2(address),
          influx("http://h", {{"K6_INFLUXDB_PROXY", "ftp://user:s3cret@h"}}),
          prometheus({{"K6_PROMETHEUS_RW_SERVER_URL", address},
                      {"K6_PROMETHEUS_RW_BEARER_TOKEN", "s3cret\n"}}),
          prometheus({{"K6_PROMETHEUS_RW_HTTP_HEADERS", "s3cret"}}),
          otlp({{"K6_OTEL_HTTP_EXPORTER_ENDPOINT", "u:s3cret@h"}}),
          otlp({{"K6_OTEL_HEADERS", "s3cret"}})}) {
      ASSERT_FALSE(plan) << address;
      EXPECT_EQ(error(plan).find("s3cret"), std::string::npos) << error(plan);
    }
  }
}

TEST(WithoutUsers, HidesThemInWhateverIsShown) {
  struct Row {
    std::string text;
    std::string shown;
  };
  for (const auto& [text, shown] : {
           Row{"influxdb=http://u:p@h:8086/db?x=a@b", "influxdb=http://h:8086/db?x=a@b"},
           Row{"--out=influxdb=http://u@h", "--out=influxdb=http://h"},
           Row{"influxdb=http://u:p@h,influxdb=https://v:q@g/",
               "influxdb=http://h,influxdb=https://g/"},
           Row{"json=a@b.json", "json=a@b.json"},
           Row{"http://h/a@b", "http://h/a@b"},
       }) {
    EXPECT_EQ(without_users(text), shown);
  }
}

// Free texts: any value is one, and has its effect in a test above.
bool is_free_text(std::string_view variable) {
  static const std::set<std::string_view> kTexts{"K6_INFLUXDB_DB",
                                                 "K6_INFLUXDB_USERNAME",
                                                 "K6_INFLUXDB_PASSWORD",
                                                 "K6_INFLUXDB_RETENTION",
                                                 "K6_INFLUXDB_CONSISTENCY",
                                                 "K6_INFLUXDB_ORGANIZATION",
                                                 "K6_INFLUXDB_BUCKET",
                                                 "K6_INFLUXDB_TOKEN",
                                                 "K6_INFLUXDB_TAGS_AS_FIELDS",
                                                 "K6_PROMETHEUS_RW_USERNAME",
                                                 "K6_PROMETHEUS_RW_PASSWORD",
                                                 "K6_PROMETHEUS_RW_BEARER_TOKEN",
                                                 "K6_OTEL_SERVICE_NAME",
                                                 "K6_OTEL_SERVICE_VERSION",
                                                 "K6_OTEL_METRIC_PREFIX",
                                                 "K6_OTEL_HTTP_EXPORTER_USERNAME",
                                                 "K6_OTEL_HTTP_EXPORTER_PASSWORD",
                                                 "K6_OTEL_HTTP_EXPORTER_URL_PATH",
                                                 "K6_OTEL_TLS_CERTIFICATE",
                                                 "OTEL_SERVICE_NAME"};
  return kTexts.contains(variable);
}

TEST_F(OutputPlansTest, EachVariableOfTheTableIsRead) {
  for (const K6Option& option : k6_options()) {
    if (!is_of_output(option.variable)) continue;
    const std::string name(option.variable);
    const Variables variables{{name, "x y"}};
    std::string errors = error(prometheus(variables)) + error(otlp(variables));
    errors += error(influx("", variables)) + error(influx2("http://h/bucket", variables));
    if (option.word == K6Word::refused) {
      EXPECT_NE(errors.find(name + ": " + std::string(option.says)), std::string::npos) << errors;
    } else {
      EXPECT_TRUE(is_free_text(name) || errors.find(name) != std::string::npos) << name << errors;
    }
  }
}

}  // namespace
}  // namespace loader
