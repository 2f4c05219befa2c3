#include "loader/flow/run_context.h"

#include <cassert>
#include <utility>

namespace loader {

RunContext::RunContext(lab::Runtime& runtime, Metrics& metrics, TagTable& tags,
                       RunSettings settings)
    : runtime_(runtime),
      metrics_(metrics),
      settings_(std::move(settings)),
      authorization_(settings_.api_key.empty() ? "" : "Bearer " + settings_.api_key),
      user_agent_(settings_.client.user_agent.value_or("loader/" LAB_VERSION)),
      tags_(tags, settings_.warn, settings_.system_tags),
      http_(runtime, settings_.client, settings_.rng.child("dns"), settings_.show) {}

void RunContext::warn_once(const std::string& text) {
  constexpr std::size_t kTextsMax = 100;
  if (!settings_.warn || warned_.size() == kTextsMax) return;
  if (warned_.insert(text).second) settings_.warn(text);
}

const StepTarget& RunContext::target(const Step& step, const std::string& path) {
  const auto known = targets_.find(&step);
  if (known != targets_.end()) return known->second;
  const auto url = join_url(settings_.base_url, path);
  assert(url.has_value());
  return targets_.emplace(&step, StepTarget{*url, url->to_string()}).first->second;
}

}  // namespace loader
