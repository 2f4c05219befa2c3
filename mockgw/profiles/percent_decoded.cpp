#include "mockgw/profiles/percent_decoded.h"

#include <boost/url/decode_view.hpp>
#include <boost/url/pct_string_view.hpp>

namespace mockgw {

std::optional<std::string> percent_decoded(std::string_view text) {
  const auto encoded = boost::urls::make_pct_string_view(text);
  if (!encoded) return std::nullopt;
  const boost::urls::decode_view decoded(*encoded);
  return std::string(decoded.begin(), decoded.end());
}

}  // namespace mockgw
