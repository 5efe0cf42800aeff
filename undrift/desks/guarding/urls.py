"""/children/k7m2.../looks, /children/k7m2.../who-may-see, /guarding/..., /search/emergency"""

from django.urls import path

from undrift.desks.guarding import audit, emergency, looks, need_to_know, openings

CHILD, REGISTER = "children/<str:public_id>/who-may-see", "guarding/restricted/<str:public_id>"

urlpatterns = [
    path("children/<str:public_id>/looks", looks.looks, name="child-looks"),
    *(
        path(f"{start}{end}", view, {"door": door}, name=name)
        for door, start in (("child", CHILD), (need_to_know.REGISTER, REGISTER))
        for end, view, name in (
            ("", need_to_know.guard, need_to_know.NAMES[door]["guard"]),
            ("/names/<int:number>/end", need_to_know.unname, need_to_know.NAMES[door]["unname"]),
            ("/kept-out/<int:number>/end", need_to_know.readmit, need_to_know.NAMES[door]["readmit"]),
            ("/<str:act>", need_to_know.act, need_to_know.NAMES[door]["act"]),
        )
    ),
    path("guarding", need_to_know.pages, name="need-to-know"),
    path("guarding/restricted", need_to_know.register, name="restricted"),
    path("guarding/openings", openings.openings, name="openings"),
    path("guarding/openings/<int:number>", openings.opening, name="opening"),
    path("guarding/audit", audit.audit, name="audit"),
    path("guarding/audit/export", audit.export, name="audit-export"),
    path("search/emergency", emergency.emergency, name="glass"),
    path("search/emergency/end", emergency.end, name="glass-end"),
]
