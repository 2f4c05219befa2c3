"""What a check found clean before, so that it need not look again.

A stamp is an empty file in the user's cache, named by a hash of all that the finding depends on: the unit's text and that
of every header of ours below it, the flags, the tools, the packages, the check's own code. It can only be there or not, so
checks that run at the same time cannot spoil it. A unit that fails never gets one.
"""

import hashlib
import json
import os
import time
from pathlib import Path

UNUSED_SECONDS_MAX = 30 * 24 * 3600
FILES_MAX = 10_000  # About twenty states of every unit.


def cache_folder(environment):
    base = environment.get("XDG_CACHE_HOME") or os.path.join(environment.get("HOME") or "~", ".cache")
    return Path(base).expanduser() / "llm-load-lab" / "checks"


def are_ignored(arguments, environment):
    return "--no-stamps" in arguments or environment.get("LAB_NO_STAMPS", "") not in ("", "0")


def key_of(*parts):
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def outdated(entries, now):
    """Of (name, time of last use) pairs, the names to remove: unused for too long, and the oldest beyond the most."""
    newest_first = sorted(entries, key=lambda entry: -entry[1])
    old = [name for name, used in newest_first[:FILES_MAX] if now - used > UNUSED_SECONDS_MAX]
    return old + [name for name, _ in newest_first[FILES_MAX:]]


class Stamps:
    """The stamps of one check. `common` is what every unit's finding depends on; JSON can be made of it."""

    def __init__(self, folder, common, includes, ignored=False):
        self._folder = folder
        self._common = key_of(common)
        self._includes = includes
        self._ignored = ignored
        self._keys = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._prune()
        except OSError as error:
            print(f"No stamps are kept: {error}")

    def key(self, unit, flags):
        """Made once a run: a file that changes while it is checked is stamped as what it was before."""
        if (unit, flags) not in self._keys:
            texts = [[path, key_of(self._includes.text(path))] for path in self._includes.closure(unit)]
            self._keys[unit, flags] = key_of(self._common, unit, flags, texts)
        return self._keys[unit, flags]

    def has(self, unit, flags):
        file = self._folder / self.key(unit, flags)
        if self._ignored or not file.exists():
            return False
        try:
            os.utime(file)
        except OSError:
            pass  # Removed by another run just now, or not ours to touch; it was there.
        return True

    def add(self, unit, flags):
        try:
            (self._folder / self.key(unit, flags)).touch()
        except OSError:
            pass  # Said at the start.

    def _prune(self):
        entries = [(entry.name, entry.stat().st_mtime) for entry in os.scandir(self._folder)]
        for name in outdated(entries, time.time()):
            (self._folder / name).unlink(missing_ok=True)
