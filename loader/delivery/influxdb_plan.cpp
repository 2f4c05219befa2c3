#include "loader/delivery/influxdb_plan.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "loader/delivery/line_protocol.h"
#include "loader/delivery/output_variables.h"
#include "loader/http/header_rules.h"

namespace loader {
namespace {

constexpr std::string_view kDefaultAddress = "http://localhost:8086";
constexpr std::uint64_t kConcurrentWritesMax = 64;
constexpr std::uint64_t kPayloadBytesMax = 64u << 20;

// The query keys of k6's address, and the variables that say the same.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kKeys{{
    {"insecure", "K6_INFLUXDB_INSECURE"},
    {"payload_size", "K6_INFLUXDB_PAYLOAD_SIZE"},
    {"precision", "K6_INFLUXDB_PRECISION"},
    {"retention", "K6_INFLUXDB_RETENTION"},
    {"consistency", "K6_INFLUXDB_CONSISTENCY"},
    {"pushInterval", "K6_INFLUXDB_PUSH_INTERVAL"},
    {"concurrentWrites", "K6_INFLUXDB_CONCURRENT_WRITES"},
    {"tagsAsFields", "K6_INFLUXDB_TAGS_AS_FIELDS"},
}};

// What is of one version alone.
constexpr std::array<std::string_view, 5> kOfVersion1{
    "K6_INFLUXDB_DB", "K6_INFLUXDB_USERNAME", "K6_INFLUXDB_PASSWORD", "K6_INFLUXDB_RETENTION",
    "K6_INFLUXDB_CONSISTENCY"};
constexpr std::array<std::string_view, 3> kOfVersion2{"K6_INFLUXDB_ORGANIZATION",
                                                      "K6_INFLUXDB_BUCKET", "K6_INFLUXDB_TOKEN"};

struct PrecisionName {
  std::string_view name;
  TimePrecision precision;
};
// InfluxDB's names and Go's; behind a 1 they are the extension's.
constexpr std::array<PrecisionName, 9> kPrecisions{{{"ns", TimePrecision::nanoseconds},
                                                    {"n", TimePrecision::nanoseconds},
                                                    {"us", TimePrecision::microseconds},
                                                    {"µs", TimePrecision::microseconds},
                                                    {"u", TimePrecision::microseconds},
                                                    {"ms", TimePrecision::milliseconds},
                                                    {"s", TimePrecision::seconds},
                                                    {"m", TimePrecision::minutes},
                                                    {"h", TimePrecision::hours}}};

// How the two APIs call a precision; empty: the second has none such.
struct PrecisionParameter {
  std::string_view version1;
  std::string_view version2;
};
constexpr std::array<PrecisionParameter, 6> kParameters{
    {{"n", "ns"}, {"u", "us"}, {"ms", "ms"}, {"s", "s"}, {"m", ""}, {"h", ""}}};

/// Reads what both versions have.
class InfluxReader {
 public:
  InfluxReader(const std::string& address, const OutputContext& context, std::string flag)
      : context_(context), flag_(std::move(flag)), variables_(context.variables) {
    read_address(address);
  }

  lab::Result<NetworkOutputPlan> version1() {
    refuse_all(kOfVersion2, "is of InfluxDB 2: --out xk6-influxdb");
    read_common();
    const std::string database = path_.empty() ? variables_.text_or("K6_INFLUXDB_DB", "k6") : path_;
    const auto user = address_.user ? address_.user : variables_.text("K6_INFLUXDB_USERNAME");
    const auto password =
        address_.user ? address_.password : variables_.text("K6_INFLUXDB_PASSWORD");
    if (user) {
      target_.headers.set("Authorization", basic_authorization(*user, password.value_or("")));
    }
    const std::string base = base_path();
    std::string target = base + "write?db=" + percent_encoded(database) +
                         "&precision=" + std::string(parameter().version1);
    add_parameter(target, "rp", variables_.text_or("K6_INFLUXDB_RETENTION", ""));
    add_parameter(target, "consistency", variables_.text_or("K6_INFLUXDB_CONSISTENCY", ""));
    target_.url.target = target;
    target_.greeting_target =
        base + "query?q=" + percent_encoded("CREATE DATABASE " + quoted(database));
    return finish("influxdb", "db " + percent_encoded(database),
                  variables_.text_or("K6_INFLUXDB_RETENTION", ""));
  }

  lab::Result<NetworkOutputPlan> version2() {
    refuse_all(kOfVersion1, "is of InfluxDB 1: --out influxdb");
    if (variables_.text("K6_INFLUXDB_ENABLE_UNIQUE_TAG")) {
      variables_.fail("K6_INFLUXDB_ENABLE_UNIQUE_TAG",
                      "loader needs no tag to keep points of one instant apart; leave it out");
    }
    if (address_.user) {
      variables_.fail(flag_, "a user in the address is of InfluxDB 1; set K6_INFLUXDB_TOKEN");
    }
    if (const auto token = variables_.text("K6_INFLUXDB_TOKEN")) {
      const auto added =
          add_user_header(target_.headers, "Authorization", "Token " + *token, "K6_INFLUXDB_TOKEN");
      if (!added) variables_.fail(added.error().where, added.error().what);
    }
    read_common();
    const std::string bucket = path_.empty() ? variables_.text_or("K6_INFLUXDB_BUCKET", "") : path_;
    if (bucket.empty()) {
      variables_.fail(flag_, "no bucket; write http://host:8086/BUCKET or set K6_INFLUXDB_BUCKET");
    }
    if (parameter().version2.empty()) {
      variables_.fail("K6_INFLUXDB_PRECISION", "InfluxDB 2 has ns, us, ms and s");
    }
    target_.url.target = base_path() + "api/v2/write?bucket=" + percent_encoded(bucket) +
                         "&precision=" + std::string(parameter().version2);
    add_parameter(target_.url.target, "org", variables_.text_or("K6_INFLUXDB_ORGANIZATION", ""));
    return finish("xk6-influxdb", "bucket " + percent_encoded(bucket),
                  variables_.text_or("K6_INFLUXDB_ORGANIZATION", ""));
  }

 private:
  void read_address(const std::string& argument) {
    const std::string variable = "K6_INFLUXDB_ADDR";
    const std::string base = variables_.text_or(variable, std::string(kDefaultAddress));
    const std::string& text = argument.empty() ? base : argument;
    const std::string where = argument.empty() ? variable : flag_;
    if (text.starts_with("udp://")) {
      return variables_.fail(where, "loader writes to InfluxDB over http and https only");
    }
    auto address = parse_output_address(text, where);
    if (!address) return variables_.fail(address.error().where, address.error().what);
    address_ = *std::move(address);
    target_.url = address_.url;
    if (!argument.empty()) {
      path_ = address_.path.substr(1);
      target_.url.target = "/";
    }
    for (const auto& [key, value] : address_.query) take_key(where, key, value);
  }

  void take_key(const std::string& where, const std::string& key, const std::string& value) {
    const auto known = std::find_if(kKeys.begin(), kKeys.end(),
                                    [&](const auto& each) { return each.first == key; });
    if (known == kKeys.end()) {
      std::string names;
      for (const auto& [name, variable] : kKeys)
        names += (names.empty() ? "" : ", ") + std::string(name);
      return variables_.fail(where, "unknown query key \"" + key + "\"; there are " + names);
    }
    const std::string variable(known->second);
    std::string& said = said_[variable];
    // tagsAsFields may be said several times.
    said = said.empty() || key != "tagsAsFields" ? value : said + "," + value;
    variables_.set(variable, said);
  }

  template <std::size_t count>
  void refuse_all(const std::array<std::string_view, count>& names, const std::string& why) {
    for (const std::string_view name : names) {
      if (variables_.text(std::string(name))) variables_.fail(std::string(name), why);
    }
  }

  void read_common() {
    target_.client.insecure_skip_tls_verify = variables_.is_on("K6_INFLUXDB_INSECURE", false);
    target_.concurrent = static_cast<unsigned>(
        variables_.number("K6_INFLUXDB_CONCURRENT_WRITES", 4, 1, kConcurrentWritesMax));
    target_.interval = variables_.interval("K6_INFLUXDB_PUSH_INTERVAL", std::chrono::seconds(1));
    const std::uint64_t payload =
        variables_.number("K6_INFLUXDB_PAYLOAD_SIZE", 0, 0, kPayloadBytesMax);
    if (payload > 0) format_.bytes_max = payload;
    read_precision();
    read_fields();
    read_proxy();
  }

  void read_precision() {
    const auto text = variables_.text("K6_INFLUXDB_PRECISION");
    if (!text) return;
    std::string_view name = *text;
    if (name.starts_with('1')) name.remove_prefix(1);
    const auto known = std::find_if(kPrecisions.begin(), kPrecisions.end(),
                                    [&](const auto& each) { return each.name == name; });
    if (known == kPrecisions.end()) {
      return variables_.fail("K6_INFLUXDB_PRECISION",
                             "\"" + *text + "\" is no unit; use ns, us, ms, s, m or h");
    }
    format_.precision = known->precision;
  }

  void read_fields() {
    const auto text = variables_.text("K6_INFLUXDB_TAGS_AS_FIELDS");
    if (!text) return;
    format_.fields.clear();
    for (const std::string& each : listed(*text)) add_field(each);
  }

  void add_field(const std::string& text) {
    const std::string where = "K6_INFLUXDB_TAGS_AS_FIELDS";
    static const std::map<std::string, FieldKind> kKinds{{"", FieldKind::text},
                                                         {"string", FieldKind::text},
                                                         {"int", FieldKind::integer},
                                                         {"float", FieldKind::number},
                                                         {"bool", FieldKind::boolean}};
    const std::size_t colon = text.find(':');
    const std::string name = text.substr(0, colon);
    const auto kind = kKinds.find(colon == std::string::npos ? "" : text.substr(colon + 1));
    if (kind == kKinds.end() || name.empty()) {
      return variables_.fail(where, "\"" + text +
                                        "\" is no field; write NAME or NAME:KIND, of the kinds "
                                        "string, int, float and bool");
    }
    const bool is_twice = std::any_of(format_.fields.begin(), format_.fields.end(),
                                      [&](const auto& each) { return each.first == name; });
    if (is_twice) return variables_.fail(where, "\"" + name + "\" is named twice");
    format_.fields.emplace_back(name, kind->second);
  }

  void read_proxy() {
    const auto proxy = variables_.text("K6_INFLUXDB_PROXY");
    if (!proxy) return;
    const std::string variable = "K6_INFLUXDB_PROXY";
    const bool is_address = parse_output_address(*proxy, variable).has_value();
    auto rules = ProxyRules::for_all(variable, *proxy);
    if (!is_address || !rules) {
      return variables_.fail(variable,
                             "not a proxy; write http://host:port or https://host:port, with "
                             "user:password@ before the host if need be");
    }
    target_.client.proxies = *std::move(rules);
  }

  [[nodiscard]] const PrecisionParameter& parameter() const {
    return kParameters[static_cast<std::size_t>(format_.precision)];
  }

  [[nodiscard]] std::string base_path() const {
    const std::string& path = target_.url.target;
    return path.ends_with('/') ? path : path + "/";
  }

  static void add_parameter(std::string& target, const std::string& name,
                            const std::string& value) {
    if (!value.empty()) target += "&" + name + "=" + percent_encoded(value);
  }

  // An identifier of InfluxQL.
  static std::string quoted(const std::string& name) {
    std::string text = "\"";
    for (const char c : name) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    return text + "\"";
  }

  // `where` is in the server, and `part` what a name may be there several times for.
  lab::Result<NetworkOutputPlan> finish(const std::string& kind, const std::string& where,
                                        const std::string& part) {
    if (variables_.error()) return error_where_it_was_said();
    target_.description = kind + " (" + origin_of(target_.url) + ", " + where + ")";
    target_.destination = target_.description + " " + part;
    // In virtual time only full batches are written: a second of it is no time.
    if (context_.is_virtual) target_.interval = lab::Duration::max();
    target_.left_out = influxdb_left_out;
    format_.threads = context_.threads;
    NetworkOutputPlan plan{.target = std::move(target_)};
    plan.encoder =
        std::make_unique<LineProtocol>(context_.registry, context_.clock, std::move(format_));
    return plan;
  }

  [[nodiscard]] lab::Error error_where_it_was_said() const {
    lab::Error error = *variables_.error();
    for (const auto& [key, variable] : kKeys) {
      if (error.where == variable && said_.contains(error.where)) {
        error.where = flag_ + ": " + std::string(key);
      }
    }
    return error;
  }

  const OutputContext& context_;
  std::string flag_;
  std::map<std::string, std::string> said_;  ///< By the address, under the variable's name.
  OutputVariables variables_;
  OutputAddress address_;
  std::string path_;  ///< Of the argument: the database, or the bucket.
  DeliveryTarget target_;
  LineFormat format_;
};

}  // namespace

lab::Result<NetworkOutputPlan> plan_influxdb(const std::string& address,
                                             const OutputContext& context) {
  return InfluxReader(address, context, "--out influxdb").version1();
}

lab::Result<NetworkOutputPlan> plan_influxdb2(const std::string& address,
                                              const OutputContext& context) {
  return InfluxReader(address, context, "--out xk6-influxdb").version2();
}

}  // namespace loader
