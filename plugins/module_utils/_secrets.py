# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What no output may show: secrets in all their encoded forms, and how a text is masked."""

from __future__ import annotations

import base64
import html
import json
import re
import typing as t
import urllib.parse

MASK = "********"

# Shorter secrets would mask parts of ordinary words in results.
MIN_SECRET = 8  # characters
_MIN_PIECE = 4

# A service account's secret and a token (JWT): nothing else looks like them.
_UNMISTAKABLE = re.compile(r"mdb_sa_sk_[^\s\"'&<>]*|\beyJ[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)*", re.IGNORECASE)

# An API key's private key has the form of any UUID, so only an option that is nothing else is taken for one.
_PRIVATE_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

# Named secrets in a response body: in JSON that may be cut, or written otherwise by a proxy.
_NAMED = re.compile(
    r"""((?:private_?key|access_?token|secret)["']?\s*[:=]\s*)(?:"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s"'&,;<>{}]+)""",
    re.IGNORECASE,
)

_PROXY_VARIABLES = frozenset(("https_proxy", "http_proxy", "all_proxy"))


def _bytes_of(text: str) -> bytes:
    """TEXT in UTF-8. From the environment it may have bytes that are no UTF-8, from a task any surrogate."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


# How a server, a proxy or a library writes a text into a header, a URL, a form, JSON, HTML or a message.
TEXT_ENCODINGS: dict[str, t.Callable[[str], str]] = {
    "as it is": str,
    "path of a URL": lambda text: urllib.parse.quote(_bytes_of(text)),
    "query of a URL": lambda text: urllib.parse.quote(_bytes_of(text), safe=""),
    "URL of a browser": lambda text: urllib.parse.quote(_bytes_of(text), safe="!'()*"),
    "form": lambda text: urllib.parse.quote_plus(_bytes_of(text)),
    "URL in lower case": lambda text: _lower_escapes(urllib.parse.quote(_bytes_of(text), safe="")),
    "URL in a URL": lambda text: urllib.parse.quote(urllib.parse.quote(_bytes_of(text), safe=""), safe=""),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON with escaped slashes": lambda text: json.dumps(text)[1:-1].replace("/", r"\/"),
    "JSON in UTF-8": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "HTML": html.escape,
    "message of Python": lambda text: repr(text)[1:-1],
}

# What HTTP Basic and tokens are made of, which is encoded as text in turn.
BYTE_ENCODINGS: dict[str, t.Callable[[str], str]] = {
    "as it is": str,
    "Base64": lambda text: base64.b64encode(_bytes_of(text)).decode(),
    "Base64 for URLs": lambda text: base64.urlsafe_b64encode(_bytes_of(text)).decode(),
    "Base64 without padding": lambda text: base64.b64encode(_bytes_of(text)).decode().rstrip("="),
    "Base64 for URLs without padding": lambda text: base64.urlsafe_b64encode(_bytes_of(text)).decode().rstrip("="),
}


def encoded_forms(secret: str) -> set[str]:
    """Return a secret in every form in which it may come back."""
    spelled = {encode(secret) for encode in BYTE_ENCODINGS.values()}
    return {encode(text) for text in spelled for encode in TEXT_ENCODINGS.values()}


def _lower_escapes(url: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda escape: escape[0].lower(), url)


def basic_credentials(user: str, password: str) -> str:
    """Return the credentials of HTTP Basic for a user name and a password. They are a secret themselves."""
    return BYTE_ENCODINGS["Base64"](f"{user}:{password}")


def mask(text: str, secrets: t.Iterable[str]) -> str:
    """TEXT without SECRETS, and without what can only be a token or a service account's secret.

    Mask a whole text before it is shortened: the beginning of a secret is not recognized any more.
    """
    return _UNMISTAKABLE.sub(MASK, masker(secrets)(text))


def mask_response(text: str) -> str:
    """Return the text of a response without new secrets: a private key, a token or a client secret."""
    return _PRIVATE_KEY.sub(MASK, _NAMED.sub(rf'\1"{MASK}"', text))


def masker(secrets: t.Iterable[str]) -> t.Callable[[str], str]:
    """Return a function that returns a text without SECRETS, and leaves all else as it is."""
    longest_first = sorted(filter(None, secrets), key=len, reverse=True)

    def without_secrets(text: str) -> str:
        for secret in longest_first:
            text = text.replace(secret, MASK)
        return text

    return without_secrets


def mask_values(value: t.Any, mask_text: t.Callable[[str], str]) -> t.Any:
    """Return a JSON value with every string in it masked by MASK_TEXT."""
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, list):
        return [mask_values(item, mask_text) for item in value]
    if isinstance(value, dict):
        return {mask_text(name): mask_values(item, mask_text) for name, item in value.items()}
    return value


def misplaced_secrets(params: t.Mapping[str, t.Any]) -> set[str]:
    """Return secrets in options that are not ``no_log``.

    For example a token given as an ID, ``public:private`` as a public key, a password or query value in a URL. Short
    parts of a value are left out, because masking them would damage the message. The value is masked as a whole.

    :param params: the task's validated options.
    """
    texts = list(_texts(params))
    found = {match for text in texts for match in _UNMISTAKABLE.findall(text)}
    found |= {text.strip() for text in texts if _PRIVATE_KEY.fullmatch(text.strip())}
    parts = {option: (params.get(option) or "").partition(":")[2] for option in ("public_key", "client_id")}
    found |= {params[option] for option, part in parts.items() if part} | set(parts.values())
    base_url = params.get("base_url") or ""
    in_url = _secrets_in_url(base_url)
    found |= in_url | ({base_url} if in_url else set())
    return {secret for secret in found if len(secret) >= _MIN_PIECE}


def _texts(value: t.Any) -> t.Iterator[str]:
    """Return the strings in an option's value, at every depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def shown(value: str, longest: int = 80) -> str:
    """VALUE, quoted for a message, or its length if it has more than LONGEST characters.

    It is not shortened: a secret of the task in it is masked later, and a piece of one would not be recognized.
    """
    masked = MASK if _PRIVATE_KEY.fullmatch(value.strip()) else mask(value, ())
    return repr(masked) if len(masked) <= longest else f"a text of {len(masked)} characters"


def proxy_secrets(environ: t.Mapping[str, str]) -> set[str]:
    """Return the passwords of proxies in the environment, which requests uses.

    They are masked in messages only: such a password may be an ordinary word, and masking it would damage results.
    """
    proxies = [value for name, value in environ.items() if name.lower() in _PROXY_VARIABLES]
    return set().union(*(_secrets_in_url(proxy) for proxy in proxies))


def _secrets_in_url(url: str) -> set[str]:
    """Return the password in URL as written, decoded and as sent, and the values of its query."""
    try:
        parts = urllib.parse.urlsplit(url if "//" in url else "//" + url)
    except ValueError:
        return {url} if "@" in url else set()
    found = {value for _name, value in urllib.parse.parse_qsl(parts.query)} | {parts.fragment}
    if parts.password:
        user, password = urllib.parse.unquote(parts.username or ""), urllib.parse.unquote(parts.password)
        found |= {parts.password} | encoded_forms(password) | encoded_forms(basic_credentials(user, password))
    return found - {""}
