"""Signing in at one's own council's provider, by OpenID Connect's code flow with PKCE.

Stricter than the library underneath: the ID token's signature is always checked, with a nonce of ours, by a key
of the provider named in the address; and nobody is made or linked who is not known here already.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import Any

import jwt
from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from undrift.desks.frame import factor
from undrift.people.models import Person
from undrift.people.sign_on import Provider

# Signed by the provider's own key. "none" and the HMAC kinds, for which our secret would be the key, are not here.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
CLAIMS_NEEDED = ["iss", "sub", "aud", "exp", "iat", "nonce"]
LEEWAY_SECONDS = 30
AGAIN_SECONDS = 2 * 60  # how lately the provider must have asked somebody who is to show again who they are


def provider_of(provider_id: str) -> Provider | None:
    return next((known for known in settings.SINGLE_SIGN_ON if known.id == provider_id), None)


def providers_of(person: Person) -> list[Provider]:
    """The providers at which this person has signed in before."""
    linked_to = SocialAccount.objects.filter(user=person).values_list("provider", flat=True)
    return [known for known in map(provider_of, linked_to) if known is not None]


def send_to(request: HttpRequest, provider_id: str, onward: str, *, again: bool = False) -> HttpResponse:
    """Lead to the provider. What comes back must carry the state and the nonce of this session.

    `again`: somebody who is signed in shows once more who they are, second factor and all. Their session goes on.
    """
    nonce = secrets.token_urlsafe(32)
    asked = StrictAdapter(request, provider_id)
    process, more = (AuthProcess.REDIRECT, {"prompt": "login", "max_age": "0"}) if again else (AuthProcess.LOGIN, {})
    provider = asked.get_provider()  # type: ignore[no-untyped-call]  # allauth says no types here
    there: HttpResponse = provider.redirect(
        request, process, next_url=onward, auth_params={"nonce": nonce} | more, nonce=nonce
    )
    return there


class StrictAdapter(OpenIDConnectOAuth2Adapter):
    nonce: str | None = None
    again = False

    @property
    def provider(self) -> Provider:
        found = provider_of(self.provider_id)
        if found is None:
            raise OAuth2Error(f"No provider {self.provider_id}")
        return found

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        claims = self.checked(kwargs["response"].get("id_token") or "")
        person = linked(self.provider, claims)
        if self.again:
            self.shown_again(request, person, claims)
        person = person or self.first_link(claims, token.token)
        if person is None:
            raise ImmediateHttpResponse(redirect("not-known-here"))
        if self.provider.vouches_for_second_factor(claims):
            factor.give(request.session, person, by=f"single sign-on: {self.provider.id}")
        # Nothing of the claims is kept but the subject.
        provider = self.get_provider()  # type: ignore[no-untyped-call]  # allauth says no types here
        shown: SocialLogin = provider.sociallogin_from_response(request, {"id_token": {"sub": claims["sub"]}})
        return shown

    def shown_again(self, request: HttpRequest, person: Person | None, claims: Mapping[str, Any]) -> None:
        """The same person, asked just now and not believed on the strength of an earlier sign-in."""
        if person is None or person != request.user:
            raise OAuth2Error("Somebody else answered than who is signed in")
        asked_at = claims.get("auth_time")
        if not isinstance(asked_at, int) or asked_at < time.time() - AGAIN_SECONDS:
            raise OAuth2Error("The ID token does not say (auth_time) that the provider has just asked who it is")
        record_authentication(request, person, "socialaccount", provider=self.provider.id, reauthenticated=True)
        request.session.cycle_key()

    def checked(self, id_token: str) -> Mapping[str, Any]:
        """The claims of a token that is this provider's, for us, in date and an answer to what we asked."""
        config = self.openid_config
        try:
            claims = jwt.decode(
                id_token,
                key=self.signing_key(id_token),
                algorithms=list(ALGORITHMS),
                issuer=config["issuer"],
                audience=self.provider.client_id,
                leeway=LEEWAY_SECONDS,
                options={"require": CLAIMS_NEEDED},
            )
        except jwt.PyJWTError as problem:
            raise OAuth2Error(f"The ID token was refused: {problem}") from problem
        if self.nonce is None or not secrets.compare_digest(str(claims["nonce"]), self.nonce):
            raise OAuth2Error("The ID token answers another question than ours: its nonce differs")
        if claims.get("azp", self.provider.client_id) != self.provider.client_id:
            raise OAuth2Error("The ID token was made for another service")
        return claims

    def signing_key(self, id_token: str) -> Any:
        header = jwt.get_unverified_header(id_token)
        if header.get("alg") not in ALGORITHMS:
            raise jwt.InvalidAlgorithmError(f"signed by {header.get('alg')}")
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        fitting = [key for key in keys if key.key_id == header.get("kid") or len(keys) == 1]
        if not fitting:
            raise jwt.InvalidKeyError("no key of the provider has its key id")
        return fitting[0].key

    def first_link(self, claims: Mapping[str, Any], access_token: str) -> Person | None:
        """Somebody known here by the address that this provider vouches for, who has no link to it yet."""
        said = claims if "email" in claims else self._fetch_user_info(access_token)
        if said.get("sub") != claims["sub"]:
            raise OAuth2Error("The user information is about somebody else than the ID token")
        if not (self.provider.addresses_managed or said.get("email_verified") is True):
            return None
        person = Person.objects.filter(
            email=Person.objects.normalize_email(said.get("email")),
            authority__code__in=self.provider.authorities,
            is_active=True,
        ).first()
        return person if person and link(person, self.provider, claims["sub"]) else None


def linked(provider: Provider, claims: Mapping[str, Any]) -> Person | None:
    """Whoever this provider's subject was linked to, while it may still vouch for them."""
    return Person.objects.filter(
        socialaccount__provider=provider.id,
        socialaccount__uid=claims["sub"],
        authority__code__in=provider.authorities,
    ).first()


def link(person: Person, provider: Provider, subject: str) -> bool:
    """Once for a person and a provider: a second subject with the same address is somebody else."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        if SocialAccount.objects.filter(user=person, provider=provider.id).exists():
            return False
        try:
            with transaction.atomic():
                SocialAccount.objects.create(user=person, provider=provider.id, uid=subject)
        except IntegrityError:
            return False
    return True


class Callback(OAuth2CallbackView):
    """Where the provider sends people back to. The state is one of this session's, for this provider, used once."""

    adapter: StrictAdapter

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = state.get("nonce")
            self.adapter.again = state.get("process") == AuthProcess.REDIRECT
        named = request.GET.get("iss")
        if response is None and named is not None and named != self.adapter.openid_config["issuer"]:
            raise ImmediateHttpResponse(redirect("sign-on-failed"))
        return state, response
