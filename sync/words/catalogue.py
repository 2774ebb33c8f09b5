"""Reading a catalogue: the text of a `.po` file becomes sentence -> sentence."""

from collections.abc import Mapping

from babel.messages.pofile import read_po

Catalogue = Mapping[str, str]


def read_catalogue(text: str) -> Catalogue:
    """The finished translations in the text of a `.po` file."""
    return {
        str(message.id): str(message.string)
        for message in read_po(text.splitlines())
        if message.id and message.string and not message.fuzzy
    }
