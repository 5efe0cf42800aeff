"""The answer to "who plays this role?": a person, and a sentence that says how they were found."""

from dataclasses import dataclass

from undrift.people.models import Person, Post


@dataclass(frozen=True, kw_only=True)
class Found:
    """The answer. `person` is None only when nobody could be found, and `how` then says what to do.

    `on_behalf_of` is who holds the post while `person` stands in. `everyone` holds all the people of a role
    that several play (the core group); `person` is the first of them. `fell` says that the role went up from its
    own post, because nobody there can act.

    `untold` are those in the role whom nobody can tell here, as they have no account, by name; `unseated` those who
    have one and no post, by which alone something is read. `also` play the role
    for another child of the same case: they are told, and named, and nothing is asked of them.

    `body` is the agency, not the council's own service, that the part belongs to: it falls to nobody outside it.
    """

    post: Post | None = None
    person: Person | None = None
    on_behalf_of: Person | None = None
    how: str
    everyone: tuple[Person, ...] = ()
    fell: bool = False
    untold: tuple[str, ...] = ()
    unseated: tuple[str, ...] = ()
    also: tuple[Person, ...] = ()
    body: int | None = None

    @property
    def vacant(self) -> bool:
        return self.person is None


def in_full(found: Found, title: str) -> str:
    """Who plays a role, as a page names them: all of them, those beside them, and those whom nobody tells."""
    if found.on_behalf_of is not None and found.person is not None:
        who = f"{found.person.name}, covering for {found.on_behalf_of.name}"
    elif found.everyone or found.person is not None:
        who = ", ".join(person.name for person in found.everyone or (found.person,) if person is not None)
    else:
        gathered = found.untold or found.unseated
        who = "Nobody with an account and a post" if gathered else f"Nobody holds this post ({title})"
    return ". ".join((who, *said_beside(found)))


def said_beside(found: Found) -> tuple[str, ...]:
    """What has to be said of a role besides its holder, a sentence each without the full stop."""
    also = f"Also told, as a brother or sister has them: {', '.join(person.name for person in found.also)}"
    untold = f"Not told: no account, tell them: {', '.join(found.untold)}"
    unseated = f"Not told: no post in which to read it, tell them: {', '.join(found.unseated)}"
    every = ((also, found.also), (untold, found.untold), (unseated, found.unseated))
    return tuple(said for said, there in every if there)
