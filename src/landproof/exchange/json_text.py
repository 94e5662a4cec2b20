"""JSON as written: numbers keep their text, and nothing that a reader would pass over is passed over."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text


class Number(str):
    """A JSON number as written."""

    __slots__ = ()


class _Twice(ValueError):
    pass


def read_json(data: bytes, file: str) -> Any:
    """The content of a JSON file. Raises `UnreadableInput` with the place of what is wrong."""
    try:
        return json.loads(
            data.decode("utf-8-sig"),
            parse_float=Number, parse_int=Number, parse_constant=Number, object_pairs_hook=_members,
        )  # fmt: skip
    except UnicodeDecodeError as why:
        raise UnreadableInput(
            text("%(file)s is not text in UTF-8 (byte %(place)s). Export it again as UTF-8."),
            file=file, place=why.start,
        ) from None  # fmt: skip
    except json.JSONDecodeError as why:
        raise UnreadableInput(
            text("%(file)s is not valid JSON: line %(line)s, column %(column)s (%(why)s). Export it again."),
            file=file, line=why.lineno, column=why.colno, why=why.msg,
        ) from None  # fmt: skip
    except _Twice as why:
        raise UnreadableInput(
            text("%(file)s names %(name)s twice in one object, so it is not clear which counts. Export it again."),
            file=file, name=why,
        ) from None  # fmt: skip
    except RecursionError:
        raise UnreadableInput(text("%(file)s is nested too deeply. Export it again."), file=file) from None


def read_json_file(path: Path) -> Any:
    """`read_json` of a file."""
    return read_json(path.read_bytes(), path.name)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1)[:80])
    return found


def written_json(value: Any, indent: str = "\n") -> str:
    """JSON in which numbers stand as they are written: a decimal must not become a binary number."""
    if isinstance(value, Number):
        return str(value)
    inner = indent + " "
    if isinstance(value, dict):
        parts = [
            f"{json.dumps(name, ensure_ascii=False)}: {written_json(each, inner)}" for name, each in _items(value)
        ]
        return "{" + inner + f",{inner}".join(parts) + indent + "}" if parts else "{}"
    if isinstance(value, list):
        listed = [written_json(each, inner) for each in cast(list[Any], value)]
        return "[" + inner + f",{inner}".join(listed) + indent + "]" if listed else "[]"
    return json.dumps(value, ensure_ascii=False)


def _items(value: Any) -> Iterable[tuple[str, Any]]:
    return cast(dict[str, Any], value).items()
