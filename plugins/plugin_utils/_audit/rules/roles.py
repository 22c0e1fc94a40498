# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Rules about what a credential may do."""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import Credential, Organization
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.roles import ORG_OWNER, PROJECT_OWNER
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules import controls, tasks
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import (
    Context,
    Problem,
    Problems,
    credential_rule,
    organization_rule,
    some,
)


def owned(credential: Credential) -> t.Iterator[tuple[str, str]]:
    """Yield what a credential owns, as details name it, and in words: the organization, and projects."""
    if ORG_OWNER in credential.org_roles:
        yield ORG_OWNER, "the organization"
    for project in credential.projects or []:
        if PROJECT_OWNER in project.roles:
            yield project.id, f"the project {project.name or project.id}"


@credential_rule(
    "high",
    title="Organization Owner",
    meaning="The credential has the role ORG_OWNER: it can do everything in the organization and in all its projects,"
    " and create further credentials.",
    remediation="Give it the roles that its task needs, in the projects that it works on, and take ORG_OWNER away.",
    needs=("roles",),
    controls=controls.OWNERS,
)
def org_owner(credential: Credential, context: Context) -> Problems:
    """ORG_OWNER is among the roles."""
    if ORG_OWNER in credential.org_roles:
        left = [role for role in credential.org_roles if role != ORG_OWNER] or ["ORG_MEMBER"]
        yield Problem("It has ORG_OWNER.", task=tasks.set_roles(credential, context.organization.id, left))


@credential_rule(
    "low",
    title="Project Owner",
    meaning="The credential has the role GROUP_OWNER in a project: it can do everything there, deleting clusters and"
    " data included.",
    remediation="Replace GROUP_OWNER with the roles that its task needs in the project.",
    needs=("projects",),
    controls=controls.LEAST_PRIVILEGE,
)
def project_owner(credential: Credential, context: Context) -> Problems:
    """GROUP_OWNER is among the roles in a project."""
    for project in credential.projects or []:
        if PROJECT_OWNER in project.roles:
            left = [role for role in project.roles if role != PROJECT_OWNER]
            task = tasks.set_project_roles(credential, project.id, left) if left else None
            yield Problem(f"It has GROUP_OWNER in {project.name or project.id}.", project.id, task=task)


@credential_rule(
    "medium",
    title="Privileged role",
    meaning="The credential has a role that reaches data, database users, clusters, backups, the creation of projects"
    " or billing: {privileged_roles}.",
    remediation="Check that its task needs the role, and take the role away if not.",
    needs=("roles", "projects"),
    controls=controls.LEAST_PRIVILEGE,
)
def privileged_role(credential: Credential, context: Context) -> Problems:
    """Find a role that is in the policy's list."""
    privileged = context.policy.privileged
    for role in credential.org_roles:
        if role in privileged:
            left = [each for each in credential.org_roles if each not in privileged] or ["ORG_MEMBER"]
            # Run after the task of org_owner, a list with the owner's role would give that role back.
            task = None if ORG_OWNER in left else tasks.set_roles(credential, context.organization.id, left)
            yield Problem(f"It has {role}.", role, task=task)
    for project in credential.projects or []:
        for role in project.roles:
            if role in privileged:
                left = [each for each in project.roles if each not in privileged]
                is_kept = left and PROJECT_OWNER not in left  # as above, and an empty list means removal
                task = tasks.set_project_roles(credential, project.id, left) if is_kept else None
                yield Problem(f"It has {role} in {project.name or project.id}.", f"{project.id} {role}", task=task)


@credential_rule(
    "high",
    title="New owner",
    meaning="The credential owns the organization or a project, and did not at the baseline. It is reported until it is"
    " accepted or acknowledged, or until it is not an owner any more.",
    remediation="Find out who gave it the role, and why. Then accept it, or take the role away.",
    needs=("roles", "projects", "owners"),
    controls=controls.OWNERS,
    applies=lambda _credential, context: context.owners is not None,
)
def new_owner(credential: Credential, context: Context) -> Problems:
    """Find what a credential owns now and did not own at the baseline, or what was new at the baseline and still is."""
    owners = context.owners
    if owners is None or credential.kind not in owners.by_kind:
        return
    before = owners.by_kind[credential.kind]
    for detail, what in owned(credential):
        owner = f"{credential.id} {detail}"
        if owner not in before or owner in owners.still_new:
            yield Problem(f"It owns {what}, and did not at an earlier audit.", detail)


@organization_rule(
    "medium",
    title="Too many owners",
    meaning="More than {most_owners} credentials have the role ORG_OWNER in the organization.",
    remediation="Take ORG_OWNER away from those whose task needs less.",
    needs=("api_keys", "service_accounts", "roles"),
    controls=controls.OWNERS,
)
def too_many_owners(organization: Organization, context: Context) -> Problems:
    """More credentials than the policy allows have ORG_OWNER."""
    owners = [credential for credential in organization.credentials if ORG_OWNER in credential.org_roles]
    if len(owners) > context.policy.most_owners:
        kinds = collections.Counter(credential.kind for credential in owners)
        names = some(sorted(credential.subject for credential in owners))
        counts = f"{kinds['api_key']:,} API keys and {kinds['service_account']:,} service accounts"
        yield Problem(f"{counts} have ORG_OWNER, more than {context.policy.most_owners:,} in all: {names}.")
