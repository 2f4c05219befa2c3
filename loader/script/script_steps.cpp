#include "loader/script/script_steps.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace loader {
namespace {

// In no URL, and in no tag that matters.
constexpr char kSeparator = '\0';

lab::Result<StepTarget> target_of(const ScriptRequest& request, const Url* gateway) {
  auto url = parse_sent_url(request.url);
  if (!url) return url.error();
  if (gateway != nullptr) {
    url->is_https = gateway->is_https;
    url->host = gateway->host;
    url->port = gateway->port;
  }
  return StepTarget(*std::move(url), request.url);
}

// What Go's dialer says of an address that is none: "[::1]:99999", ":80".
RequestError address_problem(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  const bool has_port =
      colon != address.npos && address.find_first_not_of("0123456789", colon + 1) == address.npos;
  if (!has_port) return {};
  if (colon == 0) return {kErrorDnsNoSuchHost, "lookup: no such host"};
  const std::string port(address.substr(colon + 1));
  // It is tried, and nobody is there.
  if (port.find_first_not_of('0') == port.npos) {
    return {kErrorTcpDialRefused, "dial: connection refused"};
  }
  return {kErrorTcpDial, "dial tcp: address " + port + ": invalid port"};
}

// What Go's client says of a URL that it can read but not ask; code 0 of any other.
RequestError problem_of(std::string_view url) {
  const std::string_view head = url.substr(0, url.find_first_of("/?#"));
  const std::size_t colon = head.find(':');
  std::string scheme(head.substr(0, colon == head.npos ? 0 : colon));
  std::ranges::transform(scheme, scheme.begin(), [](unsigned char c) { return std::tolower(c); });
  if (scheme != "http" && scheme != "https") {
    return {kErrorGeneric, "unsupported protocol scheme \"" + scheme + "\""};
  }
  std::string_view rest = url.substr(colon + 1);
  const bool has_authority = rest.starts_with("//");
  if (has_authority) rest.remove_prefix(2);
  const std::string_view address = rest.substr(0, rest.find_first_of("/?#"));
  if (!has_authority || address.empty()) return {kErrorGeneric, "http: no Host in request URL"};
  return address_problem(address);
}

Step step_of(const ScriptRequest& request) {
  Step step;
  // Without a name of its own it is tagged by its URL, and by those that it is redirected to.
  if (request.name != request.url) step.name = request.name;
  step.tags = request.tags;
  step.has_expectation = request.expected.has_value();
  if (request.expected) step.expected_statuses = *request.expected;
  return step;
}

}  // namespace

void ScriptSteps::make_key(const ScriptRequest& request) {
  key_.assign(request.url);
  key_ += kSeparator;
  key_ += request.name;
  for (const auto& [key, value] : request.tags) {
    key_ += kSeparator;
    key_ += key;
    key_ += kSeparator;
    key_ += value;
  }
  key_ += kSeparator;
  if (!request.expected) key_ += 'n';
  if (request.expected) {
    for (const StatusRange& range : *request.expected) {
      key_.append(reinterpret_cast<const char*>(&range), sizeof range);
    }
  }
}

lab::Result<const ScriptStep*> ScriptSteps::find(const ScriptRequest& request, const Url* gateway) {
  make_key(request);
  const auto found = known_.find(key_);
  if (found != known_.end()) return found->second;
  auto target = target_of(request, gateway);
  RequestError problem;
  if (!target) {
    problem = problem_of(request.url);
    if (problem.code == 0) return target.error();
    target = StepTarget({}, request.url);
  }
  if (is_full()) {
    // The address is always the same, and so are name and tags: tags are found by it.
    further_.step = {};
    further_.step.name = kFurther;
    further_.target = *std::move(target);
    further_.problem = std::move(problem);
    return &further_;
  }
  steps_.push_back({step_of(request), *std::move(target), std::move(problem)});
  known_.emplace(key_, &steps_.back());
  return &steps_.back();
}

}  // namespace loader
