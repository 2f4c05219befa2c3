"""What outputs call a script's metrics is what k6 calls them: measurements, series and instruments with their tags, fields and
units, held against what k6 1.3.0 sent for the same script. `script_outputs_test.py --k6 PROGRAM` writes that anew."""

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

from metrics_server import OTLP, REMOTE_WRITE, WRITE, MetricsServer, exported_of, points_of, series_of
from programs import DEADLINE_SECONDS, Mockgw, ProgramTest, clean_environment, instant

OF_K6 = Path(__file__).with_name("outputs_of_k6.json")
SCRIPT = """
import http from 'k6/http';
import { check, group, sleep } from 'k6';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
const counter = new Counter('my_counter'), gauge = new Gauge('my_gauge'), rate = new Rate('my_rate');
const trend = new Trend('my_trend'), time = new Trend('my_time', true);
export const options = { vus: 2, iterations: 4, tags: { run: 'a b' } };
export default function () {
  check(http.get(__ENV.GATEWAY_URL + '/health'), { 'is well': (answer) => answer.status === 200 });
  group('inner', () => { http.get(__ENV.GATEWAY_URL + '/nowhere', { tags: { mine: 'x' } }); });
  counter.add(2, { kind: 'q' });
  gauge.add(3);
  rate.add(true);
  rate.add(false);
  trend.add(5);
  time.add(250);
  sleep(1.2);
}
"""


def written_by(program, gateway, folder, opentelemetry):
    """The names of everything, and the values of the script's own metrics."""
    server = MetricsServer()
    Path(folder, "script.js").write_text(SCRIPT)
    run = subprocess.run(
        [program, "run", "script.js", "-q", "--out", f"influxdb={server.url}/db", "--out", "experimental-prometheus-rw",
         "--out", opentelemetry],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=folder, timeout=DEADLINE_SECONDS,
        env=clean_environment(
            folder, GATEWAY_URL=gateway.url, K6_PROMETHEUS_RW_SERVER_URL=server.url + REMOTE_WRITE,
            K6_PROMETHEUS_RW_TREND_STATS="p(99),avg,max", K6_OTEL_HTTP_EXPORTER_ENDPOINT=server.url[7:],
            K6_OTEL_HTTP_EXPORTER_INSECURE="true", K6_OTEL_EXPORTER_TYPE="http", K6_OTEL_EXPORT_INTERVAL="1s",
            K6_OTEL_SINGLE_COUNTER_FOR_RATE="false",
        ),
    )  # fmt: skip
    server.close()
    assert run.returncode == 0, run.stdout + run.stderr
    return names_and_values(server)


def names_and_values(server):
    points, series = points_of(server.bodies[WRITE]), series_of(server.bodies[REMOTE_WRITE])
    _, instruments = exported_of(server.bodies[OTLP][-1])
    keys = lambda pairs: [key for key, _ in pairs]
    found = {
        "influxdb": {json.dumps([m, [tag.split("=")[0] for tag in tags], sorted(fields)]) for (m, tags, _), fields in points.items()},
        "prometheus": {json.dumps([name, keys(labels)]) for name, each in series.items() for labels in each},
        "opentelemetry": {
            json.dumps([name, kind, unit, keys(attributes)])
            for name, (kind, unit, values) in instruments.items()
            for attributes in values
        },
        "values": {
            json.dumps([name, next(iter(each.values()))[-1][1]]) for name, each in series.items() if name.startswith("k6_my_")
        },
    }
    return {kind: sorted(names) for kind, names in found.items()}


class Names(ProgramTest):
    maxDiff = None

    def test_are_k6s(self):
        written = written_by(os.environ["LOADER"], self.mockgw(config=instant()), self.folder(), "opentelemetry")
        for kind, names in json.loads(OF_K6.read_text()).items():
            self.assertEqual(written[kind], names, kind)


if __name__ == "__main__":
    if sys.argv[1:2] != ["--k6"]:
        unittest.main()
    gateway = Mockgw(config=instant())
    OF_K6.write_text(json.dumps(written_by(sys.argv[2], gateway, gateway._folder.name, "experimental-opentelemetry"), indent=1) + "\n")
    gateway.close()
