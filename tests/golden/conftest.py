"""The invented company, small, judged once for all tests of this folder."""

import pytest

from landproof.run.demo import Demo, run_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return run_demo(tmp_path_factory.mktemp("demo"), plots=240, lines=1200)
