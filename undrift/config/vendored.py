"""Copies the design systems' styles, scripts and pictures from node_modules into static files, made our own.

They are published for gov.uk services. A council's service may use the patterns but not the typeface, the
crown or the crest, so those are taken out here, and nothing of theirs is committed.
Standard library only: `house.py` runs this at set-up.
"""

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
DESTINATION = CHECKOUT / "undrift/desks/static/vendor"


@dataclass(frozen=True)
class DesignSystem:
    """One package: what our copy is called, and where its built files lie in node_modules."""

    name: str
    built: Path
    stem: str


DESIGN_SYSTEMS = (
    DesignSystem("govuk", Path("govuk-frontend/dist/govuk"), "govuk-frontend.min"),
    DesignSystem("moj", Path("@ministryofjustice/frontend/moj"), "moj-frontend.min"),
)

RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
FONT_FACE = re.compile(r"@font-face\s*\{[^{}]*\}")
TYPEFACE = re.compile(r"""["']?GDS Transport["']?\s*,\s*""")
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*")
PICTURE = re.compile(r"""url\(["']?/assets/images/([^)"']+)["']?\)""")
EMBLEM = re.compile(r"crown|crest", re.IGNORECASE)


def styles(text: str) -> str:
    """The style sheet without typeface, emblems and source map, its pictures found beside it."""
    text = SOURCE_MAP.sub("", FONT_FACE.sub("", text))
    text = RULE.sub(_without_emblems, TYPEFACE.sub("", text))
    return PICTURE.sub(r"url(images/\1)", text).strip() + "\n"


def script(text: str) -> str:
    return SOURCE_MAP.sub("", text).strip() + "\n"


def pictures(text: str) -> set[str]:
    """The names of the pictures that a finished style sheet shows."""
    return set(re.findall(r"url\(images/([^)]+)\)", text))


def _without_emblems(rule: re.Match[str]) -> str:
    selectors, body = rule.groups()
    if EMBLEM.search(body):
        return ""
    if not EMBLEM.search(selectors):
        return rule.group()
    kept = [selector for selector in selectors.split(",") if not EMBLEM.search(selector)]
    return f"{','.join(kept)}{{{body}}}" if kept else ""


def copy(packages: Path, destination: Path) -> None:
    """Make the destination folder anew from the installed packages."""
    shutil.rmtree(destination, ignore_errors=True)
    (destination / "images").mkdir(parents=True)
    for system in DESIGN_SYSTEMS:
        source = packages / system.built
        sheet = styles((source / f"{system.stem}.css").read_text())
        (destination / f"{system.name}.css").write_text(sheet)
        (destination / f"{system.name}.js").write_text(script((source / f"{system.stem}.js").read_text()))
        for picture in sorted(pictures(sheet)):
            shutil.copyfile(source / "assets/images" / picture, destination / "images" / picture)
        for licence in sorted((packages / system.built.parts[0]).glob("LICENSE*")):
            shutil.copyfile(licence, destination / f"{system.name}-{licence.name}")


if __name__ == "__main__":
    copy(CHECKOUT / "node_modules", DESTINATION)
    sys.stdout.write(f"Styles, scripts and pictures are in {DESTINATION.relative_to(CHECKOUT)}.\n")
