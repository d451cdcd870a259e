"""Routes of the post room, below ``/post/``."""

from django.urls import path

from daicho.post.views import envelopes, opening, scans, sheets

app_name = "post"
urlpatterns = [
    path("", envelopes.home, name="home"),
    path("new/", envelopes.register, name="register"),
    path("due/", scans.due, name="due"),
    path("due/destroy/", scans.destroy_due, name="destroy_due"),
    path("compare/", scans.compare, name="compare"),
    path("request/<str:number>/", scans.of_request, name="of_request"),
    path("cover/<str:number>/", sheets.cover, name="cover"),
    path("scans/new/", scans.upload, name="upload"),
    path("scans/<str:ref>/", scans.scan, name="scan"),
    path("scans/<str:ref>/<int:position>/image/", scans.page, name="page"),
    path("scans/<str:ref>/<int:position>/look/", scans.look, name="look"),
    path("scans/<str:ref>/<int:position>/black-out/", scans.black_out, name="black_out"),
    path("scans/<str:ref>/<slug:what>/", scans.move, name="scan_move"),
    path("<str:number>/", envelopes.envelope, name="envelope"),
    path("<str:number>/request/", opening.open_request, name="open"),
    path("<str:number>/<slug:what>/", envelopes.move, name="move"),
]
