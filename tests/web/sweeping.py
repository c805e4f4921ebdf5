"""A seeded sweep: bad input in every part of a request to every route, each answer judged by the same few rules.

Every input stands alone: its random numbers come from the seed and its number, and it meets the same finished check.
"""

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any
from urllib.parse import quote, urlsplit

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import Client, TestResponse

from assessment.content.folders import TEMPLATES
from assessment.storage.sqlite import driver
from tests.web import bad_input as bad
from tests.web.routes import ADDRESSES, DEMO_ONLY, Finished, effective
from tests.web.visiting import Page, copy_database

PATIENCE = 2.0
"""Seconds after which an answer counts as hanging."""
KINDS = ("choice", "multi", "number", "numbers")
"""Every kind of question that a company is asked."""
OFTEN = {
    ("POST", "/assessments/<draft_id>/sections/<section>/<page>"): 12,
    ("POST", "/assessments/<draft_id>/plan/<key>"): 4,
    ("POST", "/assessments/<draft_id>/plan-own"): 3,
    ("POST", "/resume"): 2,
    ("GET", "/catalogue"): 3,
    ("GET", "/assessments/<draft_id>/plan"): 2,
}
"""Where people type more, more is sent."""
COUNTED = ("limit_counters",)

LEAKS = re.compile(
    r'Traceback \(most recent|File "|sqlalchemy\.exc|sqlite3\.|site-packages|INSERT INTO|SELECT assessments|'
    + re.escape(str(TEMPLATES.parent))
)
LIVE = re.compile(rf"""<{bad.PROBE}|["'] on{bad.PROBE}=|<svg/on{bad.PROBE}|<script>{bad.PROBE}|{bad.PRODUCT}|"""
                  rf"""(?:href|src|action)=["']\s*javascript:|<Config """)  # fmt: skip


@dataclass(frozen=True)
class Attempt:
    """One request as it is sent, and what is bad about it."""

    what: str
    method: str
    path: str
    query: bytes = b""
    form: Sequence[tuple[str, str]] | None = None
    body: bytes | None = None
    environ: dict[str, str] = field(default_factory=dict)
    cookie: str | None = None

    def __str__(self) -> str:
        shown = f"{self.what}: {self.method} {self.path[:300]} ?{self.query[:300]!r}"
        return (
            f"{shown} form={self.form!r:.600} body={self.body!r:.300} {self.environ!r:.300} cookie={self.cookie!r:.99}"
        )


class Sweep:
    """Sends attempts at one finished check, which is put back after each that changed it."""

    clock = staticmethod(time.perf_counter)

    def __init__(self, check: Finished, seed: int, patience: float = PATIENCE, only: str = "") -> None:
        self.check, self.seed, self.patience = check, seed, patience
        self.site, self.owner, self.session = check.site, check.owner, check.owner.session
        self.plain = Client(self.site.app, use_cookies=False)
        once = [
            (rule, method) for rule in self.site.app.url_map.iter_rules() for method in ("GET", "POST")
            if method in (rule.methods or ()) and only in ("", rule.rule)
        ]  # fmt: skip
        often = [pair for pair in once for _ in range(OFTEN.get((pair[1], pair[0].rule), 1))]
        self.rules = sorted(often, key=lambda pair: (pair[0].rule, pair[1]))
        self.effective: dict[str, dict[str, str]] = {}
        self.forms: dict[str, list[tuple[str, MultiDict[str, str]]]] = {}
        self.queries: set[str] = {"next", "from", "notice", "lang", "page", "q", "all"}
        if not only:
            self._walk()
        # What our own list of addresses does not have is a view that a test has added.
        known = {rule.rule for rule, _ in self.rules} & {*ADDRESSES["GET"], *ADDRESSES["POST"]} - {*DEMO_ONLY}
        self.good = {template: check.address(template) for template in known}
        self.kept = self.site.database.with_suffix(".kept")
        self._close()
        copy_database(self.site.database, self.kept)
        self.pristine = self.site.dump(without=COUNTED)
        self.watch = driver.connect(self.site.database)
        self.seen_version = self._version()
        self.reached: set[tuple[str, str]] = set()
        self.statuses: dict[int, int] = {}

    # -- what to send

    def _walk(self) -> None:
        """Collect every form and every name in a query, as they stand on the real pages."""
        questions = self.site.instance.library.edition(*self.site.instance.library.newest, "en").questionnaire.questions
        opened = self.owner.get(self.owner.hub + "/check").links()
        pages: dict[str, str] = {}
        for link in opened:
            found = re.search(r"/sections/[^/]+/([^/?]+)", link)
            if found and found[1] in questions:
                pages.setdefault(questions[found[1]].kind, link.partition("?")[0])
        # Of a company's pages, which nobody without an account can see, the addresses alone are tried.
        fillable = {*self.check.parts, "key"}
        plain = sorted({rule.rule for rule, method in self.rules if method == "GET" and rule.arguments <= fillable})
        for path in [*map(self.check.address, plain), *pages.values()]:
            page = Page(self.owner.client.get(path, base_url=self.site.address))
            if not page.is_html or page.status != 200:
                continue
            self.queries.update(name for link in page.links() for name in re.findall(r"[?&]([a-z_]+)=", link))
            for form in page.forms():
                if form.method.lower() == "get":
                    self.queries.update(form.fields.keys())
                    continue
                endpoint = self._endpoint(form.action)
                self.forms.setdefault(endpoint, []).append((urlsplit(form.action).path, form.fields))
        assert set(pages) == set(KINDS), pages

    def _endpoint(self, path: str) -> str:
        try:
            endpoint, _ = self.site.app.url_map.bind("localhost").match(urlsplit(path).path, method="POST")
        except HTTPException as error:
            raise AssertionError(f"a form is sent to {path}, which takes none") from error
        return str(endpoint)

    def attempt(self, number: int) -> tuple[Rule, Attempt]:
        """The input of that number."""
        rule, method = self.rules[number % len(self.rules)]
        rng = Random(f"{self.seed}:{number}")  # noqa: S311
        if method == "POST" and rng.random() < 0.8:
            return rule, self._with_form(rng, rule)
        return rule, self._without_form(rng, rule, method)

    def _good(self, rule: Rule) -> str | None:
        return self.good.get(rule.rule)

    def _parts(self, rule: Rule) -> Mapping[str, str]:
        return self.check.parts

    def _path(self, rng: Random, rule: Rule, spoilt: bool) -> str:
        path = rule.rule
        good = self._good(rule)
        if not spoilt and good is not None:
            return good
        names = sorted(rule.arguments)
        bad_one = rng.choice(names) if names and spoilt else ""
        for name in names:
            part = f"<path:{name}>" if f"<path:{name}>" in path else f"<{name}>"
            value = self._parts(rule).get(name, "x")
            if name == bad_one:
                value = quote(self._value(rng), safe=rng.choice(["", "/", "/:@"]), errors="replace")
                value = rng.choice([value, value, rng.choice(bad.RAW).decode("latin-1")])
            path = path.replace(part, value)
        return path if names or not spoilt else path + rng.choice(["/", "//", "/%00", "/%FF", ".php", "/../", "%0d%0a"])

    def _without_form(self, rng: Random, rule: Rule, method: str) -> Attempt:
        what = rng.choice(["path", "path", "query", "query", "raw query", "header", "header", "cookie", "method"])
        path = self._path(rng, rule, spoilt=what == "path")
        sent = Attempt(what, method, path)
        match what:
            case "query":
                names = rng.choices(sorted(self.queries), k=rng.choice([1, 1, 2, 30]))
                pairs = [f"{quote(rng.choice([n, n, n, self._value(rng)[:200]]), errors='replace')}="
                         f"{quote(self._value(rng)[:20_000], errors='replace')}" for n in names]  # fmt: skip
                return replace(sent, query="&".join(pairs)[:60_000].encode())
            case "raw query":
                name = rng.choice(sorted(self.queries)).encode()
                return replace(sent, query=name + b"=" + rng.choice(bad.RAW) + b"&" + rng.choice(bad.RAW))
            case "header":
                value = self._value(rng).encode()[:100_000].decode("latin-1")
                return replace(sent, environ={rng.choice(bad.HEADERS): value})
            case "cookie":
                value = rng.choice([f"{self.owner.cookie}={self._value(rng)}", self._value(rng), "; " * 500,
                                    f"{self.owner.cookie}={self.session}; {self.owner.cookie}=x"])  # fmt: skip
                return replace(sent, cookie=value.encode().decode("latin-1"))
            case "method":
                return replace(sent, method=rng.choice(bad.METHODS))
        return sent

    def _with_form(self, rng: Random, rule: Rule) -> Attempt:
        path, fields = self._form(rng, rule)
        pairs = [(name, value) for name, value in fields.items(multi=True)]
        names = [name for name in dict.fromkeys(fields) if name != "csrf_token"] or ["x"]
        one, value = rng.choice(names), self._value(rng)
        what = rng.choice(["value", "value", "value", "all", "twice", "many", "without", "name", "part", "token", "raw",
                           "kind", "empty", "stale"])  # fmt: skip
        sent = Attempt(f"form, {what}", "POST", path)
        others = [(name, text) for name, text in pairs if name != one]
        match what:
            case "value":
                return replace(sent, form=[*others, (one, value)])
            case "all":
                return replace(sent, form=[(n, t if n == "csrf_token" else self._value(rng)[:5000]) for n, t in pairs])
            case "twice":
                return replace(sent, form=[*pairs, (one, value)])
            case "many":
                return replace(
                    sent, form=[*pairs, *((one, self._value(rng)[:200]) for _ in range(rng.choice([3, 60])))]
                )
            case "without":
                return replace(sent, form=others)
            case "name":
                return replace(sent, form=[*pairs, (value[:50_000], "1"), (one, dict(pairs).get(one, ""))])
            case "part":
                part = rng.choice([f"{one}.{value[:99]}", f"{one}[0]", f"{one}[a][b]", f"{one}.unit", f"{one}.note",
                                   f"{one}.marker", f"{one}.keep", f"{one}.revision", f"{one}.day"])  # fmt: skip
                return replace(sent, form=[*pairs, (part, value)])
            case "stale":
                old = [(n, "0" if n.endswith("revision") else "0-0" if n == "seen" else t) for n, t in pairs]
                return replace(
                    sent, form=[(n, value if n in (one, f"{one.partition('.')[0]}.note") else t) for n, t in old]
                )
            case "token":
                return replace(sent, form=[(n, t) for n, t in pairs if n != "csrf_token"] + [("csrf_token", value)])
            case "raw":
                token = quote(fields.get("csrf_token", "")).encode()
                body = b"csrf_token=" + token + b"&" + quote(one).encode() + b"=" + rng.choice(bad.RAW)
                return replace(sent, body=body, environ={"CONTENT_TYPE": "application/x-www-form-urlencoded"})
            case "kind":
                kind = rng.choice(bad.KINDS_OF_FORM)
                body = rng.choice([json.dumps(dict(pairs)).encode(), b"--x\r\n\r\n", rng.choice(bad.RAW), b"\0" * 9999])
                return replace(sent, body=body, environ={"CONTENT_TYPE": kind})
        return replace(sent, form=[(name, "" if name != "csrf_token" else text) for name, text in pairs])

    def _form(self, rng: Random, rule: Rule) -> tuple[str, MultiDict[str, str]]:
        found = self.forms.get(str(rule.endpoint))
        if found and rng.random() < 0.9:
            return rng.choice(found)
        return self._path(rng, rule, spoilt=bool(found)), MultiDict(self._effective(rule.rule))

    def _effective(self, address: str) -> dict[str, str]:
        if address not in self.effective:
            self.owner.session = self.session
            self.effective[address] = {**effective(self.check, address), "csrf_token": self.owner.token()}
        return self.effective[address]

    @staticmethod
    def _value(rng: Random) -> str:
        return rng.choice(bad.LONG) if rng.random() < 0.05 else rng.choice(bad.SHORT)

    # -- sending and judging

    def faults(self, number: int) -> list[str]:
        """Send the input of that number; what is wrong with the answer, in words."""
        rule, sent = self.attempt(number)
        started = self.clock()
        page = self._send(sent)
        took = self.clock() - started
        self.reached.add((rule.rule, "POST" if sent.method == "POST" else "GET"))
        self.statuses[page.status] = self.statuses.get(page.status, 0) + 1
        found = list(_faults_of(page, self.site.address))
        if took > self.patience:
            self._restore()
            again = self.clock()
            self._send(sent)
            # A busy machine can stop anybody once.
            if self.clock() - again > self.patience:
                found.append(f"took {took:.1f} s")
        changed = self._changed()
        if changed and (page.status >= 400 or sent.method != "POST"):
            found.append(f"changed rows and answered {page.status}")
        if page.status in (302, 303) or changed:
            found += self._afterwards(page, with_data=changed and number % 3 == 0)
        if changed or self._changed():
            self._restore()
        return [f"seed {self.seed}, input {number}: {fault} after {sent}" for fault in found]

    def _send(self, sent: Attempt) -> Page:
        self.owner.session = self.session
        client: Client = self.owner.client if sent.cookie is None else self.plain
        environ: dict[str, Any] = {"QUERY_STRING": sent.query.decode("latin-1"), **sent.environ}
        if sent.cookie is not None:
            environ["HTTP_COOKIE"] = sent.cookie
        data: Any = sent.body if sent.form is None else _encoded(sent.form)
        if sent.form is not None:
            environ.setdefault("CONTENT_TYPE", "application/x-www-form-urlencoded")
        if data is not None:
            environ.setdefault("CONTENT_LENGTH", str(len(data)))
        answer: TestResponse = client.open(
            sent.path, method=sent.method, base_url=self.site.address, data=data, environ_overrides=environ
        )  # fmt: skip
        return Page(answer)

    def _afterwards(self, page: Page, with_data: bool) -> Iterator[str]:
        """What the accepted input has become must be as harmless on the next page and in the file to take out."""
        there = urlsplit(page.location)
        if page.location:
            after = Page(self.owner.client.get(there.path, base_url=self.site.address, query_string=there.query))
            yield from (f"on the next page: {fault}" for fault in _faults_of(after, self.site.address))
        if not with_data:
            return
        data = self.owner.client.get(self.owner.hub + "/data.json", base_url=self.site.address)
        if data.status_code == 200:
            json.loads(data.data, parse_constant=_no_number)
        elif data.status_code not in (303, 404):
            yield f"the data to take out answer {data.status_code}"
        data.close()

    def _version(self) -> int:
        """A number that changes when anybody commits anything."""
        return int(self.watch.execute("PRAGMA data_version").fetchone()[0])

    def _changed(self) -> bool:
        version = self._version()
        if version == self.seen_version:
            return False
        self.seen_version = version
        return self.site.dump(without=COUNTED) != self.pristine

    def _close(self) -> None:
        self.site.instance.database.close()

    def _restore(self) -> None:
        self._close()
        self.watch.close()
        copy_database(self.kept, self.site.database)
        self.watch = driver.connect(self.site.database)
        self.seen_version = self._version()

    def run(self, numbers: range) -> list[str]:
        """Send many; stops after ten faults."""
        found: list[str] = []
        for number in numbers:
            found += self.faults(number)
            if len(found) >= 10:
                break
        self._end()
        return found

    def _end(self) -> None:
        self.watch.close()


def _encoded(form: Sequence[tuple[str, str]]) -> bytes:
    return "&".join(f"{quote(name, errors='replace')}={quote(text, errors='replace')}" for name, text in form).encode()


def _no_number(name: str) -> None:
    raise ValueError(f"{name} was stored")


def _faults_of(page: Page, address: str) -> Iterator[str]:
    if page.status >= 500:
        yield f"status {page.status}"
    text = page.body.decode("utf-8", "replace")
    leak = LEAKS.search(text)
    if leak:
        yield f"shows {leak[0]!r}"
    live = LIVE.search(text) if page.is_html else None
    if live:
        yield f"sends back {live[0]!r} as it came"
    if any(bad.PROBE in name.lower() for name, _ in page.headers) or f"{bad.PROBE}=" in str(
        page.headers.getlist("Set-Cookie")
    ):
        yield "was made to send a header"
    leads = page.location
    if leads and not (leads.startswith(address) or (leads.startswith("/") and not leads.startswith(("//", "/\\")))):
        yield f"leads away to {leads[:80]!r}"
