from django.urls import path

from undrift.desks.account import views

urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("signed-out", views.signed_out, name="signed-out"),
    path("session-ended", views.session_ended, name="session-ended"),
    path("demo", views.choose_person, name="demo"),
]
