#include "loader/metrics/breakdown.h"

#include <algorithm>

namespace loader {

void Breakdown::add(const Sample& sample) {
  auto known = of_set_.find(sample.tags.index);
  if (known == of_set_.end()) {
    known = of_set_.emplace(sample.tags.index, parts_of(sample)).first;
  }
  for (Part* const part : known->second) {
    part->metrics.add(sample.metric, sample.value, sample.tags, sample.at);
    part->last = std::max(part->last, sample.at);
    if (sample.metric != BuiltinMetrics::checks) continue;
    CheckTally& tally = part->checks[std::string(tags_->find(sample.tags, "check").value_or(""))];
    ++(sample.value != 0 ? tally.passes : tally.fails);
  }
}

std::vector<Breakdown::Part*> Breakdown::parts_of(const Sample& sample) {
  std::vector<Part*> parts;
  const auto add = [&](Kind kind, std::string_view scenario, std::string_view name) {
    if (Part* const found = part(kind, scenario, name, sample.at)) parts.push_back(found);
  };
  const auto scenario = tags_->find(sample.tags, "scenario");
  if (scenario) {
    add(Kind::scenario, *scenario, *scenario);
    const auto phase = tags_->find(sample.tags, "phase");
    if (phase) add(Kind::phase, *scenario, *phase);
  }
  // k6's root group is the empty one: that is the whole.
  const auto group = tags_->find(sample.tags, "group");
  if (group && !group->empty()) add(Kind::group, {}, *group);
  return parts;
}

Breakdown::Part* Breakdown::part(Kind kind, std::string_view scenario, std::string_view name,
                                 lab::TimePoint at) {
  Key key(kind, scenario, name);
  const auto known = by_key_.find(key);
  if (known != by_key_.end()) {
    known->second->first = std::min(known->second->first, at);
    return known->second;
  }
  if (parts_.size() == kPartsMax) return nullptr;
  Part& made = parts_.emplace_back(Part{.kind = kind,
                                        .scenario = std::string(scenario),
                                        .name = std::string(name),
                                        .first = at,
                                        .last = at,
                                        .metrics = Metrics(*registry_, *tags_),
                                        .checks = {}});
  by_key_.emplace(std::move(key), &made);
  return &made;
}

Breakdown::Part* Breakdown::part_of(Kind kind, std::string_view scenario, std::string_view name,
                                    lab::TimePoint first, lab::TimePoint last) {
  Part* const found = part(kind, scenario, name, first);
  if (found != nullptr) found->last = std::max(found->last, last);
  return found;
}

void Breakdown::merge(const Breakdown& other) {
  for (const Part& theirs : other.parts_) {
    Part* const ours =
        part_of(theirs.kind, theirs.scenario, theirs.name, theirs.first, theirs.last);
    if (ours == nullptr) continue;
    ours->metrics.merge(theirs.metrics);
    for (const auto& [name, tally] : theirs.checks) {
      ours->checks[name].passes += tally.passes;
      ours->checks[name].fails += tally.fails;
    }
  }
}

std::vector<const Breakdown::Part*> Breakdown::parts() const {
  std::vector<const Part*> parts;
  for (const Part& each : parts_) parts.push_back(&each);
  // Parts of one kind that begin together keep the order of their names, whatever thread saw them
  // first.
  std::sort(parts.begin(), parts.end(), [](const Part* a, const Part* b) {
    return std::tie(a->kind, a->first, a->scenario, a->name) <
           std::tie(b->kind, b->first, b->scenario, b->name);
  });
  return parts;
}

std::string_view to_string(Breakdown::Kind kind) {
  switch (kind) {
    case Breakdown::Kind::scenario:
      return "scenario";
    case Breakdown::Kind::phase:
      return "phase";
    case Breakdown::Kind::group:
      break;
  }
  return "group";
}

}  // namespace loader
