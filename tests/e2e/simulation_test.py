"""Simulated runs write the same bytes each time: text, JSON, CSV, JUnit, HTML, and what goes to standard error; on whichever
CPU, and by the command that a failed run prints.

The suites are shortened here, for debug and sanitizer builds; benchmarks/simulate.sh compares them in full."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from programs import DEADLINE_SECONDS, ProgramTest, clean_environment
from simulated_outputs import SHORT, difference, simulated_outputs

LOADER = os.environ["LOADER"]


class SameSeedSameBytes(unittest.TestCase):
    def check(self, suite):
        once, again = (simulated_outputs(LOADER, suite, *SHORT[suite]) for _ in range(2))
        self.assertEqual(list(difference(once, again)), [])
        self.assertEqual(once["exit code"], b"0", once["stdout"].decode())
        files = ("samples.json.gz", "samples.csv", "requests.jsonl", "junit.xml", "export.json", "report.html")
        for name in (f"{suite}-test-summary.json", *files):
            self.assertGreater(len(once[name]), 100, name)

    def test_smoke(self):
        self.check("smoke")

    def test_baseline(self):
        self.check("baseline")

    def test_stress(self):
        self.check("stress")

    def test_soak(self):
        self.check("soak")

    def test_streaming(self):
        self.check("streaming")

    def test_another_seed_writes_other_bytes(self):
        runs = [simulated_outputs(LOADER, "smoke", seed=seed) for seed in (1, 2)]
        self.assertIn("samples.csv", " ".join(difference(*runs)))


# Few logarithms differ in their last digit: among those of 600 answers some do.
LOGPROBS = {
    "name": "logprobs",
    "options": {"scenarios": {"s": {"executor": "per-vu-iterations", "vus": 3, "iterations": 200}}},
    "flows": {"default": [{"chat": {"prompt": "Hello", "body": {"logprobs": True, "top_logprobs": 5}}}]},
}


class AnotherCpu(unittest.TestCase):
    def test_writes_the_same_bytes(self):
        # glibc's exp, log and pow have a variant for CPUs with FMA, which rounds otherwise. The summary's hash is of every
        # byte sent, logarithms included.
        with tempfile.TemporaryDirectory(prefix="lab-e2e-") as folder:
            suite = Path(folder, "suite.json")
            suite.write_text(json.dumps(LOGPROBS))
            old_cpu = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2"}
            runs = [simulated_outputs(LOADER, str(suite), **environment) for environment in ({}, old_cpu)]
        self.assertEqual(list(difference(*runs)), [])
        self.assertIn(b"hash", runs[0]["stdout"])


class Replay(ProgramTest):
    SUITE = {
        "name": "replayed",
        "options": {
            "scenarios": {"s": {"executor": "constant-vus", "vus": 2, "duration": "20s"}},
            "thresholds": {"http_req_duration": ["p(95)<1"]},
        },
        "flows": {"default": [{"chat": {"prompt": "About ${TOPIC}"}}, {"sleep": {"uniform": ["1s", "2s"]}}]},
    }
    GATEWAY = {"seed": 11, "auth": {"keys": ["s3cret"], "required": True}}
    ENVIRONMENT = {"API_KEY": "s3cret", "MODEL": "gpt-4", "MAX_TOKENS": 20, "TOPIC": "it's late", "K6_VUS": 3, "K6_DURATION": "30s"}

    def place(self):
        folder = self.folder()
        Path(folder, "suite.json").write_text(json.dumps(self.SUITE))
        Path(folder, "gateway.json").write_text(json.dumps(self.GATEWAY))
        return folder

    def files(self, folder):
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}

    def test_the_printed_command_writes_the_same_bytes(self):
        first, second = self.place(), self.place()
        arguments = ("-q", "--simulate=gateway.json", "--out", "csv=samples.csv", "--", "suite.json")
        done = self.run_program("LOADER", "run", *arguments, folder=first, environment=self.ENVIRONMENT)
        self.assertEqual(done.returncode, 99, done.stdout + done.stderr)
        self.assertNotIn("s3cret", done.stdout + done.stderr)
        command = done.stderr.rpartition("the same again: ")[2].strip()

        # Only the key is not in the command.
        environment = clean_environment(second, API_KEY="s3cret")
        environment["PATH"] = str(Path(LOADER).parent) + ":" + environment["PATH"]
        again = subprocess.run(
            [shutil.which("sh"), "-c", command],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=second, env=environment, timeout=DEADLINE_SECONDS,
        )  # fmt: skip
        self.assertEqual(again.returncode, 99, command + again.stdout + again.stderr)
        self.assertEqual(again.stdout, done.stdout)
        self.assertEqual(list(difference(self.files(first), self.files(second))), [])


if __name__ == "__main__":
    unittest.main()
