"""`csrf_token` as every template here has it: with the number of the drawing, so that each form is sent once.

A built-in of our templates (`config/settings.py`), so that no form can be without it.
"""

from django import template
from django.template.context import RequestContext
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from undrift.desks.frame.sending import FIELD, number_for

register = template.Library()


class TokenAndNumber(CsrfTokenNode):
    def render(self, context: template.Context) -> SafeString:
        token = SafeString(super().render(context))
        request = getattr(context, "request", None) or context.get("request")
        number = number_for(request) if request is not None and isinstance(context, RequestContext) else ""
        return token + format_html('<input type="hidden" name="{}" value="{}">', FIELD, number) if number else token


@register.tag("csrf_token")
def csrf_token(parser: template.base.Parser, token: template.base.Token) -> TokenAndNumber:
    return TokenAndNumber()
