"""The REST API: a door like the site, which calls actions and queries only."""
