"""The corpus written out: families filled with words, seeded, and the requests written by hand."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

from evals.corpus.requests import HALVES, Request, lines_of, path_of
from evals.corpus.words import CLINICS, Fields, Fill, Words, by_hand, families

_SLOT = re.compile(r"\{(\w+)\}")
_LISTS = {
    "d": "days", "d2": "days", "g": "ranges", "h": "hours", "u": "durations", "f": "patients", "side": "sides",
    "c": "counts", "e": "equipment", "fol": "follows", "blk": "blocks", "chg": "changes", "tow": "towers",
    "rel": "releases", "hrs": "hours_changes",
}  # fmt: skip
_WINDOWED = frozenset({"find_slots", "explain", "what_if"})


def half_of(half: str) -> list[Request]:
    """Every request of a half, in a fixed order."""
    words = {name: Words.of(name) for name in CLINICS}
    made = [
        request for family in families(half) for name in CLINICS for request in _drawn(family, words[name])
    ]
    return made + list(_by_hand(half, words))


def _by_hand(half: str, words: Mapping[str, Words]) -> Iterator[Request]:
    for n, row in enumerate(by_hand(half)):
        now = words[row["clinic"]].now.isoformat(timespec="minutes")
        yield Request(
            id=f"hand-{half}-{n}", family=row["family"], clinic=row["clinic"], now=now,
            before=tuple(row.get("before", ())), text=row["text"], expect=row["expect"],
            may_ask=bool(row.get("may_ask")),
        )  # fmt: skip


def _drawn(family: Mapping[str, Any], words: Words) -> Iterator[Request]:
    """`n` different requests of a family, in one clinic's words."""
    random, seen, tries = Random(f"{family['name']} {words.name}"), set[str](), 0
    want = int(family["n"]) * (len(family["texts"]) if int(family["n"]) <= 2 else 1)
    while len(seen) < want and tries < want * 20:
        text = family["texts"][tries % len(family["texts"])]
        tries += 1
        request = _Draw(family, words, random).request(text, len(seen))
        if " ".join((*request.before, request.text)) not in seen:
            seen.add(" ".join((*request.before, request.text)))
            yield request


class _Draw:
    """One request: its slots filled, the fields collected in the order of being said."""

    def __init__(self, family: Mapping[str, Any], words: Words, random: Random) -> None:
        self.family, self.words, self.random = family, words, random
        self.fills: dict[str, Fill] = {}
        everything = " ".join((*family.get("before", ()), *family["texts"]))
        self.surgeon = self._surgeon(everything)
        pool = words.procedures_of(self.surgeon, bool(family.get("sided")))
        self.procedure = random.choice(pool)

    def _surgeon(self, everything: str) -> str | None:
        if "{s}" not in everything or self.family.get("own") is False:
            return None
        able = [s for s in self.words.surgeons() if self._able(s, everything)]
        return self.random.choice(able)

    def _able(self, surgeon: str, everything: str) -> bool:
        held = self.words.procedures_of(surgeon, bool(self.family.get("sided")))
        if "{typo}" in everything:
            held = [p for p in held if p in self.words.said["misspelt"]]
        if "{code}" in everything:
            held = [p for p in held if p in self.words.said["codes"]]
        return len(held) > (1 if "{p2}" in everything else 0)

    def request(self, text: str, number: int) -> Request:
        before = tuple(self._filled(line) for line in self.family.get("before", ()))
        said = self._filled(text)
        return Request(
            id=f"{self.family['name']}-{self.words.name}-{number}", family=self.family["name"],
            clinic=self.words.name, now=self.words.now.isoformat(timespec="minutes"), before=before, text=said,
            expect=self._expect(), may_ask=bool(self.family.get("either")),
        )  # fmt: skip

    def _filled(self, line: str) -> str:
        return _SLOT.sub(lambda slot: self._fill(slot[1]).text, line)

    def _fill(self, slot: str) -> Fill:
        if slot not in self.fills:
            self.fills[slot] = self._draw(slot)
        return self.fills[slot]

    def _draw(self, slot: str) -> Fill:
        if slot in _LISTS:
            return self._other_day() if slot == "d2" else self.words.listed(_LISTS[slot], self.random)
        drawn: Fill = getattr(self, f"_slot_{slot}")()
        return drawn

    def _other_day(self) -> Fill:
        taken = self.fills["d"].fields if "d" in self.fills else {}
        while True:
            fill = self.words.listed("days", self.random)
            if fill.fields != taken:
                return fill

    def _slot_s(self) -> Fill:
        surgeon = self.surgeon or self.random.choice(self.words.surgeons())
        return Fill(self.random.choice(self.words.said["surgeons"][surgeon]), {"surgeon": surgeon}, surgeon)

    def _slot_s2(self) -> Fill:
        other = self.random.choice([s for s in self.words.surgeons() if s != self.surgeon])
        return Fill(self.words.said["surgeons"][other][0], {}, other)

    def _slot_p(self) -> Fill:
        return Fill(
            self.random.choice(self.words.said["procedures"][self.procedure]), {"procedure": self.procedure}
        )

    def _slot_p2(self) -> Fill:
        other = self.random.choice([p for p in self.words.procedures_of(self.surgeon) if p != self.procedure])
        text = self.random.choice(self.words.said["procedures"][other])
        return Fill(text, {"additional_procedures": [other]})

    def _slot_typo(self) -> Fill:
        return self._of("misspelt")

    def _slot_code(self) -> Fill:
        return self._of("codes")

    def _of(self, key: str) -> Fill:
        known = self.words.said[key]
        able = [p for p in self.words.procedures_of(self.surgeon) if p in known]
        procedure = self.random.choice(able)
        texts = known[procedure]
        return Fill(texts if isinstance(texts, str) else self.random.choice(texts), {"procedure": procedure})

    def _slot_r(self) -> Fill:
        room = self.random.choice(list(self.words.said["rooms"]))
        return Fill(self.random.choice(self.words.said["rooms"][room]), {"room": room})

    def _slot_xh(self) -> Fill:
        text, at = self.random.choice(self.words.said["exact_hours"])
        return Fill(text, {"at": at})

    def _slot_fam(self) -> Fill:
        return Fill(self.random.choice(self.words.said["families"]), {})

    def _slot_x(self) -> Fill:
        return Fill(self.random.choice(self.words.said["strangers"]), {})

    def _slot_no(self) -> Fill:
        return Fill(self.random.choice(self.words.said["impossible"])[0], {})

    def _slot_why(self) -> Fill:
        text, reason = self.random.choice(self.words.said["reasons"])
        return Fill(text, {"reason": reason})

    def _slot_case(self) -> Fill:
        case, text = self.words.case(self.random)
        return Fill(text, {"case": case.id})

    def _slot_mcase(self) -> Fill:
        case, text = self.words.case(self.random)
        more = [*case.additional_procedures]
        fields = {"replaces": case.id, "procedure": case.procedure, "surgeon": case.surgeon}
        return Fill(text, {**fields, **({"additional_procedures": more} if more else {})})

    def _expect(self) -> Fields:
        family = self.family
        if family.get("says"):
            return {"says": True}
        if "asks" in family:
            return {"asks": family["asks"]}
        if "book" in family:
            return {"books": f"A{family['book']}"}
        tool = family.get("tool", "find_slots")
        return {"tool": tool, "input": self._input(tool)}

    def _input(self, tool: str) -> Fields:
        fields: Fields = {}
        if tool in {"propose", "compare_offers"}:  # the offer stands for the request before it
            slots = [slot for slot in self.fills if slot in {"case", "why", "blk"}]
        else:
            slots = list(self.fills)
        for slot in slots:
            fields |= {} if slot in {"side", "s2"} else self.fills[slot].fields
        fields |= self.family.get("fields", {})
        fields |= self._left_out(fields)
        for gone in self.family.get("drop", ()):
            fields.pop(gone, None)
        return self._shaped(tool, fields)

    def _left_out(self, fields: Fields) -> Fields:
        """What a family leaves out: its room, or every surgeon but the two that it names."""
        out = self.family.get("leaves_out")
        if out == "room":
            return {"exclude_rooms": [fields.pop("room")]}
        if out == "others":
            named = {fields.pop("surgeon"), self.fills["s2"].own}
            return {"exclude_surgeons": sorted(set(self.words.surgeons()) - named)}
        return {}

    def _shaped(self, tool: str, fields: Fields) -> Fields:
        if tool in _WINDOWED and "date_from" not in fields:
            last = self.words.now.date() + dt.timedelta(days=13)
            fields |= {"date_from": self.words.now.date().isoformat(), "date_to": last.isoformat()}
        if tool == "check_slot":
            day = fields.pop("date_from")
            fields.pop("date_to")
            fields["at"] = f"{day}T{fields['at']}"
        if self.family.get("wrapped"):
            changes = fields.pop("changes")
            return {"request": fields, "changes": changes}
        return fields


def write(half: str) -> Path:
    """Write a half's file; the reporting half's hash beside it."""
    path, body = path_of(half), lines_of(half_of(half))
    path.write_text(body, encoding="utf-8")
    if half == "reporting":
        seal = hashlib.sha256(body.encode()).hexdigest()
        path.with_suffix(".sha256").write_text(f"{seal}  {path.name}\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    for each in HALVES:
        write(each)
