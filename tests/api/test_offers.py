"""An answer offered for download over the API, fetched by the person; and the outbox."""

from collections.abc import Callable

from daicho.people.actions import create_account, grant_role
from daicho.people.queries import get_actor
from daicho.people.rules import Role
from daicho.portal.models import OfferedFile
from daicho.work.models import OutgoingMail
from tests.portal.conftest import box, stranger, web  # noqa: F401 (fixtures)
from tests.portal.test_journeys import answered
from tests.portal.web import FORM, Stranger
from tests.rights.desk import AT, ORGANISATION, Desk

Make = Callable[..., Stranger]


def asked(one: Stranger) -> str:
    one.begin("disclosure")
    assert one.post("/request/form/", {**FORM, "reply_method": "electronic"}).status_code == 302
    one.show_paper("id_copy:person:drivers_licence")
    return one.submit()


def test_an_answer_is_offered_fetched_and_taken_back(stranger: Make, web: Desk, calling):  # noqa: F811
    one, officer = stranger(), calling(web.officer)
    number = asked(one)
    early = officer.post(f"/requests/{number}/offers")
    assert early.status == 403  # nothing was issued yet
    answered(web, number)
    one.mails()
    assert officer.post(f"/requests/{number}/offers", {"days": 0}).code == "document"
    made = officer.post(f"/requests/{number}/offers", {"days": 5})
    assert (made.status, made.said["count"]) == (201, 5), made.raw
    assert one.mails() == 1
    one.enter(one.box.link())
    (offer,) = officer.get(f"/requests/{number}/offers").said
    assert (offer["open"], offer["ref"]) == (True, made.said["ref"])
    (first, *_) = offer["files"]
    assert one.get(f"/request/files/{first['ref']}/").status_code == 200
    assert officer.get(f"/requests/{number}/offers").said[0]["files"][0]["downloads"] == 1
    assert calling(web.auditor).post(f"/requests/{number}/offers/ending").code == "scope"
    assert officer.post(f"/requests/{number}/offers/ending").said["state"] == "ended"
    assert OfferedFile.objects.filter(erased_at=None).count() == 0
    assert officer.get(f"/requests/{number}/offers").said[0]["open"] is False
    assert officer.post("/requests/R-2026-9999/offers").code == "not-found"
    assert officer.get("/requests/R-2026-9999/offers").code == "not-found"


def test_the_outbox_is_masked_and_dead_mail_goes_again(stranger: Make, web: Desk, calling):  # noqa: F811
    one, officer = stranger(), calling(web.officer)
    one.start("disclosure")
    (mail,) = officer.get("/mails").said
    assert (mail["state"], mail["kind"]) == ("waiting", "start")
    assert "hanako@" not in officer.get("/mails").raw.decode()
    assert officer.post(f"/mails/{mail['ref']}/retry").code == "not-found"  # it is on its way
    OutgoingMail.objects.update(state="dead")
    assert [found["ref"] for found in officer.get("/mails", state="dead").said] == [mail["ref"]]
    assert officer.get("/mails", page=2).said == []
    assert calling(web.clerk).get("/mails").code == "scope"
    assert calling(web.auditor).post(f"/mails/{mail['ref']}/retry").code == "scope"
    assert officer.post(f"/mails/{mail['ref']}/retry").said["state"] == "waiting"
    assert one.mails() == 1


def test_a_postmaster_of_another_company_sees_none_of_it(stranger: Make, web: Desk, calling):  # noqa: F811
    stranger().start("disclosure")
    create_account("other", display_name="x", organisation=ORGANISATION, roles=[Role.DESK], scope=web.officer, at=AT)
    grant_role("other", organisation="elsewhere", role=Role.OFFICER, scope=web.officer, at=AT)
    other = calling(get_actor("other", at=AT))
    assert other.get("/mails").said == []
    OutgoingMail.objects.update(state="dead")
    ref = OutgoingMail.objects.get().ref
    assert other.post(f"/mails/{ref}/retry").code == "not-found"
