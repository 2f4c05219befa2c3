"""mockgw over HTTPS, as curl, a raw client and the loader see it."""

import os
import socket
import ssl
import subprocess
import unittest

from programs import DEADLINE_SECONDS, ProgramTest, clean_environment, instant


class Tls(ProgramTest):
    def setUp(self):
        self.place = self.folder()
        self.certificate, self.key = (os.path.join(self.place, name) for name in ("certificate.pem", "key.pem"))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
             "-subj", "/CN=mockgw test", "-addext", "subjectAltName=IP:127.0.0.1",
             "-out", self.certificate, "-keyout", self.key],
            check=True, capture_output=True, timeout=DEADLINE_SECONDS,
        )  # fmt: skip

    def start(self, **config):
        flags = ("--tls-cert", self.certificate, "--tls-key", self.key)
        gateway = self.mockgw(*flags, config=instant(**config))
        self.assertTrue(gateway.url.startswith("https://"))
        return gateway

    def client(self, gateway, **settings):
        context = ssl.create_default_context(cafile=self.certificate)
        for name, value in settings.items():
            setattr(context, name, value)
        context.set_alpn_protocols(["h2", "http/1.1"])
        return context.wrap_socket(gateway.connect(), server_hostname="127.0.0.1")

    def test_curl_trusts_the_certificate(self):
        gateway = self.start()
        done = subprocess.run(
            ["curl", "--silent", "--show-error", "--noproxy", "*", "--cacert", self.certificate, f"{gateway.url}/live", f"{gateway.url}/ready"],
            capture_output=True, text=True, timeout=DEADLINE_SECONDS,
        )  # fmt: skip
        self.assertEqual((done.returncode, done.stdout), (0, "aliveready"), done.stderr)

    def test_http_1_is_chosen_and_old_tls_refused(self):
        gateway = self.start()
        with self.client(gateway) as client:
            self.assertEqual(client.selected_alpn_protocol(), "http/1.1")
            self.assertIn(client.version(), ("TLSv1.2", "TLSv1.3"))
            client.sendall(b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertIn(b"alive", client.recv(4096))
        with self.client(gateway, maximum_version=ssl.TLSVersion.TLSv1_2) as client:
            self.assertEqual(client.version(), "TLSv1.2")

    def test_a_client_that_leaves_is_noticed_under_tls_too(self):
        gateway = self.start(latency={"ttft": "60s"}, overload={"max_concurrency": 1, "queue_size": 1}, timeouts={"drain": "1s"})
        body = b'{"model":"gpt-4","messages":[{"role":"user","content":"hi"}]}'
        chat = b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        with self.client(gateway) as gone:
            gone.sendall(chat)
        with self.client(gateway) as client:
            while True:
                client.sendall(b"GET /admin/stats HTTP/1.1\r\nHost: localhost\r\n\r\n")
                if b'"client_disconnects": 1' in client.recv(65536):
                    break

    def test_what_is_not_tls_is_closed_in_time(self):
        gateway = self.start(timeouts={"header": "300ms"})
        for data in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01", b""):
            with gateway.connect() as client:
                client.sendall(data)
                answer = b""
                try:
                    while piece := client.recv(4096):
                        answer += piece
                except ConnectionResetError:
                    pass
                self.assertNotIn(b"HTTP/", answer)
        with self.client(gateway) as client:
            client.sendall(b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertIn(b"alive", client.recv(4096))

    def test_the_loader_reaches_it(self):
        gateway = self.start()
        done = self.run_program(
            "LOADER", "run", "smoke", "--url", gateway.url, "--iterations", "2", "--vus", "1", environment={"SSL_CERT_FILE": self.certificate}
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_bad_files_are_named(self):
        for certificate, key, named in (("/no/such", self.key, "/no/such"), (self.key, self.key, self.key), (self.certificate, self.certificate, self.certificate)):
            done = self.run_program("MOCKGW", "--tls-cert", certificate, "--tls-key", key)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(named, done.stderr)


if __name__ == "__main__":
    unittest.main()
