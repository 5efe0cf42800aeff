"""What the pages before and between conferences ask: discussions, report, core group, key action, check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.forms import formset_factory

from undrift.desks.cycle.forms import FATHER, Lines, a_day, which_children
from undrift.desks.frame.doers import name_the_doer, who_of
from undrift.desks.frame.fields import YES_NO, line, one_of, writing
from undrift.desks.frame.forms import IN_A_ROW, Rows
from undrift.engine.dates.horizons import WITHIN
from undrift.engine.plan_cycle.state import NEXT_STEPS, OUTCOMES, STANDS, VIEWS
from undrift.protocol.model import Checklist

YES_OR_NO = YES_NO[::-1]
HELD_OR_NOT = (("yes", "It was held"), ("no", "It was not held"))
ANSWERED = (("yes", "Yes"), ("no", "No"), ("not needed", "Not needed here"))
ASKED = "asked-"


class Asking(forms.Form):
    """With the questions of the policy's checklists, each of which may be left unanswered."""

    def ask(self, checklists: Iterable[Checklist]) -> None:
        for item in (item for checklist in checklists for item in checklist.items):
            question = one_of(item.question, ANSWERED)
            question.widget.attrs[IN_A_ROW] = "yes"
            self.fields[f"{ASKED}{item.id}"] = question

    def answers(self) -> Mapping[str, str]:
        said = ((name.removeprefix(ASKED), value) for name, value in self.cleaned_data.items() if name[:6] == ASKED)
        return {item: value for item, value in said if value}


class StrategyForm(forms.Form):
    on = a_day("On which day was the strategy discussion?", needed="Enter the day of the strategy discussion")

    def __init__(self, *args: Any, names: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {**which_children(names), **self.fields}


class DiscussionForm(Asking):
    on = a_day("On which day did you speak?", needed="Enter the day on which you spoke")
    how = line("How, and with whom?", hint="For example by phone, with the social worker and the team manager")

    def __init__(self, *args: Any, checklists: Iterable[Checklist], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask(checklists)
        self.fields["notes"] = writing("What was agreed, and who does it before the conference?", rows=6)
        self.fields["outcome"] = one_of(
            "What came of it?", OUTCOMES.items(), needed="Select what came of the discussion",
            help_text="If there is a concern, you are offered to raise it with what was answered with no",
        )  # fmt: skip


class ReportForm(forms.Form):
    on = a_day("On which day was the report shared with the family?", needed="Enter the day on which it was shared")

    def __init__(self, *args: Any, whose: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [*whose, ("other", "Somebody else’s")]
        self.fields = {
            "whose": one_of("Whose report is it?", choices, needed="Select whose report it is"),
            "other": line("Whose?"),
            **self.fields,
        }
        self.reveals = {"whose": {"other": ["other"]}}

    def clean(self) -> dict[str, Any]:
        c = self.cleaned_data
        if c.get("whose") == "other" and not c.get("other"):
            self.add_error("other", "Enter whose report it is")
        return c


class CoreGroupForm(forms.Form):
    held = one_of("Was it held?", HELD_OR_NOT, needed="Select whether it was held")
    on = a_day("On which day was it held, or should it have been?", needed="Enter the day of the core group")
    came = Lines("Who came?")
    updated = one_of("Was the plan developed or updated?", YES_OR_NO)
    why = writing("Why was it not held?", rows=3)
    reveals = {"held": {"yes": ["came", "updated"], "no": ["why"]}}

    def __init__(self, *args: Any, names: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {**which_children(names), **self.fields}

    def clean(self) -> dict[str, Any]:
        c = self.cleaned_data
        if c.get("held") == "yes" and not c.get("updated"):
            self.add_error("updated", "Select whether the plan was developed or updated")
        return c


class NotAcceptedForm(forms.Form):
    agency = line("Which agency does not accept it?", needed="Enter which agency does not accept it")
    recommendation = writing("What was recommended?", needed="Enter what was recommended", rows=3)
    why = writing("Why is it not accepted?", needed="Enter why it is not accepted")

    def __init__(self, *args: Any, names: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {**which_children(names), **self.fields}


class KeyActionForm(forms.Form):
    """`people` are those who can be asked: by number, their name and the parts they play here.

    `who` is the name from here on, and `person` the number, "" of somebody outside, whatever they are called.
    """

    wording = writing(
        "What is to be done, as the conference worded it?", needed="Enter the action as the conference worded it",
        rows=3,
    )  # fmt: skip

    def __init__(
        self, *args: Any, names: Mapping[str, str], people: Mapping[str, tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        # What is sent is the name, which somebody may read later as what they had typed; of two of one name, with the
        # number: the name alone, in a draft of the time when one had it, is neither.
        called = Counter(name for name, _ in people.values())
        self.people = {
            name if called[name] == 1 else f"{name} ({number})": (number, name) for number, (name, _) in people.items()
        }
        asks = who_of({key: f"{name}, {people[number][1]}" for key, (number, name) in self.people.items()})
        asks["who"].label = "Who tells the chair how it stands?"
        by = a_day("By when?", needed="Enter by when the chair wants to hear", hint=WITHIN)
        self.fields = {**which_children(names), **self.fields, **asks, "by": by}

    def clean(self) -> dict[str, Any]:
        chosen = self.people.get(self.cleaned_data.get("who", ""))
        name_the_doer(self)
        self.cleaned_data["person"] = ""
        if chosen is not None:
            self.cleaned_data["person"], self.cleaned_data["who"] = chosen
        return self.cleaned_data


class FeedbackForm(forms.Form):
    done = one_of("Is it done?", YES_OR_NO, needed="Select whether it is done")
    text = writing("How does it stand, and what is different for the child?", needed="Enter how it stands")
    on = a_day("As at which day?", needed="Enter the day for which this holds")


class StandsForm(forms.Form):
    what = line("Which action of the plan?")
    stands = one_of("How does it stand?", [(each, each.capitalize()) for each in STANDS])

    def clean(self) -> dict[str, Any]:
        c = self.cleaned_data
        if c.get("what") and not c.get("stands"):
            self.add_error("stands", "Say how it stands")
        return c


_StandsRows = formset_factory(StandsForm, formset=Rows, extra=0, min_num=1)


def stands_rows(data: Any, known: Sequence[str]) -> Rows:
    """The actions that the record knows, each to be said of; one may add others of the plan."""
    first = [{"what": wording[:200]} for wording in known] if data is None else None
    rows = _StandsRows(data, prefix="actions", initial=first)
    assert isinstance(rows, Rows)
    return rows


class CheckForm(Asking):
    """What is different for the child comes first; `closing` are asked after the actions of the plan."""

    on = a_day("On which day did you look?", needed="Enter the day of the check")
    closing = ("father", "notes", "view", "next_step")

    def __init__(self, *args: Any, checklists: Iterable[Checklist], name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        experience = writing(
            f"What is different for {name} now?", needed="Enter what is different for the child", rows=6,
            hint="As the child lives it: what the child said or showed, and what has not changed",
        )  # fmt: skip
        self.fields = {"experience": experience, **self.fields}
        self.ask(checklists)
        last: dict[str, forms.Field] = {
            "father": one_of(f"Is {name}’s father being involved?", FATHER),
            "notes": writing("What else did you find?"),
            "view": one_of("What is your view of the plan?", VIEWS.items(), needed="Select your view of the plan"),
            "next_step": one_of(
                "What happens next?", NEXT_STEPS.items(),
                needed="Select the next step, even if it is nothing more now",
                help_text="It is shown later what this led to",
            ),
        }  # fmt: skip
        self.fields |= last
