// What the fuzz targets share.
//
// A target is LLVMFuzzerTestOneInput() and what it asserts: asserts are on, and one that fails is a
// finding as a sanitizer's is. Its input is the text that is read, as a file or a connection would
// bring it. What else it needs, such as where to cut, it draws from a hash of the input: so corpora
// are files that people can read and write.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/error.h"
#include "shared/base/rng.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace lab::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return {};
  return {reinterpret_cast<const char*>(data), size};
}

/// The text in about a dozen pieces, cut anywhere.
inline std::vector<std::string_view> pieces_of(std::string_view text) {
  Rng rng(stable_hash(text));
  const std::uint64_t piece_max = text.size() / 6 + 1;
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    pieces.push_back(text.substr(0, 1 + rng.below(piece_max)));
    text.remove_prefix(pieces.back().size());
  }
  return pieces;
}

/// What was read must be the same, however it came.
inline void check_same(const std::string& whole, const std::string& cut) {
  if (whole == cut) return;
  std::fprintf(stderr, "read as a whole:\n%s\n\nread in pieces:\n%s\n", whole.c_str(), cut.c_str());
  std::abort();
}

/// However the network cuts `text`, `read`, of its pieces, comes to the same. Beast's limit of a
/// head counts the first line only where that comes in pieces: what is longer is read and not
/// compared.
template <class Read>
void check_any_cut(std::string_view text, std::size_t compared_max, const Read& read) {
  const std::string whole = read({text});
  const std::string cut = read(pieces_of(text));
  if (text.size() <= compared_max) check_same(whole, cut);
}

/// What a file is refused with begins with the file's name and says something of it.
inline void check_refusal(const Error& error, std::string_view file) {
  const std::string text = error.to_string();
  assert(text.starts_with(file) && text.size() > file.size() + 2);
}

}  // namespace lab::fuzz
