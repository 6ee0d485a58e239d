"""Words that some reader knows: a misspelt word may be mended into one of them."""

from __future__ import annotations

DOMAIN = frozenset({
    "after", "afternoon", "allergic", "allergy", "anaesthesia", "anesthesia", "another", "anybody", "anyone",
    "appointment", "april", "august", "availability", "available", "back", "before", "between", "bilateral",
    "blocking", "board", "booking", "bump", "calendar", "cancel", "change", "child", "compare", "confirm",
    "consecutive", "december", "diabetic", "difference", "earlier", "early", "either", "emergency", "emergent",
    "end", "equipment", "evening", "except", "explain", "february", "fifth", "first", "flip", "follow",
    "following", "fourth", "friday", "general", "half", "hold", "hour", "hours", "ideally", "instead",
    "insulin", "january", "july", "june", "last", "late", "later", "latex", "left", "local", "longer",
    "looking", "march", "midday", "minute", "minutes", "monday", "month", "months", "morning", "move", "mrsa",
    "negative", "neither", "next", "night", "nights", "noon", "november", "october", "opening", "option",
    "options", "patient",
    "patients", "pediatric", "pencil", "please", "positive", "possible", "possibly", "pounds", "prefer",
    "preferably", "preferred", "preventing", "procedure", "procedures", "push", "quarter", "regional",
    "release", "reschedule", "right", "robot", "saturday", "schedule", "second", "sedation", "september",
    "shorter", "spinal", "start", "stopping", "sunday", "suppose", "surgeon", "surgeons", "surgery", "swap",
    "swaps", "tentative", "tentatively", "thanks", "third", "through", "thursday", "today", "tomorrow",
    "tonight", "tuesday", "unless", "until", "urgent", "wednesday", "week", "weekday", "weekdays", "weekend",
    "weeks", "weight", "whoever", "why", "within", "without", "years",
    "anymore", "gone", "grabbed", "happened", "taken", "took", "yesterday",
})  # fmt: skip
