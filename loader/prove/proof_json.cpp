#include "loader/prove/proof_json.h"

#include <optional>

#include "loader/prove/proof_words.h"
#include "shared/base/json.h"

namespace loader {
namespace {

using lab::Json;

Json number_or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json json_of(const SizeEstimate& estimate) {
  return {{"size", number_or_null(estimate.size)},
          {"milder", number_or_null(estimate.low)},
          {"severer", number_or_null(estimate.high)},
          {"confidence", estimate.confidence}};
}

Json json_of(const Boundary& boundary) {
  return {{"seeds", boundary.seeds},
          {"found", boundary.found},
          {"half", json_of(boundary.half)},
          {"most", json_of(boundary.most)}};
}

Json json_of(const SuggestedThreshold& each) {
  return {{"metric", each.metric},
          {"threshold", each.expression},
          {"sound", {each.sound_low, each.sound_high}},
          {"mutant", {each.mutant_low, each.mutant_high}},
          {"control_runs", each.control_runs}};
}

Json json_of(const Proof& proof, const FamilyProof& family) {
  Json json{{"name", family.name},
            {"breaks", family.family.breaks},
            {"window", to_string(family.window)}};
  if (!family.is_asked()) {
    json["not_asked"] = family.not_asked;
    return json;
  }
  if (!family.not_run.empty()) {
    json["not_run"] = family.not_run;
    return json;
  }
  if (family.family.has_size()) {
    json["unit"] = family.family.unit;
    json["range"] = family.family.range;
    json["reference"] = family.family.reference;
    json["boundary"] = json_of(family.boundary);
  }
  json["noticed"] = family.is_noticed();
  json["is_monotone"] = family.is_monotone;
  json["runs"] = family.runs;
  json["reference_runs"] = family.reference_runs;
  json["noticed_runs"] = family.noticed;
  json["failed_otherwise_runs"] = family.failed_otherwise;
  json["thresholds"] = Json::array();
  for (std::size_t t = 0; t < family.cells.size(); ++t) {
    Json cell{{"metric", proof.thresholds[t].metric},
              {"threshold", proof.thresholds[t].expression},
              {"red_runs", family.cells[t].red_at_reference}};
    if (family.family.has_size()) cell["boundary"] = json_of(family.cells[t].boundary);
    json["thresholds"].push_back(std::move(cell));
  }
  json["notice_order"] = family.notice_order;
  json["suggestions"] = Json::array();
  for (const SuggestedThreshold& each : family.suggestions) {
    json["suggestions"].push_back(json_of(each));
  }
  json["command"] = family.command;
  return json;
}

Json json_of(const ThresholdProof& each) {
  Json json{
      {"metric", each.metric},
      {"threshold", each.expression},
      {"finding", to_string(each.finding)},
      {"reason", each.reason},
      {"control_runs", each.control_runs},
      {"control_red", each.control_red},
      {"control_red_interval", {each.control_red_interval.low, each.control_red_interval.high}},
      {"control_no_data", each.control_no_data},
      {"sound_worst", number_or_null(each.sound_worst)},
      {"worst", number_or_null(each.worst)},
      {"worst_mutant", each.worst_mutant},
      {"kills", each.kills},
      {"lowered_by", each.lowered_by}};
  json["redundant_with"] = each.redundant_with ? Json(*each.redundant_with) : Json();
  return json;
}

}  // namespace

std::string proof_json(const Proof& proof) {
  Json json{{"suite", proof.suite},
            {"gateway", proof.gateway},
            {"network", proof.network},
            {"seed", proof.seed},
            {"seeds", proof.seeds},
            {"runs", proof.runs},
            {"events", proof.events},
            {"virtual_seconds", proof.virtual_seconds},
            {"interrupted", proof.is_interrupted},
            {"holds", proof.holds()},
            {"asked", proof.asked()},
            {"noticed", proof.noticed()}};
  json["score"] = number_or_null(proof.score());
  json["min_score"] = proof.min_score;
  json["thresholds"] = Json::array();
  for (const ThresholdProof& each : proof.thresholds) json["thresholds"].push_back(json_of(each));
  json["families"] = Json::array();
  for (const FamilyProof& each : proof.families) json["families"].push_back(json_of(proof, each));
  json["errors"] = proof.errors;
  return json.dump(2) + "\n";
}

}  // namespace loader
