# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""store_secret with modules and actions that show a secret in every way: it stays in none of the outputs."""

from __future__ import annotations

import base64
import json
import pathlib
import typing as t
import urllib.parse

import pytest

from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._execution.masked import mask_everywhere, mask_result
from harness import Shell, leaks

SECRET = "mdb_sa_sk_Pa55/w+rd=&%-0123456789"
OTHER = "s3cret of the store: äöü"

# The bodies of modules. Each has `module`, the secret in `value`, and the libraries below.
MODULES = {
    "returns_it": "module.exit_json(changed=True, old_value=value, new_value={'nested': [value]}, value=value)",
    "fails_with_it": "module.fail_json(msg='permission denied for ' + value)",
    "raises_it": "raise ValueError('cannot store ' + value)",
    "quotes_it": "module.fail_json(msg='PUT https://vault/?secret=' + urllib.parse.quote(value, safe=''))",
    "encodes_it": "module.exit_json(data=base64.b64encode(json.dumps({'a': 1, 'secret': value}).encode()).decode())",
    "changes_keys": "module.exit_json(**{'stored_' + value: True, 'n': {value: 1}})",
    "warns_of_it": "module.warn('stored ' + value); module.deprecate('storing ' + value, version='9.9');"
    " module.exit_json(warnings=['again ' + value])",
    "prints_it": "print('debug: ' + value); module.exit_json()",
    "shows_a_diff": "module.exit_json(changed=True, diff={'before': '', 'after': value})",
    "returns_facts": "module.exit_json(ansible_facts={'stored': value})",
    "logs_it": "module.log('storing ' + value); module.exit_json(rc=0, stdout=value, stderr=value)",
}
MODULE = """
#!/usr/bin/python
import base64, json, urllib.parse
from ansible.module_utils.basic import AnsibleModule
module = AnsibleModule({"value": {"type": "str", "required": True}, "data": {"type": "dict"}}, supports_check_mode=True)
value = module.params["value"]
BODY
"""
ACTIONS = {
    "action_raises_it": "raise AnsibleError('cannot store ' + value)",
    "action_raises_anything": "raise KeyError(value)",
    "action_shows_it": "display.warning('storing ' + value); display.vvv('storing ' + value);"
    " display.display(value); return {'changed': True, 'value': value}",
    "action_fails": "raise AnsibleActionFail('no: ' + value, result={'old': value})",
    "action_skips": "raise AnsibleActionSkip('not now: ' + value)",
    "action_with_objects": "return {'when': __import__('datetime').date(2026, 1, 1), 'bytes': value.encode(),"
    " 'set': {value}}",
}
ACTION = """
from ansible.errors import AnsibleActionFail, AnsibleActionSkip, AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
display = Display()
class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        value = self._task.args["value"]
        BODY
"""

CALLBACKS: dict[str, dict[str, str]] = {
    "default": {},
    "yaml": {"ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"},
    "minimal": {"ANSIBLE_STDOUT_CALLBACK": "minimal"},
    "tree and junit": {"ANSIBLE_CALLBACKS_ENABLED": "tree,junit", "JUNIT_OUTPUT_DIR": "junit"},
}


@pytest.fixture
def stores(shell: Shell) -> Shell:
    """A shell next to whose playbook the modules and actions are, with the secrets in a file of variables."""
    for folder, template, bodies in (("library", MODULE, MODULES), ("action_plugins", ACTION, ACTIONS)):
        (shell.home / folder).mkdir()
        for name, body in bodies.items():
            (shell.home / folder / f"{name}.py").write_text(template.strip().replace("BODY", body), encoding="utf-8")
    for name in ACTIONS:
        (shell.home / "library" / f"{name}.py").write_text("# The action does it all.\n", encoding="utf-8")
    variables = {"secret": SECRET, "other": OTHER, "document": {"client_secret": SECRET}}
    (shell.home / "secrets.json").write_text(json.dumps(variables), encoding="utf-8")
    return shell


def task(module: str, **more: t.Any) -> dict[str, t.Any]:
    arguments = {"value": "{{ document.client_secret }}"}
    stored = {"module": module, "args": arguments, "secrets": ["{{ document.client_secret }}", "{{ other }}"]}
    return {"name": module, "mongodb_atlas.admin.store_secret": stored, **more}


def play(*tasks: dict[str, t.Any]) -> str:
    return json.dumps([{"hosts": "localhost", "gather_facts": False, "vars_files": ["secrets.json"], "tasks": tasks}])


def everything() -> list[dict[str, t.Any]]:
    """All modules and actions: alone, in a rescue that shows what failed, and in a loop over the secret."""
    tasks = []
    for module in (*MODULES, *ACTIONS):
        shown = {"name": "Show", "debug": {"msg": ["{{ ansible_failed_task }}", "{{ ansible_failed_result }}"]}}
        tasks.append({"block": [task(module, register="stored")], "rescue": [shown]})
    tasks.append({"name": "Show the last", "debug": {"var": "stored"}})
    looped = {"loop": ["{{ secret }}"], "ignore_errors": True}
    tasks += [task(module, **looped) for module in ("fails_with_it", "warns_of_it", "action_shows_it")]
    tasks.append(task("returns_it", until="false", retries=1, delay=0, ignore_errors=True))
    return tasks


def written(home: pathlib.Path) -> str:
    """What callbacks have written to files."""
    files = [file for folder in ("junit", "tree") for file in (home / folder).rglob("*") if file.is_file()]
    return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)


OTHER_CALLBACKS = [pytest.param(name, marks=pytest.mark.full) for name in CALLBACKS if name != "default"]


@pytest.mark.parametrize("callback", ["default", *OTHER_CALLBACKS])
def test_secret_is_in_no_output(stores: Shell, callback: str) -> None:
    stores.environ["ANSIBLE_CALLBACK_TREE_DIR"] = str(stores.home / "tree")
    done = stores.playbook(play(*everything()), "-vvvvv", "--diff", **CALLBACKS[callback])
    assert done.code == 0, done.output[-3000:]
    assert not leaks(done.output + written(stores.home), SECRET, OTHER)
    assert "permission denied for ***" in done.text  # the message stays readable


def test_options_that_cannot_be_right(stores: Shell) -> None:
    wrong: dict[str, tuple[dict[str, t.Any], str]] = {
        "no module": ({"secrets": ["{{ secret }}"]}, "module must be the name"),
        "no secrets": ({"module": "returns_it", "secrets": []}, "secrets must be a list"),
        "a short secret": ({"module": "returns_it", "secrets": ["{{ secret }}", "k3y"]}, r"secrets[1] has less than 8"),
        "a secret that is none": ({"module": "returns_it", "secrets": [12345678]}, "secrets[0] must be a string"),
        "an unknown option": (
            {"module": "returns_it", "secrets": ["{{ secret }}"], "value": "x"},
            "Unknown options",
        ),
        "args as text": ({"module": "returns_it", "args": "{{ secret }}", "secrets": ["{{ secret }}"]}, "args must be"),
        "a module that does not exist": ({"module": "no.such.module", "secrets": ["{{ secret }}"]}, "no.such.module"),
    }
    tasks = [
        {"name": name, "mongodb_atlas.admin.store_secret": options, "ignore_errors": True}
        for name, (options, _message) in wrong.items()
    ]
    tasks.append({**task("returns_it", ignore_errors=True), "async": 5, "poll": 1, "name": "async"})
    done = stores.playbook(play(*tasks), "-v")
    assert done.code == 0
    for _options, message in wrong.values():
        assert message in done.text
    assert "Remove async." in done.text
    assert not leaks(done.output, SECRET)
    assert "k3y" not in done.output


def test_real_actions_do_their_work(stores: Shell) -> None:
    """An action of ansible-core that has a module behind it, and a module that has none."""
    copied = {
        "module": "ansible.builtin.copy",
        "args": {"content": "{{ document | to_json }}", "dest": str(stores.home / "stored.json"), "mode": "0600"},
        "secrets": ["{{ secret }}"],
    }
    stat = {"module": "stat", "args": {"path": str(stores.home / "stored.json")}, "secrets": ["{{ secret }}"]}
    tasks: list[dict[str, t.Any]] = [
        {"mongodb_atlas.admin.store_secret": copied, "register": "first"},
        {"mongodb_atlas.admin.store_secret": copied, "register": "second"},
        {"mongodb_atlas.admin.store_secret": stat, "register": "found"},
        {"name": "Show", "debug": {"msg": "{{ [first.changed, second.changed, found.stat.mode] }}"}},
    ]
    done = stores.playbook(play(*tasks), "-vvv", "--diff")
    assert done.shown("Show") == [True, False, "0600"]
    assert json.loads((stores.home / "stored.json").read_text("utf-8")) == {"client_secret": SECRET}
    assert not leaks(done.output, SECRET)


SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40)


@settings(max_examples=50)
@given(SECRETS, st.binary(max_size=20), st.binary(max_size=20))
def test_secret_in_base64_of_a_longer_text(secret: str, before: bytes, after: bytes) -> None:
    encoded = base64.b64encode(before + secret.encode() + after).decode()
    # A character holds six bits. Those that hold bits of the secret alone must be gone.
    first, last = -(-len(before) * 8 // 6), (len(before) + len(secret)) * 8 // 6
    for text in (encoded, urllib.parse.quote(encoded, safe=""), encoded.translate(str.maketrans("+/", "-_"))):
        masked = mask_everywhere([secret])(text)
        assert "***" in masked
        assert encoded[first:last] not in urllib.parse.unquote(masked).translate(str.maketrans("-_", "+/"))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(), lambda each: st.lists(each) | st.dictionaries(st.text(), each)
)


@settings(max_examples=50)
@given(SECRETS, VALUES)
def test_what_holds_no_secret_stays(secret: str, value: t.Any) -> None:
    mask = mask_everywhere([secret])
    assert mask_result({"n": value, secret: [secret]}, mask)["n"] == mask_result(value, mask)
