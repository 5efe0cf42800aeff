"""What django-allauth asks of us: who may sign in, how secrets are kept, and which providers there are."""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from undrift.desks.account.browsers import note_browser
from undrift.people import clock
from undrift.people.dormant import is_dormant
from undrift.people.models import Person

log = logging.getLogger(__name__)

STAGE = "undrift.desks.account.stages.GiveSecondFactor"


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return False  # our own views ask, by factor.is_fresh

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        """Every way of signing in comes through here."""
        if isinstance(user, Person) and user.is_active and not is_dormant(user, clock.now()):
            return None
        clear_login(request)
        return redirect("account-closed")

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        # Django has written this process's time: when somebody was here last is the database's to say.
        Person.objects.filter(pk=user.pk).update(last_login=clock.now())
        note_browser(request)

    def get_login_stages(self) -> list[str]:
        return [STAGE]

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our views say what happened in our words."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Messages are sent by the outbox alone."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of apps and recovery codes lie encrypted, so a stolen copy of the database gives nobody's code."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That passkey could not be checked. Try again, or use a code",
    }

    def encrypt(self, text: str) -> str:
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _keys().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return "Undrift"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": "Undrift"}


def _keys() -> MultiFernet:
    """The newest key first; an older SECRET_KEY among the fallbacks still opens what it closed."""
    return MultiFernet([Fernet(_derived(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _derived(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"undrift second factor\0" + key.encode()).digest())


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Providers come from the settings alone: a row in a table cannot add one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=known.id,
                name=known.name,
                client_id=known.client_id,
                secret=known.secret,
                settings={"server_url": known.server_url, "oauth_pkce_enabled": True},
            )
            for known in settings.SINGLE_SIGN_ON
            if provider in (None, known.id, "openid_connect") and client_id in (None, known.client_id)
        ]

    def generate_state_param(self, state: dict[str, Any]) -> str:
        return secrets.token_urlsafe(32)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """One page for all that may go wrong at a provider; why is for the log, not for whoever tried."""
        log.warning("Single sign-on at %s failed (%s): %s", provider.app.provider_id, error, exception)
        raise ImmediateHttpResponse(redirect("sign-on-failed"))
