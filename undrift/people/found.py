"""The answer to "who plays this role?": a person, and a sentence that says how they were found."""

from dataclasses import dataclass

from undrift.people.models import Person, Post


@dataclass(frozen=True, kw_only=True)
class Found:
    """The answer. `person` is None only when nobody could be found, and `how` then says what to do.

    `on_behalf_of` is who holds the post while `person` stands in. `everyone` holds all the people of a role
    that several play (the core group); `person` is the first of them. `fell` says that the role went up from its
    own post, because nobody there can act.
    """

    post: Post | None = None
    person: Person | None = None
    on_behalf_of: Person | None = None
    how: str
    everyone: tuple[Person, ...] = ()
    fell: bool = False

    @property
    def vacant(self) -> bool:
        return self.person is None
