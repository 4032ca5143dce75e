"""The edges of HTTP/2, frame by frame: what comes back on a stream, but for the fields that are named.

usage: http2.py ADDRESS [FIELD ..]
"""

import contextlib
import socket
import sys

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings

HOST, PORT = sys.argv[1].rsplit(":", 1)
UNSEEN = {field.encode() for field in sys.argv[2:]}
PATIENCE = 10.0


class Wire:
    """One connection, and what its streams told."""

    def __init__(self, window=None):
        self.socket = socket.create_connection((HOST, int(PORT)), PATIENCE)
        # What is wrong by the standard is a case, too.
        config = h2.config.H2Configuration(
            header_encoding=None, validate_outbound_headers=False, normalize_outbound_headers=False)
        self.h2 = h2.connection.H2Connection(config)
        if window is not None:
            values = {h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: window}
            self.h2.local_settings = h2.settings.Settings(initial_values=values)
        self.window = window
        self.h2.initiate_connection()
        self.flush()
        self.told, self.over, self.closed = {}, set(), False
        self.read(lambda: h2.settings.SettingCodes.ENABLE_CONNECT_PROTOCOL in self.h2.remote_settings)

    def flush(self):
        try:
            self.socket.sendall(self.h2.data_to_send())
        except OSError:
            self.closed = True

    def ask(self, method, path, *fields, end=True):
        stream = self.h2.get_next_available_stream_id()
        head = [(":method", method), (":scheme", "http"), (":authority", "here"), (":path", path)]
        # Stable: what begins with a colon comes first.
        self.h2.send_headers(stream, sorted([*head, *fields], key=lambda field: field[0][0] != ":"), end_stream=end)
        self.flush()
        return stream

    def say(self, stream, data, end=False):
        self.h2.send_data(stream, data, end_stream=end)
        self.flush()

    def trailers(self, stream, *fields):
        self.h2.send_headers(stream, fields, end_stream=True)
        self.flush()

    def reset(self, stream):
        self.h2.reset_stream(stream, h2.errors.ErrorCodes.CANCEL)
        self.over.add(stream)
        self.flush()

    def end(self, *streams):
        """Reads until these have ended, and tells of them."""
        self.read(lambda: self.over.issuperset(streams))
        return " || ".join(self.tell(stream) for stream in streams)

    def until(self, stream, text):
        self.read(lambda: text in self.tell(stream) or stream in self.over)

    def tell(self, stream):
        parts = []
        for kind, value in self.told.get(stream, []):
            if kind == "data" and parts and parts[-1][0] == "data":
                parts[-1] = ("data", parts[-1][1] + value)
            else:
                parts.append((kind, value))
        return " ".join(f"{kind} {shown(value)}" for kind, value in parts)

    def read(self, enough):
        while not enough() and not self.closed:
            try:
                data = self.socket.recv(65536)
            except (TimeoutError, ConnectionResetError) as error:
                data = b""
                self.note(0, "connection", type(error).__name__)
            if not data:
                self.closed = True
                return
            for event in self.h2.receive_data(data):
                self.take(event)
            self.flush()

    def take(self, event):
        stream = getattr(event, "stream_id", 0)
        match event:
            case h2.events.InformationalResponseReceived():
                self.note(stream, "early", fields(event.headers))
            case h2.events.ResponseReceived():
                self.note(stream, "head", fields(event.headers) + ended(event))
            case h2.events.TrailersReceived():
                self.note(stream, "trailers", fields(event.headers) + ended(event))
            case h2.events.DataReceived():
                # How the bytes fall into frames is a matter of time; an empty frame is not.
                self.note(stream, "data" if event.data else "nothing", event.data + ended(event).encode())
                if event.flow_controlled_length and self.window is None:
                    self.h2.acknowledge_received_data(event.flow_controlled_length, stream)
                elif event.flow_controlled_length:
                    self.h2.increment_flow_control_window(event.flow_controlled_length)
                    with contextlib.suppress(h2.exceptions.StreamClosedError):
                        self.h2.increment_flow_control_window(event.flow_controlled_length, stream)
            case h2.events.StreamEnded():
                self.over.add(stream)
            case h2.events.StreamReset():
                self.note(stream, "reset", str(int(event.error_code)))
                self.over.add(stream)
            case h2.events.ConnectionTerminated():
                self.note(0, "goaway", f"{int(event.error_code)} {event.additional_data}")
            case h2.events.PingAckReceived():
                self.note(0, "pong", event.ping_data)

    def note(self, stream, kind, value):
        self.told.setdefault(stream, []).append((kind, value))


def fields(headers):
    return " ".join(f"{name.decode()}={value!r}" for name, value in headers if name not in UNSEEN)


def ended(event):
    return " <end>" if event.stream_ended is not None else ""


def shown(value):
    text = value if isinstance(value, str) else repr(value)[2:-1]
    return text if len(text) < 2048 else f"{len(text)} characters, {text[:20]}..{text[-20:]}"


PATHS = [
    "/text", "/empty", "/status/204", "/status/205", "/status/304", "/status/500", "/bytes/0", "/bytes/10", "/bytes/300000",
    "/chunks/0", "/chunks/3", "/announced", "/trailers", "/only-trailers", "/broken", "/panic", "/large-head", "/nowhere",
]

CASES = {}
for path in PATHS:
    for method in "GET", "HEAD":
        CASES[f"{method} {path}"] = lambda wire, method=method, path=path: wire.end(wire.ask(method, path))


def case(name):
    def keep(run):
        CASES[name] = run
        return run
    return keep


@case("an echo with trailers")
def _(wire):
    stream = wire.ask("POST", "/echo", ("te", "trailers"), end=False)
    wire.say(stream, b"abc")
    wire.until(stream, "abc")
    wire.say(stream, b"defg")
    wire.trailers(stream, ("x-sum", "7"))
    return wire.end(stream)


@case("an echo of nothing")
def _(wire):
    return wire.end(wire.ask("POST", "/echo"))


@case("an echo that ends with an empty frame")
def _(wire):
    stream = wire.ask("POST", "/echo", end=False)
    wire.say(stream, b"abc")
    wire.say(stream, b"", end=True)
    return wire.end(stream)


@case("a body with trailers")
def _(wire):
    stream = wire.ask("POST", "/count", end=False)
    wire.say(stream, b"abc")
    wire.trailers(stream, ("x-sum", "3"))
    return wire.end(stream)


@case("a body that is shorter than announced")
def _(wire):
    stream = wire.ask("POST", "/count", ("content-length", "10"), end=False)
    wire.say(stream, b"abc", end=True)
    return wire.end(stream)


@case("a body that its caller resets")
def _(wire):
    stream = wire.ask("POST", "/count", end=False)
    wire.say(stream, b"abc")
    wire.reset(stream)
    return wire.end(wire.ask("GET", "/text"))


@case("expect: 100-continue")
def _(wire):
    # hyper sends no 100 over HTTP/2: the body has to come all the same.
    stream = wire.ask("POST", "/count", ("expect", "100-continue"), ("content-length", "4"), end=False)
    wire.say(stream, b"body", end=True)
    return wire.end(stream)


@case("an answer before the body has ended")
def _(wire):
    stream = wire.ask("POST", "/deaf", end=False)
    wire.say(stream, b"abc")
    told = wire.end(stream)
    # That it needs no more of it comes after the end.
    wire.read(lambda: any(kind == "reset" for kind, _ in wire.told[stream]))
    return told + " then " + wire.tell(stream)


@case("a stream that is reset before its head, and its neighbour")
def _(wire):
    stream = wire.ask("GET", "/never")
    neighbour = wire.ask("GET", "/chunks/3")
    wire.reset(stream)
    return wire.end(neighbour)


@case("a stream that is reset in its middle, and its neighbour")
def _(wire):
    stream, neighbour = wire.ask("GET", "/never-ends"), wire.ask("GET", "/chunks/3")
    wire.until(stream, "chunk 0")
    wire.reset(stream)
    return wire.end(neighbour)


@case("twenty streams at once")
def _(wire):
    streams = [wire.ask("GET", "/trailers" if number % 2 else "/bytes/5000") for number in range(20)]
    return wire.end(*streams)


@case("a window of seven bytes")
def _(_):
    wire = Wire(window=7)
    return wire.end(wire.ask("GET", "/bytes/200"), wire.ask("GET", "/trailers"))


@case("a caller who goes away after this")
def _(wire):
    stream = wire.ask("GET", "/chunks/3")
    wire.socket.sendall(bytes([0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
    return wire.end(stream)


@case("a ping during an answer")
def _(wire):
    stream = wire.ask("GET", "/chunks/3")
    wire.h2.ping(b"12345678")
    wire.flush()
    return wire.end(stream) + " / " + wire.tell(0)


@case("a WebSocket over HTTP/2")
def _(wire):
    stream = wire.ask("CONNECT", "/socket", ("sec-websocket-version", "13"), (":protocol", "websocket"), end=False)
    wire.until(stream, "head")
    if stream in wire.over:
        return wire.tell(stream)
    # "hello", masked by zeros.
    wire.say(stream, b"\x81\x85\0\0\0\0hello")
    wire.until(stream, "hello")
    wire.say(stream, b"\x88\x82\0\0\0\0\x03\xe8")
    return wire.end(stream)


@case("a large head")
def _(wire):
    return wire.end(wire.ask("GET", "/fields", *((f"x-{number}", "v" * 1000) for number in range(12))))


@case("a head that is too large")
def _(wire):
    return wire.end(wire.ask("GET", "/fields", *((f"x-{number}", "v" * 8000) for number in range(9)))) + wire.tell(0)


@case("cookies in pieces, and fields of the same name")
def _(wire):
    return wire.end(wire.ask("GET", "/fields", ("cookie", "a=1"), ("cookie", "b=2"), ("x-a", "1"), ("x-a", "2")))


@case("a method that nobody knows")
def _(wire):
    return wire.end(wire.ask("BREW", "/text"))


@case("fields that are not allowed")
def _(wire):
    return wire.end(wire.ask("GET", "/text", ("connection", "close")))


for name, run in [*CASES.items(), ("the server is well", CASES["GET /text"])]:
    wire = Wire()
    print(f"{name} | {run(wire)}")
    wire.socket.close()
