// Numbers as text, quickly: an output writes one for each sample.
#pragma once

#include <string>

namespace loader {

/// Appends the shortest text that is read as `value` again, as std::to_chars() writes it. Several
/// times as fast for what most samples are: counts, and milliseconds taken from nanoseconds.
void append_decimal(std::string& out, double value);

}  // namespace loader
