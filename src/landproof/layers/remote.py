"""How GDAL reads rasters behind an address: with time limits, and without remembering what failed."""

import os
from contextlib import AbstractContextManager, nullcontext
from typing import Any, cast

import rasterio  # pyright: ignore[reportMissingTypeStubs]

_rasterio = cast(Any, rasterio)  # it has no types

REMOTE = "/vsi"
# Seconds and tries can be set in the environment under the same names.
_LIMITS = {
    "GDAL_HTTP_CONNECTTIMEOUT": "10",
    "GDAL_HTTP_TIMEOUT": "60",
    "GDAL_HTTP_LOW_SPEED_TIME": "20",
    "GDAL_HTTP_LOW_SPEED_LIMIT": "1000",
    "GDAL_HTTP_MAX_RETRY": "3",
    "GDAL_HTTP_RETRY_DELAY": "1",
}
_ALWAYS = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    # A server that failed, or a tile cut in half, is asked anew by the next reader.
    "CPL_VSIL_CURL_NON_CACHED": "/vsicurl/:/vsis3/:/vsigs/",
}
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_ROLE_ARN")


def is_remote(address: str) -> bool:
    """Whether GDAL asks the network for ``address``."""
    return address.startswith(REMOTE)


def reading(address: str) -> AbstractContextManager[Any]:
    """What GDAL needs around opening and reading ``address``; nothing for a local file."""
    if not is_remote(address):
        return nullcontext()
    options = {key: os.environ.get(key, value) for key, value in _LIMITS.items()} | _ALWAYS
    if not any(os.environ.get(key) for key in _KEYS):
        options["AWS_NO_SIGN_REQUEST"] = "YES"  # public buckets need no account
    return _rasterio.Env(session=_rasterio.session.DummySession(), **options)


def is_not_there(why: Exception) -> bool:
    """Whether a server said that it has no such file, as against being out of order."""
    said = str(why)
    return "404" in said or "NoSuchKey" in said or "does not exist" in said
