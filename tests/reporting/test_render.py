"""What the PDF engine may do, and what ends it: OUT-03 (nothing foreign is fetched) and OUT-04 (bombs end)."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import weasyprint  # type: ignore[import-untyped]
from weasyprint.urls import FatalURLFetchingError  # type: ignore[import-untyped]

from assessment.reporting import pdf, preloaded, render
from assessment.reporting.pdf import RenderFailed, render_pdf

REPORT = "action-plan"
SECRET = "the-secret-of-the-house"
HOST = "http://127.0.0.1:9/x.png"

_watched: set[str] = set()
_opened: list[str] = []


def _note_opened(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _watched and str(arguments[0]) in _watched:
        _opened.append(str(arguments[0]))


sys.addaudithook(_note_opened)


@pytest.fixture
def secret(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "secret.svg"
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>{SECRET}</text></svg>')
    _watched.add(str(path))
    _opened.clear()
    yield path
    _watched.clear()


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every attempt to reach the network; none succeeds."""
    attempts: list[object] = []

    def refuse(*arguments: object, **_: object) -> None:
        attempts.append(arguments)
        raise OSError("no network in tests")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return attempts


def page_of(body: str = "", head: str = "") -> str:
    return f'<html lang="en"><head><title>x</title>{head}</head><body><p>hello</p>{body}</body></html>'


def drawn(part: str) -> str:
    return page_of(f'<svg width="9" height="9"><title>x</title>{part}</svg>')


def styled(css: str) -> str:
    return page_of('<p class="x">x</p><ul><li class="y">y</li></ul>', f"<style>{css}</style>")


PAYLOADS = {
    "picture from a file": page_of('<img alt="x" src="{file}">'),
    "picture from the network": page_of(f'<img alt="x" src="{HOST}">'),
    "picture by a host name": page_of('<img alt="x" src="https://localtest.example/x.png">'),
    "picture by ftp": page_of('<img alt="x" src="ftp://127.0.0.1/x.png">'),
    "picture without a scheme": page_of('<img alt="x" src="//127.0.0.1:9/x.png">'),
    "relative picture": page_of('<img alt="x" src="secret.svg">'),
    "picture under another base": page_of('<img alt="x" src="secret.svg">', '<base href="{folder}/">'),
    "picture with data": page_of('<img alt="x" src="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E">'),
    "drawing in data that holds a file": page_of(
        "<img alt=\"x\" src=\"data:image/svg+xml,"
        "<svg xmlns='http://www.w3.org/2000/svg'><image href='{file}'/></svg>\">"
    ),
    "style sheet": page_of(head='<link rel="stylesheet" href="{file}">'),
    "imported style sheet": styled('@import "{file}";'),
    "font": styled('@font-face {{ font-family: z; src: url("{file}") }} p {{ font-family: z }}'),
    "colour profile": styled('@color-profile --x {{ src: url("{file}") }} p {{ color: color(--x 1 1 1) }}'),
    "attachment in the head": page_of(head='<link rel="attachment" href="{file}">'),
    "attachment by a link": page_of('<a rel="attachment" href="{file}">x</a>'),
    "object": page_of('<object data="{file}">x</object>'),
    "embed": page_of('<embed src="{file}">'),
    "picture in a drawing": drawn('<image href="{file}" width="9" height="9"/>'),
    "use in a drawing": drawn('<use href="{file}#a"/>'),
    "pattern in a drawing": drawn('<rect width="9" height="9" fill="url({file}#a)"/>'),
    "list mark": styled('li {{ list-style-image: url("{file}") }}'),
    "content": styled('.x::before {{ content: url("{file}") }}'),
    "border": styled('.x {{ border: 9px solid; border-image: url("{file}") 1 }}'),
    "background": styled('.x {{ background: url("{file}") }}'),
    "out of our folders": page_of('<img alt="x" src="app:../../setup.cfg">'),
    "our template": page_of('<img alt="x" src="app:action-plan/document.html">'),
}  # fmt: skip

FETCHES_NOTHING = {"use in a drawing", "embed", "pattern in a drawing", "attachment by a link", "colour profile"}
"""The engine has no use for these addresses, or only names them in the file."""


def filled(payload: str, secret: Path) -> str:
    return (
        payload.replace("{file}", secret.as_uri())
        .replace("{folder}", secret.parent.as_uri())
        .replace("{{", "{")
        .replace("}}", "}")
    )


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_payload_reaches_a_file_or_the_network(name: str, secret: Path, connected: list[object]) -> None:
    html = filled(PAYLOADS[name], secret)
    if name in FETCHES_NOTHING:
        with suppress(FatalURLFetchingError):
            render.render(html.encode(), REPORT)
    else:
        with pytest.raises(FatalURLFetchingError):
            render.render(html.encode(), REPORT)
    assert not _opened
    assert not connected


def test_the_watch_itself_sees_what_an_open_fetcher_does(secret: Path, connected: list[object]) -> None:
    for name in ("picture from a file", "picture from the network"):
        weasyprint.HTML(string=filled(PAYLOADS[name], secret)).write_pdf()
    assert _opened
    assert connected


def test_a_refused_address_is_an_error_with_a_code(secret: Path) -> None:
    html = filled(PAYLOADS["picture from a file"], secret)
    for make in (render_pdf, preloaded.Renderer().render_pdf):
        with pytest.raises(RenderFailed) as failed:
            make(html, REPORT)
        assert failed.value.code == "refused"


GUARDED = {
    "connect": "import socket; socket.socket().connect(('127.0.0.1', 9))",
    "look up a name": "import socket; socket.getaddrinfo('example.org', 80)",
    "start a program": "import subprocess; subprocess.run(['true'])",
    "run a shell": "import os; os.system('true')",
    "read a file": "open('/etc/hostname').read()",
    "write a file": "open('/tmp/green-pathways-test', 'w')",
    "write into the reports": "open(folders.REPORTS / 'shared' / 'x', 'w')",
}


@pytest.mark.parametrize("act", GUARDED)
def test_the_child_has_given_up_its_rights(act: str, tmp_path: Path) -> None:
    lines = [
        "from assessment.reporting import render",
        "from assessment.content import folders",
        f"render.give_up_rights({str(tmp_path)!r})",
        f"open({str(tmp_path / 'own')!r}, 'w').close()",
        "open(folders.REPORTS / 'shared' / 'report.css').close()",
        "print('so far')",
        GUARDED[act],
    ]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=False)
    assert done.stdout == "so far\n"
    assert "FatalURLFetchingError" in done.stderr


def test_the_child_makes_no_core_file_and_cannot_take_all_memory(tmp_path: Path) -> None:
    code = (
        "from assessment.reporting import render\nimport resource\n"
        f"render.give_up_rights({str(tmp_path)!r})\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), resource.getrlimit(resource.RLIMIT_CPU)[0])\n"
        "try:\n    bytearray(600_000_000)\nexcept MemoryError:\n    print('no more')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["(0, 0) 20", "no more"]


BOMBS = {
    "rows": page_of("<table>" + "<tr><td>a<td>b<td>c</tr>" * 20_000 + "</table>"),
    "colspan": page_of("<table><tr><td colspan=100000>a</td></tr><tr><td>b</td></tr></table>"),
    "words": page_of("<p>" + "word " * 200_000 + "</p>"),
    "empty blocks": page_of("<div></div>" * 60_000),
    "nesting": page_of("<div>" * 3_000 + "x" + "</div>" * 3_000),
    "huge letters": page_of('<p style="font-size: 1e30px">x</p>'),
}


def children() -> set[str]:
    """The processes that this one has started and not yet ended."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split())


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_time_and_the_parent_goes_on(name: str) -> None:
    began = time.monotonic()
    before = children()
    with pytest.raises(RenderFailed) as failed:
        preloaded.Renderer().render_pdf(BOMBS[name], REPORT, timeout=1)
    assert failed.value.code in {"timeout", "limit", "crashed", "too-long"}
    assert time.monotonic() - began < 6
    assert children() == before


def test_the_fresh_child_is_killed_in_time_too() -> None:
    with pytest.raises(RenderFailed) as failed:
        render_pdf(BOMBS["rows"], REPORT, timeout=1)
    assert failed.value.code == "timeout"


def test_too_much_processor_time_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "CPU_SECONDS", 1)
    with pytest.raises(RenderFailed) as failed:
        preloaded.Renderer().render_pdf(BOMBS["rows"], REPORT, timeout=15)
    assert failed.value.code == "limit"


def test_too_much_memory_is_a_limit_or_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "MEMORY", 1024)
    with pytest.raises(RenderFailed) as failed:
        preloaded.Renderer().render_pdf(page_of("<div></div>" * 3_000), REPORT, timeout=15)
    assert failed.value.code in {"limit", "crashed"}


def test_more_than_sixty_pages_are_too_long() -> None:
    with pytest.raises(RenderFailed) as failed:
        preloaded.Renderer().render_pdf(page_of('<p style="break-before: page">x</p>' * 61), REPORT)
    assert failed.value.code == "too-long"


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    preloaded.Renderer().render_pdf(page_of(), REPORT)
    with pytest.raises(RenderFailed):
        preloaded.Renderer().render_pdf(BOMBS["rows"], REPORT, timeout=0.5)
    assert list(tmp_path.iterdir()) == []


def test_no_more_than_two_render_at_once() -> None:
    with pdf.place(), pdf.place(), pytest.raises(RenderFailed) as failed, pdf.place(patience=0.01):
        pass
    assert failed.value.code == "busy"


def test_pages_are_counted_where_a_packed_stream_ends_with_the_sign_that_ends_a_line() -> None:
    # One packed stream in 256 ends with a carriage return of its own, which is no part of the end of a line.
    packed = (zlib.compress(b"/Type /Pages /Kids [] /Count 7 %" + bytes([salt, more])) for salt in range(256)
              for more in range(8))  # fmt: skip
    ending = next(data for data in packed if data.endswith(b"\r"))
    paper = b"%PDF-1.7\n1 0 obj\n<</Type /ObjStm /Length 9>>\nstream\n" + ending + b"\nendstream\nendobj\n"
    assert pdf.pages(paper) == 7


def test_both_ways_of_rendering_make_the_same_pages() -> None:
    html = page_of('<p style="break-before: page">x</p>')
    fresh, forked = render_pdf(html, REPORT), preloaded.Renderer().render_pdf(html, REPORT)
    assert pdf.pages(fresh) == pdf.pages(forked) == 2


def test_pages_are_counted_only_in_pdf_files() -> None:
    with pytest.raises(ValueError, match="not a PDF"):
        pdf.pages(b"<html>")


def test_the_side_that_asks_never_imports_the_engine() -> None:
    modules = [
        "pdf",
        "compose",
        "documents",
        "plans.action_plan",
        "checks.blank_questionnaire",
        "charts",
        "words",
        "money.uses",
        "exits",
    ]
    code = "import sys\n" + "\n".join(f"import assessment.reporting.{name}" for name in modules)
    code += "\nprint([name for name in sys.modules if name.startswith(('weasyprint', 'fontTools'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_letter_that_the_font_lacks_is_replaced() -> None:
    assert render.printable("5 \u2212 3 \u2265 1 \U0001f600 \u5c0f ok\n") == "5 \u2013 3 >= 1 ? ? ok\n"
