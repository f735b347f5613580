"""Accounts: how often one may try, how one gets back in, how long a login lasts, where it leads."""

import datetime as dt
import ipaddress
import re
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from urllib.parse import urlencode

import pytest
import time_machine
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.db.models import F
from django.test import Client

from racedesk.accounts import throttle
from racedesk.accounts.client import client_network
from racedesk.accounts.login import PER_ACCOUNT, PER_ADDRESS
from racedesk.mail import mail_settings
from racedesk.models import Attempt
from tests import factories

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
BOARD = "/admin/"
RESET = "/admin/password_reset/"
WORD = "ein-Wort-fuer-Tests-2026"
NEW_WORD = "noch-ein-Wort-fuer-Tests-2027"


@pytest.fixture
def person() -> User:
    return User.objects.create_user("redakteurin", "eva@example.org", WORD, is_staff=True)


def log_in(client: Client, name: str = "redakteurin", word: str = WORD, **extra):
    return client.post(LOGIN, {"username": name, "password": word}, **extra)


def fail(times: int, *, name: str = "redakteurin", address: str = "192.0.2.1") -> list[int]:
    """The statuses of so many wrong passwords, each from a browser that knows nothing."""
    return [log_in(Client(), name, f"falsch-{number}", REMOTE_ADDR=address).status_code for number in range(times)]


def is_in(client: Client) -> bool:
    return client.get(BOARD).status_code == 200


def let_pass(**time_passed: int) -> None:
    """Age every attempt; the clock that counts is the database's."""
    Attempt.objects.update(at=F("at") - dt.timedelta(**time_passed))


# --- too many attempts ------------------------------------------------------------------------------------------------


def test_the_eleventh_attempt_on_an_account_is_refused_even_with_the_right_password(client, person):
    assert fail(10) == [200] * 10

    response = log_in(client)

    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 15 * 60
    assert "Zu viele Versuche. Bitte in 15 Minuten noch einmal versuchen." in response.content.decode()
    assert not is_in(client)


def test_unknown_disabled_and_outside_accounts_are_answered_in_the_same_words(person):
    User.objects.create_user("gesperrte", password=WORD, is_staff=True, is_active=False)
    User.objects.create_user("leserin", password=WORD)

    def answers(name: str, word: str) -> list[tuple[int, str]]:
        found = [log_in(Client(), name, word, REMOTE_ADDR=f"10.0.0.{len(name)}") for _ in range(11)]
        return [(one.status_code, re.sub(r'value="[^"]*"', "", one.content.decode())) for one in found]

    expected = answers("redakteurin", "falsch")
    assert [status for status, _page in expected] == [200] * 10 + [429]
    for name, word in (("niemand", "falsch"), ("gesperrte", WORD), ("leserin", WORD)):
        assert answers(name, word) == expected


@pytest.mark.slow
def test_a_wrong_password_is_as_much_work_for_unknown_accounts(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    User.objects.create_user("redakteurin", password=WORD, is_staff=True)

    def work(name: str) -> float:
        began = time.process_time()  # of all threads: what other programs do meanwhile does not count
        log_in(Client(), name, "falsch")
        return time.process_time() - began

    work("redakteurin")
    rounds = [(work("redakteurin"), work(f"niemand{number}")) for number in range(9)]
    known, unknown = (median(side) for side in zip(*rounds, strict=True))
    assert 0.8 < unknown / known < 1.25


def test_the_fifty_first_attempt_from_an_address_is_refused_whatever_the_account(client, person):
    assert {status for number in range(5) for status in fail(10, name=f"name{number}")} == {200}

    assert log_in(client, REMOTE_ADDR="192.0.2.1").status_code == 429
    assert log_in(client, REMOTE_ADDR="192.0.2.2").status_code == 302


def test_a_forwarded_address_changes_nothing_without_a_proxy(person):
    statuses = [
        log_in(Client(), f"name{number}", "falsch", headers={"x-forwarded-for": f"198.51.100.{number}"}).status_code
        for number in range(51)
    ]

    assert statuses == [200] * 50 + [429]


def test_the_throttle_ends_by_itself_and_refused_attempts_do_not_prolong_it(client, person):
    fail(10)
    let_pass(minutes=10)
    assert fail(5) == [429] * 5

    let_pass(minutes=5, seconds=1)

    assert log_in(client).status_code == 302


def test_the_window_slides(person):
    fail(1)
    let_pass(minutes=14)
    assert fail(10) == [200] * 9 + [429]

    let_pass(minutes=2)

    assert fail(2) == [200, 429]


def test_right_passwords_are_not_counted(person):
    assert [log_in(Client()).status_code for _ in range(12)] == [302] * 12
    assert not Attempt.objects.exists()


def test_a_right_password_does_not_forgive_wrong_ones(client, person):
    fail(9)
    log_in(client)

    assert fail(2) == [200, 429]


def test_names_in_capitals_count_as_the_same_account(person):
    fail(5)
    fail(5, name="REDAKTEURIN")

    assert fail(1, name="Redakteurin") == [429]


def test_who_is_in_stays_in_while_strangers_try(client, person):
    log_in(client)
    fail(11)

    assert is_in(client)


def test_a_device_that_knows_the_account_gets_in_while_strangers_lock_it(client, person):
    log_in(client)
    client.post("/admin/logout/")
    assert fail(11)[-1] == 429

    assert log_in(client).status_code == 302
    assert [log_in(client, word="falsch").status_code for _ in range(11)] == [200] * 10 + [429]


@pytest.mark.parametrize("cookie", ["", "x", "W10:1abcde:xyz", "a:b:c:d"])
def test_a_forged_device_is_none(person, cookie):
    fail(10)
    client = Client()
    client.cookies["racedesk_device"] = cookie

    assert log_in(client).status_code == 429


def test_a_device_of_another_account_does_not_help(client, person):
    User.objects.create_user("anderer", password=WORD, is_staff=True)
    log_in(client, "anderer")
    client.post("/admin/logout/")
    fail(10)

    assert log_in(client).status_code == 429


def test_a_counted_attempt_names_nobody(person):
    fail(1)

    stored = str(list(Attempt.objects.values_list("key", flat=True)))
    assert Attempt.objects.count() == 2
    assert "redakteurin" not in stored
    assert "192.0.2.1" not in stored


def test_attempts_that_no_longer_count_are_deleted(person):
    fail(3)
    let_pass(minutes=16)
    fail(1)

    assert Attempt.objects.count() == 2


def test_a_huge_password_is_not_even_hashed(client, person):
    assert log_in(client, word="x" * 5000).status_code == 200
    assert not Attempt.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_attempts_at_once_are_no_more_than_attempts_in_a_row():
    tally = PER_ACCOUNT.of("redakteurin")

    def attempt(_number: int) -> bool:
        try:
            throttle.spend(tally)
        except throttle.TooManyAttemptsError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as threads:
        heard = list(threads.map(attempt, range(30)))

    assert sum(heard) == 10
    assert Attempt.objects.count() == 10


def test_what_one_limit_refuses_is_counted_by_none():
    account, address = PER_ACCOUNT.of("redakteurin"), PER_ADDRESS.of("192.0.2.1")
    for _ in range(10):
        throttle.spend(account)

    with pytest.raises(throttle.TooManyAttemptsError):
        throttle.spend(account, address)

    assert not Attempt.objects.filter(key=address.key).exists()


# --- where somebody comes from ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "1.2.3.4, 198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "1.2.3.4,198.51.100.7 , 203.0.113.9", "198.51.100.7"),  # 203.0.113.0/24 is a proxy further out
        ("127.0.0.1", "203.0.113.8, 203.0.113.9", "203.0.113.8"),
        ("127.0.0.1", "nonsense, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("127.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
    ],
)
def test_behind_a_proxy_the_right_most_stranger_is_the_client(rf, settings, peer, forwarded, client):
    settings.BEHIND_PROXY = True
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("203.0.113.0/24")]

    assert client_network(rf.get("/", REMOTE_ADDR=peer, headers={"x-forwarded-for": forwarded})) == client


def test_without_a_proxy_the_peer_is_the_client(rf):
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", headers={"x-forwarded-for": "198.51.100.7"})

    assert client_network(request) == "192.0.2.1"


# --- a forgotten password ---------------------------------------------------------------------------------------------


def ask_for_link(client: Client, email: str = "eva@example.org", **extra):
    return client.post(RESET, {"email": email}, **extra)


def letters(count: int = 1) -> list[mail.EmailMessage]:
    """The letters once so many have left; they leave in the background."""
    for _ in range(500):
        if len(mail.outbox) >= count:
            break
        time.sleep(0.01)
    return mail.outbox


def link_in(letter: mail.EmailMessage) -> str:
    return re.search(r"^http://127\.0\.0\.1:8000(/admin/reset/\S+/)$", letter.body, re.MULTILINE)[1]


def set_word(client: Client, link: str, word: str = NEW_WORD):
    form = client.get(link, follow=True).request["PATH_INFO"]
    return client.post(form, {"new_password1": word, "new_password2": word}, follow=True)


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(client, person):
    elsewhere = Client()
    log_in(elsewhere)
    page = ask_for_link(client, "EVA@example.org")
    assert (page.status_code, page["Location"]) == (302, "/admin/password_reset/done/")
    (letter,) = letters()

    assert (letter.subject, letter.to) == ("Neues Passwort für racedesk", ["eva@example.org"])
    assert "Konto „redakteurin“" in letter.body
    done = set_word(client, link_in(letter))

    assert "Das neue Passwort gilt" in done.content.decode()
    assert not is_in(elsewhere)
    assert log_in(Client()).status_code == 200
    assert log_in(Client(), word=NEW_WORD).status_code == 302
    assert "Dieser Link gilt nicht mehr" in Client().get(link_in(letter), follow=True).content.decode()


def test_an_unknown_address_gets_the_same_answer_and_no_letter(client, person):
    def answer(email: str) -> tuple:
        sent = ask_for_link(client, email)
        return sent.status_code, sent["Location"], client.get(sent["Location"]).content

    assert answer("niemand@example.org") == answer("eva@example.org")
    assert [letter.to for letter in letters()] == [["eva@example.org"]]


def test_disabled_accounts_get_no_letter(client, person):
    User.objects.create_user("gesperrte", "weg@example.org", WORD, is_active=False)

    ask_for_link(client, "weg@example.org")
    ask_for_link(client)

    assert [letter.to for letter in letters()] == [["eva@example.org"]]


@pytest.mark.slow
def test_asking_for_a_link_is_as_much_work_for_unknown_addresses(settings, person):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    def work(email: str) -> float:
        Attempt.objects.all().delete()
        began = time.thread_time()
        ask_for_link(Client(), email)
        return time.thread_time() - began

    for _ in range(3):
        work("eva@example.org")
    rounds = [(work("eva@example.org"), work("niemand@example.org")) for _ in range(41)]
    known, unknown = (median(side) for side in zip(*rounds, strict=True))
    assert 0.8 < unknown / known < 1.25


def test_a_link_dies_after_an_hour_also_in_the_night_the_clocks_go_back(client, person):
    with time_machine.travel(dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC), tick=False) as clock:
        ask_for_link(client)
        link = link_in(letters()[0])
        clock.shift(dt.timedelta(minutes=59))
        assert "Neues Passwort festlegen" in client.get(link, follow=True).content.decode()
        clock.shift(dt.timedelta(minutes=2))
        assert "Dieser Link gilt nicht mehr" in client.get(link, follow=True).content.decode()


def test_a_link_dies_with_the_next_login(client, person):
    ask_for_link(client)
    log_in(Client())

    assert "Dieser Link gilt nicht mehr" in client.get(link_in(letters()[0]), follow=True).content.decode()


def test_the_link_leads_to_the_address_of_the_settings_whatever_the_host_says(client, person, settings):
    settings.ALLOWED_HOSTS = ["*"]
    ask_for_link(client, headers={"host": "evil.example", "x-forwarded-host": "evil.example"})

    assert "evil.example" not in letters()[0].body
    assert link_in(letters()[0])


def test_a_weak_password_is_refused_with_the_reason(client, person):
    ask_for_link(client)

    page = set_word(client, link_in(letters()[0]), "passwort").content.decode()

    assert "Dieses Passwort ist zu kurz. Es muss mindestens 12 Zeichen enthalten." in page
    assert log_in(Client()).status_code == 302


def test_the_sixth_letter_within_a_quarter_of_an_hour_is_refused(person):
    answers = [ask_for_link(Client(), REMOTE_ADDR=f"192.0.2.{number}") for number in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Zu viele Versuche" in answers[-1].content.decode()
    assert int(answers[-1]["Retry-After"]) > 0


def test_one_address_asks_for_twenty_links_and_no_more(person):
    answers = [ask_for_link(Client(), f"name{number}@example.org").status_code for number in range(21)]

    assert answers == [302] * 20 + [429]


def test_a_new_password_opens_an_account_that_strangers_locked(client, person):
    ask_for_link(client)
    assert fail(11)[-1] == 429
    set_word(client, link_in(letters()[0]))

    assert log_in(Client(), word=NEW_WORD, REMOTE_ADDR="192.0.2.9").status_code == 302


@pytest.mark.parametrize("path", ["/admin/reset/MQ/abc-def/", "/admin/reset/%00/x/", "/admin/reset/OTk5OTk5/a-b/"])
def test_an_invented_link_does_not_work(client, path):
    assert "Dieser Link gilt nicht mehr" in client.get(path).content.decode()


def test_the_login_page_shows_the_way(client):
    page = client.get(LOGIN).content.decode()

    assert "<h1>Anmelden</h1>" in page
    assert f'<a href="{RESET}">Passwort vergessen?</a>' in page


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 25, "", "", False, False)),
        ("smtp+tls://desk:a%40b@mail.example.org", ("mail.example.org", 587, "desk", "a@b", False, True)),
        ("smtps://desk:word@mail.example.org:4465", ("mail.example.org", 4465, "desk", "word", True, False)),
    ],
)
def test_a_mail_server_is_named_by_one_address(url, expected):
    keys = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_SSL", "USE_TLS")
    found = mail_settings(url)

    assert tuple(found[f"EMAIL_{key}"] for key in keys) == expected


@pytest.mark.parametrize("url", ["mail.example.org", "http://x", "smtp://", "smtp://a/b", "smtp://u:geheim@h:port"])
def test_another_mail_address_is_refused_without_repeating_the_password(url):
    with pytest.raises(ValueError, match=r".") as refused:
        mail_settings(url)

    assert "geheim" not in str(refused.value)


# --- sessions ---------------------------------------------------------------------------------------------------------


def test_a_login_gets_a_number_of_its_own(client, person):
    log_in(client)
    first = client.cookies["racedesk_session"].value
    log_in(client)

    assert client.cookies["racedesk_session"].value != first
    assert Session.objects.count() == 1


def test_a_number_that_a_stranger_has_set_is_not_taken_over(client, person):
    client.cookies["racedesk_session"] = "a" * 32
    log_in(client)

    assert client.cookies["racedesk_session"].value != "a" * 32


def test_a_stolen_cookie_is_worthless_after_the_logout(client, person):
    log_in(client)
    thief = Client()
    thief.cookies["racedesk_session"] = client.cookies["racedesk_session"].value
    assert is_in(thief)

    client.post("/admin/logout/")

    assert not is_in(thief)


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_who_is_disabled_is_out_at_once(client, person, change):
    log_in(client)
    User.objects.update(**change)

    assert not is_in(client)


def test_a_right_that_is_taken_is_gone_at_once(client):
    person = factories.UserFactory(role="chief")
    client.force_login(person)
    assert client.get("/admin/articles/article/").status_code == 200

    person.groups.clear()

    assert client.get("/admin/articles/article/").status_code == 403


def test_a_session_ends_after_eight_idle_hours(client, person):
    with time_machine.travel(dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC), tick=False) as clock:
        log_in(client)
        clock.shift(dt.timedelta(hours=7, minutes=59))
        assert is_in(client)
        clock.shift(dt.timedelta(hours=7, minutes=59))
        assert is_in(client)
        clock.shift(dt.timedelta(hours=8, minutes=1))
        assert not is_in(client)


def test_a_session_ends_after_seven_days_however_busy(client, person):
    with time_machine.travel(dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC), tick=False) as clock:
        log_in(client)
        for _ in range(7 * 4 - 1):
            clock.shift(dt.timedelta(hours=6))
            assert is_in(client)
        clock.shift(dt.timedelta(hours=6, seconds=1))
        assert not is_in(client)
        assert not Session.objects.exists()


def test_reading_public_pages_neither_asks_nor_prolongs_a_session(client, person):
    with time_machine.travel(dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC), tick=False) as clock:
        log_in(client)
        clock.shift(dt.timedelta(hours=1))
        response = client.get("/")

    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert response["Cache-Control"].startswith("public")


# --- where a login leads ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "///evil.example",
        "////evil.example/%2e%2e",
        "\\\\evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "https://evil.example/admin/",
        "http:evil.example",
        "https:evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        " //evil.example",
        "\t//evil.example",
        "/\t/evil.example",
        "\x00//evil.example",
        "%2f%2fevil.example",
        "%5c%5cevil.example",
        "evil.example",
        "http://testserver@evil.example/",
        "//testserver.evil.example",
        "ftp://testserver/",
    ],
)
@pytest.mark.parametrize("place", ["query", "body"])
def test_a_login_never_leads_elsewhere(client, person, address, place):
    query = urlencode({"next": address})
    if place == "query":
        response = client.post(f"{LOGIN}?{query}", {"username": "redakteurin", "password": WORD, "next": address})
    else:
        response = client.post(LOGIN, {"username": "redakteurin", "password": WORD, "next": address})

    target = response["Location"]
    assert response.status_code == 302
    assert not re.match(r"[\s\x00-\x20]*([a-z]+:|[/\\]{2})", target, re.IGNORECASE)
    assert target == BOARD or not target.startswith("/")  # a relative path stays below /admin/login/


def test_a_login_leads_where_one_wanted_to_go(client, person):
    wanted = client.get("/admin/password_change/")

    assert wanted["Location"] == f"{LOGIN}?next=/admin/password_change/"
    assert log_in(client, QUERY_STRING="next=/admin/password_change/")["Location"] == "/admin/password_change/"


# --- words ------------------------------------------------------------------------------------------------------------


def test_the_form_of_an_account_is_german(admin_client, admin_user):
    page = admin_client.get(f"/admin/auth/user/{admin_user.pk}/change/").content.decode()
    password = admin_client.get(f"/admin/auth/user/{admin_user.pk}/password/").content.decode()
    new = admin_client.get("/admin/auth/user/add/").content.decode()

    assert "Passwort ändern" in page
    assert "Passwörter werden nicht im Klartext gespeichert" in page
    english = re.compile(r"Reset password|Raw passwords|Password-based|Enabled|Disabled|you’ll be able|Whether the")
    assert [english.findall(text) for text in (page, password, new)] == [[], [], []]
