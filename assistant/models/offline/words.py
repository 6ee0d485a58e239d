"""The small words of the request line: what carries no meaning here, what changes it, and numbers."""

from __future__ import annotations

GUARDS = frozenset({
    "above", "another", "avoid", "avoiding", "below", "besides", "but", "cant", "different", "didnt", "doesnt", "dont",
    "either", "else", "exactly", "except", "excepting", "exclude", "excluding", "fewer", "hardly", "if",
    "instead", "isnt", "least", "less", "max", "maximum", "minimum", "minus", "more", "most", "neither",
    "never", "no", "none", "nor", "not", "nothing", "only", "or", "other", "otherwise", "over", "rather",
    "same", "shouldnt", "skip", "than", "under", "unless", "until", "without", "wont",
})  # fmt: skip
"""Words that change what is asked; when no reader takes one, the user is asked about it."""

FILLERS = frozenset({
    "a", "able", "about", "accommodate", "accommodated", "actually", "add", "adding", "advance", "advise",
    "afternoon", "all", "already", "also", "am", "an", "and", "any", "anything", "anyway", "appointment",
    "appointments", "appreciate", "appreciated", "appt", "are", "around", "arrange", "arranging", "as", "asap",
    "ask", "asked", "asking", "asks", "at", "avail", "availability", "available", "basically", "be", "been",
    "begin", "begins", "being", "best", "bit", "block", "book", "booked", "booking", "bother", "bothering",
    "boy", "bring", "bringing", "btw", "by", "called", "caller", "calling", "calls", "can", "case", "cases",
    "center", "chance", "chances", "check", "checking", "cheers", "clinic", "come", "comes", "coming",
    "consider", "considering", "convenient", "could", "currently", "date", "dates", "day", "days", "dear",
    "desk", "did", "do", "doctor", "does", "doing", "done", "dr", "earliest", "elective", "er", "erm", "even",
    "f", "facility", "female", "find", "finding", "fine", "first", "fit", "folks", "for", "free", "from",
    "front", "fyi", "gal", "gap", "gaps", "gentleman", "get", "gets", "getting", "gimme", "girl", "give", "go",
    "going", "gonna", "good", "got", "gotta", "grateful", "great", "greetings", "guess", "guy", "guys", "had",
    "has", "have", "having", "he", "hed", "hello", "help", "her", "here", "heres", "hers", "hes", "hey", "hi",
    "him", "his", "hmm", "hopefully", "hopes", "hoping", "hospital", "hour", "hours", "how", "i", "id", "ideal",
    "ill", "im", "in", "into", "is", "it", "itd", "itll", "its", "ive", "just", "kind", "kindly", "know",
    "lady", "let", "lets", "like", "list", "little", "look", "looking", "lot", "love", "m", "made", "make",
    "makes", "male", "man", "manage", "many", "may", "maybe", "me", "might", "min", "mins", "minute", "minutes",
    "miss", "mister", "month", "months", "morning", "mr", "mrs", "ms", "much", "must", "my", "name", "named",
    "need", "needed", "needing", "needs", "new", "next", "now", "of", "off", "office", "ok", "okay", "old",
    "on", "one", "ones", "onto", "op", "open", "opened", "opening", "openings", "operate", "operating",
    "operation", "operations", "ops", "option", "options", "or", "organize", "our", "ours", "out", "over",
    "patient", "patients", "people", "per", "perform", "performed", "performing", "perhaps", "person", "phone",
    "phoned", "phoning", "pick", "place", "placement", "places", "plain", "plan", "planned", "planning",
    "plans", "please", "pls", "plus", "plz", "possibilities", "possibility", "possible", "possibly", "pretty",
    "probably", "procedure", "procedures", "pt", "pts", "put", "quick", "quickest", "quickly", "quite", "rang",
    "ready", "really", "referral", "referred", "regards", "regular", "request", "requested", "requesting",
    "requests", "right", "rm", "room", "rooms", "routine", "said", "says", "schedule", "scheduled", "scheduler",
    "scheduling", "search", "see", "seek", "seeking", "seems", "set", "shall", "she", "shed", "shes", "should",
    "show", "simple", "simply", "sincerely", "site", "slot", "slots", "slotted", "slotting", "so", "some",
    "somebody", "somehow", "someone", "something", "sometime", "somewhere", "soon", "soonest", "sorry", "sort",
    "space", "spot", "spots", "squeeze", "squeezed", "squeezing", "standard", "start", "starting", "starts",
    "still", "stuff", "suitable", "sure", "surgeon", "surgeons", "surgeries", "surgery", "take", "team", "tell",
    "thank", "thanks", "that", "thats", "the", "theater", "theaters", "theatre", "theatres", "their", "theirs",
    "them", "then", "there", "theres", "these", "they", "theyd", "theyll", "theyre", "theyve", "thing",
    "things", "think", "thinking", "this", "those", "thought", "thx", "time", "times", "timeslot", "to",
    "today", "too", "tried", "trouble", "try", "trying", "two", "ty", "u", "uh", "um", "undergo", "undergoing",
    "up", "ur", "us", "using", "usual", "very", "via", "w", "wanna", "want", "wanted", "wants", "was", "way",
    "we", "week", "weeks", "well", "were", "weve", "what", "whats", "when", "where", "whether", "which", "who",
    "whos", "will", "window", "windows", "wish", "wishes", "wishing", "with", "woman", "wonder", "wondering",
    "work", "working", "works", "would", "year", "years", "yo", "you", "your", "youre", "youve",
})  # fmt: skip
"""Words that may stay unread beside a request that is otherwise understood."""

SAFE_FILLERS = FILLERS - GUARDS

TITLES = frozenset({"dr", "drs", "doctor", "doc"})
PATIENT_TITLES = frozenset({"mr", "mrs", "ms", "miss", "patient", "pt", "mister"})

NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
}  # fmt: skip
