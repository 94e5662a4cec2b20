from collections.abc import Generator
from pathlib import Path

import pytest

from landproof.layers.download import Patience
from tests.unit.layers.serving import Serving, serving


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Serving]:
    """A server of the folder ``served``; GDAL and we ask it briefly, and GDAL takes it for S3 as well."""
    folder = tmp_path / "served"
    folder.mkdir()
    with serving(folder) as found:
        for name, value in {
            "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1",
            "GDAL_HTTP_TIMEOUT": "1", "GDAL_HTTP_CONNECTTIMEOUT": "2", "GDAL_HTTP_MAX_RETRY": "0",
            "AWS_S3_ENDPOINT": found.endpoint, "AWS_HTTPS": "NO", "AWS_VIRTUAL_HOSTING": "FALSE",
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        brief = Patience(stall_s=2.0, tries=2, pause_s=0.1)
        monkeypatch.setattr("landproof.layers.download.Patience", lambda: brief)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_ROLE_ARN"):
            monkeypatch.delenv(name, raising=False)
        yield found
