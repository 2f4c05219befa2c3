#include "loader/flow/flow_tags.h"

#include <algorithm>

#include "loader/flow/flow_samples.h"
#include "shared/base/rng.h"

namespace loader {
namespace {

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) { return lab::Rng(hash ^ value)(); }

// All that distinguishes two requests of a step. Texts count by their hash; they are few and short.
// The name is the step's own, but where a redirect led elsewhere.
std::uint64_t detail_of(const TaggedRequest& request, std::string_view name, bool has_ip) {
  const HttpOutcome& outcome = *request.outcome;
  std::uint64_t hash = mixed(outcome.status, outcome.error.code);
  // A redirect may change it, and a script's requests of one URL share a step.
  hash = mixed(hash, lab::stable_hash(request.method));
  if (request.is_redirected) hash = mixed(hash, lab::stable_hash(name));
  hash = mixed(hash, lab::stable_hash(request.model));
  if (!outcome.error.text.empty()) hash = mixed(hash, lab::stable_hash(outcome.error.text));
  if (!outcome.tls.version.empty()) hash = mixed(hash, lab::stable_hash(outcome.tls.version));
  if (has_ip) hash = mixed(hash, lab::stable_hash(outcome.remote_ip));
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
  if (!system_.has("group")) return base;
  bool is_new = false;
  TagSetId& tags = remembered({this, lab::stable_hash(path), base.index}, is_new);
  if (is_new) tags = table_.with(base, "group", path);
  return tags;
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

TagSetId FlowTags::with(TagSetId base, std::string_view key, std::string_view value) {
  bool is_new = false;
  TagSetId& tags = remembered({key.data(), lab::stable_hash(value), base.index}, is_new);
  if (is_new) tags = table_.with(base, key, value);
  return tags;
}

TagSetId FlowTags::check(TagSetId step_tags, const Check& check) {
  if (!system_.has("check")) return step_tags;
  bool is_new = false;
  TagSetId& tags = remembered({&check, 0, step_tags.index}, is_new);
  if (is_new) tags = table_.with(step_tags, "check", check.name);
  return tags;
}

TagSetId FlowTags::request(const TaggedRequest& request) {
  const std::string_view name = bounded_name(request);
  bool is_new = false;
  TagSetId& tags = remembered(
      {request.step, detail_of(request, name, system_.has("ip")) | 1, request.base.index}, is_new);
  if (is_new) tags = make_request(request, name);
  return tags;
}

std::string_view FlowTags::bounded_name(const TaggedRequest& request) {
  // As in k6: a name of the user's groups URLs, so it stands for them all.
  if (!request.step->name.empty()) return request.step->name;
  if (!request.is_redirected) return *request.url;
  if (redirect_urls_.contains(*request.url)) return *request.url;
  if (redirect_urls_.size() < kRedirectUrlsMax) return *redirect_urls_.insert(*request.url).first;
  if (!has_warned_of_redirects_ && warn_) {
    warn_("redirects lead to more than " + std::to_string(kRedirectUrlsMax) +
          " different URLs; further ones are tagged \"" + std::string(kFurtherRedirects) + "\"");
  }
  has_warned_of_redirects_ = true;
  return kFurtherRedirects;
}

TagSetId FlowTags::make_request(const TaggedRequest& request, std::string_view name) {
  const HttpOutcome& outcome = *request.outcome;
  TagSetId tags = request.base;
  for (const auto& [key, value] : request.step->tags) tags = table_.with(tags, key, value);
  // As in k6, what is true of the request wins, but for its name, which may be anybody's.
  const std::string own_name(table_.find(tags, "name").value_or(name));
  const auto add = [&tags, this](std::string_view key, std::string_view value) {
    if (system_.has(key)) tags = table_.with(tags, key, value);
  };
  add("method", request.method);
  add("status", std::to_string(outcome.status));
  if (request.step->has_expectation) {
    add("expected_response", outcome.is_expected ? "true" : "false");
  }
  if (outcome.has_response()) add("proto", "HTTP/1.1");
  if (!outcome.tls.version.empty()) add("tls_version", outcome.tls.version);
  if (!outcome.remote_ip.empty()) add("ip", outcome.remote_ip);
  const RequestError error = outcome.error.code != 0 ? outcome.error : status_error(outcome.status);
  if (error.code != 0) add("error_code", std::to_string(error.code));
  const bool has_model =
      std::ranges::any_of(request.step->tags, [](const auto& tag) { return tag.first == "model"; });
  if (!request.model.empty() && !has_model) add("model", request.model);
  // Last what may have many values: should the table be full, only these are lost.
  if (!error.text.empty()) add("error", error.text);
  if (!table_.find(tags, "name")) add("name", name);
  add("url", own_name);
  return tags;
}

}  // namespace loader
