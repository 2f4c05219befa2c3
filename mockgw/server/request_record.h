// What the counters are told of an answer once it is over.
#pragma once

#include "mockgw/gateway/request_counters.h"
#include "mockgw/gateway/settlement.h"
#include "mockgw/server/answer.h"
#include "mockgw/server/router.h"
#include "shared/base/time.h"

namespace mockgw {

/// The route as a label: its path, or "other" when there is none.
[[nodiscard]] std::string_view route_label(const Routing& routing);

/// `took`: from the request's arrival to the answer's end. Valid as long as `answer` is.
[[nodiscard]] RequestRecord record_of(const Answer& answer, const Sent& sent, lab::Duration took);

}  // namespace mockgw
