"""What a web server asks for pages."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sundry.web.settings")
application = get_wsgi_application()
