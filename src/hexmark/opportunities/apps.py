"""Django's entry for opportunities."""

from django.apps import AppConfig


class OpportunitiesConfig(AppConfig):
    """Openings, who can apply, and who raised their hand."""

    name = "hexmark.opportunities"
    label = "opportunities"

    def ready(self) -> None:
        """The subscribers and jobs are registered."""
        from hexmark.opportunities import jobs, subscribers  # noqa: F401
