"""Hexham Instruments, makers of test equipment: 640 staff, and 180 engineers at 22 customers."""

from __future__ import annotations

from hexmark.demo.houses.hexham_chapters import CHAPTERS
from hexmark.demo.houses.hexham_ladders import LADDERS
from hexmark.demo.tale import Group, House, Persona

_REGIONS = ("Tyne", "Wear", "Tees", "Solway", "Forth", "Humber")
_FIRMS = (
    "Kielder Hydro, Redesdale Rail, Blyth Turbines, Coquet Castings, Allendale Optics, Rothbury Foods, Alnmouth Marine, Otterburn Lifts, "
    "Simonside Cables, Haltwhistle Paper, Corbridge Pumps, Wooler Dairies, Bamburgh Batteries, Cheviot Cranes, Hareshaw Glass, "
    "Warkworth Wind, Seahouses Sonar, Till Valves, Belsay Boilers, Wark Wheels, Elsdon Sensors, Amble Yards"
).split(", ")

GROUPS = (
    Group("academy", "", ("Academy",), 14, "Trainer", small_teams=1, small_people=4),
    Group("digital", "", ("Digital",), 20, "Software developer", small_teams=1, small_people=10),
    Group(
        "field",
        "Field Engineering",
        tuple(f"Field {region} {crew}" for region in _REGIONS for crew in range(1, 7)),
        396,
        "Field engineer",
        small_teams=4,
        small_people=44,
    ),
    Group(
        "sales",
        "Sales",
        tuple(f"Sales {side} {n}" for side in ("North", "South") for n in range(1, 16)),
        120,
        "Sales adviser",
        small_people=12,
    ),
    Group("cloud", "Cloud Support", tuple(f"Cloud desk {n}" for n in range(1, 31)), 90, "Cloud support engineer", small_people=12),
    Group(
        "customers",
        "Customers",
        tuple(_FIRMS),
        180,
        "Test engineer",
        kind="customer",
        domains=tuple(f"{firm.lower().replace(' ', '-')}.example" for firm in _FIRMS),
        small_teams=3,
        small_people=12,
    ),
)

PERSONAS = (
    Persona("Bea Fenwick", "academy", "runs the badges, judges evidence, manages people", ("steward", "assessor", "member"), heads=True),
    Persona("Noor Armstrong", "digital", "owns programmes: defines, publishes, awards", ("programme_owner", "member"), heads=True),
    Persona("Ines Charlton", "academy", "looks after people and teams", ("hr", "member")),
    Persona("Leif Elliot", "academy", "may read everything and change nothing", ("auditor", "member")),
    Persona("Ewa Nowak", "academy", "instructor; the technical part lapses next month"),
    Persona("Amina Hall", "digital", "four of the seven parts of a ladder"),
    Persona("Tom Lund", "digital", "much learned, little assessed yet"),
    Persona("Hugo Dodd", "field", "leads Field Engineering and sees what its people hold", heads=True),
    Persona("Callum Marsh", "field", "Developer since three years, lapsed three weeks ago"),
    Persona("Priya Okafor", "field", "left in spring; her badges came along", personal="priya.okafor@post.example"),
    Persona("Jo Carter", "field", "eighteen months in the role, coaching and safety in date", started_days_ago=560),
    Persona("Femi Adeyemi", "sales", "a credential that has expired"),
    Persona("Rana Haddad", "cloud", "shows her badges to nobody"),
    Persona("Lin Zhao", "customers", ""),
)

HEXHAM = House(
    slug="hexham",
    name="Hexham Instruments",
    description="Makers of test equipment in the Tyne valley. 640 colleagues, and engineers at 22 customers who keep it running.",
    mail_domain="hexham.example",
    steward="Bea Fenwick",
    groups=GROUPS,
    personas=PERSONAS,
    chapters=(*CHAPTERS, *LADDERS),
    settings={"website": "https://hexham.example", "email": "academy@hexham.example"},
)
