"""Routes of accounts and invitations."""

from django.urls import path

from daicho.people import views

app_name = "people"
urlpatterns = [
    path("", views.accounts, name="accounts"),
    path("new/", views.new, name="new"),
    path("me/", views.me, name="me"),
    path("me/reminders/", views.reminders, name="reminders"),
    path("me/sessions/", views.sessions, name="sessions"),
    path("me/sessions/end/", views.end, name="end_sessions"),
    path("invited/<str:token>/", views.invited, name="invited"),
    path("account/<str:code>/", views.account, name="account"),
    path("account/<str:code>/grant/", views.grant, name="grant"),
    path("account/<str:code>/remove/", views.remove, name="remove"),
    path("account/<str:code>/invite/", views.invite, name="invite"),
    path("account/<str:code>/reset/", views.reset, name="reset"),
    path("account/<str:code>/mail/", views.mail, name="mail"),
    path("account/<str:code>/deactivate/", views.deactivate, name="deactivate"),
]
