"""The demo world: an invented organisation with people, achievements and real signed badges."""
