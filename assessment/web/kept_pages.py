"""Whole pages of a person that are shown again as long as all that they show is the same.

Unlike the pieces that are kept for everybody, such a page holds what is a company's own: it is kept about a check or a
person for ten minutes at most (`services/kept.py`), for the one person who was let in, and each request asks the
database first whether they still may. Nothing is kept by time alone: the caller hands over everything that the page is
made of, as it was just read, and the frame is added here.
"""

from collections.abc import Callable

from assessment.web.browser import browser, csrf_token
from assessment.web.current import asked, instance, language
from assessment.web.notices import notices


def kept_page(about: str, made_of: object, make: Callable[[], bytes]) -> bytes:
    """The page at hand about a check or a person, made anew unless it is kept from the very same things.

    A notice is shown once, so a page with one is not kept.
    """
    if notices():
        return make()
    page, here, token = asked(), browser().signed_in, csrf_token().encode()
    # Words such as "late" depend on the day, the frame on the language and on who is signed in.
    frame = (language(), page.root_path, here and (here.shown_name, here.staff_role))
    state = (made_of, instance().today, frame)

    def parts() -> tuple[bytes, ...]:
        return tuple(make().split(token))

    address = f"{here and here.person_id} {page.path}?{page.query_string.decode()}"
    return token.join(instance().pages.get(about, address, state, parts))
