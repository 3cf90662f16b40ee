"""The archive of a whole installation: its form, writing it, reading it, and loading it into an empty database.

A gzipped tar (ustar) of plain files: `tables/<model>/<part>.jsonl`, `files/<aa>/<sha256>`, at the end `manifest.json` with the
hash of every part and `manifest.hmac`, which whoever holds the key-encryption key can check.
"""
