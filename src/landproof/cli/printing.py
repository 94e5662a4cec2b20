"""How results are put on the screen."""

import json
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from landproof.cli.language import printable

if TYPE_CHECKING:
    from rich.progress import Progress


def print_json(content: Any) -> None:
    """JSON on standard output, for programs."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=2, sort_keys=False))


def print_table(headers: Sequence[str], rows: Sequence[Sequence[str]], indent: str = "") -> None:
    """A plain table; columns are aligned by the width that a terminal gives to each character."""
    from rich.cells import cell_len

    lines = [list(headers), *([printable(str(cell)).replace("\n", " ") for cell in row] for row in rows)]
    widths = [max(cell_len(line[column]) for line in lines) for column in range(len(headers))]
    for line in lines:
        padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True))
        click.echo(indent + "  ".join(padded).rstrip())


class Bar:
    """A bar on standard error; called with what is done, the total, and what is being done."""

    def __init__(self, bar: "Progress", label: str) -> None:
        self._bar = bar
        self._label = label
        self._task = bar.add_task(label, total=None)

    def __call__(self, done: int, total: int | None, step: str | None = None) -> None:
        """Show how far the work is."""
        self._bar.update(self._task, completed=done, total=total, description=step or self._label)

    @contextmanager
    def paused(self) -> Generator[None]:
        """Take the bar off the screen while something is printed or asked; it stays off after an error."""
        self._bar.stop()
        yield
        self._bar.start()


@contextmanager
def progress(label: str) -> Generator[Bar]:
    """A bar on standard error while work goes on; silent where nobody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not sys.stderr.isatty(),
        # What is printed goes where it was sent, not to the bar's stream: `paused` makes room for it.
        redirect_stdout=False,
        redirect_stderr=False,
    ) as bar:
        yield Bar(bar, label)
