"""The step between a right password, or a single sign-on, and being signed in."""

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from undrift.desks.frame import factor


class GiveSecondFactor(AuthenticateStage):
    """Asks for a code or a passkey, unless the single sign-on provider has just vouched for one."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return not factor.is_given_by(request, self.login.user) and super()._should_handle(request)
