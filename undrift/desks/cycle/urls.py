"""A child's plan cycle: /children/k7m2.../cycle/..."""

from django.urls import path

from undrift.desks.cycle import conference, sheet, views

OF = "children/<str:public_id>/cycle"

urlpatterns = [
    path(OF, views.show, name="child-cycle"),
    path(f"{OF}/fix", conference.fix, name="cycle-fix"),
    path(f"{OF}/held", conference.held_unfixed, name="cycle-held-unfixed"),
    path(f"{OF}/<str:conference>/held", conference.held, name="cycle-held"),
    path(f"{OF}/<str:conference>/change", conference.change, name="cycle-change"),
    path(f"{OF}/<str:conference>/outline", sheet.outline, name="cycle-outline"),
    path(f"{OF}/<str:conference>/sheet", sheet.show, name="cycle-sheet"),
    path(f"{OF}/<str:conference>/sent", sheet.sent, name="cycle-sent"),
]
