"""One language for every rule about what a person holds: who can apply, what a role needs, when a target is met.

Pure: no Django, clock, network or randomness. Facts and the moment arrive as arguments, an Explanation comes back, and the same question
always has the same answer. Requirements are kept as JSON (`parse`, `to_json`); nothing is stored here.
"""

from hexmark.requirements.codec import RequirementError, parse, to_json
from hexmark.requirements.evaluate import Answers, evaluate, evaluate_many
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
from hexmark.requirements.preview import Change, preview
from hexmark.requirements.references import references
from hexmark.requirements.rules import Requirement
from hexmark.requirements.sentences import sentence
from hexmark.requirements.wording import Wording

__all__ = [
    "Answers",
    "AttributeFact",
    "Change",
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
    "RequirementError",
    "ReviewMarkFact",
    "SkillLevel",
    "TenureFact",
    "Wording",
    "evaluate",
    "evaluate_many",
    "parse",
    "preview",
    "references",
    "sentence",
    "to_json",
]
