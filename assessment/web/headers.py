"""Response headers, exact and on every response: what pages may load, and that nothing personal is cached."""

from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; frame-src 'none'; "
    "worker-src 'none'; manifest-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
)
UPGRADE = "; upgrade-insecure-requests"
DOWNLOAD_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
        "publickey-credentials-get=(self), publickey-credentials-create=(self)"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"
STATIC_CACHE = "public, max-age=31536000, immutable"
DYNAMIC_CACHE = "no-store"


Headers = list[tuple[str, str]]


def set_up(app: Flask, over_https: bool) -> None:
    """Put the headers on everything the app answers; plain http (demo mode) leaves out what only https can keep.

    The lists are made once and added where the answer leaves the app: setting them one by one costs a third of a view.
    """
    page_policy = PAGE_POLICY + UPGRADE if over_https else PAGE_POLICY
    page = _listed(page_policy, DYNAMIC_CACHE, over_https)
    download = _listed(DOWNLOAD_POLICY, DYNAMIC_CACHE, over_https)
    static = _listed(page_policy, STATIC_CACHE, over_https)
    ours = frozenset(name for name, _ in page)
    inner = app.wsgi_app

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: Headers, *error: Any) -> Callable[[bytes], object]:
            fixed = page
            if any(name == "Content-Disposition" and "attachment" in value for name, value in headers):
                fixed = download
            elif status.startswith("200") and environ["PATH_INFO"].startswith("/static/"):
                fixed = static
            return start_response(status, [*[pair for pair in headers if pair[0] not in ours], *fixed], *error)

        return inner(environ, start)

    app.wsgi_app = answer  # type: ignore[method-assign]


def _listed(policy: str, cache: str, over_https: bool) -> Headers:
    strict = {"Strict-Transport-Security": STRICT_TRANSPORT} if over_https else {}
    return list({
        **ALWAYS, **strict, "Content-Security-Policy": policy, "Cache-Control": cache, "Vary": "Cookie",
    }.items())  # fmt: skip
