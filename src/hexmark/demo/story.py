"""What the demo organisation awards, to whom and when. Everything here is invented; dates count back from today."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

SLUG = "hexham"
NAME = "Hexham Instruments"
DESCRIPTION = "Makers of test equipment in the Tyne valley. 640 colleagues, and engineers at 22 customers who keep our instruments running."
MAIL_DOMAIN = "hexham.example"
PEOPLE = 128
#: Who can sign in, by their place in the list of people.
MEMBER, STEWARD, OWNER = 0, 10, 11
#: The story is the same each time: the draw of earners begins from this number.
SEED = 1923


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill in the demo's own framework."""

    name: str
    code: str

    @property
    def url(self) -> str:
        """Its address, which nobody serves."""
        return f"https://skills.hexham.example/{self.code.lower()}"


@dataclass(frozen=True, slots=True)
class Chapter:
    """One achievement and its history: how many earned it, in how many sittings, over how many past days."""

    name: str
    description: str
    criteria: str
    assurance: str
    level: int
    achievement_type: str
    validity_months: int | None
    earners: int
    sittings: int
    days_back: int
    tags: tuple[str, ...] = ()
    skills: tuple[Skill, ...] = field(default=())
    #: Whether the member who can sign in is among the earners; she must have something to look at.
    of_member: bool = False


CHAPTERS = (
    Chapter(
        name="PLC Basics",
        description="Reads a ladder diagram, finds a fault in a small control program and puts it right.",
        criteria="1. Finish the five units.\n2. Correct the faulty conveyor program on the bench.\n3. Answer 8 of 10 questions.",
        assurance="A2",
        level=1,
        achievement_type="Course",
        validity_months=None,
        earners=84,
        sittings=12,
        days_back=880,
        tags=("automation", "control"),
        skills=(Skill("PLC programming", "AUT-101"),),
        of_member=True,
    ),
    Chapter(
        name="Test Systems Associate",
        description="Sets up a standard test system on site and explains its results to the customer.",
        criteria="- Pass the two-hour examination with at least 75 %.\n- Build and calibrate a test bench under observation.",
        assurance="A4",
        level=2,
        achievement_type="Certification",
        validity_months=24,
        earners=56,
        sittings=8,
        days_back=600,
        tags=("test systems", "field engineering"),
        skills=(Skill("Test system set-up", "TST-201"), Skill("Calibration", "TST-202")),
        of_member=True,
    ),
    Chapter(
        name="Test Systems Developer",
        description="Designs and maintains test sequences that others can read, run and trust.",
        criteria="Hold the Associate. Submit a working test application, then defend its design before two examiners.",
        assurance="A4",
        level=3,
        achievement_type="Certification",
        validity_months=36,
        earners=31,
        sittings=6,
        days_back=900,
        tags=("test systems", "software"),
        skills=(Skill("Test sequence design", "TST-301"),),
    ),
    Chapter(
        name="Test Systems Architect",
        description="Answers for the test strategy of a whole product line, from bench to production.",
        criteria="Hold the Developer. Present a test architecture in use for six months, with figures, to a panel of three.",
        assurance="A4",
        level=4,
        achievement_type="Certification",
        validity_months=48,
        earners=9,
        sittings=3,
        days_back=700,
        tags=("test systems", "architecture"),
        skills=(Skill("Test strategy", "TST-401"),),
    ),
    Chapter(
        name="Safety Champion",
        description="Looks after the safety of a crew on customers' sites and speaks up early.",
        criteria="- Lead four toolbox talks.\n- Close two near-miss reports with what was changed.\n- Be observed once on site.",
        assurance="A3",
        level=2,
        achievement_type="Badge",
        validity_months=36,
        earners=48,
        sittings=10,
        days_back=820,
        tags=("safety",),
        skills=(Skill("Site safety", "SAF-210"),),
        of_member=True,
    ),
    Chapter(
        name="Discovery Practitioner",
        description="Finds out what a customer needs before talking of what we sell.",
        criteria="Three recorded conversations, judged against the discovery rubric: each criterion at least “sound”.",
        assurance="A3",
        level=3,
        achievement_type="Competency",
        validity_months=18,
        earners=38,
        sittings=7,
        days_back=400,
        tags=("sales", "customers"),
        skills=(Skill("Needs analysis", "SAL-310"),),
    ),
    Chapter(
        name="Coaching",
        description="Helps colleagues find their own answers, in conversations that they rate as useful.",
        criteria="Five coaching conversations with notes, two of them observed, and a reflection of 600 words.",
        assurance="A3",
        level=3,
        achievement_type="Competency",
        validity_months=None,
        earners=27,
        sittings=5,
        days_back=760,
        tags=("leadership", "people"),
        skills=(Skill("Coaching", "LDR-320"),),
        of_member=True,
    ),
    Chapter(
        name="Open Day Helper",
        description="Welcomed visitors and showed them what we make.",
        criteria="Take part in an open day for at least half a day, at a station or as a guide.",
        assurance="A1",
        level=1,
        achievement_type="CommunityService",
        validity_months=None,
        earners=52,
        sittings=3,
        days_back=500,
        tags=("community",),
        of_member=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One past decision: a chapter, the earners by their place in the list of people, and how many days ago."""

    chapter: Chapter
    earners: tuple[int, ...]
    days_ago: int


def sittings(chapter: Chapter, *, people: int) -> list[Sitting]:
    """The chapter's past decisions, oldest first; the same for every demo. Nobody earns it twice."""
    draw = random.Random(f"{SEED} {chapter.name}")  # noqa: S311 (a story, not a secret)
    earners = draw.sample(range(people), chapter.earners)
    step = chapter.days_back // chapter.sittings
    groups = [tuple(earners[n :: chapter.sittings]) for n in range(chapter.sittings)]
    if chapter.of_member and MEMBER not in earners:
        # In the place of whoever was drawn last, so that as many earn it as the chapter says.
        groups[-1] = (*groups[-1][:-1], MEMBER)
    return [Sitting(chapter=chapter, earners=group, days_ago=chapter.days_back - n * step) for n, group in enumerate(groups)]
