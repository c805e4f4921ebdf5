"""The mails of a cluster, in the language of the page that caused them."""

from assessment.services import links_once
from assessment.services.links_once import Made
from assessment.services.mails import Mail, one_line
from assessment.web.current import instance, language


def manage(email: str, made: Made, cluster: str, who: str) -> Mail:
    """The link by which somebody runs a cluster too."""
    _ = language().gettext
    named = one_line(cluster)
    return Mail(
        email, _("Run %(cluster)s on Green Pathways") % {"cluster": named},
        (_("%(who)s invites you to run %(cluster)s together with them.") % {"who": one_line(who), "cluster": named},
         _("Open this link to accept. It works once, for 7 days. Your account will ask for a second factor when you "
           "sign in. If you do not know who this is, do nothing.")),
        instance().settings.base_url + "/manage/" + links_once.PLACE, made.id,
    )  # fmt: skip
