"""The summary can be thrown away: history gives it back."""

from datetime import date, timedelta

from tests.cast import NOW, Cast
from tests.resolutions import reached
from undrift.access.models import Exclusion
from undrift.engine.ladder import acts
from undrift.people.models import Cover, Holding, Person
from undrift.record.handing_on import hand_on_all
from undrift.record.models import CaseChild, Duty
from undrift.record.sweep import sweep
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution
from undrift.resolutions.rebuild import rebuild


def a_mixture(cast: Cast) -> None:
    """Resolutions in many states, each reached by acts."""
    day = timedelta(days=1)
    reached.stage_one(cast)
    answered = reached.stage_one(cast, "Tyler").resolution
    reached.answered(cast, answered, NOW + day)
    settled = reached.stage_one(cast, "Amara", "Zion").resolution
    reached.answered(cast, settled, NOW + day)
    act = acts.AgreeAction(acts.ActionAsked("Book it", "Dev Marchetti", date(2026, 5, 12), str(cast.person("Dev").pk)))
    perform(act, resolution=settled, by=cast.person("Grace"), at=NOW + day)
    reached.judged(cast, settled, NOW + 2 * day)
    perform(
        acts.FinishAction("a1", (NOW + 3 * day).date()), resolution=settled, by=cast.person("Dev"), at=NOW + 3 * day
    )
    moved = reached.stage_one(cast, "Kai").resolution
    reached.answered(cast, moved, NOW + day)
    reached.judged(cast, moved, NOW + 2 * day, settled=False)
    perform(acts.MoveOn("stage-2", "not accepted"), resolution=moved, by=cast.person("Grace"), at=NOW + 2 * day)
    ended = reached.informal(cast).resolution
    perform(acts.Withdraw("Raised twice."), resolution=ended, by=cast.person("Grace"), at=NOW + day)
    sweep(NOW + 11 * day)
    waits = reached.stage_one(cast, "Ella", at=NOW + 11 * day).resolution
    perform(acts.Note("Spoke again."), resolution=waits, by=cast.person("Grace"), at=NOW + 11 * day)


def test_rebuilding_what_acts_have_written_finds_no_difference(west: Cast) -> None:
    a_mixture(west)
    assert Resolution.objects.values("tag").distinct().count() >= 3
    assert rebuild() == []


def test_a_summary_that_was_tampered_with_is_put_right(west: Cast) -> None:
    a_mixture(west)
    before = list(Resolution.objects.order_by("pk").values()), list(Duty.objects.order_by("case", "key").values())
    first = Resolution.objects.order_by("pk")[0]
    Resolution.objects.filter(pk=first.pk).update(stage="stage-5", due=date(2030, 1, 1), next_must="nothing")
    Duty.objects.filter(case=first, key="1:respond:team-manager").update(who="director")
    CaseChild.objects.filter(case=first).update(settled=True)
    assert {d.place for d in rebuild(write=False)} >= {"stage", "due", "next_must", "duty 1:respond:team-manager who"}
    assert {d.reference for d in rebuild(write=True)} == {first.reference}
    assert rebuild() == []
    after = list(Resolution.objects.order_by("pk").values()), list(Duty.objects.order_by("case", "key").values())
    assert after == before


def test_duties_thrown_away_come_back(west: Cast) -> None:
    a_mixture(west)
    keys = set(Duty.objects.values_list("case", "key"))
    Duty.objects.all().delete()
    assert rebuild() != []
    assert not Duty.objects.exists()
    assert rebuild(write=True) != []
    assert set(Duty.objects.values_list("case", "key")) == keys


def test_when_somebody_is_away_what_is_open_goes_to_the_cover(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    Cover.objects.create(
        authority=west.authority, away=west.person("Priya"), covering=west.person("Yasmin"), starts=NOW.date()
    )
    assert hand_on_all(west.authority, NOW + timedelta(hours=1)).resolutions == 1
    resolution.refresh_from_db()
    assert resolution.next_person == west.person("Yasmin")
    assert hand_on_all(west.authority, NOW + timedelta(hours=1)).resolutions == 0
    assert rebuild() == []


def test_what_became_of_people_since_changes_nothing_in_the_past(west: Cast) -> None:
    """Who had a duty when it was looked up is what the record says, in what has ended too."""
    a_mixture(west)
    later = NOW + timedelta(days=60)
    priya, denise, owen = (west.person(name) for name in ("Priya", "Denise", "Owen"))
    owed = list(Duty.objects.order_by("case", "key").values_list("case", "key", "person"))
    assert {priya.pk, denise.pk} & {person for _, _, person in owed}
    for away, covering in ((priya, west.person("Callum")), (denise, owen)):
        # As a file would bring it: for days long past, and known only from then on.
        Cover.objects.create(
            authority=west.authority, away=away, covering=covering, starts=date(2015, 1, 1), ends=date(2099, 1, 1),
            at=later,
        )  # fmt: skip
    Holding.objects.filter(person=west.person("Grace")).update(ends=date(2026, 5, 1), ended_at=later)
    Exclusion.objects.create(
        authority=west.authority, child=west.child("Tyler"), person=priya, why="is a relative", by=denise, since=later
    )
    Person.objects.filter(pk=west.person("Dev").pk).update(is_active=False, closed_at=later)
    assert rebuild() == []
    assert rebuild(write=True) == []
    assert list(Duty.objects.order_by("case", "key").values_list("case", "key", "person")) == owed


def test_it_writes_nothing_unless_told_to(west: Cast) -> None:
    first = reached.stage_one(west).resolution
    Resolution.objects.filter(pk=first.pk).update(stage="stage-5")
    assert rebuild() == rebuild() != []
    first.refresh_from_db()
    assert first.stage == "stage-5"
