"""UUIDs for our ids, as DIASCA asks for them, and the way back.

A UUID of ours is the version 5 one of ``kind:id`` in a namespace of landproof. A document of ours names these
texts beside its entities, so that whoever reads it can work out each UUID again and takes no name on trust.
"""

import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from landproof.exchange.diasca_fields import metadata_of

NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:x-landproof:diasca")  # fixed: it never changes
NO_ORIGIN: Final = "place:several or unknown"  # stands where an entity needs a site or an owner that nobody knows
NO_OWNER: Final = "party:unknown"
_CANONICAL: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def text_of(kind: str, name: str) -> str:
    """What the UUID of our ``name`` is made from."""
    return f"{kind}:{name}"


def uuid_of(text: str) -> str:
    """The UUID of a text as above; that of an id that is a UUID already is the id."""
    name = text.partition(":")[2]
    return name if _CANONICAL.fullmatch(name) else str(uuid.uuid5(NAMESPACE, text))


def named_in(entities: Iterable[Mapping[str, Any]]) -> Mapping[str, tuple[str, str]]:
    """Kind and name by UUID, as documents of ours give them."""
    found: dict[str, tuple[str, str]] = {}
    for members in entities:
        names = metadata_of(members).get("names")
        for text in cast(list[Any], names) if isinstance(names, list) else []:
            kind, colon, name = str(text).partition(":")
            if colon and name:
                found[uuid_of(str(text))] = (kind, name)
    return found
