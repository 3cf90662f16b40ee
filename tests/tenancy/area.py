"""How an area decides who may know of its addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hexmark.issuing.models import Credential
from tests.world import World

#: (acme, a signed credential that acme's member holds) -> values of the parts of addresses, by the name of the part.
Values = Callable[[World, Credential], Mapping[str, str]]


def no_values(acme: World, credential: Credential) -> Mapping[str, str]:
    """Its addresses name nothing."""
    return {}


@dataclass(frozen=True, slots=True)
class Area:
    """The decisions of one area, by names of URL patterns."""

    #: For everybody, signed in or not.
    public: frozenset[str] = frozenset()
    #: One's own, whoever one is: they name nobody else's things.
    own: frozenset[str] = frozenset()
    #: The actor's own organisation's, without an id in the address.
    of_the_organisation: frozenset[str] = frozenset()
    #: About one thing of one organisation, named in the address.
    of_a_thing: frozenset[str] = frozenset()
    #: What a member of acme may do, as (method, name); everything else of the two above is a 404 to them too.
    members_may: frozenset[tuple[str, str]] = frozenset()
    #: Makes acme's real things, and says what stands for them in addresses.
    values: Values = field(default=no_values)
