#include "loader/http/http_client_context.h"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <utility>

namespace loader {
namespace {

// How often a virtual user looks whether another one's look-up is done. Nobody waits long, and
// look-ups are few.
constexpr lab::Duration kLookUpPoll = std::chrono::milliseconds(1);

/// Takes back the note that a look-up is under way, however it ends (cancellation included).
template <class Map, class Key>
class PendingLookUp {
 public:
  PendingLookUp(Map& map, Key key) : map_(map), key_(std::move(key)) { map_.try_emplace(key_); }
  ~PendingLookUp() {
    const auto found = map_.find(key_);
    if (found != map_.end() && found->second.endpoints.empty()) map_.erase(found);
  }
  PendingLookUp(const PendingLookUp&) = delete;
  PendingLookUp& operator=(const PendingLookUp&) = delete;

 private:
  Map& map_;
  Key key_;
};

}  // namespace

HttpClientContext::HttpClientContext(lab::Runtime& runtime, const ClientOptions& options,
                                     lab::Rng rng, Show show)
    : runtime_(runtime), options_(options), rng_(rng), show_(std::move(show)) {}

boost::asio::awaitable<lab::IoResult<std::vector<lab::Endpoint>>> HttpClientContext::resolve(
    std::string host, std::uint16_t port, lab::TimePoint deadline) {
  const std::optional<lab::Duration> ttl = options_.dns.ttl;
  // Nobody else may use this look-up, so nobody waits for it.
  if (ttl == lab::Duration::zero()) {
    const auto found = co_await look_up(std::move(host), port, deadline);
    if (found.has_error()) co_return found.error();
    co_return ordered(*found);
  }
  const Key key{host, port};
  for (auto found = hosts_.find(key); found != hosts_.end(); found = hosts_.find(key)) {
    if (!found->second.endpoints.empty()) {
      if (runtime_.now() < found->second.expires) co_return ordered(found->second.endpoints);
      hosts_.erase(found);
      break;
    }
    if (runtime_.now() >= deadline) co_return lab::make_error_code(lab::Errc::timeout);
    const lab::ErrorCode ec = co_await runtime_.sleep_for(kLookUpPoll);
    if (ec) co_return ec;
  }
  const PendingLookUp pending(hosts_, key);
  const auto endpoints = co_await look_up(std::move(host), port, deadline);
  if (endpoints.has_error()) co_return endpoints.error();
  hosts_[key] = {*endpoints, ttl ? runtime_.now() + *ttl : lab::kNoDeadline};
  co_return ordered(*endpoints);
}

boost::asio::awaitable<lab::IoResult<std::vector<lab::Endpoint>>> HttpClientContext::look_up(
    std::string host, std::uint16_t port, lab::TimePoint deadline) {
  // As in k6 an address, of the URL or of the option hosts, is not looked up: no policy is for it.
  const DnsPolicy policy = is_numeric_address(host) ? DnsPolicy::any : options_.dns.policy;
  auto endpoints = co_await runtime_.resolve(std::move(host), port, deadline);
  if (endpoints.has_error()) co_return endpoints.error();
  std::vector<lab::Endpoint> allowed = allowed_endpoints(*std::move(endpoints), policy);
  if (allowed.empty()) co_return lab::ErrorCode(boost::asio::error::host_not_found);
  co_return allowed;
}

std::vector<lab::Endpoint> HttpClientContext::ordered(const std::vector<lab::Endpoint>& endpoints) {
  return ordered_endpoints(endpoints, options_.dns.select, rng_, uses_++);
}

void HttpClientContext::prefer(const std::string& host, const lab::Endpoint& endpoint) {
  if (options_.dns.select != DnsSelect::first) return;
  const auto known = hosts_.find({host, endpoint.port});
  if (known == hosts_.end()) return;
  std::vector<lab::Endpoint>& endpoints = known->second.endpoints;
  const auto found = std::find(endpoints.begin(), endpoints.end(), endpoint);
  if (found != endpoints.end()) std::rotate(endpoints.begin(), found, found + 1);
}

lab::Result<lab::TlsContext*> HttpClientContext::tls(const std::string& host) {
  const std::size_t certificate = options_.certificate_for(host);
  auto found = tls_.find(certificate);
  if (found == tls_.end()) {
    auto created = lab::TlsContext::create(options_.tls_settings(certificate));
    if (created.has_error()) return created.error();
    found = tls_.emplace(certificate, std::move(*created)).first;
  }
  return &found->second;
}

}  // namespace loader
