"""Jobs and sweeps of cycles and reviews."""

from hexmark.jobs import job, sweep, wake
from hexmark.performance.packets import sign_packet, unsigned_packets
from hexmark.performance.review_telling import begun_phases, tell_batch


@job("performance.packets")
def packet(packet_id: int) -> None:
    """The packet of a closed review is signed, unless it is already."""
    sign_packet(packet_id)


@job("performance.tell_phases")
def tell_phases() -> None:
    """A batch of people is told of each phase that began; more are told by the next call."""
    more = [tell_batch(phase_id) for phase_id in begun_phases().values_list("pk", flat=True)]
    if any(more):
        wake("performance.tell_phases")


@sweep("performance.packets", every_seconds=60)
def wake_for_packets() -> None:
    """Packets whose wake-up call was lost, or that could not be signed then."""
    for packet_id in unsigned_packets():
        wake("performance.packets", packet_id)


@sweep("performance.tell_phases", every_seconds=600)
def wake_to_tell_phases() -> None:
    """Phases that begin as the days go by."""
    if begun_phases().exists():
        wake("performance.tell_phases")
