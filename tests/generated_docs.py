"""``make docs``: writes docs/criteria from the edition; a test holds the pages to it."""

from pathlib import Path

from landproof.run.explain import pages

ROOT = Path(__file__).parents[1] / "docs" / "criteria"
FOLDERS = {"en": ROOT, "zh_Hans": ROOT / "zh"}


def main() -> None:
    for language, folder in FOLDERS.items():
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in pages(language).items():
            (folder / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
