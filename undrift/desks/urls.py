"""Every desk's addresses. A new desk adds its folder's name here and keeps its own urls.py."""

from django.urls import include, path

DESKS = (
    "account",  # signing in and out, choosing a person in the demo
    "home",  # what waits for me
    "worklist",  # all resolutions, and the search
    "children",  # a child, a family, the list of children
    "allocating",  # who has which children: chair, worker, team, family, core group
    "conferences",  # a month of conferences, day by day
    "cycle",  # a child's plan cycle: conferences, sheets, core groups, checks, notes
    "good_practice",  # the good practice report: what was published; what stands in the next one
    "reports",  # what a period shows: raised, answered in time, what came of it
    "facts",  # what somebody says of a child: begun, born, on a plan and off it, moved away, dead, put right
    "guarding",  # who may see a child, who has looked, emergency openings, the council's log
    "urgent",  # what to do when a child is at risk now
    "raising",  # raising a concern, informally or formally
    "next_stage",  # moving a concern to the next stage
    "resolution",  # one resolution: read it, answer, approve, decide, follow what was agreed
    "people",  # who works where: units, posts, cover, leaving, what nobody holds
    "importing",  # bringing children in from files: check, apply, undo
    "help",  # help, words, policy, accessibility, privacy, the components
)

urlpatterns = [path("", include(f"undrift.desks.{desk}.urls")) for desk in DESKS]
