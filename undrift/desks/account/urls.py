from django.urls import path

from undrift.desks.account import own_sessions, passwords, second_factor, views

# Of django-allauth's own pages none is reachable. Its code leads to a few by name; those names are ours here.
urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-in", views.sign_in, name="account_login"),
    path("sign-in/code", second_factor.give, name="mfa_authenticate"),
    path("sign-in/passkey", views.sign_in_with_passkey, name="sign-in-with-passkey"),
    path("sign-in/with/<slug:provider_id>", views.sign_in_with_provider, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back", views.back_from_provider, name="openid_connect_callback"),
    path("sign-in/failed", views.sign_on_failed, name="sign-on-failed"),
    path("sign-in/failed", views.sign_on_failed, name="socialaccount_login_cancelled"),
    path("sign-in/not-known", views.not_known_here, name="not-known-here"),
    path("sign-in/closed", views.account_closed, name="account-closed"),
    path("forgotten-password", passwords.forgotten, name="forgotten"),
    path("forgotten-password/sent", passwords.forgotten_sent, name="forgotten-sent"),
    path("invitation/<uidb64>/<token>", passwords.choose_first, name="first-password"),
    path("new-password/<uidb64>/<token>", passwords.choose_new, name="new-password"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("signed-out", views.signed_out, name="signed-out"),
    path("session-ended", views.session_ended, name="session-ended"),
    path("session/left", views.session_left, name="session-left"),
    path("session/stay", views.session_stay, name="session-stay"),
    path("session/end", views.session_end, name="session-end"),
    path("account/second-factor", second_factor.overview, name="second-factor"),
    path("account/second-factor/app", second_factor.add_app, name="add-app"),
    path("account/second-factor/passkey", second_factor.add_passkey, name="add-passkey"),
    path("account/second-factor/codes", second_factor.new_codes, name="new-codes"),
    path("account/second-factor/<int:pk>/remove", second_factor.remove, name="remove-factor"),
    path("account/password", passwords.change, name="change-password"),
    path("account/sessions", own_sessions.own_sessions, name="own-sessions"),
    path("account/sessions/others/end", own_sessions.end_others, name="end-other-sessions"),
    path("account/sessions/<slug:which>/end", own_sessions.end_one, name="end-session"),
    path("account/prove", second_factor.prove, name="prove"),
    path("demo", views.choose_person, name="demo"),
]
