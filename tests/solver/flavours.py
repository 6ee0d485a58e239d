"""What a random clinic lacks for a rule to have something to say: a flavour a rule, laid over any of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from solver.request import Patient
from tests.solver.strategies import PEOPLE, WEEK, Record, weekly

REF = "pat"


@dataclass
class Flavoured:
    """A clinic file in the making, the day that is asked about, and what is asked."""

    data: Record
    day: date
    request: Record
    patient: Patient | None = None
    booked: list[Record] = field(default_factory=list)

    def rule(self, id_: str, level: str | None = None, **params: Any) -> None:
        """Sets a rule's parameters."""
        self.data["rules"][id_] = {"params": params} | ({"level": level} if level else {})

    def procedures(self, **more: Any) -> None:
        """Adds to both procedures."""
        for procedure in self.data["procedures"].values():
            procedure.update(more)

    def everyone(self, **more: Any) -> None:
        """Adds to everyone's record."""
        for person in self.data["staff"].values():
            person.update(more)

    def case(self, clock: str, days: int = 0, **more: Any) -> Record:
        """One more booked case, with everyone that it could have."""
        team = [{"role": role, "resource": id_} for id_, role in PEOPLE.items() if id_.endswith("1")]
        made = {
            "id": f"extra-{len(self.booked)}", "procedure": "p", "surgeon": "s1", "room": "r1",
            "start": f"{self.day + timedelta(days=days)}T{clock}", "minutes": 45, "anesthesia": "general",
            "team": team, "status": "booked",
        }  # fmt: skip
        self.booked.append(made | more)
        return self.booked[-1]

    def flagged(self, *flags: str) -> None:
        """A known patient with these flags, who is in the book already where a case is given to them."""
        self.patient = Patient(REF, age=40, weight_kg=70, bmi=25, asa=2, flags=frozenset(flags))


def _team(f: Flavoured, *needs: Record) -> None:
    for procedure in f.data["procedures"].values():
        procedure["team"] = [*needs]


def _nobody(role: str) -> Callable[[Flavoured], None]:
    """Nobody in the clinic works in that role."""

    def apply(f: Flavoured) -> None:
        _team(f, {"role": role})
        for person in f.data["staff"].values():
            if person["role"] == role:
                person["role"] = "porter"
            person["roles_also"] = [also for also in person.get("roles_also", []) if also != role]

    return apply


def _equipped(f: Flavoured, **more: Any) -> None:
    f.data["equipment"]["arm"] |= more
    f.procedures(equipment=["arm"])


def _stay(kind: str) -> Callable[[Flavoured], None]:
    """Both procedures have a stay in a bay of its own that is taken in the morning."""

    def apply(f: Flavoured) -> None:
        f.data["bays"]["stay"] = {"name": "Stay", "units": 1, "hours": weekly("00:00-24:00")}
        f.procedures(**{kind: {"bay": "stay", "minutes": 240}})
        f.case("08:00")

    return apply


def _known(f: Flavoured, **more: Any) -> None:
    f.data["readiness"] = {REF: more}
    f.flagged("blood-thinner")


def _supervised(f: Flavoured) -> None:
    _team(f, {"role": "anesthesiologist", "supervises": True})
    f.case("09:00", team=[{"role": "anesthesiologist", "resource": "a1"}])
    f.case("09:00", team=[{"role": "anesthesiologist", "resource": "a2"}], room="r2", surgeon="s2")


def _first_case(f: Flavoured) -> None:
    f.rule("first-case", not_before=dict.fromkeys(WEEK, "09:00"))


def _arrival(f: Flavoured) -> None:
    f.everyone(arrival_minutes=30)
    f.case("07:00")


def _to_follow(arrangement: str) -> Callable[[Flavoured], None]:
    def apply(f: Flavoured) -> None:
        f.case("07:00")
        f.request |= {"after_case": "extra-0", "arrangement": arrangement, "surgeon": "s1"}

    return apply


def _flip(f: Flavoured) -> None:
    f.procedures(critical={"from": 10, "until": -10})
    f.case("08:00")


def _stages(f: Flavoured) -> None:
    f.procedures(stage_gap_days=3)
    f.case("08:00", days=-2, patient={"ref": REF})
    f.flagged()


def _early(f: Flavoured) -> None:
    f.rule("early-case", "hard", before="09:00")
    f.flagged("diabetic")


def _latex(f: Flavoured) -> None:
    f.rule("latex-first", applies=True)
    f.case("08:00")
    f.flagged("latex")


def _infection(f: Flavoured) -> None:
    f.rule("infection-order", clean_minutes=45)
    f.case("08:00", patient={"flags": ["mrsa"]})
    f.flagged("c-diff")


def _pediatric(f: Flavoured) -> None:
    f.rule("pediatric-anesthesia", certification="cert")
    _team(f, {"role": "anesthesiologist"})
    f.patient = Patient(REF, age=4)


def _anesthesia_type(f: Flavoured) -> None:
    f.rule("anesthesia-type", certification={"general": "cert"})
    _team(f, {"role": "anesthesiologist"})


def _supervision(f: Flavoured) -> None:
    f.rule("anesthesia-supervision", most_rooms=1)
    _supervised(f)


def _staggered(f: Flavoured) -> None:
    f.rule("staggered-induction", "hard", minutes=20)
    _supervised(f)


def _overtime(f: Flavoured) -> None:
    f.rule("overtime", "hard", week_minutes=60)
    _team(f, {"role": "scrub"})
    f.case("08:00")


def _breaks(f: Flavoured) -> None:
    f.rule("breaks", after_minutes=60)
    _team(f, {"role": "scrub"})
    f.case("08:00")


def _rest(f: Flavoured) -> None:
    f.rule("rest", hours=14)
    _team(f, {"role": "scrub"})
    f.case("19:00", days=-1)


def _called(f: Flavoured) -> None:
    f.everyone(calls=[str(f.day - timedelta(days=1))])


def _laser(f: Flavoured) -> None:
    _equipped(f, laser=True)
    f.rule("laser-safety", certification="cert")


def _robot(f: Flavoured) -> None:
    _equipped(f, assist="cert", setup_minutes=30)
    f.case("08:00")


def _radiation(f: Flavoured) -> None:
    _equipped(f, radiation=True)
    f.data["staff"]["s1"]["restrictions"] = [{"id": "radiation"}]


def _steriliser(f: Flavoured) -> None:
    f.rule("steriliser-load", machines=1, sets_per_load=1)
    f.procedures(trays=["set"])
    f.case("08:00")


def _pacu_nurses(f: Flavoured) -> None:
    f.data["bays"]["pacu"]["nurses"] = [{"hours": weekly("00:00-24:00"), "count": 2}]
    f.rule("pacu-nurses", patients_per_nurse=1, least=1)
    f.procedures(recovery={"bay": "pacu", "minutes": {"general": 75, "local": 30}})
    f.case("08:00")
    f.case("08:00", room="r2", surgeon="s2")
    f.data["bays"]["pacu"]["units"] = 6


def _same_patient(f: Flavoured) -> None:
    f.case("08:00", patient={"ref": REF})
    f.flagged()


def _limits(f: Flavoured) -> None:
    f.patient = Patient(REF, age=40, weight_kg=70, bmi=25, asa=5)


def _consent(f: Flavoured) -> None:
    f.procedures(consent={"min_days": 3, "max_days": 30})
    _known(f)


def _anticoagulant(f: Flavoured) -> None:
    f.procedures(anticoagulant_days=5)
    _known(f, anticoagulant_stopped=str(f.day - timedelta(days=2)))


def _history(f: Flavoured) -> None:
    f.rule("history-and-physical", days=30)
    _known(f, history_on=str(f.day - timedelta(days=40)))


def _authorisation(f: Flavoured) -> None:
    f.procedures(authorisation=True)
    _known(f)


def _reserve(f: Flavoured) -> None:
    f.rule("emergency-reserve", "hard", rooms=1)
    f.case("08:00")


def _power(f: Flavoured) -> None:
    f.rule("emergency-power", "hard", anesthesia=["general"])


FLAVOURS: dict[str, Callable[[Flavoured], None]] = {
    "first-case": _first_case, "surgeon-arrival": _arrival, "follows": _to_follow("any"),
    "back-to-back": _to_follow("back-to-back"), "flip-rooms": _flip, "stage-gap": _stages, "early-case": _early,
    "latex-first": _latex, "infection-order": _infection, "pediatric-anesthesia": _pediatric,
    "anesthesia-type": _anesthesia_type, "anesthesia-supervision": _supervision, "staggered-induction": _staggered,
    "anesthesia-provider": _nobody("anesthesiologist"), "circulator": _nobody("circulator"),
    "scrub": _nobody("scrub"), "first-assist": _nobody("first-assist"), "vendor-present": _nobody("vendor"),
    "equipment-operator": lambda f: _equipped(f, operator={"role": "perfusionist"}),
    "overtime": _overtime, "breaks": _breaks, "rest": _rest, "post-call": _called, "laser-safety": _laser,
    "robot": _robot, "radiation": _radiation, "steriliser-load": _steriliser,
    "implant-lead": lambda f: f.procedures(implant_lead_days=12), "pacu-nurses": _pacu_nurses,
    "phase-two": _stay("phase_two"), "preop-bay": _stay("preop"), "inpatient-bed": _stay("ward"),
    "patient-occupancy": _same_patient, "patient-limits": _limits,
    "fasting": lambda f: _known(f, last_meal=f"{f.day}T04:00"), "history-and-physical": _history,
    "consent": _consent, "authorisation": _authorisation, "anticoagulant": _anticoagulant,
    "horizon": lambda f: f.rule("horizon", days=3), "freeze": lambda f: f.rule("freeze", days_before=1, after="06:00"),
    "emergency-reserve": _reserve, "emergency-power": _power,
}  # fmt: skip
"""Rule id -> what to lay over a clinic so that the rule has something to say."""
