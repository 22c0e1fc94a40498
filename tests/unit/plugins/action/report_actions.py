# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Report actions as Ansible runs them, in this process: with the variables of hosts, and without a play."""

from __future__ import annotations

import types
import typing as t

import pytest

from ansible.errors import AnsibleActionFail
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._reports import output

Json = dict[str, t.Any]


class HostVars(dict[str, Json]):
    """As Ansible's, which returns the variables of a host without templating them."""

    def raw_get(self, host: str) -> Json:
        return self[host]


class Screen(list[str]):
    """What an action has shown."""

    @property
    def text(self) -> str:
        return "\n".join(self)


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    shown = Screen()
    monkeypatch.setattr(output, "show", shown.append)
    return shown


def run(action: types.ModuleType, hosts: dict[str, Json], args: Json, *, check_mode: bool = False) -> Json:
    """Run an action on the first of HOSTS, which are all hosts of the play with their variables."""
    task = types.SimpleNamespace(args=dict(args), async_val=0, check_mode=check_mode, no_log=False, diff=False)
    connection = types.SimpleNamespace(_shell=types.SimpleNamespace(tmpdir=None))
    loader = DataLoader()
    module = action.ActionModule(task, connection, None, loader, Templar(loader), None)
    names = list(hosts)
    task_vars = {
        "inventory_hostname": names[0] if names else "localhost",
        "ansible_play_hosts_all": names,
        "ansible_play_hosts": names,
        "hostvars": HostVars(hosts),
    }
    return t.cast(Json, module.run(task_vars=task_vars))


def failure(action: types.ModuleType, hosts: dict[str, Json], args: Json) -> str:
    """Return the message of an action that fails."""
    with pytest.raises(AnsibleActionFail) as caught:
        run(action, hosts, args)
    return str(caught.value)
