"""Stored files, uploaded images, and text that people write: storage, Markdown, pictures."""
