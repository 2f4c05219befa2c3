"""A server of metrics that misbehaves as it is told, and what its three formats mean: InfluxDB's line protocol,
Prometheus' remote write and OpenTelemetry's protobuf, decoded by the numbers of their specifications."""

import http.server
import struct
import threading
from collections import defaultdict

WRITE, REMOTE_WRITE, OTLP = "/write", "/api/v1/write", "/v1/metrics"


class MetricsServer:
    """`misbehave(handler, number)` is called with each write, numbered by its path from 1 on; true: it has answered, or
    has not, itself. What it has not is taken."""

    def __init__(self, misbehave=lambda handler, number: False, port=0):
        self.misbehave = misbehave
        self.bodies = defaultdict(list)  # By path, those that were taken, in order.
        self.requests = []  # (path with query, headers) of all that came.
        self._lock = threading.Lock()
        self._counts = defaultdict(int)
        self.arrived = threading.Condition(self._lock)
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                outer.serve(self)

            def log_message(self, *_):
                pass

            def answer(self, status, body=b"", **fields):
                self.send_response(status)
                for name, value in fields.items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_):
                pass  # A client that leaves is none of ours.

        self.server = Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def serve(self, handler):
        path = handler.path.partition("?")[0]
        with self._lock:
            self.requests.append((handler.path, dict(handler.headers)))
            self._counts[path] += 1
            number = self._counts[path]
        if path != "/query" and self.misbehave(handler, number):
            return
        body = handler.rfile.read(int(handler.headers["Content-Length"] or 0))
        with self.arrived:
            self.bodies[path].append(body)
            self.arrived.notify_all()
        handler.answer(200 if path in (OTLP, "/query") else 204)

    def wait_for(self, path, seconds):
        with self.arrived:
            assert self.arrived.wait_for(lambda: self.bodies[path], timeout=seconds), f"nothing came to {path}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def points_of(bodies):
    """{(measurement, tags, time): fields} of line protocol."""
    points = {}
    for line in b"".join(bodies).decode().splitlines():
        head, fields, time = split_unescaped(line, " ")
        measurement, *tags = split_unescaped(head, ",")
        points[measurement, tuple(tags), int(time)] = dict(split_unescaped(f, "=") for f in split_unescaped(fields, ","))
    return points


def split_unescaped(text, border):
    """Parts of a text; a border in quotes or behind a backslash is none."""
    parts, current, is_quoted, at = [], "", False, 0
    while at < len(text):
        size = 2 if text[at] == "\\" else 1
        is_quoted ^= text[at] == '"'
        if text[at] == border and not is_quoted:
            parts.append(current)
            current = ""
        else:
            current += text[at : at + size]
        at += size
    return [*parts, current]


def unsnapped(data):
    """Snappy's block format (google/snappy: format_description.txt)."""

    def little_endian(at, size):
        return int.from_bytes(data[at : at + size], "little")

    size, at = varint(data, 0)
    out = bytearray()
    while at < len(data):
        tag, at = data[at], at + 1
        if tag & 3 == 0:
            length = tag >> 2
            if length >= 60:
                extra = length - 59
                length, at = little_endian(at, extra), at + extra
            out += data[at : at + length + 1]
            at += length + 1
            continue
        if tag & 3 == 1:
            length, offset, at = (tag >> 2 & 7) + 4, (tag >> 5) << 8 | data[at], at + 1
        else:
            width = 2 if tag & 3 == 2 else 4
            length, offset, at = (tag >> 2) + 1, little_endian(at, width), at + width
        for _ in range(length):
            out.append(out[-offset])
    assert len(out) == size
    return bytes(out)


def varint(data, at):
    value = shift = 0
    while True:
        byte, at = data[at], at + 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields_of(message):
    """{number: [values]} of a protobuf message: numbers, eight bytes, or bytes."""
    fields, at = defaultdict(list), 0
    while at < len(message):
        key, at = varint(message, at)
        if key & 7 == 0:
            value, at = varint(message, at)
        elif key & 7 == 1:
            value, at = message[at : at + 8], at + 8
        else:
            assert key & 7 == 2, key
            size, at = varint(message, at)
            value, at = message[at : at + size], at + size
        fields[key >> 3].append(value)
    return fields


def double(value):
    return struct.unpack("<d", value)[0]


def series_of(bodies):
    """{name: {labels: [(time, value)]}} of remote write, in the order of arrival."""
    series = defaultdict(lambda: defaultdict(list))
    for body in bodies:
        for each in fields_of(unsnapped(body))[1]:
            fields = fields_of(each)
            labels = {}
            for label in fields[1]:
                pair = fields_of(label)
                labels[pair[1][0].decode()] = pair[2][0].decode()
            name = labels.pop("__name__")
            for sample in fields[2]:
                value = fields_of(sample)
                # A field of value 0 may be left out.
                number = double((value[1] or [bytes(8)])[0])
                series[name][tuple(sorted(labels.items()))].append((value[2][0], number))
    return series


def attributes_of(values):
    pairs = [fields_of(value) for value in values]
    return tuple(sorted((pair[1][0].decode(), fields_of(pair[2][0])[1][0].decode()) for pair in pairs))


def exported_of(body):
    """(resource's attributes, {name: (kind, unit, {attributes: value})}) of an OTLP export; a histogram's value is its
    count, sum, buckets and borders."""
    resource_metrics = fields_of(fields_of(body)[1][0])
    resource = dict(attributes_of(fields_of(resource_metrics[1][0])[1]))
    metrics = {}
    for metric in fields_of(resource_metrics[2][0])[2]:
        fields = fields_of(metric)
        kind = {5: "gauge", 7: "sum", 9: "histogram"}[next(number for number in (5, 7, 9) if fields[number])]
        data = fields_of(fields[{"gauge": 5, "sum": 7, "histogram": 9}[kind]][0])
        points = {}
        for point in map(fields_of, data[1]):
            if kind == "histogram":
                count = struct.unpack("<Q", point[4][0])[0]
                buckets = struct.unpack(f"<{len(point[6][0]) // 8}Q", point[6][0])
                borders = struct.unpack(f"<{len(point[7][0]) // 8}d", point[7][0])
                points[attributes_of(point[9])] = (count, double(point[5][0]), buckets, borders)
            elif point[6]:
                points[attributes_of(point[7])] = struct.unpack("<q", point[6][0])[0]
            else:
                points[attributes_of(point[7])] = double(point[4][0])
        metrics[fields[1][0].decode()] = (kind, (fields[3] or [b""])[0].decode(), points)
    return resource, metrics
