# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Names and descriptions that Atlas takes with some characters only."""

from __future__ import annotations

import unicodedata

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown

# The reference's pattern for service accounts is ^[\p{L}\p{N}\-_.,' ]*$. Python's isalnum is \p{L} and \p{N}.
_PUNCTUATION = "-_.,' "


def check_text(option: str, text: str, max_length: int) -> None:
    """Refuse a name or a description that Atlas does not accept for a service account.

    :param option: the option that contains it, for the message.
    :param max_length: in characters.
    :raises UsageError: with the option, its value, and the first character that is not allowed and its place.
    """
    if not 0 < len(text) <= max_length:
        raise UsageError(f"{option} is {len(text)} characters long; it must be 1 to {max_length} characters long.")
    for place, character in enumerate(text, start=1):
        if character not in _PUNCTUATION and not character.isalnum():
            raise UsageError(
                f"{option} is {shown(text, 300)}; character {place} is {_describe(character)}, which Atlas does not"
                " allow here. Use letters, digits, spaces and - _ . , '."
            )
    if text != text.strip():
        raise UsageError(f"{option} is {shown(text, 300)}; remove the white space at its ends.")


def _describe(character: str) -> str:
    """Return a character for a message: itself if it can be seen, else its name or its code point."""
    if character.isprintable() and not unicodedata.category(character).startswith("M"):
        return repr(character)
    return unicodedata.name(character, f"U+{ord(character):04X}")
