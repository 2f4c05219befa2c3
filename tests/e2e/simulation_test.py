"""Simulated runs write the same bytes each time: text, JSON, CSV, JUnit, HTML, and what goes to standard error; on whichever
CPU.

The suites are shortened here, for debug and sanitizer builds; benchmarks/simulate.sh compares them in full."""

import json
import os
import tempfile
import unittest
from pathlib import Path

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


LOGPROBS = {
    "name": "logprobs",
    "options": {"scenarios": {"s": {"executor": "per-vu-iterations", "vus": 3, "iterations": 20}}},
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


if __name__ == "__main__":
    unittest.main()
