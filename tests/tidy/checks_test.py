#!/usr/bin/env python3
"""What scripts/check_headers and scripts/check_tidy decide: what a unit depends on, when it may be skipped, and what is
compiled or checked with what. Usage: checks_test.py ROOT"""

import importlib.util
import os
import sys
import tempfile
import unittest
from importlib.machinery import SourceFileLoader
from pathlib import Path

SCRIPTS = Path(sys.argv.pop(1)).resolve() / "scripts"
sys.path.insert(0, str(SCRIPTS))
sys.dont_write_bytecode = True

import preambles  # noqa: E402
import stamps  # noqa: E402
from includes import Includes  # noqa: E402
from installed import listed_packages  # noqa: E402


def script(name):
    loader = SourceFileLoader(name, str(SCRIPTS / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


check_tidy = script("check_tidy")
FILES = {
    "a/a.cpp": '#include "a/a.h"\n#include <vector>\n',
    "a/a.h": '#pragma once\n#include "b.h"\n  #  include "c/c.h"\n// #include "no.h"\n',
    "a/b.h": "#include <string>\n",
    "c/c.h": '#include "a/a.h"\n#if __has_include("c/d.h")\n#endif\n',
    "other.h": "",
}


class IncludesAreFound(unittest.TestCase):
    def closure(self, changes={}):
        return Includes({**FILES, **changes}.get).closure("a/a.cpp")

    def test_the_closure_and_what_is_not_ours(self):
        self.assertEqual(self.closure(), ["a/a.cpp", "a/a.h", "a/b.h", "c/c.h"])
        self.assertEqual(Includes(FILES.get).others("a/a.cpp"), {"string", "vector", "c/d.h"})

    def test_a_new_file_that_hides_another(self):
        self.assertIn("a/c/c.h", self.closure({"a/c/c.h": ""}))
        self.assertIn("string", self.closure({"string": ""}))
        self.assertIn("c/d.h", self.closure({"c/d.h": ""}))


class StampsHoldForWhatWasSeen(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def stamps(self, changes={}, common="g++ 12", ignored=False):
        return stamps.Stamps(self.folder, common, Includes({**FILES, **changes}.get), ignored)

    def test_a_stamp_is_found_again(self):
        self.assertFalse(self.stamps().has("a/a.cpp", ("-O2",)))
        self.stamps().add("a/a.cpp", ("-O2",))
        self.assertTrue(self.stamps().has("a/a.cpp", ("-O2",)))
        self.assertTrue(self.stamps({"other.h": "changed"}).has("a/a.cpp", ("-O2",)))

    def test_whatever_changes_it_does_not_hold_any_more(self):
        self.stamps().add("a/a.cpp", ("-O2",))
        for changes in ({"a/a.cpp": FILES["a/a.cpp"] + "\n"}, {"c/c.h": ""}, {"a/c/c.h": FILES["c/c.h"]}, {"string": ""}):
            self.assertFalse(self.stamps(changes).has("a/a.cpp", ("-O2",)), changes)
        self.assertFalse(self.stamps().has("a/a.cpp", ("-O1",)))
        self.assertFalse(self.stamps().has("a/a.h", ("-O2",)))
        self.assertFalse(self.stamps(common="g++ 13").has("a/a.cpp", ("-O2",)))

    def test_ignored_stamps_are_written_all_the_same(self):
        self.stamps(ignored=True).add("a/a.cpp", ())
        self.assertFalse(self.stamps(ignored=True).has("a/a.cpp", ()))
        self.assertTrue(self.stamps().has("a/a.cpp", ()))
        self.assertTrue(stamps.are_ignored(["--no-stamps"], {}))
        self.assertTrue(stamps.are_ignored([], {"LAB_NO_STAMPS": "1"}))
        self.assertFalse(stamps.are_ignored(["a.h"], {"LAB_NO_STAMPS": "0"}))

    def test_the_unused_and_the_oldest_are_removed(self):
        day = 24 * 3600
        self.assertEqual(stamps.outdated([("old", 0), ("used", 2 * day)], 31 * day), ["old"])
        entries = [(str(i), i) for i in range(stamps.FILES_MAX + 2)]
        self.assertEqual(stamps.outdated(entries, day), ["1", "0"])
        self.stamps().add("a/a.cpp", ())
        for file in self.folder.iterdir():
            os.utime(file, (0, 0))
        self.assertFalse(self.stamps().has("a/a.cpp", ()))

    def test_the_cache_is_the_users(self):
        self.assertEqual(stamps.cache_folder({"HOME": "/h"}), Path("/h/.cache/llm-load-lab/checks"))
        self.assertEqual(stamps.cache_folder({"HOME": "/h", "XDG_CACHE_HOME": "/c"}), Path("/c/llm-load-lab/checks"))

    def test_the_listed_packages(self):
        self.assertEqual(listed_packages("# need package\nbuild g++ g++\n\ntest  npm\nbuild npm npm\n"), ["g++", "npm"])


class HeadersComeAfterNoMoreThanTheyInclude(unittest.TestCase):
    def test_what_is_shared_by_many_is_precompiled(self):
        asio = frozenset({"boost/asio/awaitable.hpp", "string", "vector"})
        includes = {f"asio{i}": asio | ({"map"} if i else set()) for i in range(9)}
        includes["alone"] = frozenset({"boost/json.hpp", "string"})
        chosen = preambles.choose(includes)
        self.assertEqual(chosen.pop("alone"), frozenset())
        self.assertEqual(chosen.pop("asio0"), asio)
        for unit, names in chosen.items():
            self.assertTrue(asio - includes["alone"] <= names <= includes[unit])

    def test_few_are_compiled_as_they_are(self):
        self.assertEqual(preambles.choose({"a": frozenset({"string"})}), {"a": frozenset()})
        self.assertEqual(preambles.choose({}), {})

    def test_only_headers_whose_includes_come_first(self):
        self.assertTrue(preambles.may_be_preceded('// x/*.h\n#pragma once\n\n#include <string>  // For it.\nint a;\n'))
        for text in ("int a;\n#include <string>\n", "#ifdef A\n#include <string>\n#endif\n", "#define A\n",
                     "/*\n#include <string>\n*/\n", "#include <string>\n/* a */\n"):  # fmt: skip
            self.assertFalse(preambles.may_be_preceded(text), text)


class BatchesCanBePutTogether(unittest.TestCase):
    def test_what_a_file_calls_its_own(self):
        text = "namespace lab {\nusing A = int;\nnamespace asio = boost::asio;\nnamespace {\n\nint f(int a) {\n  g();\n}\n"
        text += "constexpr int kB = 1;\nstruct C {\n};\nstatic_assert(kB);\n}  // namespace\nint outside() {}\n}\n"
        self.assertEqual(check_tidy.own_names(text), {"lab::A", "lab::f", "lab::kB", "lab::C"})

    def test_no_batch_has_a_name_twice(self):
        def text(space):
            return f"namespace {space} {{\nnamespace {{\nint f() {{\n}}\n}}  // namespace\n}}\n"

        texts = {"a.cpp": text("lab"), "b.cpp": text("lab"), "c.cpp": text("loader"), "d.cpp": "", "e.cpp": ""}
        entries = [(path, ("-O2",) if path == "e.cpp" else ()) for path in texts]
        found = [paths for _, paths in check_tidy.batches(entries, texts.get)]
        self.assertEqual(found, [["a.cpp", "c.cpp", "d.cpp"], ["b.cpp"], ["e.cpp"]])

    def test_a_batch_that_does_not_compile_is_parted(self):
        paths, error = ["a/a.cpp", "a/b.cpp", "c.cpp"], ":1:2: error: redefinition of 'f' [clang-diagnostic-error]\n"
        fitting = (["a/a.cpp", "c.cpp"], ["a/b.cpp"])
        self.assertEqual(check_tidy.parted(paths, "./a/b.cpp" + error + "a/a.h" + error), fitting)
        self.assertEqual(check_tidy.parted(paths, f"{check_tidy.ROOT}/a/b.cpp" + error), fitting)
        self.assertEqual(check_tidy.parted(paths, "a/a.h" + error), (["a/a.cpp"], ["a/b.cpp", "c.cpp"]))


if __name__ == "__main__":
    unittest.main()
