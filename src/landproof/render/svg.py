"""A small SVG writer: escaped, deterministic, numbers with one decimal, no style that a strict policy blocks."""

from html import escape

from landproof.render.palette import INK

FONT = "'Noto Sans SC', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
WIDTH = 900  # all charts share one width, so that their type has one size


def figure(value: float) -> str:
    """A coordinate."""
    text = f"{value:.1f}"
    return "0" if text in ("-0.0", "0.0") else text.removesuffix(".0")


def text_width(text: str, size: float) -> float:
    """A careful estimate of how wide ``text`` runs: a full square for Chinese, about half for Latin."""
    return sum(size if ord(sign) > 0x2E7F else size * 0.53 for sign in text)


def shortened(text: str, size: float, room: float) -> str:
    """``text``, or its beginning with an ellipsis where it does not fit ``room``."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


class Drawing:
    """Collects shapes and closes them into one ``<svg>`` with a title and a description."""

    def __init__(self, name: str) -> None:
        self.name = f"chart-{name}"
        self._parts: list[str] = []
        self._shared = 0

    def rect(self, x: float, y: float, width: float, height: float, fill: str, **more: str) -> None:
        """A rectangle; one of no width is left out."""
        if width > 0 and height > 0:
            self._add("rect", {"x": x, "y": y, "width": width, "height": height}, fill=fill, **more)

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: str, **more: str) -> None:
        """A straight line."""
        self._add("line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2}, stroke=stroke, **more)

    def path(self, steps: str, fill: str, hatch: str | None = None, **more: str) -> None:
        """A path from its steps; ``hatch`` is a second fill, on top of the first."""
        if hatch is None:
            self._add("path", {}, d=steps, fill=fill, **more)
            return
        self._shared += 1
        name = f"{self.name}-shape-{self._shared}"
        self._parts.append(f'<g fill="{escape(fill)}">')
        self._add("path", {}, id=name, d=steps, **more)
        self._parts.append("</g>")
        self._add("use", {}, href=f"#{name}", fill=hatch)

    def circle(self, x: float, y: float, radius: float, fill: str, **more: str) -> None:
        """A circle."""
        self._add("circle", {"cx": x, "cy": y, "r": radius}, fill=fill, **more)

    def text(
        self, x: float, y: float, text: str, size: float = 15, anchor: str = "start", fill: str = INK, **more: str
    ) -> None:
        """A line of text on its baseline. With ``halo="yes"`` it keeps clear of what lies under it."""
        if more.pop("halo", ""):
            more |= {"paint_order": "stroke", "stroke": "#ffffff", "stroke_width": "4", "stroke_linejoin": "round"}
        attributes = _attributes(
            {"x": x, "y": y, "font-size": size}, {"text_anchor": anchor, "fill": fill, **more}
        )
        self._parts.append(f"<text{attributes}>{escape(text)}</text>")

    def define_hatch(self, key: str, colour: str) -> str:
        """A hatch of ``colour`` as a fill, so that a state is told without its colour as well."""
        name = f"{self.name}-{key}"
        self._parts.append(
            f'<defs><pattern id="{escape(name)}" width="8" height="8" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><rect width="8" height="8" fill="{colour}" fill-opacity="0.35"/>'
            f'<rect width="3" height="8" fill="{colour}"/></pattern></defs>'
        )
        return f"url(#{name})"

    def define_pattern(self, key: str, size: float, content: str, scale: tuple[float, float]) -> str:
        """``content``, elements within ``size`` x ``size``, as a fill of shapes drawn ``scale`` times larger.

        The pattern itself keeps its size.
        """
        name = f"{self.name}-{key}"
        shrunk = " ".join(f"{1 / each:.9g}" for each in scale)
        self._parts.append(
            f'<defs><pattern id="{escape(name)}" width="{figure(size)}" height="{figure(size)}" '
            f'patternUnits="userSpaceOnUse" patternTransform="scale({shrunk})">{content}</pattern></defs>'
        )
        return f"url(#{name})"

    def _add(self, tag: str, numbers: dict[str, float], **words: str) -> None:
        self._parts.append(f"<{tag}{_attributes(numbers, words)}/>")

    def close(self, height: float, title: str, description: str) -> str:
        """The whole drawing."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {figure(height)}" role="img" '
            f'aria-labelledby="{escape(self.name)}-title {escape(self.name)}-text" font-family="{FONT}">'
            f'<title id="{escape(self.name)}-title">{escape(title)}</title>'
            f'<desc id="{escape(self.name)}-text">{escape(description)}</desc>'
        )
        return head + "".join(self._parts) + "</svg>"


def _attributes(numbers: dict[str, float], words: dict[str, str]) -> str:
    drawn = [f' {name}="{figure(value)}"' for name, value in numbers.items()]
    said = [f' {name.replace("_", "-")}="{escape(value)}"' for name, value in words.items()]
    return "".join(drawn + said)
