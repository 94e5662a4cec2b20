"""How results are put on the screen."""

import json
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

import click


def print_json(content: Any) -> None:
    """JSON on standard output, for programs."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=2, sort_keys=False))


def print_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A plain table; columns are aligned by the width that a terminal gives to each character."""
    from rich.cells import cell_len

    lines = [list(headers), *([str(cell) for cell in row] for row in rows)]
    widths = [max(cell_len(line[column]) for line in lines) for column in range(len(headers))]
    for line in lines:
        padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


@contextmanager
def progress(label: str) -> Generator[Any]:
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
    ) as bar:
        task = bar.add_task(label, total=None)

        def report(done: int, total: int, step: str | None = None) -> None:
            bar.update(task, completed=done, total=total, description=step or label)

        yield report
