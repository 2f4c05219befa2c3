"""`loader prove` and `loader experiment` as users call them: reports, exit codes, interruption, commands of others."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from programs import DEADLINE_SECONDS, ProgramTest, clean_environment

QUICK = ("--seeds", "2")

# A load test in a few lines: ten chats, each of which must be answered with 200.
CHATS = textwrap.dedent(
    """
    import json, os, sys, urllib.request
    body = json.dumps({"model": "gpt-4", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 2}).encode()
    for _ in range(10):
        request = urllib.request.Request(os.environ["GATEWAY_URL"] + "/v1/chat/completions", body, {
            "Authorization": "Bearer " + os.environ["API_KEY"], "Content-Type": "application/json"})
        print(urllib.request.urlopen(request, timeout=5).status)
    """
)


class Prove(ProgramTest):
    def prove(self, *arguments, **options):
        return self.run_program("LOADER", "prove", *arguments, **options)

    def test_all_reports_of_one_proof(self):
        folder = Path(self.folder())
        done = self.prove(
            "smoke", "--only", "status-500,no-models,health-degraded", *QUICK, "--min-score", "90", "--json", "p.json",
            "--junit", "p.xml", "--markdown", "p.md", "--html", "p.html", folder=str(folder),
        )  # fmt: skip
        self.assertEqual(done.returncode, 120, done.stdout + done.stderr)
        proof = json.loads((folder / "p.json").read_text())
        self.assertEqual((proof["asked"], proof["noticed"]), (3, 2))
        self.assertFalse(proof["holds"])
        cases = {case.get("name"): case for case in ElementTree.parse(folder / "p.xml").getroot().iter("testcase")}
        self.assertTrue(any("health-degraded" in name and case.find("failure") is not None for name, case in cases.items()))
        for report in ("p.md", "p.html"):
            self.assertIn("health-degraded", (folder / report).read_text())
        self.assertIn("✗ health-degraded", done.stdout)
        self.assertLessEqual(max(len(line) for line in done.stdout.splitlines()), 100)

    def test_threads_change_no_byte(self):
        outputs = {
            (self.prove("smoke", "--only", "status-500,latency,reset", *QUICK, "--threads", threads, "--json", "-").stdout)
            for threads in ("1", "2", "5")
        }
        self.assertEqual(len(outputs), 1)

    def test_more_runs_take_no_more_memory(self):
        def peak(seeds):
            process = subprocess.Popen(
                [os.environ["LOADER"], "prove", "smoke", "--only", "status-500,latency", "--seeds", str(seeds), "--threads", "1"],
                stdout=subprocess.DEVNULL, cwd=self.folder(), env=clean_environment(self.folder()),
            )  # fmt: skip
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            return usage.ru_maxrss

        few, many = peak(3), peak(60)
        self.assertLess(many, 1.1 * few)

    def test_a_report_on_standard_output_is_alone_there(self):
        done = self.prove("smoke", "--only", "no-models", *QUICK, "--json", "-")
        self.assertTrue(json.loads(done.stdout)["holds"])
        self.assertIn("proof of smoke", done.stderr)

    def test_a_cell_can_be_repeated(self):
        folder = self.folder()
        done = self.prove(
            "smoke", "--only", "short-answers,refused", *QUICK, "--write-mutants", "m", "--json", "p.json", folder=folder
        )
        self.assertEqual(done.returncode, 0, done.stdout)
        families = {each["name"]: each for each in json.loads(Path(folder, "p.json").read_text())["families"]}
        for name, exit_code in (("short-answers", 0), ("refused", 99)):
            command = families[name]["command"].split()
            self.assertEqual(command[0], "loader")
            again = self.run_program("LOADER", *command[1:], folder=folder)
            self.assertEqual(again.returncode, exit_code, again.stdout + again.stderr)

    def test_thresholds_without_effect_fail_the_proof(self):
        suite = {
            "name": "planted",
            "options": {
                "vus": 2,
                "duration": "10s",
                "thresholds": {"checks": ["rate>=0"], "http_req_failed": ["rate<0.2"], "http_req_duration{a:b}": ["max<9"]},
            },
            "flows": {"default": [{"chat": {"prompt": "Hi"}, "checks": {"is 200": {"status": 200}}}, {"sleep": "1s"}]},
        }
        folder = Path(self.folder())
        (folder / "planted.json").write_text(json.dumps(suite))
        done = self.prove("planted.json", "--only", "status-500", *QUICK, folder=str(folder))
        self.assertEqual(done.returncode, 120)
        self.assertIn("cannot go red: holds for every value", done.stdout)
        self.assertIn("no data:", done.stdout)

    def test_options_of_a_k6_script(self):
        options = {
            "scenarios": {
                "a": {"executor": "constant-vus", "vus": 2, "duration": "20s", "exec": "chat", "gracefulStop": None},
                "b": {"executor": "shared-iterations", "vus": 1, "iterations": 3, "maxDuration": "1m"},
            },
            "thresholds": {"http_req_failed": ["rate<0.05"], "my_errors": ["count<5"]},
            "paused": None,
        }
        folder = Path(self.folder())
        (folder / "options.json").write_text(json.dumps(options))
        done = self.prove(
            "options.json", "--flow", "baseline", "--only", "status-500", *QUICK, "--write-mutants", "m", "--json", "p.json",
            folder=str(folder),
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        command = json.loads((folder / "p.json").read_text())["families"][0]["command"].split()
        self.assertEqual(self.run_program("LOADER", *command[1:], folder=str(folder)).returncode, 99)
        self.assertIn("threshold on my_errors left out", done.stderr)
        self.assertIn("✓ status-500", done.stdout)
        refused = self.prove("smoke", "--flow", "baseline")
        self.assertEqual(refused.returncode, 104)
        self.assertIn("a suite with flows of its own", refused.stderr)

    def test_families_of_ones_own(self):
        folder = Path(self.folder())
        family = {"name": "teapot", "breaks": "It is one.", "gateway": {"faults": [{"fault": {"kind": "status", "status": 418}}]}}
        (folder / "own.json").write_text(json.dumps({"families": [family]}))
        done = self.prove("smoke", "--mutants", "own.json", "--only", "teapot", *QUICK, folder=str(folder))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("✓ teapot", done.stdout)
        family["gateway"] = {"faults": [{"fault": {"kind": "explode"}}]}
        (folder / "own.json").write_text(json.dumps({"families": [family]}))
        broken = self.prove("smoke", "--mutants", "own.json", "--only", "teapot", *QUICK, folder=str(folder))
        self.assertEqual(broken.returncode, 104)
        self.assertIn("family teapot", broken.stderr)
        self.assertIn("explode", broken.stderr)

    def test_what_is_wrong_is_said(self):
        for arguments, says in (
            ((), "which suite?"),
            (("smoke", "--only", "status-50"), "did you mean status-500?"),
            (("smoke", "--seeds", "0"), "--seeds"),
            (("smoke", "--sedes", "3"), "did you mean --seeds?"),
            (("smoke", "--min-score", "101"), "0 to 100"),
            (("smoke", "--budget", "soon"), "--budget"),
            (("smoke", "--oc", "http_req_failed: rate<0.05"), "--vary"),
            (("smoke", "--oc", "http_req_failed: rate<0.05", "--vary", "status-500"), "FROM..TO"),
            (("smoke", "--oc", "http_req_fialed: rate<0.05", "--vary", "status-500=0..9"), "http_req_fialed"),
            (("smoke", "--exec", "true"), "leave out"),
            (("smoke", "--only", "latency", "--skip", "latency"), "no family is left"),
            (("smoke", "--json", "same", "--html", "./same"), "one place"),
            (("smoke", "--json", "/no/such/folder/p.json"), "/no/such/folder/p.json"),
            (("nowhere",), "smoke"),
        ):
            with self.subTest(arguments):
                done = self.prove(*arguments)
                self.assertEqual(done.returncode, 104, done.stdout + done.stderr)
                self.assertIn(says, done.stderr)

    def test_an_operating_characteristic(self):
        done = self.prove(
            "smoke", "--oc", "http_req_failed: rate<0.05", "--vary", "status-500=0..100%", *QUICK, "--json", "-"
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = json.loads(done.stdout)["sizes"]
        self.assertEqual(rows[0]["cells"][0]["red"], 0)
        self.assertEqual(rows[-1]["cells"][-1]["red"], 2)
        self.assertIn("to be 95 % sure, run", done.stderr)

    def test_interrupted_it_keeps_what_is_known(self):
        folder = self.folder()
        process = subprocess.Popen(
            [os.environ["LOADER"], "prove", "stress", "--seeds", "3", "--json", "p.json", "--threads", "2"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder, env=clean_environment(folder),
        )  # fmt: skip
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        # Nothing is said before the end, where there is no terminal; it runs for minutes.
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=DEADLINE_SECONDS)
        self.assertEqual(process.returncode, 105, output)

    def test_any_command_is_put_to_the_same_proof(self):
        folder = Path(self.folder())
        (folder / "chats.py").write_text(CHATS)
        done = self.prove(
            "--exec", f"{sys.executable} chats.py", "--only", "status-500,empty-content,latency,refused", folder=str(folder)
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("2 of 3 families noticed", done.stdout)
        self.assertIn("✗ empty-content", done.stdout)
        self.assertIn("which is simulated only", " ".join(done.stdout.split()))
        self.assertIn("200", (folder / "prove-output" / "sound.log").read_text())
        self.assertIn("500", (folder / "prove-output" / "status-500.log").read_text())

    def test_a_command_that_hangs_is_ended_with_its_children(self):
        folder = Path(self.folder())
        started = time.monotonic()
        done = self.prove(
            "--exec", "sleep 300 & echo $! > child; wait", "--exec-timeout", "1s", "--only", "status-500", folder=str(folder)
        )
        self.assertLess(time.monotonic() - started, 30)
        self.assertEqual(done.returncode, 120, done.stdout)
        self.assertIn("hair-trigger", done.stdout)
        child = int((folder / "child").read_text())
        self.assertFalse(self.is_running(child))

    def test_a_command_that_there_is_not(self):
        done = self.prove("--exec", "no-such-load-test", "--only", "status-500")
        self.assertEqual(done.returncode, 104)
        self.assertIn("127", done.stderr)

    @staticmethod
    def is_running(process):
        try:
            return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
        except FileNotFoundError:
            return False


class Experiment(ProgramTest):
    def test_built_in_ones_are_as_expected(self):
        done = self.run_program("LOADER", "experiment", "streams", "thresholds", "--json", "out.json")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_what_is_not_as_expected_is_said(self):
        folder = Path(self.folder())
        cases = [
            {"name": "passes", "suite": "smoke", "duration": "5s", "expect": {"pass": True}},
            {"name": "does not", "suite": "smoke", "duration": "5s", "mutant": {"family": "no-models"}, "expect": {"pass": True}},
            {"name": "nor this", "suite": "smoke", "duration": "5s", "expect": {"fail": ["checks"]}},
        ]
        (folder / "mine.json").write_text(json.dumps({"cases": cases}))
        done = self.run_program("LOADER", "experiment", "mine.json", folder=str(folder))
        self.assertEqual(done.returncode, 120, done.stderr)
        self.assertIn("✓ passes", done.stdout)
        self.assertIn("checks: rate>0.99 should not be red; it is 0.8", done.stdout)
        self.assertIn("checks should be red; it is 1", done.stdout)

    def test_mistakes_in_a_file_are_refused(self):
        folder = Path(self.folder())
        for case, says in (
            ({"name": "a", "suite": "smoke", "expect": {"pass": True, "fail": ["checks"]}}, "either"),
            ({"name": "a", "suite": "smoke", "expect": {"fail": ["chekcs"]}}, "no threshold \"chekcs\""),
            ({"name": "a", "suite": "smoke", "mutant": {"family": "status-5"}, "expect": {"pass": True}}, "status-5"),
            ({"name": "a", "suite": 5, "expect": {"pass": True}}, "suite"),
            ({"name": "a", "suite": "smoke"}, "expect"),
        ):
            with self.subTest(says):
                (folder / "mine.json").write_text(json.dumps({"cases": [case]}))
                done = self.run_program("LOADER", "experiment", "mine.json", folder=str(folder))
                self.assertEqual(done.returncode, 104, done.stdout)
                self.assertIn(says, done.stderr)


if __name__ == "__main__":
    import unittest

    unittest.main()
