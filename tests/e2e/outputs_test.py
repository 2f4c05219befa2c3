"""Outputs over the network, against a server of the test's own: whatever it does, each sample arrives or is told of."""

import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import unittest

from metrics_server import OTLP, REMOTE_WRITE, WRITE, MetricsServer, exported_of, points_of, series_of
from programs import DEADLINE_SECONDS, ProgramTest, clean_environment, instant


def suite(duration="2s", sleep="10ms", **options):
    scenario = {"executor": "constant-vus", "vus": 2, "duration": duration, "gracefulStop": "5s"}
    steps = [
        {"http": {"path": "/health"}, "checks": {"is well": {"status": 200}}},
        {"http": {"path": "/nowhere"}, "checks": {"is well": {"status": 200}}},
        {"sleep": sleep},
    ]  # fmt: skip
    return json.dumps({"name": "outputs", "options": {"scenarios": {"s": scenario}, **options}, "flows": {"default": steps}})


class OutputTest(ProgramTest):
    def setUp(self):
        self.place = self.folder()

    def server(self, *arguments, **options):
        server = MetricsServer(*arguments, **options)
        self.addCleanup(server.close)
        return server

    def start(self, text, *flags, url=None, **environment):
        path = Path(self.place, "suite.json")
        path.write_text(text)
        process = subprocess.Popen(
            [os.environ["LOADER"], "run", str(path), "-q", *(("--url", url) if url else ()), *flags],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.place,
            env=clean_environment(self.place, **environment),
        )  # fmt: skip
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    def finish(self, process, code=0):
        """(standard output, standard error, the summary) of its end."""
        out, err = process.communicate(timeout=DEADLINE_SECONDS)
        self.assertEqual(process.returncode, code, out + err)
        # Whether the end takes long enough to be told of is the machine's matter.
        err = re.sub("warning: still sending what was measured to .*\n", "", err)
        return out, err, json.loads(Path(self.place, "outputs-test-summary.json").read_text())

    def all_three(self, port):
        """The flags and the variables of the three outputs, to one server."""
        flags = ("--out", f"influxdb=http://127.0.0.1:{port}/db", "--out", "prometheus-rw", "--out", "opentelemetry")
        return flags, {
            "K6_INFLUXDB_PUSH_INTERVAL": "100ms",
            "K6_PROMETHEUS_RW_SERVER_URL": f"http://127.0.0.1:{port}{REMOTE_WRITE}",
            "K6_PROMETHEUS_RW_PUSH_INTERVAL": "200ms",
            "K6_PROMETHEUS_RW_TREND_STATS": "p(99),count,max",
            "K6_OTEL_HTTP_EXPORTER_ENDPOINT": f"127.0.0.1:{port}",
            "K6_OTEL_HTTP_EXPORTER_INSECURE": "true",
            "K6_OTEL_EXPORT_INTERVAL": "200ms",
        }

    def assert_all_arrived(self, server, summary):
        """Each output has sent what it took, and what came says what the summary does."""
        outputs = summary["outputs"]
        self.assertEqual(len(outputs), 3)
        for output in outputs:
            self.assertEqual((output["samples_sent"], output["samples_dropped"]), (output["samples_taken"], 0), outputs)
            self.assertEqual(output["samples_taken"], outputs[0]["samples_taken"])
        metrics = summary["metrics"]
        requests = metrics["http_reqs"]["values"]["count"]

        points = points_of(server.bodies[WRITE])
        self.assertEqual(len(points), outputs[0]["samples_taken"])
        self.assertEqual(self.sum_of(points, "http_reqs"), requests)
        self.assertEqual(self.sum_of(points, "http_req_failed"), metrics["http_req_failed"]["values"]["passes"])
        longest = max(float(f["value"]) for (name, _, _), f in points.items() if name == "http_req_duration")
        self.assertEqual(longest, metrics["http_req_duration"]["values"]["max"])

        series = series_of(server.bodies[REMOTE_WRITE])
        last = {name: [values[-1][1] for values in each.values()] for name, each in series.items()}
        self.assertEqual(sum(last["k6_http_reqs_total"]), requests)
        self.assertEqual(sum(last["k6_http_req_duration_count"]), requests)
        self.assertEqual(max(last["k6_http_req_duration_max"]), longest / 1000)
        for values in (values for each in series.values() for values in each.values()):
            times = [time for time, _ in values]
            self.assertEqual(times, sorted(set(times)), "in order, and each once")

        _, exported = exported_of(server.bodies[OTLP][-1])
        self.assertEqual(sum(exported["http_reqs"][2].values()), requests)
        self.assertEqual(sum(point[0] for point in exported["http_req_duration"][2].values()), requests)

    @staticmethod
    def sum_of(points, measurement):
        return sum(float(fields["value"]) for (name, _, _), fields in points.items() if name == measurement)


class MisbehavingServers(OutputTest):
    def check(self, misbehave):
        gateway = self.mockgw(config=instant())
        server = self.server(misbehave)
        flags, variables = self.all_three(server.port)
        out, err, summary = self.finish(self.start(suite(), *flags, url=gateway.url, **variables))
        self.assertEqual(err, "")
        self.assert_all_arrived(server, summary)
        for output in summary["outputs"]:
            self.assertIn(f"{output['name']}: {output['samples_taken']} samples, {output['samples_sent']} sent, 0 dropped", out)
        return server

    def test_one_that_behaves(self):
        server = self.check(lambda handler, number: False)
        self.assertEqual(server.requests[0][0], "/query?q=CREATE%20DATABASE%20%22db%22")
        self.assertGreater(len(server.bodies[WRITE]), 5)

    def test_one_that_is_slow(self):
        def slow(handler, number):
            threading.Event().wait(0.4)
            return False

        self.check(slow)

    def test_one_that_fails_every_third_time(self):
        def fail(handler, number):
            if number % 3 == 0:
                handler.rfile.read(int(handler.headers["Content-Length"]))
                handler.answer(500, b"every third")
            return number % 3 == 0

        self.check(fail)

    def test_one_that_closes_in_the_middle(self):
        def close(handler, number):
            """In the middle of the request, or of the answer."""
            if number % 3 == 0:
                handler.rfile.read(10)
            elif number % 3 == 1:
                handler.rfile.read(int(handler.headers["Content-Length"]))
                handler.wfile.write(b"HTTP/1.1 204 No")
            handler.close_connection = number % 3 != 2
            return number % 3 != 2

        self.check(close)

    def test_one_that_comes_late(self):
        gateway = self.mockgw(config=instant())
        with socket.create_server(("127.0.0.1", 0)) as reserved:
            port = reserved.getsockname()[1]
        flags, variables = self.all_three(port)
        process = self.start(suite(), *flags, url=gateway.url, **variables)
        gateway.wait_for_stats(lambda stats: stats["total_requests"] > 20)
        server = self.server(port=port)
        _, err, summary = self.finish(process)
        self.assertEqual(err, "")
        self.assert_all_arrived(server, summary)
        # The database first: a server that comes late has none.
        self.assertTrue(next(path for path, _ in server.requests if "api" not in path and "v1" not in path).startswith("/query"))


class Losses(OutputTest):
    def test_a_server_that_is_never_there_slows_nothing_and_is_told_of(self):
        gateway = self.mockgw(config=instant())
        with socket.create_server(("127.0.0.1", 0)) as reserved:
            port = reserved.getsockname()[1]
        flags, variables = self.all_three(port)
        out, err, summary = self.finish(self.start(suite("1s"), *flags, url=gateway.url, **variables))
        self.assertEqual(err.count("warning: "), 3, err)
        self.assertGreater(summary["metrics"]["iterations"]["values"]["count"], 100)
        for output in summary["outputs"]:
            self.assertEqual(output["samples_dropped"], output["samples_taken"])
            self.assertIn(f"warning: {output['name']}: {output['samples_dropped']} samples were dropped: ", err)
            self.assertIn(f"{output['samples_dropped']} dropped", out)
        self.assertIn("connection refused", err)

    def test_what_is_refused_is_told_of_while_the_run_goes_on(self):
        def refuse(handler, number):
            handler.rfile.read(int(handler.headers["Content-Length"]))
            handler.answer(400, b'{"error":"no such thing"}')
            return True

        gateway = self.mockgw(config=instant())
        flags, variables = self.all_three(self.server(refuse).port)
        _, err, summary = self.finish(self.start(suite(), *flags, url=gateway.url, **variables))
        self.assertEqual([output["samples_sent"] for output in summary["outputs"]], [0, 0, 0])
        self.assertEqual(err.count("samples dropped so far: status 400: "), 3, err)
        self.assertEqual(err.count("samples were dropped: status 400: "), 3, err)

    def test_a_refusal_counts_by_its_status_however_long_its_body_is(self):
        def refuse(handler, number):
            handler.rfile.read(int(handler.headers["Content-Length"]))
            handler.answer(400, b"no such thing" + b"!" * 200_000)
            return True

        server = self.server(refuse)
        _, err, summary = self.finish(self.start(suite("1s"), "--out", f"influxdb={server.url}/db", "--simulate"))
        self.assertIn("samples were dropped: status 400: no such thing!!!", err)
        self.assertEqual(summary["outputs"][0]["samples_dropped"], summary["outputs"][0]["samples_taken"])
        writes = [path for path, _ in server.requests if path.startswith(WRITE)]
        self.assertEqual(len(writes), 1, "it is not tried again")

    def test_a_server_that_is_never_there_is_told_of_while_the_run_goes_on(self):
        gateway = self.mockgw(config=instant())
        with socket.create_server(("127.0.0.1", 0)) as reserved:
            port = reserved.getsockname()[1]
        process = self.start(suite("60s"), "--out", f"influxdb=http://127.0.0.1:{port}/db", url=gateway.url)
        warning = next(line for line in process.stderr if line.startswith("warning: influxdb"))
        self.assertIn("nothing has arrived for 5s: dial: connection refused; it is tried again", warning)
        self.assertIsNone(process.poll())

    def test_a_server_that_hangs_is_given_up_once_and_each_sample_counts(self):
        """More is measured than may wait, so that some are dropped at each place where they can be."""

        def hang(handler, number):
            self.released.wait(DEADLINE_SECONDS)
            return True

        self.released = threading.Event()
        server = self.server(hang)
        self.addCleanup(self.released.set)
        began = time.monotonic()
        _, err, summary = self.finish(
            self.start(suite("3m"), "--out", f"influxdb={server.url}?concurrentWrites=1", "--simulate")
        )
        self.assertLess(time.monotonic() - began, 18, "the run ends without being patient again")
        output = summary["outputs"][0]
        self.assertGreater(output["samples_taken"], 400_000)
        self.assertEqual((output["samples_sent"], output["samples_dropped"]), (0, output["samples_taken"]))
        self.assertIn(f"{output['samples_dropped']} samples were dropped: ", err)

    def test_points_that_a_collector_does_not_take_are_told_of(self):
        def take_half(handler, number):
            handler.rfile.read(int(handler.headers["Content-Length"]))
            handler.answer(200, bytes([0x0A, 0x09, 0x08, 0x02]) + b"\x12\x05stale")
            return True

        gateway = self.mockgw(config=instant())
        server = self.server(take_half)
        _, variables = self.all_three(server.port)
        _, err, _ = self.finish(self.start(suite("1s"), "--out", "opentelemetry", url=gateway.url, **variables))
        # Once, however often it is said.
        self.assertEqual(err.count(f"opentelemetry ({server.url}): 2 points refused: stale"), 1, err)

    def influxdb(self, misbehave):
        gateway = self.mockgw(config=instant())
        server = self.server(misbehave)
        flags, variables = self.all_three(server.port)
        _, err, summary = self.finish(self.start(suite("1s"), *flags[:2], url=gateway.url, **variables))
        (output,) = summary["outputs"]
        return server, output, err

    def test_a_batch_that_is_too_large_is_sent_in_parts(self):
        refused = []

        def small_only(handler, number):
            if int(handler.headers["Content-Length"]) <= 3000:
                return False
            refused.append(number)
            handler.rfile.read(int(handler.headers["Content-Length"]))
            handler.answer(413, b"too large")
            return True

        server, output, err = self.influxdb(small_only)
        self.assertTrue(refused)
        self.assertEqual(err, "")
        self.assertEqual((output["samples_sent"], output["samples_dropped"]), (output["samples_taken"], 0))
        self.assertEqual(len(points_of(server.bodies[WRITE])), output["samples_taken"])

    def test_where_the_server_has_moved_to_is_followed(self):
        def moved(handler, number):
            if not handler.path.startswith("/write"):
                return False
            handler.rfile.read(int(handler.headers["Content-Length"]))
            handler.send_response(307)
            handler.send_header("Location", "/moved" + handler.path)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return True

        server, output, err = self.influxdb(moved)
        self.assertEqual(err, "")
        self.assertEqual((output["samples_sent"], output["samples_dropped"]), (output["samples_taken"], 0))
        self.assertEqual(len(points_of(server.bodies["/moved" + WRITE])), output["samples_taken"])

    def test_what_a_partial_write_leaves_out_is_dropped(self):
        def leave_out(handler, number):
            if not handler.path.startswith("/write"):
                return False
            handler.rfile.read(int(handler.headers["Content-Length"]))
            handler.answer(400, b'{"error":"partial write: points beyond retention policy dropped=1"}')
            return True

        server, output, err = self.influxdb(leave_out)
        writes = sum(path.startswith("/write") for path, *_ in server.requests)
        self.assertEqual(output["samples_dropped"], writes)
        self.assertEqual(output["samples_sent"] + output["samples_dropped"], output["samples_taken"])
        self.assertIn("samples were dropped: ", err)

    def test_an_interrupted_run_sends_what_it_took(self):
        gateway = self.mockgw(config=instant())
        server = self.server()
        flags, variables = self.all_three(server.port)
        process = self.start(suite("1h"), *flags, url=gateway.url, **variables)
        for path in (WRITE, REMOTE_WRITE, OTLP):
            server.wait_for(path, DEADLINE_SECONDS)
        process.send_signal(signal.SIGINT)
        _, _, summary = self.finish(process, code=105)
        self.assert_all_arrived(server, summary)


class VirtualTime(OutputTest):
    def bodies_of_a_run(self):
        server = self.server()
        flags, variables = self.all_three(server.port)
        variables = {k: v for k, v in variables.items() if not k.endswith("INTERVAL")}
        _, err, summary = self.finish(self.start(suite("2m", "500ms"), *flags, "--simulate", "--seed", "7", **variables))
        self.assertEqual(err, "")
        self.assert_all_arrived(server, summary)
        return server.bodies

    def test_the_same_run_sends_the_same_bytes_at_virtual_times(self):
        first, second = self.bodies_of_a_run(), self.bodies_of_a_run()
        for path in (REMOTE_WRITE, OTLP):
            self.assertEqual(first[path], second[path])
            self.assertGreater(len(first[path]), 10)
        # Several writes at a time come in any order.
        self.assertEqual(sorted(first[WRITE]), sorted(second[WRITE]))
        times = [time for _, _, time in points_of(first[WRITE])]
        self.assertAlmostEqual((max(times) - min(times)) / 1e9, 120, delta=2)

    def test_a_run_waits_for_a_slow_server(self):
        """It has more samples than may wait, so that it would lose some otherwise."""

        def slow(handler, number):
            threading.Event().wait(0.1)
            return False

        server = self.server(slow)
        _, _, summary = self.finish(
            self.start(suite("1m"), "--out", f"influxdb={server.url}?concurrentWrites=1", "--simulate")
        )
        output = summary["outputs"][0]
        self.assertEqual(output["samples_sent"], output["samples_taken"])
        self.assertEqual(b"".join(server.bodies[WRITE]).count(b"\n"), output["samples_taken"])
        self.assertGreater(output["samples_taken"], 150_000)


class Requests(OutputTest):
    def test_version_2_of_influxdb_has_a_token(self):
        gateway = self.mockgw(config=instant())
        server = self.server()
        _, _, summary = self.finish(
            self.start(
                suite("1s"), "--out", f"xk6-influxdb={server.url}/load", url=gateway.url, K6_INFLUXDB_ORGANIZATION="lab",
                K6_INFLUXDB_TOKEN="s3cret", K6_INFLUXDB_PRECISION="ms", K6_INFLUXDB_TAGS_AS_FIELDS="status:int",
            )
        )  # fmt: skip
        path, headers = server.requests[0]
        self.assertEqual(path, "/api/v2/write?bucket=load&precision=ms&org=lab")
        self.assertEqual(headers["Authorization"], "Token s3cret")
        self.assertEqual(summary["outputs"][0]["samples_dropped"], 0)
        self.assertIn(b"status=404i,value=1 ", b"".join(server.bodies["/api/v2/write"]))

    def test_no_password_is_shown(self):
        server = self.server()
        out, err, _ = self.finish(
            self.start(
                suite("1s", thresholds={"http_reqs": ["count<0"]}),
                "--out", server.url.replace("http://", "influxdb=http://user:s3cret@"), "--out", "prometheus-rw",
                "-e", "K6_PROMETHEUS_RW_PASSWORD=s3cret", "--simulate", K6_PROMETHEUS_RW_USERNAME="user",
                K6_PROMETHEUS_RW_SERVER_URL=server.url.replace("http://", "http://u:s3cret@") + REMOTE_WRITE,
            ),
            code=99,
        )  # fmt: skip
        self.assertEqual(server.requests[0][1]["Authorization"], "Basic dXNlcjpzM2NyZXQ=")
        self.assertIn("the same again: ", err)
        self.assertNotIn("s3cret", out + err + Path(self.place, "outputs-test-summary.json").read_text())

    def test_no_secret_comes_back_in_what_a_server_says(self):
        def repeat(handler, number):
            handler.rfile.read(int(handler.headers["Content-Length"]))
            said = {name: handler.headers[name] for name in ("Authorization", "X-Key") if handler.headers[name]}
            handler.answer(400, f"{handler.path} {json.dumps(said)}".encode())
            return True

        server = self.server(repeat)
        _, err, _ = self.finish(
            self.start(
                suite("1s"), "--out", server.url.replace("http://", "influxdb=http://ursula:s3cret@"),
                "--out", "prometheus-rw", "--out", "opentelemetry", "--simulate",
                K6_PROMETHEUS_RW_SERVER_URL=f"{server.url}{REMOTE_WRITE}?key=s3cret", K6_PROMETHEUS_RW_BEARER_TOKEN="s3cret-too",
                K6_OTEL_HTTP_EXPORTER_ENDPOINT=server.url[7:], K6_OTEL_HTTP_EXPORTER_INSECURE="true",
                K6_OTEL_HEADERS="X-Key=s3cret",
            )
        )  # fmt: skip
        self.assertIn('/write?db=k6&precision=n {"Authorization": "****"}', err)
        self.assertIn(REMOTE_WRITE + '?key=**** {"Authorization": "****"}', err)
        self.assertIn(OTLP + ' {"X-Key": "****"}', err)
        self.assertNotIn("s3cret", err)

    def test_what_is_wrong_is_refused_before_the_run(self):
        for flags, variables, says in (
            (("--out", "influxdb=http://h/?presicion=ms"), {}, 'unknown query key "presicion"'),
            (("--out", "opentelemetry"), {"K6_OTEL_EXPORTER_PROTOCOL": "grpc"}, "K6_OTEL_EXPORTER_PROTOCOL: loader sends OTLP over HTTP"),
            (("--out", "influxdb=http://127.0.0.1:1/x", "--out", "nonsense"), {}, 'unknown output "nonsense"'),
            (("--out", "statsd"), {}, 'unknown output "statsd"; use json=FILE'),
        ):
            process = self.start(suite("1s"), *flags, "--simulate", **variables)
            _, err = process.communicate(timeout=DEADLINE_SECONDS)
            self.assertEqual(process.returncode, 104, err)
            self.assertIn(says, err)


if __name__ == "__main__":
    unittest.main()
