"""Who may do what, as one table. What is not written there is refused.

A person stands in one or several relations to an object (a check and the company it belongs to, or a cluster), and
every route names one action. `decide` looks the action up for each relation and takes the best answer.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal


class Relation(Enum):
    """How somebody stands to a check, its company, or the instance."""

    HOLDER = "holder"
    """Opened a check without an account in this browser, by starting it or by its link or code."""
    SECTION = "section"
    """Came by a link that opens one section of one check."""
    OWNER = "owner"
    EDITOR = "editor"
    """A colleague of the owner."""
    MENTOR = "mentor"
    """The company has granted access, and it has not ended."""
    ADMINISTRATOR = "administrator"
    """Looks after the instance, and is no part of any company by that."""
    MANAGER = "manager"
    """Runs a cluster, and is no part of its members by that."""


class Action(Enum):
    """What a route does; the words stand in the log as well."""

    READ_ANSWERS = "read answers"
    WRITE_ANSWERS = "write answers"
    ATTACH_EVIDENCE = "attach documents to answers"
    PROPOSE_ANSWERS = "propose answers in an interview"
    REVIEW_ANSWERS = "review answers"
    ANSWER_REVIEW = "answer a mentor's review"
    COMMENT = "read and write comments"
    READ_RESULTS = "read results"
    CHANGE_PLAN = "change the plan"
    SUBMIT = "submit and reopen"
    TAKE_FILES = "take files of a check"
    TAKE_REVIEW = "take the report of a review"
    DELETE_CHECK = "delete a check"
    COME_BACK = "come back to a check without an account"
    HAND_ON = "give out links to a check"
    TAKE_OVER = "take a check into an account"
    SEE_COMPANY = "see the company"
    START_CHECK = "start a check of the company"
    CHANGE_COMPANY = "change the company's name"
    DELETE_COMPANY = "delete or take out the company"
    MANAGE_COLLEAGUES = "invite and remove colleagues"
    MANAGE_MENTORS = "let mentors in and out"
    LEAVE_COMPANY = "leave the company"
    GIVE_CONSENT = "give and withdraw consents"
    READ_ACCESS_LOG = "read who looked"
    BREAK_GLASS = "open a company's answers for a stated reason"
    DELETE_ON_REQUEST = "delete a company for a stated reason"
    SEE_CLUSTERS = "see the company's clusters"
    JOIN_CLUSTERS = "join and leave clusters, and say what they may see"
    SPEAK_IN_CLUSTER = "offer, seek and answer in a cluster"
    SEE_CLUSTER = "see a cluster's members and figures"
    SEE_NAMED = "see the results of members that agreed to be named"
    RUN_CLUSTER = "run a cluster"


class Verdict(Enum):
    """What the table says."""

    YES = "yes"
    SECTION = "only its section"
    CONSENT = "only with the company's recorded agreement"
    GLASS = "only for a stated reason and a limited time"
    FORBIDDEN = "forbidden"
    """The object is known to the person, who is told that this is not theirs to do."""
    HIDDEN = "hidden"
    """As if the object did not exist."""


_Y, _S, _C, _B, _F, _N = Verdict

COLUMNS: Final = (
    Relation.HOLDER, Relation.SECTION, Relation.OWNER, Relation.EDITOR, Relation.MENTOR, Relation.ADMINISTRATOR,
)  # fmt: skip

# fmt: off
TABLE: Final[Mapping[Action, tuple[Verdict, ...]]] = {
    #                         holder section owner editor mentor administrator
    Action.READ_ANSWERS:      (_Y,   _S,     _Y,   _Y,    _Y,    _B),
    Action.WRITE_ANSWERS:     (_Y,   _S,     _Y,   _Y,    _F,    _N),
    Action.ATTACH_EVIDENCE:   (_N,   _N,     _Y,   _Y,    _F,    _N),
    Action.PROPOSE_ANSWERS:   (_N,   _N,     _N,   _N,    _C,    _N),
    Action.REVIEW_ANSWERS:    (_N,   _N,     _N,   _N,    _Y,    _N),
    Action.ANSWER_REVIEW:     (_N,   _N,     _Y,   _Y,    _F,    _N),
    Action.COMMENT:           (_N,   _N,     _Y,   _Y,    _Y,    _N),
    Action.READ_RESULTS:      (_Y,   _N,     _Y,   _Y,    _Y,    _B),
    Action.CHANGE_PLAN:       (_Y,   _N,     _Y,   _Y,    _F,    _N),
    Action.SUBMIT:            (_Y,   _N,     _Y,   _Y,    _F,    _N),
    Action.TAKE_FILES:        (_Y,   _N,     _Y,   _Y,    _Y,    _B),
    Action.TAKE_REVIEW:       (_N,   _N,     _Y,   _Y,    _Y,    _N),
    Action.DELETE_CHECK:      (_Y,   _N,     _Y,   _F,    _F,    _N),
    Action.COME_BACK:         (_Y,   _N,     _N,   _N,    _N,    _N),
    Action.HAND_ON:           (_Y,   _N,     _Y,   _Y,    _F,    _N),
    Action.TAKE_OVER:         (_Y,   _N,     _N,   _N,    _N,    _N),
    Action.SEE_COMPANY:       (_N,   _N,     _Y,   _Y,    _Y,    _N),
    Action.START_CHECK:       (_N,   _N,     _Y,   _Y,    _F,    _N),
    Action.CHANGE_COMPANY:    (_N,   _N,     _Y,   _F,    _F,    _N),
    Action.DELETE_COMPANY:    (_N,   _N,     _Y,   _F,    _N,    _N),
    Action.MANAGE_COLLEAGUES: (_N,   _N,     _Y,   _F,    _N,    _N),
    Action.MANAGE_MENTORS:    (_N,   _N,     _Y,   _F,    _N,    _N),
    Action.LEAVE_COMPANY:     (_N,   _N,     _Y,   _Y,    _N,    _N),
    Action.GIVE_CONSENT:      (_N,   _N,     _Y,   _F,    _N,    _N),
    Action.READ_ACCESS_LOG:   (_N,   _N,     _Y,   _F,    _N,    _N),
    Action.BREAK_GLASS:       (_N,   _N,     _N,   _N,    _N,    _Y),
    Action.DELETE_ON_REQUEST: (_N,   _N,     _N,   _N,    _N,    _Y),
    Action.SEE_CLUSTERS:      (_N,   _N,     _Y,   _Y,    _N,    _N),
    Action.JOIN_CLUSTERS:     (_N,   _N,     _Y,   _F,    _N,    _N),
    Action.SPEAK_IN_CLUSTER:  (_N,   _N,     _Y,   _Y,    _N,    _N),
}

CLUSTER_COLUMNS: Final = (Relation.MANAGER, Relation.ADMINISTRATOR)

CLUSTER_TABLE: Final[Mapping[Action, tuple[Verdict, ...]]] = {
    #                    manager administrator
    Action.SEE_CLUSTER:  (_Y,    _Y),
    Action.SEE_NAMED:    (_Y,    _N),
    Action.RUN_CLUSTER:  (_Y,    _F),
}
# fmt: on

Answer = Literal["yes", "forbidden", "hidden"]
_FROM_OUTSIDE: Final = frozenset({Relation.MENTOR, Relation.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands to one check or company at this moment."""

    relations: frozenset[Relation] = frozenset()
    section: str = ""
    """The one section that a section link opens."""
    agreed: bool = False
    """The company has recorded that its mentor may fill in for it."""
    glass_open: bool = False
    """An administrator has stated a reason, and the time for it is not over."""

    @property
    def from_outside(self) -> bool:
        """Whether only somebody's leave lets them look: such a look is put down for the company to read."""
        return bool(self.relations) and self.relations <= _FROM_OUTSIDE


STRANGER: Final = Standing()


def decide(action: Action, standing: Standing, section: str = "") -> Answer:
    """What happens when somebody tries an action; `section` is the one that it touches, empty for all."""
    table, columns = (CLUSTER_TABLE, CLUSTER_COLUMNS) if action in CLUSTER_TABLE else (TABLE, COLUMNS)
    verdicts = {table[action][columns.index(relation)] for relation in standing.relations}
    if _is_met(verdicts, standing, section):
        return "yes"
    return "forbidden" if Verdict.FORBIDDEN in verdicts else "hidden"


def _is_met(verdicts: Collection[Verdict], standing: Standing, section: str) -> bool:
    return (
        Verdict.YES in verdicts
        or (Verdict.SECTION in verdicts and section != "" and section == standing.section)
        or (Verdict.CONSENT in verdicts and standing.agreed)
        or (Verdict.GLASS in verdicts and standing.glass_open)
    )


class Standpoint(Enum):
    """What a route that touches no company asks of whoever calls it."""

    ANYBODY = "anybody"
    SIGNING_IN = "somebody on the way in"
    """The pages of signing in: open to all, and to somebody whose second factor is still missing."""
    SIGNED_IN = "somebody with an account"
    MENTOR = "a mentor"
    MANAGER = "a cluster's manager"
    ADMINISTRATOR = "an administrator"


Policy = Action | Standpoint
"""What a route declares."""
