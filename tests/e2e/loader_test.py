"""loader as a user runs it: the smoke suite for real and simulated, no gateway, Ctrl-C, wrong use; nothing left behind."""

import json
import os
import re
import signal
import socket
import subprocess
import time
import unittest
from pathlib import Path

from programs import DEADLINE_SECONDS, ProgramTest, clean_environment, instant

SUMMARY = "smoke-test-summary.json"
CHECKS = [
    "health check returns 200", "health check is healthy", "models returns 200", "models has data",
    "chat completion returns 200", "chat completion has choices", "chat completion has content", "chat completion is JSON",
]  # fmt: skip


def processes_of_session(session):
    """The processes that still run in a session, by the kernel's own list."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(entry.name)
    return found


class Loader(ProgramTest):
    def setUp(self):
        self.place = self.folder()

    def loader(self, *arguments, open_files=None, **environment):
        return self.run_program("LOADER", *arguments, folder=self.place, environment=environment, open_files=open_files)

    def summary(self):
        """The summary file, which must be all that the run left in its folder, home and temporary folder."""
        self.assertEqual(os.listdir(self.place), [SUMMARY])
        return json.loads(Path(self.place, SUMMARY).read_text())

    def check_smoke_passed(self, done):
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for text in ("THRESHOLDS", "TOTAL RESULTS", "http_req_duration", *CHECKS):
            self.assertIn(text, done.stdout)
        data = self.summary()
        self.assertEqual([check["name"] for check in data["root_group"]["checks"]], CHECKS)
        for check in data["root_group"]["checks"]:
            self.assertGreater(check["passes"], 0)
            self.assertEqual(check["fails"], 0)
        for metric, expression in (("http_req_failed", "rate<0.01"), ("http_req_duration", "p(95)<15000"), ("checks", "rate>0.99")):
            self.assertEqual(data["metrics"][metric]["thresholds"], {expression: {"ok": True}})
        for key in ("avg", "min", "med", "max", "p(50)", "p(90)", "p(95)", "p(99)"):
            self.assertIsInstance(data["metrics"]["http_req_duration"]["values"][key], (int, float), key)
        return data

    def test_smoke_for_real(self):
        gateway = self.mockgw(config=instant())
        data = self.check_smoke_passed(self.loader("run", "smoke", "-d", "2s", "--url", gateway.url))
        self.assertGreaterEqual(data["metrics"]["http_reqs"]["values"]["count"], 6)
        self.assertGreaterEqual(data["state"]["testRunDurationMs"], 2000)

    def test_every_other_suite_for_real(self):
        gateway = self.mockgw("--instant")
        for suite, flags, checks in (
            ("baseline", ("-d", "1s"), ["status is 200", "response has choices", "response has content", "response is JSON", "response time < 15s"]),
            ("stress", ("-s", "500ms:5,500ms:0"), ["status is 200", "has valid response", "response is JSON"]),
            ("soak", ("-d", "1s"), ["status is 200", "valid response", "response is JSON"]),
            ("streaming", ("-s", "500ms:5,500ms:0"), ["status is 200", "is SSE response"]),
        ):
            done = self.loader("run", suite, *flags, "--url", gateway.url)
            self.assertEqual(done.returncode, 0, (suite, done.stdout, done.stderr))
            data = json.loads(Path(self.place, f"{suite}-test-summary.json").read_text())
            self.assertEqual([check["name"] for check in data["root_group"]["checks"]], checks)
            for check in data["root_group"]["checks"]:
                self.assertGreater(check["passes"], 0, (suite, check))
                self.assertEqual(check["fails"], 0, (suite, check))

    def request_ids(self, *flags):
        """The X-Request-IDs of a run against a server that hangs up on each request."""
        ids = []
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(DEADLINE_SECONDS)
            process = self.start("run", "smoke", "-i", "1", "--url", "http://127.0.0.1:%d" % server.getsockname()[1], *flags)
            for _ in range(3):
                client, _ = server.accept()
                with client:
                    ids += re.findall(rb"X-Request-ID: (load-test-[0-9a-f]{16})\r\n", client.recv(65536))
            self.assertEqual(process.wait(timeout=DEADLINE_SECONDS), 99)
        self.assertEqual(len(set(ids)), 3)
        return ids

    def test_request_ids_are_a_run_s_own_unless_it_is_seeded(self):
        self.assertNotEqual(self.request_ids(), self.request_ids())
        self.assertEqual(self.request_ids("--seed", "5"), self.request_ids("--seed", "5"))

    def test_gateway_url_comes_from_the_environment(self):
        gateway = self.mockgw(config=instant())
        done = self.loader("run", "smoke", "-i", "1", GATEWAY_URL=gateway.url)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_smoke_simulated(self):
        data = self.check_smoke_passed(self.loader("run", "smoke", "--simulate"))
        self.assertGreaterEqual(data["state"]["testRunDurationMs"], 30_000)

    def test_same_seed_same_bytes(self):
        outputs = []
        for seed in ("1", "1", "2"):
            self.assertEqual(self.loader("run", "smoke", "--simulate", "--seed", seed).returncode, 0)
            outputs.append(Path(self.place, SUMMARY).read_bytes())
        self.assertEqual(outputs[0], outputs[1])
        self.assertNotEqual(outputs[0], outputs[2])

    def test_reports_of_a_simulated_run_are_the_same_bytes_every_time(self):
        written = []
        for _ in range(2):
            place = self.folder()
            done = self.run_program("LOADER", "run", "streaming", "-d", "20s", "-u", "3", "--simulate", "--html", "report.html",
                                    "--samples", "requests.jsonl", folder=place)  # fmt: skip
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            written.append([Path(place, name).read_text() for name in ("report.html", "requests.jsonl")])
        self.assertEqual(written[0], written[1])
        html, samples = written[0]
        self.assertIn("<h1>streaming</h1>", html)
        self.assertNotIn("://", html)
        requests = [json.loads(line) for line in samples.splitlines()]
        summary = json.loads(Path(place, "streaming-test-summary.json").read_text())
        self.assertEqual(len(requests), summary["metrics"]["http_reqs"]["values"]["count"])
        streams = [request for request in requests if request["chunks"] is not None]
        self.assertTrue(streams and all(request["outcome"] == "ok" and request["ttft_ms"] > 0 for request in streams))

    def test_a_saturation_search_finds_its_rate_for_real(self):
        # One slot of 50 ms: 20 a second at most; a fifth of that is far below, and five times far above.
        gateway = self.mockgw(config={"latency": {"ttft": "50ms", "itl": "0s", "other": "0s"}, "tokens": {"output": 1},
                                      "overload": {"max_concurrency": 1, "queue_size": 0}})  # fmt: skip
        suite = {
            "name": "search",
            "options": {"scenarios": {"search": {
                "executor": "saturation-search", "startRate": 4, "maxRate": 100, "growth": 5, "precision": 0.5,
                "stepDuration": "2s", "preAllocatedVUs": 1, "maxVUs": 50, "thresholds": {"http_req_failed": ["rate<0.2"]},
            }}},
            "flows": {"default": [{"chat": {"prompt": "Hello"}}]},
        }  # fmt: skip
        Path(self.place, "search.json").write_text(json.dumps(suite))
        done = self.loader("run", "search.json", "--url", gateway.url)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("is the last good level", done.stdout)
        found = json.loads(Path(self.place, "search-test-summary.json").read_text())["saturation"]["search"]
        self.assertGreaterEqual(found["lastGoodRate"], 4)
        self.assertLess(found["lastGoodRate"], 60)
        self.assertTrue(found["completed"])

    def test_no_gateway(self):
        # A bound port on which nobody listens refuses, and nobody else can take it meanwhile.
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            done = self.loader("run", "smoke", "-d", "1s", "--url", "http://127.0.0.1:%d" % bound.getsockname()[1])
        self.assertEqual(done.returncode, 99, done.stdout + done.stderr)
        self.assertIn("connection refused", done.stdout + done.stderr)
        data = self.summary()
        self.assertEqual(data["metrics"]["http_req_failed"]["values"]["rate"], 1)
        self.assertEqual(data["metrics"]["http_req_failed"]["thresholds"], {"rate<0.01": {"ok": False}})

    def start(self, *arguments):
        process = subprocess.Popen(
            [os.environ["LOADER"], *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.place,
            env=clean_environment(self.place),
            start_new_session=True,
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def test_more_virtual_users_than_files_are_warned_of(self):
        gateway = self.mockgw("--instant")
        for vus, open_files, warns in (("80", 100, True), ("8", 100, False)):
            done = self.loader("run", "soak", "-u", vus, "-d", "1s", "--url", gateway.url, open_files=open_files)
            said = f"up to {vus} virtual users need a connection each, and at most {open_files} files can be open"
            self.assertEqual(said in done.stderr, warns, done.stdout + done.stderr)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_interrupt_ends_the_run_with_105_and_a_summary(self):
        # A server that takes the request and never answers: the interrupt comes in the middle of an exchange.
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(DEADLINE_SECONDS)
            process = self.start("run", "smoke", "-d", "10m", "--url", "http://127.0.0.1:%d" % server.getsockname()[1])
            client, _ = server.accept()
            with client:
                self.assertIn(b"GET /health", client.recv(65536))
                process.send_signal(signal.SIGINT)
                output, _ = process.communicate(timeout=DEADLINE_SECONDS)
        self.assertEqual(process.returncode, 105, output)
        self.assertIn("EXECUTION", output)
        self.assertEqual(processes_of_session(process.pid), [])
        self.summary()

    def endless_load(self, **executor):
        suite = {
            "name": "endless",
            "options": {"scenarios": {f"s{i}": {"preAllocatedVUs": 20, "duration": "10h", **executor} for i in range(3)}},
            "flows": {"default": [{"http": {"path": "/health"}}]},
        }
        Path(self.place, "endless.json").write_text(json.dumps(suite))

    def wait_for_request_in(self, samples, process):
        """Reads along, piece by piece: the file may grow faster than it can be read from its beginning."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        seen, place = b"", 0
        while b"http_reqs" not in seen:
            self.assertIsNone(process.poll(), process.stdout)
            self.assertLess(time.monotonic(), deadline)
            os.sched_yield()
            if not samples.exists():
                continue
            with samples.open("rb") as file:
                file.seek(place)
                piece = file.read(16 << 20)
            place += len(piece)
            seen = seen[-20:] + piece

    def test_every_load_hears_the_first_signal_whatever_it_asks_for(self):
        gateway = self.mockgw(config=instant())
        stages = {"duration": None, "stages": [{"duration": "10h", "target": 1_000_000_000}]}
        for executor in (
            {"executor": "constant-arrival-rate", "rate": 1, "timeUnit": "1ns"},
            {"executor": "constant-arrival-rate", "rate": 10_000_000},
            {"executor": "ramping-arrival-rate", "startRate": 1_000_000_000, **stages},
            {"executor": "poisson-arrival-rate", "rate": 1_000_000_000},
        ):
            self.endless_load(**executor)
            for world, number in (("--url=" + gateway.url, signal.SIGINT), ("--simulate", signal.SIGTERM)):
                process = self.start("run", "endless.json", world, "--out", "json=samples.json")
                samples = Path(self.place, "samples.json")
                self.wait_for_request_in(samples, process)
                asked = time.monotonic()
                process.send_signal(number)
                output, _ = process.communicate(timeout=DEADLINE_SECONDS)
                self.assertEqual(process.returncode, 105, (executor, output))
                # A second on a machine of its own; here others work as well.
                self.assertLess(time.monotonic() - asked, 5, executor)
                self.assertIn("dropped_iterations", output)
                samples.unlink()

    def test_interrupt_ends_a_simulated_run_with_105_a_summary_and_whole_outputs(self):
        process = self.start("run", "soak", "-d", "20d", "--simulate", "--out", "json=samples.json")
        samples = Path(self.place, "samples.json")
        # What is under way has begun once there is more than the outputs' first lines.
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not samples.exists() or samples.stat().st_size < 1_000_000:
            self.assertIsNone(process.poll())
            self.assertLess(time.monotonic(), deadline)
            os.sched_yield()
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=DEADLINE_SECONDS)
        self.assertEqual(process.returncode, 105, output)
        self.assertIn("complete and", output)
        self.assertIn("EXECUTION", output)
        self.assertNotIn("the same again", output)
        self.assertTrue(Path(self.place, "soak-test-summary.json").exists())
        json.loads(samples.read_text().splitlines()[-1])

    def test_wrong_use_is_104_and_says_what_is_wrong(self):
        bad = Path(self.place, "bad.json")
        bad.write_text('{"name": "bad", "options": {"vuss": 1}, "flows": {}}')
        for arguments, words in (
            (("run", "smoke", "--simulat"), ("simulat",)),
            (("run", "smoke", "-d", "soon"), ("soon",)),
            (("run", "no-such-suite"), ("no-such-suite",)),
            (("run", "bad.json"), ("bad.json", "vuss", "vus")),
            (("run", "smoke", "--url", "ftp://x"), ("ftp",)),
        ):
            done = self.loader(*arguments)
            self.assertEqual(done.returncode, 104, (arguments, done.stdout, done.stderr))
            for word in words:
                self.assertIn(word, done.stdout + done.stderr, arguments)
        self.assertEqual(os.listdir(self.place), ["bad.json"])

    def test_output_that_is_lost_is_no_success(self):
        for arguments in (("inspect", "smoke", "--json"), ("run", "smoke", "--simulate"), ("--help",)):
            with open("/dev/full", "w") as full:
                done = subprocess.run([os.environ["LOADER"], *arguments], stdin=subprocess.DEVNULL, stdout=full, cwd=self.place,
                                      stderr=subprocess.PIPE, text=True, env=clean_environment(self.place))  # fmt: skip
            self.assertEqual(done.returncode, 255, (arguments, done.stderr))
            self.assertIn("standard output could not be written", done.stderr, arguments)

    def test_a_wrong_gateway_file_is_refused_before_anything_is_shown_or_written(self):
        Path(self.place, "bad.json").write_text('{"latencyy": {}}')
        done = self.loader("run", "smoke", "--simulate=bad.json", "--out", "json=samples.json")
        self.assertEqual(done.returncode, 104)
        self.assertIn("latency", done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(os.listdir(self.place), ["bad.json"])

    def test_a_place_that_cant_be_written_is_noticed_before_the_run(self):
        os.mkdir(Path(self.place, "smoke-test-summary.json"))
        os.mkdir(Path(self.place, "taken"))
        done = self.loader("run", "smoke", "--simulate")
        self.assertEqual(done.returncode, 104, done.stderr)
        self.assertIn("smoke-test-summary.json: can't be written: it is a folder", done.stderr)
        self.assertEqual(done.stdout, "")
        for flag, place in (("--html", "no/such/a.html"), ("--junit", "taken"), ("--summary-export", "/proc/a"),
                            ("--samples", "no/a"), ("--out", "json=no/a"), ("--summary-file", "taken")):  # fmt: skip
            flags = ("--summary-file", "none") if flag != "--summary-file" else ()
            done = self.loader("run", "smoke", "--simulate", *flags, flag, place)
            self.assertEqual(done.returncode, 104, (flag, done.stderr))
            self.assertEqual(done.stdout, "", flag)
        done = self.loader("run", "smoke", "--simulate", "--summary-file=none")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(os.listdir(self.place)), ["smoke-test-summary.json", "taken"])

    def test_a_report_to_standard_output_has_it_for_itself(self):
        done = self.loader("run", "smoke", "--simulate", "--summary-file", "none", "--html", "-")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith("<!"), done.stdout[:200])
        self.assertIn("TOTAL RESULTS", done.stderr)
        done = self.loader("run", "smoke", "--simulate", "--summary-file", "-")
        self.assertEqual(json.loads(done.stdout)["root_group"]["name"], "")
        self.assertEqual(os.listdir(self.place), [])

    def test_gateways_and_networks_have_names(self):
        for arguments in (("--simulate", "slow"), ("--simulate=slow", "--network", "wan"), ("--simulate", "--network=lossy")):
            done = self.loader("run", "smoke", "-i", "1", *arguments)
            self.assertNotIn(done.returncode, (104, 255), (arguments, done.stderr))
        done = self.loader("run", "smoke", "--simulate=slwo")
        self.assertEqual(done.returncode, 104)
        self.assertIn("built in are breaker-trips, healthy,", done.stderr)
        self.assertIn("did you mean slow?", done.stderr)

    def test_the_lossy_network_shows_what_it_says(self):
        done = self.loader("run", "baseline", "--simulate", "--network", "lossy")
        self.assertEqual(done.returncode, 99)
        for words in ("connection reset by peer", "connection refused", "✗ 'p(99)<30000'"):
            self.assertIn(words, done.stdout)

    def test_what_is_no_suite_is_told(self):
        done = self.loader("run", self.place)
        self.assertEqual(done.returncode, 104)
        self.assertIn("is a folder", done.stderr)

    def test_hosts_that_cant_be_reached_are_named(self):
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            authority = "127.0.0.1:%d" % bound.getsockname()[1]
            done = self.loader("run", "smoke", "-i", "1", "--url", "http://" + authority)
        self.assertIn(f"connection refused ({authority})", done.stdout)
        done = self.loader("run", "smoke", "-i", "1", "--url", "http://no-such-host.invalid")
        self.assertIn("(no-such-host.invalid)", done.stdout)

    def test_tls_to_a_plain_port_and_a_peer_that_closes(self):
        gateway = self.mockgw(config=instant())
        done = self.loader("run", "smoke", "-i", "1", "--url", gateway.url.replace("http:", "https:"), "--samples", "samples.jsonl")
        codes = {json.loads(line)["error_code"] for line in Path(self.place, "samples.jsonl").read_text().splitlines()}
        self.assertEqual(codes, {1301}, done.stdout)
        self.assertIn("tls: first record does not look like a TLS handshake", done.stdout)

    def test_help_and_version(self):
        for arguments in (("--help",), ("--version",), ("run", "--help")):
            done = self.loader(*arguments)
            self.assertEqual(done.returncode, 0, (arguments, done.stderr))
            self.assertIn("loader", done.stdout)


if __name__ == "__main__":
    unittest.main()
