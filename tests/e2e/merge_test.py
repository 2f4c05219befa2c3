"""A run in several processes over real sockets, merged: the counts of one, and a verdict that knows what is missing."""

import json
import os
import signal
import subprocess
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

from programs import DEADLINE_SECONDS, ProgramTest, clean_environment, instant

SHARDS = 3
SUITE = {
    "name": "merged",
    "options": {
        "scenarios": {
            "rate": {"executor": "constant-arrival-rate", "rate": 50, "duration": "2s", "preAllocatedVUs": 30},
            "shared": {"executor": "shared-iterations", "vus": 8, "iterations": 41},
        },
        "thresholds": {"iterations": ["count==141"], "http_reqs": ["count==142"], "http_req_failed": ["rate==0"]},
    },
    "setup": [{"http": {"path": "/health"}}],
    "flows": {"default": [{"chat": {"prompt": "Hello"}}]},
}


def in_seconds(seconds):
    return (datetime.now(timezone.utc) + timedelta(seconds=seconds)).isoformat()


class Merge(ProgramTest):
    def setUp(self):
        self.gateway = self.mockgw(config=instant())
        self.place = self.folder()
        self.suite = Path(self.place, "suite.json")
        self.suite.write_text(json.dumps(SUITE))

    def run_file(self, number):
        return str(Path(self.place, f"shard-{number}.json.gz"))

    def start(self, number, *flags):
        """A shard as a process of its own."""
        places = ("--mergeable", str(Path(self.place, "shard-{shard}.json.gz")), "--summary-file", "none")
        process = subprocess.Popen(
            [os.environ["LOADER"], "run", str(self.suite), "--url", self.gateway.url, "--shard", f"{number}/{SHARDS}"]
            + ["--no-thresholds", *places, *flags],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=clean_environment(self.place, API_KEY="test-api-key"),
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        return process

    def expect_end(self, process, code):
        output = process.communicate(timeout=DEADLINE_SECONDS)[0]
        self.assertEqual(process.returncode, code, output)

    def merge(self, *arguments):
        return self.run_program("LOADER", "merge", *arguments, folder=self.place)

    def gateway_counts(self):
        """Requests by their routes."""
        stats = json.loads(self.gateway.request("GET", "/admin/stats")[2])
        return {each["route"]: each["count"] for each in stats["requests"]}

    def test_is_one_run_with_one_verdict(self):
        soon = in_seconds(1)
        for process in [self.start(number, "--start-at", soon) for number in range(1, SHARDS + 1)]:
            self.expect_end(process, 0)
        files = [self.run_file(number) for number in range(1, SHARDS + 1)]
        merged = self.merge(*files, "--junit", "junit.xml", "--html", "report.html", "--summary-export", "export.json")
        self.assertEqual(merged.returncode, 0, merged.stdout + merged.stderr)
        self.assertIn("✓ 'count==141' count=141", merged.stdout)
        self.assertIn("merged from 3 parts", merged.stdout)
        for name in ("merged-test-summary.json", "junit.xml", "report.html", "export.json"):
            self.assertGreater(Path(self.place, name).stat().st_size, 500, name)
        metrics = json.loads(Path(self.place, "merged-test-summary.json").read_text())["metrics"]
        # As the gateway has counted; but all three have set up, and only the first has measured that.
        self.assertEqual(self.gateway_counts(), {"/v1/chat/completions": 141, "/health": SHARDS})
        self.assertEqual(metrics["http_reqs"]["values"]["count"], 142)
        self.assertEqual(metrics["llm_requests_success"]["values"]["count"], 141)

        with self.subTest("without a shard it is incomplete, and the shard is named"):
            partial = self.merge(*files[:2], "--summary-file", "none")
            self.assertEqual(partial.returncode, 123)
            self.assertIn("error: incomplete: segment 2/3:1, shard 3 of 3, is missing", partial.stderr)
            self.assertIn("INCOMPLETE: segment 2/3:1", partial.stdout)
        with self.subTest("of a file that is cut short it says so"):
            half = Path(self.place, "half.json.gz")
            half.write_bytes(Path(files[2]).read_bytes()[:500])
            partial = self.merge(*files[:2], str(half), "--summary-file", "none")
            self.assertEqual(partial.returncode, 123)
            self.assertIn(f"incomplete: {half}: is a gzip file that is cut short", partial.stderr)
        with self.subTest("a summary is no run file"):
            refused = self.merge(str(Path(self.place, "merged-test-summary.json")), files[0])
            self.assertEqual(refused.returncode, 104)
            self.assertIn("--mergeable FILE", refused.stderr)

    def test_a_late_shard_and_an_interrupted_one_are_named(self):
        late, waiting = self.start(2, "--start-at", in_seconds(6)), self.start(3, "--start-at", in_seconds(60))
        # It has set up, so it hears signals.
        self.gateway.wait_for_stats(lambda stats: sum(each["count"] for each in stats["requests"]) == 2)
        first = self.start(1)
        waiting.send_signal(signal.SIGINT)
        self.expect_end(waiting, 105)
        self.expect_end(first, 0)
        self.expect_end(late, 0)
        merged = self.merge(self.place, "--summary-file", "none", "--max-skew", "200ms")
        self.assertEqual(merged.returncode, 123)
        self.assertRegex(merged.stderr, r"shard-2\.json\.gz \(segment 1/3:2/3\) started [0-9.]+m?s later than the others")
        self.assertRegex(merged.stderr, r"shard-3\.json\.gz \(segment 2/3:1\) ended early, with exit code 105: the run was interrupted")
        self.assertRegex(merged.stderr, r"shard-3\.json\.gz \(segment 2/3:1\) never began its scenarios")

    def test_a_start_of_long_ago_is_refused(self):
        refused = self.start(1, "--start-at", in_seconds(-3600))
        output = refused.communicate(timeout=DEADLINE_SECONDS)[0]
        self.assertEqual(refused.returncode, 104, output)
        self.assertRegex(output, r"--start-at: .* was 1h.* ago")
        self.assertEqual(self.gateway_counts(), {})

    def test_a_run_that_never_began_judges_nothing(self):
        waiting = self.start(1, "--no-thresholds=false", "--quiet", "--start-at", in_seconds(60))
        self.gateway.wait_for_stats(lambda stats: sum(each["count"] for each in stats["requests"]) == 1)
        waiting.send_signal(signal.SIGINT)
        output = waiting.communicate(timeout=DEADLINE_SECONDS)[0]
        self.assertEqual(waiting.returncode, 105, output)
        self.assertIn("interrupted", output)
        self.assertNotIn("thresholds", output)

    def simulate(self, gateway, number, of, *flags):
        place = ("--mergeable", "runs/1/shard-{shard}-of-{shard}.json.gz", "--summary-file", "none")
        return self.run_program(
            "LOADER", "run", str(self.suite), f"--simulate={gateway}", "--shard", f"{number}/{of}", *place, *flags, folder=self.place
        )

    def test_a_run_file_makes_its_folder(self):
        for number in (1, 2):
            done = self.simulate("instant", number, 2, "--no-thresholds")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(sorted(path.name for path in Path(self.place, "runs/1").iterdir()), ["shard-1-of-1.json.gz", "shard-2-of-2.json.gz"])
        merged = self.merge("runs/1")
        self.assertEqual(merged.returncode, 0, merged.stdout + merged.stderr)
        Path(self.place, "file").touch()
        for flags, words in (
            (("--mergeable", "file/x.json"), "file/x.json: can't be written: its folder can't be made: Not a directory"),
            (("--shard", "1/2", "--start-together", "file"), "--start-together: file can't be used: "),
        ):
            with self.subTest(words):
                refused = self.run_program("LOADER", "run", str(self.suite), "--url", self.gateway.url, *flags, folder=self.place)
                self.assertEqual(refused.returncode, 104, refused.stdout + refused.stderr)
                self.assertIn(words, refused.stderr)
        self.assertEqual(self.gateway_counts(), {})

    def test_limits_that_each_part_had_for_itself_make_no_verdict(self):
        for number in (1, 2):
            done = self.simulate("rate-limited", number, 2, "--no-thresholds")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        merged = self.merge("runs/1")
        self.assertEqual(merged.returncode, 123, merged.stdout + merged.stderr)
        self.assertIn("each part had a simulated gateway of its own, with all of its limits (rate_limits)", merged.stderr)


if __name__ == "__main__":
    unittest.main()
