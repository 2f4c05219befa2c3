// The words that made-up answers consist of.
#pragma once

#include <array>
#include <string_view>

namespace mockgw {

/// With the leading space, as most tokens of real vocabularies have one. A power of two, so that
/// one draw is one word.
inline constexpr auto kWords = std::to_array<std::string_view>({
    " lorem",      " ipsum",     " dolor",     " sit",       " amet",    " consectetur",
    " adipiscing", " elit",      " sed",       " do",        " eiusmod", " tempor",
    " incididunt", " ut",        " labore",    " et",        " dolore",  " magna",
    " aliqua",     " enim",      " ad",        " minim",     " veniam",  " quis",
    " nostrud",    " ullamco",   " laboris",   " nisi",      " aliquip", " ex",
    " ea",         " commodo",   " consequat", " duis",      " aute",    " irure",
    " in",         " voluptate", " velit",     " esse",      " cillum",  " eu",
    " fugiat",     " nulla",     " pariatur",  " excepteur", " sint",    " occaecat",
    " cupidatat",  " non",       " proident",  " sunt",      " culpa",   " qui",
    " officia",    " deserunt",  " mollit",    " anim",      " id",      " est",
    " laborum",    " at",        " vero",      " eos",
});
static_assert(kWords.size() == 64);

}  // namespace mockgw
