"""One resolution: /resolutions/R-2026-0147/..."""

from django.urls import path

from undrift.desks.resolution import (
    answering,
    beside,
    correcting,
    deciding,
    each_child,
    following,
    not_mine,
    safety,
    scheduled,
    tracking,
    views,
)

urlpatterns = [
    path("resolutions/<str:reference>", views.show, name="resolution"),
    path("resolutions/<str:reference>/respond", answering.respond, name="respond"),
    path("resolutions/<str:reference>/not-mine", not_mine.not_mine, name="not-mine"),
    path("resolutions/<str:reference>/approve", answering.approve, name="approve"),
    path("resolutions/<str:reference>/decide", deciding.decide, name="decide"),
    path("resolutions/<str:reference>/more-time", deciding.more_time, name="more-time"),
    path("resolutions/<str:reference>/hand-over", deciding.hand_over, name="hand-over"),
    path("resolutions/<str:reference>/chair", deciding.hand_on_chair, name="hand-on-chair"),
    path("resolutions/<str:reference>/resolve", deciding.resolve, name="resolve"),
    path("resolutions/<str:reference>/close", deciding.close, name="close"),
    path("resolutions/<str:reference>/withdraw", deciding.withdraw, name="withdraw"),
    path("resolutions/<str:reference>/actions/new", tracking.new_action, name="new-action"),
    path("resolutions/<str:reference>/actions/<str:action>", tracking.action, name="action"),
    path("resolutions/<str:reference>/ask-again", following.ask_again, name="ask-again"),
    path("resolutions/<str:reference>/carry-on", each_child.carry_on, name="carry-on"),
    path("resolutions/<str:reference>/children/<str:child>/end", each_child.end, name="end-for-child"),
    path("resolutions/<str:reference>/children/<str:child>/reopen", each_child.reopen, name="reopen-child"),
    path("resolutions/<str:reference>/schedule", scheduled.stages, name="schedule"),
    path("resolutions/<str:reference>/note", views.note, name="note"),
    path("resolutions/<str:reference>/entries/<int:entry>/correct", correcting.correct, name="correct"),
    path("resolutions/<str:reference>/spoke", beside.spoke, name="spoke"),
    path("resolutions/<str:reference>/share", beside.share, name="share"),
    path("resolutions/<str:reference>/route", beside.route, name="route"),
    path("resolutions/<str:reference>/urgent", safety.urgent, name="record-urgent"),
    path("resolutions/<str:reference>/urgent/<int:entry>/rung", safety.rung, name="rung"),
    path("resolutions/<str:reference>/copy/<str:child>", views.copy_text, name="copy-text"),
    path("resolutions/<str:reference>/copy/<str:child>/filed", views.file, name="file"),
]
