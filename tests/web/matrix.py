"""The matrix: every route of the URL map, tried by every role on every object, held against `matrix.yaml`."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final, cast
from urllib.parse import urlsplit

from sqlalchemy import text
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from assessment.core.access import CLUSTER_TABLE, Action, Policy, Standpoint
from assessment.services.people.accounts import person_by_id
from assessment.storage.sqlite import driver
from assessment.web.browser import hash_of
from tests.web.mailbox import Mailbox
from tests.web.matrix_forms import FILES, FORMS, REACHING_OTHERS
from tests.web.meanwhile import Writing, meanwhile
from tests.web.readable import readable
from tests.web.roles import BELONGS, CLUSTER_MARKS, CLUSTERS, MARKS, NOBODY, OBJECTS, ROLES, WRITTEN, World, relation
from tests.web.routes import Finished, effective, filled, target
from tests.web.test_canaries import Marks
from tests.web.visiting import Page, Site, copy_database, put_back

LOGS: Final = ("access_log", "audit_log", "limit_counters")
"""Tables that a refusal, or a look, may write to."""
OF_SOMEBODY: Final = ("draft_id", "company_id", "cluster_id")
RELATIONS: Final = ("holder", "section", "owner", "editor", "mentor", "administrator")
CLUSTER_RELATIONS: Final = ("manager", "administrator")
EVERYBODY: Final = (Standpoint.ANYBODY, Standpoint.SIGNING_IN)
LET_IN: Final = frozenset({200, 302, 303, 409, 422})
OTHER_SECTION: Final = "wat"
MORE: Final = {
    "id": NOBODY, "assessment_id": NOBODY, "owner_id": "", "company_id": "", "org_id": "", "person_id": "",
    "mentor_id": "", "role": "owner", "staff_role": "administrator", "is_admin": "1", "score": "100", "overall": "100",
    "submitted_at": "2000-01-01", "version": "9", "questionnaire": "other", "created_at": "2000-01-01", "counter": "0",
    "session_hash": "x", "consent_mentor": "yes", "consent_benchmark": "yes",
    "restricted": "1", "erase_at": "2000-01-01", "state": "active", "site": "X", "section": "",
}  # fmt: skip
"""What nobody may set by adding it to a form."""
LIKE: Final = {
    "their colleague": "owner of another company", "their mentor": "owner of another company",
    "manager who helps": "manager",
}  # fmt: skip
"""Who signs in as nobody here, and may be told what somebody else may."""


_CHIEFS: Final = ("owner", "mentor who may fill in", "administrator")
LOSING: Final = (
    "DELETE FROM memberships WHERE person_id = :person", "DELETE FROM cluster_managers WHERE person_id = :person",
    "UPDATE grants SET state = 'ended' WHERE mentor_id = :person",
    "UPDATE people SET staff_role = '' WHERE id = :person",
)  # fmt: skip
"""What takes from somebody all that they may do with a company or a cluster."""
_SIGNED_OUT: Final = (
    "UPDATE sessions SET hash = 'elsewhere' WHERE hash = :session",
    "UPDATE sessions SET person_id = NULL WHERE hash = :session",
    "UPDATE people SET active = 0 WHERE id = :person",
)  # fmt: skip
_FORGOTTEN: Final = "DELETE FROM sessions WHERE hash = :session"
_LET_GO: Final = ("DELETE FROM memberships WHERE person_id = :person", *_SIGNED_OUT)
_NO_MENTOR: Final = (
    "UPDATE grants SET state = 'ended' WHERE mentor_id = :person", "UPDATE companies SET restricted = 1",
    "UPDATE companies SET erase_at = '2099-01-01T00:00:00.000000+00:00'", *_SIGNED_OUT,
)  # fmt: skip
ENDINGS: Final[Mapping[str, Sequence[str]]] = {
    "holder of the link": ("DELETE FROM session_drafts WHERE session_hash = :session", _FORGOTTEN),
    "holder of a section link": ("DELETE FROM session_drafts WHERE session_hash = :session", _FORGOTTEN),
    "owner": _LET_GO,
    "editor": _LET_GO,
    "mentor": _NO_MENTOR,
    "mentor who may fill in": _NO_MENTOR,
    "administrator with opened glass": ("UPDATE opened_glass SET ends_at = '2020-01-01T00:00:00.000000+00:00'",),
}
"""The ways in which each role's right to a check ends, each by itself."""
NOT_ANY_MORE: Final[Mapping[Action, str]] = {
    Action.PROPOSE_ANSWERS: "UPDATE grants SET interview_agreed_at = NULL WHERE mentor_id = :person",
    Action.DELETE_CHECK: "UPDATE memberships SET role = 'editor' WHERE person_id = :person",
}
"""The same for an action that not everybody may who may the rest."""
VANISHING: Final = {
    "draft_id": "DELETE FROM assessments WHERE id = :id", "company_id": "DELETE FROM companies WHERE id = :id",
    "cluster_id": "DELETE FROM clusters WHERE id = :id",
}  # fmt: skip
"""What somebody else may have deleted in the same moment."""


class Unfillable(Exception):
    """A route names something that nobody has told the matrix how to fill in."""


@dataclass(frozen=True)
class Cell:
    """One route as one role tries it on one object; no object for a route that names none."""

    rule: Rule
    method: str
    role: str
    of: str

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule} by {self.role}, {self.of or 'no object'}"


class Matrix:
    """Sends every cell to a site and says which answers are not what is written down."""

    def __init__(self, site: Site, world: World, with_forms: bool = True, mailbox: Mailbox | None = None) -> None:
        self.site, self.world, self.tried, self.mailbox = site, world, 0, mailbox
        copy_database(world.kept, site.database)
        self.mailed: set[str] = set()
        """The roles that were written to."""
        known = {role: person_by_id(site.instance, person_id) for role, person_id in world.people.items()}
        self.addresses = {found.email: LIKE.get(role, role) for role, found in known.items() if found is not None}
        self.rules = sorted(site.app.url_map.iter_rules(), key=lambda rule: rule.rule)
        self.visitors = {role: site.visitor() for role in ROLES}
        self.tokens = {role: self._as(role).token() for role in ROLES}
        self.checks = {
            of: Finished(site, world.sessions[world.opener(of)], world.checks[of]) for of in world.checks if of in MARKS
            and of != "erased"
        }  # fmt: skip
        self.plain = self.checks["unowned"]
        # What an administrator's pages name, which belongs to no company.
        self.plain.parts |= {
            "person_id": world.people["stranger with an account"], "job_id": world.resting,
            "slug": world.clusters["our cluster"].slug,
        }  # fmt: skip
        self.forms: dict[tuple[str, str], MultiDict[str, str]] = {}
        if with_forms:
            self._collect_forms()
        self.effective: dict[str, dict[str, str]] = {}
        self.missing: dict[tuple[str, str, str], Page] = {}
        self.changing: set[str] = set()
        self.followed: set[tuple[str, str]] = set()
        site.instance.database.close()
        copy_database(world.kept, site.database)
        self._watch()
        self.pristine = self._rows()

    # -- what is tried

    def policy(self, rule: Rule) -> Policy:
        """What a route declares."""
        declared: Policy = vars(self.site.app.view_functions[rule.endpoint])["policy"]
        return declared

    def cells(self, methods: tuple[str, ...] = ("GET", "POST"), roles: tuple[str, ...] = ROLES) -> Iterator[Cell]:
        """Every route x role x object; of roles, those alone that are told where a route is there for everybody."""
        for rule in self.rules:
            objects = CLUSTERS if self.of_cluster(rule) else OBJECTS if self.of_somebody(rule) else ("",)
            trying = roles if self.policy(rule) in EVERYBODY else ROLES
            for method in methods:
                if method in (rule.methods or ()):
                    yield from (Cell(rule, method, role, of) for of in objects for role in trying)

    def accepted(self) -> Iterator[Cell]:
        """Every form, as somebody sends it who may."""
        for rule in self.rules:
            if "POST" in (rule.methods or ()):
                of_check = ("unowned", "ours") if self.of_somebody(rule) else ("",)
                for of in ("our cluster",) if self.of_cluster(rule) else of_check:
                    cells = (Cell(rule, "POST", role, of) for role in ROLES)
                    yield from [cell for cell in cells if self.expected(cell) == "in"][:1]

    def of_somebody(self, rule: Rule) -> bool:
        """Whether a route is about a check, a company or a cluster."""
        return isinstance(self.policy(rule), Action) and bool(rule.arguments & {*OF_SOMEBODY})

    def ours(self, rule: Rule) -> tuple[str, str, str]:
        """What of ours a route is about (empty for nothing), the same of others, and who may do most with ours."""
        if self.of_cluster(rule):
            return "our cluster", "their cluster", "manager"
        if not self.of_somebody(rule):
            return "", "", "owner"
        may = (role for role in _CHIEFS if self.expected(Cell(rule, "GET", role, "ours")) == "in")
        return "ours", "theirs", next(may, "owner")

    def of_cluster(self, rule: Rule) -> bool:
        """Whether a route is about a cluster itself, and not about a company in it."""
        return self.policy(rule) in CLUSTER_TABLE

    def expected(self, cell: Cell) -> str:
        """What is written down: `in`, `forbidden`, `hidden`, or `sign in` where one has to first."""
        policy, role = self.policy(cell.rule), cell.role
        if not isinstance(policy, Action):
            meant = WRITTEN["standpoints"].get(policy.value)
            without = role in WRITTEN["without an account"]
            if policy.value in ("anybody", "somebody on the way in"):
                return "in"
            if without:
                return "sign in"
            return "in" if meant is None or role in meant else "hidden"
        if self.of_cluster(cell.rule):
            return self._expected_of_cluster(cell, policy)
        return self._expected_of_company(cell, policy)

    def _expected_of_cluster(self, cell: Cell, action: Action) -> str:
        stands = relation(cell.role, cell.of)
        if cell.role.startswith("administrator") and cell.of != "missing":
            stands = "administrator"
        letters = WRITTEN["cluster actions"][action.value].split()
        letter = letters[CLUSTER_RELATIONS.index(stands)] if stands else "N"
        return {"Y": "in", "F": "forbidden", "N": "hidden"}[letter]

    def _expected_of_company(self, cell: Cell, action: Action) -> str:
        role = cell.role
        stands = relation(role, cell.of)
        if role in WRITTEN["without an account"]:
            # A browser stands to a check, never to a company.
            stands = stands if "draft_id" in cell.rule.arguments else ""
            stands = "" if cell.rule.rule in WRITTEN["only with an account"] else stands
        if not cell.of:
            raise Unfillable(f"{cell.rule.rule} declares an action but names neither a check nor a company")
        if cell.of == "unowned" and "company_id" in cell.rule.arguments:
            return "hidden"
        if cell.of in WRITTEN["shut"]["objects"] and cell.rule.rule in WRITTEN["shut"]["to"] and "admin" in role:
            return "forbidden"
        glass = stands == "glass"
        if glass or (cell.of not in {"missing", "erased"} and role.startswith("administrator")):
            stands = "administrator"
        letter = WRITTEN["actions"][action.value].split()[RELATIONS.index(stands)] if stands else "N"
        if letter == "C":
            letter = "Y" if role in WRITTEN["agreed to be filled in for"] else "N"
        if letter == "B":
            letter = "Y" if glass else "N"
        if letter == "S":
            letter = "Y" if "section" in cell.rule.arguments else "N"
        if stands == "administrator" and letter == "Y" and "draft_id" in cell.rule.arguments and cell.of == "unowned":
            letter = "N"
        return {"Y": "in", "F": "forbidden", "N": "hidden"}[letter]

    def path(self, rule: Rule, of: str, role: str = "", **other: str) -> str:
        """The address of a route for an object."""
        if not of:
            # Links are tried by who has them where they are made; here everybody comes without one.
            address = rule.rule if rule.rule == "/resume/<token>" else rule.rule.replace("<token>", "x" * 43)
            try:
                return target(self.plain, address)
            except AssertionError as unknown:
                raise Unfillable(f"tests/web/routes.py does not know how to fill in {rule.rule}") from unknown
        check = self.checks.get(of, self.checks["ours"])
        parts = {**check.parts, **self.world.parts(of, rule.rule, role), **other}
        try:
            return filled(rule.rule, parts)
        except AssertionError as unknown:
            raise Unfillable(f"tests/web/roles.py does not know how to fill in {rule.rule}") from unknown

    def form(self, cell: Cell) -> MultiDict[str, Any]:
        """A form that changes something where it is accepted, with a token of the role."""
        form = self.forms.get((str(cell.rule.endpoint), cell.of)) or self.forms.get((str(cell.rule.endpoint), "ours"))
        sent: MultiDict[str, Any] = form.copy() if form is not None else MultiDict()
        if cell.rule.rule not in self.effective:
            self.restore()
            self.plain.owner.session = self.world.sessions[self.world.opener("unowned")]
            self.effective[cell.rule.rule] = effective(self.plain, cell.rule.rule)
        for name, value in self.effective[cell.rule.rule].items():
            if not (name.endswith("revision") and name in sent):
                sent[name] = value
        for name, value in {**FORMS.get(cell.rule.rule, {}), **self.world.typed.get(cell.rule.rule, {})}.items():
            sent[name] = value
        if cell.rule.rule in FILES:
            name, content = FILES[cell.rule.rule]
            # As a path, so that the form can be sent again.
            kept = self.world.kept.with_suffix(".pdf")
            kept.write_bytes(content)
            sent[name] = (str(kept), kept.name)
        if cell.role.startswith("mentor") and "side" in sent:
            sent["side"] = "mentor"
        sent["csrf_token"] = self.tokens[cell.role]
        return sent

    def _collect_forms(self) -> None:
        """The forms of all pages that those who may do most with an object are shown."""
        shown = ("unowned", "ours", "theirs", *CLUSTER_MARKS)
        openers = [(of, role) for of in shown for role in self.world.openers(of)]
        for of, role in openers:
            for rule in self.rules:
                about = self.of_cluster(rule) == (of in CLUSTER_MARKS)
                if "GET" in (rule.methods or ()) and self.of_somebody(rule) and about:
                    self._collect_from(Cell(rule, "GET", role, of))

    def _collect_from(self, cell: Cell) -> None:
        urls = self.site.app.url_map.bind("localhost")
        try:
            page = self.send(cell, self.path(cell.rule, cell.of))
        except Unfillable:
            return  # Named when its turn comes.
        if not page.is_html or page.status != 200:
            return
        for form in page.forms():
            if form.method.lower() == "post":
                try:
                    endpoint, _ = urls.match(form.action.partition("?")[0], method="POST")
                except HTTPException as error:
                    raise AssertionError(f"{page.path} has a form for {form.action}") from error
                self.forms.setdefault((str(endpoint), cell.of), form.fields)

    # -- sending and judging

    def _as_it_is(self, role: str) -> Any:
        return self.visitors[role]

    def _as(self, role: str) -> Any:
        visitor = self.visitors[role]
        visitor.session = self.world.sessions[role]
        return visitor

    def send(self, cell: Cell, path: str, form: Mapping[str, str] | None = None) -> Page:
        """A request exactly as a browser of that role sends it."""
        visitor = self._as(cell.role)
        own = {"Origin": self.site.address, "Referer": self.site.address + path} if cell.method == "POST" else {}
        answer = visitor.client.open(
            path, method=cell.method, base_url=self.site.address, data=form, headers=own
        )  # fmt: skip
        self.tried += 1
        return Page(answer)

    def mixed(self) -> Iterator[tuple[Cell, str, str]]:
        """Our own, each with the name and the id of a part that is none of it.

        It is somebody else's, of another company of the same owner, or a colleague's own.
        """
        for rule in filter(self.of_somebody, self.rules):
            ours, theirs, chief = self.ours(rule)
            own = self.world.parts(ours, rule.rule, chief)
            colleague = "mentor" if chief.startswith("mentor") else "editor"
            others = [(theirs, chief), (ours, colleague), *([("restricted", chief)] if ours == "ours" else [])]
            itself = [name for name in ("company_id", "draft_id", "cluster_id") if name in rule.arguments][:1]
            for name in sorted({*rule.arguments} - {*itself}):
                parts = (self.world.parts(of, rule.rule, role).get(name) for of, role in others)
                for value in dict.fromkeys(part for part in parts if part and part != own[name]):
                    for method in {"GET", "POST"} & (rule.methods or set()):
                        yield Cell(rule, method, chief, ours), name, value

    def elsewhere(self, cell: Cell, page: Page, **other: str) -> Iterator[str]:
        """What is wrong where an address names our own together with what is not part of it."""
        path = self.path(cell.rule, cell.of, **other)
        answer = self.send(cell, path, self.form(cell) if cell.method == "POST" else None)
        if answer.status != 404 or len(answer.body) != len(page.body):
            yield f"answered {answer.status} with {len(answer.body)} bytes to {other}"
        if self.changed():
            yield f"changed {self.what_changed()} by {other}"
            self.restore()

    def ends(self) -> Iterator[tuple[Cell, Sequence[str]]]:
        """Every form, as each sort of people sends it who may, and a way in which they may no longer.

        Of a check the ways take turns: whatever is written, one place asks how its sender stands by then.
        """
        turns: Counter[str] = Counter()
        for cell in self.accepted():
            if self.of_somebody(cell.rule) and "draft_id" not in cell.rule.arguments:
                yield cell, LOSING
        for rule in (rule for rule in self.rules if self.of_somebody(rule) and "draft_id" in rule.arguments):
            for role, ways in ENDINGS.items():
                of = "unowned" if role == "holder of the link" else "ours"
                cell = Cell(rule, "POST", role, of)
                if "POST" not in (rule.methods or ()) or self.expected(cell) != "in":
                    continue
                more = NOT_ANY_MORE.get(cast("Action", self.policy(rule)))
                if more is not None and role in ("owner", "mentor who may fill in"):
                    yield cell, (more,)
                yield cell, (ways[turns[role] % len(ways)],)
                turns[role] += 1

    def losing(self, cell: Cell, way: Sequence[str] = LOSING) -> Iterator[str]:
        """What is wrong where who sends a form may no longer, from the moment when something begins to be written."""
        form, path = self.form(cell), self.path(cell.rule, cell.of, cell.role)
        who = {"person": self.world.people.get(cell.role, ""), "session": hash_of(self.world.sessions[cell.role])}
        with self._when_writing_begins(way, **who) as lost:
            page = self.send(cell, path, form)
        if not lost:
            return
        if page.status not in (403, 404):
            yield f"may no longer, but was answered {page.status} {page.location}"
        now, before = self._rows(), lost["rows"]
        changed = [table for table in now if now[table] != before[table]]
        if changed:
            yield f"may no longer and changed {changed}"
        self.restore()

    def vanishing(self, cell: Cell) -> Iterator[str]:
        """What is wrong where somebody else deletes what a form is about when something begins to be written."""
        form, path = self.form(cell), self.path(cell.rule, cell.of, cell.role)
        ids = {name: value for name, value in self.world.parts(cell.of, cell.rule.rule).items() if name in OF_SOMEBODY}
        name = next(name for name in OF_SOMEBODY if name in cell.rule.arguments)
        with self._when_writing_begins((VANISHING[name],), id=ids[name]) as lost:
            page = self.send(cell, path, form)
        if lost:
            if page.status >= 500:
                yield f"was answered {page.status} about what is gone"
            self.restore()

    @contextmanager
    def _when_writing_begins(self, statements: Iterable[str], **values: str) -> Iterator[dict[str, Any]]:
        lost = dict[str, Any]()

        def lose(writing: Writing) -> None:
            with writing() as connection:
                for statement in map(text, statements):
                    named = {name: value for name, value in values.items() if name in statement.compile().params}
                    connection.execute(statement, named)
            lost["rows"] = self._rows()

        with meanwhile(self.site.instance.database, lose), self.with_a_worker():
            yield lost

    @contextmanager
    def with_a_worker(self) -> Iterator[None]:
        """What is ordered waits for a worker, and is no write of whoever orders it."""
        product, settings = self.site.instance, self.site.instance.settings
        object.__setattr__(product, "settings", replace(settings, jobs="worker"))
        try:
            yield
        finally:
            object.__setattr__(product, "settings", settings)

    def faults(self, cells: Iterator[Cell], most: int = 60) -> list[str]:
        """What is wrong, in words; stops after a few."""
        found: list[str] = []
        for cell in cells:
            found += (f"{cell}: {fault}" for fault in self.faults_of(cell))
            if len(found) >= most:
                break
        return found

    def faults_of(self, cell: Cell) -> Iterator[str]:
        """What is wrong with the answer to one cell."""
        try:
            expected, path = self.expected(cell), self.path(cell.rule, cell.of, cell.role)
        except Unfillable as unknown:
            yield str(unknown)
            return
        form = self.form(cell) if cell.method == "POST" else None
        if self.mailbox is not None:
            # Only what this form sends is told by its sender.
            self.mailbox.mails.clear()
        page = self.send(cell, path, form)
        changed = self.changed()
        if cell.of == "missing":
            self.missing[cell.rule.rule, cell.method, cell.role] = page
        if expected == "in":
            yield from self._let_in(cell, page, changed)
            yield from self.told_by_mail(cell.role)
        else:
            yield from self._kept_out(cell, page, expected)
            if changed:
                yield f"was refused with {page.status} and changed {self.what_changed()}"
        if changed:
            if expected == "in" and cell.method == "POST" and page.status == 303:
                self.changing.add(cell.rule.rule)
                yield from (f"changed somebody else's {table}" for table in self._spilled(cell))
            self.restore()

    def _spilled(self, cell: Cell) -> Iterator[str]:
        """The tables in which a row of somebody else is not as it was."""
        if cell.rule.rule in REACHING_OTHERS:
            return
        others, now = self._ids_of_others(cell.of), self._rows()
        for table, rows in self.pristine.items():
            if now[table] != rows and any(others & {*row} for row in {*rows} - {*now[table]}):
                yield table

    def _ids_of_others(self, of: str) -> set[object]:
        """The ids of all that is no part of an object, and that it is no part of."""
        if not of:
            return set()
        kin = {of, BELONGS.get(of), *(name for name, cluster in BELONGS.items() if cluster == of)}
        world, by_name = self.world, {True: set[object](), False: set[object]()}
        for ids in (world.checks, world.companies, {name: one.id for name, one in world.clusters.items()}):
            for name, one in ids.items():
                by_name[name in kin].add(one)
        for (_, name), one in world.keys.items():
            by_name[name in kin].add(one)
        return by_name[False] - by_name[True]

    def _let_in(self, cell: Cell, page: Page, changed: bool) -> Iterator[str]:
        # A link that holds for nobody is answered as what is not there.
        without_link = page.status == 404 and not cell.of
        if (page.status not in LET_IN and not without_link) or (cell.of and "/sign-in" in page.location):
            yield f"may, but was answered {page.status} {page.location}"
        if cell.method != "POST" and changed:
            yield f"only looked and changed {self.what_changed()}"
        if page.status == 303 and cell.method == "POST" and (cell.rule.rule, cell.role) not in self.followed:
            self.followed.add((cell.rule.rule, cell.role))
            there = urlsplit(page.location)
            after = self._as_it_is(cell.role).client.get(f"{there.path}?{there.query}", base_url=self.site.address)
            if after.status_code >= 400:
                yield f"was led to {page.location}, which answers {after.status_code}"
            after.close()
        yield from (f"was shown {found}" for found in self.foreign_marks(cell.role, page))

    def _kept_out(self, cell: Cell, page: Page, expected: str) -> Iterator[str]:
        if expected == "sign in":
            if page.status != 303 or "/sign-in" not in page.location:
                yield f"has to sign in first, but was answered {page.status} {page.location}"
            return
        if page.status != (403 if expected == "forbidden" else 404):
            yield f"is {expected}, but was answered {page.status} {page.location}"
            return
        nothing = self.missing.get((cell.rule.rule, cell.method, cell.role))
        if expected == "hidden" and cell.of and nothing is not None:
            same = (len(nothing.body), sorted(nothing.headers.keys()))
            if (len(page.body), sorted(page.headers.keys())) != same:
                yield f"tells from {len(page.body)} bytes, not {same[0]}, that there is something"

    def foreign_marks(self, role: str, page: Page) -> set[str]:
        """Marks of what is nothing to a role, in a page, its headers or its file."""
        return self._foreign(role, readable(page.body) + str(page.headers).encode(), page.path)

    def told_by_mail(self, sender: str) -> Iterator[str]:
        """What is wrong with the mails that went out: marks of what is nothing to whoever gets one.

        Somebody without an account is told nothing that is not the sender's to tell.
        """
        mails, box = [], self.mailbox
        if box is not None:
            mails, box.mails = box.mails, []
        for mail in mails:
            reader = self.addresses.get(str(mail["To"]), sender)
            self.mailed.add(reader)
            parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
            read = "\n".join([*(f"{name}: {value}" for name, value in mail.items()), *parts]).encode()
            found = self._foreign(reader, read, "")
            # Whose access ends is told by whom, and the company may keep everybody out by then.
            found -= {mark for mark in found if reader.startswith("mentor") and mark.endswith("marke000")}
            yield from (f"has {mail['To']} told {mark} by mail" for mark in found)

    def _foreign(self, role: str, read: bytes, path: str) -> set[str]:
        strange = [marks for of, marks in (MARKS | CLUSTER_MARKS).items() if not relation(role, of)]
        found = {
            mark for word, first in strange for mark in Marks(word, first, self.world.marks_given).found_in(read)
        }  # fmt: skip
        # Administrators have to find a company by its name before they can say why they look at it.
        # A cluster knows its members by name, and an administrator who belongs to it.
        by_name = role.startswith(("administrator", "manager"))
        listed = role.startswith("administrator") and "/clusters/" in path
        named = {mark for mark in found if by_name and mark.endswith("marke000")}
        return found - named - {mark for mark in found if listed and mark.startswith(("Wigeonmarke", "Tealmarke"))}

    # -- the database

    def _watch(self) -> None:
        self.watch = driver.connect(self.site.database)
        self.version = self._version()

    def _version(self) -> int:
        return int(self.watch.execute("PRAGMA data_version").fetchone()[0])

    def changed(self) -> bool:
        """Whether any row but those of logs is another than before."""
        version = self._version()
        if version == self.version:
            return False
        self.version = version
        return self._rows() != self.pristine

    def what_changed(self) -> str:
        """The tables that are not as they were."""
        now, before = self._rows(), self.pristine
        return str(sorted(table for table in before if now[table] != before[table]))

    def new_rows(self) -> list[str]:
        """The rows that were not there before, as text."""
        now, before = self._rows(), self.pristine
        changed = (table for table in before if now[table] != before[table])
        return [f"{table}: {row}" for table in changed for row in {*now[table]} - {*before[table]}]

    def _rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table but the logs. As text they would take many times as long, and a look is frequent."""
        found = self.watch.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        tables = (name for (name,) in found if name not in LOGS)
        return {name: self.watch.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}

    def restore(self) -> None:
        """Everything as it was."""
        self.site.instance.database.close()
        self.watch.close()
        put_back(self.world.kept, self.site.database)
        self._watch()

    def close(self) -> None:
        """Let go of the file."""
        self.watch.close()
