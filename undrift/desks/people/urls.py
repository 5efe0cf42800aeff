from django.urls import path

from undrift.desks.people import views

urlpatterns = [
    path("people", views.people, name="people"),
    path("people/gaps", views.gaps, name="people-gaps"),
    path("people/posts/<int:number>/appoint", views.appoint, name="appoint"),
    path("people/<int:number>", views.person, name="person"),
    path("people/<int:number>/cover", views.person_cover, name="person-cover"),
    path("people/<int:number>/cover/<int:cover>/end", views.person_cover_end, name="person-cover-end"),
    path("people/<int:number>/leaves", views.person_leaves, name="person-leaves"),
    path("account/cover", views.own_cover, name="own-cover"),
    path("account/cover/<int:cover>/end", views.own_cover_end, name="own-cover-end"),
]
