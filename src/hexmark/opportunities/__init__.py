"""Openings (posts, projects, courses, mentoring, pay steps, events), who can apply, and who raised their hand."""
