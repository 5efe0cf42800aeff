"""Each scene played once in a process, and what was found in it."""

from __future__ import annotations

from typing import Any

from tests.journeys.looked import Looked
from tests.messages.letterbox import Letterbox
from tests.readers import answered, beside, decided, each_child, ended, followed, moved, raised
from tests.readers.scene import SCENES, Found, Scene
from tests.walkthrough.stage import a_walk
from tests.walkthrough.walking import Walker

FILES = (raised, answered, decided, moved, followed, each_child, beside, ended)  # each adds its scenes

_PLAYED: dict[str, Found] = {}


class Quick(Walker):
    """Whose pages are looked at for what they say alone: whether they are well made is asked of them elsewhere."""

    def _look(self, response: Any, state: str) -> None:
        pass


def played(name: str, box: Letterbox, looked: Looked) -> Found:
    if name not in _PLAYED:
        with a_walk(box, looked) as walk:
            walk.somebody = Quick
            scene = Scene(walk)
            SCENES[name](scene)
            assert not scene.waiting, f"nobody looked for {sorted(scene.waiting)}"
            _PLAYED[name] = scene.found
    return _PLAYED[name]
