"""Runs k6 scripts with loader, for real and simulated, and looks at what they said.

What the tests expect is what k6 does. To see that k6 agrees, run one by hand with k6 in loader's place:
    LOADER=/path/to/k6 AGAINST_K6=1 MOCKGW=… PYTHONPATH=tests/support python3 tests/e2e/script_life_cycle_test.py
Then nothing is simulated, and what is loader's own way is left out.
"""

import os
from pathlib import Path

from programs import ProgramTest

AGAINST_K6 = "AGAINST_K6" in os.environ
WORLDS = ((),) if AGAINST_K6 else ((), ("--simulate=instant",))


class Finished:
    """A script's run: its exit code, the lines of its log, what it wrote to standard output, and its folder."""

    def __init__(self, process, folder):
        self.code, self.out, self.folder = process.returncode, process.stdout, Path(folder)
        self.log = process.stderr.replace(f"file://{folder}/", "").replace(f"{folder}/", "")
        self.lines = self.log.split("\n")

    def read(self, name):
        return Path(self.folder, name).read_bytes().decode()


class ScriptTest(ProgramTest):
    def run_file(self, path, *flags, folder=None, environment=None):
        """Runs a script file; its log has the messages alone."""
        folder = folder or self.folder()
        process = self.run_program(
            "LOADER", "run", "-q", "--log-format", "raw", *flags, str(path), folder=folder,
            environment={"K6_AUTO_EXTENSION_RESOLUTION": "false", **(environment or {})},
        )  # fmt: skip
        return Finished(process, folder)

    def run_script(self, text, *flags, files=None, name="script.js", environment=None):
        """Writes a script, and what files it is to find beside it, into a folder of its own, and runs it there."""
        folder = self.folder()
        for file, content in {name: text, **(files or {})}.items():
            Path(folder, file).write_bytes(content if isinstance(content, bytes) else content.encode())
        return self.run_file(name, *flags, folder=folder, environment=environment)

    def expect(self, text, *flags, code=0, says=(), never=(), worlds=WORLDS, **more):
        """Runs a script in each world. Its log must have the texts of `says` in this order, and none of `never`. Returns the
        last run."""
        for world in worlds:
            with self.subTest(world=world):
                run = self.run_script(text, *flags, *world, **more)
                self.assertEqual(run.code, code, run.log + run.out)
                place = 0
                for said in says:
                    place = run.log.find(said, place)
                    self.assertGreaterEqual(place, 0, f"{said!r} in its place in:\n{run.log}")
                    place += len(said)
                for said in never:
                    self.assertNotIn(said, run.log)
        return run
