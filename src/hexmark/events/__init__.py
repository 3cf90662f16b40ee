"""What happened: an append-only log that is also the outbox from which subscribers are told.

Downstream rooms call upstream; upstream informs downstream only by events. Reading order: `event_types` of a room says
what it records, `subscribers` of another says what it does then.
"""
