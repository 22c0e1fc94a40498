#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: project_info
short_description: Read the projects of a MongoDB Atlas organization
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Returns one project, the projects of an organization, or all projects that the credentials can see, as the Atlas
    Administration API gives them.
  - The API calls projects groups. The roles of API keys and service accounts name them by their ID only
    (RV(mongodb_atlas.admin.org_api_key_info#module:api_key.roles[].group_id)); this module finds their names.
  - The requesting API key or service account needs the role Organization Member in the organization.
extends_documentation_fragment:
  - mongodb_atlas.admin._auth
  - mongodb_atlas.admin._connection
  - mongodb_atlas.admin._attributes
  - mongodb_atlas.admin._attributes.info_module
options:
  project_id:
    description:
      - The ID of one project, 24 hexadecimal digits in lower case. Without it, all projects are returned.
    type: str
    aliases:
      - group_id
  org_id:
    description:
      - The ID of the organization whose projects are returned, 24 hexadecimal digits in lower case. Without it, all
        projects that the credentials can see are returned.
      - If it is not given, the environment variable E(MONGODB_ATLAS_ORG_ID) is used.
      - It is ignored with O(project_id).
    type: str
  name:
    description:
      - What the names of the projects begin with. Atlas itself filters.
      - It needs O(org_id), because Atlas' reference has this filter only for the projects of an organization. That
        reference is all that is known of the filter; it was not tried with the real Atlas.
      - It is mutually exclusive with O(project_id).
    type: str
notes:
  - Projects come in pages of 500. If projects are created or deleted while the pages are read, others move from page to
    page. One that comes twice is returned once.
seealso:
  - module: mongodb_atlas.admin.org_info
    description: Find the ID of the organization that the credentials belong to.
  - module: mongodb_atlas.admin.org_api_key_info
    description: Read the API keys of an organization.
"""

EXAMPLES = r"""
- name: Read the projects of an organization
  mongodb_atlas.admin.project_info:
    public_key: gswvkocq
    private_key: "{{ vault_atlas_private_key }}"
    org_id: a0123456789abcdef012345a
  register: found

- name: Show their names
  ansible.builtin.debug:
    msg: "{{ found.projects | map(attribute='name') | list }}"

- name: Read those whose names begin with a certain text
  mongodb_atlas.admin.project_info:
    public_key: gswvkocq
    private_key: "{{ vault_atlas_private_key }}"
    org_id: a0123456789abcdef012345a
    name: web

- name: Read one project
  mongodb_atlas.admin.project_info:
    public_key: gswvkocq
    private_key: "{{ vault_atlas_private_key }}"
    project_id: b0123456789abcdef012345b

- name: Read an API key
  mongodb_atlas.admin.org_api_key_info:
    public_key: gswvkocq
    private_key: "{{ vault_atlas_private_key }}"
    org_id: a0123456789abcdef012345a
    api_user_id: 6a793f752c88faeba59bba49
  register: result

- name: Show in which projects it has which roles, with the names of the projects
  ansible.builtin.debug:
    msg: "{{ names[item.group_id] | default(item.group_id) }}: {{ item.role_name }}"
  loop: "{{ result.api_key.roles | selectattr('group_id', 'defined') | list }}"
  vars:
    names: "{{ found.projects | items2dict(key_name='id', value_name='name') }}"
"""

RETURN = r"""
projects:
  description:
    - The projects, in Atlas' order. Each is as RV(project) describes.
  returned: success, without O(project_id)
  type: list
  elements: dict
project:
  description:
    - The project, with every field that Atlas returns, named in snake case. Atlas promises none of them, and may add
      more.
  returned: success, with O(project_id)
  type: dict
  contains:
    id:
      description: The ID of the project.
      type: str
      sample: b0123456789abcdef012345b
    name:
      description: The name of the project.
      type: str
      sample: web shop
    org_id:
      description: The organization that the project belongs to.
      type: str
      sample: a0123456789abcdef012345a
    created:
      description: When the project was created.
      type: str
      sample: '2026-08-10T03:05:16Z'
    cluster_count:
      description: How many clusters it has.
      type: int
      sample: 0
    tags:
      description: The tags of the project.
      type: list
      elements: dict
      sample:
        - key: environment
          value: production
    with_default_alerts_settings:
      description: Whether it was created with Atlas' default alert settings.
      type: bool
      sample: true
    links:
      description: Addresses of the project, and of what belongs to it, in the API. In a list, only its own.
      type: list
      elements: dict
      sample:
        - href: https://cloud.mongodb.com/api/atlas/v2/groups/b0123456789abcdef012345b
          rel: self
complete:
  description:
    - Whether these are all. It is V(false), with a warning, if fewer came than Atlas counts, even when asked again.
  returned: success
  type: bool
  sample: true
status:
  description:
    - The HTTP status of the response.
  returned: failure, if there was a response
  type: int
  sample: 404
error_code:
  description:
    - The Atlas error code, for C(rescue) and C(failed_when). Older responses have none.
  returned: failure, if Atlas refused the request
  type: str
  sample: API_KEY_NOT_FOUND
reason:
  description:
    - The meaning of the status.
  returned: failure, if Atlas refused the request
  type: str
  sample: Not Found
detail:
  description:
    - Atlas' description of the error.
  returned: failure, if Atlas refused the request
  type: str
  sample: There is no such API key in this organization.
parameters:
  description:
    - The error parameters, strings and numbers.
  returned: failure, if Atlas refused the request
  type: list
  elements: raw
  sample: ['6a793f752c88faeba59bba40']
bad_request_detail:
  description:
    - The fields of the request that are wrong, if Atlas names them.
  returned: failure, if Atlas refused the request
  type: dict
  sample:
    fields:
      - field: apiUserId
        description: must be 24 hexadecimal digits
"""

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import projects
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._case import to_snake_case
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import SessionFactory, open_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.identifiers import object_id, org_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import SHARED_OPTIONS

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    "project_id": object_id(aliases=["group_id"]),
    "org_id": org_id(),
    "name": {"type": "str"},
}


def run(client: AtlasClient, params: dict[str, t.Any]) -> dict[str, t.Any]:
    """Read one project, those of an organization, or all that can be seen."""
    if params["project_id"] is not None:
        project = to_snake_case(projects.get(client, params["project_id"]))
        return {"changed": False, "complete": True, "project": project}
    found = projects.list_all(client, params["org_id"], params["name"])
    complete = client.warn_if_incomplete(found)
    return {"changed": False, "complete": complete, "projects": [to_snake_case(project) for project in found.items]}


def main(session_factory: SessionFactory = open_session) -> None:
    """Run as a module."""
    run_module(
        ARGUMENT_SPEC,
        run,
        session_factory,
        mutually_exclusive=[("project_id", "name")],
        required_by={"name": "org_id"},
    )


if __name__ == "__main__":
    main()
