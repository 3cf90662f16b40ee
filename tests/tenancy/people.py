"""People and teams."""

from collections.abc import Mapping
from datetime import date

from hexmark.issuing.models import Credential
from hexmark.people.imports import check, read
from hexmark.people.records import give_role, move_to_team
from hexmark.people.teams import make_team
from tests.tenancy.area import Area
from tests.world import World


def values(acme: World, credential: Credential) -> Mapping[str, str]:
    """Somebody with a job role in a team, and a list that was checked."""
    person = acme.person("Someone Else")
    team = make_team(acme.organisation, name="Line 4", actor=acme.steward)
    move_to_team(person, team=team, actor=acme.steward)
    role = give_role(person, name="Welder", starts_on=date(2026, 1, 1), actor=acme.steward)
    data = b"email,name\nnew@acme.example,New Here\nbad,Bad\n"
    whole = check(read(acme.organisation, data=data, file_name="people.csv", actor=acme.steward), actor=acme.steward)
    return {"person_id": person.public_id, "team_id": team.public_id, "import_id": whole.public_id, "assignment": str(role.pk)}


AREA = Area(
    # Of one's own people, if one manages or leads any; nobody's else.
    own=frozenset("team team_export team_matrix team_matrix_export".split()),
    of_the_organisation=frozenset("people people_export person_new people_import_begin people_import_template teams team_new".split()),
    of_a_thing=frozenset(
        """
        person person_edit person_leave person_return person_invite person_role person_role_end team_one team_edit team_close
        people_import people_import_check people_import_run people_import_pause people_import_resume people_import_result
        people_import_to_mend
        """.split()
    ),
    values=values,
)
