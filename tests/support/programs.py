"""Starts the two programs for end-to-end tests, and ends only what it started.

The binaries' paths come from the environment (MOCKGW, LOADER), where tests/e2e/CMakeLists.txt puts them. Nothing here
waits for an amount of time: waits are for a line, a byte or an exit, with a deadline after which the test fails.
"""

import http.client
import json
import os
import queue
import re
import resource
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

DEADLINE_SECONDS = 60  # Generous: sanitizer builds on two busy cores. Nothing waits that long when all is well.
READY = re.compile(r"listening on (https?)://([0-9.]+|\[[0-9a-f:]+\]):([0-9]+)")


def clean_environment(folder, **extra):
    """What a program sees: no setting of the developer's own, and `folder` as its home and temporary folder."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "LC_ALL") or k.endswith("SAN_OPTIONS")}
    return {**kept, "HOME": folder, "TMPDIR": folder, **{k: str(v) for k, v in extra.items()}}


def limited(open_files):
    """What a child does before it becomes the program, so that it may have so many files open; None: as many as we may."""
    return open_files and (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (open_files, open_files)))


class Mockgw:
    """A running gateway. `config` is the gateway file as a dict, or None for the gateway's own default."""

    def __init__(self, *arguments, config=None, environment=None, listen_flag=True, open_files=None):
        self._folder = tempfile.TemporaryDirectory(prefix="mockgw-")
        command = [os.environ["MOCKGW"]]
        if config is not None:
            self.config_file = Path(self._folder.name, "gateway.json")
            self.config_file.write_text(json.dumps(config))
            command.append(str(self.config_file))
        self.process = subprocess.Popen(
            [*command, *(("--listen", "127.0.0.1:0") if listen_flag else ()), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self._folder.name,
            env=clean_environment(self._folder.name, **(environment or {})),
            preexec_fn=limited(open_files),
        )
        self.output = []
        self._lines = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        ready = self.wait_for_line(READY)
        self.port = int(ready.group(3))
        self.url = f"{ready.group(1)}://127.0.0.1:{self.port}"

    def _read(self):
        for line in self.process.stdout:
            self.output.append(line)
            self._lines.put(line)
        self._lines.put(None)

    def wait_for_line(self, pattern):
        """The match of the next line of output that has one."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while True:
            try:
                line = self._lines.get(timeout=max(0, deadline - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                self.close()
                raise AssertionError(f"no line like {pattern.pattern!r}; mockgw said:\n{''.join(self.output)}")
            found = re.search(pattern, line)
            if found:
                return found

    def warnings(self, word):
        """The warnings so far that hold this word."""
        return [line for line in self.output if "warn" in line and word in line]

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=DEADLINE_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def request(self, method, path, body=None, headers=None):
        """(status, headers, body) of one request on a connection of its own; a dict is sent as JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE_SECONDS)
        try:
            if isinstance(body, dict):
                body = json.dumps(body)
            connection.request(
                method, path, body, {"Authorization": "Bearer test-api-key", "Content-Type": "application/json", **(headers or {})}
            )
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def wait_for_stats(self, condition):
        """The first answer of /admin/stats that fulfils the condition."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < deadline:
            stats = json.loads(self.request("GET", "/admin/stats")[2])
            if condition(stats):
                return stats
        raise AssertionError(f"never fulfilled: {stats}")

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self):
        """The exit code."""
        code = self.process.wait(timeout=DEADLINE_SECONDS)
        self._reader.join(timeout=DEADLINE_SECONDS)
        return code

    def stop(self):
        self.signal(signal.SIGTERM)
        return self.wait()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.wait()
        self.process.stdout.close()
        self._folder.cleanup()


class ProgramTest(unittest.TestCase):
    """A test that starts programs. What it started is gone at its end, and each gateway's end is checked: exit code 0,
    so no crash and no sanitizer's report."""

    def mockgw(self, *arguments, **options):
        gateway = Mockgw(*arguments, **options)
        self.addCleanup(gateway.close)
        self.addCleanup(self._check_end, gateway)
        return gateway

    def _check_end(self, gateway):
        if gateway.process.poll() is None:
            gateway.signal(signal.SIGTERM)
        self.assertEqual(gateway.wait(), 0, "mockgw's end:\n" + "".join(gateway.output))

    def folder(self):
        folder = tempfile.TemporaryDirectory(prefix="lab-e2e-")
        self.addCleanup(folder.cleanup)
        return folder.name

    def run_program(self, program, *arguments, folder=None, environment=None, open_files=None):
        """Runs MOCKGW or LOADER to its end, in a folder of its own."""
        folder = folder or self.folder()
        return subprocess.run(
            [os.environ[program], *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=folder,
            env=clean_environment(folder, **(environment or {})),
            timeout=DEADLINE_SECONDS,
            preexec_fn=limited(open_files),
        )


def chat_body(**changes):
    return {"model": "gpt-3.5-turbo", "messages": [{"role": "user", "content": "Say hello in one word."}], **changes}


def instant(**changes):
    """A gateway file without any latency."""
    return {"latency": {"ttft": "0s", "itl": "0s"}, **changes}
