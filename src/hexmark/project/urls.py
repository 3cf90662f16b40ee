"""Every root of a URL."""

from django.urls import include, path

from hexmark.web import errors

urlpatterns = [
    path("api/", include("hexmark.api.urls")),
    path("vc-api/<slug:slug>/", include("hexmark.api.vc_api")),
    path("", include("hexmark.web.urls")),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
