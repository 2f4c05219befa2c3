"""What is said of flags and files that can't be taken as they are, and what becomes of a run whose files or terminal are lost."""

import fcntl
import json
import os
import resource
import signal
import struct
import subprocess
import termios
import time
import unittest
from pathlib import Path

from programs import DEADLINE_SECONDS, ProgramTest, clean_environment, instant

# Much to write, until the run is over.
BUSY = json.dumps({
    "name": "busy", "options": {"scenarios": {"s": {"executor": "constant-vus", "vus": 2, "duration": "2s"}}},
    "flows": {"default": [{"http": {"path": "/health"}}]},
})  # fmt: skip


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

    def test_k6s_global_flags_may_stand_before_the_command(self):
        done = self.loader("-q", "--no-color", "--log-output", "none", "run", "smoke", "--simulate", "-i", "1", "--no-summary")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual(self.loader("-q", "inspect", "smoke").stdout, self.loader("inspect", "smoke").stdout)
        self.assert_refused("--address: loader has no REST API", "-a", ":6565", "run", "smoke", "--simulate")
        self.assert_refused("see loader report --help", "-q", "report", "s.json")
        self.assert_refused('unknown command "foo"', "-q", "foo")
        self.assert_refused("which command?", "-q")
        self.assert_refused('unknown flag "--vus"', "-q", "--vus", "3", "run", "smoke")
        self.assertIn("Usage: loader report FILE", self.loader("-q", "report", "--help").stdout)

    def test_inspect_refuses_what_only_a_run_writes(self):
        self.assert_refused("--samples: is for loader run", "inspect", "smoke", "--samples", "a.jsonl")
        self.assertEqual(os.listdir(self.place), [])

    def test_a_message_names_what_said_the_wrong_thing(self):
        run = ("run", "smoke", "--simulate")
        self.assert_refused('--out: unknown output "foo"', *run, "--out", "foo")
        self.assert_refused('K6_OUT: unknown output "foo"', *run, K6_OUT="foo")
        self.assert_refused('K6_OUT: unknown output "foo"', *run, "-e", "K6_OUT=foo")
        # A flag stands over the variable.
        self.assert_refused('--out: unknown output "bar"', *run, "-o", "bar", K6_OUT="foo")
        self.assert_refused('K6_OUT csv: unknown option "filename"', *run, K6_OUT="csv=filename=a")
        self.assert_refused('K6_CSV_TIME_FORMAT: unknown timeFormat "x"', *run, "-o", "csv=a", K6_CSV_TIME_FORMAT="x")
        self.assert_refused("K6_CONFIG: no.json: ", *run, K6_CONFIG="no.json")
        Path(self.place, "options.json").write_text('{"summaryTrendStats": ["worst"]}')
        self.assert_refused('options.json: summaryTrendStats: invalid trend statistic "worst"', *run, "-c", "options.json")
        self.assert_refused("K6_SUMMARY_EXPORT and --samples: both write to a", *run, "--samples", "a", K6_SUMMARY_EXPORT="a")
        self.assert_refused('K6_OUT web-dashboard: "a" is none of its keys', *run, K6_OUT="web-dashboard=a=b")
        self.assertEqual(self.loader(*run, "-q", K6_CSV_TIME_FORMAT="x").returncode, 0)

    def test_a_log_that_cant_be_written_is_refused_with_the_systems_reason(self):
        run = ("run", "smoke", "--simulate")
        why = "nodir/x: can't be written: No such file or directory"
        self.assert_refused(f"--log-output: {why}", *run, "--log-output", "file=nodir/x")
        self.assert_refused(f"K6_LOG_OUTPUT: {why}", *run, K6_LOG_OUTPUT="file=nodir/x")
        self.assert_refused("--log-output: .: can't be written: Is a directory", *run, "--log-output", "file=.")

    def test_a_log_that_is_lost_on_the_way_is_told_of_once(self):
        script = Path(self.place, "s.js")
        script.write_text("export default () => { console.log('a'); console.log('b'); throw new Error('y'); };")
        run = ("run", str(script), "--simulate", "-q", "--no-summary")
        why = "/dev/full: can't be written: No space left on device; nothing more is written there"
        done = self.loader(*run, "--console-output", "/dev/full")
        self.assertEqual((done.returncode, done.stderr.count(why)), (0, 1), done.stderr)
        self.assertIn(f"warning: --console-output: {why}\n", done.stderr)
        self.assertIn("source=stacktrace", done.stderr)
        done = self.loader(*run, "--log-output", "file=/dev/full")
        self.assertEqual((done.returncode, done.stderr), (0, f"warning: --log-output: {why}\n"))
        # What is only written at the end.
        done = self.loader("run", "smoke", "--simulate", "-q", "-i", "1", "--compatibility-mode", "base",
                           K6_LOG_OUTPUT="file=/dev/full")  # fmt: skip
        self.assertEqual((done.returncode, done.stderr), (0, f"warning: K6_LOG_OUTPUT: {why}\n"))

    def test_texts_that_are_no_utf8_leave_files_that_are(self):
        bad = b"x\xffy"
        files = {"--summary-file": "s.json", "--summary-export": "e.json", "--samples": "s.jsonl", "--mergeable": "m.json",
                 "--html": "h.html", "--junit": "j.xml", "--markdown": "m.md"}  # fmt: skip
        done = subprocess.run(
            [os.environ["LOADER"], "run", "smoke", "--simulate", "-q", "-i", "1", "--out", "json=o.jsonl", "--out", "csv=o.csv",
             "--tag", b"a=" + bad, "--tag", bad + b"=a", "-e", b"MODEL=" + bad, *(each for pair in files.items() for each in pair)],
            stdin=subprocess.DEVNULL, capture_output=True, cwd=self.place, timeout=DEADLINE_SECONDS,
            env={**clean_environment(self.place), "OTHER": bad}, check=False)  # fmt: skip
        self.assertEqual(done.returncode, 99, done.stderr)  # No model is called that.
        done.stdout.decode()
        for name in (*files.values(), "o.jsonl", "o.csv"):
            text = Path(self.place, name).read_bytes().decode()
            for line in text.splitlines() if name.endswith(".jsonl") else [text] if name.endswith(".json") else []:
                json.loads(line)
        points = [json.loads(line) for line in Path(self.place, "o.jsonl").read_text().splitlines()]
        tags = next(point["data"]["tags"] for point in points if point["type"] == "Point")
        self.assertEqual((tags["a"], tags["x\ufffdy"]), ("x\ufffdy", "a"))
        self.assertIn("a=x\ufffdy", Path(self.place, "o.csv").read_text())

    def start(self, *arguments, prepare=None):
        process = subprocess.Popen(
            [os.environ["LOADER"], "run", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, cwd=self.place, env=clean_environment(self.place), preexec_fn=prepare)  # fmt: skip
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    def wait_for_samples(self, process, name):
        samples = Path(self.place, name)
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not samples.exists() or samples.stat().st_size == 0:
            self.assertIsNone(process.poll())
            self.assertLess(time.monotonic(), deadline)
            os.sched_yield()

    def test_a_lost_terminal_interrupts_a_run_that_writes_its_files(self):
        gateway = self.mockgw(config=instant())
        for world in ("--url=" + gateway.url, "--simulate"):
            process = self.start("soak", "-d", "20d", world, "--out", "json=samples.json")
            self.wait_for_samples(process, "samples.json")
            # As the kernel and the shell tell of it, both.
            process.send_signal(signal.SIGHUP)
            process.send_signal(signal.SIGHUP)
            output, errors = process.communicate(timeout=DEADLINE_SECONDS)
            self.assertEqual(process.returncode, 105, output + errors)
            self.assertIn("EXECUTION", output)
            summary = Path(self.place, "soak-test-summary.json")
            json.loads(summary.read_text())
            json.loads(Path(self.place, "samples.json").read_text().splitlines()[-1])
            summary.unlink()
            Path(self.place, "samples.json").unlink()

    def test_a_run_of_nohup_goes_on_when_its_terminal_is_lost(self):
        gateway = self.mockgw(config=instant())
        process = self.start("smoke", "-d", "2s", "--url", gateway.url, "--out", "json=samples.json",
                             prepare=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))  # fmt: skip
        self.wait_for_samples(process, "samples.json")
        process.send_signal(signal.SIGHUP)
        output, errors = process.communicate(timeout=DEADLINE_SECONDS)
        self.assertEqual(process.returncode, 0, output + errors)

    def test_a_file_that_may_grow_no_more_is_given_up_as_on_a_full_disk(self):
        limit = 300_000
        gateway = self.mockgw(config=instant())
        Path(self.place, "busy.json").write_text(BUSY)
        process = self.start("busy.json", "--url", gateway.url, "--out", "json=samples.json",
                             prepare=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))  # fmt: skip
        output, errors = process.communicate(timeout=DEADLINE_SECONDS)
        self.assertEqual(process.returncode, 255, output + errors)
        self.assertIn("warning: samples.json: can't be written: File too large; nothing more is written there", errors)
        self.assertIn("error: samples.json: can't be written: File too large", errors)
        json.loads(Path(self.place, "busy-test-summary.json").read_text())

    def test_what_is_written_beside_a_run_file_goes_when_the_disk_is_full(self):
        limit = 4096
        process = self.start("smoke", "-i", "20", "--simulate", "--summary-file", "none", "--mergeable", "part.json",
                             prepare=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))  # fmt: skip
        output, errors = process.communicate(timeout=DEADLINE_SECONDS)
        self.assertEqual(process.returncode, 255, output + errors)
        self.assertIn("error: part.json: can't be written: File too large", errors)
        self.assertEqual(os.listdir(self.place), [])

    def test_a_standard_output_that_does_not_block_is_waited_for(self):
        for arguments in (("--out", "json=-", "--summary-file", "none"), ("--html", "-", "--summary-file", "none")):
            reader, writer = os.pipe()
            os.set_blocking(writer, False)
            process = subprocess.Popen(
                [os.environ["LOADER"], "run", "smoke", "-i", "500", "--simulate", *arguments], stdin=subprocess.DEVNULL,
                stdout=writer, stderr=subprocess.PIPE, text=True, cwd=self.place, env=clean_environment(self.place))  # fmt: skip
            self.addCleanup(self.end, process)
            os.close(writer)
            deadline = time.monotonic() + DEADLINE_SECONDS
            held = 0
            # Until it can hold no more, or has all.
            while held < 60_000 and process.poll() is None:
                held = struct.unpack("i", fcntl.ioctl(reader, termios.FIONREAD, bytes(4)))[0]
                self.assertLess(time.monotonic(), deadline)
                os.sched_yield()
            with open(reader) as lines:
                text = lines.read()
            _, errors = process.communicate(timeout=DEADLINE_SECONDS)
            self.assertEqual(process.returncode, 0, errors)
            self.assertGreater(len(text), 65_536)
            if "json=-" in arguments:
                for line in text.splitlines():
                    json.loads(line)
            else:
                self.assertTrue(text.endswith("</html>\n"), text[-100:])

    def test_a_pipe_without_a_reader_is_told_of_and_waited_for(self):
        for arguments in (("--out", "json=pipe"), ("--samples", "pipe")):
            os.mkfifo(Path(self.place, "pipe"))
            process = self.start("smoke", "--simulate", *arguments)
            told = "warning: pipe is a pipe that nobody reads yet; waiting for a reader\n"
            self.assertEqual(process.stderr.readline(), told)
            for line in Path(self.place, "pipe").read_text().splitlines():
                json.loads(line)
            output, errors = process.communicate(timeout=DEADLINE_SECONDS)
            self.assertEqual(process.returncode, 0, output + errors)
            process = self.start("smoke", "--simulate", *arguments)
            self.assertEqual(process.stderr.readline(), told)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(timeout=DEADLINE_SECONDS), -signal.SIGINT)
            os.unlink(Path(self.place, "pipe"))


if __name__ == "__main__":
    unittest.main()
