"""Care Register North, a regulator: 220 registrants in 40 homes of three employers, and assessors who are guests there."""

from __future__ import annotations

from hexmark.demo.tale import Chapter, Group, House, Own, Persona

_HOMES = (
    "Heather, Rowan, Alder, Birch, Hazel, Hawthorn, Bracken, Gorse, Larch, Willow, Aspen, Elder, Holly, Juniper, Maple, Oak, Sorrel, "
    "Thistle, Yarrow, Foxglove, Harebell, Campion, Tansy, Clover, Sedge, Moss, Fern, Ivy, Reed, Rush, Lark, Plover, Curlew, Heron, "
    "Dipper, Wren, Swift, Teal, Linnet, Merlin"
).split(", ")
_EMPLOYERS = ("Care North", "Care Tyne", "Care Wear")
_REGISTRANTS = ("registrants",)

_ELEMENTS = (
    ("Dignity", "Treats each person as they wish to be treated, also on a bad day."),
    ("Communication", "Is understood, and checks that it was."),
    ("Safeguarding", "Sees when something is wrong, and does what must be done the same day."),
    ("Health and Safety", "Leaves a place safer than it was found."),
    ("Recording", "Writes down what happened, so that the next shift can act on it."),
    ("Reflection", "Says what went badly and what follows from it."),
    ("Rights and Choice", "Knows whose decision it is."),
)


def _element(name: str, description: str, share: float) -> Chapter:
    """One of the seven elements of continuing professional learning."""
    return Chapter(
        f"CPL {name}",
        description,
        "One situation of the last twelve months in your own words: what you did, why, and what you learned. Once a year.",
        "A3",
        2,
        "Competency",
        12,
        of=_REGISTRANTS,
        share=share,
        sittings=9,
        days_back=640,
        own=(Own("Moira Reed", 120),) if name in ("Dignity", "Recording", "Reflection") else (),
        tags=("care", "learning"),
        roles=("Support worker",),
        subjects=(name,),
        hours=3,
        evidence="Between 150 and 300 words that name nobody who is cared for.",
        assessment="An assessor of another employer, within 28 days.",
        small=name in ("Dignity", "Recording"),
    )


def _thing(number: int, description: str) -> Chapter:
    return Chapter(
        f"Thing {number}",
        description,
        "Do it, write down in 150 words what happened, and have it read.",
        "A2",
        1,
        "Badge",
        of=_REGISTRANTS,
        share=0.5,
        sittings=8,
        own=(Own("Moira Reed", 300 - number),),
        tags=("care", "leadership"),
        roles=("Support worker",),
        subjects=("Leadership",),
        hours=2,
    )


CHAPTERS = (
    Chapter(
        "Starter",
        "Has an account with the register and knows what it is for.",
        "Sign in, look around, and say in a sentence what you want to learn first.",
        "A1",
        1,
        "Badge",
        of=_REGISTRANTS,
        share=0.8,
        sittings=12,
        own=(Own("Moira Reed", 600), Own("Sam Bell", 30)),
        tags=("care",),
        roles=("Support worker",),
        subjects=("First steps",),
        hours=0.5,
        small=True,
    ),
    Chapter(
        "Writing Evidence",
        "Writes down what was done, so that somebody who was not there can judge it.",
        "Three short pieces, each read by a colleague who was not there and says what is missing.",
        "A2",
        1,
        "Course",
        of=_REGISTRANTS,
        share=0.5,
        sittings=9,
        own=(Own("Moira Reed", 500),),
        tags=("care", "writing"),
        roles=("Support worker",),
        subjects=("Recording",),
        hours=3,
    ),
    Chapter(
        "Leading Others",
        "Leads colleagues through a shift, a change or a hard day.",
        "Three answers of at least 150 words each, 450 to 900 together; an endorsement by a manager within three months.",
        "A3",
        3,
        "Competency",
        of=_REGISTRANTS,
        share=0.22,
        sittings=8,
        days_back=700,
        own=(Own("Moira Reed", 62, "Three answers of 210, 190 and 240 words; the second one is an example for others."),),
        tags=("care", "leadership"),
        roles=("Support worker", "Home manager"),
        subjects=("Leadership",),
        hours=12,
        evidence="Three answers in your own words, or a recording.",
        assessment="An assessor of another employer, within 28 days; one decision in ten is looked at again.",
        small=True,
    ),
    _thing(12, "Asked for feedback, and did something with it."),
    _thing(13, "Changed one small thing that had annoyed everybody."),
    _thing(14, "Thanked somebody for something particular."),
    Chapter(
        "Self-leadership",
        "Leads the one person who is always there.",
        "Hold Thing 12, Thing 13 and Thing 14.",
        "A2",
        2,
        "Badge",
        of=_REGISTRANTS,
        share=0.4,
        sittings=6,
        days_back=600,
        needs="Thing 14",
        own=(Own("Moira Reed", 200),),
        tags=("care", "leadership"),
        roles=("Support worker",),
        subjects=("Leadership",),
    ),
    *(
        _element(name, description, share)
        for (name, description), share in zip(_ELEMENTS, (0.5, 0.45, 0.5, 0.42, 0.55, 0.35, 0.4), strict=True)
    ),
)

CARE = House(
    slug="care-register-north",
    name="Care Register North",
    description="We register people who care for others, and recognise what they learn while they do it.",
    mail_domain="register.example",
    steward="Maeve Forster",
    groups=(
        Group("office", "", ("Register office",), 8, "Registrar", small_teams=1, small_people=3),
        Group("assessors", "", ("Assessors",), 6, "Assessor", kind="guest", small_teams=1, small_people=2),
        Group(
            "registrants",
            "Employers",
            tuple(f"{_EMPLOYERS[n % 3]}: {home} House" for n, home in enumerate(_HOMES)),
            220,
            "Support worker",
            kind="registrant",
            domains=tuple(f"{_EMPLOYERS[n % 3].lower().replace(' ', '-')}.example" for n in range(40)),
            small_teams=3,
            small_people=18,
        ),
    ),
    personas=(
        Persona("Maeve Forster", "office", "runs the register's badges", ("steward", "member"), heads=True),
        Persona("Bea Fenwick", "assessors", "a guest who judges here", ("assessor",), heads=True, email="bea.fenwick@hexham.example"),
        Persona("Moira Reed", "registrants", "leads others; the endorsement is due in four weeks"),
        Persona("Sam Bell", "registrants", "has only just begun", started_days_ago=40),
    ),
    chapters=CHAPTERS,
    settings={"email": "office@register.example"},
)
