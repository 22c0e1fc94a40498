# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any option and any response end in a result or a failure, never in a traceback.

``HYPOTHESIS_PROFILE=deep`` generates 2,500 inputs for each of the properties, 10,000 and more in all.
"""

from __future__ import annotations

import importlib
import json
import pathlib
import re
import threading
import time
import typing as t
import urllib.parse

import pytest
import requests

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials import change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http import limits
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import Outcome, execute
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_api_keys, org_service_accounts
from atlas_like import AUTH_METHODS, CLIENT_ID, KEY, ORG, PAGE
from harness import TREE

PACKAGE = "ansible_collections.mongodb_atlas.admin.plugins.modules"
FILES = sorted((TREE / "plugins" / "modules").glob("*.py"))
# All modules that ask Atlas for something; the others only document an action plugin.
MODULES: dict[str, t.Any] = {
    path.stem: importlib.import_module(f"{PACKAGE}.{path.stem}")
    for path in FILES
    if "ARGUMENT_SPEC" in path.read_text(encoding="utf-8")
}

Send = t.Callable[..., requests.Response]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[list[requests.PreparedRequest]]:
    """The requests that would have left the machine, each answered by ``answer``."""
    requested: list[requests.PreparedRequest] = []

    def send(self: object, request: requests.PreparedRequest, *_args: object, **_kwargs: object) -> requests.Response:
        requested.append(request)
        response = requests.Response()
        response.status_code, headers, response._content = _answer(request)
        response.headers.update(headers)
        response.request, response.url = request, str(request.url)
        response.connection = self  # what digest sends its second request by
        response.raw = object()
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("private_keys"))  # any text may be the path of a file
        patch.setattr(limits.LimitedAdapter, "send", send)
        patch.setattr(change, "LOOK_AGAIN_AFTER", 0.0)
        patch.setattr(
            "ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.transport.RateLimiter.acquire", _no_wait
        )
        yield requested


_answers = threading.local()


def _answer(request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
    if "/oauth/" in str(request.url):
        return _answers.token
    return _answers.other


def _no_wait(*_args: object, **_kwargs: object) -> None:
    pass


def run(module: t.Any, params: t.Mapping[str, t.Any], token: t.Any, other: t.Any) -> Outcome:
    """What a task with PARAMS returns, where minting is answered with TOKEN and everything else with OTHER."""
    _answers.token, _answers.other = token, other
    outcome = execute(module.ARGUMENT_SPEC, module.run, t.cast("dict[str, t.Any]", params), {})
    json.dumps([outcome.result, outcome.warnings], ensure_ascii=False).encode()
    assert not outcome.failed or outcome.result["msg"]
    return outcome


GOOD_TOKEN = (200, {}, b'{"access_token": "aa.bb.cc", "expires_in": 3600}')
GOOD_PAGE = (200, {}, json.dumps({**PAGE, **KEY}).encode())

# Options

TEXTS = st.one_of(
    st.text(),
    st.text(alphabet="\r\n\t\0 :/?#[]@%\\\"'éß\u2028\ud800{}", max_size=30),
    st.sampled_from([ORG, ORG + "\n", ORG.upper(), "../" + ORG, "a" * 5000, "eyJhbGciOi", "mdb_sa_id_1", "-1", "٣"]),
)
HOSTS = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["https://", "http://", "HTTPS://", "//", "", "https:", "https:///", "file://", "javascript:"]),
    st.sampled_from(["", "user@", "user:pass@", "@", ":@"]),
    st.one_of(
        st.sampled_from(["127.0.0.1", "[::1]", "localhost", "cloud.mongodb.com", "bücher.example", "[fe80::1%25eth0]"]),
        st.text(max_size=10),
    ),
    st.one_of(st.sampled_from(["", ":443", ":0", ":99999", ":-1", ":x", ":٣"]), st.text(max_size=5)),
    st.sampled_from(["", "/", "//", "/api", "?x=1", "#x", "\\", "\r\nHost: evil.example", " ", "\0"]),
)
VALUES = st.one_of(
    TEXTS,
    HOSTS,
    st.none(),
    st.booleans(),
    st.integers(),
    # Beyond 10**308, and of infinity, ansible-core's own checks overflow.
    st.integers(min_value=10**18, max_value=10**300),
    st.floats(allow_infinity=False),
    st.lists(TEXTS, max_size=2),
    st.dictionaries(TEXTS, TEXTS, max_size=2),
)


OF_TYPE: dict[str, st.SearchStrategy[t.Any]] = {
    "str": TEXTS,
    "path": TEXTS,
    "list": st.lists(TEXTS, max_size=3),
    "bool": st.booleans(),
    "int": st.one_of(st.integers(0, 5), st.integers()),
    "float": st.one_of(st.floats(0.001, 3600), st.floats()),
}
CREDENTIALS = sorted({option for auth in AUTH_METHODS.values() for option in auth})


def value_of(spec: dict[str, t.Any]) -> st.SearchStrategy[t.Any]:
    """A value of the type of an option, or items with its suboptions."""
    if "options" not in spec:
        return OF_TYPE[spec["type"]]
    suboptions = {name: value_of(each) for name, each in spec["options"].items()}
    required = {name: value for name, value in suboptions.items() if spec["options"][name].get("required")}
    others = {name: value for name, value in suboptions.items() if name not in required}
    return st.lists(st.fixed_dictionaries(required, optional=others), max_size=3)


def options_of(module: t.Any) -> st.SearchStrategy[dict[str, t.Any]]:
    """Options of a module: of the right types with credentials that could be right, and anything at all."""
    credentials = st.one_of(
        st.sampled_from(list(AUTH_METHODS.values())),
        st.fixed_dictionaries({}, optional=dict.fromkeys(CREDENTIALS, TEXTS)),
    )
    others = {
        **{name: value_of(spec) for name, spec in module.ARGUMENT_SPEC.items() if name not in CREDENTIALS},
        "base_url": HOSTS,
        "org_id": st.one_of(st.just(ORG), TEXTS),
        "api_version": st.one_of(st.sampled_from(["2025-03-12", "v1.0", "public/v1.0"]), TEXTS),
    }
    likely = st.fixed_dictionaries({}, optional=others)
    anything = st.fixed_dictionaries({}, optional=dict.fromkeys(module.ARGUMENT_SPEC, VALUES))
    return st.one_of(st.builds(lambda *parts: {"org_id": ORG, **parts[0], **parts[1]}, likely, credentials), anything)


@pytest.mark.parametrize("name", MODULES)
def test_options(name: str, sent: list[requests.PreparedRequest]) -> None:
    module = MODULES[name]
    validator = ArgumentSpecValidator(module.ARGUMENT_SPEC)

    @given(options_of(module))
    def check(options: dict[str, t.Any]) -> None:
        sent.clear()
        validated = validator.validate(options)
        if validated.error_messages:
            return  # Ansible has refused them
        params = {option: validated.validated_parameters.get(option) for option in module.ARGUMENT_SPEC}
        outcome = run(module, params, GOOD_TOKEN, GOOD_PAGE)
        assert len(str(outcome.result.get("msg"))) < 20_000
        for request in sent:
            assert_sane(request, params)

    check()


ROOT = r"/api/(atlas/v2|atlas/v1\.0|public/v1\.0)"
ID, ACCOUNT = "[a-f0-9]{24}", "mdb_sa_id_[a-fA-F0-9]{24}"
ENTRY = "[0-9a-f.]+(%3A[0-9a-f.]*)*(%2F[0-9]+)?"
KEYS, ACCOUNTS = (
    rf"/apiKeys(/{ID}(/accessList(/{ENTRY})?)?)?",
    (rf"/serviceAccounts(/{ACCOUNT}(/accessList(/{ENTRY})?|/groups|/secrets(/{ID})?)?)?"),
)
IN_PROJECT = rf"/events|/apiKeys(/{ID})?|/serviceAccounts(/{ACCOUNT}(:invite)?)?"
PATHS = rf"/groups(/{ID}({IN_PROJECT})?)?|/orgs(/{ID}({KEYS}|{ACCOUNTS}|/groups|/settings|/events)?)?"


def assert_sane(request: requests.PreparedRequest, params: dict[str, t.Any]) -> None:
    """REQUEST goes to the host of base_url, to a path that Atlas knows, with headers of one line each."""
    url = urllib.parse.urlsplit(str(request.url))
    base = urllib.parse.urlsplit(params["base_url"])
    assert (url.scheme, url.hostname, url.port) == (base.scheme, base.hostname, base.port)
    assert re.fullmatch(rf"/api/oauth/(token|revoke)|{ROOT}({PATHS})", url.path), url.path
    assert not any(re.search(r"[\r\n\0]", str(value)) for value in request.headers.values())


# Answers

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.just(ORG), st.just(10**120)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
    max_leaves=12,
)
FIELDS = [
    *("results", "links", "totalCount", "id", "rel", "href", "cidrBlock", "ipAddress", "roles", "orgId"),
    *("status", "content", "envelope", "error", "errorCode", "reason", "detail", "parameters", "badRequestDetail"),
    *("access_token", "expires_in", "token_type", "error_description"),
    *("clientId", "groupId", "secrets", "secret", "created", "name", "description", "createdAt", "expiresAt"),
    *("desc", "roleName", "publicKey", "lastUsed", "lastUsedAddress"),
]


def objects(fields: st.SearchStrategy[str]) -> st.SearchStrategy[t.Any]:
    """Objects with the fields that are read, with anything in them, at any depth."""
    inside = st.deferred(lambda: st.one_of(JSON, found, st.lists(found, max_size=3)))
    found: st.SearchStrategy[t.Any] = st.dictionaries(fields, inside, max_size=5)
    return found


ATLAS_LIKE = objects(st.sampled_from(FIELDS))
PAGES = st.fixed_dictionaries(
    {"results": st.lists(st.one_of(ATLAS_LIKE, st.just(KEY)), max_size=4)}, optional={"links": st.lists(ATLAS_LIKE)}
)
BODIES = st.one_of(
    st.builds(lambda value: json.dumps(value).encode(), st.one_of(JSON, ATLAS_LIKE, PAGES)),
    st.builds(lambda value: json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"), ATLAS_LIKE),
    st.binary(max_size=100),
    st.integers(1, 3000).map(lambda depth: b'{"results": ' + b"[" * depth + b"]" * depth + b"}"),
)
STATUSES = st.one_of(
    st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 407, 429, 500, 503]), st.integers(100, 999)
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["WWW-Authenticate", "Retry-After", "RateLimit-Remaining", "Content-Type", "Location", "Set-Cookie"]
    ),
    st.one_of(
        st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=255), max_size=60),
        st.builds(
            "Digest {}".format,
            st.lists(
                st.builds(
                    "{}{}".format,
                    st.sampled_from(["realm", "nonce", "qop", "algorithm", "opaque", "stale", "domain"]),
                    st.sampled_from(["", "=", '="x"', "=x", '="auth"', '="MD5"', '="', '="a,b"', "=é", '="SHA-9"']),
                )
            ).map(", ".join),
        ),
        st.integers().map(str),
        st.sampled_from(["9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 99 Foo -1 99:99:99 +9999", "\x1b[2J"]),
    ),
)
ANSWERS = st.tuples(STATUSES, HEADERS, BODIES)


# What only a task that changes something reads.
ODD_KEY = {"desc": "ci", "roles": ["x", {"groupId": []}], "cidrBlock": "::/0", "lastUsed": 1, "lastUsedAddress": "x"}
ODD_ACCOUNT = {"clientId": CLIENT_ID, "secrets": [{"id": 1}], "roles": [{}], "groupId": KEY["id"], "projects": [1]}
ODD_PAGE = (
    200,
    {},
    json.dumps({"results": [ODD_KEY, ODD_ACCOUNT], **ODD_ACCOUNT, "roles": "x", "id": KEY["id"]}).encode(),
)
KEY_FILE = "key.json"
NEW_KEY = {"desc": "ci", "roles": ["ORG_MEMBER"], "access_list": ["192.0.2.0/24"], "secret_file": KEY_FILE}
SUBOPTIONS = {option: spec.get("default") for option, spec in org_api_keys.ARGUMENT_SPEC["api_keys"]["options"].items()}
EXISTING_KEY = {"desc": "old", "roles": ["ORG_MEMBER"], "api_user_id": KEY["id"]}
NEW_ACCOUNT = {"name": "ci", "description": "x", "roles": ["ORG_MEMBER"], "access_list": ["192.0.2.0/24"]}
NEW_ACCOUNT |= {"secret_expires_after_hours": 100, "secret_file": KEY_FILE}
ACCOUNT_SUBOPTIONS = {
    option: spec.get("default")
    for option, spec in org_service_accounts.ARGUMENT_SPEC["service_accounts"]["options"].items()
}
EXISTING_ACCOUNT = {"name": "old", "roles": ["ORG_MEMBER"], "service_account_id": CLIENT_ID}
ODD_OPTIONS = {
    "org_id": ORG,
    "retries": 0,
    "api_user_id": KEY["id"],
    "project_id": KEY["id"],
    "desc": "ci",
    "service_account_id": CLIENT_ID,
    "name": "ci",
    "description": "Deploys",
    "secret_expires_after_hours": 100,
    "expires_after_hours": 100,
    "roles": ["ORG_MEMBER"],
    "entries": ["192.0.2.0/24"],
    "return_secret": True,
    "api_keys": [{**SUBOPTIONS, **EXISTING_KEY}],
    "service_accounts": [{**ACCOUNT_SUBOPTIONS, **EXISTING_ACCOUNT}],
    "purge_prefix": "ci-",
}


def _is_switch(option: str, spec: dict[str, t.Any]) -> bool:
    return spec["type"] == "bool" and option != "validate_certs"


def _requires(module: t.Any, option: str) -> bool:
    return bool(module.ARGUMENT_SPEC.get(option, {}).get("required"))


def _id(module: t.Any, option: str) -> st.SearchStrategy[str | None]:
    identifier = CLIENT_ID if option == "service_account_id" else KEY["id"]
    return st.just(identifier) if _requires(module, option) else st.sampled_from([None, identifier])


# Each module with one auth method; all of them with the others in `make check`.
PAIRS = [
    pytest.param(name, auth, marks=[] if (number + place) % len(AUTH_METHODS) == 0 else [pytest.mark.full])
    for number, name in enumerate(MODULES)
    for place, auth in enumerate(AUTH_METHODS)
]


@pytest.mark.parametrize(("name", "auth"), PAIRS)
def test_answers(name: str, auth: str, sent: list[requests.PreparedRequest]) -> None:
    module = MODULES[name]

    @given(
        ANSWERS,
        st.one_of(st.just(GOOD_TOKEN), ANSWERS),
        st.fixed_dictionaries(
            {
                **{option: st.booleans() for option, spec in module.ARGUMENT_SPEC.items() if _is_switch(option, spec)},
                "api_user_id": _id(module, "api_user_id"),
                "project_id": _id(module, "project_id"),
                "desc": st.sampled_from([None, "ci"]),
                "roles": st.sampled_from([None, ["ORG_MEMBER"]]),
                "entries": st.sampled_from([["192.0.2.0/24"], ["192.0.2.7", "2001:db8::/32"]]),
                "api_keys": st.lists(
                    st.sampled_from([{**SUBOPTIONS, **NEW_KEY}, {**SUBOPTIONS, **EXISTING_KEY}]), max_size=2
                ),
                "service_accounts": st.lists(
                    st.sampled_from(
                        [{**ACCOUNT_SUBOPTIONS, **NEW_ACCOUNT}, {**ACCOUNT_SUBOPTIONS, **EXISTING_ACCOUNT}]
                    ),
                    max_size=2,
                ),
                "purge_prefix": st.sampled_from([None, "ci-"]),
                "state": st.sampled_from(["present", "absent"]),
                "service_account_id": _id(module, "service_account_id"),
                "name": st.sampled_from([None, "ci"]),
                "description": st.sampled_from([None, "Deploys"]),
                "secret_expires_after_hours": st.sampled_from([None, 100]),
                "expires_after_hours": st.sampled_from([None, 100]),
                "min_remaining_hours": st.integers(0, 99),
                "secret_id": _id(module, "secret_id"),
                "current_secret_id": _id(module, "current_secret_id"),
                "max_events": st.integers(1, 3),
                "org_id": st.just(ORG) if _requires(module, "org_id") else st.sampled_from([None, ORG]),
                "retries": st.integers(0, 1),
            }
        ),
    )
    @example(ODD_PAGE, GOOD_TOKEN, {**ODD_OPTIONS, "state": "absent"})
    @example(ODD_PAGE, GOOD_TOKEN, {**ODD_OPTIONS, "state": "present"})
    @example((302, {"Location": "\x80"}, b"{}"), GOOD_TOKEN, {"org_id": ORG, "retries": 0})
    @example((401, {"WWW-Authenticate": "Digest realm=x, nonce"}, b"{}"), GOOD_TOKEN, {"org_id": ORG, "retries": 0})
    def check(answer: t.Any, token: t.Any, options: dict[str, t.Any]) -> None:
        sent.clear()
        pathlib.Path(KEY_FILE).unlink(missing_ok=True)
        started = time.monotonic()
        params = {
            **{option: spec.get("default") for option, spec in module.ARGUMENT_SPEC.items()},
            **{option: value for option, value in ODD_OPTIONS.items() if _requires(module, option)},
            **{option: value for option, value in options.items() if option in module.ARGUMENT_SPEC},
            **AUTH_METHODS[auth],
        }
        run(module, params, token, answer)
        assert time.monotonic() - started < 10
        assert len(sent) < 100
        for request in sent:
            assert_sane(request, params)

    check()


# The proxies of the environment, and what is masked of them


@given(HOSTS)
def test_proxies(proxy: str) -> None:
    from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import proxy_secrets

    assert isinstance(proxy_secrets({"HTTPS_PROXY": proxy}), set)
