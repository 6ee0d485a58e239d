"""Surgical words that mean the same inside a procedure's name."""

from __future__ import annotations

STEMS = {
    "arthroscopic": "scope", "arthroscopy": "scope", "scoping": "scope", "scopes": "scope",
    "replacement": "arthroplasty", "replacements": "arthroplasty", "replace": "arthroplasty",
    "reconstruction": "recon", "reconstruct": "recon", "reconstructive": "recon",
    "laparoscopic": "lap", "laparoscopically": "lap", "laparoscopy": "lap",
    "cholecystectomy": "chole", "gallbladder": "chole", "appendectomy": "appy", "appendix": "appy",
    "hysterectomy": "hyst", "hysterectomies": "hyst", "robotic": "robot", "robotically": "robot",
    "prostatectomy": "prostate", "tonsillectomy": "tonsil", "tonsils": "tonsil", "adenoidectomy": "adenoid",
    "adenoids": "adenoid", "fracture": "fx", "removal": "remove", "removing": "remove", "endoscopic": "endo",
    "endoscopy": "endo", "redo": "revision", "rev": "revision", "knees": "knee", "hips": "hip",
    "shoulders": "shoulder", "hernias": "hernia", "herniorrhaphy": "hernia", "cataracts": "cataract",
    "meniscus": "meniscectomy", "meniscal": "meniscectomy", "releases": "release", "repairs": "repair",
    "injections": "injection", "bunions": "bunion", "colonoscopies": "colonoscopy", "ligament": "ligament",
    "arthroplasties": "arthroplasty", "debridements": "debridement", "fusions": "fusion", "totals": "total",
    "excise": "excision", "biopsies": "biopsy", "implantation": "implant", "insertion": "insert",
}  # fmt: skip
"""Surgical words that mean the same inside a procedure's name; others stand for themselves."""

GLUE = frozenset(
    ["of", "the", "a", "an", "on", "for", "his", "her", "their", "my", "with", "in", "at", "to", "and"]
)
"""Words that may stand inside a procedure's name without belonging to it."""


def stem(word: str) -> str:
    """The word that stands for its family in a procedure's name."""
    if word in STEMS:
        return STEMS[word]
    single = word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word
    return STEMS.get(single, single)
