# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks of the collection, run by name as users and job templates do."""

from __future__ import annotations

import csv
import io
import json
import pathlib
import re
import typing as t

import pytest
import requests

from atlas_emulator.dataset import read
from atlas_emulator.server import Emulator
from harness import Atlas, Finished, Shell, leaks, some

ORG, KEY, OWNER_KEY = "a0123456789abcdef012345a", "6a793f752c88faeba59bba49", "6a793f752c88faeba59bba50"
PAIR = {"atlas_public_key": "gswvkocq", "atlas_private_key": "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977"}
OWNER = {"atlas_public_key": "mqzhrtab", "atlas_private_key": "7d2b9a10-0c4e-4b57-8a6f-5e1f20c3d4b6"}
ACCOUNT = {
    "atlas_client_id": "mdb_sa_id_0123456789abcdef01234567",
    "atlas_client_secret": "mdb_sa_sk_0123456789abcdef0123456789abcdef01234567",
}
TOKEN = {"atlas_access_token": "demo-live-token"}
SECRETS = [PAIR["atlas_private_key"], OWNER["atlas_private_key"], ACCOUNT["atlas_client_secret"], "demo-live-token"]

EXECUTION_MODES = {"true": "runs in process", "false": "runs as an ordinary module"}
SHOW, LIST = {"show_api_key_org_id": ORG, "show_api_key_id": KEY}, {"list_api_keys_org_id": ORG}

Variables = dict[str, t.Any]


def environment(variables: Variables) -> dict[str, str]:
    """The credentials as environment variables."""
    return {name.upper().replace("ATLAS", "MONGODB_ATLAS"): value for name, value in variables.items()}


def snake_case(data: t.Any) -> t.Any:
    """Atlas' JSON with its names in snake case."""
    if isinstance(data, list):
        return [snake_case(each) for each in data]
    if isinstance(data, dict):
        return {re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name): snake_case(data[name]) for name in data}
    return data


def from_atlas(atlas: Atlas, path: str) -> t.Any:
    """The response of Atlas itself, in snake case."""
    headers = {"Authorization": "Bearer demo-live-token", "Accept": "application/vnd.atlas.2025-03-12+json"}
    response = requests.get(f"{atlas.url}/api/atlas/v2/orgs/{ORG}/apiKeys{path}", headers=headers, timeout=10)
    response.raise_for_status()
    return snake_case(response.json())


def without_links(key: dict[str, t.Any]) -> dict[str, t.Any]:
    """KEY as the next job of a workflow gets it."""
    return {name: value for name, value in key.items() if name != "links"}


def assert_done(done: Finished, atlas: Atlas) -> None:
    assert done.code == 0, done.output
    assert not leaks(done.output, *SECRETS)
    assert not atlas.live_tokens()


# One key


@pytest.mark.parametrize("in_process", some(EXECUTION_MODES, "true"))
@pytest.mark.parametrize("credentials", [PAIR, TOKEN, ACCOUNT], ids=["digest", "bearer", "service account"])
@pytest.mark.parametrize("given", ["variables", "environment"])
def test_one_key(atlas: Atlas, shell: Shell, credentials: Variables, given: str, in_process: str) -> None:
    variables = {**SHOW, "mongodb_atlas_admin_in_process": in_process}
    if given == "variables":
        done = shell.packaged("show_api_key", {**variables, **credentials, "atlas_base_url": atlas.url}, "-vvv")
    else:
        environ = {**environment(credentials), "MONGODB_ATLAS_BASE_URL": atlas.url}
        done = shell.packaged("show_api_key", variables, "-vvv", **environ)
    assert_done(done, atlas)
    assert EXECUTION_MODES[in_process] in done.output
    assert done.stats() == {"atlas_api_key": without_links(from_atlas(atlas, f"/{KEY}"))}


def test_one_key_with_its_access_list_is_shown(atlas: Atlas, shell: Shell) -> None:
    environ = {"MONGODB_ATLAS_ORG_ID": ORG, "MONGODB_ATLAS_BASE_URL": atlas.url, **environment(OWNER)}
    # A string, as on a command line.
    variables = {"show_api_key_id": OWNER_KEY, "show_api_key_access_list": "yes"}
    done = shell.packaged("show_api_key", variables, **environ)
    assert_done(done, atlas)
    shown = done.shown("mongodb_atlas.admin.show_api_key : Show the API key")
    assert [entry["cidr_block"] for entry in shown.pop("access_list")] == ["127.0.0.0/8", "192.0.2.7/32"]
    assert shown == from_atlas(atlas, f"/{OWNER_KEY}")


# All keys


def table(done: Finished) -> list[str]:
    """The table as it is on the screen, without any quotes."""
    lines = done.output.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("API keys of organization "))
    end = next(
        n for n, line in enumerate(lines[start:], start) if line.startswith(("Written: ", "ok: [", "changed: ["))
    )
    return lines[start:end]


def without_any_links(value: t.Any) -> t.Any:
    """What the next job of a workflow gets."""
    if isinstance(value, dict):
        return {name: without_any_links(element) for name, element in value.items() if name != "links"}
    return [without_any_links(element) for element in value] if isinstance(value, list) else value


@pytest.mark.parametrize("in_process", some(EXECUTION_MODES, "true"))
def test_all_keys(atlas: Atlas, shell: Shell, tmp_path: pathlib.Path, in_process: str) -> None:
    folder = tmp_path / "new" / "keys"
    variables = {
        **LIST,
        **ACCOUNT,
        "atlas_base_url": atlas.url,
        "list_api_keys_formats": ["json", "csv"],
        "list_api_keys_directory": str(folder),
        "mongodb_atlas_admin_in_process": in_process,
    }
    done = shell.packaged("list_api_keys", variables, "-vvv")
    assert_done(done, atlas)
    assert EXECUTION_MODES[in_process] in done.output
    keys = from_atlas(atlas, "?itemsPerPage=500")["results"]
    assert len(keys) == 22
    assert done.stats() == {"atlas_api_keys": {ORG: [without_links(key) for key in keys]}}

    head, titles, *rows = table(done)
    assert head == f"API keys of organization Production ({ORG}): 22"
    starts = [titles.index(title) for title in ("id", "public key", "description", "roles")]
    cells = [[row[start:end].rstrip() for start, end in zip(starts, [*starts[1:], None])] for row in rows]
    owners_first = sorted(keys, key=lambda key: all(role["role_name"] != "ORG_OWNER" for role in key["roles"]))
    assert [[key["id"], key["public_key"], key["desc"]] for key in owners_first] == [row[:3] for row in cells]
    roles = {row[0]: row[3] for row in cells}
    assert roles[KEY] == "ORG_READ_ONLY, GROUP_OWNER (web shop)"
    assert roles[OWNER_KEY] == "ORG_OWNER"

    files = {path.name: path for path in folder.iterdir()}
    assert sorted(files) == [f"api_keys_{ORG}.csv", f"api_keys_{ORG}.json"]
    assert {path.stat().st_mode & 0o777 for path in files.values()} == {0o600}
    assert json.loads(files[f"api_keys_{ORG}.json"].read_text(encoding="utf-8")) == keys
    found = rows_of(files[f"api_keys_{ORG}.csv"])
    assert [(row["org_id"], row["id"], row["public_key"], row["desc"]) for row in found] == [
        (ORG, key["id"], key["public_key"], key["desc"]) for key in owners_first
    ]
    assert {row["org_name"] for row in found} == {"Production"}
    row = next(row for row in found if row["id"] == KEY)
    assert (row["org_roles"], row["project_roles"]) == ("ORG_READ_ONLY", "GROUP_OWNER (web shop)")

    again = shell.packaged("list_api_keys", variables)
    assert again.code == 0
    assert "changed=0 " in again.output


def rows_of(path: pathlib.Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig")
    assert text.endswith("\r\n")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_access_lists_of_all_keys(atlas: Atlas, shell: Shell) -> None:
    # As on a command line, with a directory below the one that Ansible was started in.
    words = "list_api_keys_access_lists=true list_api_keys_formats=csv,json list_api_keys_directory=keys"
    environ = {"MONGODB_ATLAS_ORG_ID": ORG, "MONGODB_ATLAS_BASE_URL": atlas.url, **environment(OWNER)}
    done = shell.packaged("list_api_keys", {}, "-e", words, **environ)
    assert_done(done, atlas)
    lists = {key["id"]: key["access_list"] for key in done.stats()["atlas_api_keys"][ORG]}
    assert [entry["cidr_block"] for entry in lists[OWNER_KEY]] == ["127.0.0.0/8", "192.0.2.7/32"]
    assert lists[KEY] == []
    written = {row["id"]: row["access_list"] for row in rows_of(shell.home / "keys" / f"api_keys_{ORG}.csv")}
    assert written[OWNER_KEY] == "127.0.0.0/8 (last used 2026-08-10), 192.0.2.7/32"
    assert written[KEY] == ""
    assert (shell.home / "keys" / f"api_keys_{ORG}.json").is_file()
    assert next(line for line in table(done) if line.startswith(OWNER_KEY)).endswith(written[OWNER_KEY])


def test_without_options_no_access_list_is_read_and_no_file_is_written(atlas: Atlas, shell: Shell) -> None:
    words = "list_api_keys_access_lists=false"
    environ = {"MONGODB_ATLAS_ORG_ID": ORG, "MONGODB_ATLAS_BASE_URL": atlas.url, **environment(TOKEN)}
    done = shell.packaged("list_api_keys", {}, "-e", words, **environ)
    assert_done(done, atlas)
    assert [request["path"].rpartition("/")[2] for request in atlas.journal()] == ["apiKeys", ORG, "groups"]
    assert "changed=0 " in done.output
    assert not list(shell.home.rglob("api_keys_*"))


@pytest.mark.parametrize("exists", some([True, False], False))
def test_check_mode_writes_nothing(atlas: Atlas, shell: Shell, tmp_path: pathlib.Path, exists: bool) -> None:
    folder = tmp_path / "keys"
    if exists:
        folder.mkdir(mode=0o750)
    variables = {**LIST, **TOKEN, "list_api_keys_formats": ["json", "csv"], "list_api_keys_directory": str(folder)}
    done = shell.packaged("list_api_keys", variables, "--check", MONGODB_ATLAS_BASE_URL=atlas.url)
    assert_done(done, atlas)
    assert "changed=1 " in done.output
    assert folder.exists() is exists
    assert not list(tmp_path.rglob("api_keys_*"))
    if exists:
        assert folder.stat().st_mode & 0o777 == 0o750


def test_organization_without_keys(shell: Shell, tmp_path: pathlib.Path) -> None:
    org = {"id": ORG, "name": "Empty", "access_tokens": [{"token": "demo-live-token", "state": "live"}]}
    formats = {"list_api_keys_formats": ["json", "csv"], "list_api_keys_directory": str(tmp_path)}
    with Emulator(read({"orgs": [org]})) as emulator:
        variables = {**LIST, **TOKEN, **formats, "atlas_base_url": emulator.url}
        done = shell.packaged("list_api_keys", variables)
    assert done.code == 0, done.output
    assert table(done) == [f"API keys of organization Empty ({ORG}): 0"]
    assert done.stats() == {"atlas_api_keys": {ORG: []}}
    assert json.loads((tmp_path / f"api_keys_{ORG}.json").read_text()) == []
    assert rows_of(tmp_path / f"api_keys_{ORG}.csv") == []


# Descriptions, which anybody may have written

DESCRIPTIONS = [
    "{{ lookup('env','HOME') }}",
    "{% raw %}{{ 7 * 7 }}",
    "{'a': '{{ 1 }}'}",
    "!unsafe x",
    "two\nlines\r\nand\ttabs",
    "\x1b[31mred\u2028\u202e",
    "with \"quotes\", commas; and 'these'",
    "Schlüssel für 日本 🔑",
    "x" * 250,
    " ",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "'=1+1",
    "in the middle =1+1",
    17,
    None,
]
FORMULAS = (*"=+-@\t\r\n", "'=")  # some spreadsheets drop a quote at the beginning


def organization_with_unusual_keys() -> dict[str, t.Any]:
    keys = [
        {
            "id": f"{number:024x}",
            "desc": "replaced",
            "public_key": "key" + chr(97 + number) * 5,
            "private_key": f"0b7c1d2e-3f40-4152-8637-{number:012x}",
            "roles": [{"org_id": ORG, "role_name": "{{ 7 * 7 }}"}, {"group_id": "=1", "role_name": "@A1"}],
            "fields": {"desc": desc, "newThing": {"deep": [desc]}},
        }
        for number, desc in enumerate(DESCRIPTIONS)
    ]
    tokens = [{"token": "demo-live-token", "state": "live"}]
    return {"id": ORG, "name": "Unusual", "api_keys": keys, "access_tokens": tokens}


@pytest.mark.parametrize("in_process", some(EXECUTION_MODES, "true"))
def test_descriptions_are_data(shell: Shell, tmp_path: pathlib.Path, in_process: str) -> None:
    formats = {"list_api_keys_formats": ["json", "csv"], "list_api_keys_directory": str(tmp_path)}
    variables = {**LIST, **TOKEN, **formats, "mongodb_atlas_admin_in_process": in_process}
    with Emulator(read({"orgs": [organization_with_unusual_keys()]})) as emulator:
        done = shell.packaged("list_api_keys", {**variables, "atlas_base_url": emulator.url})
    assert done.code == 0, done.output
    keys = done.stats()["atlas_api_keys"][ORG]
    assert [key["desc"] for key in keys] == DESCRIPTIONS
    assert [key["new_thing"]["deep"] for key in keys] == [[desc] for desc in DESCRIPTIONS]
    written = json.loads((tmp_path / f"api_keys_{ORG}.json").read_text(encoding="utf-8"))
    assert [without_any_links(key) for key in written] == keys

    lines = table(done)[2:]
    assert len(lines) == len(DESCRIPTIONS)
    assert all(line.endswith("{{ 7 * 7 }}, @A1 (=1)") for line in lines)
    assert all(line.isprintable() for line in lines)
    assert "{{ lookup('env','HOME') }} " in lines[0]
    assert "two lines" in lines[4]
    assert "x" * 39 + "…" in lines[8]

    rows = rows_of(tmp_path / f"api_keys_{ORG}.csv")
    # A row is a line: what breaks lines, or is invisible, is a space. What is no text is left out.
    texts = [" ".join(desc.split()) if isinstance(desc, str) else "" for desc in DESCRIPTIONS]
    texts[5] = "[31mred"
    assert [row["desc"] for row in rows] == [f"'{text}" if text.startswith(FORMULAS) else text for text in texts]
    assert {row["project_roles"] for row in rows} == {"'@A1 (=1)"}
    assert {row["org_roles"] for row in rows} == {"{{ 7 * 7 }}"}


def test_no_field_has_to_be_there(atlas: Atlas, shell: Shell, tmp_path: pathlib.Path) -> None:
    """Atlas guarantees none of them, and their values may be of any type."""
    keys = [
        {"id": KEY, "desc": None, "publicKey": None, "roles": None},
        {"roles": [{}, {"roleName": None}, {"roleName": 5}, {"roleName": "A", "groupId": None}, {"roleName": "B"}]},
        {"id": OWNER_KEY, "desc": "\ud800 half of a character"},
    ]
    page = json.dumps({"results": keys, "totalCount": len(keys), "links": []})
    headers = {"Content-Type": "application/json"}
    atlas.control("POST", "faults", {"path": "apiKeys$", "status": 200, "body": page, "headers": headers})
    formats = {"list_api_keys_formats": ["json", "csv"], "list_api_keys_directory": str(tmp_path)}
    done = shell.packaged("list_api_keys", {**LIST, **TOKEN, **formats, "atlas_base_url": atlas.url})
    assert done.code == 0, done.output
    assert len(table(done)) == 2 + len(keys)
    rows = rows_of(tmp_path / f"api_keys_{ORG}.csv")
    assert [row["desc"] for row in rows][:2] == ["", ""]
    assert rows[1]["org_roles"] == "A, B"


@pytest.mark.parametrize("number", some(range(3), 0))
def test_description_of_one_key_is_data(shell: Shell, number: int) -> None:
    with Emulator(read({"orgs": [organization_with_unusual_keys()]})) as emulator:
        variables = {**SHOW, **TOKEN, "show_api_key_id": f"{number:024x}", "atlas_base_url": emulator.url}
        done = shell.packaged("show_api_key", variables)
    assert done.code == 0, done.output
    assert done.shown("mongodb_atlas.admin.show_api_key : Show the API key")["desc"] == DESCRIPTIONS[number]
    assert done.stats()["atlas_api_key"]["desc"] == DESCRIPTIONS[number]


# Wrong variables, and errors of Atlas

MISTAKES: dict[str, tuple[str, Variables, str]] = {
    "no key": ("show_api_key", {"show_api_key_id": None}, "missing required arguments: show_api_key_id"),
    "no organization to read one key": (
        "show_api_key",
        {"show_api_key_org_id": ""},
        "Set the variable show_api_key_org_id",
    ),
    "no organization to list": ("list_api_keys", {"list_api_keys_org_id": None}, "or MONGODB_ATLAS_ORG_ID in the env"),
    "public key as ID": ("show_api_key", {"show_api_key_id": "gswvkocq"}, "api_user_id is 'gswvkocq'; it must be 24"),
    "path as organization": (
        "list_api_keys",
        {"list_api_keys_org_id": "../../x"},
        "org_id is '../../x'; it must be 24",
    ),
    "number as organization": ("list_api_keys", {"list_api_keys_org_id": 17}, "org_id is '17'; it must be 24"),
    "list as ID": ("show_api_key", {"show_api_key_id": ["a"]}, "api_user_id"),
    "no boolean": ("show_api_key", {"show_api_key_access_list": "perhaps"}, "show_api_key_access_list"),
    "no boolean for lists": (
        "list_api_keys",
        {"list_api_keys_access_lists": "perhaps"},
        "list_api_keys_access_lists",
    ),
    "another format": (
        "list_api_keys",
        {"list_api_keys_formats": ["xml"], "list_api_keys_directory": "."},
        "formats must be one or more of: json, csv. Got no match for: xml",
    ),
    "no directory": (
        "list_api_keys",
        {"list_api_keys_formats": "csv,json"},
        "formats and directory need each other",
    ),
    "half a pair": ("list_api_keys", {"atlas_access_token": None, "atlas_public_key": "gswvkocq"}, "private_key"),
    "two auth methods": ("list_api_keys", PAIR, "are mutually exclusive. Give one."),
    "no credentials": ("list_api_keys", {"atlas_access_token": None}, "No credentials."),
}


def run_on_hosts(shell: Shell, name: str, cases: dict[str, Variables]) -> Finished:
    """Run a playbook of the collection with a host for each case, which has its variables."""
    local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    hosts = {
        host_of(case): {**local, **{variable: value for variable, value in variables.items() if value is not None}}
        for case, variables in cases.items()
    }
    (shell.home / "hosts.json").write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
    return shell.packaged(name, {"atlas_hosts": "all"}, "-i", "hosts.json")


def host_of(case: str) -> str:
    return re.sub(r"\W", "_", case)


def messages(done: Finished) -> dict[str, str]:
    """What the failed task of each host says."""
    found = re.finditer(r"(?m)^fatal: \[(\w+)\]: FAILED! => ", done.output)
    return {each[1]: json.JSONDecoder().raw_decode(done.output[each.end() :])[0]["msg"] for each in found}


@pytest.mark.parametrize("name", ["show_api_key", "list_api_keys"])
def test_mistakes_are_reported_before_anything_is_sent(atlas: Atlas, shell: Shell, name: str) -> None:
    cases = {case: variables for case, (playbook, variables, _message) in MISTAKES.items() if playbook == name}
    given = {**SHOW, **LIST, **TOKEN, "atlas_base_url": atlas.url}
    done = run_on_hosts(shell, name, {case: {**given, **variables} for case, variables in cases.items()})
    assert done.code == 2, done.output
    shown = messages(done)
    assert len(shown) == len(cases)
    for case in cases:
        assert MISTAKES[case][-1] in " ".join(shown[host_of(case)].split()), case
    assert "Traceback" not in done.output
    assert not leaks(done.output, *SECRETS)
    assert not atlas.journal()


@pytest.mark.parametrize("case", ["no key", "no organization to list"])
def test_mistake_is_reported_on_localhost(atlas: Atlas, shell: Shell, case: str) -> None:
    name, variables, message = MISTAKES[case]
    given = {**SHOW, **LIST, **TOKEN, "atlas_base_url": atlas.url, **variables}
    done = shell.packaged(name, {variable: value for variable, value in given.items() if value is not None})
    assert done.code == 2, done.output
    assert message in done.text
    assert not atlas.journal()


ERRORS: dict[str, tuple[Variables, str]] = {
    "private key": ({**PAIR, "atlas_private_key": "wrong-private-key"}, "You are not authorized for this resource."),
    "client secret": ({**ACCOUNT, "atlas_client_secret": "mdb_sa_sk_wrong"}, "Invalid credentials provided."),
    "expired token": ({"atlas_access_token": "demo-expired-token"}, "401"),
    "no such key": ({**PAIR, "show_api_key_id": "f" * 24}, "API_KEY_NOT_FOUND"),
    "other organization": ({**PAIR, "show_api_key_org_id": "c0123456789abcdef012345c"}, "USER_CANNOT_ACCESS_ORG"),
    "access list": (
        {**PAIR, "show_api_key_id": OWNER_KEY, "show_api_key_access_list": True},
        "API_KEY_ACCESS_LIST_ACCESS_DENIED",
    ),
}


def test_errors_of_atlas_are_reported(atlas: Atlas, shell: Shell) -> None:
    given = {**SHOW, "atlas_base_url": atlas.url}
    done = run_on_hosts(
        shell, "show_api_key", {case: {**given, **variables} for case, (variables, _message) in ERRORS.items()}
    )
    assert done.code == 2, done.output
    shown = messages(done)
    assert len(shown) == len(ERRORS)
    for case, (_variables, message) in ERRORS.items():
        assert message in shown[host_of(case)], case
    assert "CUSTOM STATS" not in done.output
    assert not leaks(done.output, *SECRETS, "wrong-private-key", "mdb_sa_sk_wrong")
    assert not atlas.live_tokens()


@pytest.mark.parametrize("name", some(["show_api_key", "list_api_keys"], "list_api_keys"))
def test_empty_answer_of_a_survey_is_ignored(atlas: Atlas, shell: Shell, name: str) -> None:
    environ = {**environment(TOKEN), "MONGODB_ATLAS_ORG_ID": ORG, "MONGODB_ATLAS_BASE_URL": atlas.url}
    variables = {"show_api_key_id": KEY, f"{name}_org_id": ""}
    assert_done(shell.packaged(name, variables, **environ), atlas)
    assert {request["path"].split("/")[5] for request in atlas.journal()} == {ORG}


def test_credentials_of_the_play_replace_those_of_the_environment(atlas: Atlas, shell: Shell) -> None:
    environ = {**environment(OWNER), "MONGODB_ATLAS_BASE_URL": "http://127.0.0.1:9"}
    done = shell.packaged("show_api_key", {**SHOW, **ACCOUNT, "atlas_base_url": atlas.url}, **environ)
    assert_done(done, atlas)
    assert {request["auth"] for request in atlas.journal()} == {"basic", "bearer"}
