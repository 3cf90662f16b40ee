"""Version 1 of the API. Routes turn ids into objects and call actions and queries; they decide nothing."""
