#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: org_event_info
short_description: Read the events of a MongoDB Atlas organization or project
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Returns what happened in an organization or in a project, as the Atlas Administration API returns it, the newest
    event first.
  - Atlas keeps the events of a project in the project's own feed, and only there. In the feed of the organization are,
    for example, V(API_KEY_CREATED) and V(API_KEY_DELETED); in that of a project V(API_KEY_ADDED_TO_GROUP),
    V(API_KEY_REMOVED_FROM_GROUP), and V(API_KEY_ROLES_CHANGED) for the roles in that project. So the whole history of
    an API key takes both, O(org_id) and O(project_id) in two tasks.
  - Events are the only source that says who created an API key. For its age, they confirm what its ID says.
  - The requesting API key or service account needs the role Organization Member in the organization. Which role the
    feed of a project requires is not known.
extends_documentation_fragment:
  - mongodb_atlas.admin._auth
  - mongodb_atlas.admin._connection
  - mongodb_atlas.admin._attributes
  - mongodb_atlas.admin._attributes.info_module
options:
  org_id:
    description:
      - The ID of the organization, 24 hexadecimal digits in lower case.
      - If it is not given, the environment variable E(MONGODB_ATLAS_ORG_ID) is used.
      - Required without O(project_id), and not used with it.
    type: str
  project_id:
    description:
      - The ID of a project, which Atlas' API calls a group, 24 hexadecimal digits in lower case. The events of this
        project are read instead of those of the organization.
    type: str
    aliases:
      - group_id
  event_types:
    description:
      - The types of events to read, such as V(API_KEY_CREATED), V(API_KEY_DELETED), V(API_KEY_DESCRIPTION_CHANGED),
        V(API_KEY_ACCESS_LIST_ENTRY_ADDED), V(SERVICE_ACCOUNT_CREATED), or V(SERVICE_ACCOUNT_SECRET_ADDED) of an
        organization, and V(API_KEY_ADDED_TO_GROUP) or V(API_KEY_ROLES_CHANGED) of a project. Atlas has many more and
        may add others, so they are passed on as they are.
      - Without it, or if it is empty, events of all types are read.
    type: list
    elements: str
  since:
    description:
      - The time of the earliest event. It is a date, a date and time, or a duration before now.
      - A date such as V(2026-08-01) means its beginning in UTC. A date and time such as V(2026-08-01T12:00:00Z) is in
        UTC if it has no offset.
      - A duration is a number and a unit, V(w), V(d), V(h), V(m), or V(s), such as V(90d) or V(12h). It is counted back
        from now, as the host where the task runs has it.
      - Without it, all events are read that Atlas still has. How long Atlas keeps them is not documented.
    type: str
  until:
    description:
      - The time of the latest event, in the same forms. Without it, the newest events are included.
    type: str
  max_events:
    description:
      - The most events to return, from 1 to 50000. If there are more, the newest are returned, the task warns, and
        RV(complete) is V(false).
    type: int
    default: 10000
notes:
  - What is said here about events comes from Atlas' reference and from recorded responses. All fields are returned.
    Whether an event at the exact time of O(since) or O(until) is included is not known.
  - An API key that no event says was created may be older than the oldest event that Atlas keeps. Its age is unknown.
  - Events come in pages of 500. If there are new ones while several pages are read, the task reads the pages again, up
    to twice, and then warns. With O(until=1m) the list does not change while it is read.
seealso:
  - module: mongodb_atlas.admin.org_api_key_info
    description: Read the API keys of an organization.
  - module: mongodb_atlas.admin.org_service_account_info
    description: Read the service accounts of an organization, each of which has its time of creation.
"""

EXAMPLES = r"""
- name: Read which API keys were created
  mongodb_atlas.admin.org_event_info:
    public_key: gswvkocq
    private_key: "{{ vault_atlas_private_key }}"
    org_id: a0123456789abcdef012345a
    event_types: [API_KEY_CREATED]
  register: created

- name: Read the API keys that there are now
  mongodb_atlas.admin.org_api_key_info:
    public_key: gswvkocq
    private_key: "{{ vault_atlas_private_key }}"
    org_id: a0123456789abcdef012345a
  register: result

# target_public_key is the API key that was created. username (of a person) or public_key (of another API key) did it.
- name: Show who created each API key, and when
  ansible.builtin.debug:
    msg: >-
      {{ item.desc }} ({{ item.public_key }}): {{ event.created | default('not known') }}, by
      {{ event.username | default(event.public_key) | default('not known') }}
  loop: "{{ result.api_keys }}"
  loop_control:
    label: "{{ item.public_key }}"
  vars:
    by_key: >-
      {{ dict(created.events | selectattr('target_public_key', 'defined') | map(attribute='target_public_key')
      | zip(created.events | selectattr('target_public_key', 'defined'))) }}
    event: "{{ by_key[item.public_key] | default({}) }}"

- name: Read what happened to API keys and service accounts in the last 90 days, up to a minute ago
  mongodb_atlas.admin.org_event_info:
    client_id: mdb_sa_id_0123456789abcdef01234567
    client_secret: "{{ vault_atlas_client_secret }}"
    org_id: a0123456789abcdef012345a
    event_types: [API_KEY_CREATED, API_KEY_DELETED, SERVICE_ACCOUNT_CREATED, SERVICE_ACCOUNT_DELETED]
    since: 90d
    until: 1m

- name: Read which API keys got or lost roles in a project, which the feed of the organization does not show
  mongodb_atlas.admin.org_event_info:
    public_key: gswvkocq
    private_key: "{{ vault_atlas_private_key }}"
    project_id: b0123456789abcdef012345b
    event_types: [API_KEY_ADDED_TO_GROUP, API_KEY_ROLES_CHANGED, API_KEY_REMOVED_FROM_GROUP]
    since: 90d

- name: Read the last 100 events of a certain month
  mongodb_atlas.admin.org_event_info:
    public_key: gswvkocq
    private_key: "{{ vault_atlas_private_key }}"
    org_id: a0123456789abcdef012345a
    since: '2026-07-01'
    until: '2026-08-01T00:00:00Z'
    max_events: 100
"""

RETURN = r"""
events:
  description:
    - The events, the newest first, with every field that Atlas returns, named in snake case. Which fields an event has
      depends on its type. Atlas promises none of them, and may add more.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The ID of the event.
      type: str
      sample: 6a793f752c88faeba59bba70
    created:
      description: When it happened, in UTC.
      type: str
      sample: '2026-08-10T03:02:57Z'
    event_type_name:
      description: The type of the event.
      type: str
      sample: API_KEY_CREATED
    org_id:
      description: The organization. Events of a project do not contain it.
      type: str
      sample: a0123456789abcdef012345a
    group_id:
      description: The project. Events of an organization do not contain it.
      type: str
      sample: b0123456789abcdef012345b
    target_public_key:
      description: The public key of the API key that something was done to.
      type: str
      sample: gswvkocq
    whitelist_entry:
      description: The entry of an access list that something was done to. A single address has no C(/32).
      type: str
      sample: 192.0.2.7
    is_global_admin:
      description: Whether a MongoDB employee did it.
      type: bool
      sample: false
    delegate_principal:
      description: Who acted on behalf of somebody else, if that was so.
      type: dict
      contains:
        id:
          description: The ID of who acted.
          type: str
        name:
          description: The name of who acted.
          type: str
        on_behalf_of:
          description: For whom.
          type: raw
    links:
      description: Links of the API to the event.
      type: list
      elements: dict
    username:
      description: The person who did it.
      type: str
      sample: admin@example.com
    user_id:
      description: The ID of the person who did it.
      type: str
      sample: 6a793f752c88faeba59bba71
    public_key:
      description: The public key of the API key that did it, not that of the key it was done to.
      type: str
      sample: mqzhrtab
    api_key_id:
      description: The ID of the API key that did it.
      type: str
      sample: 6a793f752c88faeba59bba50
    remote_address:
      description: The address that the request came from.
      type: str
      sample: 192.0.2.7
complete:
  description:
    - Whether these are all events that were requested. It is V(false), with a warning, if there are more than
      O(max_events), or if the task received fewer than Atlas counts, even when it read them again. So only if it is
      V(true), an event that is not listed did not happen in this organization or project, or is no longer kept by
      Atlas.
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

import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import events
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.times import parse_time, to_atlas
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._case import to_snake_case
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import SessionFactory, open_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.identifiers import object_id, org_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import SHARED_OPTIONS

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    "org_id": org_id(),
    "project_id": object_id(aliases=["group_id"]),
    "event_types": {"type": "list", "elements": "str"},
    "since": {"type": "str"},
    "until": {"type": "str"},
    "max_events": {"type": "int", "default": 10000},
}

MAX_EVENTS = 50000


def run(client: AtlasClient, params: dict[str, t.Any]) -> dict[str, t.Any]:
    """Read the events of a project, or of an organization."""
    if not 1 <= params["max_events"] <= MAX_EVENTS:
        raise UsageError(f"max_events is {params['max_events']}; it must be from 1 to {MAX_EVENTS}.")
    query = query_of(params)
    if params["project_id"] is not None:
        found = events.list_of_project(client, params["project_id"], params["max_events"], query)
    else:
        found = events.list_of_organization(client, params["org_id"], params["max_events"], query)
    complete = client.warn_if_incomplete(found)
    return {"changed": False, "complete": complete, "events": [to_snake_case(event) for event in found.items]}


def query_of(params: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return what the options ask for, as the API names it."""
    now = datetime.datetime.now(datetime.timezone.utc)
    times = {name: parse_time(name, params[name], now) for name in ("since", "until") if params[name] is not None}
    if len(times) == 2 and times["since"] > times["until"]:
        raise UsageError(f"since ({to_atlas(times['since'])}) is later than until ({to_atlas(times['until'])}).")
    query = {"minDate": times.get("since"), "maxDate": times.get("until")}
    types = {"eventType": params["event_types"]} if params["event_types"] else {}
    return {**types, **{field: to_atlas(time) for field, time in query.items() if time}}


def main(session_factory: SessionFactory = open_session) -> None:
    """Run as a module."""
    run_module(ARGUMENT_SPEC, run, session_factory, required_one_of=[("org_id", "project_id")])


if __name__ == "__main__":
    main()
