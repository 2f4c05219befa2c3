"""Each query of each dashboard has an answer: a run writes to a real Prometheus and a real InfluxDB, which are asked them all."""

import json
import subprocess
import sys
import time
import unittest
from pathlib import Path

from outputs_servers_test import ServerTest, free_port, get
from programs import DEADLINE_SECONDS

SOURCE = Path(__file__).resolve().parents[2]
# Of everything that a panel shows some: failures of the upstream, refusals of a breaker and a limit, streams that break.
GATEWAY = {
    "latency": {"ttft": "5ms", "itl": "1ms"},
    "rate_limits": {"rules": [{"name": "all", "key_by": ["api_key"], "algorithm": "token_bucket", "window": "1s", "requests": 30}]},
    "circuit_breaker": {"trip": {"mode": "consecutive", "minimum_requests": 0, "failure_count": 3}, "failure": {"statuses": ["5xx"]},
                        "open": {"duration": "300ms"}},
    "overload": {"max_concurrency": 8, "queue_size": 8},
    "faults": [
        {"name": "sick", "match": {"percent": 40, "stream": False}, "fault": {"kind": "status", "status": 500}},
        {"name": "broken", "match": {"percent": 20, "stream": True}, "fault": {"kind": "stream_error_event"}},
    ],
}  # fmt: skip
STREAM = {"chat": {"prompt": "Say something.", "stream": True}}
SUITE = {
    "name": "dashboards",
    "options": {
        "scenarios": {
            "streams": {"executor": "constant-vus", "vus": 3, "duration": "6s", "exec": "stream"},
            # More than one virtual user can do: iterations are dropped.
            "chats": {"executor": "constant-arrival-rate", "rate": 30, "duration": "6s", "preAllocatedVUs": 1, "exec": "chat"},
        }
    },
    "flows": {"stream": [STREAM, {"sleep": "100ms"}], "chat": [{"chat": {"prompt": "Say something."}}, {"sleep": "100ms"}]},
}


class Dashboards(ServerTest):
    maxDiff = None

    def start_prometheus(self, scraped_port):
        url = f"http://127.0.0.1:{free_port()}"
        Path(self.place, "prometheus.yml").write_text(json.dumps({
            "global": {"scrape_interval": "1s"},
            "scrape_configs": [{"job_name": "mockgw", "static_configs": [{"targets": [f"127.0.0.1:{scraped_port}"]}]}],
        }))  # fmt: skip
        self.serve(f"{url}/-/ready", self.program("prometheus"), "--config.file=prometheus.yml", "--storage.tsdb.path=prometheus",
                   "--web.enable-remote-write-receiver", f"--web.listen-address={url[7:]}")  # fmt: skip
        return url

    def wait_for_scrape(self, url):
        """Prometheus begins with its targets some seconds after its start."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not get(f"{url}/api/v1/query", query="mockgw_uptime_seconds")["data"]["result"]:
            self.assertLess(time.monotonic(), deadline, "Prometheus does not scrape mockgw")
            time.sleep(0.1)

    def start_influxdb(self):
        url = f"http://127.0.0.1:{free_port()}"
        Path(self.place, "influxdb.conf").write_text(
            'reporting-disabled = true\nbind-address = "127.0.0.1:0"\n[meta]\ndir = "influxdb/meta"\n'
            '[data]\ndir = "influxdb/data"\nwal-dir = "influxdb/wal"\n[monitor]\nstore-enabled = false\n'
            f'[http]\nbind-address = "{url[7:]}"\n'
        )
        self.serve(f"{url}/ping", self.program("influxd"), "-config", "influxdb.conf")
        return url

    def answers_of_prometheus(self, url, query, since):
        expression = query.replace("$__rate_interval", "5s")
        answer = get(f"{url}/api/v1/query_range", query=expression, start=since, end=time.time(), step=1)
        return [value for series in answer["data"]["result"] for _, value in series["values"] if value != "NaN"]

    def answers_of_influxdb(self, url, query):
        text = query.replace("$timeFilter", "time > now() - 5m").replace("$__interval", "1s")
        answer = get(f"{url}/query", db="k6", q=text)["results"][0]
        self.assertNotIn("error", answer, text)
        return [value for series in answer.get("series", []) for _, value in series["values"] if value is not None]

    def test_prometheus_takes_its_configuration(self):
        config = SOURCE / "deploy/prometheus/prometheus.yml"
        checked = subprocess.run([self.program("promtool"), "check", "config", config], capture_output=True, text=True, timeout=DEADLINE_SECONDS)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_every_query_has_an_answer(self):
        gateway = self.mockgw(config=GATEWAY)
        prometheus, influxdb = self.start_prometheus(gateway.port), self.start_influxdb()
        self.wait_for_scrape(prometheus)
        since = time.time()
        suite = Path(self.place, "dashboards.json")
        suite.write_text(json.dumps(SUITE))
        done = self.run_program(
            "LOADER", "run", str(suite), "--url", gateway.url, "--quiet", "--summary-file=none",
            environment={"K6_OUT": "influxdb,experimental-prometheus-rw", "K6_INFLUXDB_ADDR": influxdb,
                         "K6_PROMETHEUS_RW_SERVER_URL": f"{prometheus}/api/v1/write", "K6_PROMETHEUS_RW_PUSH_INTERVAL": "1s",
                         "K6_PROMETHEUS_RW_TREND_STATS": "p(50),p(95),p(99)"},
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        unanswered = []
        for path in sorted((SOURCE / "deploy/grafana/dashboards").glob("*.json")):
            for panel in json.loads(path.read_text())["panels"]:
                for target in panel.get("targets", []):
                    if target["datasource"]["type"] == "prometheus":
                        values = self.answers_of_prometheus(prometheus, target["expr"], since)
                    else:
                        values = self.answers_of_influxdb(influxdb, target["query"])
                    if not values:
                        unanswered.append((path.name, panel["title"], target.get("expr") or target["query"]))
        self.assertEqual(unanswered, [])


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2)
    # A run that has left something out says so to ctest.
    sys.exit(77 if program.result.wasSuccessful() and program.result.skipped else not program.result.wasSuccessful())
