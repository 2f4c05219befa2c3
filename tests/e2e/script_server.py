"""The server that the conformance scripts of tests/scripts talk to (__ENV.SERVER). Run by itself, it prints its URL.

Routes, each for any method unless said otherwise:
  /echo                what came: {"method", "target", "headers": [[name, value], …], "body"} ("base64" for binary bodies)
  /status/404?body=x   that status; without `body`, none; &phrase=x for its words
  /headers?A=1&A=2     the query as fields of the response
  /redirect/3?to=/x    that many redirects, to /redirect/2?to=/x and so on, then to /x; &status=307 for another than 302
  /delay/50            answers after so many milliseconds
  /bytes               the 256 bytes 0..255
  /gzip /deflate /br /zstd /bad-gzip   a text in that coding
  /cut                 half of the body that it announces
  /close /reset        the connection, before a byte of an answer
  /digest/user/secret?qop=auth&algorithm=MD5   wants digest authentication; then it says "welcome"
  /sse/NAME            the streams of SSE below; /sse/echo: what /echo says, as the data of one event
"""

import base64
import gzip
import hashlib
import json
import socket
import struct
import sys
import threading
import urllib.parse
import urllib.request
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TEXT = "hello, hello, hello"
# Coded by brotli and zstd themselves: "hello brotli, hello brotli", "hello zstd".
BROTLI = base64.b64decode("iwyAaGVsbG8gYnJvdGxpLCBoZWxsbyBicm90bGkD")
ZSTD = b"\x28\xb5\x2f\xfd\x20\x0a\x51\x00\x00hello zstd"
NONCE = "dcd98b7102dd2f0e8b11d0f600bfb0c0"

# Pieces, each written and flushed on its own. What ends one: None its regular end, "cut" a chunk that never comes,
# "wait" nothing at all until the client goes.
SSE = {
    "plain": (["data: one\n\n", "data: two\n\n", "data: [DONE]\n\n"], None),
    "fields": (
        ["id: 7\nevent: note\n: remark\nretry: 5\ndata: a\ndata: b\n\n", "data:no space\n\n", ": ping\n\n", "\n"],
        None,
    ),
    "pieces": (["da", "ta: x", "yz\nda", "ta: 2\n", "\ndata: ü".encode()[:-1], "ü".encode()[1:], "\n\ndata: lost\n"], None),
    "crlf": (["id: 1\r\nevent: e\r\ndata: a\r\ndata: b\r\n\r\n"], None),
    "odd": (["what\n", "data: after\n\n"], None),
    "cut": (["data: one\n\n"], "cut"),
    "wait": (["data: one\n\n"], "wait"),
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # An answer goes out at once: in two segments it would wait for an acknowledgement.

    def log_message(self, *_):
        pass

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def __getattr__(self, name):
        # Any method is served alike.
        if name.startswith("do_"):
            return self.serve
        raise AttributeError(name)

    def serve(self):
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.url = urllib.parse.urlsplit(self.path)
        self.query = urllib.parse.parse_qs(self.url.query, keep_blank_values=True)
        route, *self.parts = self.url.path.strip("/").split("/")
        getattr(self, "get_" + route.replace("-", "_"), self.get_unknown)()

    def reply(self, body=b"", status=200, fields=(), phrase=None):
        body = body.encode() if isinstance(body, str) else body
        self.send_response(status, phrase)
        for name, value in fields:
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status not in (204, 304):
            self.wfile.write(body)

    def get_unknown(self):
        self.reply("no such route", 404)

    def came(self):
        came = {"method": self.command, "target": self.path, "headers": list(self.headers.items())}
        try:
            came["body"] = self.body.decode()
        except UnicodeDecodeError:
            came["base64"] = base64.b64encode(self.body).decode()
        return json.dumps(came)

    def get_echo(self):
        self.reply(self.came(), fields=[("Content-Type", "application/json")])

    def get_status(self):
        self.reply(self.query.get("body", [""])[0], int(self.parts[0]), phrase=self.query.get("phrase", [None])[0])

    def get_headers(self):
        self.reply("", fields=urllib.parse.parse_qsl(self.url.query, keep_blank_values=True))

    def get_redirect(self):
        left, to = int(self.parts[0]), self.query["to"][0]
        status = self.query.get("status", ["302"])[0]
        rest = urllib.parse.urlencode({"to": to, "status": status})
        fields = [("Location", to if left <= 1 else f"/redirect/{left - 1}?{rest}")]
        fields += [("Set-Cookie", cookie) for cookie in self.query.get("cookie", [])]
        self.reply("", int(status), fields)

    def get_delay(self):
        threading.Event().wait(int(self.parts[0]) / 1000)
        self.reply("late")

    def get_bytes(self):
        self.reply(bytes(range(256)))

    def coded(self, name, body):
        self.reply(body, fields=[("Content-Encoding", name)])

    def get_gzip(self):
        self.coded("gzip", gzip.compress(TEXT.encode()))

    def get_deflate(self):
        self.coded("deflate", zlib.compress(TEXT.encode()))

    def get_br(self):
        self.coded("br", BROTLI)

    def get_zstd(self):
        self.coded("zstd", ZSTD)

    def get_bad_gzip(self):
        self.coded("gzip", b"this is no gzip at all")

    def get_cut(self):
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"half of it")
        self.close_connection = True

    def get_close(self):
        self.close_connection = True

    def get_reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def get_digest(self):
        user, password = self.parts
        qop = self.query.get("qop", [""])[0]
        algorithm = self.query.get("algorithm", ["MD5"])[0]
        given = self.headers.get("Authorization", "")
        if not given.startswith("Digest ") or not self.is_answer(given, user, password, qop, algorithm):
            challenge = f'Digest realm="lab", nonce="{NONCE}", opaque="abc"'
            challenge += f', qop="{qop}"' if qop else ""
            challenge += f", algorithm={algorithm}" if algorithm != "MD5" else ""
            return self.reply("who are you?", 401, [("WWW-Authenticate", challenge)])
        self.reply("welcome")

    def is_answer(self, given, user, password, qop, algorithm):
        fields = urllib.request.parse_keqv_list(urllib.request.parse_http_list(given.removeprefix("Digest ")))
        digest = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}[algorithm.removesuffix("-sess")]
        hashed = lambda text: digest(text.encode()).hexdigest()
        secret = hashed(f"{user}:lab:{password}")
        if algorithm.endswith("-sess"):
            secret = hashed(f"{secret}:{NONCE}:{fields['cnonce']}")
        subject = f"{self.command}:{self.path}"
        if qop == "auth-int":
            subject += ":" + digest(self.body).hexdigest()
        middle = f"{fields['nc']}:{fields['cnonce']}:{qop}:" if qop else ""
        wanted = hashed(f"{secret}:{NONCE}:{middle}{hashed(subject)}")
        return fields.get("response") == wanted and fields["uri"] == self.path and fields["opaque"] == "abc"

    def get_sse(self):
        if self.parts[0] == "echo":
            return self.reply(f"data: {self.came()}\n\n", fields=[("Content-Type", "text/event-stream")])
        pieces, end = SSE[self.parts[0]]
        self.send_response(int(self.query.get("status", ["200"])[0]))
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()
        for piece in pieces:
            piece = piece.encode() if isinstance(piece, str) else piece
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.flush()
        if end is None:
            return self.wfile.write(b"0\r\n\r\n")
        self.close_connection = True
        self.wfile.flush()
        if end == "wait":
            self.connection.recv(1)


class ScriptServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        # What a client does not wait for is its own business.
        self.handle_error = lambda *_: None
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def start(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self


if __name__ == "__main__":
    server = ScriptServer(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    print(server.url, flush=True)
    server.serve_forever()
