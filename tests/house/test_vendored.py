"""What the design systems bring that a council's service may not show, or that would break its pages, is gone."""

import re
from pathlib import Path

import pytest

from undrift.config.vendored import DESTINATION, styles

FILES = sorted(path for path in DESTINATION.rglob("*") if path.is_file())
TEXTS = [path for path in FILES if path.suffix in {".css", ".js"}]


def test_both_design_systems_are_there() -> None:
    assert {"govuk.css", "govuk.js", "moj.css", "moj.js"} <= {path.name for path in FILES}, "run `make setup`"


@pytest.mark.parametrize("word", ["GDS Transport", "@font-face", "sourceMappingURL", "/assets/"])
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_no_file_holds(path: Path, word: str) -> None:
    assert word not in path.read_text()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_crown_crest_or_font_is_there(path: Path) -> None:
    assert path.suffix not in {".woff", ".woff2", ".ttf"}
    assert not re.search("crown|crest|logotype", path.name)
    if path.suffix == ".css":
        assert not re.search("crown|crest", path.read_text(), re.IGNORECASE)


@pytest.mark.parametrize("path", [path for path in TEXTS if path.suffix == ".css"], ids=lambda path: path.name)
def test_every_picture_a_style_sheet_shows_is_there(path: Path) -> None:
    for picture in re.findall(r"url\(([^)]+)\)", path.read_text()):
        assert picture.startswith("data:") or (path.parent / picture).is_file(), picture


@pytest.mark.parametrize("path", [path for path in TEXTS if path.suffix == ".css"], ids=lambda path: path.name)
def test_style_sheets_are_still_whole(path: Path) -> None:
    text = path.read_text()
    assert text.count("{") == text.count("}")
    assert len(text) > 50_000


def test_a_rule_that_shares_its_selectors_with_an_emblem_is_kept_for_the_others() -> None:
    assert styles(".a,.b__crown{color:red}.c__crest{margin:0}") == ".a{color:red}\n"
