# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Ready tasks: how modules of this collection solve a finding, as YAML that a person reviews before it is run.

A task contains identifiers, role names and addresses only, never text that somebody wrote: Ansible would take such text
for a template. A value that is not of a known form means no task.
"""

from __future__ import annotations

import functools
import re
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import API_KEY, Credential

_COLLECTION: t.Final = "mongodb_atlas.admin"
_OBJECT_ID = re.compile(r"[a-f0-9]{24}")
_CLIENT_ID = re.compile(r"mdb_sa_id_[a-fA-F0-9]{24}")
_ROLE = re.compile(r"[A-Z][A-Z0-9_]*")
_NETWORK = re.compile(r"[0-9a-fA-F.:]+/[0-9]+")
_NAMES: t.Final = {API_KEY: "API key"}

Options = t.Mapping[str, t.Union[str, int, bool, t.Sequence[str]]]


def delete(credential: Credential, org_id: str) -> str | None:
    """Return a task that deletes a credential; none for the one that the audit itself uses."""
    if credential.is_caller:
        return None
    return _task(credential, org_id, "Delete the {}", "", {"state": "absent"})


def set_roles(credential: Credential, org_id: str, roles: t.Sequence[str]) -> str | None:
    """Return a task that gives a credential exactly these roles in its organization."""
    return _task(credential, org_id, "Reduce the roles of the {}", "", {"roles": roles}) if roles else None


def set_project_roles(credential: Credential, project_id: str, roles: t.Sequence[str]) -> str | None:
    """Return a task that gives a credential exactly these roles in a project, or removes it from there."""
    if not _is_object_id(project_id) or not _is_identified(credential) or not all(map(_is_role, roles)):
        return None
    options: Options = {"project_id": project_id, **_identifier(credential), "roles": roles}
    if not roles:
        options = {"project_id": project_id, **_identifier(credential), "state": "absent"}
    return _format(
        f"Reduce the roles of the {_name(credential)} in a project", f"project_{_module(credential)}", options
    )


def remove_entries(credential: Credential, org_id: str, blocks: t.Sequence[str]) -> str | None:
    """Return a task that removes blocks from an access list. None if the list would be empty."""
    is_kept = any(entry.block and entry.block.text not in blocks for entry in credential.access_list or [])
    if not is_kept or not all(map(_NETWORK.fullmatch, blocks)):
        return None
    options: Options = {"entries": blocks, "state": "absent"}
    return _task(credential, org_id, "Remove entries from the access list of the {}", "_access_list", options)


def restrict(credential: Credential, org_id: str, blocks: t.Sequence[str]) -> str | None:
    """Return a task that makes an access list exactly these blocks."""
    if not blocks or not all(map(_NETWORK.fullmatch, blocks)):
        return None
    options: Options = {"entries": blocks, "purge": True}
    return _task(credential, org_id, "Restrict the access list of the {}", "_access_list", options)


def delete_secret(credential: Credential, org_id: str, secret_id: str) -> str | None:
    """Return a task that deletes a secret of a service account."""
    if not _OBJECT_ID.fullmatch(secret_id):
        return None
    return _task(
        credential, org_id, "Delete a secret of the {}", "_secret", {"state": "absent", "secret_id": secret_id}
    )


def add_secret(
    credential: Credential, org_id: str, hours: int, remaining: int, *, remove_expired: bool = False
) -> str | None:
    """Return a task that adds a secret to a service account, and writes it to a file next to the playbook.

    :param remaining: for how many more hours a secret must live for none to be due.
    :param remove_expired: whether expired secrets are in the way.
    """
    options: Options = {
        "expires_after_hours": hours,
        "min_remaining_hours": remaining,
        "secret_file": f"{credential.id}.json",
        **({"remove_expired": True} if remove_expired else {}),
    }
    return _task(credential, org_id, "Add a secret to the {}", "_secret", options)


def _task(credential: Credential, org_id: str, name: str, suffix: str, options: Options) -> str | None:
    roles = options.get("roles", ())
    if not _is_identified(credential) or not _is_object_id(org_id):
        return None
    if isinstance(roles, (list, tuple)) and not all(map(_is_role, roles)):
        return None
    given: Options = {"org_id": org_id, **_identifier(credential), **options}
    return _format(name.format(_name(credential)), f"org_{_module(credential)}{suffix}", given)


@functools.lru_cache(maxsize=4096)
def _is_object_id(text: str) -> bool:
    return _OBJECT_ID.fullmatch(text) is not None


@functools.lru_cache(maxsize=4096)
def _is_role(text: str) -> bool:
    return _ROLE.fullmatch(text) is not None


def _is_identified(credential: Credential) -> bool:
    """Return whether a task may name the credential. One that the system manages is not for people to change."""
    pattern = _OBJECT_ID if credential.kind == API_KEY else _CLIENT_ID
    return not credential.system_managed and pattern.fullmatch(credential.id) is not None


def _module(credential: Credential) -> str:
    return "api_key" if credential.kind == API_KEY else "service_account"


def _name(credential: Credential) -> str:
    return f"{_NAMES.get(credential.kind, 'service account')} {credential.id}"


def _identifier(credential: Credential) -> dict[str, str]:
    return {"api_user_id" if credential.kind == API_KEY else "service_account_id": credential.id}


def _format(name: str, module: str, options: Options) -> str:
    lines = [f"- name: {name}", f"  {_COLLECTION}.{module}:"]
    for option, value in options.items():
        if isinstance(value, (list, tuple)):
            lines += [f"    {option}:", *(f"      - {_scalar(each)}" for each in value)]
        else:
            lines.append(f"    {option}: {_scalar(value)}")
    return "\n".join([*lines, ""])


def _scalar(value: object) -> str:
    """Return a value in YAML. An identifier of digits alone would be read as a number."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) and (value[0].isdigit() or ":" in value) else str(value)
