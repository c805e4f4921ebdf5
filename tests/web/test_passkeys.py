"""Passkeys: an answer is held against the site, the challenge, the session, the person, the uses. AUTH-14"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from assessment.services.people import passkey_proofs, sessions
from assessment.storage.people import passkeys
from assessment.storage.people.passkeys import Passkey
from tests.web.authenticator import PRESENT, VERIFIED, Authenticator
from tests.web.entering import account, is_in, quick, sign_in
from tests.web.people import signed_in
from tests.web.visiting import Page, Site, Visitor

ANA, EVE = "ana@firma.example", "eve@firma.example"
NEW = "/account/passkeys/new"
SECOND = "/sign-in/second"


@pytest.fixture(name="ana")
def _ana(mailed: Site) -> str:
    return account(mailed, ANA)


def key_for(site: Site) -> Authenticator:
    base = site.instance.settings.base_url
    return Authenticator(base, urlsplit(base).hostname or "")


def options_of(page: Page) -> str:
    """The challenge of a page, as its script reads it."""
    (form,) = [form for form in page.tree.iter("form") if "data-options" in form.attrib]
    return form.attrib["data-options"]


def asked_to_make(visitor: Visitor) -> str:
    return options_of(visitor.post(NEW, {"name": "My phone"}, 200))


def with_passkey(site: Site, person_id: str) -> Authenticator:
    """Somebody registers a passkey on the page for it."""
    quick(site)
    visitor, key = signed_in(site, person_id), key_for(site)
    answer = visitor.post(NEW, {"name": "My phone", "passkey": key.make(asked_to_make(visitor))}, 200)
    assert "recovery codes" in answer.words
    assert len(stored(site, person_id)) == 1
    return key


def stored(site: Site, person_id: str) -> tuple[Passkey, ...]:
    with site.instance.database.reading() as connection:
        return passkeys.of_person(connection, person_id)


def half_way(site: Site, email: str = ANA) -> Visitor:
    """A browser in which the password was right."""
    visitor = site.visitor()
    assert sign_in(visitor, email).location.startswith(SECOND)
    return visitor


def asked(visitor: Visitor) -> str:
    return options_of(visitor.post(SECOND, {"way": "passkey"}, 200))


def gives(visitor: Visitor, said: str, status: int) -> Page:
    return visitor.post(SECOND, {"passkey": said}, status)


def test_a_passkey_that_was_made_here_signs_in_and_counts_its_uses(mailed: Site, ana: str) -> None:
    key = with_passkey(mailed, ana)
    for used in (1, 2):
        visitor = half_way(mailed)
        assert not is_in(visitor)
        gives(visitor, key.use(asked(visitor)), 303)
        assert is_in(visitor)
        assert stored(mailed, ana)[0].sign_count == used


def test_what_is_asked_for_is_for_this_site_and_wants_the_person_verified(mailed: Site, ana: str) -> None:
    key = with_passkey(mailed, ana)
    told = json.loads(asked(half_way(mailed)))
    assert told["rpId"] == key.rp_id
    assert told["userVerification"] == "required"
    assert len(told["challenge"]) >= 43
    assert len(told["allowCredentials"]) == 1


def _other(**changed: object) -> Callable[[Authenticator], Authenticator]:
    return lambda key: replace(key, **changed)  # type: ignore[arg-type]


WRONG: dict[str, Callable[[Authenticator], Authenticator]] = {
    "the page of another site": _other(origin="https://evil.example"),
    "the same host over another port": lambda key: replace(key, origin=key.origin + "0"),
    "a key for another site": _other(rp_id="evil.example"),
    "nobody verified": _other(flags=PRESENT),
    "nobody present": _other(flags=VERIFIED),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_passkey_is_not_taken_from(mailed: Site, ana: str, what: str) -> None:
    key = with_passkey(mailed, ana)
    visitor = half_way(mailed)
    gives(visitor, WRONG[what](key).use(asked(visitor)), 422)
    assert not is_in(visitor)
    assert stored(mailed, ana)[0].sign_count == 0
    # The same key, as it should be, gets in.
    gives(visitor, key.use(asked(visitor)), 303)
    assert is_in(visitor)


@pytest.mark.parametrize("what", WRONG)
def test_a_passkey_is_not_made_by(mailed: Site, ana: str, what: str) -> None:
    quick(mailed)
    visitor = signed_in(mailed, ana)
    said = WRONG[what](key_for(mailed)).make(asked_to_make(visitor))
    visitor.post(NEW, {"name": "My phone", "passkey": said}, 422)
    assert stored(mailed, ana) == ()


def test_a_key_that_signs_with_another_secret_is_not_taken(mailed: Site, ana: str) -> None:
    key = with_passkey(mailed, ana)
    visitor = half_way(mailed)
    gives(visitor, Authenticator(key.origin, key.rp_id, name=key.name).use(asked(visitor)), 422)
    assert not is_in(visitor)


def test_an_answer_is_taken_once_and_only_in_the_session_that_was_asked(mailed: Site, ana: str) -> None:
    key = with_passkey(mailed, ana)
    first, second = half_way(mailed), half_way(mailed)
    said = key.use(asked(first))
    asked(second)
    gives(second, said, 422)
    assert not is_in(second)
    gives(first, said, 303)
    first.post("/sign-out")
    again = half_way(mailed)
    gives(again, said, 422)
    asked(again)
    gives(again, said, 422)
    assert not is_in(again)


def test_a_challenge_holds_for_five_minutes(mailed: Site, ana: str) -> None:
    key = with_passkey(mailed, ana)
    visitor = half_way(mailed)
    options = asked(visitor)
    mailed.clock.now += passkey_proofs.HOLDS
    gives(visitor, key.use(options), 422)
    options = asked(visitor)
    mailed.clock.now += passkey_proofs.HOLDS - timedelta(seconds=1)
    gives(visitor, key.use(options), 303)


def test_who_has_a_passkey_and_no_app_is_asked_for_recovery_codes_alone(mailed: Site, ana: str) -> None:
    with_passkey(mailed, ana)
    visitor = half_way(mailed)
    assert "One of your recovery codes" in visitor.get(SECOND).words
    wrong = visitor.post(SECOND, {"code": "0000"}, 422).words
    assert "This recovery code is not right" in wrong
    assert "Wait for the next one" not in wrong
    proving = signed_in(mailed, ana).get("/account/prove").words
    assert "One of your recovery codes" in proving
    assert "six digits" not in proving


def test_a_wrong_answer_uses_the_challenge_up(mailed: Site, ana: str) -> None:
    key = with_passkey(mailed, ana)
    visitor = half_way(mailed)
    options = asked(visitor)
    gives(visitor, replace(key, origin="https://evil.example").use(options), 422)
    gives(visitor, key.use(options), 422)
    assert not is_in(visitor)


def test_a_counter_that_goes_back_is_a_copy_and_is_refused(mailed: Site, ana: str) -> None:
    key = with_passkey(mailed, ana)
    visitor = half_way(mailed)
    key.count = 41
    gives(visitor, key.use(asked(visitor)), 303)
    assert stored(mailed, ana)[0].sign_count == 42
    for count in (40, 41):
        copy = replace(key, count=count)
        visitor = half_way(mailed)
        gives(visitor, copy.use(asked(visitor)), 422)
        assert not is_in(visitor)
    assert stored(mailed, ana)[0].sign_count == 42


def test_the_passkey_of_somebody_else_does_not_open_an_account(mailed: Site, ana: str) -> None:
    with_passkey(mailed, ana)
    theirs = with_passkey(mailed, account(mailed, EVE))
    visitor = half_way(mailed)
    gives(visitor, theirs.use(asked(visitor)), 422)
    assert not is_in(visitor)
    eve = half_way(mailed, EVE)
    gives(eve, theirs.use(asked(eve)), 303)
    assert EVE in eve.get("/account").words


def test_a_passkey_belongs_to_one_account_alone(mailed: Site, ana: str) -> None:
    key = with_passkey(mailed, ana)
    eve_id = account(mailed, EVE)
    eve = signed_in(mailed, eve_id)
    eve.post(NEW, {"name": "Mine too", "passkey": key.make(asked_to_make(eve))}, 422)
    assert stored(mailed, eve_id) == ()
    assert len(stored(mailed, ana)) == 1


@pytest.mark.parametrize("said", ["", "[]", "7", '{"id": 7}', "{" * 3000, "\u0000", '{"response": {}}'])
def test_an_answer_that_is_none_is_refused_in_words(mailed: Site, ana: str, said: str) -> None:
    with_passkey(mailed, ana)
    visitor = half_way(mailed)
    asked(visitor)
    gives(visitor, said, 422)
    assert not is_in(visitor)


@pytest.mark.parametrize("broken", ["", "AA", "_" * 50, "half", 7, None, ["x"]])
def test_an_answer_that_is_broken_anywhere_is_none(mailed: Site, ana: str, broken: object) -> None:
    key, proofs = with_passkey(mailed, ana), quick(mailed)
    (kept,) = stored(mailed, ana)
    for_use, challenge = proofs.passkey_options([kept.credential_id])
    to_make, made_for = proofs.new_passkey_options(ana, ANA, [])
    used, made = key.use(for_use), key_for(mailed).make(to_make)
    assert proofs.passkey_used(used, challenge, kept.public_key, 0) == 1
    assert proofs.new_passkey(made, made_for) is not None
    for part in json.loads(used)["response"]:
        assert proofs.passkey_used(_broken(used, part, broken), challenge, kept.public_key, 0) is None, part
    for part in json.loads(made)["response"]:
        assert proofs.new_passkey(_broken(made, part, broken), made_for) is None, part


def _broken(said: str, part: str, broken: object) -> str:
    answer = json.loads(said)
    text = answer["response"][part]
    answer["response"][part] = text[: len(text) // 2] if broken == "half" else broken
    return json.dumps(answer)


def test_a_passkey_proves_who_somebody_is_before_the_account_changes(mailed: Site, ana: str) -> None:
    key = with_passkey(mailed, ana)
    visitor = signed_in(mailed, ana)
    mailed.clock.now += sessions.FRESH
    assert visitor.get("/account/password", status=303).location.startswith("/account/prove")
    options = options_of(visitor.post("/account/prove", {"way": "passkey"}, 200))
    visitor.post("/account/prove", {"passkey": key.use(options)})
    visitor.get("/account/password")


def test_without_the_counter_a_copy_would_get_in(mailed: Site, ana: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    key = with_passkey(mailed, ana)
    visitor = half_way(mailed)
    key.count = 41
    gives(visitor, key.use(asked(visitor)), 303)
    proofs = quick(mailed)
    check = proofs.passkey_used
    monkeypatch.setattr(proofs, "passkey_used", lambda said, challenge, key, count: check(said, challenge, key, 0))
    visitor = half_way(mailed)
    gives(visitor, replace(key, count=3).use(asked(visitor)), 303)
    assert is_in(visitor)
