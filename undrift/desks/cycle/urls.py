"""A child's plan cycle: /children/k7m2.../cycle/...; a key action of it, for whoever was asked about it."""

from django.urls import path

from undrift.desks.cycle import around, asked, before, beside, between, conference, sheet, views

OF = "children/<str:public_id>/cycle"

urlpatterns = [
    path("key-actions/<str:reference>/<str:action>", asked.key_action, name="key-action"),
    path(OF, views.show, name="child-cycle"),
    path(f"{OF}/strategy-discussion", before.strategy, name="cycle-begin"),
    path(f"{OF}/fix", conference.fix, name="cycle-fix"),
    path(f"{OF}/held", conference.held_unfixed, name="cycle-held-unfixed"),
    path(f"{OF}/<str:conference>/held", conference.held, name="cycle-held"),
    path(f"{OF}/<str:conference>/change", conference.change, name="cycle-change"),
    path(f"{OF}/<str:conference>/outline", sheet.outline, name="cycle-outline"),
    path(f"{OF}/<str:conference>/sheet", sheet.show, name="cycle-sheet"),
    path(f"{OF}/<str:conference>/sent", sheet.sent, name="cycle-sent"),
    path(f"{OF}/event", around.event, name="cycle-event"),
    path(f"{OF}/join", around.join, name="cycle-join"),
    path(f"{OF}/plan-ends", around.plan_ends, name="cycle-plan-ends"),
    path(f"{OF}/end", around.end, name="cycle-end"),
    path(f"{OF}/entries/<int:entry>/correct", around.correct, name="cycle-correct"),
    path(f"{OF}/<str:conference>/discussion", before.discussion, name="cycle-discussion"),
    path(f"{OF}/<str:conference>/report", before.report, name="cycle-report"),
    path(f"{OF}/<str:conference>/key-action", between.key_action, name="cycle-key-action"),
    path(f"{OF}/core-group", between.core_group, name="cycle-core-group"),
    path(f"{OF}/not-accepted", between.not_accepted, name="cycle-not-accepted"),
    path(f"{OF}/check", between.check, name="cycle-check"),
    path(f"{OF}/actions/<str:action>", between.feedback, name="cycle-feedback"),
    path(f"{OF}/letters/new", beside.note, name="cycle-note"),
    path(f"{OF}/letters/<str:note>", beside.letter, name="cycle-letter"),
    path(f"{OF}/routes/new", beside.take, name="cycle-route"),
    path(f"{OF}/routes/<str:route>", beside.decide, name="cycle-decide"),
    path(f"{OF}/offers/<str:offer>/decline", beside.decline, name="cycle-decline"),
]
