"""Settings of one running instance, read once from the environment and checked as a whole.

A leaf: it imports nothing of ours. `Settings.from_env` is called by the application factory and the
command line alone. Every mistake is collected, so that an operator corrects them in one go.
"""

import hmac
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

Mode = Literal["production", "demo", "test"]
Jobs = Literal["worker", "inline"]

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
SHORTEST_SECRET: Final = 32
_SAMPLE_WORDS: Final = (
    "change",
    "replace",
    "example",
    "sample",
    "secret",
    "password",
    "default",
    "insert",
    "your-",
)
_RATE: Final = re.compile(r"[1-9]\d{0,6} per (?:[1-9]\d{0,3} )?(?:second|minute|hour|day)")
_HOST: Final = re.compile(r"\.?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[?[0-9A-Fa-f:]+\]?")
_GENERATE: Final = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


class ConfigurationError(Exception):
    """The instance cannot start as it is configured; `problems` says everything that is wrong."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class RateLimits:
    """How often one address (or, for what ends in `_in_all`, everybody together) may do what costs or guesses."""

    enabled: bool = True
    start: str = "30 per hour"
    resume: str = "10 per hour"
    resume_in_all: str = "1000 per hour"
    report: str = "20 per hour"
    suggest: str = "10 per hour"
    suggest_in_all: str = "300 per day"
    sign_in: str = "10 per 5 minute"
    sign_in_in_all: str = "1000 per 5 minute"
    code: str = "5 per 5 minute"
    mail: str = "20 per hour"
    attach: str = "100 per hour"


@dataclass(frozen=True, slots=True)
class Periods:
    """How many days what is kept that has to do with people; the drafts' own periods stand beside."""

    undo: int = 7
    """How long a deleted company or account can be taken back."""
    account: int = 730
    """How long an account is kept that nobody uses."""
    session: int = 30
    token: int = 30
    """How long a link is kept after it ended or was left unused."""
    audit: int = 730
    backup: int = 35
    """How long the operator keeps backups; said to those whose data it is."""
    invitation: int = 30
    """How long the address of somebody whom a cluster invited is kept after its campaign's last mail."""


@dataclass(frozen=True, slots=True)
class EvidenceLimits:
    """How large one document is, how many belong to an answer, how much a company keeps of them in all."""

    file_mib: int = 10
    per_answer: int = 5
    company_mib: int = 200


@dataclass(frozen=True, slots=True)
class Hashing:
    """What hashing one password takes. The defaults are the least that OWASP advises, and no less is taken."""

    memory_mib: int = 19
    passes: int = 2


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator decides; see `from_env` for the names and the defaults."""

    mode: Mode
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    code_key: str = field(repr=False)
    data_dir: Path
    host: str
    port: int
    base_url: str
    operator_name: str
    operator_contact: str
    questionnaires: Path | None
    catalogue: Path | None
    jobs: Jobs
    draft_days: int
    finished_days: int
    periods: Periods
    evidence: EvidenceLimits
    hashing: Hashing
    campaign_mails: int
    """How many mails of campaigns go out in an hour, all clusters together, so that no carrier takes it for a flood."""
    trusted_hosts: tuple[str, ...]
    proxy_hops: int
    ratelimits: RateLimits
    sqlite_wal_trusted: bool
    smtp_url: str = field(repr=False)
    mail_from: str

    @property
    def secure(self) -> bool:
        """Whether visitors come by https: secure cookies, and headers that insist on it."""
        return self.base_url.startswith("https://")

    @property
    def is_local_demo(self) -> bool:
        """Whether this is a demo that nobody but this computer reaches."""
        visited = urlsplit(self.base_url).hostname or ""
        return self.mode == "demo" and self.host in LOOPBACK and visited in LOOPBACK

    @property
    def audit_key(self) -> bytes:
        """What marks the rows of the audit log; it follows from the code key, so there is one secret less to keep."""
        return hmac.digest(self.code_key.encode(), b"audit log", "sha256")

    @property
    def erasure_key(self) -> bytes:
        """Under what the list of what was erased names it."""
        return hmac.digest(self.code_key.encode(), b"erasure list", "sha256")

    @property
    def ledger_key(self) -> bytes:
        """Under what the ledgers of released figures name companies and results."""
        return hmac.digest(self.code_key.encode(), b"ledgers of releases", "sha256")

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Settings from the environment.

        Raises ConfigurationError with all problems at once. In demo mode the first call makes the data
        folder's secrets; otherwise nothing is written.
        """
        return _Reader(environ).settings()


class _Reader:
    """One reading of the environment, gathering problems as it goes."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._problems: list[str] = []

    def settings(self) -> Settings:
        mode = self._mode()
        data_dir = Path(self._text("ASSESSMENT_DATA", ".data")).absolute()
        host = self._text("ASSESSMENT_HOST", "127.0.0.1")
        if mode == "demo" and host not in LOOPBACK:
            self._problems.append(
                f"ASSESSMENT_HOST is {host!r}, but demo mode answers on this machine only: use 127.0.0.1, "
                "or set ASSESSMENT_MODE=production with its secrets."
            )
        port = self._whole("PORT", 8000, 1, 65535)
        base_url = self._base_url(mode, host, port)
        database_url = self._database_url(data_dir)
        wal_trusted = self._one_of("ASSESSMENT_SQLITE_WAL", "", ("", "trusted")) == "trusted"
        name, contact = self._operator(mode)
        smtp_url, mail_from = self._mail()
        settings = {
            "questionnaires": self._folder("ASSESSMENT_QUESTIONNAIRES"),
            "catalogue": self._folder("ASSESSMENT_CATALOGUE"),
            "redis_url": self._redis_url(),
            "jobs": self._one_of("ASSESSMENT_JOBS", "worker", ("worker", "inline")),
            "draft_days": self._whole("ASSESSMENT_DRAFT_DAYS", 30, 1, 3650),
            "finished_days": self._whole("ASSESSMENT_FINISHED_DAYS", 395, 1, 3650),
            "periods": Periods(
                undo=self._whole("ASSESSMENT_UNDO_DAYS", 7, 1, 30),
                account=self._whole("ASSESSMENT_ACCOUNT_DAYS", 730, 90, 3650),
                session=self._whole("ASSESSMENT_SESSION_DAYS", 30, 1, 400),
                token=self._whole("ASSESSMENT_TOKEN_DAYS", 30, 1, 400),
                audit=self._whole("ASSESSMENT_AUDIT_DAYS", 730, 30, 3650),
                backup=self._whole("ASSESSMENT_BACKUP_DAYS", 35, 1, 400),
                invitation=self._whole("ASSESSMENT_INVITATION_DAYS", 30, 1, 400),
            ),
            "evidence": EvidenceLimits(
                file_mib=self._whole("ASSESSMENT_EVIDENCE_FILE_MIB", 10, 1, 50),
                per_answer=self._whole("ASSESSMENT_EVIDENCE_PER_ANSWER", 5, 1, 50),
                company_mib=self._whole("ASSESSMENT_EVIDENCE_COMPANY_MIB", 200, 1, 100_000),
            ),
            "hashing": Hashing(
                memory_mib=self._whole("ASSESSMENT_HASH_MIB", 19, 19, 1024),
                passes=self._whole("ASSESSMENT_HASH_PASSES", 2, 2, 20),
            ),
            "trusted_hosts": self._trusted_hosts(base_url),
            "campaign_mails": self._whole("ASSESSMENT_CAMPAIGN_MAILS", 500, 1, 60_000),
            "proxy_hops": self._whole("ASSESSMENT_PROXY_HOPS", 0, 0, 5),
            "ratelimits": self._ratelimits(mode),
        }
        secret_key, code_key = self._secrets(mode, data_dir)
        if self._problems:
            raise ConfigurationError(*self._problems)
        return Settings(
            mode=mode,
            database_url=database_url,
            secret_key=secret_key,
            code_key=code_key,
            data_dir=data_dir,
            host=host,
            port=port,
            base_url=base_url,
            operator_name=name,
            operator_contact=contact,
            sqlite_wal_trusted=wal_trusted,
            smtp_url=smtp_url,
            mail_from=mail_from,
            **settings,  # type: ignore[arg-type]
        )

    # -- single values

    def _text(self, name: str, default: str) -> str:
        return self._environ.get(name, "").strip() or default

    def _one_of(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = self._text(name, default)
        if value in allowed:
            return value
        listed = " or ".join(choice for choice in allowed if choice)
        self._problems.append(f"{name} is {value!r}; it can be {listed}.")
        return default

    def _whole(self, name: str, default: int, lowest: int, highest: int) -> int:
        typed = self._text(name, str(default))
        if re.fullmatch(r"[0-9]{1,9}", typed) and lowest <= int(typed) <= highest:
            return int(typed)
        self._problems.append(f"{name} is {typed!r}; it must be a whole number from {lowest} to {highest}.")
        return default

    def _folder(self, name: str) -> Path | None:
        typed = self._text(name, "")
        if typed and not Path(typed).is_dir():
            self._problems.append(f"{name} is {typed!r}, and there is no such folder.")
        return Path(typed).absolute() if typed else None

    # -- values that hang together

    def _mode(self) -> Mode:
        match self._one_of("ASSESSMENT_MODE", "production", ("production", "demo", "test")):
            case "demo":
                return "demo"
            case "test":
                return "test"
            case _:
                return "production"

    def _base_url(self, mode: Mode, host: str, port: int) -> str:
        bracketed = f"[{host}]" if ":" in host else host
        url = self._text("ASSESSMENT_BASE_URL", "" if mode == "production" else f"http://{bracketed}:{port}")
        example = "such as https://check.example.org"
        if not url:
            self._problems.append(f"ASSESSMENT_BASE_URL is not set. Set the address visitors use, {example}.")
            return ""
        try:
            parts = urlsplit(url)
            formed = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            formed = False
        if not formed or parts.query or parts.fragment or parts.username is not None or parts.path not in {"", "/"}:
            self._problems.append(f"ASSESSMENT_BASE_URL is {url!r}; it must be scheme and host alone, {example}.")
        elif mode == "production" and parts.scheme != "https":
            self._problems.append(f"ASSESSMENT_BASE_URL is {url!r}; in production it must start with https://.")
        return url.rstrip("/")

    def _database_url(self, data_dir: Path) -> str:
        url = self._text("DATABASE_URL", f"sqlite:///{data_dir / 'assessment.sqlite3'}")
        scheme = url.partition("://")[0]
        if scheme not in {"sqlite", "postgresql", "postgres", "postgresql+psycopg"} or "://" not in url:
            self._problems.append(
                "DATABASE_URL must start with sqlite:/// (and the path of a file) or postgresql:// "
                f"(user, host and database); it starts with {scheme.partition(':')[0]!r}."
            )
        elif scheme == "sqlite" and url.removeprefix("sqlite://") in {"", "/", "/:memory:"}:
            self._problems.append("DATABASE_URL must name a file after sqlite:///; one in memory would not be kept.")
        return url

    def _redis_url(self) -> str:
        url = self._text("ASSESSMENT_REDIS_URL", "")
        if url and url.partition("://")[0] not in {"redis", "rediss"}:
            self._problems.append(
                "ASSESSMENT_REDIS_URL must start with redis:// or rediss://; leave it out for no Redis."
            )
        return url

    def _mail(self) -> tuple[str, str]:
        url, sender = self._text("ASSESSMENT_SMTP_URL", ""), self._text("ASSESSMENT_MAIL_FROM", "")
        if not url:
            return "", sender
        try:
            parts = urlsplit(url)
            formed = parts.scheme in {"smtp", "smtps", "smtp+starttls"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            formed = False
        # Never with its value: it holds a password.
        if not formed or parts.path not in {"", "/"}:
            self._problems.append(
                "ASSESSMENT_SMTP_URL must look like smtp+starttls://user:password@mail.example.org:587 "
                "(or smtps://, or smtp:// without a password)."
            )
        elif parts.scheme == "smtp" and parts.password:
            self._problems.append("ASSESSMENT_SMTP_URL sends a password unprotected; use smtp+starttls:// or smtps://.")
        if "@" not in sender or re.search(r"[\x00-\x1f\x7f\u2028\u2029]", sender):
            self._problems.append(
                "ASSESSMENT_MAIL_FROM is not set. Set who mail comes from, such as Green Pathways <check@example.org>."
            )
        return url, sender

    def _operator(self, mode: Mode) -> tuple[str, str]:
        names = {"NAME": "Who runs this instance, shown to visitors", "CONTACT": "How visitors reach them"}
        values = []
        for name, what in names.items():
            value = self._text(f"ASSESSMENT_OPERATOR_{name}", "")
            if mode == "production" and not value:
                self._problems.append(f"ASSESSMENT_OPERATOR_{name} is not set. {what}; the privacy page needs it.")
            values.append(value)
        return values[0], values[1]

    def _trusted_hosts(self, base_url: str) -> tuple[str, ...]:
        typed = self._text("ASSESSMENT_TRUSTED_HOSTS", "")
        hosts = tuple(host.strip() for host in typed.split(",") if host.strip())
        for host in hosts:
            if not _HOST.fullmatch(host):
                self._problems.append(f"ASSESSMENT_TRUSTED_HOSTS names {host!r}, which is not a host name.")
        if hosts:
            return hosts
        own = re.sub(r":\d+$", "", base_url.removeprefix("https://").removeprefix("http://").partition("/")[0])
        return tuple(dict.fromkeys((own, *sorted(LOOPBACK)))) if own.strip("[]") in LOOPBACK else (own,)

    def _ratelimits(self, mode: Mode) -> RateLimits:
        standard = RateLimits()
        enabled = self._one_of("ASSESSMENT_RATELIMIT", "on", ("on", "off")) == "on"
        if mode == "production" and not enabled:
            self._problems.append("ASSESSMENT_RATELIMIT is off; in production the limits stay on.")
        return RateLimits(
            enabled,
            self._rate("START", standard.start),
            self._rate("RESUME", standard.resume),
            self._rate("RESUME_IN_ALL", standard.resume_in_all),
            self._rate("REPORT", standard.report),
            self._rate("SUGGEST", standard.suggest),
            self._rate("SUGGEST_IN_ALL", standard.suggest_in_all),
            self._rate("SIGN_IN", standard.sign_in),
            self._rate("SIGN_IN_IN_ALL", standard.sign_in_in_all),
            self._rate("CODE", standard.code),
            self._rate("MAIL", standard.mail),
            self._rate("ATTACH", standard.attach),
        )

    def _rate(self, name: str, default: str) -> str:
        value = self._text(f"ASSESSMENT_RATELIMIT_{name}", default)
        if not _RATE.fullmatch(value):
            self._problems.append(
                f"ASSESSMENT_RATELIMIT_{name} is {value!r}; write it as '10 per hour' (second, minute, hour, day)."
            )
        return value

    # -- secrets

    def _secrets(self, mode: Mode, data_dir: Path) -> tuple[str, str]:
        # A start that is refused anyway leaves nothing behind.
        made = _not_made_yet if mode == "demo" and self._problems else _MADE_BY_MODE[mode]
        secret_key = self._secret("ASSESSMENT_SECRET_KEY", lambda: made(data_dir, "secret_key"))
        code_key = self._secret("ASSESSMENT_CODE_KEY", lambda: made(data_dir, "code_key"))
        if secret_key and secret_key == code_key:
            self._problems.append("ASSESSMENT_SECRET_KEY and ASSESSMENT_CODE_KEY are the same; make two.")
        return secret_key, code_key

    def _secret(self, name: str, make: Callable[[], str]) -> str:
        value, given_in = self._given_secret(name)
        if not given_in:
            try:
                value = make()
            except OSError as error:
                self._problems.append(f"{name} could not be kept in the data folder: {error}.")
                return ""
            if not value:
                self._problems.append(f"{name} is not set (nor {name}_FILE). Make one with: {_GENERATE}")
            return value
        if value and (flaw := _flaw_of_secret(value)):
            self._problems.append(f"{given_in} {flaw}. Make one with: {_GENERATE}")
        return value

    def _given_secret(self, name: str) -> tuple[str, str]:
        """The secret and the variable it came from; both empty where none was given."""
        direct, path = self._text(name, ""), self._text(f"{name}_FILE", "")
        if direct and path:
            self._problems.append(f"{name} and {name}_FILE are both set; keep one.")
        if direct or not path:
            return direct, name if direct else ""
        try:
            value = Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self._problems.append(f"{name}_FILE cannot be read: {error}.")
            return "", f"{name}_FILE"
        if not value:
            self._problems.append(f"{name}_FILE is an empty file. Make one with: {_GENERATE}")
        return value, f"{name}_FILE"


def _flaw_of_secret(value: str) -> str:
    if len(value) < SHORTEST_SECRET:
        return f"is {len(value)} characters long; it must have at least {SHORTEST_SECRET}"
    if len(set(value)) < 10 or any(word in value.lower() for word in _SAMPLE_WORDS):
        return "looks like a sample value; it must be random"
    return ""


def _not_made(_data_dir: Path, _name: str) -> str:
    return ""


def _not_made_yet(_data_dir: Path, name: str) -> str:
    return f"(the {name} of a demo that does not start)"


def _made_for_once(_data_dir: Path, _name: str) -> str:
    return secrets.token_urlsafe(48)


def _made_and_kept(data_dir: Path, name: str) -> str:
    """The secret in the data folder, made at the first start. Two processes starting at once agree on one."""
    folder = data_dir / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = folder / name
    if not kept.exists():
        draft = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            # A link appears whole and never replaces what another process has put there first.
            os.link(draft, kept)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return kept.read_text("utf-8").strip()


_MADE_BY_MODE: Final[Mapping[Mode, Callable[[Path, str], str]]] = {
    "production": _not_made,
    "demo": _made_and_kept,
    "test": _made_for_once,
}
