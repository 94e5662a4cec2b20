"""A web server on loopback that gives a folder in ranges, as object stores do, and can be out of order."""

import re
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Serving:
    """``mode``: "well", "stall", "error" (500), "half" (every answer breaks off halfway), "cut" (half a file)."""

    folder: Path
    port: int = 0
    mode: str = "well"
    errors_left: int = 0  # answers of 500 before all is well
    ranges: bool = True
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # method, path, range
    signed: list[str] = field(default_factory=list)  # what Authorization headers began with
    released: threading.Event = field(default_factory=threading.Event)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/{name}"

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self.port}"


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone is no error here."""


@contextmanager
def serving(folder: Path) -> Generator[Serving]:
    found = Serving(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name of the base class)
            pass

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def _answer(self, *, with_body: bool) -> None:
            wanted = self.headers.get("Range", "")
            found.asked.append((self.command, self.path, wanted))
            found.signed.append(self.headers.get("Authorization", "")[:16])
            if found.mode == "stall":
                found.released.wait(20)
                self.close_connection = True
                return
            if found.mode == "error" or found.errors_left:
                found.errors_left = max(0, found.errors_left - 1)
                self._send(500, b"", {})
                return
            file = found.folder / self.path.split("?")[0].removeprefix("/bucket").lstrip("/")
            if not file.is_file():
                self._send(404, b"<Error><Code>NoSuchKey</Code></Error>" if with_body else b"", {})
                return
            data = file.read_bytes()
            etag = f'"{md5(data, usedforsecurity=False).hexdigest()}"'
            if found.mode == "cut":
                data = data[: len(data) // 2]
            headers = {"ETag": etag, "Accept-Ranges": "bytes"}
            span = re.fullmatch(r"bytes=(\d+)-(\d*)", wanted) if found.ranges else None
            if span and self.headers.get("If-Range", etag) == etag:
                first, last = int(span[1]), min(int(span[2] or len(data)), len(data) - 1)
                if first >= len(data):
                    self._send(416, b"", {"Content-Range": f"bytes */{len(data)}"})
                    return
                headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
                self._send(206, data[first : last + 1], headers, with_body=with_body)
                return
            self._send(200, data, headers, with_body=with_body)

        def _send(self, status: int, body: bytes, headers: dict[str, str], *, with_body: bool = True) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if not with_body:
                return
            if found.mode == "half" and len(body) > 1:
                self.wfile.write(body[: len(body) // 2])
                self.wfile.flush()
                self.close_connection = True
                return
            self.wfile.write(body)

    server = _Quiet(("127.0.0.1", 0), Handler)
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
