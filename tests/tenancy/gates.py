"""Open gates are for everybody who has their address."""

from collections.abc import Mapping

from hexmark.gates.actions import publish_gate
from hexmark.gates.signing import sign_gate
from hexmark.issuing.models import Credential
from tests.tenancy.area import Area
from tests.world import World


def values(acme: World, credential: Credential) -> Mapping[str, str]:
    """A signed gate."""
    gate = publish_gate(
        acme.organisation, requirement={"type": "tenure", "months_at_least": 1}, title="Post", about="g" * 26, actor=acme.steward
    )
    sign_gate(gate.pk)
    return {"gate_id": gate.public_id}


AREA = Area(public=frozenset({"open_gate", "open_gate_document"}), values=values)
