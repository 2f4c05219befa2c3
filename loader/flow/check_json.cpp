// The one place where Boost.JSON is compiled: Debian packages its library separately from the
// headers.
#include <boost/json/src.hpp>
