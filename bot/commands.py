"""Every feature with its commands and buttons, and the order of the menu."""

from handlers.appeal.feature import APPEAL
from handlers.audit.feature import AUDIT
from handlers.bulletin.feature import BULLETIN
from handlers.correct.feature import CORRECT
from handlers.criteria.feature import CRITERIA
from handlers.deduct.feature import DEDUCT
from handlers.evidence.feature import EVIDENCE
from handlers.export.feature import EXPORT
from handlers.filings.feature import FILINGS
from handlers.frame.routes import Command, Press
from handlers.groups.feature import GROUPS
from handlers.help.feature import HELP
from handlers.imports.feature import IMPORTS
from handlers.inspect.feature import INSPECT
from handlers.method.feature import METHOD
from handlers.months.feature import MONTHS
from handlers.officers.feature import OFFICERS
from handlers.people.feature import PEOPLE
from handlers.pushes.feature import PUSHES
from handlers.quarter.feature import QUARTER
from handlers.reports.feature import REPORTS
from handlers.roster.feature import ROSTER
from handlers.settings.feature import SETTINGS
from handlers.uploads import UPLOADS

FEATURES = (
    DEDUCT,
    IMPORTS,
    CORRECT,
    REPORTS,
    INSPECT,
    QUARTER,
    EVIDENCE,
    APPEAL,
    OFFICERS,
    MONTHS,
    ROSTER,
    METHOD,
    EXPORT,
    BULLETIN,
    SETTINGS,
    PUSHES,
    CRITERIA,
    FILINGS,
    GROUPS,
    AUDIT,
    PEOPLE,
    HELP,
    UPLOADS,
)

_MENU = (
    "deduct", "import", "undo", "correct", "mine", "done", "progress", "submit", "confirm",
    "return", "publish", "extend", "lead", "score", "rank", "trend", "heat", "losses",
    "compare", "why", "log", "evidence", "appeal", "appeals", "officer", "month", "monthly",
    "returns", "roster", "method", "export", "bulletin", "settings", "pushes", "criteria", "file",
    "filings", "bind", "audit", "invite", "people", "remove", "whoami", "help", "start",
)  # fmt: skip

COMMANDS: tuple[Command, ...] = tuple(
    sorted(
        (command for feature in FEATURES for command in feature.commands),
        key=lambda command: _MENU.index(command.name),
    )
)
"""Every command, in the order of the menu."""

PRESSES: tuple[Press, ...] = tuple(press for feature in FEATURES for press in feature.presses)
"""Every button by its verb."""
