"""Makes the demonstration: an invented company, everything it hands in, and the truth about its faults."""

import json
from dataclasses import asdict
from pathlib import Path
from random import Random

from landproof.demo.book import INVENTED, INVENTED_ZH, Book
from landproof.demo.chains import add_supply
from landproof.demo.company import add_company
from landproof.demo.farms import add_suppliers
from landproof.demo.faults import plant_faults
from landproof.demo.files import FILES, write_files
from landproof.demo.landscape import paint, write_landscape
from landproof.demo.places import WINDOWS
from landproof.demo.proofs import add_proofs
from landproof.demo.readme import README
from landproof.reference.catalogue import translate


def generate(folder: Path, *, seed: str = "landproof demo", plots: int = 3000, lines: int = 20000) -> None:
    """Write the demonstration into ``folder``: the same bytes for the same ``seed`` and sizes.

    Raises `UsageError` when ``plots`` or ``lines`` are fewer than the suppliers and quarters need.
    """
    # Chance only makes the landscape look real; it decides no result, and the seed is given.
    book = Book(Random(seed))  # noqa: S311
    suppliers = add_suppliers(book, plots)
    add_company(book)
    supplies = add_supply(book, suppliers, lines)
    add_proofs(book, suppliers, supplies)
    fields = [plot for supplier in suppliers for plot in supplier.plots]
    lands = {
        key: paint(
            book.random,
            window,
            [(plot.slot, plot.cleared, plot.land_use) for plot in fields if plot.slot.window == key],
        )
        for key, window in WINDOWS.items()
    }
    plant_faults(book, suppliers, supplies, lands)
    folder.mkdir(parents=True, exist_ok=True)
    write_landscape(folder, list(lands.values()))
    write_files(folder, book, fields)
    _json(folder / "files.json", manifest(book))
    _json(folder / "truth.json", truth(book, seed))
    (folder / "README.md").write_text(README, encoding="utf-8", newline="\n")


def manifest(book: Book) -> list[dict[str, object]]:
    """The files in the order of import: tables with the fact table of each sheet, then documents.

    ``table`` is null for a document and for a workbook, whose sheets name their tables.
    """
    tables: list[dict[str, object]] = [
        {"file": file.name, "table": file.tables[0] if len(file.tables) == 1 else None, "sheets": file.sheets}
        for file in FILES
    ]
    return tables + [{"file": f"documents/{name}", "table": None, "sheets": []} for name in book.documents]


def truth(book: Book, seed: str) -> dict[str, object]:
    """Every planted fault with what must be found because of it."""
    return {
        "invented": [INVENTED, INVENTED_ZH],
        "seed": seed,
        "note": "A subject that a rule does not list counts as not applicable.",
        "faults": [
            {
                "id": fault.id,
                "what": fault.what % fault.values,
                "what_zh": translate(fault.what, "zh_Hans") % fault.values,
                "expected": [asdict(each) for each in fault.expected],
            }
            for fault in book.faults
        ],
    }


def _json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
