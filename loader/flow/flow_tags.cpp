#include "loader/flow/flow_tags.h"

#include "loader/flow/flow_samples.h"
#include "shared/base/rng.h"

namespace loader {
namespace {

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) { return lab::Rng(hash ^ value)(); }

// All that distinguishes two requests of a step. Texts count by their hash; they are few and short.
std::uint64_t detail_of(const TaggedRequest& request) {
  const HttpOutcome& outcome = *request.outcome;
  std::uint64_t hash = mixed(outcome.status, outcome.error.code);
  hash = mixed(hash, lab::stable_hash(*request.url));
  hash = mixed(hash, lab::stable_hash(request.model));
  if (!outcome.error.text.empty()) hash = mixed(hash, lab::stable_hash(outcome.error.text));
  if (!outcome.tls_version.empty()) hash = mixed(hash, lab::stable_hash(outcome.tls_version));
  return hash;
}

}  // namespace

std::size_t FlowTags::KeyHash::operator()(const Key& key) const {
  const auto address = reinterpret_cast<std::uintptr_t>(key.subject);
  return mixed(mixed(key.detail, address), key.base);
}

TagSetId& FlowTags::remembered(const Key& key, bool& is_new) {
  if (known_.size() >= kRememberedMax) known_.clear();
  const auto [found, inserted] = known_.try_emplace(key);
  is_new = inserted;
  return found->second;
}

TagSetId FlowTags::group(TagSetId base, std::string_view path) {
  return table_.with(base, "group", path);
}

TagSetId FlowTags::with_reason(TagSetId base, std::string_view reason) {
  return table_.with(base, "reason", reason);
}

TagSetId FlowTags::step(TagSetId base, const Step& step) {
  bool is_new = false;
  TagSetId& tags = remembered({&step, 0, base.index}, is_new);
  if (is_new) {
    tags = base;
    for (const auto& [key, value] : step.tags) tags = table_.with(tags, key, value);
  }
  return tags;
}

TagSetId FlowTags::check(TagSetId base, const Step& step, const Check& check) {
  const TagSetId step_tags = this->step(base, step);
  bool is_new = false;
  TagSetId& tags = remembered({&check, 0, step_tags.index}, is_new);
  if (is_new) tags = table_.with(step_tags, "check", check.name);
  return tags;
}

TagSetId FlowTags::request(const TaggedRequest& request) {
  bool is_new = false;
  TagSetId& tags = remembered({request.step, detail_of(request) | 1, request.base.index}, is_new);
  if (is_new) tags = make_request(request);
  return tags;
}

TagSetId FlowTags::make_request(const TaggedRequest& request) {
  const HttpOutcome& outcome = *request.outcome;
  const std::string& name = request.step->name.empty() ? *request.url : request.step->name;
  TagSetId tags = request.base;
  const auto add = [&tags, this](std::string_view key, std::string_view value) {
    tags = table_.with(tags, key, value);
  };
  add("method", request.method);
  add("name", name);
  // As in k6: a name of the user's groups URLs, so it stands for the URL too.
  add("url", name);
  add("status", std::to_string(outcome.status));
  add("expected_response", is_expected(outcome.status) ? "true" : "false");
  if (outcome.has_response()) add("proto", "HTTP/1.1");
  if (!outcome.tls_version.empty()) add("tls_version", outcome.tls_version);
  const RequestError error = outcome.error.code != 0 ? outcome.error : status_error(outcome.status);
  if (error.code != 0) add("error_code", std::to_string(error.code));
  if (!error.text.empty()) add("error", error.text);
  if (!request.model.empty()) add("model", request.model);
  // The suite's own come last: what a user sets wins.
  for (const auto& [key, value] : request.step->tags) add(key, value);
  return tags;
}

}  // namespace loader
