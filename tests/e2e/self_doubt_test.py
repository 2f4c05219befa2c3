"""A loader that is starved says so, and what is not to be trusted; its exit code is 121 only where a threshold hangs on it.
One at ease says nothing."""

import json
import os
import signal
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from programs import DEADLINE_SECONDS, ProgramTest, chat_body, clean_environment, instant

ANSWER_MS = 400
SLOW = {"latency": {"ttft": f"{ANSWER_MS}ms", "itl": "0s"}}
VUS = 4
COMPUTE = "import time\nwhile time.process_time() < 0.5: pass"


def machine_ticks():
    """(idle, all) of the machine's CPUs, in ticks."""
    ticks = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return ticks[3] + ticks[4], sum(ticks)


def is_quiet(before, after):
    """Whether three quarters of the machine were idle meanwhile: the loader and the gateway of these tests use little."""
    return (after[0] - before[0]) >= 0.75 * (after[1] - before[1])


class SelfDoubt(ProgramTest):
    def setUp(self):
        self.place = self.folder()

    def start(self, gateway, thresholds, duration, *flags):
        suite = {
            "name": "doubt",
            "options": {
                "scenarios": {"load": {"executor": "constant-vus", "vus": VUS, "duration": duration, "gracefulStop": "10s"}},
                "thresholds": {"http_req_duration": thresholds},
            },
            "flows": {"default": [{"chat": {"prompt": "Hello", "max_tokens": 5}}]},
        }
        Path(self.place, "suite.json").write_text(json.dumps(suite))
        process = subprocess.Popen(
            [os.environ["LOADER"], "run", "suite.json", "--url", gateway.url, "--summary-file", "summary.json", *flags],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.place,
            env=clean_environment(self.place, API_KEY="test-api-key"),
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        return process

    def wait_for_requests(self, gateway, count):
        gateway.wait_for_stats(lambda stats: sum(each["count"] for each in stats["requests"]) >= count)

    def end(self, process):
        """(exit code, standard output, standard error, what it says of itself)"""
        out, err = process.communicate(timeout=DEADLINE_SECONDS)
        summary = json.loads(Path(self.place, "summary.json").read_text())
        return process.returncode, out, err, summary["self_doubt"]

    def stopped_run(self, *thresholds, flags=()):
        """A run whose process stands still while the gateway answers twice in a row: whatever the loader has asked for is
        there, at the latest, halfway through. It is stopped while it waits for answers, never while it reads some."""
        gateway = self.mockgw(config=SLOW)
        process = self.start(gateway, list(thresholds), "3s", *flags)
        self.wait_for_requests(gateway, VUS)
        gateway.wait_for_stats(lambda stats: stats["active_requests"] == VUS)
        process.send_signal(signal.SIGSTOP)
        for _ in range(2):
            self.assertEqual(gateway.request("POST", "/v1/chat/completions", chat_body())[0], 200)
        process.send_signal(signal.SIGCONT)
        return self.end(process)

    def kinds(self, doubt):
        return [finding["kind"] for finding in doubt["findings"]]

    def test_a_standstill_that_a_threshold_hangs_on_is_121(self):
        # An answer takes 400 ms; those that were there during the standstill are read 400 ms later, at least.
        code, out, err, doubt = self.stopped_run("max<700", flags=("--junit", "junit.xml", "--markdown", "run.md"))
        self.assertEqual(code, 121, out + err)
        self.assertIn("late", self.kinds(doubt))
        self.assertGreaterEqual(doubt["reads_late"]["max"], 2 * ANSWER_MS - 50)
        self.assertEqual([verdict["threshold"] for verdict in doubt["verdicts"]], ["max<700"])
        self.assertLess(doubt["verdicts"][0]["low"], 700)
        self.assertGreater(doubt["verdicts"][0]["observed"], 700)
        for text in ("THE LOADER'S OWN DOUBTS", "the loader was late", "not to be trusted: http_req_duration"):
            self.assertIn(text, out)
        self.assertIn("warning: the loader itself is late", err)
        self.assertIn("error: the loader itself was the bottleneck, and verdicts hang on it: http_req_duration 'max<700'", err)
        errors = [error.get("message") for error in ElementTree.parse(Path(self.place, "junit.xml")).iter("error")]
        self.assertEqual(len(errors), 1)
        self.assertIn("the loader itself was the bottleneck", errors[0])
        self.assertIn("the loader itself was the bottleneck", Path(self.place, "run.md").read_text())

    def test_a_standstill_that_none_hangs_on_is_only_said(self):
        code, out, err, doubt = self.stopped_run("max<60000", "p(95)<15000")
        self.assertEqual(code, 0, out + err)
        self.assertIn("late", self.kinds(doubt))
        self.assertEqual(doubt["verdicts"], [])
        self.assertIn("THE LOADER'S OWN DOUBTS", out)

    def test_a_threshold_that_is_crossed_for_certain_is_99_all_the_same(self):
        # No answer takes less than 400 ms, however late it is read.
        code, out, err, doubt = self.stopped_run("med<100", "max<700", flags=("--threads", "2"))
        self.assertEqual(code, 99, out + err)
        self.assertIn("max<700", [verdict["threshold"] for verdict in doubt["verdicts"]])

    def test_a_loader_without_a_cpu_is_late_and_says_why(self):
        gateway = self.mockgw(config=instant())
        process = self.start(gateway, ["p(95)<15000"], "3s")
        self.wait_for_requests(gateway, VUS)
        # Others compute on its CPU, two seconds together, and the scheduler counts each of them seventy times as much.
        cpu = {min(os.sched_getaffinity(0))}
        os.sched_setaffinity(process.pid, cpu)
        os.setpriority(os.PRIO_PROCESS, process.pid, 19)
        others = [
            subprocess.Popen([sys.executable, "-c", COMPUTE], preexec_fn=lambda: os.sched_setaffinity(0, cpu))
            for _ in range(4)
        ]
        try:
            code, out, err, doubt = self.end(process)
        finally:
            for other in others:
                other.kill()
                other.wait()
        self.assertEqual(code, 0, out + err)
        self.assertIn("late", self.kinds(doubt))
        self.assertGreater(doubt["waited_for_cpu"], 0.05)
        self.assertIn("a load thread waited for a CPU", out)

    def test_a_loader_at_ease_says_nothing(self):
        # Whoever else computes on this machine may disturb it: one run in peace is enough.
        quiet_runs = 0
        for _ in range(8):
            gateway = self.mockgw(config=SLOW)
            before = machine_ticks()
            process = self.start(gateway, ["p(95)<15000"], "1500ms")
            code, out, err, doubt = self.end(process)
            quiet_runs += is_quiet(before, machine_ticks())
            self.assertEqual(code, 0, out + err)
            self.assertGreater(doubt["reads_late"]["samples"], 10)
            self.assertGreater(doubt["reads_late"]["max"], 0)
            self.assertEqual(doubt["verdicts"], [])
            if not doubt["findings"]:
                break
        if doubt["findings"] and not quiet_runs:
            self.skipTest("others have kept this machine busy all the time")
        self.assertEqual(doubt["findings"], [], out)
        self.assertNotIn("DOUBTS", out)
        self.assertNotIn("warning", err)

    def test_virtual_time_is_not_asked(self):
        done = self.run_program("LOADER", "run", "smoke", "--simulate", "--summary-file", "summary.json", folder=self.place)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotIn("self_doubt", json.loads(Path(self.place, "summary.json").read_text()))
        self.assertNotIn("DOUBTS", done.stdout)


if __name__ == "__main__":
    unittest.main()
