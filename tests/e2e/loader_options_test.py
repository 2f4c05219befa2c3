"""k6's options over real sockets: proxies, cookies, client certificates, the suite from standard input."""

import json
import os
import socket
import ssl
import subprocess
import threading
import unittest
from pathlib import Path

from programs import DEADLINE_SECONDS, ProgramTest, clean_environment


class Server(threading.Thread):
    """Answers each connection by a function of the bytes of its first request's head, until it is closed."""

    def __init__(self, answer, context=None):
        super().__init__(daemon=True)
        self.answer, self.context, self.heads = answer, context, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        connection.settimeout(DEADLINE_SECONDS)
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            with connection:
                while head := self.read_head(connection):
                    self.heads.append(head)
                    self.answer(connection, head)
        except OSError:
            pass

    @staticmethod
    def read_head(connection):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            piece = connection.recv(1)
            if not piece:
                return ""
            head += piece
        return head.decode()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def ok(connection, _):
    connection.sendall(b"HTTP/1.1 200 OK\r\nSet-Cookie: s=1; Path=/\r\nContent-Length: 2\r\n\r\nok")


def suite(options, *paths):
    steps = [{"http": {"path": path}, "checks": {"status is 200": {"status": 200}}} for path in paths or ("/a", "/b")]
    return json.dumps({
        "name": "options", "options": {"thresholds": {"checks": ["rate==1"]}, **options}, "flows": {"default": steps},
    })  # fmt: skip


class Options(ProgramTest):
    def setUp(self):
        self.place = self.folder()

    def server(self, answer=ok, context=None):
        server = Server(answer, context)
        self.addCleanup(server.close)
        return server

    def run_suite(self, text, *flags, **environment):
        """The suite comes from standard input."""
        return subprocess.run(
            [os.environ["LOADER"], "run", "-", "-q", *flags], input=text, cwd=self.place, capture_output=True, text=True,
            timeout=DEADLINE_SECONDS, env=clean_environment(self.place, **environment), check=False,
        )  # fmt: skip

    def test_cookies_stay_for_an_iteration(self):
        server = self.server()
        done = self.run_suite(suite({"iterations": 2}), "--url", f"http://127.0.0.1:{server.port}")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(["Cookie: s=1\r\n" in head for head in server.heads], [False, True, False, True])

    def test_a_proxy_is_used_but_for_this_machine(self):
        proxy, server = self.server(), self.server()
        variables = {"HTTP_PROXY": f"http://user:pw@127.0.0.1:{proxy.port}", "NO_PROXY": "near.test"}
        done = self.run_suite(suite({}), "--url", "http://far.test", **variables)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertTrue(proxy.heads[0].startswith("GET http://far.test/a HTTP/1.1\r\n"), proxy.heads)
        self.assertIn("Proxy-Authorization: Basic dXNlcjpwdw==\r\n", proxy.heads[0])
        done = self.run_suite(suite({}), "--url", f"http://127.0.0.1:{server.port}", **variables)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual((len(proxy.heads), len(server.heads)), (2, 2))
        # Not through the proxy, but to where the option says.
        hosts = {"hosts": {"near.test": f"127.0.0.1:{server.port}"}}
        done = self.run_suite(suite(hosts), "--url", "http://near.test", **variables)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual((len(proxy.heads), len(server.heads)), (2, 4))

    def test_a_tunnel_leads_to_tls_and_a_certificate_is_shown(self):
        for name, subject in (("server", "far.test"), ("client", "me")):
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                 "-subj", f"/CN={subject}", "-keyout", f"{self.place}/{name}.key", "-out", f"{self.place}/{name}.pem"],
                capture_output=True, check=True,
            )  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{self.place}/server.pem", f"{self.place}/server.key")
        context.load_verify_locations(f"{self.place}/client.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        server = self.server(context=context)

        def tunnel(connection, _):
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with socket.create_connection(("127.0.0.1", server.port)) as behind:
                back = threading.Thread(target=pump, args=(behind, connection), daemon=True)
                back.start()
                pump(connection, behind)
                back.join(DEADLINE_SECONDS)

        proxy = self.server(tunnel)
        identity = {name: Path(self.place, f"client.{end}").read_text() for name, end in (("cert", "pem"), ("key", "key"))}
        for domains, code in (([], 0), (["far.test"], 0), (["*.test"], 0), (["other.test"], 99)):
            options = {
                "insecureSkipTLSVerify": True, "tlsVersion": "tls1.2", "tlsAuth": [{**identity, "domains": domains}],
                "tlsCipherSuites": ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
            }  # fmt: skip
            done = self.run_suite(suite(options), "--url", "https://far.test", HTTPS_PROXY=f"127.0.0.1:{proxy.port}")
            self.assertEqual(done.returncode, code, (domains, done.stdout + done.stderr))
        self.assertTrue(proxy.heads[0].startswith("CONNECT far.test:443 HTTP/1.1\r\n"), proxy.heads)
        self.assertEqual(len(server.heads), 6)

    def test_a_pipe_of_the_shells_is_a_suite_and_a_file_of_options(self):
        suite = '{"name": "piped", "flows": {"default": [{"http": {"path": "/health"}}]}}'
        options = '{"userAgent": "from a pipe", "iterations": 2}'
        command = '"$LOADER" run <(printf %s "$1") -c <(printf %s "$2") --simulate'
        ended = subprocess.run(["bash", "-c", command, "bash", suite, options], cwd=self.place, capture_output=True,
                               text=True, env=clean_environment(self.place, LOADER=os.environ["LOADER"]),
                               timeout=DEADLINE_SECONDS, check=False)  # fmt: skip
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn("2 complete", ended.stdout)
        self.assertTrue((Path(self.place) / "piped-test-summary.json").exists())

    def test_messages_go_where_they_are_wanted(self):
        server = self.server()
        url = ("--url", f"http://127.0.0.1:{server.port}")
        done = self.run_suite(suite({"batch": 5}), "--http-debug", *url)
        self.assertIn("warning: options.batch has no effect", done.stderr)
        self.assertIn("Request:\nGET /a HTTP/1.1\n", done.stderr)
        self.assertIn("Response:\nHTTP/1.1 200 OK\n", done.stderr)
        done = self.run_suite(suite({"batch": 5}), "--log-format=json", *url)
        self.assertIn("options.batch has no effect", json.loads(done.stderr)["msg"])
        done = self.run_suite(suite({"batch": 5}), "--log-output", f"file={self.place}/log", *url)
        self.assertEqual(done.stderr, "")
        self.assertIn("options.batch has no effect", Path(self.place, "log").read_text())


def pump(source, sink):
    try:
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


if __name__ == "__main__":
    unittest.main()
