"""What somebody typed and did not send: read again, cleared; and kept by the page's script while they type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from undrift.desks.frame import sending
from undrift.desks.frame.addresses import RULES, Of
from undrift.desks.frame.forms import PARTS
from undrift.desks.frame.keeping import BUTTONS, is_empty, is_kept, page_at, place_at, said_in, where_of
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.frame.typed import as_number
from undrift.library.numbers import TYPED_KEPT
from undrift.record import typed_texts
from undrift.record.typed_texts import ANOTHER_FORM, NOT_TAKEN, SENT_BEFORE

if TYPE_CHECKING:
    from undrift.record.models import TypedText


HEADINGS = {
    NOT_TAKEN: "Somebody decided first",
    SENT_BEFORE: "You had sent this concern already",
    ANOTHER_FORM: "This has changed since you opened it",
}


@dataclass(frozen=True)
class Written:
    """What stood in one box. `label` is empty where the page that was sent never came to say it."""

    label: str
    text: str


@require_safe
def kept_text(request: SignedRequest, number: int) -> HttpResponse:
    """404 for anybody but the one who typed it."""
    found = _own(request, number)
    return render(request, "home/kept_text.html", {
        "heading": HEADINGS.get(found.why) or "What you wrote",
        "kept": found,
        "written": list(written(found.content, found.wrong.get("labels", {}))),
        "form_at": found.address if _opens(found.address) and _is_offered(found) else "",
        "record": _record_of(found.address) or found.wrong.get("record", ""),
        "days": TYPED_KEPT.days,
        "clear_at": reverse("clear-kept-text", args=[found.pk]),
    })  # fmt: skip


@require_POST
def clear(request: SignedRequest, number: int) -> HttpResponse:
    """Forget it. Whoever had it on the page of its form finds that page empty."""
    found = typed_texts.unsent(request.user.pk).filter(pk=number).first()
    if found is None:
        return redirect("home")
    onward = found.address if request.POST.get("onward") == "form" and _opens(found.address) else "/"
    found.delete()
    messages.success(request, "What you had typed is cleared.")
    return redirect(onward)


@require_POST
def keep(request: SignedRequest) -> HttpResponse:
    """By the page's script: what stands in its form now. Of a form that was drawn for this person, and no other."""
    asked = request.POST.get("_path", "")
    path = urlsplit(asked).path if url_has_allowed_host_and_scheme(asked, None) else ""
    page, mine = page_at(path), sending.given(request.POST)
    if mine is None or mine.person != request.user.pk or not is_kept(page):
        return JsonResponse({"kept": False}, status=400)
    where, count = where_of(mine, path, page), as_number(request.POST.get(sending.COUNT, "")) or 0
    # Drawn with what was typed before, it says that again; drawn fresh, nothing of anybody's.
    as_drawn = sending.AS_DRAWN in request.POST and mine.since is None
    said = None if as_drawn else said_in(request.POST)
    row = typed_texts.keep(where, said, count=count) if said is not None else None
    if as_drawn or (said is None and is_empty(dict(request.POST.lists()))):
        typed_texts.clear(where, upto=count)  # taken out again by its writer
    return JsonResponse({"kept": row is not None})


def _own(request: SignedRequest, number: int) -> TypedText:
    found = typed_texts.unsent(request.user.pk).filter(pk=number).first()
    if found is None:
        raise Http404("No such text, or not one of yours.")
    return found


def written(content: Mapping[str, Sequence[str]], labels: Mapping[str, str]) -> Iterator[Written]:
    """Each box that said something, in the order of the page; the three of a date as one."""
    dates: set[str] = set()
    for name, values in content.items():
        stem, _, part = name.rpartition("_")
        if part in PARTS and all(f"{stem}_{each}" in content for each in PARTS):
            if stem not in dates:
                dates.add(stem)
                said = " ".join(filter(None, (content[f"{stem}_{each}"][0] for each in PARTS)))
                yield from [Written(labels.get(stem, ""), said)] if said else []
        elif name not in BUTTONS and not name.endswith("_FORMS") and (said := ", ".join(filter(None, values))):
            yield Written(labels.get(name, ""), said)


def _opens(address: str) -> bool:
    return url_has_allowed_host_and_scheme(address, None) and place_at(address) is not None


def _is_offered(found: TypedText) -> bool:
    """Whether it is what its form is drawn with: of several tabs, the one that was kept last."""
    last = typed_texts.last_typed(found.person_id, found.address)
    return last is not None and last.pk == found.pk


def _record_of(address: str) -> str:
    """The reference of the resolution that a form was about; "" of any other form."""
    place = place_at(address)
    rule = RULES.get((place.url_name or "") if place is not None else "")
    is_of_one = place is not None and rule is not None and rule.of is Of.RESOLUTION
    return str(place.kwargs.get("reference", "")) if place is not None and is_of_one else ""
