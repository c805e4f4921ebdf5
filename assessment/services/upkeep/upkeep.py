"""Upkeep: what an instance does by the calendar and not for anybody in particular."""

from dataclasses import replace
from datetime import timedelta

from assessment.services.aggregates import comparing
from assessment.services.checks import link_mails
from assessment.services.clusters import exchange
from assessment.services.instance import Instance
from assessment.services.mails import MAIL_JOB
from assessment.services.mentors import turn_mails
from assessment.services.people import links_once, parting, parting_accounts, reminders, sessions
from assessment.storage import jobs
from assessment.storage.clusters import campaigns, exchanges
from assessment.storage.people import access, interrupted, partings
from assessment.storage.upkeep import audit, erasure
from assessment.storage.upkeep.erasure import Pruned, Retention


def prune(instance: Instance) -> Pruned:
    """Delete what has been kept as long as was promised; doing it twice changes nothing."""
    settings, now = instance.settings, instance.now()
    periods = settings.periods
    retention = Retention(
        draft=timedelta(days=settings.draft_days),
        finished=timedelta(days=settings.finished_days),
        session=timedelta(days=periods.session),
    )
    with instance.database.writing() as connection:
        pruned = erasure.prune(connection, now, retention)
        tokens = partings.prune_tokens(connection, now, timedelta(days=periods.token))
        # A mail that never went out holds an address and a link; that it failed stays on the list.
        jobs.forget_words(connection, MAIL_JOB, now - retention.job)
        interrupted.prune(connection, now - sessions.HELD)
        kept = now - timedelta(days=periods.invitation)
        exchanges.forget_places(connection, now - exchange.MOVES_AFTER)
        campaigns.forget(connection, mailed_before=kept, read_before=kept)
        access.shut_sections(connection, now - links_once.LIFETIMES["section"])
    link_mails.remind(instance)
    reminders.remind(instance)
    reminders.remind_of_deadlines(instance)
    turn_mails.tell(instance)
    comparing.refresh(instance)
    gone = parting.erase_due(instance) + parting_accounts.erase_due(instance)
    gone += parting_accounts.let_unused_accounts_go(instance)
    with instance.database.writing() as connection:
        rows = audit.let_go(connection, settings.audit_key, now - timedelta(days=periods.audit), now)
    with instance.database.reading() as connection:
        head = audit.head(connection)
    audit.write_head(settings.data_dir / audit.HEADS, head, now)
    instance.database.scrub()
    return replace(pruned, tokens=tokens, audit=rows, companies=len(gone.companies), accounts=len(gone.people))
