"""How docs/ becomes a site: `make docs`. Any warning, such as a link to what is not there, fails it.

docs/index.md is the one list of pages: under each of its headings, the pages it links to. A page that the index does
not link to is a warning too; decisions alone are found by their folder.
"""

import re

from sphinx.application import Sphinx

project = "Undrift"
extensions = ["myst_parser"]
myst_heading_anchors = 4
html_theme = "alabaster"  # comes with Sphinx and loads nothing from another host
html_theme_options = {
    "description": "A policy becomes a running casework service",
    "page_width": "96%",
    "body_max_width": "none",
    "font_family": "sans-serif",
    "head_font_family": "sans-serif",
    "code_font_size": "0.85em",
}
html_title = "Undrift"
html_static_path = ["site.css"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_use_index = False


def list_pages(app: Sphinx, page: str, source: list[str]) -> None:
    """Gives the index a list of contents, from its own headings and links; and the decisions' page all of them."""
    if page == "why/decisions":
        source[0] += "\n```{toctree}\n:glob:\n:maxdepth: 1\n\ndecisions/*\n```\n"
    if page != "index":
        return
    for section in source[0].split("\n## ")[1:]:
        links = re.findall(r"\[([^]]+)\]\(([\w/-]+)\.md\)", section)
        pages = [f"{' '.join(said.replace('`', '').split())} <{page}>" for said, page in links]
        lines = ["```{toctree}", ":hidden:", f":caption: {section.splitlines()[0]}", "", *pages, "```"]
        source[0] += "\n" + "\n".join(lines) + "\n"


def setup(app: Sphinx) -> None:
    app.connect("source-read", list_pages)
