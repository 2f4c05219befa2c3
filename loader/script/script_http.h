// Requests as a script makes them: sent by the client that flows have, and measured like theirs.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "loader/flow/gateway_client.h"
#include "loader/http/http_client.h"
#include "loader/script/script_request.h"
#include "loader/script/script_user.h"

namespace loader {

/// What came of one.
struct ScriptAnswer {
  HttpOutcome outcome;
  std::optional<Url> redirected;  ///< Where the last hop was, if not where the request said.
  std::uint16_t port = 0;         ///< Of the server, of the last hop.
  std::string sent;               ///< The header block of the first hop.
};

/// Lives as long as its coroutine. `sink`, if any, gets the body as it comes.
struct ScriptExchange {
  ScriptRequest request;
  ScriptAnswer answer;
  BodySink* sink = nullptr;
};

/// Sends, follows redirects, adds the samples of each hop, and those of a chat if it is one.
boost::asio::awaitable<void> perform(ScriptUser* user, HttpClient* client,
                                     ScriptExchange* exchange);
/// The same over a client of the user's, which it gives back.
boost::asio::awaitable<void> perform_by_any(ScriptUser* user, ScriptExchange* exchange);

/// What a request for a completion says of itself.
struct ChatTraits {
  std::string model;
  bool is_stream = false;
};
/// None: it is none, neither by its path nor by its body.
[[nodiscard]] std::optional<ChatTraits> chat_traits(std::string_view method,
                                                    std::string_view target, std::string_view body);

}  // namespace loader
