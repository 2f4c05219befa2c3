"""Who includes what, read off the sources by a scan: no preprocessor runs, so it takes milliseconds.

Every #include and __has_include counts, also one in a longer comment or under a condition that does not hold: a file too many is
only looked at once more. Not seen are names made by macros, which this project has none of.
"""

import posixpath
import re
from pathlib import Path

INCLUDE = re.compile(r'(?:^[ \t]*#[ \t]*include[ \t]*|__has_include[ \t]*\([ \t]*)(?:"([^"\n]+)"|<([^>\n]+)>)', re.M)


class Includes:
    """`read` answers a path below the root with the file's text, or with None if there is no such file."""

    def __init__(self, read):
        self._read = read
        self._texts = {}
        self._direct = {}

    @classmethod
    def below(cls, root):
        def read(path):
            file = Path(root, path)
            return file.read_text(encoding="utf-8") if file.is_file() else None

        return cls(read)

    def text(self, path):
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def direct(self, path):
        """(paths of ours, names that are not ours), as the compiler would look for them: first, for a name in quotes, in
        the includer's own folder, then from the root. So a new file that hides another one is seen."""
        if path not in self._direct:
            ours, others = [], []
            for quoted, angled in INCLUDE.findall(self.text(path)):
                beside = [posixpath.join(posixpath.dirname(path), quoted)] if quoted else []
                candidates = [posixpath.normpath(name) for name in [*beside, quoted or angled]]
                found = next((name for name in candidates if self.text(name) is not None), None)
                (ours if found else others).append(found or quoted or angled)
            self._direct[path] = (ours, others)
        return self._direct[path]

    def closure(self, path):
        """The path itself and every file of ours that it includes, directly or not."""
        seen, ahead = {path}, [path]
        while ahead:
            for name in self.direct(ahead.pop())[0]:
                if name not in seen:
                    seen.add(name)
                    ahead.append(name)
        return sorted(seen)

    def others(self, path):
        """The names that are not ours, of the whole closure."""
        return frozenset(name for member in self.closure(path) for name in self.direct(member)[1])
