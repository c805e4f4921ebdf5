"""HTML to PDF, for a child process that may be killed: the one module that imports WeasyPrint.

`python -m assessment.reporting.render <report>` reads HTML on standard input and writes a PDF/UA-1 file on
standard output. The process gives up its rights before it looks at the HTML: it cannot connect, start a program,
write outside its own temporary folder or read anything but the report's own files and its libraries, and time,
memory and size are limited. The exit code says what went wrong; `pdf.py` turns it into a `RenderFailed`.
"""

import base64
import gc
import logging
import os
import resource
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import NoReturn

import weasyprint  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # type: ignore[import-untyped]

from assessment.content import folders
from assessment.reporting.exits import CRASHED, LONGEST_REPORT, OUT_OF_MEMORY, REFUSED, TOO_LONG

CPU_SECONDS = 20
MEMORY = 512 * 1024 * 1024
"""Address space beyond what the imports take."""

LARGEST_FILE = 64 * 1024 * 1024
OPEN_FILES = 128

_KINDS = {".css": "text/css", ".ttf": "font/ttf", ".svg": "image/svg+xml"}
_PICTURES = ("image/png", "image/jpeg")
"""What may stand in a document itself: a cluster's logo, whose bytes were looked at when it was taken."""

_SHARED = "shared"
_NO_SCHEME = "app:/"

_logger = logging.getLogger("assessment.reporting.render")


class Fetcher(URLFetcher):  # type: ignore[misc]
    """Knows the addresses `app:<folder>/<file>` of one report and of what all reports share, and pictures in `data:`.

    Our documents hold no other address, so any other one is a fault or an attack, and ends the render. A picture is
    decoded in this process alone, which is limited and can do nothing.
    """

    def __init__(self, report: str) -> None:
        super().__init__(fail_on_errors=True, allow_redirects=False, allowed_protocols=("app",))
        self._files = _files_of(report)
        self.refused = False

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The file that the address stands for."""
        picture = _picture_in(url)
        if picture is not None:
            return picture
        path = self._files.get(url)
        if path is None:
            _logger.error("refused to fetch %.200r", url)
            self.refused = True
            raise FatalURLFetchingError("address refused")
        kind = EmailMessage()
        kind["Content-Type"] = f"{_KINDS[path.suffix]}; charset=utf-8"
        return URLFetcherResponse(url, path.read_bytes(), kind)


def _picture_in(url: str) -> URLFetcherResponse | None:
    """The picture that an address holds itself; None for any other address."""
    kind, mark, written = url.partition(";base64,")
    if not mark or kind.removeprefix("data:") not in _PICTURES or not kind.startswith("data:"):
        return None
    try:
        content = base64.b64decode(written, validate=True)
    except ValueError:
        return None
    told = EmailMessage()
    told["Content-Type"] = kind.removeprefix("data:")
    return URLFetcherResponse("app:picture", content, told)


def _files_of(report: str) -> dict[str, Path]:
    """The files that a report may use, by address."""
    return {
        f"app:{folder}/{path.name}": path
        for folder in (_SHARED, report)
        for path in (folders.REPORTS / folder).iterdir()
        if path.suffix in _KINDS and path.is_file() and not path.is_symlink()
    }


class TooLong(Exception):
    """The report has more pages than anybody would print."""


def render(html: bytes, report: str) -> bytes:
    """The PDF of one report. Raises `TooLong`, or `FatalURLFetchingError` for a foreign address."""
    text = printable(html.decode())
    fetcher = Fetcher(report)
    document = weasyprint.HTML(string=text, base_url=_NO_SCHEME, url_fetcher=fetcher).render()
    if len(document.pages) > LONGEST_REPORT:
        raise TooLong
    written = bytes(document.write_pdf(pdf_variant="pdf/ua-1"))
    # Drawing an SVG catches everything, this error too, and would leave the picture out in silence.
    if fetcher.refused:
        raise FatalURLFetchingError("address refused")
    return written


def _letters_of(font: Path) -> frozenset[int]:
    with TTFont(font, lazy=True) as opened:
        return frozenset(opened.getBestCmap())


# Both weights have the same characters. What the font lacks would be drawn from whatever fonts this machine has, or
# as an empty box, which PDF/UA forbids.
_drawn = _letters_of(folders.REPORTS / _SHARED / "NotoSans-Regular.ttf")
_STAND_INS = {"\u2212": "\u2013", "\u2264": "<=", "\u2265": ">=", "\u2011": "-"}


def printable(text: str) -> str:
    """The text with every character that our font cannot draw replaced: by its like if it has one, else by "?"."""
    missing = {character for character in set(text) if ord(character) not in _drawn and character not in "\n\r\t"}
    return text.translate({ord(character): _STAND_INS.get(character, "?") for character in missing})


def give_up_rights(folder: str) -> None:
    """Limit this process for good; `folder` is the only place where it may write."""
    tempfile.tempdir = folder
    for kind, wanted in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_AS, _address_space() + MEMORY),
    ):
        hard = resource.getrlimit(kind)[1]
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (limit, limit))
    if sys.version_info >= (3, 12) and sys.platform == "linux":
        # A network namespace of our own is empty; without the right to make one the guard below stands alone.
        try:
            os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
        except OSError as reason:
            _logger.info("no network namespace: %s", reason)
    sys.addaudithook(_guard(folder))


def _address_space() -> int:
    """Bytes of address space in use now; where the system does not say, what an import takes on Linux."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 256 * 1024 * 1024
    return pages * resource.getpagesize()


_FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.bind",
              "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty",
              "ctypes.dlopen", "os.symlink", "os.link", "os.rename", "os.chmod", "shutil.copyfile")  # fmt: skip


def _guard(folder: str) -> Callable[[str, tuple[object, ...]], None]:
    """An audit hook, which cannot be taken out again: no network, no program, no file but the report's own."""
    forbidden = frozenset(_FORBIDDEN)
    readable = (*_library_folders(), str(folders.REPORTS) + os.sep)
    own = folder + os.sep

    def guard(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, int):
                return
            name = os.path.abspath(os.fsdecode(path) if isinstance(path, bytes) else str(path))
            writing = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if name.startswith(own) or (not writing and name.startswith(readable)):
                return
            raise FatalURLFetchingError("file refused")
        if event in forbidden:
            raise FatalURLFetchingError(f"{event} refused")

    return guard


def _library_folders() -> tuple[str, ...]:
    """Where Python and the installed packages lie; they load parts of themselves late."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    places = {os.path.abspath(sysconfig.get_path(name)) for name in names}
    places |= {str(Path(module).resolve().parents[1]) for module in (weasyprint.__file__,)}
    return tuple(place + os.sep for place in sorted(places))


def to_exit_code(work: Callable[[], bytes], write: Callable[[bytes], object]) -> int:
    """Do the work and hand over its bytes; the exit code that tells how it went."""
    # The process ends with the render: collecting garbage would only cost time.
    gc.disable()
    try:
        write(work())
    except FatalURLFetchingError:
        return REFUSED
    except TooLong:
        return TOO_LONG
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception:
        _logger.exception("the render failed")
        return CRASHED
    return 0


def main() -> NoReturn:
    """The command of the module docstring."""
    html = sys.stdin.buffer.read()
    report = sys.argv[1]
    give_up_rights(tempfile.gettempdir())
    code = to_exit_code(lambda: render(html, report), sys.stdout.buffer.write)
    sys.stdout.buffer.flush()
    # Skips what runs at a normal exit: the parent clears the temporary folder.
    os._exit(code)


if __name__ == "__main__":
    main()
