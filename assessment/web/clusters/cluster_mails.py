"""The mails of a cluster, in the language of whoever gets them, where it is known."""

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import Connection

from assessment.services.mails import Mail, one_line
from assessment.services.people import links_once
from assessment.services.people.links_once import Made
from assessment.storage.clusters.clusters import Cluster
from assessment.web.current import instance, language_to


def manage(connection: Connection, email: str, made: Made, cluster: str, who: str) -> Mail:
    """The link by which somebody runs a cluster too."""
    _ = language_to(connection, email).gettext
    named = one_line(cluster)
    return Mail(
        email, _("Run %(cluster)s on Green Pathways") % {"cluster": named},
        (_("%(who)s invites you to run %(cluster)s together with them.") % {"who": one_line(who), "cluster": named},
         _("Open this link to accept. It works once, for 7 days. Your account will ask for a second factor when you "
           "sign in. If you do not know who this is, do nothing.")),
        instance().settings.base_url + "/manage/" + links_once.PLACE, made.id,
    )  # fmt: skip


def handed_over(connection: Connection, email: str, clusters: Sequence[Cluster]) -> Mail:
    """An administrator lets a manager run clusters that nobody would run otherwise."""
    _ = language_to(connection, email).gettext
    return Mail(
        email, _("You run another cluster now"),
        (_("An administrator of this service has made you the manager of a cluster that had nobody else to run it: "
           "%(clusters)s.") % {"clusters": ", ".join(one_line(cluster.name) for cluster in clusters)},
         _("Sign in to look after it, or to let somebody else run it too.")),
        f"{instance().settings.base_url}/clusters", notice=True,
    )  # fmt: skip


def joint_action(cluster: Cluster, title: str, until: date) -> Callable[[Connection, str, str], Mail]:
    """What an owner is asked, for a company's id and the owner's address: the same words to all."""
    named = one_line(cluster.name)

    def mail(connection: Connection, company_id: str, email: str) -> Mail:
        language = language_to(connection, email)
        _ = language.gettext
        there = f"{instance().settings.base_url}/companies/{company_id}/clusters/{cluster.id}/joint-action"
        return Mail(
            email, _("%(cluster)s proposes: %(title)s") % {"cluster": named, "title": one_line(title)},
            (_("%(cluster)s proposes something to do together: %(title)s.")
             % {"cluster": named, "title": one_line(title)},
             _("You can say until %(day)s whether your company takes part. The cluster does not know whom we ask, and "
               "sees your company only if you say yes.") % {"day": language.date(until)}),
            there, "", company_id, patient=True,
        )  # fmt: skip

    return mail
