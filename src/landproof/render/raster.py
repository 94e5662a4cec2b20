"""A drawing as PNG, by the same means that set the PDF report."""

from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from landproof.render.pdf import FONTS, check_fonts
from landproof.render.svg import WIDTH

_MARGIN = 16  # points round the drawing
_PER_INCH = 108.0  # pixels: one and a half per unit of the drawing
_PAGE = (
    f"#set page(width: {WIDTH + 2 * _MARGIN}pt, height: auto, margin: {_MARGIN}pt)\n"
    f'#image("picture.svg", width: {WIDTH}pt)\n'
)


def png_of(svg: str) -> bytes:
    """``svg``, `WIDTH` units wide, as PNG on white. Raises `FontsMissingError`."""
    check_fonts()
    with TemporaryDirectory(prefix="landproof-") as folder:
        root = Path(folder)
        (root / "picture.svg").write_text(svg, encoding="utf-8")
        (root / "page.typ").write_text(_PAGE, encoding="utf-8")
        compiler = typst.Compiler(
            str(root / "page.typ"), root=str(root), font_paths=[str(FONTS)], ignore_system_fonts=True
        )
        made = compiler.compile(format="png", ppi=_PER_INCH)
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no single picture")
    return made
