"""Mail addresses in the one form in which they are kept, so that one person has one account."""

from email_validator import EmailNotValidError, validate_email

LONGEST: int = 254


def normal_address(typed: str) -> str | None:
    """The address as it is kept: small letters, the domain as mail servers write it; None where it is none.

    Lists, comments, quoted names and line breaks are no addresses. Nobody is asked whether it exists.
    """
    if len(typed) > LONGEST * 2:
        return None
    try:
        found = validate_email(typed.strip(), allow_smtputf8=False, check_deliverability=False)
    except EmailNotValidError:
        return None
    plain = (found.ascii_email or "").lower()
    return plain if plain and len(plain) <= LONGEST else None
