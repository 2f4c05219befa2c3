// JSON documents. The only header of ours with nlohmann/json.hpp in it, which takes two seconds to
// read: for .cpp files; headers use json_fwd.h and owned_json.h.
#pragma once

#include <nlohmann/json.hpp>

#include "shared/base/json_fwd.h"

// Compiled once, in json.cpp, instead of in each of a hundred files.
extern template class nlohmann::basic_json<nlohmann::ordered_map>;
