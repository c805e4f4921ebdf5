"""Getting ready for a command or the worker: an instance at the newest schema."""

from assessment.config import Settings
from assessment.opening import library_of, make_instance
from assessment.services.instance import Instance
from assessment.upgrading import upgraded


def ready_instance(settings: Settings) -> Instance:
    """An instance whose database has the newest schema; nothing is changed where its content has flaws."""
    library = library_of(settings)
    upgraded(settings).close()
    return make_instance(settings, library)
