"""Three Rivers Colleges, a network of colleges: staff and students, words of their own, and badges of thanks."""

from __future__ import annotations

from hexmark.demo.tale import Chapter, Group, House, Own, Persona

_COLLEGES = ("College on the Tyne", "College on the Wear", "College on the Tees")
_ALL = ("teachers", "students")


def _thanks(name: str, description: str, share: float) -> Chapter:
    """Given by others, for something that they saw."""
    return Chapter(
        name,
        description,
        "Nobody applies for this. Somebody saw it, wrote down what they saw, and a second person agreed.",
        "A1",
        0,
        "Badge",
        of=_ALL,
        share=share,
        sittings=8,
        days_back=500,
        own=(Own("Yara Heron", 60),) if name == "Came to the Rescue" else (),
        tags=("thanks",),
        roles=("Everybody",),
        subjects=("Working together",),
        small=name == "Came to the Rescue",
    )


CHAPTERS = (
    Chapter(
        "First Steps: Transparency",
        "Works where others can see it, and says so when something went wrong.",
        "Show one of these: an open lesson plan, an open mark scheme, an open meeting, a mistake told, data shared.",
        "A2",
        1,
        "Badge",
        of=_ALL,
        share=0.45,
        sittings=8,
        own=(Own("Yara Heron", 300),),
        tags=("open practice",),
        roles=("Teacher", "Student"),
        subjects=("Open practice",),
        hours=3,
        assessment="A triad: three peers, each looks at the other two, and all must agree.",
        small=True,
    ),
    Chapter(
        "Open Practice",
        "Has changed a course so that others can use it.",
        "A course or unit in use at a second college, with what they changed.",
        "A3",
        2,
        "Competency",
        of=("teachers",),
        share=0.3,
        sittings=5,
        days_back=600,
        needs="First Steps: Transparency",
        tags=("open practice", "teaching"),
        roles=("Teacher",),
        subjects=("Open practice", "Teaching"),
        hours=25,
    ),
    Chapter(
        "Safe Staffing",
        "Plans a shift so that nobody is alone with what takes two.",
        "A plan for four weeks in a real home, with the two worst nights worked through.",
        "A3",
        3,
        "Competency",
        24,
        of=("students",),
        share=0.3,
        sittings=4,
        days_back=500,
        tags=("care", "planning"),
        roles=("Home manager",),
        subjects=("Safety", "Planning"),
        hours=20,
        evidence="The plan, without names.",
        assessment="Two assessors, one of them from a home.",
    ),
    Chapter(
        "Prove it in Two Languages",
        "Darganfod nam a'i egluro mewn dwy iaith.",
        "Esboniwch un gwaith ymarferol yn Gymraeg ac yn Saesneg i ddau wrandäwr gwahanol.",
        "A2",
        1,
        "Badge",
        of=("students",),
        share=0.15,
        sittings=3,
        days_back=400,
        tags=("languages",),
        roles=("Student",),
        subjects=("Languages",),
        hours=2,
        language="cy",
    ),
    _thanks("Kept it Positive", "Was kind when it was hard.", 0.2),
    _thanks("Came to the Rescue", "Was there when something was about to go wrong.", 0.2),
    _thanks("Kicked Off a Discussion", "Asked the question that everybody had.", 0.15),
)

RIVERS = House(
    slug="three-rivers",
    name="Three Rivers Colleges",
    description="Three colleges on three rivers that recognise what people do, wherever they do it.",
    mail_domain="three-rivers.example",
    steward="Tariq Graham",
    groups=(
        Group("teachers", "Teaching", _COLLEGES, 48, "Teacher", small_teams=3, small_people=8),
        Group(
            "students",
            "Students",
            tuple(f"Students, {college}" for college in _COLLEGES),
            72,
            "Student",
            "registrant",
            small_teams=3,
            small_people=10,
        ),
    ),
    personas=(
        Persona("Tariq Graham", "teachers", "runs the badges of three colleges", ("steward", "member"), heads=True),
        Persona("Yara Heron", "students", "a student whom others thanked"),
    ),
    chapters=CHAPTERS,
    settings={
        "word_badge": "micro-credential",
        "word_badge_plural": "micro-credentials",
        "word_unassessed": "recognition",
        "word_unassessed_plural": "recognitions",
        "word_assessed": "micro-credential",
        "word_assessed_plural": "micro-credentials",
    },
)
