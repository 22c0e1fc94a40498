# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""One requests session with one host: what is sent, when it is sent again, and what came back."""

from __future__ import annotations

import http.cookiejar
import random
import re
import traceback
import typing as t
import urllib.request

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._adapter import LARGEST, WHOLE, TooLarge
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._answer import Answer
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import AtlasError, NoAnswer
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._pace import Pace

REQUESTS_IMPORT_ERROR: str | None
try:
    import requests
    import urllib3

    from ansible_collections.mongodb_atlas.admin.plugins.module_utils._adapter import Adapter, Session
except ImportError:
    REQUESTS_IMPORT_ERROR = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None

USER_AGENT = "ansible-collection-mongodb_atlas.admin/1.0.0"

# Passing refusals: repeated after a while, they are likely to succeed.
_PASSING = frozenset((429, 502, 503, 504))
# The one among them that says for certain that nothing was done.
_UNDONE = frozenset((429,))

# Seconds a single wait may take, whatever Retry-After says: Atlas may say 0, and a hostile server a year.
_SHORTEST_WAIT, _LONGEST_WAIT = 1.0, 60.0

# Where nobody says how long to wait: half a second, then twice as long each time.
_FIRST_BACKOFF = 0.5

# Connections that are kept open side by side; as many as a task has threads.
CONNECTIONS = 8

# What requests calls "auth": signs a prepared request.
Sign = t.Callable[[t.Any], t.Any]


class Transport:
    """A session with BASE_URL: TLS, proxies, time-outs, connections kept open, and patience.

    :param base_url: scheme, host and port, without a trailing slash.
    :param timeout: seconds, to connect and between bytes.
    :param retries: how often a request is repeated that a passing refusal or a broken connection spoiled.
    :param verify: what C(requests) takes: whether to check certificates, or the path of the authorities to check with.
    :param direct: whether to pass by the proxies of the environment.
    :raises AtlasError: when C(requests) is not installed.
    """

    def __init__(self, base_url: str, timeout: float, retries: int, verify: bool | str, direct: bool = False) -> None:
        if REQUESTS_IMPORT_ERROR:
            raise AtlasError(missing_required_lib("requests"))
        self._base_url = base_url
        self._timeout = timeout
        self._retries = retries
        self._verify = verify
        self._pace = Pace()
        self._waits_before = (0, 0.0)
        self._session = self._open_session()
        self._session.trust_env = not direct

    def _open_session(self) -> requests.Session:
        session = Session()
        session.headers["User-Agent"] = USER_AGENT
        session.headers["Accept-Encoding"] = "gzip"  # nothing that unpacks to more than the adapter is ready for
        session.cookies.set_policy(_NoCookies())
        adapter = Adapter(pool_maxsize=CONNECTIONS)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        if not self._verify:
            # The task's own warning says it once; urllib3 would say it for each request, on standard error.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        return session

    def get(self, path: str, query: dict[str, t.Any], headers: dict[str, str], sign: Sign) -> Answer:
        """Read PATH. Passing refusals and broken connections are waited out.

        :raises NoAnswer: when nothing came back.
        """
        return self._persist("GET", path, sign, headers, repeatable=True, params=query)

    def post(self, path: str, form: dict[str, str], sign: Sign, repeatable: bool) -> Answer:
        """Send FORM to PATH. One that is not REPEATABLE does harm when it arrives twice: only a 429, which says that
        nothing was done, is waited out.
        """
        return self._persist("POST", path, sign, {"Accept": "application/json"}, repeatable, data=form)

    def abandon(self) -> None:
        """Let no request that waits be sent, and none be repeated that is under way; later ones are free."""
        self._pace.stop()
        self._waits_before = self.waits
        self._pace = Pace()

    @property
    def waits(self) -> tuple[int, float]:
        """How often Atlas (or a broken connection) made this session wait, and for how many seconds."""
        times, seconds = self._waits_before
        return times + self._pace.waits, seconds + self._pace.seconds

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def _persist(
        self, method: str, path: str, sign: Sign, headers: dict[str, str], repeatable: bool, **more: t.Any
    ) -> Answer:
        # urllib3's Retry decides and counts, but not on the adapter: there it would send the very same bytes again, and
        # a digest nonce count that was seen before is refused.
        retry = urllib3.Retry(self._retries, backoff_factor=_FIRST_BACKOFF)
        pace = self._pace
        while True:
            pace.turn(again=bool(retry.history))
            failure, answer = None, None
            try:
                answer = self._send(method, path, sign, headers, **more)
            except _BrokenConnection as broken:
                if not repeatable:
                    raise
                failure = broken
            else:
                if answer.status not in (_PASSING if repeatable else _UNDONE):
                    pace.went_well(_whole_number(answer.headers.get("RateLimit-Remaining")))
                    return answer
            try:
                retry = retry.increment(method, path, error=failure)
            except urllib3.exceptions.MaxRetryError:
                if answer:
                    return answer
                raise NoAnswer(
                    f"{failure} Tried {self._retries + 1} times." if self._retries else str(failure)
                ) from None
            told = answer.headers.get("Retry-After") if answer else None
            # What is not repeatable is not reading, and the limit on it (of minting) is none on that.
            too_many = repeatable and answer is not None and answer.status == 429
            pace.wait(_seconds_to_wait(retry, told), too_many)

    def _send(self, method: str, path: str, sign: Sign, headers: dict[str, str], **more: t.Any) -> Answer:
        request = f"{method} {path}"
        try:
            response = self._session.request(
                method,
                self._base_url + path,
                auth=sign,
                headers=headers,
                timeout=self._timeout,
                verify=self._verify,  # for each request: set on the session, REQUESTS_CA_BUNDLE would override False
                allow_redirects=False,
                **more,
            )
        except TooLarge:
            raise NoAnswer(
                f"The answer to {request} is larger than {LARGEST >> 20} MB, and was not read to its end."
                " Is base_url Atlas itself?"
            ) from None
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise self._no_answer(request, error) from None
        return Answer(
            request, response.status_code, response.headers, response.content, "envelope" in more.get("params", ())
        )

    def _no_answer(self, request: str, error: Exception) -> NoAnswer:
        """What ERROR, of requests or below, means to a person. The order counts: the kinds overlap."""
        cause, there, kinds = _cause(error), self._base_url, requests.exceptions
        if isinstance(error, kinds.SSLError):
            return NoAnswer(
                f"No TLS connection with {there} for {request}: {cause}."
                " Check base_url; where a private authority signed the host's certificate, give it as ca_path."
            )
        if isinstance(error, kinds.ProxyError):
            return NoAnswer(
                f"The proxy did not let {request} through to {there}: {cause}."
                " Check HTTPS_PROXY (with a user name and password, where the proxy wants them) and NO_PROXY in the"
                " environment."
            )
        if isinstance(error, kinds.Timeout):
            return NoAnswer(
                f"{there} did not answer {request} within {self._timeout:g} seconds,"
                f" or not in full within {self._timeout * WHOLE:g}."
                " Check base_url and the firewall, or raise timeout."
            )
        if isinstance(error, (kinds.ConnectionError, urllib3.exceptions.ProtocolError)):
            return _BrokenConnection(
                f"No connection, or a broken one, with {there} for {request}: {cause}."
                " Check base_url, the network and the proxy."
            )
        return NoAnswer(f"{request} to {there} failed: {cause}.")


class _BrokenConnection(NoAnswer):
    """A connection that could not be made, or broke: worth another try."""


class _NoCookies(http.cookiejar.DefaultCookiePolicy):
    """Atlas needs no cookies; none is kept, so none can carry anything from one request to the next."""

    def set_ok(self, cookie: http.cookiejar.Cookie, request: urllib.request.Request) -> bool:
        return False


def _seconds_to_wait(retry: urllib3.Retry, told: str | None) -> float:
    """What a wait takes: Retry-After within bounds, else a pause that doubles, with jitter to part tasks."""
    if told is not None:
        try:
            return min(max(retry.parse_retry_after(told), _SHORTEST_WAIT), _LONGEST_WAIT)
        except (urllib3.exceptions.InvalidHeader, ValueError, OverflowError):
            pass  # rubbish: as if nothing had been said
    return min(max(retry.get_backoff_time(), _FIRST_BACKOFF) * random.uniform(1, 1.25), _LONGEST_WAIT)


def _whole_number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text) else None


def _cause(error: BaseException) -> str:
    """The innermost reason, without the wrapping of urllib3 and requests, which shows addresses of objects."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return str(error) or type(error).__name__
