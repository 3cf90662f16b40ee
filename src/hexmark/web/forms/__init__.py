"""Forms: what people type, cleaned; the acts themselves are actions."""
