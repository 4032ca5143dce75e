"""The edges of HTTP/1, byte by byte: what comes back on the wire, but for the fields that are named.

usage: http1.py ADDRESS [FIELD ..]
"""

import hashlib
import re
import socket
import struct
import sys

HOST, PORT = sys.argv[1].rsplit(":", 1)
UNSEEN = re.compile(rb"(?mi)^(?:%s):[^\r]*\r\n" % b"|".join(field.encode() for field in sys.argv[2:]))
PATIENCE = 10.0
# What does not come within this time does not come.
SILENCE = 0.3
LONG = 4096


def ask(method, path, *fields, version="1.1", close=True):
    lines = [f"{method} {path} HTTP/{version}", "host: here", *fields]
    if close:
        lines.append("connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Wire:
    """One connection."""

    def __init__(self, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect((HOST, int(PORT)))
        self.got = b""

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            pass  # It has been closed: what came before that is the answer.

    def until(self, text):
        """Reads until this has come, or the end."""
        while text not in self.got and self.more(65536):
            pass

    def more(self, size):
        try:
            data = self.socket.recv(size)
        except ConnectionResetError:
            self.got += b"<reset>"
            return False
        except TimeoutError:
            self.got += b"<silence>"
            return False
        if not data:
            self.got += b"<end>"
        self.got += data
        return bool(data)

    def rest(self):
        while self.more(65536):
            pass
        self.socket.close()
        return self.got

    def silent(self):
        """What comes before a silence."""
        self.socket.settimeout(SILENCE)
        return self.rest()

    def done_writing(self):
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()
        return b"<we reset>"


def exchange(*parts):
    wire = Wire()
    for part in parts:
        wire.send(part)
    return wire.rest()


PATHS = [
    "/text", "/empty", "/status/200", "/status/204", "/status/205", "/status/304", "/status/404", "/status/500",
    "/bytes/0", "/bytes/10", "/bytes/70000", "/chunks/0", "/chunks/3", "/announced", "/trailers", "/only-trailers",
    "/broken", "/panic", "/large-head", "/nowhere",
]

CASES = {}
for path in PATHS:
    CASES[f"GET {path}"] = lambda path=path: exchange(ask("GET", path, "te: trailers"))
    CASES[f"GET {path} without te"] = lambda path=path: exchange(ask("GET", path))
    CASES[f"GET {path}, HTTP/1.0"] = lambda path=path: exchange(ask("GET", path, version="1.0", close=False))
    CASES[f"HEAD {path}"] = lambda path=path: exchange(ask("HEAD", path))


def case(name):
    def keep(run):
        CASES[name] = run
        return run
    return keep


@case("a connection that is kept, HTTP/1.0")
def _():
    wire = Wire()
    wire.send(ask("GET", "/bytes/10", "connection: keep-alive", version="1.0", close=False))
    wire.until(b"xxxxxxxxxx")
    wire.send(ask("GET", "/text", version="1.0", close=False))
    return wire.rest()


@case("three requests at once")
def _():
    first = ask("GET", "/chunks/2", close=False) + ask("HEAD", "/bytes/10", close=False)
    return exchange(first + ask("POST", "/count", "content-length: 3", close=False) + b"abc" + ask("GET", "/text"))


@case("requests after bodies that nobody reads")
def _():
    wire = Wire()
    wire.send(ask("POST", "/deaf", "content-length: 5", close=False) + b"abcde")
    wire.until(b"not read\n")
    wire.send(ask("GET", "/status/204", close=False))
    wire.until(b"204 No Content")
    wire.send(ask("GET", "/status/304", close=False) + ask("GET", "/text"))
    return wire.rest()


@case("expect: 100-continue, and a body")
def _():
    wire = Wire()
    wire.send(ask("POST", "/count", "expect: 100-continue", "content-length: 4"))
    wire.until(b"\r\n\r\n")
    wire.send(b"body")
    return wire.rest()


@case("expect: 100-continue, and nobody reads")
def _():
    return exchange(ask("POST", "/deaf", "expect: 100-continue", "content-length: 4"))


@case("a body in chunks, with trailers")
def _():
    return exchange(
        ask("POST", "/count", "transfer-encoding: chunked", "trailer: x-sum"),
        b"3\r\nabc\r\n", b"4;name=value\r\ndefg\r\n", b"0\r\nx-sum: 7\r\n\r\n",
    )


@case("an echo in chunks, with trailers")
def _():
    return exchange(
        ask("POST", "/echo", "transfer-encoding: chunked", "te: trailers", "trailer: x-sum"),
        b"3\r\nabc\r\n0\r\nx-sum: 3\r\n\r\n",
    )


@case("an echo with a length")
def _():
    return exchange(ask("POST", "/echo", "content-length: 7"), b"abc", b"defg")


@case("a broken chunk")
def _():
    return exchange(ask("POST", "/count", "transfer-encoding: chunked"), b"3\r\nabc\r\nzz\r\n")


@case("a body that is shorter than announced")
def _():
    wire = Wire()
    wire.send(ask("POST", "/count", "content-length: 10") + b"abc")
    wire.done_writing()
    return wire.rest()


@case("a caller who has said all, and listens")
def _():
    wire = Wire()
    wire.send(ask("GET", "/chunks/3"))
    wire.done_writing()
    return wire.rest()


@case("a caller who has said all, and nothing comes")
def _():
    wire = Wire()
    wire.send(ask("GET", "/never"))
    wire.done_writing()
    return wire.silent()


@case("a caller who goes before the head")
def _():
    wire = Wire()
    wire.send(ask("GET", "/never"))
    return wire.reset()


@case("a caller who goes in the middle of a body")
def _():
    wire = Wire()
    wire.send(ask("GET", "/never-ends"))
    wire.until(b"chunk 0\n")
    return wire.reset()


@case("a body that does not end")
def _():
    wire = Wire()
    wire.send(ask("GET", "/never-ends"))
    return wire.silent()


@case("a slow reader")
def _():
    wire = Wire(receive_buffer=4096)
    wire.send(ask("GET", "/bytes/3000000"))
    while wire.more(20000):
        pass
    return wire.got


@case("another protocol")
def _():
    wire = Wire()
    wire.send(ask("GET", "/switch", "connection: upgrade", "upgrade: echo", close=False) + b"early ")
    wire.until(b"early ")
    wire.send(b"late")
    wire.until(b"late")
    wire.done_writing()
    return wire.rest()


@case("another protocol that nobody asked for")
def _():
    return exchange(ask("GET", "/switch"))


@case("a WebSocket's handshake without its key")
def _():
    wire = Wire()
    wire.send(ask("GET", "/socket", "connection: upgrade", "upgrade: websocket", close=False))
    return wire.silent()


@case("a large head")
def _():
    return exchange(ask("GET", "/fields", *(f"x-{number}: {'v' * 1000}" for number in range(80))))


@case("a head that is too large")
def _():
    return exchange(ask("GET", "/fields", *(f"x-{number}: {'v' * 8000}" for number in range(90))))


@case("too many fields")
def _():
    return exchange(ask("GET", "/fields", *(f"x-{number}: v" for number in range(150))))


@case("fields of the same name, and one that is no text")
def _():
    return exchange(ask("GET", "/fields", "x-a: 1", "x-a: 2", "X-A: 3").replace(b"x-a: 2", b"x-a: \xff\xfe"))


FIELDS = [
    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate: a=1", "baggage: a=1",
    "x-request-id: mine", "b3: 0", "x-forwarded-for: 1.2.3.4", "forwarded: for=1.2.3.4",
]


@case("fields that telemetry reads")
def _():
    return exchange(ask("GET", "/fields", *FIELDS))


for name, request in {
    "OPTIONS *": ask("OPTIONS", "*"),
    "a whole URL": ask("GET", "http://there/text?a=b#c"),
    "CONNECT": ask("CONNECT", "there:443"),
    "an unknown method": ask("BREW", "/text"),
    "a method that is not allowed": ask("DELETE", "/text"),
    "no request": b"hello\r\n\r\n",
    "no version": b"GET /text\r\n\r\n",
    "two lengths": ask("POST", "/count", "content-length: 1", "content-length: 2") + b"ab",
    "a length and chunks": ask("POST", "/count", "content-length: 1", "transfer-encoding: chunked") + b"0\r\n\r\n",
    "no host": b"GET /text HTTP/1.1\r\nconnection: close\r\n\r\n",
    "a space before a colon": ask("GET", "/text", "x-a : 1"),
}.items():
    CASES[name] = lambda request=request: exchange(request)

for name, run in [*CASES.items(), ("the server is well", CASES["GET /text"])]:
    got = UNSEEN.sub(b"", run())
    told = repr(got)[2:-1] if len(got) < LONG else f"{len(got)} bytes of {hashlib.sha256(got).hexdigest()}"
    print(f"{name} | {told}")
