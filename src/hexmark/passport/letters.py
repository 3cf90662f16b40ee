"""What holders are written: in their language, with their organisation's word, and never twice for one thing."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.conf import settings

from hexmark.errors import Invalid
from hexmark.issuing.models import Credential
from hexmark.mail.actions import queue_many
from hexmark.mail.letters import Letter
from hexmark.passport.models import AccountLink, Objection
from hexmark.people.accounts import language_of
from hexmark.people.models import Account, Person

logger = logging.getLogger("hexmark.passport")


def about_award(template: str, credential: Credential, **more: str) -> Letter:
    """The letter of this template about one credential, to the person to whom it was awarded."""
    award = credential.award
    person, version = award.person, award.version
    issuer = version.achievement.organisation
    context = {
        "sender": issuer.name,
        "name": person.name,
        "organisation": issuer.name,
        "badge": version.name,
        "word": version.word,
        "words": issuer.word_badge_plural,
        "why": award.why,
        "image": version.image_url,
        "link": f"{settings.PUBLIC_URL}/me/badges/{award.public_id}",
    }
    return Letter(
        to=address_of(person),
        template=template,
        language=person.language,
        context=context | more,
        organisation_id=credential.organisation_id,
        about=award.public_id,
        secret="join" in more,
    )


def address_of(person: Person) -> str:
    """Where the person is written to: once they left the organisation, at the address that their account prefers."""
    if person.left_at is not None and person.account is not None:
        return person.account.email
    return person.email


def about_link(link: AccountLink, token: str, *, language: str) -> Letter:
    """The letter with a link that adds an address, or merges two accounts."""
    context = {
        "name": link.account.name,
        "account": link.account.email,
        "email": link.email,
        "link": f"{settings.PUBLIC_URL}/account-link/{token}",
    }
    template = "address_confirmation" if link.purpose == AccountLink.Purpose.ADDRESS else "merge_confirmation"
    return Letter(to=link.email, template=template, language=language, context=context, organisation_id=None, secret=True)


def about_answer(objection: Objection) -> Letter | None:
    """The letter with the organisation's answer to an objection; None if nobody is left to read it."""
    if objection.account is None:
        return None
    letter = about_award("objection_answered", objection.credential, text=objection.text, answer=objection.answer)
    return Letter(
        to=objection.account.email,
        template=letter.template,
        language=letter.language,
        context=letter.context,
        organisation_id=objection.organisation_id,
        about=letter.about,
    )


def about_account(account: Account, template: str, *, to: Iterable[str] = (), **context: str) -> list[Letter]:
    """The same letter about an account's own safety to each of these addresses, or to the one that it prefers."""
    given = {"name": account.name, "email": account.email} | context
    language = language_of(account)
    return [Letter(to=one, template=template, language=language, context=given, organisation_id=None) for one in to or [account.email]]


def send(letters: Iterable[Letter]) -> None:
    """The letters stand in the outbox, except those that no mail server would take."""
    letters = list(letters)
    try:
        queue_many(letters)
    except Invalid:
        # One address that cannot be written to must not keep the others from being told.
        for letter in letters:
            _send_alone(letter)


def _send_alone(letter: Letter) -> None:
    try:
        queue_many([letter])
    except Invalid as error:
        logger.warning("A letter about %s cannot be sent: %s", letter.about or letter.template, error)
