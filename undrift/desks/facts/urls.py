"""/allocation/new, /allocation/children/k7m2.../born, .../plan, .../plan/end, .../right/..."""

from django.urls import path

from undrift.desks.facts import one_child, views
from undrift.desks.facts.right import right

CHILD = "allocation/children/<str:public_id>"

urlpatterns = [
    path("allocation/new", views.new, name="child-new"),
    path(f"{CHILD}/born", views.born, name="child-born"),
    path(f"{CHILD}/plan", views.plan_begins, name="plan-begins"),
    path(f"{CHILD}/plan/end", views.plan_ends, name="plan-ends"),
    path(f"{CHILD}/plan/category", views.category, name="plan-category"),
    path(f"{CHILD}/moves", views.moves, name="child-moves"),
    path(f"{CHILD}/died", views.died, name="child-died"),
    path(f"{CHILD}/looked-after", views.looked_after, name="child-looked-after"),
    path(f"{CHILD}/looked-after/end", views.looked_after_ends, name="child-looked-after-ends"),
    path("allocation/alike", one_child.alike, name="same-children"),
    path(f"{CHILD}/same", one_child.same, name="child-same"),
    path(f"{CHILD}/same/<int:number>/end", one_child.same_ends, name="child-same-end"),
    path(f"{CHILD}/right/<str:fact>", right, name="child-right"),
]
