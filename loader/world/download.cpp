#include "loader/world/download.h"

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "loader/http/http_client.h"
#include "loader/http/http_client_context.h"
#include "loader/http/url.h"
#include "shared/runtime/asio_runtime.h"

namespace loader {
namespace {

namespace asio = boost::asio;

bool is_redirect(unsigned status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// Where an answer points to; none if it stands for itself.
std::optional<lab::Result<Url>> next_address(const HttpOutcome& outcome, const Url& current) {
  if (!is_redirect(outcome.status)) return std::nullopt;
  const auto location = outcome.headers.find("Location");
  if (!location || location->empty()) return std::nullopt;
  auto next = resolve_url(current, *location);
  // What comes that way could be anybody's.
  if (next && !next->is_https) return lab::Error{{}, "redirected to " + next->to_string()};
  return next;
}

asio::awaitable<void> get(HttpClientContext* context, Url url, lab::Duration timeout,
                          lab::Result<Download>* result) {
  HttpClient client(*context);
  HttpOutcome outcome;
  const lab::TimePoint deadline = lab::later(context->runtime().now(), timeout);
  for (std::uint32_t hop = 0; hop <= kRedirectsMaxDefault; ++hop) {
    lab::HttpRequest request;
    request.target = url.target;
    request.headers.add("User-Agent", "llm-load-lab/" LAB_VERSION);
    const lab::Duration left = deadline - context->runtime().now();
    co_await client.perform({.url = &url,
                             .request = &request,
                             .timeout = std::max(left, lab::Duration(1)),
                             .is_due = true},
                            &outcome);
    if (!outcome.has_response()) {
      *result = lab::Error{{}, outcome.error.text};
      co_return;
    }
    auto next = next_address(outcome, url);
    if (!next) {
      *result = Download{outcome.status, std::move(outcome.body)};
      co_return;
    }
    if (!*next) {
      *result = next->error();
      co_return;
    }
    url = std::move(**next);
  }
  *result = lab::Error{{}, "stopped after " + std::to_string(kRedirectsMaxDefault) + " redirects"};
}

}  // namespace

lab::Result<Download> download(const std::string& url, const DownloadOptions& options) {
  auto parsed = parse_url(url);
  if (!parsed) return parsed.error();
  if (!parsed->is_https) return lab::Error{url, "expected an https:// address"};
  lab::AsioRuntime runtime;
  ClientOptions client;
  client.proxies = options.proxies;
  HttpClientContext context(runtime, client);
  lab::Result<Download> result = lab::Error{url, "nothing was sent"};
  std::exception_ptr failure;
  asio::co_spawn(runtime.executor(), get(&context, *std::move(parsed), options.timeout, &result),
                 [&failure](std::exception_ptr thrown) { failure = std::move(thrown); });
  runtime.run();
  if (failure) std::rethrow_exception(failure);
  return result;
}

}  // namespace loader
