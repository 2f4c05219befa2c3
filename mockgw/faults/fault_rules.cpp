#include "mockgw/faults/fault_rules.h"

#include <algorithm>

namespace mockgw {
namespace {

bool headers_match(const std::vector<std::pair<std::string, std::string>>& wanted,
                   const lab::HttpHeaders& headers) {
  for (const auto& [name, value] : wanted) {
    const auto found = headers.find(name);
    if (!found || (!value.empty() && *found != value)) return false;
  }
  return true;
}

bool path_matches(const std::optional<std::string>& wanted, const FaultFacts& facts) {
  if (!wanted) return facts.is_chat;
  std::string_view path = *wanted;
  if (!path.ends_with('*')) return path == facts.path;
  path.remove_suffix(1);
  return facts.path.starts_with(path);
}

bool facts_match(const FaultMatch& match, const FaultFacts& facts) {
  if (match.model && *match.model != facts.model) return false;
  if (!path_matches(match.path, facts)) return false;
  if (match.api_key && *match.api_key != facts.api_key) return false;
  if (match.stream && *match.stream != facts.stream) return false;
  return headers_match(match.headers, facts.headers);
}

bool percent_hits(const FaultRule& rule, double share, const lab::Rng& rng) {
  const double percent = rule.match.percent * share;
  if (percent >= 100) return true;
  return rng.child("fault", rule.name).uniform01() * 100 < percent;
}

}  // namespace

bool FaultSchedule::contains(lab::Duration elapsed) const {
  if (elapsed < from) return false;
  if (!length) return true;
  const lab::Duration since = elapsed - from;
  return (every ? since % *every : since) < *length;
}

double FaultSchedule::share(lab::Duration elapsed) const {
  if (ramp <= lab::Duration::zero()) return 1;
  const lab::Duration since = elapsed - from;
  const lab::Duration active = every ? since % *every : since;
  return std::min(1.0, lab::to_seconds(active) / lab::to_seconds(ramp));
}

const Fault* FaultPlan::find(FaultKind kind) const {
  for (const FaultRule* rule : rules_) {
    if (rule->fault.kind == kind) return &rule->fault;
  }
  return nullptr;
}

const Fault* FaultPlan::refusal() const {
  const Fault* const status = find(FaultKind::status);
  return status ? status : find(FaultKind::error);
}

lab::Duration FaultPlan::delay(FaultKind kind, const lab::Rng& rng) const {
  const Fault* fault = find(kind);
  if (!fault) return {};
  lab::Rng draw = rng.child("fault-delay", static_cast<std::uint64_t>(kind));
  return fault->delay.sample_duration(draw);
}

FaultRules::FaultRules(std::vector<FaultRule> rules)
    : rules_(std::move(rules)),
      matched_(std::make_unique<std::atomic<std::uint64_t>[]>(rules_.size())) {}

FaultPlan FaultRules::plan(const FaultFacts& facts, lab::Duration elapsed, const lab::Rng& rng) {
  FaultPlan plan;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const FaultRule& rule = rules_[i];
    if (!rule.active.contains(elapsed)) continue;
    if (!facts_match(rule.match, facts)) continue;
    if (!percent_hits(rule, rule.active.share(elapsed), rng)) continue;
    const std::uint64_t nth = matched_[i].fetch_add(1, std::memory_order_relaxed) + 1;
    if (nth % rule.match.every_nth != 0) continue;
    const std::uint64_t hit = nth / rule.match.every_nth;
    if (rule.match.first_n != 0 && hit > rule.match.first_n) continue;
    plan.add(rule);
  }
  return plan;
}

}  // namespace mockgw
