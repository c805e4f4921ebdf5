"""Every address of the product with what stands in for its parts: the list is a promise that a test keeps."""

from collections.abc import Mapping

from tests.web.visiting import Page, Site, Visitor

ADDRESSES = {
    "GET": (
        "/", "/accessibility", "/assessments/<draft_id>", "/assessments/<draft_id>/best-plan",
        "/assessments/<draft_id>/check",
        "/assessments/<draft_id>/data", "/assessments/<draft_id>/data.json", "/assessments/<draft_id>/delete",
        "/assessments/<draft_id>/early", "/assessments/<draft_id>/footprint",
        "/assessments/<draft_id>/pieces/<measure_id>", "/assessments/<draft_id>/keep", "/assessments/<draft_id>/next",
        "/assessments/<draft_id>/plan",
        "/assessments/<draft_id>/plan-own", "/assessments/<draft_id>/plan.ics",
        "/assessments/<draft_id>/plan/<key>", "/assessments/<draft_id>/plan/files/<form>",
        "/assessments/<draft_id>/report",
        "/assessments/<draft_id>/report/<key>.pdf", "/assessments/<draft_id>/results",
        "/assessments/<draft_id>/results/<section>", "/assessments/<draft_id>/scenarios",
        "/assessments/<draft_id>/sections/<section>",
        "/assessments/<draft_id>/sections/<section>/<page>", "/assessments/<draft_id>/use",
        "/assessments/<draft_id>/use/<line_id>", "/assessments/<draft_id>/what-if",
        "/assessments/<draft_id>/years",
        "/catalogue", "/catalogue/<entry_id>",
        "/catalogue/changes", "/catalogue/files/<form>", "/catalogue/suggest", "/catalogue/suggest/thanks", "/deleted",
        "/examples", "/healthz", "/help", "/left", "/licences", "/livez", "/method", "/privacy", "/questions",
        "/questions.pdf", "/questions/<kind>", "/questions/<kind>.pdf",
        "/r/<code>", "/readyz", "/resume", "/resume/<token>", "/sample-plan.pdf",
        "/schemas/plan-1.json", "/schemas/release-1.json", "/start",
        "/static/<digest>/<path:name>",
    ),
    "POST": (
        "/assessments/<draft_id>/best-plan", "/assessments/<draft_id>/best-plan/use",
        "/assessments/<draft_id>/delete", "/assessments/<draft_id>/full", "/assessments/<draft_id>/keep",
        "/assessments/<draft_id>/keep/mail",
        "/assessments/<draft_id>/next", "/assessments/<draft_id>/pieces/<measure_id>",
        "/assessments/<draft_id>/plan-add", "/assessments/<draft_id>/plan-own", "/assessments/<draft_id>/plan/<key>",
        "/assessments/<draft_id>/plan/<key>/move", "/assessments/<draft_id>/report",
        "/assessments/<draft_id>/scenarios", "/assessments/<draft_id>/sections/<section>/<page>",
        "/assessments/<draft_id>/selection", "/assessments/<draft_id>/submit", "/assessments/<draft_id>/use/<line_id>",
        "/catalogue/suggest", "/examples/<draft_id>", "/leave", "/resume", "/resume/link", "/start",
    ),
}  # fmt: skip
"""Who printed, bookmarked or linked one of these must find it: take none away, and add new ones here."""

SIGNING_IN = {
    "GET": (
        "/account", "/account/address", "/account/address/<token>", "/account/app", "/account/passkeys/new",
        "/account/password", "/account/prove", "/sign-in", "/sign-in/link/<token>", "/sign-in/password",
        "/sign-in/password/<token>", "/sign-in/second", "/sign-in/sent", "/sign-in/set-up", "/signed-out",
    ),
    "POST": (
        "/account/address", "/account/address/confirm", "/account/app", "/account/app/remove", "/account/mails",
        "/account/name",
        "/account/passkeys/new", "/account/passkeys/remove", "/account/password", "/account/prove",
        "/account/recovery-codes", "/account/sessions", "/sign-in", "/sign-in/link", "/sign-in/mail",
        "/sign-in/password", "/sign-in/password/new", "/sign-in/second", "/sign-in/set-up", "/sign-out",
    ),
}  # fmt: skip
"""Those of an account and of the way into it."""

MENTORING = {
    "GET": (
        "/assessments/<draft_id>/interview", "/assessments/<draft_id>/interview-end",
        "/assessments/<draft_id>/interview/<question>", "/assessments/<draft_id>/mentor",
        "/assessments/<draft_id>/next-visit", "/assessments/<draft_id>/noted", "/assessments/<draft_id>/review",
        "/assessments/<draft_id>/review-report", "/assessments/<draft_id>/review-report/<key>.pdf",
        "/assessments/<draft_id>/review-savings",
        "/assessments/<draft_id>/review-savings/<key>", "/assessments/<draft_id>/review-suggest",
        "/assessments/<draft_id>/review/<question>", "/assessments/<draft_id>/statements/<key>",
        "/companies/<company_id>/mentors", "/confirm/<token>",
        "/confirmed", "/mentor", "/mentor/hand-over", "/mentor/invitation/<token>", "/mentor/offers",
    ),
    "POST": (
        "/assessments/<draft_id>/comments", "/assessments/<draft_id>/comments/<words_id>/delete",
        "/assessments/<draft_id>/interview-end", "/assessments/<draft_id>/interview/<question>",
        "/assessments/<draft_id>/mentor-suggestions/<suggestion_id>", "/assessments/<draft_id>/mentor/<question>",
        "/assessments/<draft_id>/next-visit", "/assessments/<draft_id>/noted", "/assessments/<draft_id>/notes",
        "/assessments/<draft_id>/notes/<words_id>/delete", "/confirm",
        "/assessments/<draft_id>/review-finish", "/assessments/<draft_id>/review-report",
        "/assessments/<draft_id>/review-savings/<key>",
        "/assessments/<draft_id>/review-suggest",
        "/assessments/<draft_id>/review/<question>", "/companies/<company_id>/mentor-invitations/<link_id>",
        "/companies/<company_id>/mentors", "/companies/<company_id>/mentors/<grant_id>", "/mentor/hand-over",
        "/mentor/invitation", "/mentor/listing", "/mentor/offers",
    ),
}  # fmt: skip
"""Those of mentors and of the companies that they look after."""

RECORDS = {
    "GET": (
        "/account/data", "/account/data.zip", "/account/delete", "/account/deleted", "/account/keep/<token>",
        "/administration", "/administration/audit",
        "/administration/companies/<company_id>", "/administration/companies/<company_id>/delete",
        "/administration/instance", "/administration/jobs",
        "/administration/people",
        "/administration/people/<person_id>", "/companies/<company_id>/data", "/companies/<company_id>/data.zip",
        "/companies/<company_id>/delete",
    ),
    "POST": (
        "/account/delete", "/account/keep", "/administration/clusters/manager",
        "/administration/companies/<company_id>/close",
        "/administration/instance/test-mail",
        "/administration/jobs/<job_id>",
        "/administration/people", "/administration/people/<person_id>/active",
        "/administration/people/<person_id>/role",
        "/administration/companies/<company_id>/delete",
        "/administration/companies/<company_id>/open", "/companies/<company_id>/delete", "/companies/<company_id>/keep",
        "/companies/<company_id>/restrict",
    ),
}  # fmt: skip
"""Those where somebody takes out or deletes what is kept of them, and where an administrator asks to look."""

COMPANIES = {
    "GET": (
        "/account/companies", "/assessments/<draft_id>/account", "/assessments/<draft_id>/account/sent",
        "/assessments/<draft_id>/documents/<document_id>", "/assessments/<draft_id>/evidence/<question>",
        "/assessments/<draft_id>/section-links", "/assessments/<draft_id>/sections/<section>/thanks", "/claim/<token>",
        "/companies/<company_id>", "/companies/<company_id>/checks/new", "/companies/<company_id>/checks/new/<kind>",
        "/companies/<company_id>/colleagues",
        "/companies/<company_id>/colleagues/<person_id>", "/companies/<company_id>/compare",
        "/companies/<company_id>/consents", "/companies/<company_id>/leave", "/companies/<company_id>/looks",
        "/companies/<company_id>/name", "/join/<token>", "/section/<token>",
    ),
    "POST": (
        "/account/companies", "/assessments/<draft_id>/account", "/assessments/<draft_id>/account/company",
        "/assessments/<draft_id>/evidence/<question>",
        "/assessments/<draft_id>/evidence/<question>/<document_id>/remove",
        "/assessments/<draft_id>/section-links", "/assessments/<draft_id>/section-links/<link_id>", "/claim",
        "/companies/<company_id>/checks/new", "/companies/<company_id>/checks/new/<kind>",
        "/companies/<company_id>/colleagues",
        "/companies/<company_id>/colleagues/<person_id>/remove", "/companies/<company_id>/colleagues/<person_id>/role",
        "/companies/<company_id>/consents/mentors/<grant_id>", "/companies/<company_id>/consents/reminders",
        "/companies/<company_id>/invitations/<link_id>", "/companies/<company_id>/leave",
        "/companies/<company_id>/name", "/join", "/section",
    ),
}  # fmt: skip
"""Those of a company and its people, and of the way from a check into one."""

CLUSTERS = {
    "GET": (
        "/c/<slug>", "/c/<slug>/logo", "/clusters", "/clusters/<cluster_id>", "/clusters/<cluster_id>/delete",
        "/clusters/<cluster_id>/managers", "/clusters/<cluster_id>/map", "/clusters/<cluster_id>/map/import",
        "/clusters/<cluster_id>/map/links.csv", "/clusters/<cluster_id>/map/members.csv",
        "/clusters/<cluster_id>/map/network.graphml", "/clusters/<cluster_id>/members",
        "/clusters/<cluster_id>/members/<member_id>", "/clusters/<cluster_id>/members/<member_id>/links",
        "/clusters/<cluster_id>/organisations",
        "/clusters/<cluster_id>/joint-action", "/clusters/<cluster_id>/joint-action/new",
        "/clusters/<cluster_id>/named", "/clusters/<cluster_id>/named/<member_id>",
        "/clusters/<cluster_id>/roadmap",
        "/clusters/<cluster_id>/roadmap/<line_id>", "/clusters/<cluster_id>/roadmap/new",
        "/companies/<company_id>/clusters/<cluster_id>/joint-action",
        "/clusters/<cluster_id>/comparisons", "/clusters/<cluster_id>/readiness/files/<form>",
        "/clusters/<cluster_id>/readiness/report", "/clusters/<cluster_id>/readiness/report/<key>.pdf",
        "/clusters/<cluster_id>/release-file",
        "/clusters/<cluster_id>/page", "/clusters/<cluster_id>/readiness", "/companies/<company_id>/clusters",
        "/companies/<company_id>/clusters/<cluster_id>", "/companies/<company_id>/clusters/<cluster_id>/exchange",
        "/companies/<company_id>/clusters/<cluster_id>/exchange/posts",
        "/companies/<company_id>/clusters/<cluster_id>/exchange/posts/<post_id>",
        "/companies/<company_id>/clusters/<cluster_id>/map",
        "/companies/<company_id>/clusters/<cluster_id>/readiness", "/companies/<company_id>/clusters/<cluster_id>/seen",
        "/manage/<token>",
        "/clusters/<cluster_id>/campaigns", "/clusters/<cluster_id>/campaigns/<campaign_id>",
        "/clusters/<cluster_id>/campaigns/<campaign_id>/addresses",
        "/clusters/<cluster_id>/campaigns/<campaign_id>/delete",
        "/clusters/<cluster_id>/campaigns/<campaign_id>/list.<form>",
        "/clusters/<cluster_id>/campaigns/<campaign_id>/remind",
        "/clusters/<cluster_id>/campaigns/<campaign_id>/send", "/clusters/<cluster_id>/campaigns/<campaign_id>/words",
        "/clusters/<cluster_id>/poster", "/clusters/<cluster_id>/poster/<key>.pdf",
        "/invited/<token>", "/opt-out/<token>", "/opted-out",
    ),
    "POST": (
        "/clusters", "/clusters/<cluster_id>/code", "/clusters/<cluster_id>/comparisons",
        "/clusters/<cluster_id>/comparisons/<group_id>/remove", "/clusters/<cluster_id>/comparisons/add",
        "/clusters/<cluster_id>/delete", "/clusters/<cluster_id>/logo",
        "/clusters/<cluster_id>/manager-invitations/<link_id>", "/clusters/<cluster_id>/managers",
        "/clusters/<cluster_id>/managers/<person_id>/remove", "/clusters/<cluster_id>/members/<member_id>",
        "/clusters/<cluster_id>/members/<member_id>/mentor",
        "/clusters/<cluster_id>/members/<member_id>/remove", "/clusters/<cluster_id>/members/<member_id>/request",
        "/clusters/<cluster_id>/members/<member_id>/links",
        "/clusters/<cluster_id>/members/<member_id>/links/<connection_id>", "/clusters/<cluster_id>/map/import",
        "/clusters/<cluster_id>/joint-action", "/clusters/<cluster_id>/joint-action/<action_id>/close",
        "/clusters/<cluster_id>/roadmap", "/clusters/<cluster_id>/roadmap/<line_id>",
        "/clusters/<cluster_id>/roadmap/<line_id>/remove",
        "/companies/<company_id>/clusters/<cluster_id>/joint-action/<action_id>",
        "/clusters/<cluster_id>/organisations", "/clusters/<cluster_id>/page", "/clusters/<cluster_id>/readiness",
        "/companies/<company_id>/clusters/<cluster_id>/agreements/<what>",
        "/companies/<company_id>/clusters/<cluster_id>/exchange/leave",
        "/companies/<company_id>/clusters/<cluster_id>/exchange/place",
        "/companies/<company_id>/clusters/<cluster_id>/exchange/posts",
        "/companies/<company_id>/clusters/<cluster_id>/exchange/posts/<post_id>",
        "/companies/<company_id>/clusters/<cluster_id>/exchange/posts/<post_id>/close",
        "/companies/<company_id>/clusters/<cluster_id>/exchange/posts/<post_id>/with/<other_id>",
        "/companies/<company_id>/clusters/<cluster_id>/exchange/talks/<talk_id>/forget",
        "/companies/<company_id>/clusters/<cluster_id>/leave", "/companies/<company_id>/clusters/ask",
        "/companies/<company_id>/clusters/code", "/companies/<company_id>/consents/compared", "/manage",
        "/clusters/<cluster_id>/campaigns", "/clusters/<cluster_id>/campaigns/<campaign_id>/addresses",
        "/clusters/<cluster_id>/campaigns/<campaign_id>/addresses/take",
        "/clusters/<cluster_id>/campaigns/<campaign_id>/delete",
        "/clusters/<cluster_id>/campaigns/<campaign_id>/remind", "/clusters/<cluster_id>/campaigns/<campaign_id>/send",
        "/clusters/<cluster_id>/campaigns/<campaign_id>/stop", "/clusters/<cluster_id>/campaigns/<campaign_id>/test",
        "/clusters/<cluster_id>/campaigns/<campaign_id>/words", "/clusters/<cluster_id>/poster",
        "/clusters/<cluster_id>/readiness/report", "/invited", "/opt-out",
    ),
}  # fmt: skip
"""Those of clusters, of who runs them and of the companies that belong to them."""

DEMO_ONLY = ("/examples", "/examples/<draft_id>")
DOWNLOADS = (
    "/assessments/<draft_id>/data.json", "/assessments/<draft_id>/plan.ics", "/assessments/<draft_id>/report/<key>.pdf",
    "/assessments/<draft_id>/plan/files/<form>", "/catalogue/files/<form>", "/questions.pdf",
    "/questions/<kind>.pdf", "/sample-plan.pdf",
)  # fmt: skip
EXAMPLE = "bakery-bg"
NOTED = "ene-03"
CANARY = "Kanarche7731"
"""A word that stands in the finished check alone."""


def of_draft(method: str) -> tuple[str, ...]:
    """The addresses that belong to one check."""
    return tuple(address for address in ADDRESSES[method] if address.startswith("/assessments/"))


def filled(address: str, parts: Mapping[str, str]) -> str:
    """An address with its parts put in."""
    for name, value in parts.items():
        address = address.replace(f"<{name}>", value)
    assert "<" not in address, address
    return address


def finish(site: Site) -> Visitor:
    """Go through a whole check as a company did: results, an own action, a named PDF."""
    owner = site.visitor()
    example = site.instance.library.examples()[EXAMPLE]
    hub = owner.start(example.sheet.depth)
    owner.answer_all(example.answers)
    owner.answer({f"{NOTED}.note": CANARY})
    owner.post(hub + "/submit")
    owner.post(hub + "/plan-own", {"title": f"Ask {CANARY} about bags", "owner": "Maria"})
    owner.post(hub + "/selection", {"slot": "a", "name": f"Plan {CANARY}"})
    owner.post(hub + "/report", {"company_name": f"Bakery {CANARY}"})
    return owner


class Finished:
    """A check with results, a plan, an own action and a PDF, and whoever has it open; knows all of its addresses."""

    def __init__(self, site: Site, session: str, draft_id: str) -> None:
        self.site = site
        self.owner = site.visitor()
        self.owner.session = session
        self.owner.hub = f"/assessments/{draft_id}"
        self.parts = {
            "draft_id": draft_id, "section": "ene", "page": "ene-03", "line_id": "electricity",
            "measure_id": "solar-pv", "token": self.token(), **public_parts(site),
        }  # fmt: skip

    def token(self) -> str:
        """The token of the link to come back with; a company's check has none."""
        page = Page(self.owner.client.get(self.owner.hub + "/keep", base_url=self.site.address))
        links = page.links() if page.status == 200 else []
        return next((link for link in links if "/resume/" in link), "").rpartition("/")[2]

    def pdf(self) -> str:
        """The address of the PDF; another operator's is another PDF and is made first."""
        page = self.owner.get(self.owner.hub + "/report")
        if ".pdf" not in page.text:
            self.owner.submit(page)
            page = self.owner.get(self.owner.hub + "/report")
        return next(link for link in page.links() if link.endswith(".pdf"))

    def address(self, template: str) -> str:
        """The address of a template for this check."""
        if template.endswith("<key>.pdf"):
            return self.pdf()
        plan = self.owner.get(self.owner.hub + "/plan").links() if "/plan/" in template else []
        key = next((link.rpartition("/")[2] for link in plan if "/plan/measure:" in link), "")
        return filled(template, {**self.parts, "key": key})


def public_parts(site: Site) -> dict[str, str]:
    """What the public addresses name."""
    landing = site.visitor().get("/").text
    digest = landing.partition("/static/")[2].partition("/")[0]
    name = landing.partition(f"/static/{digest}/")[2].partition('"')[0]
    entry = next(iter(site.instance.library.catalogue("en").schemes))
    page = site.visitor().get(f"/catalogue/{entry}").text
    code = page.partition("/r/")[2].partition("<")[0]
    return {"digest": digest, "name": name, "path:name": name, "entry_id": entry, "code": code,
            "form": "csv", "kind": site.instance.library.offered("company")[0][0]}  # fmt: skip


def effective(check: Finished, address: str) -> dict[str, str]:
    """A form that changes something when it is accepted."""
    measure = next(iter(check.site.instance.library.catalogue("en").measures))
    revision = check.owner.get(check.owner.page_of(NOTED)).form().fields[f"{NOTED}.revision"]
    code = check.owner.get(check.owner.hub + "/keep").tree.find(".//*[@class='gp-code']")
    assert code is not None
    return {
        "/assessments/<draft_id>/plan-add": {"key": measure},
        "/assessments/<draft_id>/plan-own": {"title": "Turn the oven down"},
        "/catalogue/suggest": {
            "kind": "new",
            "words": "A guide",
            "source": "https://www.example.org/guide",
            "consent": "yes",
        },
        "/assessments/<draft_id>/plan/<key>": {"status": "done", "revision": "0"},
        "/assessments/<draft_id>/plan/<key>/move": {"direction": "down"},
        "/assessments/<draft_id>/report": {"company_name": "Another name"},
        "/assessments/<draft_id>/sections/<section>/<page>": {f"{NOTED}": "do-not-know", f"{NOTED}.revision": revision},
        "/assessments/<draft_id>/best-plan": {
            "budget": "3000",
            "hours": "40",
            "payback": "4",
            "matter.cost": "3",
            "matter.carbon": "0",
            "matter.water": "0",
            "matter.waste": "0",
            "revision": "0",
        },
        "/assessments/<draft_id>/pieces/<measure_id>": {"pieces": "12", "revision": "0"},
        "/assessments/<draft_id>/scenarios": {"slot": "a"},
        "/assessments/<draft_id>/selection": {"slot": "b", "measure": measure},
        "/assessments/<draft_id>/use/<line_id>": {"amount": "1000", "revision": "0"},
        "/assessments/<draft_id>/keep/mail": {"email": "maria@example.org"},
        "/resume": {"code": code.text or ""},
        "/resume/link": {"token": check.parts["token"]},
        "/assessments/<draft_id>/next": {"depth": "full"},
        "/start": {"depth": "full"},
    }.get(address, {})


def target(check: Finished, address: str) -> str:
    """The address of a template for this check, or of an example to open."""
    if address.startswith("/examples/"):
        return filled(address, {"draft_id": check.site.example(EXAMPLE)})
    return check.address(address)
