"""Words of targets and figures in templates."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template

from hexmark.measures.rules import in_words as number_in_words
from hexmark.performance.models import Target
from hexmark.performance.targets.queries import in_words
from hexmark.performance.targets.rules import progress_in_words
from hexmark.requirements.codec import parse
from hexmark.requirements.sentences import sentence

register = template.Library()


@register.filter
def became(target: Target) -> str:
    """What became of the target: "Met 20 Jan 2026; expired 3 Mar 2026"."""
    return in_words(target)


@register.filter
def progress(target: Target) -> str:
    """ "31/40"; empty where no value is asked for."""
    return progress_in_words(target.current, target.value) if target.value is not None else ""


@register.filter
def asks(target: Target) -> str:
    """What the target's requirement asks for, as a sentence."""
    return sentence(parse(target.rule)) if target.rule else ""


@register.filter
def plain(value: Any) -> str:
    """A number with signs between thousands and without empty decimals."""
    return number_in_words(value if isinstance(value, Decimal) or value is None else Decimal(str(value)))


@register.filter
def whole(value: Decimal) -> int:
    """The number without its decimals, for drawings."""
    return int(value)
