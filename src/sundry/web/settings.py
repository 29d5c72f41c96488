"""Django's settings, made from the one Configuration. Nothing else reads the environment."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from sundry.web.catalogues import compiled
from sundry.web.configuration import configuration
from sundry.web.database import connection

SUNDRY = configuration()
HERE = Path(__file__).parent

SECRET_KEY = SUNDRY.secret_key
DEBUG = False
ALLOWED_HOSTS = list(SUNDRY.allowed_hosts)
ROOT_URLCONF = "sundry.web.urls"
WSGI_APPLICATION = "sundry.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.forms",  # so that our templates may stand in for those of forms
    "whitenoise.runserver_nostatic",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "sundry.base.outbox",
    "sundry.base.access",
    "sundry.base.parties",
    "sundry.goods.shipping",
    "sundry.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "sundry.web.middleware.SecurityHeaders",
    "sundry.web.middleware.Shape",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "sundry.web.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "sundry.web.middleware.Access",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sundry.web.context.market",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "sundry.web.templatetags.sundry"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


DATABASES = {"default": connection(SUNDRY).django() | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}}
# Limits of sign-in must hold over restarts and processes, so they are counted in the database.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "web_cache"}}

# People and sign-in (base/parties has the adapter).
AUTH_USER_MODEL = "parties.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "sundry.base.parties.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Sundry"
USERSESSIONS_TRACK_ACTIVITY = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
EMAIL_BACKEND = "sundry.base.outbox.backend.OutboxBackend"
DEFAULT_FROM_EMAIL = "sundry@localhost"

# Languages: English is what templates are written in; the catalogues are compiled from locale/*.po at set-up.
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("zh-hans", "中文"),
    ("en", "English"),
    ("ar", "العربية"),
    ("es", "Español"),
    ("fr", "Français"),
    ("ru", "Русский"),
]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [compiled(SUNDRY.data_dir / "locale")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATICFILES_DIRS = [
    HERE / "static",
    ("consolidation", HERE.parent / "goods" / "consolidation" / "static"),
    ("django_htmx", Path(str(files("django_htmx"))) / "static" / "django_htmx"),
]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STATIC_ROOT = SUNDRY.data_dir / "static"
COLLECTED = (STATIC_ROOT / "staticfiles.json").is_file()
WHITENOISE_USE_FINDERS = not COLLECTED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILES_DIR = SUNDRY.data_dir / "files"  # what people upload and what is made for them, a folder a job
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

# Behind the address.
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SUNDRY.secure
CSRF_FAILURE_VIEW = "sundry.web.pages.refusals.csrf"
SECURE_SSL_REDIRECT = False  # the proxy in front does this
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SUNDRY.behind_proxy else None
SECURE_HSTS_SECONDS = 31_536_000 if SUNDRY.secure else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # the name by which a person is known is nullable: e-mail or phone

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
LOGGING_CONFIG = None  # sundry.web.logs does it
