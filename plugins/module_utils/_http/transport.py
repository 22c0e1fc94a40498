# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""One requests session with one host: what is sent, when it is sent again, and what came back."""

from __future__ import annotations

import contextlib
import http.cookiejar
import random
import re
import time
import types
import typing as t
import urllib.request

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import AtlasError, TransportError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.failures import (
    ConnectionBroken,
    ConnectionStale,
    transport_error,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.limits import (
    MAX_SIZE,
    LimitedAdapter,
    NoRedirectSession,
    TooLarge,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.rate_limiter import CONNECTIONS, RateLimiter
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.response import Response
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._requests import IMPORT_ERROR, requests, urllib3

USER_AGENT = "ansible-collection-mongodb_atlas.admin/1.0.0"

# Statuses of responses that are likely to be another one when the request is sent again later.
_RETRYABLE_STATUSES = frozenset((429, 502, 503, 504))
# The one among them that says for certain that nothing was done.
_THROTTLED = 429

# Seconds of a single wait, regardless of Retry-After: Atlas may say 0, and another server a year.
_MIN_WAIT, _MAX_WAIT = 1.0, 60.0

# Seconds of the first wait without Retry-After; each further one is twice as long.
_FIRST_BACKOFF = 0.5

# What requests calls "auth": authenticates a prepared request.
Authenticate = t.Callable[[t.Any], t.Any]

# A context manager that yields Authenticate for one attempt.
AuthContext = t.Callable[[], "contextlib.AbstractContextManager[Authenticate]"]


Query = t.Mapping[str, "str | t.Sequence[str]"]


class Request(t.NamedTuple):
    """A request, as often as it is sent.

    :param idempotent: whether it does no harm when it arrives twice. If not, it is sent again only after a 429, which
        says that nothing was done.
    :param deadline: seconds of ``time.monotonic`` at which it must be over, waits included.
    """

    method: str
    path: str
    auth: AuthContext
    headers: dict[str, str]
    idempotent: bool
    query: Query = types.MappingProxyType({})
    form: dict[str, str] | None = None
    json: t.Any = None
    deadline: float = float("inf")

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class Transport:
    """A session with BASE_URL: TLS, proxies, time-outs, connections that are kept open, retries.

    :param base_url: scheme, host and port, without a trailing slash.
    :param timeout: seconds, to connect and between bytes.
    :param retries: how often a request is sent again after a retryable status or a broken connection.
    :param verify: what ``requests`` takes: whether to check certificates, or the path of the authorities to check with.
    :param direct: whether to ignore the proxies of the environment.
    :param mask: removes the session's secrets from a text; applied to everything that a message quotes.
    :raises AtlasError: if ``requests`` cannot be imported.
    """

    def __init__(
        self,
        base_url: str,
        timeout: float,
        retries: int,
        verify: bool | str,
        direct: bool = False,
        mask: t.Callable[[str], str] = str,
    ) -> None:
        if IMPORT_ERROR:
            raise AtlasError(IMPORT_ERROR)
        self._base_url = base_url
        self._timeout = timeout
        self._retries = retries
        self._verify = verify
        self._mask = mask
        self._limiter = RateLimiter()
        self._waits_before = (0, 0.0)
        self._session = self._open_session()
        self._session.trust_env = not direct

    def _open_session(self) -> t.Any:
        session = NoRedirectSession()
        session.headers["User-Agent"] = USER_AGENT
        session.headers["Accept-Encoding"] = "gzip"  # nothing that decompresses to more than the adapter allows
        session.headers["Cache-Control"] = "no-cache"
        session.cookies.set_policy(_NoCookies())
        adapter = LimitedAdapter(pool_maxsize=CONNECTIONS)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        if not self._verify:
            # The task's own warning says it once; urllib3 would say it for each request, on standard error.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        return session

    def cancel(self) -> None:
        """Send no request that waits, and repeat none that is under way; later ones are not affected."""
        self._limiter.cancel()
        self._waits_before = self.waits
        self._limiter = RateLimiter()

    @property
    def waits(self) -> tuple[int, float]:
        """How often requests had to wait, and for how many seconds in all."""
        times, seconds = self._waits_before
        return times + self._limiter.waits, seconds + self._limiter.seconds

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def send(self, request: Request) -> Response:
        """Return the response to REQUEST. Retryable statuses and broken connections are retried.

        :raises TransportError: if there is no response.
        :raises Cancelled: after ``cancel``.
        """
        # urllib3's Retry decides and counts, but not on the adapter: there it would send the very same bytes again, and
        # a digest nonce count that was seen before is refused.
        retry = urllib3.Retry(self._retries, backoff_factor=_FIRST_BACKOFF)
        limiter = self._limiter
        while True:
            limiter.acquire(retry=bool(retry.history))
            failure, response = None, None
            try:
                response = self._try(request)
            except ConnectionBroken as error:
                if not request.idempotent:
                    raise
                failure = error
            else:
                if not _retryable(response, request):
                    limiter.on_success(_whole_number(response.headers.get("RateLimit-Remaining")))
                    return response
            try:
                retry = retry.increment(request.method, request.path, error=failure)
            except urllib3.exceptions.MaxRetryError:
                return self._last(response, failure)
            seconds = _seconds_to_wait(retry, response.headers.get("Retry-After") if response else None)
            if time.monotonic() + seconds >= request.deadline:
                return self._last(response, failure)
            # The limit on minting, which is not idempotent, is not one on reading.
            throttled = request.idempotent and response is not None and response.status == _THROTTLED
            (limiter.on_throttled if throttled else limiter.hold)(seconds)

    def _last(self, response: Response | None, failure: TransportError | None) -> Response:
        """Return the last response, or raise the last failure if there was none."""
        if response:
            return response
        raise TransportError(f"{failure} Tried {self._retries + 1} times." if self._retries else str(failure)) from None

    def _try(self, request: Request) -> Response:
        """Send once, and again at once if a connection that was open before has been closed by the server."""
        # Any of those that are kept open may have been closed. A request that is not idempotent may have been received.
        for _each in range(CONNECTIONS if request.idempotent else 0):
            with contextlib.suppress(ConnectionStale), request.auth() as authenticate:
                return self._send_once(request, authenticate)
        with request.auth() as authenticate:
            return self._send_once(request, authenticate)

    def _send_once(self, request: Request, authenticate: Authenticate) -> Response:
        timeout = min(self._timeout, max(request.deadline - time.monotonic(), 0.1))
        try:
            response = self._session.request(
                request.method,
                self._base_url + request.path,
                auth=authenticate,
                headers=request.headers,
                params=request.query,
                data=request.form,
                json=request.json,
                timeout=timeout,
                verify=self._verify,  # for each request: set on the session, REQUESTS_CA_BUNDLE would override False
                allow_redirects=False,
            )
        except TooLarge:
            raise TransportError(
                f"The response to {request} is larger than {MAX_SIZE >> 20} MB, and was not read to its end."
                " Is base_url Atlas itself?"
            ) from None
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise transport_error(str(request), self._base_url, timeout, error, self._mask) from None
        enveloped = "envelope" in request.query
        return Response(str(request), response.status_code, response.headers, response.content, self._mask, enveloped)


class _NoCookies(http.cookiejar.DefaultCookiePolicy):
    """Atlas needs no cookies; none is kept, so none can carry anything from one request to the next."""

    def set_ok(self, cookie: http.cookiejar.Cookie, request: urllib.request.Request) -> bool:
        return False


def _retryable(response: Response, request: Request) -> bool:
    return response.status in (_RETRYABLE_STATUSES if request.idempotent else (_THROTTLED,))


def _seconds_to_wait(retry: t.Any, retry_after: str | None) -> float:
    """Retry-After within bounds, else an exponential backoff, with jitter to separate tasks."""
    if retry_after is not None:
        try:
            return float(min(max(retry.parse_retry_after(retry_after), _MIN_WAIT), _MAX_WAIT))
        except (urllib3.exceptions.InvalidHeader, ValueError, OverflowError):
            pass  # as if there were no Retry-After
    return float(min(max(retry.get_backoff_time(), _FIRST_BACKOFF) * random.uniform(1, 1.25), _MAX_WAIT))


def _whole_number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text) else None
