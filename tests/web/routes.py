"""Every address of the product with what stands in for its parts: the list is a promise that a test keeps."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml

from tests.web.visiting import Page, Site, Visitor

PROMISED: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = yaml.safe_load(
    (Path(__file__).parent / "routes.yaml").read_text()
)
"""By errand and address what each method asks of whoever calls it."""


def _addresses(errand: str) -> Mapping[str, tuple[str, ...]]:
    return {
        method: tuple(address for address, asked in PROMISED[errand].items() if method in asked)
        for method in ("GET", "POST")
    }


ADDRESSES: Final = _addresses("without an account")
"""Those that a visitor who has finished a check can open."""
SIGNING_IN: Final = _addresses("accounts")
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
