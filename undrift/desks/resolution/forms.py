"""What the pages of a resolution ask. A form asks; the engine decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.forms import formset_factory

from undrift.desks.frame.doers import Doer
from undrift.desks.frame.fields import writing
from undrift.desks.frame.forms import DateField, Option, Rows
from undrift.engine.dates.horizons import WITHIN
from undrift.protocol.model import Consider

AGREE = (
    ("agree", "Agree"),
    ("agree in part", "Agree in part"),
    ("do not agree", "Do not agree"),
)
YES_NO = (("yes", "Yes"), ("no", "No"))


class ActionForm(Doer):
    what = forms.CharField(
        label="What will be done?", max_length=500, error_messages={"required": "Enter what will be done"}
    )
    by = DateField(
        label="By when?", help_text=WITHIN, error_messages={"required": "Enter a date by which this will be done"}
    )


_ActionRows = formset_factory(ActionForm, formset=Rows, extra=1)


def rows_of(data: Any, initial: Sequence[Mapping[str, Any]], people: Mapping[str, str]) -> Rows:
    """The actions of a response: as posted, as kept, or one row to begin with. `people` can be asked, by name."""
    # A posted row that is as it was shown would count as left blank, and be lost.
    first = None if data is not None else initial
    rows = _ActionRows(data, prefix="actions", initial=first, form_kwargs={"people": people})
    assert isinstance(rows, Rows)
    if initial:
        rows.extra = 0  # a blank one below those that were sent would look like something missing
    return rows


class RespondForm(forms.Form):
    agree = forms.ChoiceField(
        label="Do you agree there is a concern?",
        choices=AGREE,
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether you agree there is a concern"},
    )
    text = forms.CharField(
        label="What will you do, and why?",
        help_text="Write what you know and what it means for the child, who may read this when older",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Enter what you will do and why"},
    )

    def __init__(
        self, *args: Any, obstacles: Iterable[tuple[str, str]], consider: Iterable[Consider], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = tuple(consider)
        self.below_rows = ("obstacles", *(f"consider-{question.id}" for question in self.questions))
        if choices := tuple(obstacles):
            self.fields["obstacles"] = forms.MultipleChoiceField(
                label="Is anything stopping this?",
                help_text="Optional. It helps to see what gets in the way across the service",
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        for question in self.questions:
            self.fields[f"consider-{question.id}"] = forms.ChoiceField(
                label=question.question,
                choices=YES_NO,
                widget=forms.RadioSelect,
                error_messages={"required": f"Select an answer: {question.question}"},
            )

    def considered(self) -> Mapping[str, bool]:
        return {q.id: self.cleaned_data[f"consider-{q.id}"] == "yes" for q in self.questions}


class ApproveForm(forms.Form):
    verdict = forms.ChoiceField(
        label="Do you approve this response?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select approve or send back"},
    )
    remark = forms.CharField(
        label="Do you want to add a comment?",
        help_text="Optional. The chair reads it with the response",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    comment = forms.CharField(
        label="What needs to change?", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    reveals = {"verdict": {"approve": ["remark"], "send back": ["comment"]}}

    def __init__(self, *args: Any, chair: str, responder: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verdict = self.fields["verdict"]
        assert isinstance(verdict, forms.ChoiceField)
        verdict.choices = [
            ("approve", Option("Approve", f"It goes to {chair}, who decides")),
            ("send back", Option("Send back", f"It goes to {responder} with your comment")),
        ]


NOBODY_ASKED = "Once it is closed nobody is asked for an action. Leave this empty, or select another way on"


class JudgeForm(forms.Form):
    """Is it resolved, for each child; and what next."""

    def __init__(
        self,
        *args: Any,
        names: Mapping[str, str],
        asks: str,
        onward: Iterable[tuple[str, str]],
        promised: Iterable[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.names, onward = names, tuple(onward)
        for child, name in names.items():
            self.fields[f"child-{child}"] = forms.ChoiceField(
                label=asks.format(name=name),
                choices=YES_NO,
                widget=forms.RadioSelect,
                error_messages={"required": f"Select yes or no for {name}"},
            )
        self.fields["why"] = forms.CharField(
            label="If not, why?",
            help_text="The manager reads this. Say what is still missing for the child",
            max_length=3000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 4}),
        )
        if choices := tuple(promised):
            self.fields["keep"] = forms.MultipleChoiceField(
                label="If not, which of the promised actions are to be done all the same?",
                help_text="Optional. Whoever does them may have begun already"
                + (". Leave it empty if you close it now" if "close" in dict(onward) else ""),
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields["next"] = forms.ChoiceField(
            label="If not, what next?", choices=onward, required=False, widget=forms.RadioSelect
        )

    def verdicts(self) -> Mapping[str, bool]:
        return {child: self.cleaned_data[f"child-{child}"] == "yes" for child in self.names}

    def clean(self) -> None:
        if all(f"child-{c}" in self.cleaned_data for c in self.names) and not all(self.verdicts().values()):
            if not self.cleaned_data.get("why", "").strip():
                self.add_error("why", "Enter why this does not resolve it")
            if not self.cleaned_data.get("next"):
                self.add_error("next", "Select what happens next")
            if self.cleaned_data.get("next") == "close" and self.cleaned_data.get("keep"):
                self.add_error("keep", NOBODY_ASKED)


NOBODY, ELSE = "nobody", "somebody-else"
SPOKE_WITH_NOBODY = ("", None, NOBODY)


class UnansweredForm(forms.Form):
    """A date has passed without an answer: what next? A talk is put on record as what it was, or not at all.

    `people` are those with a part here, by role.
    """

    reveals = {"spoke_with": {ELSE: ["spoke_name"]}}

    def __init__(
        self, *args: Any, onward: Iterable[tuple[str, str]], people: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["spoke_with"] = forms.ChoiceField(
            label="Have you spoken to anyone about it?",
            choices=[(NOBODY, "No"), *people, (ELSE, "Somebody else")],
            widget=forms.RadioSelect,
            required=False,
            help_text="Optional",
        )
        self.fields["spoke_name"] = forms.CharField(label="Who?", max_length=200, required=False)
        self.fields["spoke_on"] = DateField(label="When did you speak?", required=False)
        self.fields["spoke"] = forms.CharField(
            label="What was said?",
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.fields["next"] = forms.ChoiceField(
            label="What happens next?",
            choices=tuple(onward),
            widget=forms.RadioSelect,
            error_messages={"required": "Select what happens next"},
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        with_whom = cleaned.get("spoke_with")
        if with_whom not in SPOKE_WITH_NOBODY:
            if not cleaned.get("spoke_on") and "spoke_on" not in self.errors:
                self.add_error("spoke_on", "Enter the day you spoke")
            if not (cleaned.get("spoke") or "").strip():
                self.add_error("spoke", "Enter what was said")
            if with_whom == ELSE and not (cleaned.get("spoke_name") or "").strip():
                self.add_error("spoke_name", "Enter who you spoke to")
        elif (cleaned.get("spoke") or "").strip() or cleaned.get("spoke_on"):
            self.add_error("spoke_with", "Select who you spoke to")
        return cleaned

    @property
    def has_spoken(self) -> bool:
        return self.cleaned_data.get("spoke_with") not in SPOKE_WITH_NOBODY


NEW_DATE, NEW_DATE_AGREED = "Enter the new date for the answer", "Enter the new date for what was agreed"


class MoreTimeForm(forms.Form):
    """`bounds` says between which days the new date lies."""

    def __init__(self, *args: Any, bounds: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].help_text = bounds

    until = DateField(label="New date", error_messages={"required": "Enter the new date"})
    why = forms.CharField(
        label="Why is more time right for the child?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter why more time is right for the child"},
    )


STAYS = "stays"


class HandOverForm(forms.Form):
    """`late`: the date for the answer has passed, so a new one is asked for. `stays`: the words for nobody else.

    `part` is the role that it is about; `answers` is false where nobody answers, as it was agreed in a talk.
    """

    part = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        people: Iterable[tuple[str, str]],
        late: bool,
        stays: str = "",
        answers: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = forms.ChoiceField(
            label="Who takes this on?",
            choices=(*people, *(((STAYS, stays),) if stays else ())),
            widget=forms.RadioSelect,
            error_messages={"required": "Select who takes this on"},
        )
        self.fields["why"] = forms.CharField(
            label="Why?", max_length=500, error_messages={"required": "Enter why somebody else takes this on"}
        )
        self.missing = NEW_DATE if answers else NEW_DATE_AGREED
        if late:
            self.fields["until"] = DateField(
                label="New date for the answer" if answers else "New date for what was agreed",
                help_text="The first date has passed. It stays on the record, and reports count by it",
                error_messages={"required": self.missing},
                required=not stays,
            )

    def clean(self) -> None:
        asked = "until" in self.fields and self.cleaned_data.get("person") != STAYS
        if asked and not self.cleaned_data.get("until") and "until" not in self.errors:
            self.add_error("until", self.missing)


class UpdateActionForm(forms.Form):
    """`ends`: whoever updates it directed it, and so may end it as well."""

    def __init__(self, *args: Any, ends: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if ends:
            status = cast(forms.ChoiceField, self.fields["status"])
            status.choices = [*self.STATUSES, ("drop", Option("End it", "You directed it. It is no longer needed"))]
            self.fields["no_need"] = writing("Why is it no longer needed?", rows=3)

    STATUSES = (
        ("done", "Done"),
        ("started", "In progress"),
        ("date", Option("Ask for a new date", "The old date stays on the record")),
    )
    status = forms.ChoiceField(
        label="Is it done?",
        choices=STATUSES,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how far it is"},
    )
    on = DateField(label="When was it done?", required=False)
    helped = forms.CharField(
        label="How do you know it has helped?",
        help_text="What is different for the child",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    by = DateField(label="New date", help_text=WITHIN, required=False)
    why = forms.CharField(label="Why does the date change?", max_length=1000, required=False)
    reveals = {"status": {"done": ["on", "helped"], "date": ["by", "why"], "drop": ["no_need"]}}

    def clean(self) -> None:
        status = self.cleaned_data.get("status")
        if status == "done" and not self.cleaned_data.get("on") and "on" not in self.errors:
            self.add_error("on", "Enter the day it was done")
        if status == "date" and not self.cleaned_data.get("by") and "by" not in self.errors:
            self.add_error("by", "Enter the new date")


class ConfirmActionForm(forms.Form):
    """`ends`: whoever confirms it may end it as well, as nobody but who directed it may what was directed."""

    def __init__(self, *args: Any, ends: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ends:
            cast(forms.ChoiceField, self.fields["verdict"]).choices = self.VERDICTS
            del self.fields["no_need"]
            self.reveals = {"verdict": {"not yet": ["why"]}}

    VERDICTS = (("complete", "Confirm complete"), ("not yet", "Not yet"))
    verdict = forms.ChoiceField(
        label="Is this complete?",
        choices=(*VERDICTS, ("drop", "No longer needed")),
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether it is complete"},
    )
    why = forms.CharField(
        label="What is still needed?", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    no_need = forms.CharField(
        label="Why is it no longer needed?", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    reveals = {"verdict": {"not yet": ["why"], "drop": ["no_need"]}}


class ResolveForm(forms.Form):
    """`talk` is with whom the policy asks for a talk that is not on the record; "" where none is owed."""

    def __init__(self, *args: Any, names: Mapping[str, str], talk: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = names
        for child, name in names.items():
            self.fields[f"child-{child}"] = forms.CharField(
                label=f"What changed for {name}?",
                help_text=f"Only about {name}, who may read this when older",
                max_length=3000,
                widget=forms.Textarea(attrs={"rows": 4}),
                error_messages={"required": f"Enter what changed for {name}"},
            )
        self.fields["too_long"] = forms.CharField(
            label="Did it take too long?",
            help_text="Optional. What would have helped",
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

        if talk:
            self.fields["not_spoken"] = forms.CharField(
                label=f"Why was the talk with the {talk} not held?",
                help_text="The policy asks for it. If it was held, go back and record the conversation first",
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
                error_messages={"required": f"Enter why the talk with the {talk} was not held"},
            )

    def changes(self) -> Mapping[str, str]:
        return {child: self.cleaned_data[f"child-{child}"] for child in self.names}


class EndForm(forms.Form):
    """Any ending that is not a resolution."""

    def __init__(self, *args: Any, endings: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ending"] = forms.ChoiceField(
            label="How does it end?",
            choices=tuple(endings),
            widget=forms.RadioSelect,
            error_messages={"required": "Select how it ends"},
        )
        self.fields["why"] = forms.CharField(
            label="What happens for the child now?",
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 4}),
            error_messages={"required": "Enter what happens for the child now"},
        )


class WhyForm(forms.Form):
    """One text with its own words for what is asked."""

    def __init__(self, *args: Any, label: str, missing: str, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"] = forms.CharField(
            label=label,
            help_text=hint,
            max_length=5000,
            widget=forms.Textarea(attrs={"rows": 4}),
            error_messages={"required": missing},
        )
