from django.urls import path

from undrift.desks.people import accounts, granted, not_signed_in, staying, views

urlpatterns = [
    path("people", views.people, name="people"),
    path("people/add", accounts.add_person, name="add-person"),
    path("people/not-signed-in", not_signed_in.not_signed_in, name="not-signed-in"),
    path("people/gaps", views.gaps, name="people-gaps"),
    path("people/waiting", granted.waiting, name="people-waiting"),
    path("people/waiting/<int:number>", granted.settle, name="settle-grant"),
    path("people/posts/<int:number>/appoint", views.appoint, name="appoint"),
    path("people/<int:number>", views.person, name="person"),
    path("people/<int:number>/cover", views.person_cover, name="person-cover"),
    path("people/<int:number>/cover/<int:cover>/end", views.person_cover_end, name="person-cover-end"),
    path("people/<int:number>/leaves", views.person_leaves, name="person-leaves"),
    path("people/<int:number>/stays", staying.person_stays, name="person-stays"),
    path("people/<int:number>/invite", accounts.invite, name="invite-person"),
    path("people/<int:number>/open", accounts.open_account, name="open-account"),
    path("people/<int:number>/second-factor", accounts.lost_factor, name="lost-factor"),
    path("account/cover", views.own_cover, name="own-cover"),
    path("account/cover/<int:cover>/end", views.own_cover_end, name="own-cover-end"),
]
