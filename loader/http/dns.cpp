#include "loader/http/dns.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

namespace loader {
namespace {

bool is_ipv6(const lab::Endpoint& endpoint) {
  return endpoint.address.find(':') != std::string_view::npos;
}

bool wants_ipv6(DnsPolicy policy) {
  return policy == DnsPolicy::prefer_ipv6 || policy == DnsPolicy::only_ipv6;
}

bool is_strict(DnsPolicy policy) {
  return policy == DnsPolicy::only_ipv4 || policy == DnsPolicy::only_ipv6;
}

}  // namespace

std::vector<lab::Endpoint> allowed_endpoints(std::vector<lab::Endpoint> endpoints,
                                             DnsPolicy policy) {
  if (policy == DnsPolicy::any) return endpoints;
  std::vector<lab::Endpoint> wanted;
  std::copy_if(endpoints.begin(), endpoints.end(), std::back_inserter(wanted),
               [policy](const lab::Endpoint& each) { return is_ipv6(each) == wants_ipv6(policy); });
  return wanted.empty() && !is_strict(policy) ? endpoints : wanted;
}

std::vector<lab::Endpoint> ordered_endpoints(std::vector<lab::Endpoint> endpoints, DnsSelect select,
                                             lab::Rng rng, std::uint64_t use) {
  if (select == DnsSelect::first || endpoints.empty()) return endpoints;
  const std::uint64_t place = select == DnsSelect::random
                                  ? rng.child("address", use).below(endpoints.size())
                                  : use % endpoints.size();
  std::rotate(endpoints.begin(), endpoints.begin() + static_cast<std::ptrdiff_t>(place),
              endpoints.end());
  return endpoints;
}

}  // namespace loader
