// Sends a step's request, follows redirects, and measures each hop in k6's terms.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/flow/run_context.h"
#include "loader/http/cookie_jar.h"
#include "loader/http/http_client.h"

namespace loader {

/// Cookies that a request itself brings, to each hop.
struct OwnCookies {
  std::string field;                  ///< "a=1; b=2"
  std::vector<std::string> replaced;  ///< Names of which the jar's cookies stay at home.
};

/// What to send; all of it must outlive the call.
struct GatewayCall {
  const Step* step = nullptr;  ///< Its name, tags and what it expects.
  const StepTarget* target = nullptr;
  lab::HttpRequest* request = nullptr;  ///< Redirects change it.
  StreamMeter* meter = nullptr;
  std::string_view model{};
  bool keeps_body = true;
  bool discards_body = false;
  bool names_unreached = true;   ///< Where a redirect leads nowhere, the error says where.
  CookieJar* cookies = nullptr;  ///< Null: there are none.
  const OwnCookies* own_cookies = nullptr;
  TagSetId base;            ///< The iteration's and the group's tags.
  bool is_due = false;      ///< As HttpCall has it.
  lab::Duration timeout{};  ///< Of all hops together, connecting included.
  std::uint32_t redirects_max = kRedirectsMaxDefault;
  BodySink* sink = nullptr;     ///< As HttpCall has it.
  std::string_view metadata{};  ///< Of its samples, besides its id: a named_metadata().
};

struct GatewayResponse {
  HttpOutcome outcome;                   ///< Of the last hop; `started` is the first one's.
  TagSetId tags;                         ///< Of the last hop's samples.
  std::optional<StepTarget> redirected;  ///< Where the last hop was, if not where the call said.
};

/// Gives back what a large body took: virtual users are many, and most of them wait.
void trim_body(std::string& body);

/// One request and response after another in the same memory.
struct GatewayExchange {
  lab::HttpRequest request;
  GatewayResponse response;

  void trim();
};

/// The Cookie field that the call's first hop sends; empty: none.
[[nodiscard]] std::string cookie_field(const GatewayCall& call, const Url& url,
                                       const lab::Runtime& runtime);

/// One attempt within the step's time-out, written over `response`. Adds k6's samples for every hop
/// that finished; throws only on cancellation, as HttpClient does.
boost::asio::awaitable<void> send_to_gateway(RunContext* context, HttpClient* client,
                                             GatewayCall call, GatewayResponse* response);

/// For a request that can't go out: it counts as one that failed at once.
void fail_unsent(RunContext& context, const GatewayCall& call, RequestError error,
                 GatewayResponse& response);

}  // namespace loader
