"""Where every page is. Rooms bring their own routes; the library's are listed one by one."""

from allauth.account import views as account
from django.urls import include, path

from daicho.site import views
from daicho.site.rooms import room

_account = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),  # named by the library's pages; listed nowhere, so closed
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/first/", account.password_set, name="account_set_password"),  # came in by single sign-on
    path("2fa/", include("allauth.mfa.urls")),
    path("sso/", include("allauth.socialaccount.urls")),
    path("sso/", include("allauth.socialaccount.providers.openid_connect.urls")),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("go/", views.palette, name="palette"),
    path("healthz", views.health, name="health"),
    path("account/", include(_account)),
    room("people/", "daicho.people.urls", "people"),
    room("policy/", "daicho.policy.urls", "policy"),
    room("privacy/", "daicho.policy.public_urls", "privacy"),
    room("trail/", "daicho.site.trail_urls", "trail"),
    room("requests/", "daicho.rights.urls", "rights"),
    room("register/", "daicho.register.urls", "register"),
    room("post/", "daicho.post.urls", "post"),
    room("api/", "daicho.api.urls", "api"),
    room("", "daicho.portal.urls", "portal"),  # at the root: asked last
]

handler400 = "daicho.site.views.bad_request"
handler403 = "daicho.site.views.forbidden"
handler404 = "daicho.site.views.not_found"
handler500 = "daicho.site.views.server_error"
