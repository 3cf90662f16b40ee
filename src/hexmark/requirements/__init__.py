"""One language for every rule about what a person holds: who can apply, what a role needs, when a target is met.

Pure: no Django, clock, network or randomness. Facts and the moment arrive as arguments, an Explanation comes back, and the same question
always has the same answer. Requirements are kept as JSON (`parse`, `to_json`); nothing is stored here.
"""

from hexmark.requirements.explanation import Counted, Explanation, Missing
from hexmark.requirements.facts import (
    AttributeFact,
    ConsentFact,
    CredentialFact,
    FactKind,
    Holdings,
    MeasureFact,
    PointsFact,
    ReviewMarkFact,
    SkillLevel,
    TenureFact,
)
from hexmark.requirements.rules import Requirement

__all__ = [
    "AttributeFact",
    "ConsentFact",
    "Counted",
    "CredentialFact",
    "Explanation",
    "FactKind",
    "Holdings",
    "MeasureFact",
    "Missing",
    "PointsFact",
    "Requirement",
    "ReviewMarkFact",
    "SkillLevel",
    "TenureFact",
]
