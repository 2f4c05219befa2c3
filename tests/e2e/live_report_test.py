"""`loader run --dashboard`: the report in a browser while the run goes on, and over time in the summary file."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
import unittest
import urllib.request
from pathlib import Path

from programs import DEADLINE_SECONDS, ProgramTest, clean_environment, instant


class LiveReport(ProgramTest):
    def start(self, gateway, *arguments):
        folder = self.folder()
        process = subprocess.Popen(
            [os.environ["LOADER"], "run", "smoke", "--url", gateway.url, "--dashboard=127.0.0.1:0", "--no-summary", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder, env=clean_environment(folder),
        )  # fmt: skip
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait, DEADLINE_SECONDS)
        self.addCleanup(process.kill)
        for line in process.stdout:
            found = re.search(r"dashboard \(http://127\.0\.0\.1:([0-9]+)\)", line)
            if found:
                return process, int(found.group(1)), Path(folder)
        raise AssertionError("the start block names no dashboard")

    def events(self, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE_SECONDS)
        self.addCleanup(connection.close)
        connection.request("GET", "/events")
        response = connection.getresponse()
        self.assertEqual(response.getheader("Content-Type"), "text/event-stream")
        return response

    def test_a_page_follows_the_run_to_its_end(self):
        gateway = self.mockgw(config=instant())
        process, port, folder = self.start(gateway, "--threads", "2", "--html", "report.html")
        events = self.events(port)
        seen, is_interrupted = [], False
        for line in events:
            if line.startswith(b"event: "):
                seen.append(line.split()[1].decode())
            # The run would take half a minute. A second signal would end the process at once.
            if seen.count("report") == 2 and not is_interrupted:
                process.send_signal(signal.SIGINT)
                is_interrupted = True
        self.assertEqual(seen[-1], "stop")
        self.assertEqual(set(seen), {"report", "stop"})
        self.assertEqual(process.wait(DEADLINE_SECONDS), 105)
        self.assertIn("smoke", (folder / "report.html").read_text())

    def test_nobody_need_look(self):
        gateway = self.mockgw(config=instant())
        process, _, folder = self.start(gateway, "-d", "1s")
        process.stdout.read()
        self.assertEqual(process.wait(DEADLINE_SECONDS), 0)
        over_time = json.loads((folder / "smoke-test-summary.json").read_text())["over_time"]
        self.assertEqual(over_time["window"], "1s")
        self.assertGreater(sum(w["requests"] for s in over_time["series"] for w in s["windows"]), 0)

    def test_whoever_asks_gets_a_report(self):
        gateway = self.mockgw(config=instant())
        process, port, _ = self.start(gateway, "-q")
        page = ""
        while "requests/s" not in page:
            self.assertIsNone(process.poll())
            page = urllib.request.urlopen(f"http://127.0.0.1:{port}/report", timeout=DEADLINE_SECONDS).read().decode()
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(DEADLINE_SECONDS), 105)

    def test_what_is_no_request_is_answered(self):
        gateway = self.mockgw(config=instant())
        process, port, _ = self.start(gateway)
        large = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000
        for status, sent in (
            (400, b"no request at all\r\n\r\n"),
            (431, b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 20000 + b"\r\n\r\n"),
            (413, large),
        ):
            with socket.create_connection(("127.0.0.1", port), DEADLINE_SECONDS) as connection:
                connection.sendall(sent)
                answer = b""
                while piece := connection.recv(4096):
                    answer += piece
            self.assertTrue(answer.startswith(b"HTTP/1.1 %d " % status), answer)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(DEADLINE_SECONDS), 105)

    def test_a_port_in_use_is_said(self):
        gateway = self.mockgw(config=instant())
        done = self.run_program("LOADER", "run", "smoke", "--url", gateway.url, f"--dashboard=127.0.0.1:{gateway.port}")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f"can't listen on 127.0.0.1:{gateway.port}", done.stderr)


if __name__ == "__main__":
    unittest.main()
