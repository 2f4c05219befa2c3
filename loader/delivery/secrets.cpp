#include "loader/delivery/secrets.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "loader/delivery/output_variables.h"
#include "shared/base/base64.h"

namespace loader {
namespace {

constexpr std::string_view kHidden = "****";
constexpr std::size_t kWordBytesMax = 3;

// The fields that outputs set themselves.
constexpr std::array<std::string_view, 3> kOwnFields{"Content-Type", "Content-Encoding",
                                                     "X-Prometheus-Remote-Write-Version"};

std::string behind_backslashes(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

bool is_of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

bool is_at(std::string_view text, std::size_t at, std::string_view secret) {
  if (text.substr(at, secret.size()) != secret) return false;
  if (secret.size() > kWordBytesMax) return true;
  const std::size_t end = at + secret.size();
  return (at == 0 || !is_of_word(text[at - 1])) && (end == text.size() || !is_of_word(text[end]));
}

}  // namespace

void Secrets::add(std::string_view secret) {
  for (const std::string& text : {std::string(secret), behind_backslashes(secret, "\"\\"),
                                  behind_backslashes(secret, "\"\\/"), percent_encoded(secret)}) {
    const bool is_known = std::find(texts_.begin(), texts_.end(), text) != texts_.end();
    if (!text.empty() && !is_known) texts_.push_back(text);
  }
  std::stable_sort(
      texts_.begin(), texts_.end(),
      [](const std::string& one, const std::string& two) { return one.size() > two.size(); });
}

void Secrets::add_authorization(std::string_view value) {
  add(value);
  const std::size_t space = value.find(' ');
  if (space == std::string_view::npos) return;
  const std::string_view credentials = value.substr(space + 1);
  add(credentials);
  if (!value.starts_with("Basic ")) return;
  const auto pair = lab::base64_decoded(credentials, lab::Base64::standard);
  if (!pair) return;
  add(*pair);
  const std::size_t colon = pair->find(':');
  add(std::string_view(*pair).substr(0, colon));
  if (colon != std::string::npos) add(std::string_view(*pair).substr(colon + 1));
}

std::string Secrets::hide(std::string_view text) const {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    const auto found = std::find_if(texts_.begin(), texts_.end(), [&](const std::string& secret) {
      return is_at(text, at, secret);
    });
    if (found == texts_.end()) {
      shown += text[at++];
      continue;
    }
    shown += kHidden;
    at += found->size();
  }
  return shown;
}

Secrets secrets_of(const DeliveryTarget& target) {
  Secrets secrets;
  for (std::size_t i = 0; i < target.headers.size(); ++i) {
    const auto [name, value] = target.headers[i];
    if (std::find(kOwnFields.begin(), kOwnFields.end(), name) != kOwnFields.end()) continue;
    secrets.add_authorization(value);
  }
  for (const std::string& value : target.query_values) secrets.add(value);
  const Proxy* const proxy = target.client.proxies.proxy_for(target.url);
  if (proxy != nullptr) secrets.add_authorization(proxy->authorization);
  return secrets;
}

}  // namespace loader
