"""Routes of the trail's screens."""

from django.urls import path

from daicho.site import trail_views as views

app_name = "trail"
urlpatterns = [
    path("", views.home, name="home"),
    path("verification/", views.verification, name="verification"),
    path("checkpoint/", views.checkpoint, name="checkpoint"),
    path("export/", views.export, name="export"),
    path("keys.pem", views.key, name="key"),
    path("keys.json", views.keys, name="keys"),
]
