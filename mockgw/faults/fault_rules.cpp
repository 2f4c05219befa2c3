#include "mockgw/faults/fault_rules.h"

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

bool facts_match(const FaultMatch& match, const FaultFacts& facts) {
  if (match.model && *match.model != facts.model) return false;
  if (match.path && *match.path != facts.path) return false;
  if (match.api_key && *match.api_key != facts.api_key) return false;
  if (match.stream && *match.stream != facts.stream) return false;
  return headers_match(match.headers, facts.headers);
}

bool percent_hits(const FaultRule& rule, const lab::Rng& rng) {
  if (rule.match.percent >= 100) return true;
  return rng.child("fault", rule.name).uniform01() * 100 < rule.match.percent;
}

}  // namespace

bool FaultSchedule::contains(lab::Duration elapsed) const {
  if (elapsed < from) return false;
  if (!length) return true;
  const lab::Duration since = elapsed - from;
  return (every ? since % *every : since) < *length;
}

const Fault* FaultPlan::find(FaultKind kind) const {
  for (const FaultRule* rule : rules_) {
    if (rule->fault.kind == kind) return &rule->fault;
  }
  return nullptr;
}

FaultRules::FaultRules(std::vector<FaultRule> rules)
    : rules_(std::move(rules)),
      matched_(std::make_unique<std::atomic<std::uint64_t>[]>(rules_.size())) {}

FaultPlan FaultRules::plan(const FaultFacts& facts, lab::Duration elapsed, const lab::Rng& rng) {
  FaultPlan plan;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const FaultRule& rule = rules_[i];
    if (!rule.active.contains(elapsed)) continue;
    if (!facts_match(rule.match, facts) || !percent_hits(rule, rng)) continue;
    const std::uint64_t nth = matched_[i].fetch_add(1, std::memory_order_relaxed) + 1;
    if (nth % rule.match.every_nth != 0) continue;
    const std::uint64_t hit = nth / rule.match.every_nth;
    if (rule.match.first_n != 0 && hit > rule.match.first_n) continue;
    plan.add(rule);
  }
  return plan;
}

}  // namespace mockgw
