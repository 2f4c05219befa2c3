"""Outputs against the real InfluxDB and Prometheus of Debian: what was written is read back by query, and is what the
summary says. Where they are not installed the tests are skipped, unless CI is set."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import unittest
import urllib.parse
import urllib.request
from pathlib import Path

from outputs_test import OutputTest, suite
from programs import DEADLINE_SECONDS, clean_environment, instant


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        return reserved.getsockname()[1]


def get(url, **parameters):
    with urllib.request.urlopen(f"{url}?{urllib.parse.urlencode(parameters)}", timeout=DEADLINE_SECONDS) as answer:
        return json.loads(answer.read() or b"null")


class ServerTest(OutputTest):
    def program(self, name):
        path = shutil.which(name)
        if not path and not os.environ.get("CI"):
            self.skipTest(f"{name} is not installed (scripts/install_packages test)")
        self.assertTrue(path, f"{name} is not installed, and CI is set")
        return path

    def serve(self, ready, *command):
        """Starts a server, and returns when `ready`, a URL, is answered with success."""
        log = open(Path(self.place, "server.log"), "w+")
        self.addCleanup(log.close)
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.place, env=clean_environment(self.place)
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        deadline = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                urllib.request.urlopen(ready, timeout=1).close()
                return
            except OSError:
                self.pause(process)
        log.seek(0)
        self.fail(f"{command[0]} did not start:\n{log.read()}")

    @staticmethod
    def pause(process):
        try:
            process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            pass


class InfluxDb(ServerTest):
    def setUp(self):
        super().setUp()
        self.url = f"http://127.0.0.1:{free_port()}"
        Path(self.place, "influxd.conf").write_text(
            f"""
            reporting-disabled = true
            bind-address = "127.0.0.1:0"
            [meta]
            dir = "{self.place}/meta"
            [data]
            dir = "{self.place}/data"
            wal-dir = "{self.place}/wal"
            [monitor]
            store-enabled = false
            [http]
            bind-address = "{self.url[7:]}"
            log-enabled = false
            """
        )
        self.serve(self.url + "/ping", self.program("influxd"), "-config", "influxd.conf")

    def query(self, text):
        result = get(self.url + "/query", db="load", q=text)["results"][0]
        return {series["name"]: series for series in result.get("series", [])}

    def test_points_read_back_are_what_the_summary_says(self):
        gateway = self.mockgw(config=instant())
        _, err, summary = self.finish(
            self.start(suite(), "--out", f"influxdb={self.url}/load", "--tag", "run=a b,c=d", url=gateway.url)
        )
        self.assertEqual(err, "")
        metrics = summary["metrics"]
        counted = self.query('SELECT count("value"), sum("value"), max("value") FROM /.*/')
        measured = {name: series["values"][0][1:] for name, series in counted.items()}
        self.assertEqual(sum(count for count, _, _ in measured.values()), summary["outputs"][0]["samples_sent"])
        self.assertEqual(set(measured), {name for name in metrics if "{" not in name})
        requests = metrics["http_reqs"]["values"]["count"]
        self.assertEqual(measured["http_reqs"][:2], [requests, requests])
        self.assertEqual(measured["http_req_failed"][:2], [requests, metrics["http_req_failed"]["values"]["passes"]])
        self.assertEqual(measured["data_sent"][1], metrics["data_sent"]["values"]["count"])
        self.assertEqual(measured["http_req_duration"][2], metrics["http_req_duration"]["values"]["max"])
        checks = metrics["checks"]["values"]
        self.assertEqual(measured["checks"][:2], [checks["passes"] + checks["fails"], checks["passes"]])

    def test_threads_have_no_point_at_one_time(self):
        gateway = self.mockgw(config=instant())
        scenario = {"executor": "constant-vus", "vus": 8, "duration": "2s"}
        streams = {"default": [{"chat": {"prompt": "Hello", "stream": True, "max_tokens": 200}}]}
        text = json.dumps({"name": "outputs", "options": {"scenarios": {"s": scenario}}, "flows": streams})
        _, err, summary = self.finish(
            self.start(text, "--threads", "2", "--out", f"influxdb={self.url}/load", url=gateway.url)
        )
        self.assertEqual(err, "")
        counted = self.query('SELECT count("value") FROM /.*/')
        kept = sum(series["values"][0][1] for series in counted.values())
        self.assertEqual(kept, summary["outputs"][0]["samples_sent"])

    def test_tags_and_fields_are_k6s(self):
        gateway = self.mockgw(config=instant())
        self.finish(self.start(suite("1s"), "--out", f"influxdb={self.url}/load", "--tag", "run=a b,c=d", url=gateway.url))
        tags = {name: {row[0] for row in series["values"]} for name, series in self.query("SHOW TAG KEYS").items()}
        expected = {"expected_response", "method", "name", "proto", "run", "scenario", "status"}
        self.assertEqual(tags["http_req_duration"], expected | {"error_code"})
        self.assertEqual(tags["vus"], {"run"})
        fields = self.query("SHOW FIELD KEYS")["http_reqs"]["values"]
        self.assertEqual(sorted(fields), [["url", "string"], ["value", "float"]])
        self.assertEqual(self.query('SHOW TAG VALUES FROM http_reqs WITH KEY = "run"')["http_reqs"]["values"], [["run", "a b,c=d"]])


class Prometheus(ServerTest):
    def setUp(self):
        super().setUp()
        address = f"127.0.0.1:{free_port()}"
        self.url = f"http://{address}"
        Path(self.place, "prometheus.yml").write_text("global: {}\n")
        self.serve(
            self.url + "/-/ready", self.program("prometheus"), "--config.file=prometheus.yml", "--storage.tsdb.path=tsdb",
            f"--web.listen-address={address}", "--web.enable-remote-write-receiver", "--enable-feature=native-histograms",
        )  # fmt: skip

    def run_with(self, text, url, **variables):
        _, err, summary = self.finish(
            self.start(
                text, "--out", f"experimental-prometheus-rw={self.url}/api/v1/write", url=url,
                K6_PROMETHEUS_RW_PUSH_INTERVAL="500ms", **variables,
            )
        )  # fmt: skip
        self.assertEqual(err, "")
        output = summary["outputs"][0]
        self.assertEqual((output["samples_sent"], output["samples_dropped"]), (output["samples_taken"], 0))
        return summary["metrics"]

    def query(self, text):
        return get(self.url + "/api/v1/query", query=text)["data"]["result"]

    def number(self, text):
        (result,) = self.query(text)
        return float(result["value"][1])

    def test_series_read_back_are_what_the_summary_says(self):
        gateway = self.mockgw(config=instant())
        metrics = self.run_with(suite(), gateway.url, K6_PROMETHEUS_RW_TREND_STATS="p(99.9),avg,min,max,count,sum")
        requests = metrics["http_reqs"]["values"]["count"]
        self.assertEqual(self.number("sum(k6_http_reqs_total)"), requests)
        self.assertEqual(self.number('k6_http_reqs_total{status="404"}'), requests / 2)
        self.assertEqual(self.number("sum(k6_http_req_duration_count)"), requests)
        self.assertEqual(self.number("max(k6_http_req_duration_max)"), metrics["http_req_duration"]["values"]["max"] / 1000)
        self.assertEqual(self.number("min(k6_http_req_duration_min)"), metrics["http_req_duration"]["values"]["min"] / 1000)
        self.assertAlmostEqual(
            self.number("sum(k6_http_req_duration_sum) / sum(k6_http_req_duration_count)"),
            metrics["http_req_duration"]["values"]["avg"] / 1000,
        )
        self.assertEqual(self.number('k6_http_req_failed_rate{status="404"}'), 1)
        self.assertEqual(self.number("k6_data_sent_total"), metrics["data_sent"]["values"]["count"])
        self.assertEqual(self.number("k6_vus"), metrics["vus"]["values"]["value"])
        self.assertEqual(len(self.query("k6_http_req_duration_p999")), 2)
        labels = self.query('k6_http_reqs_total{status="200"}')[0]["metric"]
        self.assertEqual(
            set(labels), {"__name__", "expected_response", "method", "name", "proto", "scenario", "status", "url"}
        )

    def test_native_histograms_and_stale_markers(self):
        gateway = self.mockgw(config=instant())
        variables = {"K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM": "true"}
        metrics = self.run_with(suite("1s"), gateway.url, **variables)
        duration = metrics["http_req_duration"]["values"]
        requests = metrics["http_reqs"]["values"]["count"]
        self.assertEqual(self.number("sum(histogram_count(k6_http_req_duration_seconds))"), requests)
        self.assertAlmostEqual(self.number("sum(histogram_sum(k6_http_req_duration_seconds))"), duration["avg"] * requests / 1000)
        median = self.number("histogram_quantile(0.5, sum(k6_http_req_duration_seconds))")
        self.assertLess(abs(median - duration["med"] / 1000), 0.1 * median)
        self.run_with(suite("1s"), gateway.url, K6_PROMETHEUS_RW_STALE_MARKERS="true", **variables)
        self.assertEqual(self.query("k6_http_req_duration_seconds"), [])
        self.assertEqual(self.query("k6_http_reqs_total"), [])


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2)
    # A run that has left something out says so to ctest.
    sys.exit(77 if program.result.wasSuccessful() and program.result.skipped else not program.result.wasSuccessful())
