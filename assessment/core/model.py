"""The base of every content model: frozen, closed against unknown keys, with the identifiers they share."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
"""A stable id: lower-case letters, digits and hyphens."""

OptionId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,59}$")]
"""The id of an answer; country, region and NACE codes keep their capitals."""

Version = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)*$")]
"""The number of a version, such as 2 or 2.1."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
"""A text of one line, shown to people."""

Prose = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
"""A text of a few sentences, shown to people."""


class Model(BaseModel):
    """A frozen value read from content; unknown keys are mistakes."""

    # What checks a model is built when it is first used: a web worker reads few of them, and most only as parts.
    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid")

    @classmethod
    def as_far_as_readable(cls, document: Mapping[str, Any]) -> Self:
        """What was kept; parts that an older release wrote and this one cannot read count as not given."""
        try:
            return cls.model_validate(document)
        except ValidationError as wrong:
            unreadable = {problem["loc"][0] for problem in wrong.errors(include_url=False) if problem["loc"]}
            return cls.model_validate({name: part for name, part in document.items() if name not in unreadable})
