"""What measures record."""

from enum import StrEnum


class EventType(StrEnum):
    """Events about figures, their values, and who objects to them."""

    MEASURE_DEFINED = "measure.defined"
    MEASURE_CHANGED = "measure.changed"
    MEASURE_SWITCHED_ON = "measure.switched_on"
    MEASURE_SWITCHED_OFF = "measure.switched_off"
    VALUES_CHANGED = "measure.values_changed"
    RECORDS_CHANGED = "measure.records_changed"
    IMPORT_RUN = "measure.import_run"
    OBJECTED = "measure.objected"
    OBJECTION_WITHDRAWN = "measure.objection_withdrawn"
