"""What is said of flags and files that can't be taken as they are, and what becomes of a run whose files or terminal are lost."""

import json
import os
import subprocess
import unittest
from pathlib import Path

from programs import DEADLINE_SECONDS, ProgramTest, clean_environment


class LoaderFilesTest(ProgramTest):
    def setUp(self):
        self.place = self.folder()

    def loader(self, *arguments, **environment):
        return subprocess.run([os.environ["LOADER"], *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              cwd=self.place, env=clean_environment(self.place, **environment), timeout=DEADLINE_SECONDS,
                              errors="surrogateescape", check=False)  # fmt: skip

    def assert_refused(self, words, *arguments, **environment):
        done = self.loader(*arguments, **environment)
        self.assertEqual(done.returncode, 104, (arguments, done.stdout, done.stderr))
        self.assertIn(words, done.stderr)
        self.assertEqual(done.stdout, "")

    def test_what_stands_behind_version_is_refused(self):
        self.assert_refused('--version: takes nothing behind it, not "garbage"', "--version", "garbage")

    def test_inspect_refuses_what_only_a_run_writes(self):
        self.assert_refused("--samples: is for loader run", "inspect", "smoke", "--samples", "a.jsonl")
        self.assertEqual(os.listdir(self.place), [])


if __name__ == "__main__":
    unittest.main()
