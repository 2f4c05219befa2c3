"""/metrics and /admin with real curl on real sockets, several threads, while clients are answered."""

import json
import os
import re
import shutil
import signal
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

    def status(self, gateway, path, *arguments):
        return self.curl("--output", "/dev/null", "--write-out", "%{http_code}", *arguments, f"{gateway.url}{path}")

    def test_no_web_page_may_use_the_operators_routes(self):
        gateway = self.mockgw(config=instant())
        post = ("--request", "POST", "--header", "Content-Type: text/plain")
        self.assertEqual(self.status(gateway, "/admin/reset", *post), "200")
        self.assertEqual(self.status(gateway, "/admin/reset", *post, "--header", "Origin: http://evil.example"), "403")
        self.assertEqual(self.status(gateway, "/admin/reset", *post, "--header", "Sec-Fetch-Site: cross-site"), "403")
        self.assertEqual(self.status(gateway, "/admin/config", "--header", "Host: evil.example"), "403")
        self.assertEqual(self.status(gateway, "/metrics", "--header", "Origin: http://evil.example"), "403")
        answer = self.curl("--include", "--header", f"Origin: {gateway.url}", f"{gateway.url}/admin/stats")
        self.assertIn(" 200 ", answer)
        self.assertNotIn("access-control", answer.lower())

    def test_off_loopback_admin_needs_a_token_and_all_else_works(self):
        listen = ("--listen", "0.0.0.0:0")
        gateway = self.mockgw(*listen, config=instant(), listen_flag=False)
        gateway.wait_for_line("MOCKGW_ADMIN_TOKEN")
        self.assertEqual(self.status(gateway, "/admin/stats"), "403")
        self.assertIn("--admin-token", self.curl(f"{gateway.url}/admin/stats"))
        self.assertEqual((self.status(gateway, "/health"), self.status(gateway, "/metrics")), ("200", "200"))
        self.assertEqual(gateway.request("POST", "/v1/chat/completions", chat_body())[0], 200)
        for configured in ({"environment": {"MOCKGW_ADMIN_TOKEN": "s3cret"}}, {"config": instant(admin={"token": "s3cret"})}):
            gateway = self.mockgw(*listen, listen_flag=False, **configured)
            self.assertEqual(self.status(gateway, "/admin/stats"), "401")
            self.assertEqual(self.status(gateway, "/admin/stats", "--header", "Authorization: Bearer wrong!"), "401")
            self.assertEqual(self.status(gateway, "/admin/stats", "--header", "Authorization: Bearer s3cret"), "200")
            self.assertNotIn("s3cret", self.curl("--header", "Authorization: Bearer s3cret", f"{gateway.url}/admin/config"))

    def test_limits_are_not_the_operators(self):
        gateway = self.mockgw(config=instant())
        put = ("--request", "PUT", "--data-binary")
        small = json.dumps(instant(limits={"max_body_bytes": 10}))
        self.assertEqual(self.status(gateway, "/admin/config", *put, small), "200")
        self.assertEqual(gateway.request("POST", "/v1/chat/completions", chat_body())[0], 413)
        self.assertEqual(self.status(gateway, "/admin/config", *put, json.dumps(instant())), "200")
        self.assertEqual(gateway.request("POST", "/v1/chat/completions", chat_body())[0], 200)
        status, _, body = gateway.request("PUT", "/admin/config", " " * (5 << 20))
        self.assertEqual(status, 413)
        self.assertIn("4 MiB", json.loads(body)["error"]["message"])

    def test_a_fifo_in_a_file_stops_nobody(self):
        gateway = self.mockgw(config=instant())
        fifo = gateway.config_file.with_name("fifo")
        os.mkfifo(fifo)
        content = {"tokens": {"content": {"fixtures": str(fifo)}}}
        self.assertEqual(gateway.request("PUT", "/admin/config", content)[0], 400)
        gateway.config_file.write_text(json.dumps(content))
        gateway.signal(signal.SIGHUP)
        self.assertIn("is a pipe", gateway.wait_for_line("not reloaded.*").group(0))
        for arguments in ([gateway.config_file, "--check"], [fifo, "--check"], ["--profile", f"{fifo}", "--check"], ["/", "--check"]):
            done = subprocess.run([os.environ["MOCKGW"], *arguments], capture_output=True, text=True, timeout=DEADLINE_SECONDS)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("not a regular file", done.stderr)
        for arguments in (["/dev/stdin", "--check"], ["/dev/fd/0", "--check"]):  # As a shell's `<(…)` is named.
            done = subprocess.run(
                [os.environ["MOCKGW"], *arguments], input="{}", capture_output=True, text=True, timeout=DEADLINE_SECONDS
            )
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_off_is_not_there(self):
        gateway = self.mockgw(config=instant(metrics={"enabled": False}, admin={"enabled": True, "path": "/__admin"}))
        for path, status in (("/metrics", "404"), ("/admin/stats", "404"), ("/__admin/stats", "200")):
            answer = self.curl("--output", "/dev/null", "--write-out", "%{http_code}", f"{gateway.url}{path}")
            self.assertEqual(answer, status, path)


if __name__ == "__main__":
    unittest.main()
