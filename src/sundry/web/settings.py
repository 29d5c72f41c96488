"""Django's settings, made from the one Configuration. Nothing else reads the environment."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sundry.base.ledger.rights import ROLE
from sundry.web.catalogues import compiled
from sundry.web.configuration import configuration
from sundry.web.database import connection
from sundry.web.events import KINDS
from sundry.web.notices import KINDS as NOTICES

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
    "sundry.base.reference",
    "sundry.base.parties",
    "sundry.base.webhooks",
    "sundry.base.notifications",
    "sundry.base.ledger",
    "sundry.goods.catalogue",
    "sundry.goods.orders",
    "sundry.goods.shipping",
    "sundry.insight.observatory",
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
    "sundry.web.crowd.Turns",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sundry.base.parties.middleware.Seen",
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
DATABASES["default"]["OPTIONS"] |= {
    "assume_role": ROLE,  # who migrates owns the tables; who serves can take nothing out of the ledger
    "prepare_threshold": 5,  # for the statements of the ledger: Django's own are bound on the client
}
# Limits of sign-in must hold over restarts and processes, so they are counted in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},  # of more it forgets some: at the usual 300 anybody could empty it
    }
}

# People and sign-in: one-time codes by e-mail or phone, no passwords (base/parties has the adapter and the forms;
# web/pages/account.py the few of allauth's pages that there are).
AUTH_USER_MODEL = "parties.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "sundry.base.parties.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "sundry.base.parties.forms.SignInForm",
    "signup": "sundry.base.parties.forms.SignUpForm",
    "add_email": "sundry.base.parties.forms.EmailForm",
    "confirm_login_code": "sundry.base.parties.forms.SignInCodeForm",
    "confirm_email_verification_code": "sundry.base.parties.forms.EmailCodeForm",
    "verify_phone": "sundry.base.parties.forms.PhoneCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone"]  # what allauth wants to read; in SignUpForm either of them will do
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True  # a person has one address; a new one takes its place once it is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # of who has a second step, before her address is changed
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
CODE_SECONDS = 600  # the outbox gives a code up after as long
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_PHONE_VERIFICATION_TIMEOUT = CODE_SECONDS
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = 3
# An office has one address for all its people, so these limits are wide; that of one person's codes is narrow and
# stands in base/parties/adapter.py.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "request_login_code": None,
    "signup": "20/m/ip",
    "verify_phone": "1/30s/key,20/m/ip",
    "confirm_email": "1/10s/key",
    "change_phone": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
    "login_failed": "10/m/ip,5/5m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SUNDRY.behind_proxy else 0
MFA_ADAPTER = "sundry.base.parties.adapter.SecondStep"
MFA_FORMS = {
    "authenticate": "sundry.base.parties.forms.SecondStepForm",
    "reauthenticate": "sundry.base.parties.forms.SecondStepAgainForm",
    "activate_totp": "sundry.base.parties.forms.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Sundry"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
WEBHOOK_KINDS = KINDS
NOTICE_KINDS = NOTICES
PHOTO_USES = ("sundry.goods.orders.queries_sheets.photos_shown",)
EMAIL_BACKEND = "sundry.base.outbox.backend.OutboxBackend"
DEFAULT_FROM_EMAIL = f"sundry@{urlsplit(SUNDRY.address).hostname}"

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
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # on an agent's desk 2,000 rows may be chosen
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_TEMP_DIR = SUNDRY.data_dir / "uploads"  # while a larger file comes in; emptied before a market opens

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
