"""/metrics and /admin with real curl on real sockets, several threads, while clients are answered."""

import json
import re
import shutil
import subprocess
import unittest

from programs import DEADLINE_SECONDS, ProgramTest, chat_body, instant

# A line of the text format, without a time stamp: name, labels, value (Prometheus, "Exposition formats").
SAMPLE = re.compile(
    r'([a-z_:][a-z0-9_:]*)(?:\{((?:[a-z_][a-z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (NaN|[+-]?Inf|[0-9.e+-]+)'
)
HISTOGRAM_PARTS = ("_bucket", "_sum", "_count")


class Operator(ProgramTest):
    def curl(self, *arguments):
        done = subprocess.run(
            ["curl", "--silent", "--show-error", "--max-time", str(DEADLINE_SECONDS), *arguments], capture_output=True, text=True
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def metrics(self, gateway):
        """Every series of /metrics with its value; the format is checked on the way."""
        text = self.curl(f"{gateway.url}/metrics")
        self.assertTrue(text.endswith("\n"))
        types, series = {}, {}
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                name, kind = line.split()[2:]
                self.assertNotIn(name, types, "a family is there once")
                types[name] = kind
            elif not line.startswith("# HELP "):
                sample = SAMPLE.fullmatch(line)
                self.assertTrue(sample, line)
                name, labels, value = sample.groups()
                family = name
                if name not in types:
                    family = next(name.removesuffix(part) for part in HISTOGRAM_PARTS if name.endswith(part))
                self.assertEqual(list(types)[-1], family, "a family's lines stand together, under its type")
                self.assertEqual(types[family] == "counter", name.endswith("_total"), line)
                self.assertNotIn((name, labels), series)
                series[name, labels] = float(value)
        if shutil.which("promtool"):
            checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        return series

    def test_metrics_add_up_over_all_threads(self):
        gateway = self.mockgw("--threads", "2", config=instant(tokens={"output": 7}))
        for _ in range(10):  # Each on a connection of its own: the kernel spreads them over the threads.
            self.assertEqual(gateway.request("POST", "/v1/chat/completions", chat_body())[0], 200)
        self.assertEqual(gateway.request("POST", "/v1/chat/completions", chat_body(stream=True))[0], 200)
        self.assertEqual(gateway.request("POST", "/v1/chat/completions", chat_body(model="none"))[0], 404)
        series = self.metrics(gateway)
        chat = 'route="/v1/chat/completions",model="gpt-3.5-turbo",status="200"'
        self.assertEqual(series["mockgw_requests_total", chat], 11)
        self.assertEqual(series["mockgw_errors_total", 'condition="model_not_found"'], 1)
        self.assertEqual(series["mockgw_tokens_total", 'model="gpt-3.5-turbo",type="completion"'], 77)
        self.assertEqual(series["mockgw_duration_seconds_count", 'model="gpt-3.5-turbo"'], 11)
        self.assertEqual(series["mockgw_duration_seconds_bucket", 'model="gpt-3.5-turbo",le="+Inf"'], 11)
        self.assertEqual(series["mockgw_requests_in_flight", None], 0)

    def test_content_type_and_head(self):
        gateway = self.mockgw()
        head = self.curl("--head", f"{gateway.url}/metrics")
        self.assertIn("200 OK", head)
        self.assertIn("content-type: text/plain; version=0.0.4; charset=utf-8", head.lower())

    def test_admin_replaces_the_file_and_resets(self):
        gateway = self.mockgw("--seed", "5", config=instant())
        admin = f"{gateway.url}/admin"
        resolved = json.loads(self.curl(f"{admin}/config"))
        self.assertEqual(resolved["latency"]["ttft"], "0s")
        resolved["auth"] = {"keys": ["only-this"], "required": True}
        resolved["seed"] = 6
        taken = json.loads(self.curl("--request", "PUT", "--data-binary", json.dumps(resolved), f"{admin}/config"))
        self.assertEqual(taken["seed"], 5, "the flag is above every file")
        self.assertEqual(gateway.request("GET", "/v1/models")[0], 401)
        # Refused as SIGHUP refuses: every problem, and the file in force stays.
        refused = self.curl("--write-out", "%{http_code}", "--request", "PUT", "--data", '{"auht": {}}', f"{admin}/config")
        self.assertTrue(refused.endswith("400"), refused)
        self.assertIn("auth", refused)
        self.assertEqual(gateway.request("GET", "/v1/models")[0], 401)
        self.assertEqual(json.loads(self.curl(f"{admin}/stats"))["errors"], {"auth_invalid": 2})
        self.curl("--request", "POST", f"{admin}/reset")
        self.assertEqual(json.loads(self.curl(f"{admin}/stats"))["total_requests"], 0)

    def test_off_is_not_there(self):
        gateway = self.mockgw(config=instant(metrics={"enabled": False}, admin={"enabled": True, "path": "/__admin"}))
        for path, status in (("/metrics", "404"), ("/admin/stats", "404"), ("/__admin/stats", "200")):
            answer = self.curl("--output", "/dev/null", "--write-out", "%{http_code}", f"{gateway.url}{path}")
            self.assertEqual(answer, status, path)


if __name__ == "__main__":
    unittest.main()
