"""Addresses of people and teams."""

from __future__ import annotations

from django.urls import path

from hexmark.web import importing, people, team, teams

urlpatterns = [
    path("people", people.index, name="people"),
    path("people/export.csv", people.export, name="people_export"),
    path("people/new", people.new, name="person_new"),
    path("people/import", importing.begin, name="people_import_begin"),
    path("people/import/template.csv", importing.empty_list, name="people_import_template"),
    path("people/import/<public_id:import_id>", importing.one, name="people_import"),
    path("people/import/<public_id:import_id>/check", importing.check, name="people_import_check"),
    path("people/import/<public_id:import_id>/run", importing.run, name="people_import_run"),
    path("people/import/<public_id:import_id>/pause", importing.pause, name="people_import_pause"),
    path("people/import/<public_id:import_id>/resume", importing.resume, name="people_import_resume"),
    path("people/import/<public_id:import_id>/result.csv", importing.result, name="people_import_result"),
    path("people/import/<public_id:import_id>/to-mend.csv", importing.to_mend, name="people_import_to_mend"),
    path("people/<public_id:person_id>", people.person, name="person"),
    path("people/<public_id:person_id>/edit", people.edit, name="person_edit"),
    path("people/<public_id:person_id>/leave", people.leave, name="person_leave"),
    path("people/<public_id:person_id>/return", people.come_back, name="person_return"),
    path("people/<public_id:person_id>/invite", people.invite, name="person_invite"),
    path("people/<public_id:person_id>/roles", people.give_role, name="person_role"),
    path("people/<public_id:person_id>/roles/<int:assignment>/end", people.end_role, name="person_role_end"),
    path("teams", teams.index, name="teams"),
    path("teams/new", teams.new, name="team_new"),
    path("teams/<public_id:team_id>", teams.team, name="team_one"),
    path("teams/<public_id:team_id>/edit", teams.edit, name="team_edit"),
    path("teams/<public_id:team_id>/close", teams.close, name="team_close"),
    path("team", team.index, name="team"),
    path("team/export.csv", team.export, name="team_export"),
    path("team/matrix", team.matrix, name="team_matrix"),
    path("team/matrix.csv", team.matrix_export, name="team_matrix_export"),
]
