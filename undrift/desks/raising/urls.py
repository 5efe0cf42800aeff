from django.urls import path

from undrift.desks.raising import beginning, formal, informal, safety, sent

urlpatterns = [
    path("families/<str:family>/raise", beginning.choose, name="raise-choice"),
    path("children/<str:child>/raise", beginning.choose, name="raise-choice"),
    path("resolutions/informal/new/<int:draft>", informal.record, name="raise-informal"),
    path("resolutions/new/<int:draft>/check", formal.check, name="raise-check"),
    path("resolutions/new/<int:draft>/pause", formal.pause, name="raise-pause"),
    path("resolutions/new/<int:draft>/act-first", safety.act_first, name="raise-act-first"),
    path("resolutions/new/<int:draft>/not-yet-safe", safety.not_yet_safe, name="raise-not-yet-safe"),
    path("resolutions/new/<int:draft>/carry-on", safety.carry_on, name="raise-carry-on"),
    path("resolutions/new/<int:draft>/<slug:page>", formal.question, name="raise-question"),
    path("resolutions/<str:reference>/sent", sent.sent, name="raise-sent"),
]
