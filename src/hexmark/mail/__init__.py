"""Messages to people: an outbox, templates in several languages, delivery."""
