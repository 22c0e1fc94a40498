# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A made-up kind of credential goes through everything, so none of it knows what kinds there are."""

from __future__ import annotations

import itertools
import json
import pathlib
import re
import types
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.networks import Network
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials import (
    access_list,
    batch,
    change,
    credential,
    project_roles,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.create import CredentialMayExist
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.kind import (
    Credential,
    Kind,
    Managed,
    Params,
    Words,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.secret_file import SecretFile
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    APIError,
    AtlasError,
    TransportError,
    UsageError,
)

ORG, PROJECT = "a" * 24, "b" * 24
WORD = "open sesame, and so on"

Json = dict[str, t.Any]


class Badge:
    """A kind that Atlas does not have. It is a number with a color, and its secret is a word."""

    words = Words("badge", "badges", "badge", "badge_number", "color", "magic word", "magic_word")
    max_per_org = 3
    max_entries: int | None = 3
    environment: t.Mapping[str, str] = types.MappingProxyType({"BADGE": "badge_number", "BADGE_WORD": "magic_word"})

    def __init__(self) -> None:
        self.badges: dict[str, Json] = {}
        self.entries: dict[str, list[Json]] = {}
        self.assigned: dict[str, list[str]] = {}
        self.client: t.Any = types.SimpleNamespace(warnings=[], show=[].append, get=lambda *_path: {"orgId": ORG})
        self.numbers = itertools.count(10)
        self.finished: list[str] = []  # numbers
        self.lose = False  # the response to the next creation

    def get(self, org_id: str, identifier: str) -> Credential:
        if identifier not in self.badges:
            raise APIError("GET", 410, {"errorCode": "NO_BADGE"})
        return {name: value for name, value in self.badges[identifier].items() if name != "word"}

    def list_all(self, org_id: str) -> Listing:
        return Listing([self.get(org_id, number) for number in self.badges])

    def is_missing(self, error: APIError) -> bool:
        return error.error_code == "NO_BADGE"

    def id_of(self, credential: Credential) -> str | None:
        return credential.get("number")

    def describe(self, credential: Credential) -> str:
        return f"no. {credential.get('number')}"

    def summary(self, credential: Credential) -> Json:
        return {"number": credential.get("number")}

    def managed(self, credential: Credential, org_id: str) -> Managed:
        return {"color": credential.get("color"), "size": credential.get("size"), "roles": credential.get("roles")}

    def project_roles(self, credential: Credential) -> set[str]:
        return set()

    def is_own(self, credential: Credential) -> bool | None:
        return credential.get("number") == "0"

    def result(self, credential: Credential) -> Json:
        return {name: value for name, value in credential.items() if name != "word"}

    def check(self, params: Params) -> None:
        if params["color"] == "invisible":
            raise UsageError("color is invisible.")

    def check_creation(self, params: Params) -> None:
        if params["size"] is None:
            raise UsageError("To create one, give size.")

    def wanted(self, params: Params) -> Managed:
        return {"color": params["color"], "size": params["size"], "roles": params["roles"]}

    def has_secret(self, params: Params) -> bool:
        return bool(params["size"] != "small")

    def planned(self, credential: Credential, after: Managed, org_id: str) -> Json:
        return {**self.result(credential), **after}

    def create(self, params: Params) -> Credential:
        number = str(next(self.numbers))
        self.badges[number] = {"number": number, "word": WORD, **self.wanted(params)}
        self.entries[number] = []
        if self.lose:
            raise TransportError("Lost.")
        return dict(self.badges[number])

    def finish_creation(self, params: Params, response: Credential) -> None:
        self.finished.append(response["number"])

    def secret_of(self, response: Credential) -> str | None:
        return response.get("word")

    def secret_fields(self, response: Credential, org_id: str) -> dict[str, str | None]:
        return {"kind": "badge", "badge_number": response.get("number"), "magic_word": response.get("word")}

    def creation_result(self, response: Credential) -> Json:
        return {"expires": "never"}

    def update(self, org_id: str, identifier: str, changes: Managed) -> Credential:
        self.badges[identifier].update(changes)
        return self.get(org_id, identifier)

    def delete(self, org_id: str, identifier: str) -> None:
        del self.badges[identifier]

    def list_entries(self, org_id: str, identifier: str) -> Listing:
        self.get(org_id, identifier)
        return Listing(list(self.entries[identifier]))

    def add_entries(self, org_id: str, identifier: str, networks: t.Sequence[Network]) -> Json:
        self.entries[identifier] += [{"cidrBlock": str(each)} for each in networks]
        return {}

    def remove_entry(self, org_id: str, identifier: str, text: str) -> None:
        self.entries[identifier] = [each for each in self.entries[identifier] if each["cidrBlock"] != text]

    def last_use(self, entry: Json) -> tuple[str, str] | None:
        return None

    def list_of_project(self, project_id: str) -> Listing:
        return Listing([self.get(ORG, number) for number in self.assigned])

    def roles_in_project(self, credential: Credential, org_id: str, project_id: str) -> list[str] | None:
        return self.assigned.get(credential["number"])

    def listed_roles(self, credential: Credential, project_id: str) -> list[str] | None:
        return self.assigned.get(credential["number"])

    def planned_in_project(self, credential: Credential, project_id: str, roles: t.Sequence[str]) -> Json:
        return {**self.result(credential), "project_roles": list(roles)}

    def assign(self, project_id: str, identifier: str, roles: t.Sequence[str]) -> None:
        self.assigned[identifier] = sorted(roles)

    def is_assigned_already(self, error: APIError) -> bool:
        return False

    def set_project_roles(self, project_id: str, identifier: str, roles: t.Sequence[str]) -> None:
        self.assigned[identifier] = sorted(roles)

    def unassign(self, project_id: str, identifier: str) -> None:
        del self.assigned[identifier]


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change, "time", types.SimpleNamespace(sleep=lambda _seconds: None))


@pytest.fixture
def badges() -> Badge:
    return Badge()


def options(**given: t.Any) -> Json:
    """The options of a module for badges, as it would be written."""
    specs = {**credential.CREATION_OPTIONS, **credential.PERMISSION_OPTIONS, **batch.PURGE_OPTIONS}
    specs.update(project_roles.PROJECT_OPTIONS)
    defaults = {option: spec.get("default") for option, spec in {**specs, **access_list.ENTRIES_OPTIONS}.items()}
    own = {"org_id": ORG, "badge_number": None, "color": None, "size": None, "roles": None, "state": "present"}
    return {**defaults, **own, **given}


def apply(kind: Kind, planner: t.Callable[[Kind, Params], change.Change], **given: t.Any) -> Json:
    """Return the result, which check mode must have predicted."""
    predicted = planner(kind, options(**given)).carry_out(check_mode=True)
    done = planner(kind, options(**given)).carry_out(check_mode=False)
    assert (predicted["changed"], predicted["diff"]) == (done["changed"], done["diff"])
    return done


NEW = {"color": "red", "size": "large", "roles": ["GUEST"]}


def test_life_of_a_badge(badges: Badge, tmp_path: pathlib.Path) -> None:
    file = tmp_path / "badge.json"
    made = apply(badges, credential.plan, **NEW, access_list=["192.0.2.0/24"], secret_file=str(file))
    assert json.loads(file.read_text()) == {"kind": "badge", "badge_number": "10", "magic_word": WORD}
    assert (made["badge"]["number"], made["expires"], made["secret_file"]) == ("10", "never", str(file))
    assert made["diff"]["after"] == {**NEW, "access_list": ["192.0.2.0/24"]}
    assert WORD not in str(made)

    changed = apply(badges, credential.plan, badge_number="10", size="small", color="blue")
    assert changed["diff"]["after"] == {"color": "blue", "size": "small", "roles": ["GUEST"]}
    assert not apply(badges, credential.plan, badge_number="10", color="blue")["changed"]

    restricted = apply(badges, access_list.plan, badge_number="10", entries=["198.51.100.7"], purge=True)
    assert restricted["access_list"] == [{"cidr_block": "198.51.100.7/32"}]

    where = {"badge_number": "10", "project_id": PROJECT}
    assert apply(badges, project_roles.plan, **where, roles=["A", "B"])["diff"]["after"] == {"roles": ["A", "B"]}
    assert apply(badges, project_roles.plan, **where, roles=["A"])["diff"]["before"] == {"roles": ["A", "B"]}
    assert apply(badges, project_roles.plan, **where, state="absent")["changed"]

    assert apply(badges, credential.plan, badge_number="10", state="absent")["deleted_badge_number"] == "10"
    assert (badges.badges, badges.assigned, badges.finished) == ({}, {}, ["10"])


def test_environment_form_has_the_variables_of_the_kind(badges: Badge, tmp_path: pathlib.Path) -> None:
    apply(badges, credential.plan, **NEW, secret_file=str(tmp_path / "env"), secret_format="env")
    assert (tmp_path / "env").read_text() == f"BADGE=10\nBADGE_WORD={WORD}\n"


def test_secret_is_returned_under_its_name(badges: Badge) -> None:
    assert apply(badges, credential.plan, **NEW, return_secret=True)["magic_word"] == WORD


def test_credential_without_a_secret_needs_no_place_for_it(badges: Badge) -> None:
    made = apply(badges, credential.plan, **{**NEW, "size": "small"}, secret_file="/no/such/place")
    assert (made["changed"], "secret_file" in made) == (True, False)


def test_lost_response(badges: Badge) -> None:
    badges.lose = True
    with pytest.raises(CredentialMayExist, match="the badge with the color 'red' .* nobody has its magic word.*no. 10"):
        credential.plan(badges, options(**NEW, return_secret=True)).carry_out(check_mode=False)
    assert list(badges.badges) == ["10"]


def test_file_that_is_refused_is_undone(badges: Badge, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(self: SecretFile, fields: t.Any) -> t.NoReturn:
        raise AtlasError("No space left on device.")

    monkeypatch.setattr(SecretFile, "write", write)
    with pytest.raises(AtlasError, match="No space left on device. The badge no. 10 was deleted again"):
        credential.plan(badges, options(**NEW, secret_file=str(tmp_path / "x"))).carry_out(check_mode=False)
    assert (badges.badges, list(tmp_path.iterdir())) == ({}, [])


def test_undo_that_fails_names_it(badges: Badge, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: str) -> t.NoReturn:
        raise APIError("DELETE", 403, {})

    monkeypatch.setattr(badges, "delete", refuse)
    monkeypatch.setattr(badges, "add_entries", refuse)
    creation = credential.plan(badges, options(**NEW, return_secret=True, access_list=["192.0.2.0/24"]))
    with pytest.raises(CredentialMayExist, match="badge no. 10 was created, and deleting it failed") as caught:
        creation.carry_out(check_mode=False)
    assert caught.value.partial == {"changed": True, "left_behind": [{"number": "10"}]}


def test_many(badges: Badge, tmp_path: pathlib.Path) -> None:
    for color in ("team-old", "team-kept", "other"):
        badges.create(options(**{**NEW, "color": color}))
    keep = options(color="team-kept", size="small")
    new = options(**{**NEW, "color": "team-new"}, secret_file=str(tmp_path / "new"))
    done = apply(badges, batch.plan, badges=[keep, new], purge=True, purge_prefix="team-")
    assert (done["created"], done["updated"], done["deleted_badge_numbers"]) == (["team-new"], ["team-kept"], ["10"])
    assert {each["color"] for each in badges.badges.values()} == {"team-kept", "team-new", "other"}


def test_kind_is_asked_about_its_options(badges: Badge) -> None:
    with pytest.raises(UsageError, match="color is invisible"):
        credential.plan(badges, options(**{**NEW, "color": "invisible"}, return_secret=True))
    with pytest.raises(UsageError, match="Neither badge_number nor color"):
        credential.plan(badges, options())
    with pytest.raises(UsageError, match="To create one, give size"):
        credential.plan(badges, options(**{**NEW, "size": None}, return_secret=True))
    with pytest.raises(UsageError, match="would contain 4 entries while it is changed; Atlas allows 3"):
        apply(badges, credential.plan, **NEW, return_secret=True, access_list=["192.0.2.1", "192.0.2.2", "::1", "::2"])


def test_own_credential_is_protected(badges: Badge) -> None:
    badges.badges["0"] = {"number": "0", **NEW}
    with pytest.raises(UsageError, match=r"0 is the badge that this task uses.*allow_self: true"):
        credential.plan(badges, options(badge_number="0", state="absent"))


# The code itself

SHARED = (
    "access_list",
    "batch",
    "change",
    "create",
    "credential",
    "delete",
    "difference",
    "kind",
    "look",
    "project_roles",
    "secret_file",
)


@pytest.mark.parametrize("name", SHARED)
def test_shared_code_has_no_branch_by_kind(name: str) -> None:
    folder = pathlib.Path(t.cast(str, credential.__file__)).parent
    source = (folder / f"{name}.py").read_text(encoding="utf-8")
    assert not re.findall(r"isinstance\(\w*kind|words\.kind [!=]=|type\(kind\)", source)


def test_all_shared_files_are_checked() -> None:
    folder = pathlib.Path(t.cast(str, credential.__file__)).parent
    kinds = {path.stem for path in folder.glob("*.py") if "Words(" in path.read_text(encoding="utf-8")} - {"kind"}
    assert {path.stem for path in folder.glob("[!_]*.py")} - kinds == set(SHARED)
