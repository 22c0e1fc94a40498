# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Which auth method a task uses, and where its credentials come from."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.bearer import BearerToken
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.digest import DigestAuth
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.method import AuthMethod
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.service_account import ServiceAccount
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import MIN_SECRET

# In the order in which the environment is searched, which is that of Terraform's provider.
AUTH_METHODS: tuple[type[AuthMethod], ...] = (BearerToken, ServiceAccount, DigestAuth)


def select_auth(params: t.Mapping[str, t.Any], environ: t.Mapping[str, str]) -> AuthMethod:
    """Return the auth method of a task, with credentials that come whole from one place.

    If the task gives any credential, those of the environment are ignored.

    :param params: the task's validated options.
    :param environ: the environment where the task runs.
    :raises UsageError: if there are none, half of them, or those of two auth methods at once.
    """
    return _select(params, environ, AUTH_METHODS)


def select_service_account(params: t.Mapping[str, t.Any], environ: t.Mapping[str, str]) -> AuthMethod:
    """Return the service account of a task that mints or revokes tokens.

    No other auth method can do that, and ``access_token`` is not a credential of such a task.

    Parameters and errors are those of ``select_auth``.
    """
    if any(params.get(option) is not None for option in DigestAuth.environment):
        raise UsageError(
            f"The task has {DigestAuth.describe()}, but only a service account mints and revokes tokens:"
            f" give {ServiceAccount.describe()}."
        )
    return _select(params, environ, (ServiceAccount,))


def credentials(params: t.Mapping[str, t.Any], environ: t.Mapping[str, str]) -> dict[str, str]:
    """Every secret that the task and its environment hold, whether it is used or not, by the name that gives it."""
    found: dict[str, str] = {}
    for method in AUTH_METHODS:
        option = method.secret_option
        found[option] = params.get(option) or ""
        found.update({name: environ.get(name, "") for name in method.environment[option]})
    return {name: secret for name, secret in found.items() if len(secret) >= MIN_SECRET}


def check_placement(params: t.Mapping[str, t.Any], secrets: t.Mapping[str, str]) -> None:
    """Refuse a secret that is also in an option for something else: messages show what such options hold.

    :param secrets: the result of ``credentials``.
    :raises UsageError: with the names of both.
    """
    own_options = {method.secret_option for method in AUTH_METHODS}
    for option, value in params.items():
        for name, secret in secrets.items():
            if option not in own_options and isinstance(value, str) and secret in value:
                raise UsageError(f"{option} holds the value of {name}, which is a secret. Correct {option}.")


def _select(
    params: t.Mapping[str, t.Any], environ: t.Mapping[str, str], methods: tuple[type[AuthMethod], ...]
) -> AuthMethod:
    from_task = {
        name: params[name] for method in methods for name in method.environment if params.get(name) is not None
    }
    if from_task:
        given = [method for method in methods if from_task.keys() & method.environment.keys()]
        if len(given) > 1:
            both = " and ".join(f"({method.describe()})" for method in reversed(given))
            raise UsageError(f"The auth methods {both} are mutually exclusive. Give one.")
        return given[0](from_task, {})
    for method in methods:
        values, source = _from_environment(method, environ)
        if values:
            return method(values, source)
    options = ", or ".join(f"{method.describe()} ({method.owner})" for method in methods)
    variables = ", or ".join(" and ".join(names[0] for names in method.environment.values()) for method in methods)
    raise UsageError(
        f"No credentials. Give {options}, as options, in module_defaults or in the environment ({variables})."
    )


def _from_environment(method: type[AuthMethod], environ: t.Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Values and names of the variables that hold METHOD's options. Empty ones count as not set: AWX may set them."""
    values: dict[str, str] = {}
    source: dict[str, str] = {}
    for option, names in method.environment.items():
        used = [name for name in names if environ.get(name)]
        source[option] = (used or names)[0]
        if used:
            values[option] = environ[used[0]]
    return values, source
