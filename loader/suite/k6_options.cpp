#include "loader/suite/k6_options.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace loader {
namespace {

using enum K6Word;
using F = K6Flag;
using S = K6Shape;

constexpr std::string_view kNoServer =
    "loader has no REST API through which a run could be resumed, kept or ended; leave it out";
constexpr std::string_view kNoSummary = "has no effect: a flow does not write its summary itself";
constexpr std::string_view kNoBatch =
    "has no effect: a flow sends one request at a time, so there is no batch to be bounded";
constexpr std::string_view kNoCloud = "is about k6's cloud and extensions, and has no effect here";
constexpr std::string_view kWorkedOut =
    "is what k6 inspect works out from the others, and has no effect";

constexpr std::array kOptions{
    // The load.
    K6Option{"scenarios", "", "", "", F::none, works, S::own, ""},
    K6Option{"vus", "K6_VUS", "vus", "u", F::value, works, S::own,
             "beside scenarios it has no effect, as in k6, which is told of"},
    K6Option{"duration", "K6_DURATION", "duration", "d", F::value, works, S::own, ""},
    K6Option{"iterations", "K6_ITERATIONS", "iterations", "i", F::value, works, S::own, ""},
    K6Option{"stages", "K6_STAGES", "stage", "s", F::value, works, S::own, ""},
    K6Option{"executionSegment", "", "execution-segment", "", F::value, works, S::own, ""},
    K6Option{"executionSegmentSequence", "", "execution-segment-sequence", "", F::value, works,
             S::own, ""},
    K6Option{"paused", "K6_PAUSED", "paused", "p", F::toggle, refused, S::own, kNoServer},
    K6Option{"noSetup", "K6_NO_SETUP", "no-setup", "", F::toggle, works, S::text, ""},
    K6Option{"setupTimeout", "K6_SETUP_TIMEOUT", "", "", F::none, works, S::text, ""},
    K6Option{"noTeardown", "K6_NO_TEARDOWN", "no-teardown", "", F::toggle, works, S::text, ""},
    K6Option{"teardownTimeout", "K6_TEARDOWN_TIMEOUT", "", "", F::none, works, S::text, ""},
    K6Option{"minIterationDuration", "K6_MIN_ITERATION_DURATION", "min-iteration-duration", "",
             F::value, works, S::text, ""},
    K6Option{"rps", "K6_RPS", "rps", "", F::value, works, S::text,
             "over all virtual users and threads; 0 is no bound"},
    // Requests.
    K6Option{"userAgent", "K6_USER_AGENT", "user-agent", "", F::value, works, S::text, ""},
    K6Option{"maxRedirects", "K6_MAX_REDIRECTS", "max-redirects", "", F::value, works, S::text, ""},
    K6Option{"throw", "K6_THROW", "throw", "w", F::toggle, works, S::text,
             "a request without a response ends the iteration"},
    K6Option{"discardResponseBodies", "K6_DISCARD_RESPONSE_BODIES", "discard-response-bodies", "",
             F::toggle, works, S::text,
             "of http steps, whose checks then see none; a chat step needs its answer"},
    K6Option{"noCookiesReset", "K6_NO_COOKIES_RESET", "", "", F::none, works, S::text, ""},
    K6Option{"noConnectionReuse", "K6_NO_CONNECTION_REUSE", "no-connection-reuse", "", F::toggle,
             works, S::text, ""},
    K6Option{"noVUConnectionReuse", "K6_NO_VU_CONNECTION_REUSE", "no-vu-connection-reuse", "",
             F::toggle, works, S::text, ""},
    K6Option{"batch", "K6_BATCH", "batch", "", F::value, for_scripts, S::text, kNoBatch},
    K6Option{"batchPerHost", "K6_BATCH_PER_HOST", "batch-per-host", "", F::value, for_scripts,
             S::text, kNoBatch},
    K6Option{"httpDebug", "K6_HTTP_DEBUG", "http-debug", "", F::value, works, S::text,
             "headers or full, on standard error"},
    K6Option{"dns", "K6_DNS", "dns", "", F::value, works, S::pairs,
             "by default a host is looked up once a run"},
    K6Option{"hosts", "", "", "", F::none, works, S::own,
             "a name, with its port or a wildcard at its start, to an address"},
    K6Option{"", "K6_HOSTS", "", "", F::none, refused, S::own, "say it in the option hosts"},
    K6Option{"blacklistIPs", "K6_BLACKLIST_IPS", "blacklist-ip", "", F::value, works, S::list, ""},
    K6Option{"blockHostnames", "K6_BLOCK_HOSTNAMES", "block-hostnames", "", F::value, works,
             S::list, ""},
    K6Option{"localIPs", "K6_LOCAL_IPS", "local-ips", "", F::value, refused, S::own,
             "loader leaves the local address of a connection to the system; leave it out"},
    K6Option{"insecureSkipTLSVerify", "K6_INSECURE_SKIP_TLS_VERIFY", "insecure-skip-tls-verify", "",
             F::toggle, works, S::text, ""},
    K6Option{"tlsVersion", "", "", "", F::none, works, S::own, ""},
    K6Option{"tlsCipherSuites", "", "", "", F::none, works, S::own,
             "of TLS 1.2 and before, as in Go"},
    K6Option{"", "K6_TLS_CIPHER_SUITES", "", "", F::none, refused, S::own,
             "say it in the option tlsCipherSuites"},
    K6Option{"tlsAuth", "", "", "", F::none, works, S::own, ""},
    K6Option{"", "K6_TLSAUTH", "", "", F::none, refused, S::own, "say it in the option tlsAuth"},
    K6Option{"", "SSLKEYLOGFILE", "", "", F::none, warned, S::own,
             "loader writes down no keys of TLS connections"},
    // Thresholds and reports.
    K6Option{"thresholds", "", "", "", F::none, works, S::own, ""},
    K6Option{"", "K6_THRESHOLDS", "", "", F::none, refused, S::own,
             "say it in the option thresholds"},
    K6Option{"", "K6_NO_THRESHOLDS", "no-thresholds", "", F::toggle, works, S::own, ""},
    K6Option{"tags", "K6_TAGS", "tag", "", F::value, works, S::own, ""},
    K6Option{"systemTags", "K6_SYSTEM_TAGS", "system-tags", "", F::value, works, S::list,
             "vu, iter and ocsp_status, which no sample has, are a warning"},
    K6Option{"summaryTrendStats", "K6_SUMMARY_TREND_STATS", "summary-trend-stats", "", F::value,
             works, S::own, ""},
    K6Option{"summaryTimeUnit", "K6_SUMMARY_TIME_UNIT", "summary-time-unit", "", F::value, works,
             S::text, ""},
    K6Option{"", "K6_SUMMARY_MODE", "summary-mode", "", F::value, works, S::own, ""},
    K6Option{"", "K6_NO_SUMMARY", "no-summary", "", F::toggle, works, S::own, ""},
    K6Option{"", "K6_SUMMARY_EXPORT", "summary-export", "", F::value, works, S::own, ""},
    K6Option{"handleSummaryTimeout", "K6_HANDLE_SUMMARY_TIMEOUT", "", "", F::none, for_scripts,
             S::text, kNoSummary},
    K6Option{"", "K6_NEW_MACHINE_READABLE_SUMMARY", "new-machine-readable-summary", "", F::toggle,
             refused, S::own, "loader writes the summary in k6's older shape only; leave it out"},
    K6Option{"out", "", "", "", F::none, refused, S::own, "say it with --out or K6_OUT"},
    K6Option{"", "K6_OUT", "out", "o", F::value, works, S::own, "json and csv"},
    K6Option{"", "K6_CSV_FILENAME", "", "", F::none, works, S::own, "of --out csv"},
    K6Option{"", "K6_CSV_SAVE_INTERVAL", "", "", F::none, works, S::own, "of --out csv"},
    K6Option{"", "K6_CSV_TIME_FORMAT", "", "", F::none, works, S::own, "of --out csv"},
    K6Option{"collectors", "", "", "", F::none, refused, S::own, "say it with --out or K6_OUT"},
    K6Option{"webDashboard", "K6_WEB_DASHBOARD", "", "", F::none, refused, S::own,
             "loader has no dashboard; --html writes a report"},
    K6Option{"", "K6_TRACES_OUTPUT", "traces-output", "", F::value, refused, S::own,
             "loader writes no traces; leave it out"},
    K6Option{"metricSamplesBufferSize", "K6_METRIC_SAMPLES_BUFFER_SIZE", "", "", F::none, warned,
             S::text, "has no effect: samples do not wait in a buffer"},
    // The program.
    K6Option{"", "", "env", "e", F::value, works, S::own, ""},
    K6Option{"", "K6_INCLUDE_SYSTEM_ENV_VARS", "include-system-env-vars", "", F::toggle, works,
             S::own, "on, as for k6 run"},
    K6Option{"", "K6_CONFIG", "config", "c", F::value, works, S::own,
             "below the suite's options; there is no default file"},
    K6Option{"", "K6_LOG_OUTPUT", "log-output", "", F::value, works, S::own,
             "stderr, stdout, none or file=FILE, without k6's level"},
    K6Option{"", "K6_LOG_FORMAT", "log-format", "", F::value, works, S::own, "text, json or raw"},
    K6Option{"", "K6_CONSOLE_OUTPUT", "console-output", "", F::value, for_scripts, S::own,
             "has no effect: a flow has no console"},
    K6Option{"noColor", "K6_NO_COLOR", "no-color", "", F::toggle, works, S::own, ""},
    K6Option{"", "NO_COLOR", "", "", F::none, works, S::own, ""},
    K6Option{"", "", "quiet", "q", F::toggle, works, S::own, ""},
    K6Option{"", "", "verbose", "v", F::toggle, works, S::own, "console.debug() of a script"},
    K6Option{"noUsageReport", "K6_NO_USAGE_REPORT", "no-usage-report", "", F::toggle, works,
             S::text, "loader sends none anyway"},
    K6Option{"linger", "K6_LINGER", "linger", "l", F::toggle, refused, S::own, kNoServer},
    K6Option{"", "K6_ADDRESS", "address", "a", F::value, refused, S::own, kNoServer},
    K6Option{"", "K6_PROFILING_ENABLED", "profiling-enabled", "", F::toggle, refused, S::own,
             kNoServer},
    K6Option{"", "K6_SECRET_SOURCE", "secret-source", "", F::value, refused, S::own,
             "loader has no sources of secrets; API_KEY and -e are for them"},
    K6Option{"features", "K6_FEATURES", "features", "", F::value, refused, S::own,
             "loader has none of k6's feature flags; leave it out"},
    K6Option{"", "K6_TYPE", "type", "t", F::value, refused, S::own,
             "scripts and suites are told apart by their names or texts, archives are not read; "
             "leave it out"},
    K6Option{"", "K6_COMPATIBILITY_MODE", "compatibility-mode", "", F::value, warned, S::own,
             "has no effect: there is one mode, in which scripts for both of k6's run"},
    K6Option{"", "K6_AUTO_EXTENSION_RESOLUTION", "", "", F::none, warned, S::own, kNoCloud},
    K6Option{"", "K6_BUILD_SERVICE_URL", "", "", F::none, warned, S::own, kNoCloud},
    K6Option{"", "K6_DEPENDENCIES_MANIFEST", "", "", F::none, warned, S::own, kNoCloud},
    K6Option{"cloud", "", "", "", F::none, warned, S::own, kNoCloud},
    K6Option{"ext", "", "", "", F::none, warned, S::own, kNoCloud},
    K6Option{"noArchiveUpload", "K6_NO_ARCHIVE_UPLOAD", "", "", F::none, warned, S::text, kNoCloud},
    K6Option{"maxVUs", "", "", "", F::none, warned, S::own, kWorkedOut},
    K6Option{"totalDuration", "", "", "", F::none, warned, S::own, kWorkedOut},
    K6Option{"", "HTTP_PROXY", "", "", F::none, works, S::own,
             "also in small letters, as the next two"},
    K6Option{"", "HTTPS_PROXY", "", "", F::none, works, S::own, "with CONNECT"},
    K6Option{"", "NO_PROXY", "", "", F::none, works, S::own,
             "localhost and loopback addresses never go through a proxy"},
};

constexpr std::array<std::string_view, 9> kOtherParts{
    "K6_CLOUD_",         "K6_CLOUDRUN_", "K6_BROWSER_", "K6_PROVISION_",    "K6_INFLUXDB_",
    "K6_PROMETHEUS_RW_", "K6_OTEL_",     "K6_STATSD_",  "K6_WEB_DASHBOARD_"};

}  // namespace

std::span<const K6Option> k6_options() { return kOptions; }

bool is_of_other_parts(std::string_view variable) {
  return std::any_of(kOtherParts.begin(), kOtherParts.end(),
                     [variable](std::string_view prefix) { return variable.starts_with(prefix); });
}

}  // namespace loader
