"""/observatory/export/...: published figures as files to take along, all of them or those of a search."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sundry.base.access.guard import about, actor_of, guarded
from sundry.base.parties.forms import spoken
from sundry.insight.observatory.exports import FORMATS, exported
from sundry.insight.observatory.formats.figures_extra import FiguresMissing
from sundry.insight.observatory.forms_figures import SearchForm
from sundry.insight.observatory.operations import EXPORT


@guarded(EXPORT)
@require_safe
def export(request: HttpRequest, format: str) -> HttpResponseBase:
    """What is published of a search, in one of the formats. What the search page would refuse is refused there."""
    if format not in FORMATS:
        raise Http404
    form = SearchForm(request.GET, unpublished=False)
    search = f"{reverse('observatory_search')}?{request.GET.urlencode()}"
    if not form.is_valid():
        return redirect(search)
    about(request, "export", format)
    try:
        file = exported(
            format=format,
            sought=form.sought(),
            market=settings.SUNDRY.address,
            language=spoken(),
            now=timezone.localtime(),
            actor=actor_of(request),
        )
    except FiguresMissing as missing:
        messages.warning(request, missing.message(spoken()))
        return redirect(search)
    told = FORMATS[format]
    return FileResponse(file, as_attachment=True, filename=told.file_name, content_type=told.media_type)


urlpatterns = [path("observatory/export/<str:format>", export, name="observatory_export")]
