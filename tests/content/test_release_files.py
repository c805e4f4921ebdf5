"""Release files: what is signed can be read, and whatever is not whole is refused with its own reason."""

import json
import subprocess
import sys
from typing import Any

import pytest

from assessment.content.aggregates import release_files
from assessment.content.aggregates.release_files import (
    LARGEST,
    fingerprint,
    in_groups,
    read,
    signed,
    signer_of,
    written,
)
from assessment.core.errors import Refused
from assessment.reporting.aggregates.cluster_exports import as_json, release_file
from tests.reporting import snapshots
from tests.reporting.languages import ENGLISH

SECRET, OTHER = "a secret of this instance", "a secret of another instance"
FILE = release_file(snapshots.whole_document(), ENGLISH)
CONTENT = signed(FILE, SECRET)


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read(content)
    return refused.value.code


def changed(**parts: Any) -> bytes:
    return written({**json.loads(CONTENT), **parts})


def test_a_signed_file_is_read_as_it_was_and_tells_its_signer() -> None:
    verified = read(CONTENT)
    assert verified.file.model_copy(update={"signature": None}) == FILE
    assert verified.file.signature is not None
    assert verified.signer == signer_of(SECRET)
    assert verified.signer != signer_of(OTHER)


def test_spaces_line_breaks_and_the_order_of_keys_may_change_on_the_way() -> None:
    document = json.loads(CONTENT)
    turned = dict(reversed(list(document.items())))
    assert read(json.dumps(turned, ensure_ascii=True).encode()).signer == signer_of(SECRET)
    assert read(b"\xef\xbb\xbf" + CONTENT.replace(b"\n", b"\r\n")).signer == signer_of(SECRET)


@pytest.mark.parametrize("path", [
    ("cluster",), ("titles", "section", "wat"), ("snapshot", "companies"), ("snapshot", "rules", "k"),
    ("snapshot", "tables", 4, "rows", 4, "figures", 1), ("snapshot", "taken_at"), ("example",), ("schema_version",),
])  # fmt: skip
def test_a_file_with_any_value_altered_is_refused(path: tuple[str | int, ...]) -> None:
    document = json.loads(CONTENT)
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = {bool: False, int: 1.0, str: "2026-11-17T09:30:00Z"}[type(place[path[-1]])]
    assert refusal(written(document)) == "altered"


def test_a_withheld_figure_that_is_filled_in_is_refused() -> None:
    assert CONTENT.count(b"null") > 40
    assert refusal(CONTENT.replace(b"null", b"17", 1)) == "altered"


def test_a_file_that_names_another_key_or_carries_another_signature_is_refused() -> None:
    theirs = json.loads(signed(FILE, OTHER))["signature"]
    mine = json.loads(CONTENT)["signature"]
    assert refusal(changed(signature={**mine, "public_key": theirs["public_key"]})) == "altered"
    assert refusal(changed(signature={**mine, "value": theirs["value"]})) == "altered"
    for broken in ("", "zz", "00", "0" * 63, "0" * 64, 7):
        assert refusal(changed(signature={**mine, "public_key": broken})) == "altered"
    assert refusal(changed(signature={**mine, "algorithm": "none"})) == "altered"
    assert read(changed(signature=theirs)).signer == signer_of(OTHER)


def test_a_plain_export_is_no_release_file_until_it_is_signed() -> None:
    assert refusal(as_json(snapshots.whole_document(), ENGLISH)) == "unsigned"


@pytest.mark.parametrize("part", [0.02, 0.3, 0.5, 0.77, 0.999])
def test_a_file_that_was_cut_off_is_called_so(part: float) -> None:
    assert refusal(CONTENT[: int(len(CONTENT) * part)]) == "cut-off"


def test_a_file_that_ends_within_a_letter_is_cut_off() -> None:
    letter = signed(FILE.model_copy(update={"cluster": "Kлъстер"}), SECRET)
    assert refusal(letter[: letter.index("л".encode()) + 1]) == "cut-off"


@pytest.mark.parametrize(("content", "code"), [
    (b"", "empty"), (b" \n", "empty"), (b"%PDF-1.7", "not-json"), (b"PK\x03\x04\xff", "not-json"), (b"{]}", "not-json"),
    (b"[1, 2]", "no-release"), (b'"text"', "no-release"), (b"{}", "no-release"), (b'{"format": "other"}', "no-release"),
    (b'{"a": NaN}', "not-json"), (b'{"a": 1, "a": 2}', "not-json"), (b"[" * 100_000, "not-json"),
    (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, "not-json"), (b"9" * 5_000, "not-json"),
    (b"{" + b" " * LARGEST + b"}", "too-large"),
])  # fmt: skip
def test_what_is_no_release_file_is_refused_with_its_own_reason(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_a_file_of_a_newer_version_is_told_apart_from_an_altered_one() -> None:
    assert refusal(changed(schema_version=2)) == "newer"
    assert refusal(changed(schema_version=2, something_new=[1, 2])) == "newer"


def resigned(**parts: Any) -> bytes:
    """The file with parts changed and rightly signed by somebody who does not keep to the form."""
    document = {**json.loads(CONTENT), **parts}
    document.pop("signature")
    signing = release_files._signing()
    value = signing.sign(OTHER, release_files._canonical(document))
    key = {"algorithm": "Ed25519", "public_key": signing.public_key_of(OTHER)}
    return written({**document, "signature": {**key, "value": value}})


def test_a_file_that_is_rightly_signed_but_of_another_form_is_refused() -> None:
    assert read(resigned(cluster="Another")).file.cluster == "Another"
    assert refusal(resigned(cluster="")) == "broken"
    assert refusal(resigned(more="than is published")) == "broken"
    assert refusal(resigned(snapshot={**json.loads(CONTENT)["snapshot"], "format": 9})) == "broken"


def test_points_beyond_the_scale_are_refused_whoever_signed_them() -> None:
    snapshot = json.loads(CONTENT)["snapshot"]
    snapshot["tables"][4]["rows"][0]["figures"][1] = 101
    assert refusal(resigned(snapshot=snapshot)) == "broken"
    snapshot["tables"][4]["rows"][0]["figures"][1] = 1e300
    assert refusal(resigned(snapshot=snapshot)) == "broken"


def test_the_key_is_not_the_secret_and_differs_by_purpose() -> None:
    assert SECRET.encode().hex() not in CONTENT.decode()
    public = json.loads(CONTENT)["signature"]["public_key"]
    assert fingerprint(public) == signer_of(SECRET)
    assert len(in_groups(signer_of(SECRET)).split()) == 8
    assert in_groups("ab12" * 16).startswith("AB12 AB12")


def test_signing_is_loaded_with_the_first_file_and_not_before() -> None:
    probe = "import sys, assessment.content.aggregates.release_files; sys.exit('cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
