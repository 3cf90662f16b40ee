"""The product's settings with an address, secrets and a data directory for tests."""

import os
import tempfile

os.environ["HEXMARK_PUBLIC_URL"] = "https://badges.acme.example"
os.environ["HEXMARK_SECRET_KEY"] = "only for tests, and long enough to be taken seriously"
os.environ["HEXMARK_KEY_ENCRYPTION_KEY"] = "dGVzdHMgb25seTogdGhpcnR5LXR3byBieXRlcyBvZiA="
os.environ["HEXMARK_DATA_DIR"] = os.environ.get("HEXMARK_TEST_DATA_DIR") or tempfile.mkdtemp(prefix="hexmark-tests-")
os.environ["HEXMARK_DATABASE_URL"] = os.environ.get("HEXMARK_TEST_DATABASE_URL", "")
os.environ.pop("HEXMARK_DEMO", None)

from hexmark.project.settings import *  # noqa: F403

ALLOWED_HOSTS = ["badges.acme.example", "testserver"]
# The real hasher takes a quarter of a second on purpose; one test uses it by name.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "django.contrib.auth.hashers.Argon2PasswordHasher"]
# A wake-up call is answered where it is made; tests of the real queue start real workers.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}}
