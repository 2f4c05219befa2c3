// A list whose elements have names: by default a word and the element's number.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "shared/base/json_reader.h"
#include "shared/base/value_types.h"

namespace mockgw {

template <class Element>
class NamedListType : public lab::ListOf<Element, lab::StructType> {
 public:
  /// `other` is what has the name already, where it is given twice; null: it may be.
  NamedListType(const char* word, const char* other, const lab::ListRules& rules)
      : lab::ListOf<Element, lab::StructType>(lab::StructType::of<Element>(), rules),
        word_(word),
        other_(other) {}

  void read(const lab::JsonValue& value, void* member) const override {
    lab::ListOf<Element, lab::StructType>::read(value, member);
    auto& elements = *static_cast<std::vector<Element>*>(member);
    if (elements.empty()) return;
    const std::vector<lab::JsonValue> values = value.as_array();
    for (std::size_t i = 0; i < elements.size(); ++i) {
      lab::JsonObject object(values[i]);
      std::string& name = elements[i].name;
      if (!object.find("name")) name = word_ + std::to_string(i + 1);
      const auto end = elements.begin() + static_cast<std::ptrdiff_t>(i);
      const bool is_taken = std::any_of(elements.begin(), end,
                                        [&](const Element& each) { return each.name == name; });
      if (is_taken && other_ != nullptr)
        values[i].problem("the name \"" + name + "\" is taken by " + std::string(other_));
    }
  }

 private:
  std::string word_;
  const char* other_;
};

}  // namespace mockgw
