"""Everybody who may stand before an address, and acme's things that addresses name: those of the manager's people, and others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from http.cookies import SimpleCookie

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone

from hexmark.access import Access
from hexmark.awarding.actions import award
from hexmark.issuing.models import Credential
from hexmark.people.actions import grant_access, link_account, open_account
from hexmark.people.models import Person
from hexmark.people.records import give_role
from hexmark.people.teams import make_team
from tests.tenancy import opportunities, reviews, targets
from tests.tenancy.area import Area
from tests.web.pages import Visitor
from tests.world import PASSWORD, World, run_jobs

#: How the table names them. A manager is a member to whom the member reports; nobody has no account.
KINDS: Mapping[str, Access | None] = {
    "S": Access.STEWARD,
    "P": Access.PROGRAMME_OWNER,
    "A": Access.ASSESSOR,
    "H": Access.HR,
    "U": Access.AUDITOR,
    "M": Access.MEMBER,
    "G": Access.MEMBER,
    "N": None,
}
#: What forms would be sent by the right person; what a form does not know it passes over.
GIVEN = {
    "name": "Mine",
    "reason": "Mine",
    "revoke-reason": "Mine",
    "pause-reason": "Mine",
    "to": "x@y.example",
    "organisation": "acme",
    "check": "mail",
    "act": "pause",
    "access": "auditor",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One person at the door."""

    letter: str
    visitor: Visitor
    #: What single addresses want in their forms, by name of the address.
    forms: Mapping[str, Mapping[str, str]]

    def outcome(self, method: str, name: str, address: str) -> str:
        """`answered`, `hidden` (404), `sign in`, or `no such method`. Nothing stays changed."""
        cookies: SimpleCookie = self.visitor.cookies.copy()  # type: ignore[assignment]
        with transaction.atomic():
            answer = self._asked(method, address, GIVEN | self.forms.get(name, {}))
            transaction.set_rollback(True)
        self.visitor.cookies = SimpleCookie({name: morsel.value for name, morsel in cookies.items()})
        if answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in?"):
            return "sign in"
        return {404: "hidden", 405: "no such method"}.get(answer.status_code, "answered")

    def _asked(self, method: str, address: str, given: Mapping[str, str]) -> HttpResponse:
        answer: HttpResponse = self.visitor.get(address) if method == "GET" else self.visitor.post(address, given)
        return answer


def standing(acme: World, letter: str) -> Standing:
    """Somebody of this kind in acme, who has just proved who they are."""
    person = _person(acme, letter)
    visitor = Visitor(person, raise_request_exception=False)
    if person is not None:
        session = visitor.session
        proof = {"method": "password", "at": timezone.now().timestamp(), "email": person.email}
        session["account_authentication_methods"] = [proof]
        session.save()
    someone = {"person": acme.member_person.public_id}
    return Standing(letter, visitor, {"administration_access_end": someone, "administration_invite": someone})


def _person(acme: World, letter: str) -> Person | None:
    known = {"S": acme.steward_person, "M": acme.member_person, "G": acme.manager_person}
    access = KINDS[letter]
    if access is None or letter in known:
        return known.get(letter)
    person = acme.person(f"Acme {access.value.title()}")
    link_account(person, account=open_account(email=person.email, name=person.name, password=PASSWORD), actor=acme.system)
    grant_access(person, access=access, actor=acme.system)
    return person


def things(acme: World, credential: Credential, areas: tuple[Area, ...]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Acme's things by the part of an address that names them: the member's, who reports to the manager, and somebody else's."""
    far = dict(_values(acme, credential, areas))
    team = make_team(acme.organisation, name="The Manager's", lead=acme.manager_person, actor=acme.steward)
    role = give_role(acme.member_person, name="Welder", starts_on=date(2026, 1, 1), actor=acme.steward)
    near = far | {"person_id": acme.member_person.public_id, "team_id": team.public_id, "assignment": str(role.pk)}
    near |= targets.of(acme, acme.member_person) | opportunities.of(acme, acme.member_person)
    near |= reviews.of(acme, acme.member_person)
    other = acme.person("Far Away")
    award(credential.award.version, to=[other], actor=acme.system)
    run_jobs()
    far["award_id"] = Credential.objects.get(award__person=other).award.public_id
    return near, far


def _values(acme: World, credential: Credential, areas: tuple[Area, ...]) -> Iterator[tuple[str, str]]:
    for area in areas:
        yield from area.values(acme, credential).items()
