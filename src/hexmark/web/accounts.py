"""What the sign-in library asks of us."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are opened by set-up and by claiming, never by a sign-up form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To one's own badges."""
        return reverse("me")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """To the front page."""
        return reverse("home")

    def add_message(self, request: HttpRequest, *arguments: object, **named: object) -> None:
        """Signing in and out can be seen by itself: no message."""
