"""Settings: what an operator gets wrong is said, all at once, with the cure."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assessment.config import ConfigurationError, RateLimits, Settings

GOOD = {
    "ASSESSMENT_SECRET_KEY": "fXq3vB9sT2mLkW7zRc4HnY8pJd6GaUe1",
    "ASSESSMENT_CODE_KEY": "Zk5Wb8RtNq2LxV7cMj9HyD4sPf3GaTe6",
    "ASSESSMENT_BASE_URL": "https://check.example.org",
    "ASSESSMENT_OPERATOR_NAME": "Chamber of Crafts",
    "ASSESSMENT_OPERATOR_CONTACT": "help@example.org",
}


def problems(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_env(environ)
    return caught.value.problems


def test_production_is_the_mode_unless_another_is_set() -> None:
    settings = Settings.from_env(GOOD)
    assert settings.mode == "production"
    assert settings.secure
    assert settings.trusted_hosts == ("check.example.org",)
    assert (settings.draft_days, settings.finished_days) == (30, 395)
    assert settings.ratelimits == RateLimits()
    assert settings.database_url == f"sqlite:///{Path('.data').absolute() / 'assessment.sqlite3'}"


def test_production_without_anything_says_everything_that_is_missing() -> None:
    said = "\n".join(problems({}))
    for name in GOOD:
        assert f"{name} is not set" in said
    assert "token_urlsafe" in said


@pytest.mark.parametrize(
    "value",
    ["short", "x" * 64, "change-me-change-me-change-me-1234567890", "my-very-Secret-key-for-production-0815"],
)
def test_a_short_or_sample_secret_is_refused_and_never_shown(value: str) -> None:
    (problem,) = problems({**GOOD, "ASSESSMENT_SECRET_KEY": value})
    assert problem.startswith("ASSESSMENT_SECRET_KEY")
    assert "token_urlsafe" in problem
    assert value not in problem


def test_one_secret_for_both_uses_is_refused() -> None:
    (problem,) = problems({**GOOD, "ASSESSMENT_CODE_KEY": GOOD["ASSESSMENT_SECRET_KEY"]})
    assert "the same" in problem


def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(GOOD["ASSESSMENT_SECRET_KEY"] + "\n")
    environ = {**GOOD, "ASSESSMENT_SECRET_KEY_FILE": str(file)}
    del environ["ASSESSMENT_SECRET_KEY"]
    assert Settings.from_env(environ).secret_key == GOOD["ASSESSMENT_SECRET_KEY"]
    file.write_text("short")
    assert problems(environ)[0].startswith("ASSESSMENT_SECRET_KEY_FILE is 5 characters")
    file.write_text("")
    assert "empty file" in problems(environ)[0]
    file.unlink()
    assert "cannot be read" in problems(environ)[0]


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    (problem,) = problems({**GOOD, "ASSESSMENT_CODE_KEY_FILE": str(tmp_path / "key")})
    assert "both set" in problem


def test_secrets_and_the_databases_password_are_not_in_the_printed_settings() -> None:
    environ = {**GOOD, "DATABASE_URL": "postgresql://user:hunter2@localhost/db"}
    printed = repr(Settings.from_env(environ))
    assert "hunter2" not in printed
    assert GOOD["ASSESSMENT_SECRET_KEY"] not in printed
    assert GOOD["ASSESSMENT_CODE_KEY"] not in printed


def test_a_demo_makes_its_secrets_once_and_keeps_them_to_itself(tmp_path: Path) -> None:
    environ = {"ASSESSMENT_MODE": "demo", "ASSESSMENT_DATA": str(tmp_path / "data")}
    first = Settings.from_env(environ)
    assert Settings.from_env(environ) == first
    assert len(first.secret_key) >= 32
    assert first.secret_key != first.code_key
    assert not first.secure
    folder = tmp_path / "data" / "secrets"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    kept = sorted(folder.iterdir())
    assert [path.name for path in kept] == ["code_key", "secret_key"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}


def test_demos_starting_at_once_agree_on_their_secrets(tmp_path: Path) -> None:
    environ = {"ASSESSMENT_MODE": "demo", "ASSESSMENT_DATA": str(tmp_path)}
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _number: Settings.from_env(environ).secret_key, range(16)))
    assert len(set(made)) == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])  # noqa: S104
def test_a_demo_answers_on_this_machine_only(tmp_path: Path, host: str) -> None:
    environ = {"ASSESSMENT_MODE": "demo", "ASSESSMENT_DATA": str(tmp_path), "ASSESSMENT_HOST": host}
    assert "this machine only" in problems(environ)[0]
    assert not (tmp_path / "secrets").exists()


def test_a_test_instance_writes_nothing_and_has_secrets_of_its_own(tmp_path: Path) -> None:
    environ = {"ASSESSMENT_MODE": "test", "ASSESSMENT_DATA": str(tmp_path)}
    assert Settings.from_env(environ).secret_key != Settings.from_env(environ).secret_key
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ASSESSMENT_MODE", "debug"),
        ("PORT", "0"),
        ("PORT", "eighty"),
        ("PORT", "٨٠"),
        ("ASSESSMENT_BASE_URL", "check.example.org"),
        ("ASSESSMENT_BASE_URL", "http://check.example.org"),
        ("ASSESSMENT_BASE_URL", "https://check.example.org/sub/folder"),
        ("ASSESSMENT_BASE_URL", "https://user@check.example.org"),
        ("ASSESSMENT_BASE_URL", "https://[nonsense"),
        ("ASSESSMENT_JOBS", "later"),
        ("ASSESSMENT_DRAFT_DAYS", "-1"),
        ("ASSESSMENT_FINISHED_DAYS", "13 months"),
        ("ASSESSMENT_PROXY_HOPS", "9"),
        ("ASSESSMENT_QUESTIONNAIRES", "/no/such/folder"),
        ("ASSESSMENT_SQLITE_WAL", "yes"),
        ("ASSESSMENT_RATELIMIT", "off"),
        ("ASSESSMENT_RATELIMIT_START", "often"),
        ("ASSESSMENT_RATELIMIT_RESUME", "0 per hour"),
        ("ASSESSMENT_TRUSTED_HOSTS", "good.example.org, bad host"),
        ("DATABASE_URL", "mysql://localhost/db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "somewhere"),
    ],
)
def test_a_value_of_the_wrong_form_is_one_clear_problem(name: str, value: str) -> None:
    (problem,) = problems({**GOOD, name: value})
    assert name in problem


def test_a_wrong_address_of_a_database_is_told_without_its_password() -> None:
    (problem,) = problems({**GOOD, "DATABASE_URL": "mysql://user:hunter2@localhost/db"})
    assert "hunter2" not in problem


def test_all_problems_come_at_once() -> None:
    said = problems({**GOOD, "PORT": "x", "ASSESSMENT_JOBS": "x", "ASSESSMENT_CODE_KEY": "x", "DATABASE_URL": "x"})
    assert len(said) == 4


def test_hosts_can_be_listed_and_a_demo_trusts_the_names_of_this_machine(tmp_path: Path) -> None:
    listed = Settings.from_env({**GOOD, "ASSESSMENT_TRUSTED_HOSTS": "a.example.org, .b.example.org"})
    assert listed.trusted_hosts == ("a.example.org", ".b.example.org")
    demo = Settings.from_env({"ASSESSMENT_MODE": "demo", "ASSESSMENT_DATA": str(tmp_path), "PORT": "8123"})
    assert demo.base_url == "http://127.0.0.1:8123"
    assert set(demo.trusted_hosts) >= {"127.0.0.1", "localhost"}
