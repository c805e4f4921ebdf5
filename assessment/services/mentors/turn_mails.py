"""Mails between company and mentor: that a review waits for one of them, and that a mentor's access has ended.

What waits is told by the calendar, so that a mentor who asks about thirty answers causes one mail: at most one a day
for each check and receiver, and only to whoever wants them. A mail names no question and no answer.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from assessment.services import mails
from assessment.services.instance import Instance
from assessment.services.mails import Mail, one_line
from assessment.storage import jobs
from assessment.storage.mentors import grants, turns
from assessment.storage.mentors.grants import Grant, Owner
from assessment.storage.mentors.turns import Receiver, Side, Turn
from assessment.storage.people import people
from assessment.storage.people.companies import Company

Translate = Callable[[str], str]
Words = tuple[str, tuple[str, ...]]
"""Subject and lines of a mail, with places for names."""

TOLD_WITHIN: Final = timedelta(days=3)
"""Later it is not told any more: an instance that was away does not write about what is long past."""
APART: Final = timedelta(hours=20)
"""How far apart two mails to one receiver about one check are, whenever the calendar is asked."""


def tell(instance: Instance) -> int:
    """Tell each side what came for it since it was told last; how many mails were asked for."""
    since, asked = instance.now() - TOLD_WITHIN, 0
    sides: tuple[Side, ...] = ("company", "mentor")
    for side in sides:
        with instance.database.reading() as connection:
            found = [(turn, turns.receivers(connection, side, turn.company_id))
                     for turn in turns.turns(connection, side, since)]  # fmt: skip
        for turn, receivers in found:
            for receiver in receivers:
                asked += _tell(instance, side, turn, receiver)
    return asked


def _tell(instance: Instance, side: Side, turn: Turn, receiver: Receiver) -> bool:
    told = f"turn:{side}:{turn.check_id}:{receiver.person_id}:"
    once = f"{told}{turn.newest:%Y%m%dT%H%M%S%f}"
    with instance.database.writing() as connection:
        key = mails.notice_key(told)
        if jobs.asked_since(connection, key, instance.now() - APART) or jobs.find(connection, mails.notice_key(once)):
            return False
        job = mails.post(instance, connection, _mail(instance, side, turn, receiver, once))
    mails.go_out(instance, job)
    return True


def _mail(instance: Instance, side: Side, turn: Turn, receiver: Receiver, once: str) -> Mail:
    language = mails.language_of(receiver.language)
    _ = language.gettext
    named = {"company": one_line(turn.company)}
    if side == "company":
        subject = _("Your mentor waits for an answer about %(company)s")
        line = _("In the check of %(company)s something of your mentor waits for you:")
        page = "mentor"
    else:
        subject = _("%(company)s has answered your review")
        line = _("In its check %(company)s has answered what you said:")
        page = "review"
    said = [
        language.ngettext("%(num)s answer", "%(num)s answers", turn.answers) % {"num": turn.answers},
        language.ngettext("%(num)s suggested action", "%(num)s suggested actions", turn.suggestions)
        % {"num": turn.suggestions},
        language.ngettext("%(num)s comment", "%(num)s comments", turn.comments) % {"num": turn.comments},
    ]  # fmt: skip
    counts = (turn.answers, turn.suggestions, turn.comments)
    counted = ", ".join(words for words, count in zip(said, counts, strict=True) if count)
    return Mail(
        receiver.email, subject % named,
        (f"{line % named} {counted}.",
         _("You get such a mail at most once a day for each check. You can switch it off in your account.")),
        f"{instance.settings.base_url}/assessments/{turn.check_id}/{page}", company_id=turn.company_id, notice=True,
        once=once,
    )  # fmt: skip


def access_ended(instance: Instance, connection: Connection, grant: Grant) -> str:
    """Tell a mentor that they see nothing more of a company, in the caller's transaction; the mail's job."""

    def said(_: Translate) -> Words:
        return _no_longer(_), (
            _("%(company)s has ended your access. You see nothing more of its checks; what you wrote there stays with "
              "it."),
        )  # fmt: skip

    return _to_mentor(instance, connection, grant, said)


def handed_over(instance: Instance, connection: Connection, before: Grant, grant: Grant) -> list[str]:
    """Tell both mentors that the company agreed to the change, in the caller's transaction; the jobs of the mails."""

    def out(_: Translate) -> Words:
        return _no_longer(_), (
            _("%(company)s has agreed that your colleague looks after it from now on. You see nothing more of its "
              "checks; what you wrote there stays with it."),
        )  # fmt: skip

    def now_in(_: Translate) -> Words:
        return _now(_), (
            _("%(mentor)s has handed %(company)s over to you, and the company has let you in."), _way_out(_),
        )  # fmt: skip

    return [
        _to_mentor(instance, connection, before, out),
        _to_mentor(instance, connection, grant, now_in, mentor=before.mentor),
    ]


def let_in(instance: Instance, connection: Connection, grant: Grant) -> str:
    """Tell a mentor whom a cluster proposed that the company agreed, in the caller's transaction; the mail's job."""

    def said(_: Translate) -> Words:
        return _now(_), (
            _("%(cluster)s proposed you as a mentor to %(company)s, and the company has let you in."), _way_out(_),
        )  # fmt: skip

    return _to_mentor(instance, connection, grant, said, cluster=grant.cluster or "")


def _no_longer(_: Translate) -> str:
    return _("You are no longer the mentor of %(company)s")


def _now(_: Translate) -> str:
    return _("You are the mentor of %(company)s now")


def _way_out(_: Translate) -> str:
    return _("If you cannot look after it, you can leave it or hand it over in your client list.")


def _to_mentor(
    instance: Instance, connection: Connection, grant: Grant, said: Callable[[Translate], Words], **named: str
) -> str:
    """Post a mail about a company to its mentor; nothing where the account is gone."""
    person = people.find_person(connection, id=grant.mentor_id)
    if person is None:
        return ""
    subject, lines = said(mails.language_of(person.language).gettext)
    values = {name: one_line(value) for name, value in {"company": grant.company, **named}.items()}
    return mails.post(instance, connection, Mail(
        person.email, subject % values, tuple(line % values for line in lines), f"{instance.settings.base_url}/mentor",
        company_id=grant.company_id, notice=True,
    ))  # fmt: skip


def proposed(instance: Instance, connection: Connection, company: Company, cluster: str, owner: Owner) -> str:
    """Tell an owner that a cluster proposes a mentor, in the caller's transaction; the mail's job."""
    _ = mails.language_of(owner.language).gettext
    named = {"company": one_line(company.name), "cluster": one_line(cluster)}
    return mails.post(instance, connection, Mail(
        owner.email, _("%(cluster)s proposes a mentor to %(company)s") % named,
        (_("%(cluster)s proposes a mentor to %(company)s. The mentor sees nothing unless you agree, and the cluster "
           "does not learn what you decide. You have 14 days.") % named,),
        f"{instance.settings.base_url}/companies/{company.id}/mentors", company_id=company.id,
    ))  # fmt: skip


def mentor_is_out(instance: Instance, connection: Connection, grant: Grant) -> list[str]:
    """Tell the owners of a company that its mentor is out, because the account goes; the mails' jobs."""
    posted = []
    for owner in grants.owners_of(connection, grant.company_id):
        _ = mails.language_of(owner.language).gettext
        told = _("%(mentor)s is no longer a mentor here and sees nothing more of your company.")
        posted.append(mails.post(instance, connection, Mail(
            owner.email, _("Your mentor has left"), (told % {"mentor": one_line(grant.mentor) or _("Your mentor")},),
            f"{instance.settings.base_url}/companies/{grant.company_id}/mentors", company_id=grant.company_id,
            notice=True,
        )))  # fmt: skip
    return posted
