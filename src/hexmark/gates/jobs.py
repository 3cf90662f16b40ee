"""Jobs and sweeps of open gates."""

from hexmark.gates.queries import unsigned_gates
from hexmark.gates.signing import sign_gate
from hexmark.jobs import job, sweep, wake


@job("gates.sign")
def sign(gate_id: int) -> None:
    """The gate is signed."""
    sign_gate(gate_id)


@sweep("gates.sign", every_seconds=60)
def wake_to_sign() -> None:
    """Gates whose wake-up call was lost, or whose signing failed."""
    for gate_id in unsigned_gates():
        wake("gates.sign", gate_id)
