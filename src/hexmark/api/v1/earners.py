"""From how a program names people to the organisation's records of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hexmark.api.callers import ApiRequest
from hexmark.api.problems import Problem, pointing
from hexmark.api.v1.award_shapes import Earner
from hexmark.people.actions import add_person
from hexmark.people.models import Person
from hexmark.people.queries import people_by_email, people_by_employee_id, people_by_public_id

#: So many mistakes are named in one answer.
MOST_NAMED = 100


def people_named(request: ApiRequest, earners: Sequence[Earner]) -> list[Person]:
    """The people in this order; whoever has an address that nobody here has, and a name, is added.

    Raises:
        Problem: invalid, naming each entry that nobody fits.
        NotPermitted: somebody would have to be added, and the caller may not.
    """
    known = _known(request, earners)
    found = [_one(known, earner) for earner in earners]
    missing = [number for number, (earner, person) in enumerate(zip(earners, found, strict=True)) if person is None and not earner.name]
    if missing:
        errors = [pointing("to", number, detail=_nobody(earners[number])) for number in missing[:MOST_NAMED]]
        raise Problem("invalid", f"{len(missing)} of {len(earners)} people are not known here. Nobody was awarded.", errors=errors)
    added: dict[str, Person] = {}
    for number, earner in enumerate(earners):
        if found[number] is None:
            assert earner.email is not None
            assert earner.name is not None
            address = earner.email.strip().lower()
            if address not in added:
                added[address] = add_person(request.auth.organisation, name=earner.name, email=earner.email, actor=request.auth.actor)
            found[number] = added[address]
    return [person for person in found if person is not None]


def _known(request: ApiRequest, earners: Sequence[Earner]) -> Mapping[str, Mapping[str, Person]]:
    organisation = request.auth.organisation
    return {
        "person": people_by_public_id(organisation, [earner.person for earner in earners if earner.person]),
        "email": people_by_email(organisation, [earner.email.strip() for earner in earners if earner.email]),
        "employee_id": people_by_employee_id(organisation, [earner.employee_id for earner in earners if earner.employee_id]),
    }


def _one(known: Mapping[str, Mapping[str, Person]], earner: Earner) -> Person | None:
    if earner.person:
        return known["person"].get(earner.person)
    if earner.email:
        return known["email"].get(earner.email.strip().lower())
    return known["employee_id"].get(earner.employee_id or "")


def _nobody(earner: Earner) -> str:
    if earner.email:
        return "Nobody here has this address. Give a name with it to add them."
    return "Nobody here has this id." if earner.person else "Nobody here has this employee id."
