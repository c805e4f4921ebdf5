"""The tables of clusters: who runs one, its members and the links between them, campaigns, figures, joint action.

What a cluster sees of a member hangs on the four agreements that stand in the member's row; the record of them, which
is only ever added to, is `company_consents`.
"""

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from assessment.storage.columns import Moment, among, metadata

MEMBER_STATES: Final = ("listed", "asked", "active", "left")
MEMBER_ROLES: Final = ("firm", "research", "training", "finance", "public", "association")
MEMBER_ORIGINS: Final = ("invitation", "code", "request", "list")
LINK_KINDS: Final = ("supplies", "works-with", "researches-for", "finances", "trains")
CAMPAIGN_STATES: Final = ("draft", "sending", "sent", "stopped")
ADDRESS_STATES: Final = ("listed", "queued", "sent", "failed", "joined", "opted-out")
POST_SIDES: Final = ("offer", "need")
JOINT_ANSWERS: Final = ("asked", "yes", "no")
LINE_STATES: Final = ("planned", "started", "done", "dropped")


def _id() -> Column[str]:
    return Column("id", String(32), primary_key=True)


def _of_cluster(*, index: bool = True) -> Column[str]:
    return Column("cluster_id", String(32), ForeignKey("clusters.id", ondelete="CASCADE"), nullable=False, index=index)


def _by_person() -> Column[str]:
    return Column("person_id", String(32), ForeignKey("people.id", ondelete="SET NULL"))


clusters = Table(
    "clusters",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    # The word in the address of its own page.
    Column("slug", String(60), nullable=False, unique=True),
    # As JSON: the text of its page by language.
    Column("texts", Text, nullable=False),
    Column("website", Text, nullable=False),
    Column("logo", LargeBinary),
    Column("logo_kind", String(10), nullable=False),
    # The questionnaire that its members answer, and the version; empty for the newest.
    Column("questionnaire", String(100), nullable=False),
    Column("version", String(40), nullable=False),
    # So many companies at least stand behind every figure.
    Column("threshold", Integer, nullable=False),
    # Whether members see the released figures.
    Column("published", Boolean, nullable=False),
    # The code that a company joins by follows from this moment under a key outside the database.
    Column("code_at", Moment, nullable=False),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("parent_id", String(32), ForeignKey("clusters.id", ondelete="SET NULL"), index=True),
    # The cluster that it chose to measure itself against.
    Column("model_id", String(32), ForeignKey("clusters.id", ondelete="SET NULL")),
    # The organisation that runs it, as a company with checks of its own.
    Column("organisation_id", String(32), ForeignKey("companies.id", ondelete="SET NULL")),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("threshold >= 5", name="threshold_kept"),
)

cluster_managers = Table(
    "cluster_managers",
    metadata,
    _of_cluster(index=False),
    Column("person_id", String(32), ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("joined_at", Moment, nullable=False),
    PrimaryKeyConstraint("cluster_id", "person_id"),
)

cluster_members = Table(
    "cluster_members",
    metadata,
    _id(),
    _of_cluster(index=False),
    # None for an organisation that the cluster lists and that has no account here.
    Column("company_id", String(32), ForeignKey("companies.id", ondelete="CASCADE"), index=True),
    Column("name", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("nace", String(10), nullable=False),
    # What it does for the green transition, and where it stands in the chain of value.
    Column("category", String(60), nullable=False),
    Column("step", String(40), nullable=False),
    # What it does for others, by the ids of the list, with semicolons between.
    Column("services", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("size", String(20), nullable=False),
    Column("state", String(10), nullable=False),
    Column("origin", String(20), nullable=False),
    # What the company agreed to: that its answers are counted, that the cluster sees how far it is, that it sees
    # results under its name, and that other members see its name on the map.
    Column("counted", Boolean, nullable=False),
    Column("progress", Boolean, nullable=False),
    Column("named", Boolean, nullable=False),
    Column("on_map", Boolean, nullable=False),
    # How far it came: 0 joined, 1 started, 2 finished, 3 made a plan.
    Column("stage", Integer, nullable=False),
    Column("joined_at", Moment, nullable=False),
    Column("left_at", Moment),
    UniqueConstraint("cluster_id", "company_id"),
    Index(None, "cluster_id", "state"),
    among("role", MEMBER_ROLES),
    among("state", MEMBER_STATES),
    among("origin", MEMBER_ORIGINS),
)

cluster_links = Table(
    "cluster_links",
    metadata,
    _id(),
    _of_cluster(),
    Column("from_id", String(32), ForeignKey("cluster_members.id", ondelete="CASCADE"), nullable=False, index=True),
    # None for a service that is wanted and that nobody may offer yet.
    Column("to_id", String(32), ForeignKey("cluster_members.id", ondelete="CASCADE"), index=True),
    Column("service", String(60), nullable=False),
    Column("kind", String(20), nullable=False),
    # A link that is wanted and not there yet.
    Column("wanted", Boolean, nullable=False),
    UniqueConstraint("from_id", "to_id", "service", "kind", "wanted"),
    among("kind", LINK_KINDS),
    CheckConstraint("(to_id IS NULL) = (service <> '')", name="end_known"),
)

contributions = Table(
    "contributions",
    metadata,
    Column("company_id", String(32), ForeignKey("companies.id", ondelete="CASCADE"), nullable=False),
    Column("questionnaire", String(100), nullable=False),
    Column("assessment_id", String(32), nullable=False, index=True),
    # What it was worked out from: another result is another unknown to whoever compares two releases.
    Column("result_id", String(32), nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("figures", Text, nullable=False),
    # As JSON: what the plan came to when a snapshot last asked, with the digest of all that this follows from.
    Column("amounts", Text),
    PrimaryKeyConstraint("company_id", "questionnaire"),
    # Together: what one company's check gives cannot be counted as another's.
    ForeignKeyConstraint(
        ["company_id", "assessment_id"], ["assessments.company_id", "assessments.id"], ondelete="CASCADE"
    ),
)
"""What each company's newest result gives to aggregates, kept as it is submitted. Whether it may be counted is said by
the company's agreements when a snapshot is taken."""

begun_from = Table(
    "begun_from",
    metadata,
    Column("assessment_id", String(32), ForeignKey("assessments.id", ondelete="CASCADE"), primary_key=True),
    _of_cluster(),
)
"""On the page of which cluster a check was begun: its company is offered to belong there, and nothing else follows."""

cluster_sums = Table(
    "cluster_sums",
    metadata,
    _of_cluster(index=False),
    Column("what", String(20), nullable=False),
    Column("n", Integer, nullable=False),
    PrimaryKeyConstraint("cluster_id", "what"),
)
"""How many members came how far, counted as they go, so that a page need not count."""

releases = Table(
    "releases",
    metadata,
    _id(),
    # None for a cluster that is gone: what was released about its members stays known, and is audited with the rest.
    Column("cluster_id", String(32), ForeignKey("clusters.id", ondelete="SET NULL"), index=True),
    Column("questionnaire", String(100), nullable=False),
    Column("taken_at", Moment, nullable=False, index=True),
    _by_person(),
    # What everybody sees, and who stands behind which figure, under digests: this is for later audits alone.
    Column("shown", Text, nullable=False),
    Column("ledger", Text, nullable=False),
    # Of all companies that agreed to be compared, and of no cluster.
    Column("everybody", Boolean, nullable=False, server_default=false()),
    # Seconds that it took to work out; not known of old ones.
    Column("took", Integer),
)
"""Snapshots of a cluster's figures. A row is never changed."""

comparison_groups = Table(
    "comparison_groups",
    metadata,
    _id(),
    _of_cluster(),
    Column("name", Text, nullable=False),
    Column("signer", String(64), nullable=False),
    Column("content", Text, nullable=False),
    Column("brought_at", Moment, nullable=False),
    _by_person(),
)
"""Released figures of clusters elsewhere, brought in as a file."""

campaigns = Table(
    "campaigns",
    metadata,
    _id(),
    _of_cluster(),
    Column("name", Text, nullable=False),
    # As JSON: subject and text by language.
    Column("texts", Text, nullable=False),
    Column("state", String(10), nullable=False),
    # As JSON: a list that was read and that nobody has taken or put away yet, so that nothing typed is lost.
    Column("pending", Text, nullable=False),
    Column("pending_at", Moment),
    # When addresses were last put on its list.
    Column("listed_at", Moment),
    Column("created_at", Moment, nullable=False),
    # When sending was last asked for.
    Column("sent_at", Moment),
    _by_person(),
    among("state", CAMPAIGN_STATES),
)

campaign_addresses = Table(
    "campaign_addresses",
    metadata,
    _id(),
    Column("campaign_id", String(32), ForeignKey("campaigns.id", ondelete="CASCADE"), nullable=False),
    # None, as its digest, once it is forgotten: the row goes on counting as invited.
    Column("email", String(254)),
    Column("hash", String(64), index=True),
    Column("company", Text, nullable=False),
    Column("language", String(20), nullable=False),
    Column("state", String(10), nullable=False),
    Column("reminders", Integer, nullable=False),
    Column("mailed_at", Moment, index=True),
    # The link of its invitation, which reminders show again.
    Column("link_id", String(32), ForeignKey("tokens.id", ondelete="SET NULL"), index=True),
    Column("member_id", String(32), ForeignKey("cluster_members.id", ondelete="SET NULL"), index=True),
    UniqueConstraint("campaign_id", "email"),
    Index(None, "campaign_id", "state"),
    CheckConstraint("reminders <= 2", name="reminders_bounded"),
    among("state", ADDRESS_STATES),
)

opt_outs = Table(
    "opt_outs",
    metadata,
    # Of the address, under a key outside the database: it is honoured for ever and read by nobody.
    Column("hash", String(64), nullable=False),
    # Empty for all clusters. No foreign key: it outlives the cluster.
    Column("cluster_id", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("hash", "cluster_id"),
)

cluster_documents = Table(
    "cluster_documents",
    metadata,
    _of_cluster(index=False),
    Column("hash", String(64), nullable=False),
    Column("report", String(80), nullable=False),
    Column("pages", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("made_at", Moment, nullable=False),
    PrimaryKeyConstraint("cluster_id", "hash"),
)
"""PDFs of a cluster, each under a hash of all that it shows."""

joint_actions = Table(
    "joint_actions",
    metadata,
    _id(),
    _of_cluster(),
    # The missing practice that it answers, as the release names it; empty for one that the manager thought of.
    Column("practice", String(80), nullable=False),
    Column("release_id", String(32), ForeignKey("releases.id", ondelete="SET NULL")),
    Column("kind", String(40), nullable=False),
    Column("title", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("until", Date, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
    _by_person(),
)

joint_answers = Table(
    "joint_answers",
    metadata,
    Column("joint_action_id", String(32), ForeignKey("joint_actions.id", ondelete="CASCADE"), nullable=False),
    Column("company_id", String(32), ForeignKey("companies.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("answer", String(10), nullable=False),
    Column("words", Text, nullable=False),
    Column("at", Moment, nullable=False),
    _by_person(),
    PrimaryKeyConstraint("joint_action_id", "company_id"),
    among("answer", JOINT_ANSWERS),
)
"""Who was asked by the product, which nobody else is told, and who said yes, which the cluster sees."""

roadmap_lines = Table(
    "roadmap_lines",
    metadata,
    _id(),
    _of_cluster(),
    Column("title", Text, nullable=False),
    Column("aim", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("begins_on", Date),
    Column("ends_on", Date),
    Column("effect", Text, nullable=False),
    Column("joint_action_id", String(32), ForeignKey("joint_actions.id", ondelete="SET NULL")),
    Column("state", String(10), nullable=False),
    Column("position", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("changed_at", Moment, nullable=False),
    among("state", LINE_STATES),
)

exchange_members = Table(
    "exchange_members",
    metadata,
    _of_cluster(index=False),
    Column("company_id", String(32), ForeignKey("companies.id", ondelete="CASCADE"), nullable=False, index=True),
    # Whose name and address the other side sees once both agreed.
    _by_person(),
    Column("joined_at", Moment, nullable=False),
    PrimaryKeyConstraint("cluster_id", "company_id"),
)
"""The companies that take part in the exchange of a cluster."""

exchange_places = Table(
    "exchange_places",
    metadata,
    Column("company_id", String(32), ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True),
    # A town of the list; its coordinates stand there.
    Column("country", String(2), nullable=False),
    Column("town", Text, nullable=False),
    # When the place was last changed: it is not changed often, or distances would be tried out.
    Column("placed_at", Moment, nullable=False),
    # As JSON: the ends of all bands of distances that it was ever told from there, by cluster and side.
    Column("told", Text, nullable=False, server_default="{}"),
)
"""Where a company is, in the exchanges of all its clusters. The row outlives leaving them as long as the place may not
be changed: whoever left and came back, or came into another cluster, would else be somewhere else at once."""

exchange_posts = Table(
    "exchange_posts",
    metadata,
    _id(),
    _of_cluster(),
    Column("company_id", String(32), ForeignKey("companies.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("side", String(10), nullable=False),
    Column("material", String(60), nullable=False),
    Column("title", Text, nullable=False),
    Column("waste_code", String(10), nullable=False),
    # A plain decimal number, by its unit and period.
    Column("amount", String(20), nullable=False),
    Column("unit", String(20), nullable=False),
    Column("period", String(20), nullable=False),
    # The months in which it is there, as numbers with commas between.
    Column("months", String(40), nullable=False),
    # The band in kilometres that the company would go for.
    Column("reach", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
    _by_person(),
    among("side", POST_SIDES),
)

exchange_talks = Table(
    "exchange_talks",
    metadata,
    _id(),
    _of_cluster(),
    # None where the side is gone, with its post: the other still sees that it was there.
    Column("offer_id", String(32), ForeignKey("exchange_posts.id", ondelete="SET NULL")),
    Column("need_id", String(32), ForeignKey("exchange_posts.id", ondelete="SET NULL"), index=True),
    # When each side asked to be put in touch; names show while both stand.
    Column("offer_yes_at", Moment),
    Column("need_yes_at", Moment),
    # Which side took its word back last, empty where neither did.
    Column("ended_by", String(10), nullable=False),
    UniqueConstraint("offer_id", "need_id"),
)
