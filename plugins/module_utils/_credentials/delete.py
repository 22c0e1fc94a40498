# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Delete a credential, and see that it is gone."""

from __future__ import annotations

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import (
    confirm,
    reading_back,
    settle,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.kind import Creatable, get_if_exists
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError, AtlasError


def delete(kind: Creatable, org_id: str, identifier: str, *, see: bool = True) -> bool:
    """Delete a credential, and return whether there was one. One that is gone already is success.

    :param see: whether to read it back. Not for the task's own credential, which can read nothing afterwards, and not
        if the caller looks at many deletions together.
    :raises AtlasError: if it was refused, or the credential is still there.
    """

    def is_gone() -> bool:
        return get_if_exists(kind, org_id, identifier) is None

    try:
        confirm(lambda: kind.delete(org_id, identifier), is_gone)
    except APIError as error:
        # A kind may know what is missing by its status alone. So it is read, except for the task's own credential.
        if not kind.is_missing(error) or (see and not is_gone()):
            raise
        return False
    if not see:
        return True
    with reading_back():
        gone = settle(is_gone, bool)
    if not gone:
        raise AtlasError(
            f"Atlas accepted the deletion of the {kind.words.one} {identifier}, and it is still there. Whether parts of"
            " it are gone, such as its access list, is not known. Run the task again."
        )
    return True
