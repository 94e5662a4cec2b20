"""A report and a language become a page, a PDF, a workbook or JSON. The only place that rounds."""

from landproof.render.html import render_html
from landproof.render.json import render_json
from landproof.render.pdf import FontsMissingError, render_pdf
from landproof.render.workbook import render_workbook

__all__ = ["FontsMissingError", "render_html", "render_json", "render_pdf", "render_workbook"]
