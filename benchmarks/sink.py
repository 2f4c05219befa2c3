#!/usr/bin/env python3
"""An HTTP server that throws away what it is sent and answers 204, for next to no CPU time.

In the place of a database or a collector, which would be another machine's. The kernel drops the bodies without
copying them (MSG_TRUNC, tcp(7)). Prints its address, and serves until it is ended.
"""
import re
import socket
import threading

READ_AT_ONCE = 1 << 20
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


def serve(connection):
    buffer = bytearray(READ_AT_ONCE)
    head = b""
    with connection:
        while True:
            while (end := head.find(b"\r\n\r\n")) < 0:
                piece = connection.recv(4096)
                if not piece:
                    return
                head += piece
            length = LENGTH.search(head[:end + 2])
            left = (int(length[1]) if length else 0) - (len(head) - end - 4)
            while left > 0:
                thrown_away = connection.recv_into(buffer, min(left, READ_AT_ONCE), socket.MSG_TRUNC | socket.MSG_WAITALL)
                if thrown_away == 0:
                    return
                left -= thrown_away
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            head = b""


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    print("%s:%d" % listener.getsockname(), flush=True)
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


main()
