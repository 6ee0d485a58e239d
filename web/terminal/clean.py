"""Text from elsewhere, made harmless to a terminal."""


def clean(text: str) -> str:
    """`text` without what a terminal would obey: escapes, control and direction characters become spaces."""
    return "".join(letter if letter in "\n\u00a0" or letter.isprintable() else " " for letter in text)
