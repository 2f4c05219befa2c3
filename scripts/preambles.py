"""Which precompiled headers make it quick to compile each header of ours alone, and prove the same.

A header's own text sees what its includes bring, and nothing else. So it makes no difference to it whether some of the
system's headers among those come first, precompiled, as long as each of them is one that the header includes itself,
directly or through headers of ours. A header of ours below it, which then finds them earlier than it should, is compiled
as a unit of its own, with no more than it includes. A precompiled header therefore may hold only what *every* header
compiled with it includes; the sets to choose from are the includes of each header of ours, which its includers share.
"""

import re

# What parsing costs, roughly in tenths of a second: Asio and nlohmann_json 0.5 s and more, 10 of std together 0.5 s.
LIBRARY_COST, STD_COST = 4, 1
MAKING_FACTOR = 3.5  # Writing a precompiled header takes 2.7 s where parsing what is in it takes 0.8 s,
MAKING_COST = 5  # and however little is in it, a process and a file.


def cost(names):
    return sum(LIBRARY_COST if "/" in name else STD_COST for name in names)


def choose(includes):
    """For each unit of `includes` (its name -> the set of the system's names that it includes) the set to precompile for
    it; the empty set when it is not worth it."""
    chosen = {unit: frozenset() for unit in includes}
    candidates = set(includes.values())
    while True:
        def gain(candidate):
            saved = sum(max(0, cost(candidate) - cost(chosen[unit])) for unit, names in includes.items() if candidate <= names)
            return saved - MAKING_FACTOR * cost(candidate) - MAKING_COST

        best = max(sorted(candidates, key=sorted), key=gain, default=frozenset())
        if not best or gain(best) <= 0:
            return chosen
        for unit, names in includes.items():
            if best <= names and cost(best) > cost(chosen[unit]):
                chosen[unit] = best


def may_be_preceded(text):
    """Whether a header has the form that the argument above is about, as each below it must: its includes first, none of
    them in a comment or under a condition."""
    lines = [re.sub(r"//.*", "", line).strip() for line in text.splitlines()]
    code = [line for line in lines if line and line != "#pragma once"]
    are_includes = [line.startswith("#include") for line in code]
    others = [line for line in code if not line.startswith("#include")]
    return are_includes == sorted(are_includes, reverse=True) and not any(line[0] == "#" or "/*" in line for line in others)
