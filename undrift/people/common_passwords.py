"""Long passwords that are no better than short ones: made of one or two that everybody tries first."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

MOST_PARTS = 2  # two words out of the list are soon tried through; four are not
SHORT = 3  # characters: a part as short as that adds nothing


class MadeOfCommonPasswords(CommonPasswordValidator):
    """Refuses "passwordpassword", "123456 password 123456", "xxxxxxxxxxxxxxxx" and "Welcome2026welcome"."""

    def validate(self, password: str, user: Any = None) -> None:
        parts = {_repeated(part) for part in re.findall(r"[^\W\d_]+|\d+", password.lower())}
        if len(parts) <= MOST_PARTS and all(self._is_common(part) for part in parts):
            raise ValidationError(self.get_error_message(), code="password_too_common")

    def _is_common(self, part: str) -> bool:
        return len(part) <= SHORT or part.isdecimal() or part in self.passwords


def _repeated(part: str) -> str:
    """What a part consists of when it says the same over and over."""
    # Found again in itself doubled, past its beginning: where it begins anew.
    return part[: (part + part).find(part, 1)]
