"""The audit log in the reader's words. Rows keep the words of the product, so that a chain reads the same for ever."""

from collections.abc import Mapping
from typing import Any, Final

from assessment.i18n import Language

PAGES: Final = {"person": "running.people", "mentor": "running.people", "company": "administration.find"}
"""Where an id that stands in a row is looked up: the page finds nothing, and says so, once its bearer is gone."""


def event_words(language: Language) -> dict[str, str]:
    """What each act is called; a test holds that none is forgotten."""
    _ = language.gettext
    return {
        "signed in": _("Signed in"),
        "sign-in failed": _("Signing in failed"),
        "signed out": _("Signed out"),
        "sessions ended": _("Signed out elsewhere"),
        "factor added": _("Second factor added"),
        "factor removed": _("Second factor taken away"),
        "recovery code used": _("Recovery code used"),
        "password changed": _("Password changed"),
        "address changed": _("Mail address changed"),
        "account made": _("Account made"),
        "account disabled": _("Account switched off"),
        "account enabled": _("Account switched on"),
        "account erased": _("Account gone for good"),
        "staff role changed": _("Role on this site changed"),
        "administrator invited": _("First administrator invited"),
        "company made": _("Company added"),
        "check claimed": _("Check taken into an account"),
        "check erased": _("Check deleted"),
        "member joined": _("Colleague joined a company"),
        "member left": _("Colleague left a company"),
        "role changed": _("Role in a company changed"),
        "mentor offered": _("Mentor offered to help"),
        "mentor let in": _("Mentor let in"),
        "mentor declined": _("Mentor declined"),
        "mentor ended": _("Mentor's access ended"),
        "consent given": _("Agreement given"),
        "consent withdrawn": _("Agreement withdrawn"),
        "interview agreed": _("Interview agreed to"),
        "interview taken back": _("Agreement to an interview withdrawn"),
        "restricted": _("Data restricted"),
        "unrestricted": _("Restriction ended"),
        "erasing asked": _("Deletion asked for"),
        "erasing undone": _("Deletion taken back"),
        "company erased": _("Company gone for good"),
        "glass opened": _("Answers opened by an administrator"),
        "glass closed": _("Answers closed again"),
        "data taken out": _("Data downloaded"),
        "backup written": _("Backup written"),
        "restored": _("Backup restored"),
        "let go": _("Old rows of this log deleted"),
        "job tried again": _("Failed job tried again"),
        "job given up": _("Failed job given up"),
        "test mail sent": _("Test mail sent"),
        "cluster made": _("Cluster made"),
        "cluster changed": _("Cluster changed"),
        "cluster deleted": _("Cluster deleted"),
        "manager joined": _("Manager of a cluster added"),
        "manager left": _("Manager of a cluster gone"),
        "cluster joined": _("Company joined a cluster"),
        "cluster left": _("Company left a cluster"),
    }


def subject_words(subject: Mapping[str, Any], language: Language) -> list[tuple[str, str, str]]:
    """What an act was done to: name in the row, its words, the value as it is read. What has no words stays as is."""
    _ = language.gettext
    names = {
        "person": _("Person"), "mentor": _("Mentor"), "company": _("Company"), "cluster": _("Cluster"),
        "check": _("Check"), "checks": _("Checks"), "role": _("Role"), "viewer": _("To whom"),
        "factors": _("Factors given"), "complete": _("Signed in fully"), "sessions": _("Sessions"), "by": _("With"),
        "glass": _("Opening"), "job": _("Job"), "up_to": _("Up to number"), "mac": _("Its mark"),
        "erased again": _("Deleted once more"),
    }  # fmt: skip
    values = {
        "role": {
            "": _("No staff role"), "mentor": _("Mentor"), "manager": _("Cluster manager"),
            "administrator": _("Administrator"), "owner": _("Owner"), "editor": _("Editor"),
        },
        "by": {"password": _("Password"), "code": _("Code"), "passkey": _("Passkey")},
        "viewer": {
            "benchmark": _("Anonymous comparison"), "reminders": _("Mails about deadlines"),
            "cluster-figures": _("Figures of a cluster"), "cluster-progress": _("How far, to a cluster"),
            "cluster-named": _("Results by name, to a cluster"), "cluster-map": _("Map of a cluster"),
        },
        "complete": {"True": _("Yes"), "False": _("No, the second factor is missing")},
    }  # fmt: skip
    return [
        (name, names.get(name, name), values.get(name, {}).get(str(value), str(value)))
        for name, value in subject.items()
        if value != "" or name == "role"
    ]
