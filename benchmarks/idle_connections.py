#!/usr/bin/env python3
"""idle_connections.py PORT PID BODY CONNECTIONS HALF_SENT: opens connections to the mockgw with that PID, one chat on each,
and says how much memory it has resident then; on top it sends so many halves of a request, and says how fast a chat is
answered beside them. Ends with 1 when it is more than 120 MB or slower than 5 ms (median)."""

import re
import socket
import statistics
import sys
import time

RESIDENT_MB_MAX = 120.0
ANSWER_MS_MAX = 5.0
CHATS = 200  # Beside the half-sent requests.


def request(body):
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: mockgw\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n{body}".encode()


def connect(port):
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def chat(connection, message):
    """Sends a request and reads the whole answer."""
    connection.sendall(message)
    answer = b""
    while True:
        piece = connection.recv(65536)
        if not piece:
            sys.exit("mockgw closed a connection")
        answer += piece
        head, separator, body = answer.partition(b"\r\n\r\n")
        if separator and len(body) == int(re.search(rb"(?i)content-length: (\d+)", head).group(1)):
            break
    if not answer.startswith(b"HTTP/1.1 200 "):
        sys.exit(f"a chat was not answered with 200: {answer[:200]}")


def resident_mb(process_id):
    with open(f"/proc/{process_id}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+) kB", status.read()).group(1)) / 1024


def main(port, process_id, body, connections, half_sent):
    message = request(body)
    started = time.monotonic()
    idle = [connect(port) for _ in range(connections)]
    for connection in idle:
        chat(connection, message)
    resident = resident_mb(process_id)
    print(f"{connections} idle connections after one chat each ({time.monotonic() - started:.0f} s): {resident:.0f} MB")

    halves = [connect(port) for _ in range(half_sent)]
    for connection in halves:
        connection.sendall(message[: len(message) // 2])
    another = connect(port)
    answers_ms = []
    for _ in range(CHATS):
        sent = time.monotonic()
        chat(another, message)
        answers_ms.append((time.monotonic() - sent) * 1e3)
    median = statistics.median(answers_ms)
    print(f"with {half_sent} half-sent requests on top ({resident_mb(process_id):.0f} MB): {median:.2f} ms for a chat, "
          f"at most {max(answers_ms):.1f} ms")
    for connection in (*idle, *halves, another):
        connection.close()
    is_met = resident < RESIDENT_MB_MAX and median < ANSWER_MS_MAX
    print(f"{'met' if is_met else 'MISSED'}: under {RESIDENT_MB_MAX:.0f} MB and {ANSWER_MS_MAX:.0f} ms")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])))
