"""The questions of a formal concern in their order: which of them apply, and which comes next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from undrift.desks.concern.earlier import earlier_than
from undrift.desks.concern.fields import Question
from undrift.desks.concern.on_its_way import Raising
from undrift.desks.raising import questions


def always(raising: Raising) -> bool:
    return True


@dataclass(frozen=True)
class Step:
    """One question page. `id` is its place in the address."""

    id: str
    form: type[Question]
    heading: Callable[[Raising], str]
    applies: Callable[[Raising], bool] = always
    template: str = "question.html"
    intro: tuple[str, ...] = ()

    def bound(self, raising: Raising) -> Question:
        """The form with what was typed into it, ready to be judged."""
        return self.form(raising.answers.typed, raising=raising)

    def answered(self, raising: Raising) -> bool:
        return raising.answers.answered(self.id) and self.bound(raising).is_valid()


def said(text: str) -> Callable[[Raising], str]:
    return lambda raising: text


def _impact_heading(raising: Raising) -> str:
    # The name stands at the box: a browser keeps the titles of the pages it has shown.
    return "How does this affect the child?" if len(raising.chosen) == 1 else "How does this affect each child?"


def _ask_heading(raising: Raising) -> str:
    stage = raising.stage
    if stage is not None and "ask" in stage.sets_out:
        return "What do you recommend?"
    return "What do you want to happen?"


def _spoken_heading(raising: Raising) -> str:
    return f"Have you spoken to the {raising.protocol.title_of(raising.talk_with)}?"


def _has_stage(raising: Raising) -> bool:
    return raising.stage is not None


def _asks_to_speak(raising: Raising) -> bool:
    return raising.stage is not None and bool(raising.talk_with)


WRITTEN_FOR = (
    "Write what you saw and what it means for the child. Leave out other family members’ health or criminal details "
    "unless they are needed.",
)

# Asked last, when it is known about whom, why and where; an informal record asks it after its one page. An immediate
# risk is not kept waiting by it: the answers to check show what was raised before.
EARLIER = Step("earlier", questions.Earlier, said("Raised before"), lambda r: not r.risk and bool(earlier_than(r)),
               "raising/earlier.html")  # fmt: skip

STEPS: tuple[Step, ...] = (
    Step("children", questions.WhichChildren, said("Which children is this about?"), template="raising/children.html"),
    Step("source", questions.Source, said("When did this come up?")),
    Step("concern", questions.Concern, said("What is the concern?"), template="raising/concern.html"),
    Step("impact", questions.Impact, _impact_heading, lambda r: bool(r.chosen), "raising/impact.html", WRITTEN_FOR),
    Step("risk", questions.AtRisk, said("Is any child at immediate risk now?")),
    Step("tried", questions.Tried, said("What has already been tried?")),
    Step("stage", questions.WhichStage, said("Which stage should it start at?"), template="raising/stage.html"),
    Step("ask", questions.Ask, _ask_heading),
    Step("agency", questions.WhichAgency, said("Which agency is responsible?"), lambda r: r.asks_for_agency),
    Step("spoken", questions.Spoken, _spoken_heading, _asks_to_speak),
    Step("people", questions.People, said("Who will this go to?"), _has_stage, "raising/people.html"),
    EARLIER,
)  # fmt: skip

# Beside the order: only after an immediate risk, and only when somebody has acted.
MADE_SAFE = Step("made-safe", questions.MadeSafe, said("What has been done to keep the child safe?"))


def steps_of(raising: Raising) -> tuple[Step, ...]:
    return tuple(step for step in STEPS if step.applies(raising))


def step_called(raising: Raising, name: str) -> Step | None:
    return next((step for step in steps_of(raising) if step.id == name), None)


def unanswered(raising: Raising) -> Step | None:
    """The first question that still needs an answer."""
    return next((step for step in steps_of(raising) if not step.answered(raising)), None)


def address(raising: Raising, step: Step) -> str:
    return reverse("raise-question", args=[raising.answers.id, step.id])


def after(raising: Raising, name: str) -> str:
    """The address of what comes after a question: the next one, a pause, or the answers to check."""
    steps = steps_of(raising)
    places = [step.id for step in steps]
    following = steps[places.index(name) + 1 :] if name in places else ()
    if following:
        return address(raising, following[0])
    return reverse("raise-pause" if raising.grave else "raise-check", args=[raising.answers.id])


def before(raising: Raising, name: str) -> str:
    """The address of the back link."""
    steps = steps_of(raising)
    places = [step.id for step in steps]
    if name not in places or places.index(name) == 0:
        return reverse("raise-choice", kwargs={"family": raising.answers.family})
    return address(raising, steps[places.index(name) - 1])


def cleaned(raising: Raising) -> dict[str, Any]:
    """Everything the applying questions were told, with what is wrong left out."""
    found: dict[str, Any] = {}
    for step in _told(raising):
        form = step.bound(raising)
        form.is_valid()
        found |= form.cleaned_data
    return found


def _told(raising: Raising) -> tuple[Step, ...]:
    acted = raising.risk and raising.answers.answered(MADE_SAFE.id)
    return (*steps_of(raising), MADE_SAFE) if acted else steps_of(raising)
