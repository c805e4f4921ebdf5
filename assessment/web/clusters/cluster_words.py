"""Words about clusters: their places, what members are and how far they came, and what a company agrees to."""

from collections.abc import Mapping, Sequence
from typing import Final

from assessment.services.clusters.belonging import AGREEMENTS, VIEWERS, Agreed, Agreement
from assessment.services.mails import one_line
from assessment.services.people.company_consents import Words
from assessment.storage.clusters.clusters import Cluster
from assessment.web.current import language

_OF_MANAGERS: Final = (
    "joint_actions.listed", "release_files.comparisons", "campaigns.listed", "clusters.page", "clusters.managers",
)  # fmt: skip


def places(whole: bool = True) -> Sequence[tuple[str, str]]:
    """The places of a cluster in the order of its navigation; without `whole` those for an administrator alone."""
    _ = language().gettext
    listed = {
        "clusters.home": _("Overview"), "cluster_members.listed": _("Members"), "readiness.page": _("Readiness"),
        "cluster_map.managed": _("Map"), "joint_actions.listed": _("Joint action"), "roadmap.page": _("Roadmap"),
        "release_files.comparisons": _("Comparisons"),
        "campaigns.listed": _("Campaigns"),
        "clusters.page": _("Page and rules"), "clusters.managers": _("Managers"),
    }  # fmt: skip
    return [place for place in listed.items() if whole or place[0] not in _OF_MANAGERS]


def role_words() -> Mapping[str, str]:
    """What an organisation is in its cluster."""
    _ = language().gettext
    return {
        "firm": _("Firm"), "research": _("Research"), "training": _("Training"), "finance": _("Finance"),
        "public": _("Public body"), "association": _("Association"),
    }  # fmt: skip


def size_words() -> Mapping[str, str]:
    """How large a firm is: the classes of Commission Recommendation 2003/361/EC, by people."""
    _ = language().gettext
    return {
        "micro": _("Fewer than 10 people"), "small": _("10 to 49 people"), "medium": _("50 to 249 people"),
        "large": _("250 people or more"),
    }  # fmt: skip


def stage_words(stage: int) -> str:
    """How far a member came."""
    _ = language().gettext
    return (_("Joined"), _("Check begun"), _("Check finished"), _("Plan made"))[stage]


def agreement_words(what: Agreement, cluster: Cluster) -> str:
    """What a company agrees to, word for word as it is shown and recorded."""
    _ = language().gettext
    texts = {
        "counted": _("%(cluster)s may count our answers in figures of %(least)s companies or more, from which nobody "
                     "can work out a single company."),
        "progress": _("%(cluster)s may see how far we are: check begun, check finished, plan made."),
        "named": _("%(cluster)s may see our scores and our plan under our name."),
        "on_map": _("Other members of %(cluster)s may see our name, what we do and our links on its map."),
    }  # fmt: skip
    return texts[what] % {"cluster": one_line(cluster.name), "least": language().number(cluster.threshold)}


def agreement_names() -> Mapping[str, str]:
    """The short names of what is agreed to, by the viewer it is recorded under."""
    _ = language().gettext
    names = {
        "counted": _("Being counted"), "progress": _("How far we are"), "named": _("Results by name"),
        "on_map": _("Name on the map"),
    }  # fmt: skip
    return {VIEWERS[what]: names[what] for what in AGREEMENTS}


def agreed_by(ticked: Sequence[str], cluster: Cluster, how: str) -> Agreed:
    """What was ticked, each with the words that stood beside it; `how` names the page."""
    return {
        what: Words(agreement_words(what, cluster), language().code, how) for what in AGREEMENTS if what in ticked
    }  # fmt: skip


def compared_words() -> str:
    """The consent to being counted where all companies are compared, word for word as it is shown and recorded."""
    return language().gettext(
        "Our answers may be counted in figures that compare companies of a kind, from which nobody can work out a "
        "single company."
    )


LOGO_WRONG: Final = "logo"


def logo_words(code: str) -> str:
    """Why a file cannot be the logo, and what to do."""
    _ = language().gettext
    return {
        "none": _("Choose a picture on your computer"),
        "empty": _("This file is empty. Choose another one"),
        "too-large": _("This picture is larger than 200 kB. Save it smaller, for example 400 pixels wide"),
        "unknown-kind": _("This is no PNG or JPEG picture. Save the logo as one of these and choose it again"),
        "broken": _("This picture is damaged. Save it anew and choose it again"),
        "too-many-pixels": _("This picture has too many pixels. Save it smaller, for example 400 pixels wide"),
    }[code]
