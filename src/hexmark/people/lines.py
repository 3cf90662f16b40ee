"""Whom somebody manages or leads, as one subquery. The SQL is the same on SQLite and PostgreSQL.

`UNION` instead of `UNION ALL` ends at a loop, should one ever come to stand in the table.
"""

from __future__ import annotations

from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

_LED = """
WITH RECURSIVE line(id) AS (
    SELECT report.id FROM people_person report JOIN people_person manager ON manager.id = report.manager_id
    WHERE manager.id = %s AND manager.left_at IS NULL
    UNION
    SELECT report.id FROM people_person report JOIN line ON report.manager_id = line.id
), led(id) AS (
    SELECT team.id FROM people_team team JOIN people_person lead ON lead.id = team.lead_id
    WHERE lead.id = %s AND lead.left_at IS NULL AND team.closed_at IS NULL
    UNION
    SELECT part.id FROM people_team part JOIN led ON part.parent_id = led.id
)
SELECT id FROM line UNION SELECT member.id FROM people_person member JOIN led ON member.team_id = led.id
"""

_TEAMS_LED = """
WITH RECURSIVE led(id) AS (
    SELECT team.id FROM people_team team JOIN people_person lead ON lead.id = team.lead_id
    WHERE lead.id = %s AND lead.left_at IS NULL AND team.closed_at IS NULL
    UNION
    SELECT part.id FROM people_team part JOIN led ON part.parent_id = led.id
)
SELECT id FROM led
"""

_LINE = """
WITH RECURSIVE line(id) AS (
    SELECT id FROM people_person WHERE id = %s
    UNION
    SELECT report.id FROM people_person report JOIN line ON report.manager_id = line.id
)
SELECT id FROM line
"""
_WITHIN = """
WITH RECURSIVE within(id) AS (
    SELECT id FROM people_team WHERE id = %s
    UNION
    SELECT part.id FROM people_team part JOIN within ON part.parent_id = within.id
)
SELECT id FROM within
"""


def people_led_by(person_id: int) -> RawSQL:
    """Ids of everybody in this person's reporting line, and in the teams that they lead with those within; nobody's, once they left.

    For `…__in=`. The organisation is not asked: a manager, a lead and their people always share one.
    """
    return RawSQL(_LED, [person_id, person_id], output_field=BigIntegerField())  # noqa: S611 (no text of anybody is in it)


def teams_led_by(person_id: int) -> RawSQL:
    """Ids of the open teams that this person leads, with those within; none, once they left. For `…__in=`."""
    return RawSQL(_TEAMS_LED, [person_id], output_field=BigIntegerField())  # noqa: S611 (no text of anybody is in it)


def line_of(person_id: int) -> RawSQL:
    """Ids of this person and everybody who reports to them, directly or through others, whoever has left."""
    return RawSQL(_LINE, [person_id], output_field=BigIntegerField())  # noqa: S611 (no text of anybody is in it)


def teams_within(team_id: int) -> RawSQL:
    """Ids of this team and all teams within it."""
    return RawSQL(_WITHIN, [team_id], output_field=BigIntegerField())  # noqa: S611 (no text of anybody is in it)
