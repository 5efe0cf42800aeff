"""Two people decide at once, on two connections of a real database."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from tests.cast import NOW
from tests.house.thorough import THOROUGH
from tests.resolutions import reached
from undrift.engine.ladder import acts
from undrift.people.models import Cover, Person
from undrift.record.models import Event
from undrift.record.outcomes import DecidedMeanwhile
from undrift.record.verify import verify
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

RESOLUTIONS, ROUNDS = (20, 10) if THOROUGH else (10, 4)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told_and_keeps_the_text() -> None:
    from tests.cast import westmarch
    from tests.resolutions.conftest import under_shipped_versions

    cast = under_shipped_versions(westmarch())
    grace, imran = cast.person("Grace"), cast.person("Imran")
    # While Grace is away Imran may decide for her; she may still decide herself.
    Cover.objects.create(authority=cast.authority, away=grace, covering=imran, starts=NOW.date())
    resolutions = []
    for _ in range(RESOLUTIONS):
        resolution = reached.stage_one(cast, "Tyler").resolution
        reached.answered(cast, resolution, NOW + timedelta(minutes=1))
        resolutions.append(resolution)
    child = str(cast.child("Tyler").pk)
    together = Barrier(2)

    def decides(person: Person, resolution: Resolution, seen: int, why: str) -> str:
        act = acts.Judge({child: False}, why)
        together.wait(timeout=120)
        try:
            perform(act, resolution=resolution, by=person, seen=seen)
        except DecidedMeanwhile as lost:
            told = f"{lost.by_name} decided this at " in lost.sentence
            return f"told that {lost.by_name}" if told else f"lost without a word: {lost.sentence}"
        return "won"

    outcomes: Counter[tuple[str, ...]] = Counter()
    # Each has a thread, and so a connection, of their own.
    with ThreadPoolExecutor(1) as hers, ThreadPoolExecutor(1) as his:
        for number in range(RESOLUTIONS * ROUNDS):
            resolution = resolutions[number % RESOLUTIONS]
            seen = Resolution.objects.values_list("last_seq", flat=True).get(pk=resolution.pk)
            both = [
                thread.submit(decides, person, resolution, seen, f"{person.name} {number}")
                for thread, person in ((hers, grace), (his, imran))
            ]
            result = tuple(future.result(timeout=120) for future in both)
            outcomes[result] += 1
            why = Event.objects.get(case=resolution, seq=seen + 1).payload["why"]
            winner = grace if result[0] == "won" else imran
            assert why == f"{winner.name} {number}"
        for thread in (hers, his):
            thread.submit(lambda: connection.close()).result(timeout=120)

    print(dict(outcomes))
    assert set(outcomes) <= {("won", "told that Grace Ollerton"), ("told that Imran Dastgir", "won")}
    assert outcomes.total() == RESOLUTIONS * ROUNDS == Event.objects.filter(type="judged").count()
    assert verify() == []
