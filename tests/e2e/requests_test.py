"""A request can be found: its id is in the lines of --samples, in points of JSON and CSV and in the list of errors, and none is
lost, not even when a run is interrupted."""

import collections
import csv
import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import unittest

from programs import DEADLINE_SECONDS, ProgramTest, clean_environment, instant

FLAGS = ("--samples", "requests.jsonl", "--out", "json=points.json", "--out", "csv=points.csv")
CHAT = {"chat": {"prompt": "Hello"}, "checks": {"is well": {"status": 200}}}


def suite(duration="60s", vus=3):
    scenario = {"executor": "constant-vus", "vus": vus, "duration": duration}
    return json.dumps({"name": "found", "options": {"scenarios": {"s": scenario}}, "flows": {"default": [CHAT, {"sleep": "10ms"}]}})


def chats(stats):
    return sum(each["count"] for each in stats["requests"] if each["route"].endswith("completions"))


class Requests(ProgramTest):
    def setUp(self):
        self.place = self.folder()

    def write(self, name, text):
        Path(self.place, name).write_text(text)
        return name

    def start(self, name, gateway, *flags, files=FLAGS):
        return subprocess.Popen(
            [os.environ["LOADER"], "run", name, "-q", "--url", gateway.url, *files, *flags],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.place,
            env=clean_environment(self.place),
        )  # fmt: skip

    def finish(self, process, code):
        out, err = process.communicate(timeout=DEADLINE_SECONDS)
        self.assertEqual(process.returncode, code, out + err)
        return out

    def lines(self):
        return [json.loads(line) for line in Path(self.place, "requests.jsonl").read_text().splitlines()]

    def points(self):
        """By metric."""
        points = collections.defaultdict(list)
        for line in Path(self.place, "points.json").read_text().splitlines():
            line = json.loads(line)
            if line["type"] == "Point":
                points[line["metric"]].append(line["data"])
        return points

    def rows(self):
        """By metric."""
        rows = collections.defaultdict(list)
        with Path(self.place, "points.csv").open() as text:
            for row in csv.DictReader(text):
                rows[row["metric_name"]].append(row)
        return rows

    def summary(self):
        return json.loads(Path(self.place, "found-test-summary.json").read_text())

    def assert_nothing_is_lost(self):
        """What is written is what the summary counts, request by request."""
        metrics = self.summary()["metrics"]
        requests, points, rows = self.lines(), self.points(), self.rows()
        ids = sorted(request["request_id"] for request in requests)
        self.assertEqual(len(set(ids)), metrics["http_reqs"]["values"]["count"])
        self.assertEqual(ids, sorted(point["metadata"]["request_id"] for point in points["http_reqs"]))
        self.assertEqual(ids, sorted(row["metadata"].removeprefix("request_id=") for row in rows["http_reqs"]))
        for metric, values in metrics.items():
            values = values["values"]
            if set(values) == {"rate", "passes", "fails"}:
                self.assertEqual(len(points[metric]), values["passes"] + values["fails"], metric)
                self.assertEqual(len(rows[metric]), values["passes"] + values["fails"], metric)
        return requests

    def test_ctrl_c_loses_no_request(self):
        gateway = self.mockgw("--instant")
        for threads in ("1", "2"):
            process = self.start(self.write("suite.json", suite()), gateway, "--threads", threads)
            seen = chats(json.loads(gateway.request("GET", "/admin/stats")[2]))
            gateway.wait_for_stats(lambda stats, seen=seen: chats(stats) > seen + 200)
            process.send_signal(signal.SIGINT)
            self.finish(process, 105)
            self.assertGreater(len(self.assert_nothing_is_lost()), 150)

    def test_samples_are_in_the_file_while_the_run_goes_on(self):
        gateway = self.mockgw("--instant")
        process = self.start(self.write("suite.json", suite(vus=1)), gateway, files=FLAGS[:2])
        samples = Path(self.place, "requests.jsonl")
        deadline = time.monotonic() + DEADLINE_SECONDS
        # Far less than what is written at once.
        while not samples.exists() or samples.stat().st_size == 0:
            self.assertLess(time.monotonic(), deadline)
            self.assertIsNone(process.poll())
            time.sleep(0.05)
        process.kill()
        process.communicate(timeout=DEADLINE_SECONDS)
        self.assertEqual(json.loads(samples.read_text().splitlines()[0])["outcome"], "ok")

    def test_a_line_says_what_a_gateways_log_is_asked_for(self):
        gateway = self.mockgw("--log-level", "debug", config=instant(tokens={"output": 7}))
        process = self.start(self.write("suite.json", suite(duration="1s")), gateway, "--tag", "team=red")
        self.finish(process, 0)
        requests = self.assert_nothing_is_lost()
        self.assertTrue(requests)
        for request in requests:
            self.assertRegex(request["request_id"], "^load-test-[0-9a-f]{16}$")
            self.assertEqual(request["host"], gateway.url.removeprefix("http://"))
            self.assertEqual((request["model"], request["tokens_out"], request["token_source"]), ("gpt-3.5-turbo", 7, "usage"))
            self.assertGreater(request["tokens_in"], 0)
            self.assertEqual((request["outcome"], request["reason"], request["failed"]), ("ok", None, False))
            self.assertEqual((request["tags"]["team"], request["tags"]["scenario"]), ("red", "s"))
            parts = request["sending_ms"] + request["waiting_ms"] + request["receiving_ms"]
            self.assertGreaterEqual(request["duration_ms"] + 0.001, parts + request["blocked_ms"])
        points = self.points()
        # The chat's own samples and its checks are of the request; the run's are of none.
        for metric in ("llm_success_rate", "llm_tokens_generated", "checks"):
            self.assertTrue(all(point["metadata"]["request_id"] for point in points[metric]), metric)
        self.assertFalse(any("metadata" in point for point in points["vus"] + points["iterations"]))
        gateway.signal(signal.SIGTERM)
        gateway.wait_for_line("stopped after")
        logged = re.findall(r"request (\S+): /v1/chat/completions model=gpt-3.5-turbo status=200", "".join(gateway.output))
        self.assertEqual(sorted(logged), sorted(request["request_id"] for request in requests))

    def test_vu_and_iter_are_metadata_of_what_an_iteration_measures(self):
        gateway = self.mockgw(config=instant())
        options = {"vus": 1, "iterations": 2, "systemTags": ["group", "iter", "vu"]}
        step = {"group": {"name": "g", "steps": [CHAT, {"http": {"path": "/health"}}]}}
        self.write("suite.json", json.dumps({"name": "found", "options": options, "flows": {"default": [step]}}))
        self.write("script.js", f"""
            import http from 'k6/http';
            import {{ check, group }} from 'k6';
            export const options = {json.dumps(options)};
            export default function () {{
              group('g', () => check(http.get(`${{__ENV.GATEWAY_URL}}/health`), {{ 'is well': (r) => r.status === 200 }}));
            }}
        """)  # fmt: skip
        for name, flags in (("suite.json", ()), ("script.js", ("-e", f"GATEWAY_URL={gateway.url}"))):
            self.finish(self.start(name, gateway, *flags), 0)
            points = self.points()
            for metric in ("http_reqs", "checks", "group_duration", "data_sent", "iterations", "iteration_duration"):
                said = [point["metadata"] for point in points[metric]]
                self.assertEqual({each["vu"] for each in said}, {"1"}, metric)
                self.assertEqual(sorted({each["iter"] for each in said}), ["0", "1"], metric)
                self.assertFalse(any({"vu", "iter"} & set(point["tags"]) for point in points[metric]), metric)
            self.assertNotIn("metadata", points["vus"][0])
            row = self.rows()["iterations"][0]
            self.assertEqual(list(row), ["metric_name", "timestamp", "metric_value", "group", "extra_tags", "metadata"])
            self.assertEqual(row["metadata"], "iter=0&vu=1")

    def test_the_list_of_errors_names_host_and_a_request(self):
        gateway = self.mockgw(config=instant(faults=[{"fault": {"kind": "status", "status": 503}}]))
        out = self.finish(self.start(self.write("suite.json", suite(duration="1s")), gateway), 0)
        (error,) = self.summary()["errors"]
        first = self.lines()[0]
        host = gateway.url.removeprefix("http://")
        self.assertEqual((error["kind"], error["text"], error["status"]), ("status", "status 503", 503))
        self.assertEqual((error["host"], error["model"], error["scenario"]), (host, "gpt-3.5-turbo", "s"))
        self.assertEqual((error["count"], error["message"]), (len(self.lines()), first["reason"]))
        self.assertEqual(error["request_id"], first["request_id"])
        self.assertIn(f" ↳ {host}, from ", out)
        self.assertIn(f", such as {first['request_id']}: ", out)

    def test_a_scripts_own_id_is_the_id(self):
        gateway = self.mockgw("--instant")
        self.write("script.js", """
            import http from 'k6/http';
            export const options = { iterations: 2 };
            export default function () {
              http.get(`${__ENV.GATEWAY_URL}/health`, { headers: { 'x-request-id': `mine-${__ITER}` } });
              http.get(`${__ENV.GATEWAY_URL}/health`);
            }
        """)  # fmt: skip
        process = self.start("script.js", gateway, "-e", f"GATEWAY_URL={gateway.url}")
        self.finish(process, 0)
        self.assertEqual([request["request_id"] for request in self.lines()], ["mine-0", None, "mine-1", None])
        ids = [point.get("metadata", {}).get("request_id") for point in self.points()["http_req_duration"]]
        self.assertEqual(ids, ["mine-0", None, "mine-1", None])

    def test_a_simulated_run_writes_the_same_bytes_every_time(self):
        written = []
        for _ in range(2):
            done = self.run_program(
                "LOADER", "run", self.write("suite.json", suite(duration="20s")), "-q", "--simulate=overloaded", *FLAGS, folder=self.place
            )
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assert_nothing_is_lost()
            names = ("requests.jsonl", "points.json", "points.csv", "found-test-summary.json")
            written.append([Path(self.place, name).read_bytes() for name in names])
        self.assertEqual(written[0], written[1])

    def test_the_start_block_names_the_gateway(self):
        gateway = self.mockgw("--instant")
        done = self.run_program("LOADER", "run", "smoke", "-i", "1", "--url", gateway.url, folder=self.place)
        self.assertIn(f"execution: local, {gateway.url}\n", done.stdout)


class Files(Requests):
    """Files that can't be written, or must not be."""

    def simulate(self, *flags, code=0):
        self.write("suite.json", suite("2s"))
        run = self.run_program("LOADER", "run", "suite.json", "-q", "--simulate=instant", *flags, folder=self.place)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run

    def test_a_run_that_is_refused_leaves_the_results_of_the_one_before(self):
        for flags in (("--out", "csv=nowhere/x"), ("--samples", "nowhere/x"), ("--out", "nothing=x")):
            self.write("kept.json", "kept")
            self.simulate("--out", "json=kept.json", *flags, code=104)
            self.assertEqual(Path(self.place, "kept.json").read_text(), "kept", flags)

    def test_a_reader_that_goes_away_takes_nothing_with_it(self):
        os.mkfifo(Path(self.place, "pipe"))
        reader = subprocess.Popen(["head", "-c", "100", "pipe"], cwd=self.place, stdout=subprocess.DEVNULL)
        self.addCleanup(reader.wait)
        run = self.simulate("--samples", "pipe", "--out", "csv=points.csv", code=255)
        self.assertIn("error: pipe: can't be written: Broken pipe", run.stderr)
        summary = json.loads(Path(self.place, "found-test-summary.json").read_text())
        with open(Path(self.place, "points.csv"), newline="") as table:
            rows = [row for row in csv.DictReader(table) if row["metric_name"] == "http_reqs"]
        self.assertEqual(len(rows), summary["metrics"]["http_reqs"]["values"]["count"])

    def test_a_disk_that_is_full_is_told_of_while_the_run_goes_on(self):
        gateway = self.mockgw(config=instant())
        self.write("suite.json", suite("2s"))
        run = self.start("suite.json", gateway, files=("--samples", "/dev/full", "--out", "json=/dev/full"))
        _, err = run.communicate(timeout=DEADLINE_SECONDS)
        self.assertEqual(run.returncode, 255)
        full = "/dev/full: can't be written: No space left on device"
        self.assertEqual(err.count(f"warning: {full}; nothing more is written there"), 2, err)
        self.assertEqual(err.count(f"error: {full}"), 2, err)

    def test_what_is_for_people_is_not_among_the_points(self):
        for flags in (("--out", "json=-"), ("--out", "json"), ("--out", "json=/dev/stdout")):
            run = self.simulate(*flags)
            points = [json.loads(line) for line in run.stdout.splitlines()]
            self.assertGreater(len(points), 100)
            self.assertIn("http_reqs", run.stderr)
        run = self.simulate("--out", "json", "--out", "csv=/dev/stdout", code=104)
        self.assertIn("each needs a file of its own", run.stderr)


if __name__ == "__main__":
    unittest.main()
