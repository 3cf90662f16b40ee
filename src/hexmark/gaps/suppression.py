"""Which figures about groups may be shown, so that nothing about few people can be worked out from what is. No database.

Teams stand within teams, so what is shown of one is contained in what is shown of another. Whoever takes the smaller from the larger
learns of the *remainder*: the people of a unit who are in none of its shown parts. Sets that contain each other or have nobody in common
can be combined into nothing smaller than such remainders; so it is enough, and necessary, that each has nobody or at least k people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: Nobody may set it lower.
FLOOR = 5
DEFAULT_K = 10


def publishable(children: Mapping[int | None, Sequence[int]], sizes: Mapping[int | None, int], k: int = DEFAULT_K) -> set[int | None]:
    """The units of a tree whose figures may be shown together. The root is None; `sizes` count each unit with its parts.

    A unit is left out when it has fewer than k people, and so is, smallest first, whatever would leave a remainder of fewer than k.

    Raises:
        ValueError: k is below the floor.
    """
    if k < FLOOR:
        raise ValueError(f"Groups of fewer than {FLOOR} are never shown.")
    shown: dict[int | None, list[int | None]] = {}
    tops: dict[int | None, list[int | None]] = {}
    for unit in _leaves_first(children):
        parts = [top for child in children.get(unit, ()) for top in tops[child]]
        if sizes.get(unit, 0) < k:
            # Nothing within it has k people either.
            tops[unit] = []
            continue
        shown[unit] = _safe_parts(sizes[unit], parts, shown, sizes, k)
        tops[unit] = [unit]
    return set(shown)


def _safe_parts(
    size: int, parts: list[int | None], shown: dict[int | None, list[int | None]], sizes: Mapping[int | None, int], k: int
) -> list[int | None]:
    """The parts of a unit that stay shown, once so many are hidden that its remainder is nobody, or k people."""
    parts = list(parts)
    rest = size - sum(sizes[part] for part in parts)
    while parts and 0 < rest < k:
        hidden = min(parts, key=lambda one: (sizes[one], str(one)))
        parts.remove(hidden)
        within = shown.pop(hidden)
        # What was shown within it stays, and stands against the unit itself from now on.
        parts += within
        rest += sizes[hidden] - sum(sizes[one] for one in within)
    return parts


def _leaves_first(children: Mapping[int | None, Sequence[int]]) -> list[int | None]:
    order: list[int | None] = []
    waiting: list[int | None] = [None]
    while waiting:
        unit = waiting.pop()
        order.append(unit)
        waiting.extend(children.get(unit, ()))
    return order[::-1]
