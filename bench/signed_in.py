"""`python -m bench.signed_in NAME...`: each person's cookie, signed in with all that is asked for, as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import django


def main(argv: Sequence[str]) -> int:
    django.setup()
    print(json.dumps([cookie_of(name) for name in argv]))
    return 0


def cookie_of(name: str) -> str:
    from django.conf import settings
    from django.test import Client

    from undrift.desks.frame import factor
    from undrift.people.models import Person

    person = Person.objects.get(name=name)
    client = Client()
    client.force_login(person)
    session = client.session
    factor.give(session, person, by="the measurements")
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
