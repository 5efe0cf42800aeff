"""The manager's answer and its approval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from undrift.desks.concern.opened import may, picture_of
from undrift.desks.frame.doers import OUTSIDE
from undrift.desks.frame.forms import Rows, as_typed
from undrift.desks.frame.keeping import is_empty, said_in
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.resolution.doing import attempt
from undrift.desks.resolution.forms import ApproveForm, RespondForm, rows_of
from undrift.desks.resolution.views import ask
from undrift.engine.ladder import acts
from undrift.record.drafts import drafts_of, keep
from undrift.resolutions.picture import Picture

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from undrift.record.models import Draft


def respond(request: SignedRequest, reference: str) -> HttpResponse:
    picture = picture_of(request, reference)
    may(picture, "respond")
    first = _kept(picture) or _sent_back(picture)
    data = request.POST if request.method == "POST" else None
    form = _form(picture, data, first)
    rows = rows_of(data, first.get("actions", []), picture.doers)
    if data is not None:
        if data.get("save") == "later":
            return _keep(request, picture, form, rows)
        if form.is_valid() & rows.is_valid():
            done = attempt(request, picture, _respond(picture, form, rows), form, rows=rows, done=_sent(picture))
            if done is not None:
                _forget(picture)
                return done
    return _show(request, picture, form, rows, _anothers(picture))


def _form(picture: Picture, data: Any, first: dict[str, Any]) -> RespondForm:
    obstacles = [(o.id, o.title) for o in picture.rules.protocol.obstacles]
    return RespondForm(data, initial=first, obstacles=obstacles, consider=picture.stage.consider)


def _respond(picture: Picture, form: RespondForm, rows: Rows) -> acts.Respond:
    c = form.cleaned_data
    actions = tuple(picture.asked_of(a["what"], a["who"], a["by"]) for a in rows.answers)
    return acts.Respond(c["agree"], c["text"], actions, tuple(c.get("obstacles", ())), form.considered())


def _show(request: SignedRequest, picture: Picture, form: RespondForm, rows: Rows, anothers: str) -> HttpResponse:
    asked = picture.stage.answer
    approver = asked.approved_by if asked else None
    button = (
        f"Send to {picture.holder(approver)} for approval"
        if approver
        else f"Send to {picture.holder(picture.stage.judged_by[0])}"
    )
    return ask(
        request,
        picture,
        form,
        heading="Respond",
        button=button,
        rows=rows,
        row_name="action",
        save_later=True,
        anothers=anothers,
        template="resolution/respond.html",
    )


def _sent(picture: Picture) -> str:
    asked = picture.stage.answer
    if asked and asked.approved_by:
        return f"Sent to {picture.holder(asked.approved_by)} for approval. {picture.approval}".rstrip()
    return f"Sent to {picture.holder(picture.stage.judged_by[0])}."


def _sent_back(picture: Picture) -> dict[str, Any]:
    """The answer as it was sent, when it came back with a comment."""
    answer = picture.state.here.answer
    if answer is None or not answer.sent_back:
        return {}
    return {
        "agree": answer.agree,
        "text": answer.text,
        "obstacles": list(answer.obstacles),
        "actions": [{"what": what, "who": who, "by": by} for what, who, by in picture.promised],
    }


def _anothers(picture: Picture) -> str:
    """Whose words the form begins with, where an answer came back and is another's to send; "" else."""
    answer = picture.state.here.answer
    begins = answer is not None and answer.sent_back and not _saved(picture).exists()
    return answer.by.name if answer is not None and begins and answer.by.person != picture.by.person else ""


KIND = "respond"


def _saved(picture: Picture) -> QuerySet[Draft]:
    """What the viewer saved to finish later, but not what is older than an answer of whoever took their part."""
    mine, answer = drafts_of(picture.viewer, picture.resolution).filter(kind=KIND), picture.state.here.answer
    return mine if answer is None else mine.filter(saved_at__gt=answer.at)


def _kept(picture: Picture) -> dict[str, Any]:
    draft = _saved(picture).first()
    return dict(draft.content) if draft else {}


def _forget(picture: Picture) -> None:
    _saved(picture).delete()


def _keep(request: SignedRequest, picture: Picture, form: RespondForm, rows: Rows) -> HttpResponse:
    if (said := said_in(request.POST)) is None or is_empty(said):
        _forget(picture)  # an empty draft is none
        return redirect("resolution", picture.resolution.reference)
    draft = _saved(picture).first()
    if draft is None and not form.has_changed() and _rows_said(rows) == _rows_back(picture):
        return redirect("resolution", picture.resolution.reference)  # as it came back to them, and on the record
    labels = {field.name: str(field.label) for field in form}
    content = {**as_typed(form), "actions": [as_typed(row) for row in rows.forms], "labels": labels}
    keep(
        picture.viewer,
        KIND,
        content,
        authority=picture.resolution.authority,
        case=picture.resolution,
        draft=draft,
    )
    messages.success(request, "Saved. It is not sent yet.")
    return redirect("resolution", picture.resolution.reference)


def _rows_said(rows: Rows) -> list[list[str]]:
    return [said for row in rows.forms if any(said := _said(as_typed(row)))]


def _rows_back(picture: Picture) -> list[list[str]]:
    """The actions of the answer that came back, as they are drawn."""
    return [_said(row) for row in _sent_back(picture).get("actions", ())]


def _said(row: Mapping[str, Any]) -> list[str]:
    who = row["outside"] if row["who"] == OUTSIDE else row["who"]
    day = row["by"]
    parts = (str(day.day), str(day.month), str(day.year)) if isinstance(day, date) else day
    return [str(row["what"] or ""), str(who or ""), *(p for p in (parts if isinstance(parts, tuple) else ()) if p)]


def approve(request: SignedRequest, reference: str) -> HttpResponse:
    picture = picture_of(request, reference)
    may(picture, "approve")
    chair = picture.holder(picture.stage.judged_by[0])
    responder = picture.holder(picture.stage.answer.who) if picture.stage.answer else ""
    form = ApproveForm(request.POST if request.method == "POST" else None, chair=chair, responder=responder)
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        if c["verdict"] == "approve":
            act: acts.Act = acts.Approve(c["remark"])
            done = attempt(request, picture, act, form, done=f"Approved and sent to {chair}.")
        else:
            done = attempt(request, picture, acts.SendBack(c["comment"]), form, done=f"Sent back to {responder}.")
        if done is not None:
            return done
    return ask(
        request, picture, form, heading="Read and approve", button="Save decision", template="resolution/approve.html"
    )
