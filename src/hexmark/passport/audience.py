"""Who may see one credential on the site, as its holder chose."""

from django.db import models


class Audience(models.TextChoices):
    """From everybody to nobody. A credential that was not accepted is seen by nobody, whatever stands here."""

    PUBLIC = "public", "Public"
    ORGANISATION = "organisation", "The organisation"
    LINK = "link", "Whoever has the link"
    ONLY_ME = "only_me", "Only me"
