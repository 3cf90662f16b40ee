"""What is recorded of targets and plans. The page of a target shows these as its history, so each tells what was before."""

from enum import StrEnum


class EventType(StrEnum):
    """Events about targets, what roles ask for, plans, and scores of partners."""

    PROPOSED = "target.proposed"
    CHANGED = "target.changed"
    AGREED = "target.agreed"
    LIVE = "target.live"
    MET = "target.met"
    LAPSED = "target.lapsed"
    SHOWN_AGAIN = "target.shown_again"
    UNMET = "target.unmet"
    PAUSED = "target.paused"
    RESUMED = "target.resumed"
    WITHDRAWN = "target.withdrawn"
    RESTORED = "target.restored"
    COMMENTED = "target.commented"
    ROLE_TARGET_MADE = "role_target.made"
    ROLE_TARGET_ENDED = "role_target.ended"
    OUTLINE_MADE = "outline.made"
    PLAN_ASSIGNED = "plan.assigned"
    PLAN_STEP_DONE = "plan.step_done"
    PLAN_STEP_UNDONE = "plan.step_undone"
    PLAN_ENDED = "plan.ended"
    SCORECARD_MADE = "scorecard.made"
