"""What the forms of people need to change something, beside what already stands in them."""

import base64
import zlib
from collections.abc import Mapping
from typing import Final

from assessment.content.aggregates.release_files import signed
from assessment.reporting.aggregates.cluster_exports import release_file
from assessment.services.aggregates.release_files import packed
from tests.papers import drawing, paper
from tests.reporting.languages import ENGLISH
from tests.reporting.snapshots import whole_document

_RELEASE: Final = signed(release_file(whole_document(), ENGLISH), "the secret of another site")
_MAILED: Final = {"email": "somebody.new@firm.example"}

_PACKED: Final = base64.b64encode(zlib.compress(b"name,role\nRowan Lab,research\n")).decode()
"""A file of members as the page holds it between its preview and its being taken over."""
_POST: Final = {
    "side": "offer", "material": "glass", "title": "Rowan bottles", "amount": "3", "unit": "t", "period": "year",
    "month": "4", "reach": "100",
}  # fmt: skip

FORMS: Final[Mapping[str, Mapping[str, str]]] = {
    "/administration/companies/<company_id>/delete": {"reason": "Its only owner asked us to by letter"},
    "/administration/companies/<company_id>/open": {"reason": "The owner asked us on the telephone to look at it"},
    "/assessments/<draft_id>/account": _MAILED,
    "/assessments/<draft_id>/keep/mail": {**_MAILED, "remind": "yes"},
    "/assessments/<draft_id>/account/company": {"into": "new", "company": "Rowan Ltd"},
    "/assessments/<draft_id>/comments": {"words": "We look at it on Monday", "question": "ene-03"},
    "/assessments/<draft_id>/interview/<question>": {"ene-03": "monthly", "ene-03.note": "They read it on Mondays"},
    "/assessments/<draft_id>/mentor-suggestions/<suggestion_id>": {"act": "accept", "words": ""},
    "/assessments/<draft_id>/mentor/<question>": {"act": "reply", "words": "The meter is new", "seen": "1-1"},
    "/assessments/<draft_id>/next-visit": {
        "visit.day": "4", "visit.month": "3", "visit.year": "2027", "words": "Look at the oven"
    },
    "/assessments/<draft_id>/notes": {"words": "Ask again in spring", "question": "ene-03"},
    "/assessments/<draft_id>/noted": {"question": "ene-03"},
    "/assessments/<draft_id>/review-savings/<key>": {"baseline": "2024", "method": "Bills", "floor": "0", "share": "9"},
    "/assessments/<draft_id>/review-suggest": {"key": "", "title": "Turn the oven down", "why": "It is empty at noon"},
    "/assessments/<draft_id>/review/<question>": {"act": "ask", "words": "Since when?", "seen": "1-1"},
    "/assessments/<draft_id>/section-links": {"section": "wat"},
    "/companies/<company_id>/checks/new": {"depth": "quick", "site": "Yard"},
    "/companies/<company_id>/checks/new/<kind>": {"site": "Leasing"},
    "/companies/<company_id>/colleagues": {**_MAILED, "role": "editor"},
    "/companies/<company_id>/colleagues/<person_id>/role": {"role": "owner"},
    "/companies/<company_id>/clusters/<cluster_id>/agreements/<what>": {"given": "yes"},
    "/companies/<company_id>/clusters/<cluster_id>/exchange/place": {"country": "BG", "town": "Plovdiv"},
    "/companies/<company_id>/clusters/<cluster_id>/exchange/posts": _POST,
    "/companies/<company_id>/clusters/<cluster_id>/exchange/posts/<post_id>": _POST,
    "/companies/<company_id>/clusters/<cluster_id>/exchange/posts/<post_id>/with/<other_id>": {"act": "ask"},
    "/companies/<company_id>/consents/compared": {"given": "yes"},
    "/companies/<company_id>/consents/reminders": {"given": "yes"},
    "/clusters/<cluster_id>/comparisons/add": {"packed": packed(_RELEASE)},
    "/clusters/<cluster_id>/campaigns": {"name": "Rowan campaign"},
    "/clusters/<cluster_id>/campaigns/<campaign_id>/addresses": {"pasted": "somebody.new@firm.example"},
    "/clusters/<cluster_id>/campaigns/<campaign_id>/addresses/take": {"act": "take"},
    "/clusters/<cluster_id>/campaigns/<campaign_id>/words": {
        "name": "Rowan campaign", "subject-en": "Come to us", "text-en": "We are many"
    },
    "/clusters/<cluster_id>/joint-action": {
        "kind": "", "title": "Share a lorry", "words": "On Mondays", "until.day": "1", "until.month": "2",
        "until.year": "2027",
    },
    "/clusters/<cluster_id>/managers": _MAILED,
    "/clusters/<cluster_id>/roadmap": {"title": "Share a lorry", "state": "planned"},
    "/clusters/<cluster_id>/roadmap/<line_id>": {"title": "Share a lorry", "state": "started", "revision": "1"},
    "/companies/<company_id>/clusters/<cluster_id>/joint-action/<action_id>": {"act": "yes", "words": "Call us"},
    "/clusters/<cluster_id>/members/<member_id>": {"name": "Rowan Institute", "role": "training"},
    "/clusters/<cluster_id>/members/<member_id>/request": {"act": "accept"},
    "/clusters/<cluster_id>/map/import": {"packed": _PACKED},
    "/clusters/<cluster_id>/members/<member_id>/links": {"target": "biogas", "kind": "supplies", "wanted": "yes"},
    "/clusters/<cluster_id>/organisations": {"name": "Rowan Institute", "role": "research"},
    "/clusters/<cluster_id>/page": {"name": "Rowan Cluster"},
    "/companies/<company_id>/mentors": {**_MAILED, "mentor": ""},
    "/companies/<company_id>/mentors/<grant_id>": {"act": "end"},
    "/companies/<company_id>/name": {"name": "Rowan Ltd"},
    "/companies/<company_id>/restrict": {"restricted": "yes"},
}  # fmt: skip
"""By address; a page of the same company gives the rest."""

FILES: Final[Mapping[str, tuple[str, bytes]]] = {
    "/assessments/<draft_id>/evidence/<question>": ("document", paper()),
    "/clusters/<cluster_id>/comparisons": ("file", _RELEASE),
    "/clusters/<cluster_id>/logo": ("logo", drawing()),
}
"""The control of a form that takes a file, and the file."""

LOOKED_AT: Final = frozenset({"/clusters/<cluster_id>/comparisons"})
"""Forms that show what would be kept, and change nothing by themselves."""

REACHING_OTHERS: Final = frozenset({
    # Joining another cluster is counted there.
    "/companies/<company_id>/clusters/code",
    # Without a worker the calendar has its turn as well, and looks after everybody's campaigns.
    "/clusters/<cluster_id>/campaigns/<campaign_id>/remind", "/clusters/<cluster_id>/campaigns/<campaign_id>/send",
})  # fmt: skip
"""Forms that change something of somebody else's, as they should."""
