"""Response headers, exact and on every response: what pages may load, and that nothing personal is cached."""

from flask import Flask, Response, request

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


def set_up(app: Flask, over_https: bool) -> None:
    """Put the headers on everything the app answers; plain http (demo mode) leaves out what only https can keep."""
    page_policy = PAGE_POLICY + UPGRADE if over_https else PAGE_POLICY

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        for name, value in ALWAYS.items():
            headers[name] = value
        if over_https:
            headers["Strict-Transport-Security"] = STRICT_TRANSPORT
        download = "attachment" in headers.get("Content-Disposition", "")
        headers["Content-Security-Policy"] = DOWNLOAD_POLICY if download else page_policy
        immutable = request.endpoint == "static" and response.status_code == 200
        headers["Cache-Control"] = STATIC_CACHE if immutable else DYNAMIC_CACHE
        headers["Vary"] = "Cookie"
        return response
