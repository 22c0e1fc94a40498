# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Mask secrets in what a foreign action or module shows and returns.

``no_log`` does not do that: it hides the whole result, and up to now shows the message of a failed task.
"""

from __future__ import annotations

import base64
import contextlib
import typing as t

from ansible.utils.display import Display

try:
    from ansible._internal._display_utils import DeferredWarningContext
except ImportError:  # up to ansible-core 2.18, warnings of a module are a part of its result alone
    DeferredWarningContext = None

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import encoded_forms, masker

MaskText = t.Callable[[str], str]

# Methods of Display that show their first argument. Which of them exist depends on the version of ansible-core.
_VERBOSE = tuple("v" * count for count in range(1, 7))
_SHOWING = ("display", "warning", "deprecated", "error", "verbose", "debug", *_VERBOSE)


def mask_everywhere(secrets: t.Iterable[str]) -> MaskText:
    """Return a function that masks secrets in all encoded forms, also inside a longer text that is in base64."""
    forms = {form for secret in secrets for form in encoded_forms(secret)}
    embedded = {piece for secret in secrets for piece in _base64_pieces(secret.encode("utf-8", "surrogatepass"))}
    return masker(forms | embedded | {quoted for piece in embedded for quoted in encoded_forms(piece)})


def _base64_pieces(raw: bytes) -> t.Iterator[str]:
    """Yield how bytes look inside the base64 of something longer, for each offset at which they may stand in it.

    The first and the last character depend on the neighbors, so they are left out.
    """
    for offset in range(3):
        padded = b"\0" * offset + raw
        first, last = -(-offset * 8 // 6), len(padded) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(padded).decode()[first:last]


def mask_result(value: t.Any, mask_text: MaskText) -> t.Any:
    """Return a result with every text in it masked, names of fields included.

    What is neither JSON nor bytes becomes text: ansible-core 2.19 and newer put objects into results, such as errors
    and warnings, that hold the message.
    """
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, dict):
        return {_mask_name(name, mask_text): mask_result(each, mask_text) for name, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [mask_result(each, mask_text) for each in value]
    if isinstance(value, bytes):
        return mask_text(value.decode("utf-8", "replace"))
    return mask_text(value if isinstance(value, str) else text_of(value))


def _mask_name(name: t.Any, mask_text: MaskText) -> t.Any:
    return name if name is None or isinstance(name, (bool, int, float)) else mask_text(str(name))


def text_of(message: object) -> str:
    """Return the text of a warning or error, which is an object with an event from ansible-core 2.19 on."""
    return str(getattr(getattr(message, "event", message), "msg", message))


@contextlib.contextmanager
def masked_display(mask_text: MaskText) -> t.Iterator[None]:
    """Mask what is shown on the screen and in the log, warnings included.

    In a worker, Display passes it to Ansible's main process.
    """
    display = Display()
    replaced = [name for name in _SHOWING if hasattr(display, name)]
    for name in replaced:
        setattr(display, name, _masking(getattr(display, name), mask_text))
    # It would show the exception itself as well.
    if hasattr(display, "error_as_warning"):
        replaced.append("error_as_warning")
        display.error_as_warning = lambda msg, exception, **_options: display.warning(f"{msg}: {exception}")
    try:
        with _collected_warnings() as warnings:
            yield
        for warning in warnings:
            display.warning(text_of(warning))
    finally:
        for name in replaced:
            delattr(display, name)


@contextlib.contextmanager
def _collected_warnings() -> t.Iterator[list[object]]:
    """Keep warnings out of the result of the task, which from ansible-core 2.19 on they reach by themselves."""
    collected: list[object] = []
    if DeferredWarningContext is None:
        yield collected
        return
    with DeferredWarningContext(variables={}) as context:
        yield collected
    collected += [*context.get_warnings(), *context.get_deprecation_warnings()]


def _masking(show: t.Callable[..., t.Any], mask_text: MaskText) -> t.Callable[..., t.Any]:
    def show_masked(*args: t.Any, **options: t.Any) -> t.Any:
        return show(*mask_result(args, mask_text), **mask_result(options, mask_text))

    return show_masked
