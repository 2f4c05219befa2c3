// The members of lab::Json that files share: see the extern template in json.h.
#include "shared/base/json.h"

template class nlohmann::basic_json<nlohmann::ordered_map>;
