// One visitor of several lambdas, for std::visit.
#pragma once

namespace lab {

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};

}  // namespace lab
