"""Fetches tiles: resumed where they broke off, checked, and put in place only when they are whole.

A tile grows in ``<name>.part``, with what the server called it in ``<name>.part.json``. It is moved to its name
when its size, and its SHA-256 where that is known, are right and every block of the raster lies within the file.
A server that stalls, breaks off or answers 500 is asked again a few times, each time for the rest alone; what then
is still not whole stays a part, for the next run to go on with.
"""

import hashlib
import json
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Any, TypeVar
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from landproof.domain.messages import text
from landproof.layers.errors import LayerError
from landproof.layers.whole import breaks_off

_T = TypeVar("_T")
_PIECE = 1 << 20
_TRIES_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
Progress = Callable[[int, int | None], None]  # bytes there, bytes in all


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds of silence after which a server has stalled, how often it is asked, and the pause in between."""

    stall_s: float = 30.0
    tries: int = 4
    pause_s: float = 2.0


@dataclass(frozen=True, slots=True)
class Remote:
    """What a server says of a file; null where it does not say."""

    size: int | None
    etag: str | None


class NotThere(LayerError):
    """The server has no such file."""


class _Later(Exception):
    """Worth another try."""


class _HttpOnly(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if urlsplit(newurl).scheme not in ("http", "https"):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def http_address(url: str) -> str:
    """The address under which a public file of an object store is read without an account."""
    scheme, _, rest = url.partition("://")
    if scheme == "s3":
        bucket, _, key = rest.partition("/")
        own = os.environ.get("AWS_S3_ENDPOINT")
        if own:
            kind = "http" if os.environ.get("AWS_HTTPS", "YES").upper() in ("NO", "FALSE", "OFF") else "https"
            return f"{kind}://{own}/{bucket}/{key}"
        return f"https://{bucket}.s3.amazonaws.com/{key}"
    return f"https://storage.googleapis.com/{rest}" if scheme == "gs" else url


def ask(url: str, patience: Patience | None = None) -> Remote:
    """Size and name of what is at ``url``, without fetching it. Raises `NotThere`, or `LayerError`."""
    patience = patience or Patience()

    def once() -> Remote:
        with _open(urllib.request.Request(http_address(url), method="HEAD"), patience) as answer:  # noqa: S310
            return _said(answer.headers)

    return _patiently(once, url, patience)


def digest_at(url: str, patience: Patience | None = None) -> tuple[Remote, str]:
    """What a server says of a file, and the SHA-256 of it; the file is read whole and not kept."""
    patience = patience or Patience()

    def once() -> tuple[Remote, str]:
        with _open(urllib.request.Request(http_address(url)), patience) as answer:  # noqa: S310
            remote, digest, size = _said(answer.headers), hashlib.sha256(), 0
            while piece := answer.read(_PIECE):
                digest.update(piece)
                size += len(piece)
        if remote.size is not None and size != remote.size:
            raise _Later(f"{size} of {remote.size} bytes")
        return remote, digest.hexdigest()

    return _patiently(once, url, patience)


def fetch(
    url: str,
    target: Path,
    *,
    sha256: str | None = None,
    size: int | None = None,
    patience: Patience | None = None,
    progress: Progress | None = None,
) -> None:
    """Fetch ``url`` to ``target``, going on with a part that is there. Raises `NotThere`, or `LayerError`.

    ``sha256`` and ``size``: what the file must have, where that is known.
    """
    patience = patience or Patience()
    if urlsplit(http_address(url)).scheme not in ("http", "https"):
        raise LayerError(text("%(url)s cannot be fetched: it is no http, s3 or gs address. Correct it."), url=url)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = _Part(target)
    try:
        with FileLock(f"{part.path}.lock", timeout=0):
            _patiently(lambda: _go_on(url, part, patience, progress), url, patience)
            part.finish(url, sha256, size)
    except Timeout:
        raise LayerError(
            text("%(file)s is being fetched by another run. Wait for it, or end it."), file=target.name
        ) from None
    except OSError as why:
        raise LayerError(
            text("%(file)s cannot be written (%(why)s). Make room, or choose another folder."),
            file=target.name, why=why,
        ) from None  # fmt: skip


class _Part:
    """A tile on its way."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(f"{target.name}.part")
        self._facts = target.with_name(f"{target.name}.part.json")

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def etag(self) -> str | None:
        """What the server called the file when the part began; a part of who knows what is begun anew."""
        try:
            return json.loads(self._facts.read_text(encoding="utf-8")).get("etag")
        except (OSError, ValueError, AttributeError):
            return None

    @property
    def whole_size(self) -> int | None:
        try:
            return json.loads(self._facts.read_text(encoding="utf-8")).get("size")
        except (OSError, ValueError, AttributeError):
            return None

    def begin(self, remote: Remote) -> None:
        self.path.write_bytes(b"")
        self._facts.write_text(json.dumps({"etag": remote.etag, "size": remote.size}), encoding="utf-8")

    def drop(self) -> None:
        for path in (self.path, self._facts, Path(f"{self.path}.lock")):
            path.unlink(missing_ok=True)

    def finish(self, url: str, sha256: str | None, size: int | None) -> None:
        """Check the whole and move it to its name; a wrong one is dropped, since no more bytes will mend it."""
        why = self._wrong(sha256, size)
        if why is not None:
            self.drop()
            raise LayerError(
                text("%(url)s is not the file that it should be (%(why)s). Ask its producer, or fetch it again."),
                url=url, why=why,
            )  # fmt: skip
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())
        self.path.replace(self.target)
        self._facts.unlink(missing_ok=True)
        Path(f"{self.path}.lock").unlink(missing_ok=True)

    def _wrong(self, sha256: str | None, size: int | None) -> str | None:
        wanted = size if size is not None else self.whole_size
        if wanted is not None and self.size != wanted:
            return f"{self.size} bytes, not {wanted}"
        if sha256 is not None:
            with self.path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != sha256:
                return f"SHA-256 {found}"
        return breaks_off(str(self.path), self.size)


def _go_on(url: str, part: _Part, patience: Patience, progress: Progress | None) -> None:
    """Fetch what is lacking. Raises `_Later` where the server broke off."""
    there, etag = part.size, part.etag
    request = urllib.request.Request(http_address(url))  # noqa: S310 (checked by `fetch`)
    if there and etag is not None:
        if there == part.whole_size:
            return
        request.add_header("Range", f"bytes={there}-")
        request.add_header("If-Range", etag)
    try:
        with _open(request, patience) as answer:
            remote = _said(answer.headers)
            if answer.status == 206 and not _continues(answer.headers, there, part.whole_size):
                part.drop()
                raise _Later("another part than the one that was asked for")
            if answer.status != 206:
                part.begin(remote)
            _append(answer, part, progress)
    except urllib.error.HTTPError as why:
        if why.code == 416:  # the part does not belong to what is there now
            part.drop()
            raise _Later("416") from None
        raise
    if part.whole_size is not None and part.size < part.whole_size:
        raise _Later(f"{part.size} of {part.whole_size} bytes")


def _append(answer: Any, part: _Part, progress: Progress | None) -> None:
    with part.path.open("ab") as file:
        while piece := answer.read1(_PIECE):
            file.write(piece)
            if progress is not None:
                progress(file.tell(), part.whole_size)


def _continues(headers: HTTPMessage, there: int, whole: int | None) -> bool:
    found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", headers.get("Content-Range", ""))
    return bool(found) and int(found[1]) == there and (whole is None or found[2] in ("*", str(whole)))


def _said(headers: HTTPMessage) -> Remote:
    length, etag = headers.get("Content-Length"), headers.get("ETag")
    # A weak tag does not promise the same bytes, so a part cannot be continued by it.
    strong = etag is not None and not etag.startswith("W/")
    encoded = headers.get("Content-Encoding", "identity") != "identity"
    return Remote(int(length) if length and not encoded else None, etag if strong else None)


def _open(request: urllib.request.Request, patience: Patience) -> Any:
    request.add_header("Accept-Encoding", "identity")
    request.add_header("User-Agent", "landproof")
    return urllib.request.build_opener(_HttpOnly).open(request, timeout=patience.stall_s)


def _patiently(once: Callable[[], _T], url: str, patience: Patience) -> _T:
    """Do it; where the server is out of order, some more times."""
    said: object = ""
    for turn in range(patience.tries):
        if turn:
            time.sleep(patience.pause_s * turn)
        try:
            return once()
        except urllib.error.HTTPError as why:
            why.close()
            if why.code in (404, 410):
                raise NotThere(text("%(url)s is not there: the producer has no such tile."), url=url) from None
            if why.code not in _TRIES_LATER:
                raise _given_up(url, why) from None
            said = why
        except (_Later, HTTPException, urllib.error.URLError, TimeoutError, ConnectionError) as why:
            said = why
    raise _given_up(url, said)


def _given_up(url: str, why: object) -> LayerError:
    return LayerError(
        text("%(url)s cannot be fetched (%(why)s). Try again later: what has arrived is kept."), url=url, why=why
    )
