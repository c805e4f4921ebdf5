"""A cluster's campaigns, for those who run it: words, addresses, sending, progress, the list as a file."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.clusters.invitees import MOST_INVITEES, Row, rows_of_text
from assessment.core.errors import InvalidContent, NotFound, NotSaved, Refused
from assessment.i18n import Language
from assessment.reporting.clusters.invited_list import FORMATS, as_file
from assessment.reporting.csv_files import Cell
from assessment.services import mails
from assessment.services.clusters import campaign_mails, campaign_sending, campaigns
from assessment.services.clusters.campaigns import BETWEEN_MAILS, LONGEST_NAME, EnteredCampaign, Line
from assessment.services.clusters.list_files import rows_of_file
from assessment.services.mails import Letter, Mail
from assessment.storage.clusters.campaigns import Address
from assessment.web.browser import browser
from assessment.web.checks.fields import cleaned
from assessment.web.clusters import campaign_words
from assessment.web.clusters.clusters import around
from assessment.web.current import instance, language
from assessment.web.limits import ATTACHMENTS, MAILS, STARTS, limited
from assessment.web.people.companies import Errors, typed
from assessment.web.policies import asking, needs
from assessment.web.problems import NOT_SAVED_STATUS, PAGE, not_saved

blueprint = Blueprint("campaigns", __name__)

TAKES_FILES: Final = ("campaigns.read",)
LONGEST_PASTED: Final = 1024 * 1024
ON_A_PAGE: Final = 100
SHOWN_GOOD: Final = 10
_AT = "/clusters/<cluster_id>/campaigns/<campaign_id>"


# The list of campaigns, and making one


@blueprint.get("/clusters/<cluster_id>/campaigns")
@needs(Action.RUN_CLUSTER)
def listed(cluster_id: str) -> str:
    """The campaigns of a cluster, and a form to make one."""
    return _list_page(cluster_id, "", [])


def _list_page(cluster_id: str, name: str, errors: Errors) -> str:
    entered, found = campaigns.listed(instance(), asking(), cluster_id)
    return render_template(
        "pages/campaigns/list.html", **around(entered), campaigns=found, name=name, errors=errors,
        state_words=campaign_words.campaign_state_words,
    )  # fmt: skip


@blueprint.post("/clusters/<cluster_id>/campaigns")
@limited(STARTS)
@needs(Action.RUN_CLUSTER)
def make(cluster_id: str) -> Answer | tuple[str, int]:
    """A new campaign."""
    name = typed("name")
    errors = _name_errors(name)
    if errors:
        return _list_page(cluster_id, name, errors), 422
    try:
        campaign_id = campaigns.make(instance(), asking(), cluster_id, name)
    except NotSaved as failure:
        return _list_page(cluster_id, name, [(PAGE, not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("campaigns.words", cluster_id=cluster_id, campaign_id=campaign_id), 303)


def _name_errors(name: str) -> Errors:
    _ = language().gettext
    if not name:
        return [("name", _("Type a name for the campaign"))]
    if len(name) > LONGEST_NAME:
        return [("name", _("Shorten the name to %(most)s characters") % {"most": LONGEST_NAME})]
    return []


# One campaign


def _found(cluster_id: str, campaign_id: str) -> EnteredCampaign:
    return campaigns.enter(instance(), asking(), cluster_id, campaign_id)


@blueprint.get(_AT)
@needs(Action.RUN_CLUSTER)
def home(cluster_id: str, campaign_id: str) -> str:
    """How far a campaign is, its addresses, and what can be done next."""
    return _home(_found(cluster_id, campaign_id), [])


def _home(here: EnteredCampaign, errors: Errors) -> str:
    campaign = here.campaign
    progress = campaigns.progress_of(instance(), campaign.id)
    lines = campaigns.lines_of(instance(), campaign.cluster_id, campaign.id)
    state = request.args.get("state", "")
    shown = [line for line in lines if not state or line.address.state == state]
    at = request.args.get("page", "1")
    page = min(int(at) if at.isascii() and at.isdigit() and len(at) < 4 else 1, max(1, -(-len(shown) // ON_A_PAGE)))
    page = max(1, page)
    due = campaigns.due(instance(), campaign.id)
    return render_template(
        "pages/campaigns/home.html", **around(here.entered), campaign=campaign, progress=progress, errors=errors,
        lines=shown[(page - 1) * ON_A_PAGE : page * ON_A_PAGE], found=len(shown), page=page, on_a_page=ON_A_PAGE,
        state=state, state_words=campaign_words.state_words(), stage_of=campaign_words.stage_of,
        campaign_state_words=campaign_words.campaign_state_words,
        to_write=len(due.invitations), remindable=len(due.reminders), minutes=_minutes(progress.queued),
        days=BETWEEN_MAILS.days, next_reminder=due.next_reminder,
        reminded=any(line.address.mailed_at and line.address.state in ("sent", "failed") for line in lines),
        kept=instance().settings.periods.invitation,
    )  # fmt: skip


def _minutes(mails_to_send: int) -> int:
    """About how long it takes until so many are sent."""
    return -(-mails_to_send * 60 // instance().settings.campaign_mails)


def _back(cluster_id: str, campaign_id: str, notice: str, endpoint: str = "campaigns.home") -> Answer:
    return redirect(url_for(endpoint, cluster_id=cluster_id, campaign_id=campaign_id, notice=notice), 303)


# Its words


@blueprint.get(f"{_AT}/words")
@needs(Action.RUN_CLUSTER)
def words(cluster_id: str, campaign_id: str) -> str:
    """The words of the invitation in each language, and what the mail looks like."""
    here = _found(cluster_id, campaign_id)
    return _words_page(here, here.campaign.name, here.campaign.texts, [])


def _words_page(
    here: EnteredCampaign, name: str, texts: Mapping[str, Mapping[str, str]], errors: Errors
) -> str:  # fmt: skip
    spoken = campaign_mails.spoken()
    whole = {code: texts.get(code) or campaign_mails.first_texts(each) for code, each in spoken.items()}
    return render_template(
        "pages/campaigns/words.html", **around(here.entered), campaign=here.campaign, name=name, errors=errors,
        texts=whole, spoken=spoken,
        previews={code: _preview(here, each, whole[code]) for code, each in spoken.items()},
    )  # fmt: skip


def _preview(here: EnteredCampaign, spoken: Language, texts: Mapping[str, str], reminder: bool = False) -> Letter:
    """What a mail looks like, to a company that stands for any."""
    at = instance().settings.base_url
    return campaign_mails.letter(
        instance(), spoken, texts, here.entered.cluster.name, "", language().gettext("Mill Bakery"),
        (f"{at}/invited/…", f"{at}/opt-out/…"), reminder,
    )  # fmt: skip


@blueprint.post(f"{_AT}/words")
@needs(Action.RUN_CLUSTER)
def keep_words(cluster_id: str, campaign_id: str) -> Answer | tuple[str, int]:
    """Keep the words of the invitation."""
    here = _found(cluster_id, campaign_id)
    name = typed("name")
    texts = {
        code: {
            "subject": " ".join(cleaned(request.form.get(f"subject-{code}", "")).split())[:500],
            "text": cleaned(request.form.get(f"text-{code}", ""))[:10_000],
        }
        for code in campaign_mails.spoken()
    }
    errors = _name_errors(name) + [
        error for code, each in texts.items() for error in campaign_words.text_errors(code, each)
    ]
    if errors:
        return _words_page(here, name, texts, errors), 422
    try:
        campaigns.keep_texts(instance(), asking(), cluster_id, campaign_id, name, texts)
    except NotSaved as failure:
        errors = [(PAGE, not_saved(language()))]
        return _words_page(here, name, texts, errors), NOT_SAVED_STATUS[failure.code]
    return _back(cluster_id, campaign_id, "campaign-words", "campaigns.words")


@blueprint.post(f"{_AT}/test")
@limited(MAILS)
@needs(Action.RUN_CLUSTER)
def test_mail(cluster_id: str, campaign_id: str) -> Answer:
    """Mail the invitation to whoever asks for it; its link leads to the cluster's page."""
    here, person = _found(cluster_id, campaign_id), browser().signed_in
    if person is None:
        raise NotFound(campaign_id)
    code = request.form.get("language", "")
    spoken = campaign_mails.language_of(code)
    cluster = here.entered.cluster
    link = f"{instance().settings.base_url}{url_for('clusters.public', slug=cluster.slug)}"
    texts = here.campaign.texts[spoken.code]
    letter = campaign_mails.letter(instance(), spoken, texts, cluster.name, person.email, "", (link, ""))
    mail = _as_test(letter)
    with instance().database.writing() as connection:
        campaigns.entered(connection, asking(), cluster_id, campaign_id)
        job = mails.post(instance(), connection, mail)
    mails.go_out(instance(), job)
    notice = "campaign-test" if job else "campaign-no-test"
    return _back(cluster_id, campaign_id, notice, "campaigns.words")


def _as_test(letter: Letter) -> Mail:
    _ = language().gettext
    subject = _("Test: %(subject)s") % {"subject": letter.subject}
    said = _("(This is a test. In the invitation itself this link leads into the cluster, and a link to get no more "
             "mails stands below.)")  # fmt: skip
    return Mail(letter.to, campaign_mails.one_line_of(subject), (*letter.lines, said), letter.link)


# Its addresses


@blueprint.get(f"{_AT}/addresses")
@needs(Action.RUN_CLUSTER)
def addresses(cluster_id: str, campaign_id: str) -> str:
    """Where addresses are pasted or sent, and what a list came to before it is taken."""
    return _addresses_page(_found(cluster_id, campaign_id), "", [])


def _addresses_page(here: EnteredCampaign, pasted: str, errors: Errors) -> str:
    return render_template(
        "pages/campaigns/addresses.html", **around(here.entered), campaign=here.campaign, errors=errors, pasted=pasted,
        preview=campaigns.preview(instance(), here.campaign), most=MOST_INVITEES, shown_good=SHOWN_GOOD,
        spoken=campaign_mails.spoken(), chosen=request.form.get("language", language().code),
        flaw_words=campaign_words.flaw_words, progress=campaigns.progress_of(instance(), here.campaign.id),
    )  # fmt: skip


@blueprint.post(f"{_AT}/addresses")
@limited(ATTACHMENTS)
@needs(Action.RUN_CLUSTER)
def read(cluster_id: str, campaign_id: str) -> Answer | tuple[str, int]:
    """Read a list and show what it came to."""
    here = _found(cluster_id, campaign_id)
    pasted = request.form.get("pasted", "")[:LONGEST_PASTED]
    code = request.form.get("language", "")
    code = code if code in campaign_mails.spoken() else language().code
    try:
        campaigns.read(
            instance(), asking(), cluster_id, campaign_id, _sent_rows(pasted), code,
            corrected=request.form.get("act") == "correct",
        )  # fmt: skip
    except InvalidContent as found:
        errors = [("list", said) for said in campaign_words.workbook_words(found.flaws)]
        return _addresses_page(here, cleaned(pasted), errors), 422
    except Refused as refused:
        return _addresses_page(here, cleaned(pasted), [("pasted", campaign_words.file_words(refused.code))]), 422
    except NotSaved as failure:
        errors = [(PAGE, not_saved(language()))]
        return _addresses_page(here, cleaned(pasted), errors), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("campaigns.addresses", cluster_id=cluster_id, campaign_id=campaign_id), 303)


def _sent_rows(pasted: str) -> list[Row]:
    sent = request.files.get("list")
    chosen = sent is not None and bool(sent.filename)
    if chosen and pasted.strip():
        raise Refused("both")
    if sent is not None and chosen:
        return [(number, [cleaned(cell) for cell in cells]) for number, cells in rows_of_file(sent.read())]
    if not pasted.strip():
        raise Refused("none")
    return [(number, [cleaned(cell) for cell in cells]) for number, cells in rows_of_text(pasted)]


@blueprint.post(f"{_AT}/addresses/take")
@needs(Action.RUN_CLUSTER)
def take(cluster_id: str, campaign_id: str) -> Answer:
    """Take the good ones of the list that was read, or put it away; or take off all that nobody wrote to."""
    match request.form.get("act"):
        case "put-away":
            campaigns.put_away(instance(), asking(), cluster_id, campaign_id)
            return _back(cluster_id, campaign_id, "campaign-put-away", "campaigns.addresses")
        case "clear":
            campaigns.clear(instance(), asking(), cluster_id, campaign_id)
            return _back(cluster_id, campaign_id, "campaign-cleared")
    try:
        campaigns.take(instance(), asking(), cluster_id, campaign_id)
    except Refused as refused:
        # Pressed twice: the first press took them.
        if refused.code != "nothing-read":
            raise
    return _back(cluster_id, campaign_id, "campaign-taken")


@blueprint.get(f"{_AT}/list.<form>")
@needs(Action.RUN_CLUSTER)
def list_file(cluster_id: str, campaign_id: str, form: str) -> Response:
    """The addresses and what became of each, those who want no mail among them, as a file."""
    here = _found(cluster_id, campaign_id)
    if form not in FORMATS:
        raise NotFound(form)
    lines = campaigns.lines_of(instance(), cluster_id, campaign_id)
    content = as_file(form, here.campaign.name, campaign_words.codebook(), map(_row, lines))
    ending, mimetype = FORMATS[form]
    headers = {"Content-Disposition": f'attachment; filename="campaign.{ending}"'}
    return Response(content, mimetype=mimetype, headers=headers)


def _row(line: Line) -> tuple[Cell, ...]:
    """The cells of a line, in the order of the codebook."""
    address, member = line.address, line.member
    how_far = campaign_words.stage_of(member)
    mailed = address.mailed_at.date() if address.mailed_at else None
    state = campaign_words.state_words()[address.state]
    return (address.email or "", address.company, address.language, state, mailed, address.reminders, how_far)


# Sending


@blueprint.get(f"{_AT}/send")
@needs(Action.RUN_CLUSTER)
def send_page(cluster_id: str, campaign_id: str) -> str:
    """How many mails would go out and how long that takes, before anybody sends them."""
    return _ask_first(_found(cluster_id, campaign_id), campaigns.due(instance(), campaign_id).invitations)


@blueprint.get(f"{_AT}/remind")
@needs(Action.RUN_CLUSTER)
def remind_page(cluster_id: str, campaign_id: str) -> str:
    """The same before anybody sends reminders."""
    here = _found(cluster_id, campaign_id)
    return _ask_first(here, campaigns.due(instance(), campaign_id).reminders, reminding=True)


def _ask_first(here: EnteredCampaign, waiting: Sequence[Address], *, reminding: bool = False) -> str:
    asked = {campaign_mails.language_of(each.language).code for each in waiting}
    spoken = {code: each for code, each in campaign_mails.spoken().items() if code in asked}
    return render_template(
        "pages/campaigns/send.html", **around(here.entered), campaign=here.campaign, count=len(waiting),
        an_hour=instance().settings.campaign_mails, minutes=_minutes(len(waiting)), reminding=reminding,
        kept=instance().settings.periods.invitation, spoken=spoken,
        previews={
            code: _preview(here, each, here.campaign.texts.get(code) or campaign_mails.first_texts(each), reminding)
            for code, each in spoken.items()
        },
    )  # fmt: skip


@blueprint.post(f"{_AT}/send")
@needs(Action.RUN_CLUSTER)
def send(cluster_id: str, campaign_id: str) -> Answer | tuple[str, int]:
    """Send the invitations, or go on after stopping."""
    return _ask_for(cluster_id, campaign_id, campaigns.send)


@blueprint.post(f"{_AT}/remind")
@needs(Action.RUN_CLUSTER)
def remind(cluster_id: str, campaign_id: str) -> Answer | tuple[str, int]:
    """Send a reminder to all who may get one."""
    return _ask_for(cluster_id, campaign_id, campaigns.remind)


def _ask_for(cluster_id: str, campaign_id: str, ask: Any) -> Answer | tuple[str, int]:
    _ = language().gettext
    try:
        ask(instance(), asking(), cluster_id, campaign_id)
    except Refused as refused:
        wrong = {
            "nobody": _("There is nobody to write to now"),
            "no-mail": _("This instance sends no mail. Ask whoever runs it to set a mail server"),
        }
        if refused.code not in wrong:
            raise
        return _home(_found(cluster_id, campaign_id), [(PAGE, wrong[refused.code])]), 422
    campaign_sending.send_here(instance())
    return _back(cluster_id, campaign_id, "campaign-sending")


@blueprint.post(f"{_AT}/stop")
@needs(Action.RUN_CLUSTER)
def stop(cluster_id: str, campaign_id: str) -> Answer:
    """Send no more."""
    campaigns.stop(instance(), asking(), cluster_id, campaign_id)
    return _back(cluster_id, campaign_id, "campaign-stopped")


# Its end


@blueprint.get(f"{_AT}/delete")
@needs(Action.RUN_CLUSTER)
def delete_page(cluster_id: str, campaign_id: str) -> str:
    """What goes with a campaign, before it goes."""
    here = _found(cluster_id, campaign_id)
    progress = campaigns.progress_of(instance(), campaign_id)
    return render_template(
        "pages/campaigns/delete.html", **around(here.entered), campaign=here.campaign, progress=progress
    )  # fmt: skip


@blueprint.post(f"{_AT}/delete")
@needs(Action.RUN_CLUSTER)
def delete(cluster_id: str, campaign_id: str) -> Answer:
    """Take a campaign away."""
    campaigns.remove(instance(), asking(), cluster_id, campaign_id)
    return redirect(url_for("campaigns.listed", cluster_id=cluster_id, notice="campaign-deleted"), 303)
