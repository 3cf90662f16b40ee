"""Targets, plans, figures and scores."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from hexmark.issuing.models import Credential
from hexmark.measures.definitions import Definition, define_measure, switch_on
from hexmark.measures.imports import read_values
from hexmark.measures.models import Observation
from hexmark.measures.values import Value, bring_values
from hexmark.people.models import Person
from hexmark.people.records import job_role
from hexmark.people.teams import make_team
from hexmark.performance.models import Outline, RoleTarget
from hexmark.performance.plans.actions import Step, assign_plan, make_outline
from hexmark.performance.plans.scores import Category, make_scorecard
from hexmark.performance.targets.actions import propose_target
from hexmark.performance.targets.roles import Need, ask_of_role
from hexmark.performance.targets.terms import Proposal
from tests.tenancy.area import Area
from tests.world import World

TEXT = "As we agreed."
MEMBERS_READ = "measures measure measure_history measure_export measure_records"


def values(acme: World, credential: Credential) -> Mapping[str, str]:
    """A figure with a value and a list, and a target and a plan of somebody who does not report to the manager."""
    definition = Definition(name="Calls", per="person", purpose=TEXT, notice=TEXT)
    measure = define_measure(acme.organisation, definition=definition, actor=acme.steward)
    switch_on(measure, actor=acme.steward)
    measure.refresh_from_db()
    bring_values(measure, [Value(person=acme.member_person, on=date(2026, 1, 1), value=Decimal(4))], source="test", actor=acme.steward)
    whole = read_values(measure, data=b"person,on,value\nnobody,2026-01-01,4\n", file_name="calls.csv", actor=acme.steward)
    need = Need("Calls well", {"type": "achievement", "achievement": "https://badges.acme.example/b/calls"})
    ask_of_role(job_role(acme.organisation.pk, "Caller"), [need], due_months=6, consequence=TEXT, adjustments=TEXT, actor=acme.steward)
    team = make_team(acme.organisation, name="Partner Ltd", actor=acme.steward)
    points = Category("Skilling", 40, achievements=("https://badges.acme.example/b/calls",), points_each=10)
    card = make_scorecard(acme.organisation, team=team, name="Score", minimum_total=10, categories=[points], actor=acme.steward)
    make_outline(acme.organisation, name="First days", steps=[Step("exercise", "Look around", 1)], actor=acme.steward)
    return {
        "measure_id": measure.public_id,
        "value_id": str(Observation.objects.get().pk),
        "role_target_id": RoleTarget.objects.get().public_id,
        "card_id": card.public_id,
        "outline_id": Outline.objects.get().public_id,
        "place": "1",
        **of(acme, acme.person("Not Reporting")),
        "list_id": whole.public_id,
    }


def of(acme: World, person: Person) -> Mapping[str, str]:
    """A target and a plan of this person."""
    due = timezone.localdate() + timedelta(days=30)
    rule = {"type": "achievement", "achievement": "https://badges.acme.example/b/calls"}
    proposal = Proposal("Calls well", due, person=person, rule=rule, consequence=TEXT, adjustments=TEXT)
    target = propose_target(acme.organisation, proposal, actor=acme.steward)
    plan = assign_plan(Outline.objects.get(), to=person, actor=acme.steward)
    return {"target_id": target.public_id, "plan_id": plan.public_id}


AREA = Area(
    # One's own, and one's people's; nobody's else.
    own=frozenset("targets target_new targets_import targets_export team_targets plans".split()),
    of_the_organisation=frozenset("role_targets outline_new scores measures measure_new measure_records".split()),
    of_a_thing=frozenset(
        """
        role_target_end target target_change target_agree target_pause target_resume target_withdraw target_restore target_comment
        outline plan plan_tick plan_end score measure_import measure measure_edit measure_switch measure_object measure_history
        measure_correct measure_bring measure_export
        """.split()
    ),
    members_may=frozenset({("get", name) for name in MEMBERS_READ.split()} | {("post", "measure_object")}),
    values=values,
)
