"""A page as it is read: any run of white space is one space, and none stands at the edge of a block or of a tag."""

from __future__ import annotations

import re

KEPT = re.compile(r"(<(pre|textarea|script|style)\b.*?</\2>)", re.DOTALL)
LOOSE_END = re.compile(r"(<[^<>]*) >")
BLOCK = (
    "html|head|body|title|meta|link|div|section|p|ul|ol|li|dl|dt|dd|h[1-6]|table|caption|thead|tbody|tr|th|td|form|"
    "fieldset|legend|nav|main|header|footer|details|summary|article|aside|option|select|dialog"
)
SPACES = re.compile(r"\s+")
AT_BLOCK = re.compile(rf"\s*(</?(?:{BLOCK})\b[^<>]*>)\s*")


def as_read(page: str) -> str:
    return "".join(part if KEPT.fullmatch(part) else _squeezed(part) for part in _parts(page))


def _parts(page: str) -> list[str]:
    """What stands between the elements whose white space is kept, and those elements."""
    found, at = [], 0
    for kept in KEPT.finditer(page):
        found += [page[at : kept.start()], kept.group()]
        at = kept.end()
    return [*found, page[at:]]


def _squeezed(part: str) -> str:
    return AT_BLOCK.sub(r"\1", LOOSE_END.sub(r"\1>", SPACES.sub(" ", part)))
