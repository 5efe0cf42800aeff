"""What the pages of the organisation ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from undrift.access.granting import HEIRS_ASKED, why_no_cover
from undrift.access.restricting import LONGEST_WHY
from undrift.desks.frame.fields import PersonChoice
from undrift.desks.frame.forms import DateField, Option
from undrift.engine.dates.horizons import no_first_day, no_last_day
from undrift.people.leaving import name_of
from undrift.people.models import Cover, Person, Post
from undrift.people.models.tenure import HoldingKind
from undrift.people.peers import Peer
from undrift.record.children_given import ByPlan

EVERYTHING = "everything"
NOBODY = "nobody"


def why(label: str, hint: str, *, required: bool = True) -> forms.CharField:
    """The reason that stays on the row."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST_WHY,
        error_messages={"required": "Say why", "max_length": f"The reason must be {LONGEST_WHY} characters or fewer"},
    )


class CoverForm(forms.Form):
    """Away, covered by somebody, from a day to a day."""

    starts = DateField(label="First day away", error_messages={"required": "Enter the first day away"})
    ends = DateField(label="Last day away", error_messages={"required": "Enter the last day away"})

    def __init__(
        self,
        *args: Any,
        away: Person,
        people: QuerySet[Person],
        posts: Sequence[Post],
        today: date,
        own: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.away, self.today = away, today
        wrong = "Choose who covers"
        self.fields["covering"] = PersonChoice(
            people, label="Who covers?", error_messages={"required": wrong, "invalid_choice": wrong}
        )
        if not own:
            self.fields["why"] = why("Why do you set this for them?", "For example, they rang in and are off sick")
        self.posts = {str(post.pk): post for post in posts}
        everything = "Everything I hold" if own else "Everything they hold"
        if len(self.posts) > 1:
            choices = [(EVERYTHING, everything), *((n, name_of(p)) for n, p in self.posts.items())]
            self.fields["post"] = forms.ChoiceField(
                label="What is covered?",
                choices=choices,
                initial=EVERYTHING,
                widget=forms.RadioSelect,
                error_messages={"required": "Select what is covered"},
            )

    def clean(self) -> dict[str, Any]:
        starts, ends = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        covering = self.cleaned_data.get("covering")
        if starts and starts < self.today:
            self.add_error("starts", "The first day away must be today or later. What has passed cannot be covered")
        elif ends and ends < self.today:
            self.add_error("ends", "The last day away must be today or later")
        elif starts and (wrong := why_no_cover(starts, ends or starts, self.today)):
            self.add_error(*wrong)
        elif starts and ends and ends < starts:
            self.add_error("ends", "The last day away must be on or after the first")
        if starts and ends and covering and _away(covering, starts, ends):
            self.add_error("covering", f"{covering.name} is away then. Choose somebody else")
        return self.cleaned_data

    @property
    def post(self) -> Post | None:
        return self.posts.get(self.cleaned_data.get("post", EVERYTHING))


def _away(person: Person, starts: date, ends: date) -> bool:
    during = Cover.objects.filter(Q(ends=None) | Q(ends__gte=starts), away=person, starts__lte=ends)
    leaves = person.leaves_on is not None and person.leaves_on < ends
    return leaves or during.exists()


class AppointForm(forms.Form):
    """Somebody takes up a post."""

    starts = DateField(label="From which day?", error_messages={"required": "Enter the first day"})

    def __init__(self, *args: Any, people: QuerySet[Person], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        wrong = "Choose who takes up the post"
        person = PersonChoice(people, label="Who?", error_messages={"required": wrong, "invalid_choice": wrong})
        kind = forms.ChoiceField(
            label="As what?",
            choices=[
                (HoldingKind.HOLDER, "Holder"),
                (HoldingKind.ACTING, Option("Acting", "Until somebody holds the post in their own right")),
                (HoldingKind.DEPUTY, Option("Deputy", "Stands in when the holder is away and nobody covers")),
            ],
            initial=HoldingKind.HOLDER,
            widget=forms.RadioSelect,
            error_messages={"required": "Select as what"},
        )
        reason = why("Why?", "For example, appointed after interview, or covering a post that is empty")
        self.fields = {"person": person, "as": kind, **self.fields, "why": reason}

    def clean_starts(self) -> date:
        starts: date = self.cleaned_data["starts"]
        if wrong := no_first_day(starts, self.today):
            raise forms.ValidationError(wrong)
        return starts


class LeaveForm(forms.Form):
    """The last day, and for every post who takes it over. `falls` says to whom each would fall without anybody."""

    on = DateField(label="What is their last day?", error_messages={"required": "Enter their last day"})
    closes = forms.ChoiceField(
        label="When does their account close?",
        choices=[
            ("after", "After that day"),
            ("now", Option("Now", "They are signed out at once, and what they owe goes to others")),
        ],
        initial="after",
        widget=forms.RadioSelect,
        error_messages={"required": "Select when their account closes"},
    )

    def __init__(
        self,
        *args: Any,
        people: Iterable[Person],
        falls: Mapping[Post, str],
        children: Mapping[ByPlan, int],
        heirs: Mapping[ByPlan, Sequence[Peer]],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.people = {str(person.pk): person for person in people}
        self.posts = tuple(falls)
        named = [(number, person.name) for number, person in self.people.items()]
        for post, falls_to in falls.items():
            wrong = f"Choose who takes over {name_of(post)}, or confirm to whom it falls"
            self.fields[f"post-{post.pk}"] = forms.ChoiceField(
                label=f"Who takes over {name_of(post)}?",
                choices=[("", "Choose a person"), (NOBODY, f"Nobody yet: {falls_to}"), *named],
                error_messages={"required": wrong, "invalid_choice": wrong},
            )
        self.heirs = {part: {str(one.person.pk): one.person for one in peers} for part, peers in heirs.items()}
        for part, number in children.items():
            if number:
                self.fields[HEIRS_ASKED[part]] = _heirs_field(part, number, heirs[part])

        self.fields["why"] = why(
            "Why does whoever follows follow?", "Only where you have chosen somebody above", required=False
        )

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if wrong := no_last_day(on, self.today):
            raise forms.ValidationError(wrong)
        return on

    def clean(self) -> dict[str, Any]:
        chosen = [value for name, value in self.cleaned_data.items() if name.startswith("post-")]
        for name in HEIRS_ASKED.values():
            heirs = self.cleaned_data.get(name, [])
            if NOBODY in heirs and len(heirs) > 1:
                self.add_error(name, "Select people, or nobody yet")
            chosen += heirs
        if any(value and value != NOBODY for value in chosen) and not self.cleaned_data.get("why"):
            self.add_error("why", "Say why whoever follows follows. Whoever confirms it reads this")
        return self.cleaned_data

    def successors(self) -> dict[Post, Person | None]:
        return {post: self.people.get(self.cleaned_data[f"post-{post.pk}"]) for post in self.posts}

    def new_heirs(self) -> dict[ByPlan, list[Person]]:
        return {
            part: [people[number] for number in self.cleaned_data.get(HEIRS_ASKED[part], ()) if number in people]
            for part, people in self.heirs.items()
        }


_WHAT_THEY_DO: Mapping[ByPlan, str] = {"chair": "chair for", "social_worker": "work with"}


def _heirs_field(part: ByPlan, number: int, peers: Sequence[Peer]) -> forms.MultipleChoiceField:
    """Only those who hold such a post; several share the children, a family's together."""
    count = "the child" if number == 1 else f"the {number} children"
    wrong = f"Choose who takes over {count}, or say nobody yet"
    return forms.MultipleChoiceField(
        label=f"Who takes over {count} they {_WHAT_THEY_DO[part]}?",
        help_text="The day after the last day, with what is open and the later conferences. Several people share them; "
        "a family stays together",
        choices=[
            *((str(one.person.pk), Option(one.person.name, one.posts)) for one in peers),
            (NOBODY, "Nobody yet: Safeguarding and Review decides"),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": wrong, "invalid_choice": wrong},
    )
