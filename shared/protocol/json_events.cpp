// Boost.JSON's own definitions, once: Debian has the library in a package of its own, and only its
// parser is used.
#include "shared/protocol/json_events.h"

#include <boost/json/src.hpp>
