"""After a restore nothing opens an account that its owner gave up since: factor, code, password, address. PRV-05."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assessment.services import mails
from assessment.services.mails import Mail
from assessment.services.upkeep import restoring
from assessment.storage.upkeep.erasure_list import FILE
from tests.web.entering import PASSWORD, account, code_of, is_in, of, sign_in, with_app
from tests.web.mailbox import Mailbox, text_of
from tests.web.people import signed_in
from tests.web.test_passkeys import asked, gives, half_way, with_passkey
from tests.web.visiting import Site, Visitor

ANA, MOVED = "ana@firma.example", "ana@elsewhere.example"
SECOND = "/sign-in/second"

listed_or_not = pytest.mark.parametrize("listed", [True, False], ids=["", "unless the list is lost"])
"""Each test stands beside its negative control."""


@pytest.fixture(name="ana")
def _ana(mailed: Site) -> str:
    return account(mailed, ANA)


@pytest.fixture
def restored(mailed: Site, tmp_path: Path) -> Callable[[Callable[[], object], bool], None]:
    """Backs up, lets something happen, and brings the backup back: held against the list, or without it."""

    def run(happens: Callable[[], object], listed: bool) -> None:
        settings, database = mailed.instance.settings, mailed.instance.database
        restoring.back_up(settings, database, tmp_path / "copy", mailed.clock())
        mailed.clock.forward(minutes=2)
        happens()
        mailed.clock.forward(minutes=2)
        database.close()
        if not listed:
            (settings.data_dir / FILE).unlink(missing_ok=True)
        restoring.bring_back(settings, tmp_path / "copy", replace=True, now=mailed.clock)

    return run


Restored = Callable[[Callable[[], object], bool], None]


def tries(site: Site, code: str) -> bool:
    """Whether password and code let somebody in as Ana."""
    visitor = half_way(site)
    visitor.send(SECOND, {"csrf_token": visitor.token(), "code": code})
    return is_in(visitor)


def by_mail(site: Site, mailbox: Mailbox, address: str = ANA) -> Visitor:
    """The browser of whoever asks for a link and follows it."""
    visitor = site.visitor()
    visitor.post("/sign-in/mail", {"email": address})
    path = mailbox.link(address)
    visitor.submit(visitor.get(path), action="/sign-in/link")
    return visitor


@listed_or_not
def test_a_used_recovery_code_opens_nothing_and_the_others_do(
    mailed: Site, ana: str, restored: Restored, listed: bool
) -> None:
    codes = with_app(mailed, ana)
    restored(lambda: tries(mailed, codes[0]), listed)
    assert tries(mailed, codes[0]) is not listed
    assert tries(mailed, codes[1])


@listed_or_not
def test_recovery_codes_that_were_replaced_open_nothing_and_the_app_does(
    mailed: Site, ana: str, restored: Restored, listed: bool
) -> None:
    codes = with_app(mailed, ana)
    restored(lambda: signed_in(mailed, ana).post("/account/recovery-codes", status=200), listed)
    assert tries(mailed, codes[0]) is not listed
    assert tries(mailed, code_of(mailed, of(mailed, ana).totp_secret))


@listed_or_not
def test_a_passkey_that_was_removed_opens_nothing_and_the_app_does(
    mailed: Site, ana: str, restored: Restored, listed: bool
) -> None:
    key = with_passkey(mailed, ana)
    with_app(mailed, ana)

    def remove() -> None:
        visitor = signed_in(mailed, ana)
        visitor.submit(visitor.get("/account"), action="/account/passkeys/remove")

    restored(remove, listed)
    visitor = half_way(mailed)
    gives(visitor, key.use(asked(visitor)), 422 if listed else 303)
    assert is_in(visitor) is not listed
    assert tries(mailed, code_of(mailed, of(mailed, ana).totp_secret))


@listed_or_not
def test_who_changed_their_app_comes_in_by_mail_alone_and_sets_up_a_second_factor_again(
    mailed: Site, ana: str, mailbox: Mailbox, restored: Restored, listed: bool
) -> None:
    with_app(mailed, ana)
    lost = of(mailed, ana).totp_secret
    restored(lambda: with_app(mailed, ana), listed)
    if not listed:
        assert tries(mailed, code_of(mailed, lost))
        return
    # The old app and its codes are gone; the password alone would be less than its owner had meant to be asked for.
    sign_in(mailed.visitor(), ANA, status=422)
    visitor = by_mail(mailed, mailbox)
    assert is_in(visitor)
    page = visitor.get("/account/app")
    visitor.submit(page, {"code": code_of(mailed, page.form("/account/app").fields["secret"])}, "/account/app", 200)


@listed_or_not
def test_a_password_alone_opens_nothing_where_a_second_factor_was_added(
    mailed: Site, ana: str, restored: Restored, listed: bool
) -> None:
    restored(lambda: with_app(mailed, ana), listed)
    sign_in(mailed.visitor(), ANA, status=422 if listed else 303)


def test_a_password_alone_is_enough_again_where_its_owner_gave_the_second_factor_up(
    mailed: Site, ana: str, restored: Restored
) -> None:
    with_app(mailed, ana)
    restored(lambda: signed_in(mailed, ana).post("/account/app/remove"), True)
    visitor = mailed.visitor()
    sign_in(visitor, ANA)
    assert is_in(visitor)


@listed_or_not
def test_a_password_that_was_replaced_opens_nothing_whatever_else_changed_before(
    mailed: Site, ana: str, restored: Restored, listed: bool
) -> None:
    with_app(mailed, ana)

    def change() -> None:
        signed_in(mailed, ana).post("/account/recovery-codes", status=200)
        signed_in(mailed, ana).post("/account/password", {"password": "another good one"})

    restored(change, listed)
    sign_in(mailed.visitor(), ANA, PASSWORD, 422 if listed else 303)


@listed_or_not
def test_an_old_address_neither_signs_in_nor_gets_a_mail_and_the_new_one_finds_its_account(
    mailed: Site, ana: str, mailbox: Mailbox, restored: Restored, listed: bool
) -> None:
    mailbox.refusal = "451 later"
    with mailed.instance.database.writing() as connection:
        mails.post(mailed.instance, connection, Mail(ANA, "Waits", ("in the backup",), notice=True))
    mailbox.refusal = ""

    def move() -> None:
        visitor = signed_in(mailed, ana)
        visitor.submit(visitor.get("/account/address"), {"email": MOVED})
        visitor.submit(visitor.get(mailbox.link(MOVED)), action="/account/address/confirm")

    restored(move, listed)
    before = len(mailbox.to(ANA))
    mailed.visitor().post("/sign-in/mail", {"email": ANA})
    told = "".join(text_of(mail) for mail in mailbox.to(ANA)[before:])
    assert ("in the backup" in told) is not listed
    assert ("/sign-in/link/" in told) is not listed
    sign_in(mailed.visitor(), ANA, status=422 if listed else 303)
    if listed:
        assert not [line for line in mailed.dump(without=["tokens", "jobs"]) if ANA in line]
        assert is_in(by_mail(mailed, mailbox, MOVED))
        assert of(mailed, ana).email == MOVED
        assert "/account" in sign_in(mailed.visitor(), MOVED).location


def test_an_address_that_was_taken_back_is_the_account_s(
    mailed: Site, ana: str, mailbox: Mailbox, restored: Restored
) -> None:
    def to_and_fro() -> None:
        for address in (MOVED, ANA):
            visitor = signed_in(mailed, ana)
            visitor.submit(visitor.get("/account/address"), {"email": address})
            visitor.submit(visitor.get(mailbox.link(address)), action="/account/address/confirm")

    restored(to_and_fro, True)
    assert is_in(by_mail(mailed, mailbox))


def test_somebody_else_s_address_finds_no_account_that_has_none(
    mailed: Site, ana: str, mailbox: Mailbox, restored: Restored
) -> None:
    def to_a_third() -> None:
        for address in ("first@elsewhere.example", MOVED):
            visitor = signed_in(mailed, ana)
            visitor.submit(visitor.get("/account/address"), {"email": address})
            visitor.submit(visitor.get(mailbox.link(address)), action="/account/address/confirm")

    restored(to_a_third, True)
    for address in ("first@elsewhere.example", "eve@elsewhere.example"):
        mailed.visitor().post("/sign-in/password", {"email": address})
        assert "/sign-in/password/" not in text_of(mailbox.to(address)[-1])
    assert of(mailed, ana).email.endswith(".invalid")
