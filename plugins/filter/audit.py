# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters of the audit: the report document from what the modules return, and the formats of the report.

They are documented in audit.yml and audit_report.yml in this directory.
"""

from __future__ import annotations

import datetime
import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.audit import audit as make_report
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import Document
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats import render
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import AuditError
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import parse_time


def audit(
    organizations: object,
    policy: object = None,
    now: object = None,
    exceptions: object = None,
    baseline: object = None,
) -> Document:
    """Return the report document. Without `now` it is the current time."""
    time = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) if now is None else parse_time(now)
    if time is None:
        raise AnsibleFilterError(f"now must be a point in time such as 2026-11-25T06:00:00Z, and is {now!r}.")
    try:
        return make_report(organizations, time, policy, exceptions, baseline)
    except AuditError as error:
        raise AnsibleFilterError(str(error)) from error


def audit_report(document: object, format: str, columns: object = None) -> str:  # noqa: A002  # the documented name
    """Return the report as a string in one of the formats."""
    try:
        return render(document, format, columns)
    except AuditError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filters, as Ansible asks for them."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """By name, without the collection's."""
        return {"audit": audit, "audit_report": audit_report}
