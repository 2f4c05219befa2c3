"""What a run has left, afterwards: its reports once more, and whether another run is worse."""

import gzip
import json
import unittest
from pathlib import Path

from programs import ProgramTest

SLOWER = {  # The built-in gateway `healthy`, five percent slower.
    "latency": {
        "ttft": {"lognormal": {"p50": "262.5ms", "p99": "945ms"}},
        "itl": {"lognormal": {"p50": "18.9ms", "p99": "63ms"}},
    }
}
# As k6 hands it to handleSummary().
K6_SUMMARY = {
    "root_group": {"name": "", "path": "", "id": "d41d8cd98f00b204e9800998ecf8427e", "groups": [], "checks": []},
    "options": {"summaryTrendStats": ["avg", "p(95)"], "summaryTimeUnit": "", "noColor": False},
    "state": {"isStdOutTTY": False, "isStdErrTTY": False, "testRunDurationMs": 60000.5},
    "metrics": {
        "http_reqs": {"type": "counter", "contains": "default", "values": {"count": 600, "rate": 10}},
        "http_req_failed": {"type": "rate", "contains": "default", "values": {"rate": 0.5, "passes": 300, "fails": 300}},
        "http_req_duration": {
            "type": "trend",
            "contains": "time",
            "values": {"avg": 120.5, "med": 100, "p(95)": 300},
            "thresholds": {"p(95)<200": {"ok": False}},
        },
    },
}


class Results(ProgramTest):
    def setUp(self):
        self.place = self.folder()

    def path(self, name):
        return Path(self.place, name)

    def loader(self, *arguments):
        return self.run_program("LOADER", *arguments, folder=self.place)

    def simulate(self, seed, *flags, suite="baseline", gateway=None):
        """The summary of a simulated run."""
        name = f"{suite}-{seed}-{'other' if gateway else 'healthy'}.json"
        simulated = "--simulate"
        if gateway:
            self.path("gateway.json").write_text(json.dumps(gateway))
            simulated = "--simulate=gateway.json"
        done = self.loader("run", suite, simulated, "--seed", str(seed), "--summary-file", name, *flags)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return name

    def write(self, name, content):
        self.path(name).write_text(content if isinstance(content, str) else json.dumps(content))
        return name


class Compare(Results):
    def test_two_seeds_of_one_gateway_are_no_difference(self):
        before, after = self.simulate(1), self.simulate(2)
        done = self.loader("compare", before, after)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("NO DIFFERENCE", done.stdout)
        self.assertNotIn("WORSE", done.stdout)
        self.assertEqual(self.loader("compare", before, after).stdout, done.stdout)
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), 100)

    def test_five_percent_more_latency_is_found(self):
        before, after = self.simulate(1), self.simulate(2, gateway=SLOWER)
        reports = ("--json", "c.json", "--markdown", "c.md", "--html", "c.html")
        done = self.loader("compare", before, after, *reports)
        self.assertEqual(done.returncode, 122, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"✗ WORSE\n.*\n +duration_per_token +.* \+[3-8]\.[0-9]% ")
        self.assertIn("the gateway: healthy in A, gateway.json in B", done.stdout)
        comparison = json.loads(self.path("c.json").read_text())
        self.assertTrue(comparison["regression"])
        worse = {each["measure"] for each in comparison["figures"] if each["verdict"] == "worse"}
        self.assertIn("duration_per_token", worse)
        self.assertTrue(self.path("c.md").read_text().startswith("## ❌ worse"))
        self.assertIn("<svg", self.path("c.html").read_text())
        # A margin that it is within.
        self.assertEqual(self.loader("compare", before, after, "--margin", "20%").returncode, 0)

    def test_files_of_requests_and_run_files_do_as_well(self):
        places = ("--samples", "requests.jsonl.gz", "--mergeable", "run.json.gz")
        summary = self.simulate(1, *places)
        for other in ("requests.jsonl.gz", "run.json.gz"):
            with self.subTest(other):
                done = self.loader("compare", summary, other, "--json", f"{other}.compared")
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                figures = json.loads(self.path(f"{other}.compared").read_text())["figures"]
                durations = [each for each in figures if each["measure"] == "duration_p95"]
                self.assertEqual([each["verdict"] for each in durations], ["no difference"])
                self.assertEqual(durations[0]["a"], durations[0]["b"])

    def test_of_k6_there_are_figures_and_no_verdict(self):
        k6 = self.write("k6.json", K6_SUMMARY)
        done = self.loader("compare", k6, self.simulate(1))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("No verdict: A has no distributions over time", done.stdout)
        self.assertRegex(done.stdout, r"failed +50\.00% +0\.00% +-50\.00 points")

    def test_a_run_is_not_different_from_itself(self):
        same = self.simulate(1, suite="smoke")
        done = self.loader("compare", same, same)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("0 worse, 0 better", done.stdout)

    def test_what_is_none_is_refused(self):
        good = self.simulate(1, suite="smoke")
        self.write("broken.json", self.path(good).read_text()[:-100])
        self.write("other.json", "{}")
        for name, says in (("broken.json", "broken.json: is broken or cut short"), ("other.json", "is neither a summary"), ("none.json", "none.json")):
            with self.subTest(name):
                done = self.loader("compare", good, name)
                self.assertEqual(done.returncode, 104, done.stderr)
                self.assertIn(says, done.stderr)
        self.assertEqual(self.loader("compare", good).returncode, 104)
        self.assertEqual(self.loader("compare", good, good, "--json", good).returncode, 104)


class Report(Results):
    def test_makes_of_a_summary_what_the_run_had_made(self):
        own = ("--junit", "own.xml", "--markdown", "own.md", "--summary-export", "own-export.json")
        done = self.loader("run", "smoke", "--simulate", "--summary-mode", "full", "--summary-file", "own.json", *own)
        self.assertEqual(done.returncode, 0, done.stderr)
        again = ("--junit", "again.xml", "--markdown", "again.md", "--summary-export", "again-export.json", "--html", "again.html")
        report = self.loader("report", "own.json", "--summary-mode", "full", "--summary-file", "again.json", *again)
        self.assertEqual(report.returncode, 0, report.stderr)
        self.assertTrue(done.stdout.endswith(report.stdout), report.stdout)
        for ending in (".json", ".xml", ".md", "-export.json"):
            self.assertEqual(self.path(f"again{ending}").read_text(), self.path(f"own{ending}").read_text(), ending)
        self.assertIn("smoke", self.path("again.html").read_text())
        packed = self.path("own.json.gz")
        packed.write_bytes(gzip.compress(self.path("own.json").read_bytes()))
        self.assertEqual(self.loader("report", packed.name, "--summary-mode", "full").stdout, report.stdout)

    def test_shows_a_run_file_and_what_k6_wrote(self):
        done = self.loader("run", "smoke", "--simulate", "--mergeable", "run.json.gz", "--summary-file", "none")
        self.assertEqual(done.returncode, 0, done.stderr)
        report = self.loader("report", "run.json.gz")
        self.assertEqual(report.returncode, 0, report.stderr)
        self.assertIn("✓ 'p(95)<15000'", report.stdout)
        self.assertNotIn("INCOMPLETE", report.stdout)
        # A crossed threshold is the run's affair.
        k6 = self.loader("report", self.write("k6-summary.json", K6_SUMMARY), "--markdown", "-")
        self.assertEqual(k6.returncode, 0, k6.stderr)
        self.assertTrue(k6.stdout.startswith("## ❌ k6 failed"), k6.stdout)
        self.assertIn("✗ 'p(95)<200' p(95)=300ms", k6.stderr)

    def test_refuses_what_is_no_result(self):
        for name, text in (("a.json", "{}"), ("b.json", '{"metrics": {"x": {'), ("c.json", "hello")):
            with self.subTest(name):
                done = self.loader("report", self.write(name, text))
                self.assertEqual(done.returncode, 104, done.stderr)
                self.assertIn(f"{name}: is ", done.stderr)
        self.assertEqual(self.loader("report").returncode, 104)


if __name__ == "__main__":
    unittest.main()
