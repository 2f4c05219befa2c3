// The members of lab::Json that files share: see the extern template in json_reader.h.
#include <nlohmann/json.hpp>

template class nlohmann::basic_json<nlohmann::ordered_map>;
