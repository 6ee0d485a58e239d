"""The reply when a model's own can't be shown: what the tools established, in the server's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.events import Call
from assistant.facts import offers_of

_MOST = 8


def reply(learnt: Sequence[str], calls: Sequence[Call], said: Mapping[str, str]) -> str:
    """Markers for this turn's facts and offers; a plain sentence when there are none. `said` is what each fact says."""
    learnt = [
        fact for at, fact in enumerate(learnt) if not any(said[fact] in said[one] for one in learnt[:at])
    ]
    labels = list(dict.fromkeys(offer["label"] for call in calls for offer in offers_of(call.output)))
    lines = [f"[[fact:{fact}]]" for fact in learnt[:_MOST]] + [
        f"[[offer:{label}]]" for label in labels[:_MOST]
    ]
    return (
        "\n".join(lines)
        or "I have no checked answer to that. Maybe say the surgeon, the procedure and a day."
    )
