"""How surely an achievement was shown: five steps, from somebody's own word to an examination."""

from django.db import models


class Assurance(models.TextChoices):
    """A0 to A4, in the words that people see. Comparing the values as text compares the steps."""

    STATED = "A0", "Self-stated"
    TOOK_PART = "A1", "Took part"
    COMPLETED = "A2", "Completed"
    JUDGED = "A3", "Evidence judged"
    EXAMINED = "A4", "Examined"
