"""/allocation, /allocation/give, /allocation/check, /allocation/children/k7m2..."""

from django.urls import path

from undrift.desks.allocating import giving, lists, one_child, together

CHILD = "allocation/children/<str:public_id>"

urlpatterns = [
    path("allocation", lists.allocation, name="allocation"),
    path("lists/allocation", lists.allocation_csv, name="allocation-csv"),
    path("allocation/give", giving.give, name="allocation-give"),
    path("allocation/check", giving.check, name="allocation-check"),
    path(CHILD, one_child.child, name="allocation-child"),
    path(f"{CHILD}/ahead/<int:number>/end", one_child.taken_back, name="allocation-end"),
    path(f"{CHILD}/family", together.family, name="allocation-family"),
    path(f"{CHILD}/family/<int:number>/end", together.second_family_ends, name="second-family-end"),
    path(f"{CHILD}/core-group", together.member, name="core-group-member"),
    path(f"{CHILD}/core-group/<int:number>/end", together.member_ends, name="core-group-end"),
]
