// What the counters are told of an exchange once it is over.
#pragma once

#include "mockgw/answer/exchange.h"
#include "mockgw/answer/router.h"

namespace mockgw {

/// The route as a label: its path, or "other" when there is none.
[[nodiscard]] std::string_view route_label(const Routing& routing);

/// `took`: from the request's arrival to the answer's end. Valid as long as the exchange is.
[[nodiscard]] RequestRecord record_of(const Exchange& exchange, const Sent& sent,
                                      lab::Duration took);

/// The line of the log that tells what came of a request: the id that the client sent, or that it
/// was given, then the route and what there is to say.
[[nodiscard]] std::string request_line(const RequestRecord& record, std::string_view request_id);

}  // namespace mockgw
