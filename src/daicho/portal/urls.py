"""Routes of the web door, and of the outbox and offered answers at the desk."""

from django.urls import path

from daicho.portal.views import answering, beginning, desk, filling, following

app_name = "portal"
urlpatterns = [
    path("request/", beginning.door, name="door"),
    path("request/sent/", beginning.sent, name="sent"),
    path("request/blank/", beginning.blank, name="blank"),
    path("request/find/", beginning.find, name="find"),
    path("request/go/<str:token>/", beginning.link, name="link"),
    path("request/form/", filling.form, name="form"),
    path("request/papers/", filling.papers, name="papers"),
    path("request/papers/remove/", filling.remove, name="remove_paper"),
    path("request/submit/", filling.submit, name="submit"),
    path("request/done/", filling.done, name="done"),
    path("request/follow/<str:token>/", following.follow, name="follow"),
    path("request/code/", following.code, name="code"),
    path("request/status/", following.status, name="status"),
    path("request/status/paper/", following.paper, name="send_paper"),
    path("request/status/withdraw/", following.withdraw, name="withdraw"),
    path("request/leave/", following.leave, name="leave"),
    path("request/answer/<str:token>/", answering.answer, name="answer"),
    path("request/files/", answering.files, name="files"),
    path("request/files/<str:ref>/", answering.file, name="file"),
    path("offers/<str:number>/", desk.offers, name="offers"),
    path("offers/<str:number>/offer/", desk.offer, name="offer"),
    path("offers/<str:number>/end/", desk.end, name="end_offer"),
    path("mail/", desk.mails, name="mails"),
    path("mail/<str:ref>/retry/", desk.retry, name="retry_mail"),
]
