"""Twenty-four recipes that between them show every level, domain, body and metal, long and short words, and letters beyond ASCII."""

import json

from hexmark.pressout import Recipe

_RIM = {"upper_left": "Northwind", "upper_right": "Skill", "lower_right": "2026"}


def _recipe(title: str, level: int, domain: str, icon: str, **more: object) -> Recipe:
    members = {"title": title, "level": level, "domain": domain, "icon": icon, "art_version": 2}
    return Recipe.from_json(json.dumps({**members, "rim": {**_RIM, "lower_left": f"Level {level}"}, **more}))


GALLERY: dict[str, Recipe] = {
    "data-steward": _recipe("Data Steward", 4, "data", "database"),
    "safety-champion": _recipe("Safety Champion", 1, "safety", "hard-hat", body="mesh"),
    "net-zero-lead": _recipe("Net Zero Lead", 3, "sustainability", "leaf", arc="Measured result"),
    "team-builder": _recipe("Inclusive Team Builder", 2, "leadership", "users-three"),
    "master-craft": _recipe("Master Craft", 5, "craft", "gear-six", body="spun"),
    "rapid-responder": _recipe("Rapid Responder", 2, "craft", "lightning", body="mesh", metal="copper"),
    "first-aid": _recipe("First Aid", 1, "care", "first-aid-kit"),
    "ward-lead": _recipe("Ward Lead", 3, "care", "stethoscope", body="mesh"),
    "secure-coder": _recipe("Secure Coder", 3, "technology", "shield-check", body="mesh", arc="Peer reviewed"),
    "cloud-architect": _recipe("Cloud Architect", 5, "technology", "cloud-check"),
    "robotics": _recipe("Robotics", 2, "technology", "robot", metal="gunmetal"),
    "insight": _recipe("Insight", 4, "data", "chart-line-up", metal="cobalt", body="mesh"),
    "forester": _recipe("Forester", 3, "sustainability", "tree", metal="emerald"),
    "life-saver": _recipe("Life Saver", 5, "care", "heartbeat", metal="ruby"),
    "toolmaker": _recipe("Toolmaker", 4, "craft", "wrench", metal="titanium", body="spun", arc="By hand"),
    "seafarer": _recipe("Seafarer", 1, "general", "anchor", metal="iron"),
    "champion": _recipe("Champion", 4, "general", "trophy", body="spun"),
    "blacksmith": _recipe("Blacksmith", 2, "craft", "hammer", body="spun"),
    "accents": _recipe("Čeština & Ægir Øst", 3, "general", "translate"),
    "sentence": _recipe("Understands the duties of a keeper of records under the law of data protection", 1, "data", "scales"),
    "one-long-word": _recipe("Donaudampfschifffahrtsgesellschaftskapitän", 2, "general", "boat"),
    "no-letters": _recipe("データ管理者", 4, "data", "database"),
    "no-words": _recipe("Quiet", 5, "leadership", "star", rim={}),
    "long-rim": _recipe("A", 1, "safety", "siren", rim={"upper_left": "Federal Academy of Work", "lower_left": "Continuing education 26"}),
}  # fmt: skip
