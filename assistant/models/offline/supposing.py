"""What-ifs: the changes supposed, tried on the request said or on the last one."""

from __future__ import annotations

from assistant.models.offline import finding
from assistant.models.offline.finding import Talk
from assistant.models.offline.moves import Move
from assistant.models.offline.reading import Issue, Reading


def what_if(talk: Talk, r: Reading) -> Move:
    """Try the changes on the request said, or on the last one."""
    if "changes" not in r.fields and all(issue.slot != "change" for issue in r.issues):
        r.issues.insert(0, Issue("change", UNCLEAR))
    return finding.find(talk, r, "what_if")


UNCLEAR = (
    "Which change shall I try? I can suppose one more unit of equipment or of a tray set, equipment in another "
    "room, a released block, or longer room hours."
)
