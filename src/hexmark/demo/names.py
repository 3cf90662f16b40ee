"""Invented names, put together in a fixed order, so that every demo has the same people."""

from __future__ import annotations

FIRST = (
    "Amina Priya Tom Callum Ewa Moira Femi Jo Rana Sam Bea Noor Ines Hugo Leif Maeve Tariq Yara Owen Petra Kofi Sunniva Dara Elif "
    "Bram Chiara Dylan Esi Farah Gwen Hamza Isla Jonas Keira Lars Mina Niamh Otis Paula Quinn Rhys Signe Theo Uma Viktor Wren Xenia Zofia"
).split()
LAST = (
    "Hall Okafor Lund Marsh Nowak Reed Adeyemi Carter Haddad Bell Fenwick Armstrong Charlton Dodd Elliot Forster Graham Heron Irving "
    "Jardine Kerr Liddle Milburn Nixon Ogle Potts Ridley Scott Tait Trotter Urwin Vance Wilkinson Young Robson Storey Selby Thirlwall"
).split()


def full_names(count: int) -> list[str]:
    """`count` different full names, always the same ones in the same order."""
    # The two lengths share no divisor, so that walking both at once meets every pair before it meets one again.
    return [f"{FIRST[n % len(FIRST)]} {LAST[(n + n // len(FIRST)) % len(LAST)]}" for n in range(count)]
