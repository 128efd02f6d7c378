"""Clients of an HTTP server that cost little themselves: on a small machine a slow client measures itself."""
import json
import socket
import threading
import time

from .measure import Refused


class Client:
    """One keep-alive connection. For one thread."""

    def __init__(self, host, port, timeout=120):
        self.address = (host, port)
        self.timeout = timeout
        self.host = f"{host}:{port}".encode()
        self._connect()

    def _connect(self):
        self.socket = socket.create_connection(self.address, self.timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def post(self, path, body):
        """The body of the answer; raises Refused for any status but 200."""
        return self._call(b"POST", path, body)

    def put(self, path, body):
        return self._call(b"PUT", path, body)

    def get(self, path):
        return self._call(b"GET", path, b"")

    def _call(self, method, path, body):
        message = b"%b %b HTTP/1.1\r\nHost: %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
            method, path.encode(), self.host, len(body), body)
        for last in (False, True):  # a server may close a connection that was idle
            try:
                self.socket.sendall(message)
                status, answer = self._answer()
                break
            except (ConnectionError, BrokenPipeError):
                self.socket.close()
                if last:
                    raise
                self._connect()
        if status != 200:
            raise Refused(f"{path}: status {status}, {answer[:300]!r}")
        return answer

    def _answer(self):
        data = self.rest
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head, data = data[:end].lower(), data[end + 4:]
        status = int(head[9:12])
        if (at := head.find(b"content-length:")) >= 0:
            length = int(head[at + 15:].split(b"\r\n", 1)[0])
            while len(data) < length:
                data += self._more()
            self.rest = data[length:]
            answer = data[:length]
        elif b"transfer-encoding: chunked" in head:
            parts = []
            while True:
                while (end := data.find(b"\r\n")) < 0:
                    data += self._more()
                size = int(data[:end].split(b";")[0], 16)
                while len(data) < end + 2 + size + 2:
                    data += self._more()
                parts.append(data[end + 2:end + 2 + size])
                data = data[end + 2 + size + 2:]
                if size == 0:
                    break
            self.rest, answer = data, b"".join(parts)
        else:
            self.rest, answer = b"", b""
        if b"connection: close" in head:
            self.socket.close()
            self._connect()
        return status, answer

    def _more(self):
        some = self.socket.recv(1 << 16)
        if not some:
            raise ConnectionError("the server closed the connection")
        return some

    def close(self):
        self.socket.close()


def together(clients, work, seconds=None, times=None):
    """`work(k, i)` by each client k in a thread of its own, i = 0, 1, ..., for so long or so often.

    Returns how often each did it, how long that took, and each call's seconds."""
    counts, laps, errors = [0] * clients, [[] for _ in range(clients)], []
    start = threading.Barrier(clients + 1)

    def loop(k):
        start.wait()
        until = time.perf_counter() + (seconds or 1e9)
        try:
            i = 0
            while i < (times or 1 << 60):
                before = time.perf_counter()
                if before >= until:
                    break
                work(k, i)
                laps[k].append(time.perf_counter() - before)
                i += 1
                counts[k] = i
        except Exception as e:  # told by the caller
            errors.append(e)

    threads = [threading.Thread(target=loop, args=(k,)) for k in range(clients)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    if errors:
        raise errors[0]
    return counts, took, sorted(lap for some in laps for lap in some)


def call(client, path, **body):
    return json.loads(client.post("/api/2.0/mlflow/" + path, json.dumps(body).encode()) or b"{}")
