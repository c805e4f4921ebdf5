"""What people and programs send that no form of ours would: one list for every test that needs it."""

from typing import Final

PROBE: Final = "probe7"
"""Stands in everything that could run in a browser, so that it is found wherever it comes back as it was sent."""
PRODUCT: Final = str(733_173 * 733_171)
"""What a template or formula makes of `733173*733171`: too long to stand in a random id."""

NUMBERS: Final = (
    "NaN", "sNaN", "Infinity", "-inf", "1e400", "1E+999999999", "-0", "１２", "٣", "1_000", "0x1f", "1.234,56", "1 234",
    "+5", "--5", "½", ".", ",", "1,2,3", "1e5", "9" * 19, "0" * 4000, "-1", "2147483648", "9223372036854775808",
)  # fmt: skip
LETTERS: Final = (
    "\0", "a\0b", "\x1b[2J", "\x7f", "\u202edrawkcab", "\ufeff", "\u2028", "e\u0301" * 50, "\U0001f4a3" * 30, "\ufffe",
    "ﬀ", "ß" * 100, "İ", "\t", " ", "\n", "%00", "%FF", "%", "&", "=", ";", "+", "#", "?", "null", "None", "undefined",
    "true", "[]", "{}", "__proto__", "constructor",
)  # fmt: skip
SQL: Final = (
    "' OR '1'='1", '" OR ""="', "'; DROP TABLE assessments; --", "1 UNION SELECT hash FROM sessions --", "\\' OR 1=1 #",
    "%' AND 1=1 --", "x'||(SELECT 1)||'", "id ASC; DELETE FROM tokens", ":id", "%(id)s", "{$ne: null}", "_%",
)  # fmt: skip
PATHS: Final = (
    "../../../../etc/passwd", "..\\..\\windows\\win.ini", "file:///etc/passwd", ".", "..", "/", "//evil.example",
    "https://evil.example/", "assessment.sqlite3", "..%2f..%2fapp.py", "~root", "con",
)  # fmt: skip
MARKUP: Final = (
    f"<script>{PROBE}()</script>", f'"><{PROBE} x="', f"' on{PROBE}='1", f'" on{PROBE}="1', f"javascript:{PROBE}()",
    f"</textarea><{PROBE}>", f"</script><{PROBE}>", f"</title><{PROBE}>", f"<!-- <{PROBE}>", f"]]><{PROBE}>",
    f"&lt;{PROBE}&gt;", f"<svg/on{PROBE}=1>",
)  # fmt: skip
TEMPLATES: Final = (
    "{{733173*733171}}", "${733173*733171}", "#{733173*733171}", "<%= 733173*733171 %>", "{% include 'x' %}",
    "{{config}}", "%(label)s", "%s%n%d", "{0}", "{label.__class__}", "=733173*733171", "@733173*733171",
)  # fmt: skip
LINES: Final = (f"x\r\nX-{PROBE}: 1\r\n\r\n<{PROBE}>", f"x\nSet-Cookie: {PROBE}=1", "\r", "a\u0085b")
LONG: Final = (
    "a" * 100_000, "1" * 100_000, "-" * 100_000, " " * 100_000 + "x", "(" * 100_000, "a!" * 50_000, "1 " * 50_000,
    "1." * 50_000, "1," * 50_000, "[" * 100_000, "a-" * 50_000, "<" * 30_000, "٣" * 16_000, "\t" * 40_000 + "\0",
)  # fmt: skip
"""Long ones, each with a turn that makes a careless pattern try everything."""
NAMES: Final = (
    "0" * 32, "00000000-0000-4000-8000-000000000000", "1", "ene-03", "profile", "ene-99", "measure:none", "own:1",
    "entry:../x", "led-retrofit", "p-01", "zz", "bakery-bg", "de", "xx-XX",
)  # fmt: skip

SHORT: Final = (*NUMBERS, *LETTERS, *SQL, *PATHS, *MARKUP, *TEMPLATES, *LINES, *NAMES)

RAW: Final = (
    b"%FF%FE", b"%C0%80", b"%ED%A0%80", b"%F8%88%80%80%80", b"%00", b"%", b"%zz", b"%u0041", b"\xff\xfe", b"\xc3(",
    b"%E2%82", b"a=%FF&a=%00&%00=a", b"&&&===", b"a[b]=1&a[]=2&a=3", b";a=b;", b"+%2B+",
)  # fmt: skip
"""Bytes that are no text, as they stand in an address or a form."""

HEADERS: Final = (
    "HTTP_ACCEPT_LANGUAGE", "HTTP_REFERER", "HTTP_ORIGIN", "HTTP_HOST", "HTTP_USER_AGENT", "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_FOR", "HTTP_SEC_FETCH_SITE",
    "HTTP_ACCEPT", "HTTP_AUTHORIZATION", "HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_X_CSRFTOKEN", "HTTP_EXPECT",
    "CONTENT_TYPE", "CONTENT_LENGTH",
)  # fmt: skip
METHODS: Final = ("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "JUNK", "get", "G\xcbT", "")
KINDS_OF_FORM: Final = (
    "application/json", "text/plain", "text/xml", "application/octet-stream", "multipart/form-data",
    "multipart/form-data; boundary=", "application/x-www-form-urlencoded; charset=utf-7", "\xff\xfe", "",
)  # fmt: skip
