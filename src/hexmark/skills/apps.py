"""Django's entry for skills."""

from django.apps import AppConfig


class SkillsConfig(AppConfig):
    """Frameworks, skills and the needs of job roles."""

    name = "hexmark.skills"
    label = "skills"
