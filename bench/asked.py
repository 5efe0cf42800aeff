"""`python -m bench.asked`: answer pages of one database: a line of JSON in, a line out with seconds and statements."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import django


def main() -> int:
    django.setup()
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
    return 0


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    return alarm(asked["alarm"]) if "alarm" in asked else page(asked)


_CLIENTS: dict[str, Any] = {}


def page(asked: dict[str, Any]) -> dict[str, Any]:
    from django.conf import settings
    from django.test import Client

    from bench.counting import HEADER

    cookie = asked["cookie"]
    if cookie not in _CLIENTS:
        _CLIENTS[cookie] = Client(headers={"X-Forwarded-Proto": "https", "host": "127.0.0.1"})
        _CLIENTS[cookie].cookies[settings.SESSION_COOKIE_NAME] = cookie.partition("=")[2]
    client = _CLIENTS[cookie]
    path, data = asked["path"], asked.get("data")
    if data is not None and asked.get("leads_on"):
        path, data = client.post(path, data).url, None  # what was asked for is kept; the page that shows it is measured
    began = time.perf_counter()
    response = client.get(path) if data is None else client.post(path, data)
    took = time.perf_counter() - began
    if response.status_code != 200:
        raise SystemExit(f"{asked['path']} answered {response.status_code}: nothing can be measured.")
    return {"took": took, "statements": int(response.headers[HEADER])}


def alarm(kind: str) -> dict[str, Any]:
    from django.utils import timezone

    from undrift.access.alarms import PATTERNS
    from undrift.people.models import Authority

    now, council = timezone.now(), Authority.objects.get()
    began = time.perf_counter()
    PATTERNS[kind](council, now)
    return {"took": time.perf_counter() - began, "statements": 1}


if __name__ == "__main__":
    sys.exit(main())
