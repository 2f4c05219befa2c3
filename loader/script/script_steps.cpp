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

// What Go's client says of a URL that it can read but not ask; empty of any other.
std::string problem_of(std::string_view url) {
  const std::string_view head = url.substr(0, url.find_first_of("/?#"));
  const std::size_t colon = head.find(':');
  std::string scheme(head.substr(0, colon == head.npos ? 0 : colon));
  std::ranges::transform(scheme, scheme.begin(), [](unsigned char c) { return std::tolower(c); });
  if (scheme != "http" && scheme != "https") {
    return "unsupported protocol scheme \"" + scheme + "\"";
  }
  std::string_view rest = url.substr(colon + 1);
  if (rest.starts_with("//")) rest.remove_prefix(2);
  const bool has_host = rest.size() + colon + 3 == url.size() && !rest.empty() &&
                        std::string_view("/?#").find(rest.front()) == rest.npos;
  return has_host ? "" : "http: no Host in request URL";
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
  std::string problem;
  if (!target) {
    problem = problem_of(request.url);
    if (problem.empty()) return target.error();
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
