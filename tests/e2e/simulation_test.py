"""Simulated runs write the same bytes each time: text, JSON, CSV, JUnit, and what goes to standard error.

The suites are shortened here, for debug and sanitizer builds; benchmarks/simulate.sh compares them in full."""

import os
import unittest

from simulated_outputs import SHORT, difference, simulated_outputs


class SameSeedSameBytes(unittest.TestCase):
    def check(self, suite):
        once, again = (simulated_outputs(os.environ["LOADER"], suite, *SHORT[suite]) for _ in range(2))
        self.assertEqual(list(difference(once, again)), [])
        self.assertEqual(once["exit code"], b"0", once["stdout"].decode())
        for name in (f"{suite}-test-summary.json", "samples.json.gz", "samples.csv", "junit.xml", "export.json"):
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
        runs = [simulated_outputs(os.environ["LOADER"], "smoke", seed=seed) for seed in (1, 2)]
        self.assertIn("samples.csv", " ".join(difference(*runs)))


if __name__ == "__main__":
    unittest.main()
