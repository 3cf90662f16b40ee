"""The four organisations of the demo world. Everything in them is invented."""

from __future__ import annotations

from hexmark.demo.houses.care import CARE
from hexmark.demo.houses.hexham import HEXHAM
from hexmark.demo.houses.reivers import REIVERS
from hexmark.demo.houses.rivers import RIVERS
from hexmark.demo.tale import House

HOUSES: tuple[House, ...] = (HEXHAM, CARE, RIVERS, REIVERS)
