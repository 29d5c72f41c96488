"""Who asks, whether she may, how often, and what is written down: the same for pages and the API."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path
from ninja import NinjaAPI

from sundry.base.access.guard import admit, guarded
from sundry.base.access.models import AuditEntry
from sundry.base.access.rules import EVERYBODY, SIGNED_IN, VISITOR, Kind, Operation, Owner, Position, role_of
from sundry.base.parties.models import Membership
from sundry.web import middleware
from sundry.web.api.faults import handle

AGENT = role_of(Kind.AGENT, Position.MEMBER)
AUDITOR = role_of(Kind.AUDITOR, Position.MEMBER)
MERCHANT = role_of(Kind.MERCHANT, Position.ADMINISTRATOR)

OPEN = Operation("test.open", own=EVERYBODY)
AUDITED = Operation("test.audited", own=SIGNED_IN, audited=True)
THING = Operation("test.thing", own=SIGNED_IN)
REPEAT = Operation("test.repeat", own=SIGNED_IN)

OWNER = uuid.UUID(int=5)
SEEN: list[HttpRequest] = []


@guarded(OPEN)
def seen(request: HttpRequest) -> HttpResponse:
    SEEN.append(request)
    return HttpResponse("seen")


@guarded(AUDITED)
def audited(request: HttpRequest, thing: uuid.UUID, file: str) -> HttpResponse:
    return HttpResponse("audited")


@guarded(THING)
def thing(request: HttpRequest, thing: uuid.UUID) -> HttpResponse:
    admit(request, THING, Owner(organisation=OWNER))
    return HttpResponse("thing")


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nobody guarded this")


api = NinjaAPI(urls_namespace="test_middleware", docs_url=None, openapi_url=None)
handle(api)


@api.post("/repeat")
@guarded(REPEAT)
def repeat(request: HttpRequest) -> dict[str, str]:
    return {"made": str(uuid.uuid4())}


@api.post("/anybody")
@guarded(OPEN)
def anybody(request: HttpRequest) -> dict[str, str]:
    return {"made": str(uuid.uuid4())}


@api.get("/thing/{uuid:thing}")
@guarded(THING)
def api_thing(request: HttpRequest, thing: uuid.UUID) -> dict[str, str]:
    admit(request, THING, Owner(organisation=OWNER))
    return {}


@api.get("/forgotten")
def api_forgotten(request: HttpRequest) -> dict[str, str]:
    return {"said": "nobody guarded this"}


@api.get("/broken")
@guarded(OPEN)
def broken(request: HttpRequest) -> dict[str, str]:
    raise ZeroDivisionError("a secret of ours")


urlpatterns = [
    path("seen", seen),
    path("audited/<uuid:thing>/<str:file>", audited),
    path("thing/<uuid:thing>", thing),
    path("forgotten", forgotten),
    path("api/seen", seen),
    path("api/", api.urls),
    path("", include("sundry.web.urls")),
]
handler404 = "sundry.web.pages.refusals.not_found"
handler500 = "sundry.web.pages.refusals.server_error"

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def last_actor(client: Client, address: str = "/seen", **headers: str) -> Any:
    client.get(address, headers=headers)
    return SEEN.pop().actor  # type: ignore[attr-defined]


# Who asks -----------------------------------------------------------------------------------------------------------


def test_a_visitor_is_known_by_her_network_only(sign_in: Any) -> None:
    actor = last_actor(sign_in(VISITOR).client)
    assert (actor.role, actor.person, actor.address, actor.through) == (VISITOR, None, "127.0.0.0/24", "page")
    assert actor.open_desk is settings.SUNDRY.anonymous_shipping


def test_a_person_acts_for_the_organisation_of_her_choice(sign_in: Any) -> None:
    member = sign_in(AGENT)
    actor = last_actor(member.client)
    assert (actor.role, actor.person, actor.organisation) == (AGENT, member.person, member.organisation)
    session = member.client.session
    session[middleware.ACTING_FOR] = ""
    session.save()
    actor = last_actor(member.client)
    assert (actor.role.name, actor.organisation) == ("person", None)


def test_an_address_that_names_an_organisation_of_hers_is_asked_for_as_its_member(sign_in: Any) -> None:
    member, stranger = sign_in(AGENT), sign_in(AGENT)
    other = sign_in(MERCHANT).organisation
    Membership.objects.create(person_id=member.person, organisation_id=other, position=Position.ADMINISTRATOR)
    session = member.client.session
    session[middleware.ACTING_FOR] = str(member.organisation)
    session.save()
    assert last_actor(member.client, f"/seen?organisation={other}").organisation == other
    for named in (stranger.organisation, "", "nobody"):
        assert last_actor(member.client, f"/seen?organisation={named}").organisation == member.organisation


def test_who_sees_everybody_names_in_a_query_of_whom_she_wants_something(sign_in: Any) -> None:
    auditor, other = sign_in(AUDITOR), sign_in(MERCHANT).organisation
    Membership.objects.create(person_id=auditor.person, organisation_id=other, position=Position.MEMBER)
    session = auditor.client.session
    session[middleware.ACTING_FOR] = str(auditor.organisation)
    session.save()
    assert last_actor(auditor.client, f"/seen?organisation={other}").role == AUDITOR


def test_an_ended_membership_ends_at_the_next_click(sign_in: Any) -> None:
    member = sign_in(AGENT)
    Membership.objects.update(ended_at="2026-01-01T00:00Z")
    assert last_actor(member.client).role.name == "person"


def test_whose_chosen_membership_ends_acts_for_nobody_else_and_is_told(sign_in: Any) -> None:
    member = sign_in(AGENT)
    other = sign_in(MERCHANT).organisation
    Membership.objects.create(person_id=member.person, organisation_id=other, position=Position.ADMINISTRATOR)
    session = member.client.session
    session[middleware.ACTING_FOR] = str(member.organisation)
    session.save()
    assert last_actor(member.client).organisation == member.organisation
    Membership.objects.filter(organisation=member.organisation).update(ended_at="2026-01-01T00:00Z")
    for address in ("/api/seen", "/seen", "/seen"):
        assert last_actor(member.client, address).organisation is None
    assert member.client.get("/").content.decode().count("You no longer act for the organisation") == 1


def test_behind_a_proxy_the_address_is_what_the_proxy_saw(monkeypatch: pytest.MonkeyPatch) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "1.2.3.4, 203.0.113.9"})
    assert middleware.address_of(request) == "127.0.0.1", "without a proxy anybody can write this header"
    monkeypatch.setattr(settings, "SUNDRY", replace(settings.SUNDRY, behind_proxy=True))
    assert middleware.address_of(request) == "203.0.113.9"


def test_a_token_is_for_the_api_only(sign_in: Any, bearer: Any) -> None:
    member = sign_in(AGENT)
    client = bearer(member, "test.open")
    actor = last_actor(client, "/api/seen")
    assert (actor.role, actor.person, actor.organisation) == (AGENT, member.person, member.organisation)
    assert (actor.through, actor.scopes, actor.open_desk) == ("api", {"test.open", "parties.me"}, False)
    assert actor.token is not None
    assert last_actor(client).role is VISITOR


def test_a_token_beside_a_session_is_the_one_that_counts(sign_in: Any, bearer: Any) -> None:
    client = bearer(sign_in(AGENT), "test.open")
    client.cookies = sign_in(MERCHANT).client.cookies
    assert last_actor(client, "/api/seen").role == AGENT
    assert client.get("/api/seen", headers={"authorization": "Bearer nonsense"}).status_code == 200
    assert SEEN.pop().actor.role is VISITOR  # type: ignore[attr-defined]


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer", "Bearer ", "Basic bGk6bGk=", "nonsense"])
def test_a_wrong_token_opens_nothing(sign_in: Any, header: str) -> None:
    answer = sign_in(VISITOR).client.post("/api/repeat", headers={"authorization": header})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "token_invalid"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="sundry"'


def test_a_token_ends_with_the_membership(sign_in: Any, bearer: Any) -> None:
    client = bearer(sign_in(AGENT), "test.repeat")
    assert client.post("/api/repeat").status_code == 200
    Membership.objects.update(ended_at="2026-01-01T00:00Z")
    assert client.post("/api/repeat").json()["error"]["code"] == "token_invalid"


# Whether she may ----------------------------------------------------------------------------------------------------


def test_what_its_author_forgot_is_not_there_even_for_the_operator(sign_in: Any) -> None:
    client = sign_in(role_of(Kind.OPERATOR, Position.ADMINISTRATOR)).client
    for address in ("/forgotten", "/api/forgotten"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert b"nobody guarded" not in answer.content


def test_a_visitor_is_led_to_sign_in_and_back(sign_in: Any) -> None:
    client = sign_in(VISITOR).client
    answer = client.get(f"/thing/{OWNER}?a=1")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"?next=%2Fthing%2F{OWNER}%3Fa%3D1")
    assert client.get(f"/api/thing/{OWNER}").json()["error"]["code"] == "access_sign_in"


def test_who_may_not_hears_so_before_anything_she_sent_is_read(sign_in: Any, bearer: Any) -> None:
    answer = bearer(sign_in(AGENT)).post("/api/repeat", data="{broken", content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "access_forbidden")


def test_our_own_fault_tells_nothing_of_itself(sign_in: Any) -> None:
    client = sign_in(VISITOR, raise_request_exception=False).client
    answer = client.get("/api/broken", headers={"accept-language": "fr"})
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "api_fault"
    assert "erreur" in answer.json()["error"]["message"]
    assert b"secret" not in answer.content


# How often ----------------------------------------------------------------------------------------------------------


def test_the_api_says_how_much_is_left_and_then_stops(sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "API_OF_VISITOR_MAX", 3)
    client = sign_in(VISITOR).client
    answers = [client.get(f"/api/thing/{OWNER}") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers[:3]] == ["2", "1", "0"]
    error = answers[3].json()["error"]
    assert error["code"] == "too_many"
    assert answers[3].headers["Retry-After"] == str(error["details"]["seconds"])
    assert client.get("/seen").status_code == 200, "a page is not the API"


def test_a_visitor_with_a_network_of_her_own_is_one_visitor(sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "API_OF_VISITOR_MAX", 1)
    client = sign_in(VISITOR).client
    asked = [
        client.get(f"/api/thing/{OWNER}", REMOTE_ADDR=address).status_code
        for address in ("2001:db8::1", "2001:db8::2:3", "2001:db8:0:1::1")
    ]
    assert asked == [401, 429, 401]


def test_what_is_the_api_is_told_by_the_path_alone(sign_in: Any) -> None:
    """gunicorn takes SCRIPT_NAME from nobody; were it told, it would change nothing of who asks."""
    last = sign_in(VISITOR).client.get("/seen", SCRIPT_NAME="/api")
    assert last.status_code == 200
    assert SEEN.pop().actor.through == "page"  # type: ignore[attr-defined]


def test_a_token_has_a_limit_of_its_own(sign_in: Any, bearer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "API_OF_TOKEN_MAX", 1)
    member = sign_in(AGENT)
    first, second = bearer(member, "test.repeat"), bearer(member, "test.repeat")
    assert [client.post("/api/repeat").status_code for client in (first, first, second)] == [200, 429, 200]


# What is written down -----------------------------------------------------------------------------------------------


def test_an_audited_page_is_written_down_with_its_object(sign_in: Any) -> None:
    member = sign_in(AGENT)
    member.client.get(f"/audited/{OWNER}/book.xlsx")
    entry = AuditEntry.objects.get()
    assert (entry.person, entry.organisation, entry.role) == (member.person, member.organisation, "agent")
    assert (entry.operation, entry.object_kind, entry.object_id) == ("test.audited", "thing", str(OWNER))
    assert (entry.outcome, entry.through, entry.address) == ("allowed", "page", "127.0.0.0/24")
    assert entry.details == {"method": "GET", "status": 200}


def test_an_entry_of_an_action_makes_another_needless(sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from sundry.base.access.actions import record

    def telling(request: HttpRequest, **values: Any) -> HttpResponse:
        record(actor=request.actor, operation=AUDITED)  # type: ignore[attr-defined]
        return HttpResponse()

    member = sign_in(AGENT)
    request = RequestFactory().get("/audited")
    request.user, request.session = _user(member), member.client.session  # type: ignore[assignment]

    def answer(request: HttpRequest) -> HttpResponse:
        request.operation = AUDITED  # type: ignore[attr-defined]
        return telling(request)

    middleware.Access(answer)(request)
    assert AuditEntry.objects.count() == 1
    assert AuditEntry.objects.get().outcome == "done"


def _user(member: Any) -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(pk=member.person)


@pytest.mark.parametrize("address", ["/thing/{}", "/api/thing/{}"])
def test_a_known_person_who_is_refused_is_written_down(sign_in: Any, address: str) -> None:
    member = sign_in(AGENT)
    assert member.client.get(address.format(OWNER)).status_code == 404
    entry = AuditEntry.objects.get()
    assert (entry.person, entry.operation, entry.outcome) == (member.person, "test.thing", "refused")
    assert (entry.object_kind, entry.object_id, entry.details["status"]) == ("thing", str(OWNER), 404)


@pytest.mark.parametrize("address", ["/ship/{}/files/declarations.xlsx", "/api/shipments/{}/files/declarations.xlsx"])
def test_the_log_names_a_job_by_its_id_and_never_by_the_key_that_opens_it(
    sign_in: Any, make_job: Any, address: str
) -> None:
    member = sign_in(AGENT)
    job, foreign = make_job(), make_job(owner=Owner(organisation=sign_in(AGENT).organisation))
    answers = [member.client.get(address.format(key)) for key in (job.key, foreign.key, "no-such-key")]
    assert [answer.status_code for answer in answers] == [200, 404, 404]
    assert b"".join(answers[0].streaming_content)
    told = AuditEntry.objects.order_by("id").values_list("outcome", "object_kind", "object_id")
    assert list(told) == [
        ("allowed", "shipping_job", str(job.id)),
        ("refused", "shipping_job", str(foreign.id)),
        ("refused", "", ""),
    ]


def test_a_token_that_is_refused_is_written_down_with_its_id(sign_in: Any, bearer: Any) -> None:
    client = bearer(sign_in(AGENT), "test.thing")
    client.get(f"/api/thing/{OWNER}")
    entry = AuditEntry.objects.latest("id")
    assert (entry.outcome, entry.through) == ("refused", "api")
    assert uuid.UUID(entry.details["token"])


def test_random_addresses_do_not_fill_the_log(sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "REFUSED_AN_HOUR", 3)
    member, other = sign_in(AGENT), sign_in(AGENT)
    for _ in range(5):
        assert member.client.get(f"/thing/{uuid.uuid4()}").status_code == 404
    assert other.client.get(f"/thing/{OWNER}").status_code == 404
    written = AuditEntry.objects.order_by("id").values_list("person", "details__silent_seconds")
    assert list(written) == [(member.person, None)] * 2 + [(member.person, 3600), (other.person, None)]


def test_a_visitor_who_is_refused_is_not(sign_in: Any) -> None:
    sign_in(VISITOR).client.get(f"/thing/{OWNER}")
    assert not AuditEntry.objects.exists()


# Retries ------------------------------------------------------------------------------------------------------------


def test_a_post_with_a_key_is_done_once(sign_in: Any, bearer: Any) -> None:
    client = bearer(sign_in(AGENT), "test.repeat")

    def send(key: str, **sent: Any) -> Any:
        return client.post("/api/repeat", headers={"idempotency-key": key}, **sent)

    first, again, other = send("k1"), send("k1"), send("k2")
    assert first.json() == again.json() != other.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    wrong = send("k1", data="{}", content_type="application/json")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "idempotency_key_reused")
    assert wrong.json()["error"]["field"] == "Idempotency-Key"


def test_a_key_gives_nobody_the_answer_of_somebody_else(sign_in: Any, bearer: Any) -> None:
    member = sign_in(AGENT)
    colleague = sign_in(AGENT, organisation=member.organisation)
    answers = [
        bearer(somebody, "test.repeat").post("/api/repeat", headers={"idempotency-key": "k1"}).json()
        for somebody in (member, colleague)
    ]
    assert answers[0] != answers[1]


def test_of_visitors_behind_one_address_none_gets_the_answer_of_another(sign_in: Any) -> None:
    answers = [sign_in(VISITOR).client.post("/api/anybody", headers={"idempotency-key": "k1"}).json() for _ in range(2)]
    assert answers[0] != answers[1]


# Answers ------------------------------------------------------------------------------------------------------------


def test_what_a_person_saw_is_not_kept_for_the_next_one(sign_in: Any) -> None:
    assert sign_in(AGENT).client.get("/seen").headers["Cache-Control"] == "private, no-cache"
    assert "Cache-Control" not in sign_in(VISITOR).client.get("/seen").headers
    SEEN.clear()


@pytest.mark.parametrize(
    ("query", "language"),
    [("?lang=es", "es"), ("?lang=zh", "zh-hans"), ("?lang=zh-hans", "zh-hans"), ("?lang=xx", "fr"), ("?lang=", "fr")],
)
def test_an_address_may_name_a_language_for_one_request(client: Client, query: str, language: str) -> None:
    client.cookies["language"] = "fr"
    assert f'<html lang="{language}"' in client.get(f"/style{query}").content.decode()
    assert '<html lang="fr"' in client.get("/style").content.decode()
