"""What every table and column holds: whose it is, of which kind, why it is kept and by which rule it goes.

The record of processing, the data map and the retention table are printed from here (`assessment records`), and
what a company or a person takes out is chosen by it. A test walks the metadata and fails for a column that is not
named, so neither can go stale.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import MetaData

Owner = Literal["check", "company", "person", "cluster", "instance"]
Kind = Literal["personal", "company", "credential", "technical"]
"""Of a person; of a firm (and so of its owner, where that is one person); a secret or its digest; none of them."""
Rule = Literal[
    "check", "company", "person", "session", "interrupted", "token", "idempotency", "job", "counter", "suggestion",
    "audit", "cluster", "release", "invitation", "opt-out",
]  # fmt: skip
"""By what a row goes; the periods are settings."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One table: whose it is, why it is kept, by which rule its rows go, and its columns by kind."""

    owner: Owner
    why: str
    rule: Rule
    columns: Mapping[str, Kind]


def _kept(owner: Owner, why: str, rule: Rule, **kinds: str) -> Kept:
    columns: dict[str, Kind] = {}
    for kind in ("personal", "company", "credential", "technical"):
        columns |= dict.fromkeys(kinds.get(kind, "").split(), kind)
    return Kept(owner, why, rule, columns)


KEPT: Final[Mapping[str, Kept]] = {
    "assessments": _kept(
        "check", "answers of a check: what score and plan are worked out from", "check",
        company="company_name answers site company_id",
        technical="id questionnaire version depth language counter created_at changed_at visited_at previous_id",
    ),
    "answer_history": _kept(
        "check", "how an answer changed, so that nothing typed is lost and a review sees what it spoke of", "check",
        personal="person_id", company="value basis note reason",
        technical="id assessment_id question revision changed_at road",
    ),
    "draft_addresses": _kept(
        "check", "where the link of a check without an account is mailed to, and one reminder if that was wanted",
        "check", personal="email",
        credential="hash", technical="assessment_id language remind asked_at reminded_at",
    ),
    "results": _kept(
        "check", "score and plan as they were shown", "check",
        company="frozen", technical="id assessment_id number depth engine questionnaire version language taken_at",
    ),
    "plan_items": _kept(
        "check", "the actions of a plan, who does them and what came of them", "check",
        personal="owner", company="title status deadline note refusal follow_up",
        technical="id assessment_id measure entry position added_at changed_at revision",
    ),
    "money": _kept(
        "check", "own figures and wishes", "check",
        company="entries wishes", technical="assessment_id revision changed_at",
    ),
    "scenarios": _kept(
        "check", "saved selections of measures", "check",
        company="name measures", technical="assessment_id slot saved_at",
    ),
    "documents": _kept(
        "check", "the finished PDF", "check",
        company="content", technical="assessment_id hash report pages made_at",
    ),
    "evidence": _kept(
        "check", "documents that prove an answer", "check",
        personal="person_id", company="name content", technical="id assessment_id question kind size sha256 at",
    ),
    "reviews": _kept(
        "check", "where a mentor's review of each answer stands", "check",
        personal="mentor_id", company="declared proposed reason reply state",
        technical="assessment_id question revision step changed_at",
    ),
    "review_history": _kept(
        "check", "every step of a review, so that both values stay", "check",
        personal="person_id", company="state declared proposed words",
        technical="id assessment_id question step revision by_mentor at",
    ),
    "comments": _kept(
        "check", "what company and mentor say to each other", "check",
        personal="person_id", company="words", technical="id assessment_id question by_mentor settled at",
    ),
    "mentor_notes": _kept(
        "check", "what a mentor notes for the work on a check", "check",
        personal="person_id", company="words", technical="id assessment_id question at",
    ),
    "mentor_suggestions": _kept(
        "check", "actions that a mentor suggests", "check",
        personal="mentor_id", company="title why state reply key",
        technical="id assessment_id offered_at changed_at",
    ),
    "reviewed_marks": _kept(
        "check", "who finished a review, when and of what", "check",
        personal="mentor_id", technical="id assessment_id result at",
    ),
    "next_visits": _kept(
        "check", "when a mentor comes next", "check",
        personal="mentor_id", company="day words", technical="assessment_id at",
    ),
    "review_sums": _kept(
        "check", "what a mentor's list shows of a review", "check",
        company="visit", technical="assessment_id for_company for_mentor last_step marked_at",
    ),
    "proposed_answers": _kept(
        "check", "what was noted in an interview and is not confirmed yet", "check",
        personal="mentor_id", company="value note", technical="assessment_id question at",
    ),
    "saving_confirmations": _kept(
        "check", "savings that a mentor stands behind or no longer does, with the terms of a bill by result", "check",
        personal="mentor_id", company="item act title noted baseline method floor share words",
        technical="id assessment_id at",
    ),
    "companies": _kept(
        "company", "what several checks and people belong to", "company",
        company="name restricted compared", technical="id created_at erase_at",
    ),
    "memberships": _kept(
        "company", "who works on a company's checks", "company",
        personal="person_id role joined_at", technical="company_id",
    ),
    "grants": _kept(
        "company", "which mentor a company let in, and when", "company",
        personal="mentor_id", company="state",
        technical="id company_id from_grant proposed_by interview_agreed_at offered_at begun_at ended_at",
    ),
    "company_consents": _kept(
        "company", "proof of each consent and of its withdrawal", "company",
        personal="person_id", company="given viewer viewer_id", technical="id company_id text_hash language how at",
    ),
    "access_log": _kept(
        "company", "who from outside looked at a company's answers, as the company reads it", "company",
        personal="person_id action reason", technical="id company_id assessment_id at",
    ),
    "opened_glass": _kept(
        "company", "that an administrator opened a company's answers, why, and for how long", "company",
        personal="administrator_id reason", technical="id company_id opened_at ends_at",
    ),
    "people": _kept(
        "person", "an account: who signs in and how we reach them", "person",
        personal="email name language staff_role active created_at seen_at takes_clients "
        "review_mails plan_reminders",
        credential="uniquifier password_hash totp_secret totp_step recovery_codes",
        technical="id notices told_at erase_at",
    ),
    "passkeys": _kept(
        "person", "a key that somebody signs in with", "person",
        personal="name created_at used_at",
        credential="credential_id public_key sign_count",
        technical="id person_id transports extensions device_type backed_up usage",
    ),
    "sessions": _kept(
        "person", "which browser is open, so that it can be ended from elsewhere", "session",
        personal="person_id device signed_in_at seen_at", credential="hash data", technical="created_at",
    ),
    "interrupted": _kept(
        "check", "what somebody was typing when time ended their session, to give it back once they sign in again",
        "interrupted",
        personal="person_id", company="address fields", credential="session_hash", technical="assessment_id at",
    ),
    "session_drafts": _kept(
        "check", "which checks a browser opened without an account", "session",
        credential="session_hash", technical="assessment_id opened_at section",
    ),
    "tokens": _kept(
        "check", "links and codes, each by its digest", "token",
        personal="person_id email", company="company_id arguments", credential="hash",
        technical="id purpose assessment_id created_at expires_at used_at revoked_at",
    ),
    "idempotency": _kept(
        "check", "that a form which is sent twice has one effect", "idempotency",
        credential="actor request_hash", technical="key answer assessment_id at",
    ),
    "jobs": _kept(
        "check", "work to be done later, such as a PDF or a mail", "job",
        personal="arguments", technical="id assessment_id kind effect_key state tries due_at lease_until error "
        "created_at changed_at",
    ),
    "limit_counters": _kept(
        "instance", "how often an address tried, by the digest of the address", "counter",
        credential="key", technical="hits expires_at",
    ),
    "suggestions": _kept(
        "instance", "what visitors say about the catalogue", "suggestion",
        personal="who",
        technical="id form_key kind entry words source consent_hash language state received_at changed_at",
    ),
    "suggestion_history": _kept(
        "instance", "what became of a suggestion", "suggestion",
        personal="editor", technical="id suggestion_id state words at",
    ),
    "clusters": _kept(
        "cluster", "a cluster: its page, its code, the questionnaire of its members", "cluster",
        company="name texts website logo logo_kind organisation_id", credential="code_hash",
        technical="id slug questionnaire version threshold published code_at parent_id model_id created_at",
    ),
    "cluster_managers": _kept(
        "cluster", "who runs a cluster", "cluster", personal="person_id joined_at", technical="cluster_id",
    ),
    "cluster_members": _kept(
        "cluster", "who belongs to a cluster, and what each agreed that it may see", "cluster",
        company="company_id name role nace category step services region size state counted progress named on_map "
        "stage",
        technical="id cluster_id origin joined_at left_at",
    ),
    "cluster_links": _kept(
        "cluster", "who of a cluster works with whom", "cluster",
        company="from_id to_id service kind wanted", technical="id cluster_id",
    ),
    "contributions": _kept(
        "check", "what a company's newest result gives to figures of many", "check",
        company="figures amounts", technical="company_id questionnaire assessment_id result_id taken_at",
    ),
    "cluster_sums": _kept(
        "cluster", "how many members came how far", "cluster", technical="cluster_id what n",
    ),
    "releases": _kept(
        "cluster", "figures of many as they were shown, and what later ones are audited against", "release",
        personal="person_id", credential="ledger",
        technical="id cluster_id questionnaire taken_at shown everybody took",
    ),
    "comparison_groups": _kept(
        "cluster", "released figures of clusters elsewhere", "cluster",
        personal="person_id", technical="id cluster_id name signer content brought_at",
    ),
    "campaigns": _kept(
        "cluster", "what a cluster writes to companies that it invites", "cluster",
        personal="person_id pending",
        technical="id cluster_id name texts state pending_at listed_at created_at sent_at",
    ),
    "campaign_addresses": _kept(
        "cluster", "whom a cluster invited, and whether they came", "invitation",
        personal="email language state", company="company member_id", credential="hash",
        technical="id campaign_id reminders mailed_at link_id",
    ),
    "opt_outs": _kept(
        "instance", "that an address is never written to again, by the digest of the address", "opt-out",
        credential="hash", technical="cluster_id at",
    ),
    "cluster_documents": _kept(
        "cluster", "the finished PDFs of a cluster", "cluster",
        company="content", technical="cluster_id hash report pages made_at",
    ),
    "joint_actions": _kept(
        "cluster", "what a cluster proposes to do together", "cluster",
        personal="person_id", technical="id cluster_id practice release_id kind title words until created_at closed_at",
    ),
    "joint_answers": _kept(
        "company", "whom the product asked whether they take part, and what they said", "company",
        personal="person_id", company="answer words", technical="joint_action_id company_id at",
    ),
    "roadmap_lines": _kept(
        "cluster", "a cluster's own plan", "cluster",
        personal="owner",
        technical="id cluster_id title aim begins_on ends_on effect joint_action_id state position revision changed_at",
    ),
    "exchange_members": _kept(
        "company", "who takes part in the exchange of a cluster", "company",
        personal="person_id", technical="cluster_id company_id joined_at",
    ),
    "begun_from": _kept(
        "check", "on the page of which cluster a check was begun", "check",
        company="cluster_id", technical="assessment_id",
    ),
    "exchange_places": _kept(
        "company", "from where a company takes part in exchanges, and for 30 days after it moved there", "company",
        company="country town", technical="company_id placed_at told",
    ),
    "exchange_posts": _kept(
        "company", "what a company offers or seeks in a cluster", "company",
        personal="person_id", company="title material waste_code amount unit period months reach note",
        technical="id cluster_id company_id side created_at closed_at",
    ),
    "exchange_talks": _kept(
        "cluster", "which offer and need asked to be put in touch", "cluster",
        technical="id cluster_id offer_id need_id offer_yes_at need_yes_at ended_by",
    ),
    "audit_log": _kept(
        "instance", "who did what, so that misuse is found; ids alone", "audit",
        personal="actor", technical="number at event subject mac",
    ),
}  # fmt: skip


def unclassified(metadata: MetaData, kept: Mapping[str, Kept] = KEPT) -> list[str]:
    """The columns that nobody classified, and those classified that do not exist."""
    there = {(table.name, column.name) for table in metadata.tables.values() for column in table.columns}
    named = {(table, column) for table, what in kept.items() for column in what.columns}
    return sorted(f"{table}.{column}" for table, column in there ^ named)


def columns_of(kind: Kind) -> dict[str, tuple[str, ...]]:
    """The columns of a kind by table."""
    found = {table: tuple(name for name, its in what.columns.items() if its == kind) for table, what in KEPT.items()}
    return {table: names for table, names in found.items() if names}
