"""Figures of gaps in words."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """0.5 as “50 %”. Only all is 100, and only nothing is 0, whatever rounding would say."""
    if share is None:
        return "\N{EN DASH}"
    number = round(100 * share)
    if number == 100 and share < 1:
        number = 99
    if number == 0 and share > 0:
        number = 1
    return f"{number} %"


@register.filter
def days(number: int | None) -> str:
    """“12 days”, or that fewer than half have arrived."""
    if number is None:
        return "Not yet"
    return f"{number} day{'s' if number != 1 else ''}"
