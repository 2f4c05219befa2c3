#!/usr/bin/env python3
"""Whether two builds of loader write the same bytes in simulation. Usage: compare_builds.py LOADER OTHER_LOADER

Optimisation, sanitizers, another compiler or machine must change nothing that a simulated run writes.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from simulated_outputs import SHORT, difference, simulated_outputs  # noqa: E402


def main():
    loaders = [str(Path(path).resolve(strict=True)) for path in sys.argv[1:]]
    if len(loaders) != 2:
        sys.exit("usage: compare_builds.py LOADER OTHER_LOADER")
    differences = 0
    for suite, flags in SHORT.items():
        for sentence in difference(*(simulated_outputs(loader, suite, *flags) for loader in loaders)):
            print(f"{suite}: {sentence}")
            differences += 1
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
