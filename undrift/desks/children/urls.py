"""/children, /children/k7m2..., /families/..."""

from django.urls import path

from undrift.desks.children import views

urlpatterns = [
    path("children", views.children, name="children"),
    path("lists/children", views.children_csv, name="children-csv"),
    path("children/<str:public_id>", views.child, name="child"),
    path("children/<str:public_id>/resolutions", views.resolutions_of, name="child-resolutions"),
    path("children/<str:public_id>/history", views.history_of, name="child-history"),
    path("children/<str:public_id>/facts", views.facts_of, name="child-facts"),
    path("families/<str:reference>", views.family, name="family"),
]
