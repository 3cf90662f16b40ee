"""Django's settings, drawn from `configuration`. No decision of a programme stands here."""

from __future__ import annotations

from pathlib import Path

from django.core.management.utils import get_random_secret_key

from hexmark.configuration import database, read

CONFIGURATION = read()
PACKAGE = Path(__file__).resolve().parent.parent

PUBLIC_URL = CONFIGURATION.public_url
DATA_DIR = CONFIGURATION.data_dir
DEMO = CONFIGURATION.demo
DEBUG = CONFIGURATION.debug
# Without a secret the process still runs commands that need none; `hexmark serve` refuses to start (see cli/serve.py).
SECRET_KEY = CONFIGURATION.secret_key or get_random_secret_key()
SECRET_KEY_IS_PERMANENT = bool(CONFIGURATION.secret_key)
KEY_ENCRYPTION_KEY = CONFIGURATION.key_encryption_key
ALLOWED_LOCAL_ORIGINS = CONFIGURATION.allowed_local_origins
NAME_SERVERS = CONFIGURATION.name_servers
SMTP_URL = CONFIGURATION.smtp_url
MAIL_FROM = CONFIGURATION.mail_from
ALLOWED_HOSTS = [CONFIGURATION.host.rsplit(":", 1)[0], *(["localhost", "127.0.0.1"] if DEMO else [])]
# Without a proxy of our own, X-Forwarded-For is whatever a stranger writes, and nobody reads it.
ALLAUTH_TRUSTED_PROXY_COUNT = CONFIGURATION.trusted_proxies
API_KEY_RATE = CONFIGURATION.api_key_rate
API_VISITOR_RATE = CONFIGURATION.api_visitor_rate
SEARCH_RATE = CONFIGURATION.search_rate
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIGURATION.trusted_proxies else None
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "ninja",
    "hexmark.jobs",
    "hexmark.keys",
    "hexmark.events",
    "hexmark.mail",
    "hexmark.files",
    "hexmark.organisations",
    "hexmark.people",
    "hexmark.skills",
    "hexmark.catalogue",
    "hexmark.holdings",
    "hexmark.awarding",
    "hexmark.issuing",
    "hexmark.passport",
    "hexmark.gaps",
    "hexmark.gates",
    "hexmark.measures",
    "hexmark.opportunities",
    "hexmark.performance",
    "hexmark.api",
    "hexmark.web",
    "hexmark.demo",
]

MIDDLEWARE = [
    "hexmark.web.headers.SecurityHeaders",
    "hexmark.web.requests.WithoutNul",
    "hexmark.web.compression.StaticFiles",
    "hexmark.web.compression.Compression",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hexmark.web.actors.ActorMiddleware",
    "hexmark.web.errors.DomainErrors",
]

ROOT_URLCONF = "hexmark.project.urls"
WSGI_APPLICATION = "hexmark.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "hexmark.web.context.page",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "django.templatetags.static"],
        },
    }
]
# A component sees only what it is given.
COTTON_ISOLATE_BY_DEFAULT = True
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": database(CONFIGURATION)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
# Addresses are unique whatever their case, by a constraint that this check does not know.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("name", "email")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "hexmark.people.passwords.MaximumLengthValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "hexmark.web.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "hexmark.web.forms.accounts.SignInForm",
    "change_password": "hexmark.web.forms.accounts.ChangePassword",
    "set_password": "hexmark.web.forms.accounts.FirstPassword",
    "reset_password": "hexmark.web.forms.accounts.ForgottenPassword",
    "reset_password_from_key": "hexmark.web.forms.accounts.NewPassword",
    "reauthenticate": "hexmark.web.forms.accounts.ConfirmWithPassword",
}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,3/h/key"}
# One page for a known and an unknown address, and no mail to strangers.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
PASSWORD_RESET_TIMEOUT = 3 * 3600
MFA_ADAPTER = "hexmark.web.factors.FactorsAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# 83 bits: the library draws each from as many bytes as half the digits, so fewer would be guessed from a stolen table.
MFA_RECOVERY_CODE_DIGITS = 25
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "hexmark.web.forms.factors.Authenticate",
    "reauthenticate": "hexmark.web.forms.factors.Confirm",
    "activate_totp": "hexmark.web.forms.factors.ActivateApp",
    "add_webauthn": "hexmark.web.forms.factors.AddPasskey",
}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIGURATION.secure
SESSION_COOKIE_NAME = "__Host-session" if CONFIGURATION.secure else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if CONFIGURATION.secure else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "hexmark.web.errors.forged_form"
SECURE_CONTENT_TYPE_NOSNIFF = True
# With "no-referrer" browsers send forms that the CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 63072000 if CONFIGURATION.secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = CONFIGURATION.secure
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_HANDLERS = [
    "hexmark.web.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# In the database, so that the limits on signing in hold over restarts and over several web processes.
# Beyond the usual 300 entries a third is thrown away: whoever tries enough addresses would wash away what limits them.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache", "OPTIONS": {"MAX_ENTRIES": 100_000}}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
# Nothing of it is for other sites; pictures and signed files are served by views.
WHITENOISE_ALLOW_ALL_ORIGINS = False

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # A page that is not there is no news; an error is logged all the same.
    "loggers": {"hexmark": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}

# LinkedIn promises neither of these for ever: what it asks for today stands here and nowhere else.
LINKEDIN_PROFILE_URL = "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME"
LINKEDIN_POST_URL = "https://www.linkedin.com/sharing/share-offsite/"
