// Numbers as text, quickly: an output writes one for each sample. Each is several times as fast as
// what it imitates for what most samples are: counts, and milliseconds taken from nanoseconds.
#pragma once

#include <string>

namespace loader {

/// Appends the shortest text that is read as `value` again, as std::to_chars() writes it.
void append_decimal(std::string& out, double value);
/// The same digits as Go's encoder of JSON places them: see lab::append_json_number_as_go().
void append_decimal_as_go(std::string& out, double value);
/// As "%f": with six places.
void append_six_places(std::string& out, double value);

}  // namespace loader
