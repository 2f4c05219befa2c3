"""How much memory loader needs, as the kernel counts it: for each idle virtual user, and as a run goes on.

Not run under sanitizers, whose red zones and quarantine are not the program's own memory (tests/e2e/CMakeLists.txt).
"""

import json
import os
import resource
import subprocess
import unittest
from pathlib import Path

from programs import ProgramTest, clean_environment, instant

IDLE_VU_BYTES_MAX = 32 * 1024
GROWTH_MAX = 1.15  # The windows of an hour, and what the allocator keeps at hand.
FEW_VUS, MANY_VUS = 50, 850


class LoaderMemory(ProgramTest):
    def peak_bytes(self, suite, *flags):
        """The most memory that the run had resident."""
        folder = self.folder()
        Path(folder, "suite.json").write_text(json.dumps(suite))
        with open(Path(folder, "output"), "wb") as output:
            process = subprocess.Popen(
                [os.environ["LOADER"], "run", "suite.json", *flags],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=folder,
                env=clean_environment(folder),
            )
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0, Path(folder, "output").read_text())
        return usage.ru_maxrss * 1024

    def suite(self, vus, duration, *steps):
        scenario = {"executor": "constant-vus", "vus": vus, "duration": duration, "gracefulStop": "10s"}
        return {"name": "memory", "options": {"scenarios": {"all": scenario}}, "flows": {"default": list(steps)}}

    def test_an_idle_vu_with_its_connection(self):
        gateway = self.mockgw(config=instant())
        steps = ({"chat": {"prompt": "Hello", "stream": True}}, {"sleep": "3s"})
        few, many = (self.peak_bytes(self.suite(vus, "2s", *steps), "--url", gateway.url) for vus in (FEW_VUS, MANY_VUS))
        self.assertLessEqual((many - few) / (MANY_VUS - FEW_VUS), IDLE_VU_BYTES_MAX)

    def test_a_simulated_hour_needs_what_a_minute_needs(self):
        steps = ({"chat": {"prompt": "Hello", "stream": True, "max_tokens": 20}}, {"sleep": {"uniform": ["1s", "3s"]}})
        minute, hour = (self.peak_bytes(self.suite(10, duration, *steps), "--simulate") for duration in ("1m", "1h"))
        self.assertLessEqual(hour / minute, GROWTH_MAX, f"{minute} bytes after a minute, {hour} after an hour")

    def test_no_memory_left_ends_with_a_sentence_and_255(self):
        folder = self.folder()
        limit = 400 * 1024 * 1024
        for name, executor, flags in (
            ("closed", {"executor": "constant-vus", "vus": 1_000_000, "duration": "1m"}, ("--url", "http://127.0.0.1:1")),
            ("open", {"executor": "constant-arrival-rate", "rate": 1_000_000, "duration": "1m", "preAllocatedVUs": 1_000_000},
             ("--simulate",)),
            ("ramp", {"executor": "ramping-vus", "stages": [{"duration": "1s", "target": 1_000_000}]}, ("--simulate",)),
            ("each", {"executor": "per-vu-iterations", "vus": 1_000_000, "iterations": 10}, ("--url", "http://127.0.0.1:1")),
        ):  # fmt: skip
            suite = {"name": name, "options": {"scenarios": {"all": executor}}, "flows": {"default": [{"sleep": "30s"}]}}
            Path(folder, "suite.json").write_text(json.dumps(suite))
            done = subprocess.run(
                [os.environ["LOADER"], "run", "suite.json", "-q", *flags],
                stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=folder, env=clean_environment(folder), timeout=60,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
            )  # fmt: skip
            self.assertEqual(done.returncode, 255, (name, done.stdout[-500:], done.stderr[-500:]))
            self.assertIn("loader: out of memory", done.stderr, name)


if __name__ == "__main__":
    unittest.main()
