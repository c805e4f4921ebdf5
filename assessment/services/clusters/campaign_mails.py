"""The mails of a campaign: the cluster's own words, the link of the product, and the way to get no more of them."""

from collections.abc import Mapping
from typing import Final

from assessment.content import folders
from assessment.core.clusters.campaign_texts import filled
from assessment.i18n import Language, languages
from assessment.services.clusters import opting_out
from assessment.services.instance import Instance
from assessment.services.mails import Letter, one_line

LONGEST_SUBJECT: Final = 200


def spoken() -> Mapping[str, Language]:
    """The languages that an invitation can be written in, by code."""
    return languages(folders.LOCALE)


def language_of(code: str) -> Language:
    """The language of an address, else the one the product is written in."""
    known = spoken()
    return known.get(code) or known["en"]


def first_texts(language: Language) -> dict[str, str]:
    """What a new campaign begins with in a language, to be changed."""
    _ = language.gettext
    text = [
        _("Hello,"),
        _("{cluster} invites {company} to find out where you can save energy, water and materials."),
        _("You answer plain questions, on a phone or a computer. You get a score and a plan with first steps, costs "
          "and funding that fit. The quick check takes about 5 minutes and costs nothing."),
        _("We see nothing of your answers unless you agree to it."),
    ]  # fmt: skip
    return {"subject": _("An invitation from {cluster} to {company}"), "text": "\n\n".join(text)}


def letter(
    instance: Instance, language: Language, texts: Mapping[str, str], cluster: str, to: str, company: str,
    links: tuple[str, str], reminder: bool = False,
) -> Letter:  # fmt: skip
    """The mail to one address. `links` are that of the invitation and that to opt out; the latter may be empty."""
    _ = language.gettext
    named = one_line(cluster)
    values = {"cluster": named, "company": one_line(company) or _("your company")}
    subject = filled(texts["subject"], values)
    if reminder:
        subject = _("Reminder: %(subject)s") % {"subject": subject}
    paragraphs = [part.strip() for part in filled(texts["text"], values).split("\n\n")]
    own = _("This link is for you alone and works once, for 60 days:")
    foot = [_("You get this mail because %(cluster)s has your address.") % {"cluster": named}]
    invitation, no_more = links
    if no_more:
        foot += [_("No more such mails:"), no_more]
    return Letter(
        to, one_line_of(subject), (*filter(None, paragraphs), own), invitation, tuple(foot), no_more
    )  # fmt: skip


def one_line_of(subject: str) -> str:
    """A subject that was checked for addresses when it was kept: one line, and not long."""
    return " ".join(subject.split())[:LONGEST_SUBJECT]


def no_more_of(instance: Instance, digest: str, cluster_id: str) -> str:
    """The address of ours by which somebody gets no more mails."""
    return f"{instance.settings.base_url}/opt-out/{opting_out.token_of(instance, digest, cluster_id)}"
