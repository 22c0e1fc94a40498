# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write what is derived from the code of the audit: the guide's tables of rules and controls, and the schema of the
report.

`make guide` runs it. The schema is made from the types in `document.py`: a comment behind a field is its description.
"""

from __future__ import annotations

import ast
import json
import pathlib
import re
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit import document
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import RULES

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
GUIDE = pathlib.Path("docs/docsite/rst/guide_audit.rst")
SCHEMA = pathlib.Path("plugins/plugin_utils/_audit/report.schema.json")


def rules_as_rst() -> str:
    """Return a list-table in reStructuredText, the worst first: ID, severity, meaning, and what to do."""
    lines = [".. list-table::", "   :header-rows: 1", "   :widths: 20 10 40 30", ""]
    for row in (("Rule", "Severity", "Meaning", "What to do"), *_rows()):
        lines += [f"   {'*' if place == 0 else ' '} - {cell}" for place, cell in enumerate(row)]
    return "\n".join(lines) + "\n"


def _rows() -> list[tuple[str, ...]]:
    return [
        (f"``{rule.id}``", rule.severity, f"{rule.title}. {_name_limits(rule.meaning)}", _escape(rule.remediation))
        for rule in RULES
    ]


def controls_as_rst() -> str:
    """Return a list-table of the controls of published frameworks by rule; rules without any are left out."""
    frameworks = list(dict.fromkeys(control["framework"] for rule in RULES for control in rule.controls))
    lines = [".. list-table::", "   :header-rows: 1", ""]
    rows = [("Rule", *frameworks)]
    for rule in RULES:
        if rule.controls:
            cells = [[one for one in rule.controls if one["framework"] == framework] for framework in frameworks]
            texts = ("; ".join(f"{one['id']} {one['title']}" for one in cell) for cell in cells)
            rows.append((f"``{rule.id}``", *texts))
    for row in rows:
        lines += [f"   {'*' if place == 0 else ' '} - {cell}".rstrip() for place, cell in enumerate(row)]
    return "\n".join(lines) + "\n"


def _name_limits(meaning: str) -> str:
    """Return the meaning of a rule with the variables that set its limits in place of them."""
    parts = re.split(r"\{(\w+)[^}]*\}", meaning)
    return "".join(f"``audit_{part}``" if place % 2 else _escape(part) for place, part in enumerate(parts))


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("*", "\\*").replace("`", "\\`").replace("_", "\\_").replace("|", "\\|")


def guide(text: str) -> str:
    """Return the text of the guide with the current tables."""
    for name, table in (("rules", rules_as_rst()), ("controls", controls_as_rst())):
        begin, end = f".. begin of the {name}\n\n", f"\n.. end of the {name}"
        before, _begin, rest = text.partition(begin)
        text = before + begin + table + end + rest.partition(end)[2]
    return text


# Fields with a fixed vocabulary, of a class or of all.
_SEVERITIES = list(document.SEVERITIES)
_ENUMS: dict[tuple[str, str], list[t.Any]] = {
    ("CredentialRow", "kind"): ["api_key", "service_account"],
    ("NotCheckedRow", "kind"): ["organization", "api_key", "service_account"],
    ("NoticeRow", "kind"): ["first_run", "exception_ends_soon", "organization_missing", "acknowledged"],
    ("OrganizationRow", "state"): list(document.STATES),
    ("ExceptionRow", "state"): ["in_effect", "expired", "unmatched", "not_checked"],
    ("", "age_source"): ["event", "id", "field", None],
    ("", "cause"): list(document.CAUSES),
    ("", "fail_on"): [*_SEVERITIES, "none"],
    ("", "reach"): ["anywhere", "listed", "nowhere", "unknown"],
    ("", "status"): ["new", "known", None],
    ("", "usage"): ["used", "unused", "unknown"],
}
_LIMITS = {"rank": {"minimum": 1}, "widest_ipv4": {"maximum": 32}, "widest_ipv6": {"maximum": 128}}
_TIMES = {"created_at", "expires_at", "first_seen", "generated_at", "known_since", "last_used_at"}
_SHARED: dict[str, t.Any] = {
    "time": {
        "type": "string",
        "format": "date-time",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
    },
    "severity": {"enum": _SEVERITIES},
    "counts": {
        "type": "object",
        "description": "Numbers by severity.",
        "required": _SEVERITIES,
        "properties": {severity: {"type": "integer", "minimum": 0} for severity in _SEVERITIES},
    },
    "number": {
        "anyOf": [
            {"type": "integer", "minimum": 0, "maximum": document.MAX_EXACT_NUMBER},
            {"type": "string", "pattern": "^[0-9]+$"},
        ]
    },
}
_NULL = {"type": "null"}
_Schema = dict[str, t.Any]


def schema() -> str:
    """Return the JSON Schema of the report."""
    source = pathlib.Path(document.__file__).read_text(encoding="utf-8")
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    definitions = {node.name: _definition(node, source.splitlines()) for node in classes}
    top = definitions.pop("Document")
    top["properties"]["schema_version"] = {"type": "string", "pattern": "^2\\.[0-9]+$"}
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Audit of MongoDB Atlas access",
        **top,
        "description": "What the filter mongodb_atlas.admin.audit returns and its JSON format contains. Versions 2.x"
        " may add fields.",
        "$defs": {**_SHARED, **definitions},
    }
    return _format(whole) + "\n"


def _definition(node: ast.ClassDef, lines: list[str]) -> _Schema:
    fields = [statement for statement in node.body if isinstance(statement, ast.AnnAssign)]
    properties = {ast.unparse(field.target): _field(node.name, field, lines[field.lineno - 1]) for field in fields}
    description = _prose(" ".join((ast.get_docstring(node) or "").split()))
    return {"type": "object", "description": description, "required": list(properties), "properties": properties}


def _field(owner: str, field: ast.AnnAssign, line: str) -> _Schema:
    made = _type(owner, ast.unparse(field.target), ast.unparse(field.annotation))
    comment = line.partition("  # ")[2]
    if not comment:
        return made
    text = _prose(comment)
    return {"description": f"{text[0].upper()}{text[1:]}.", **made}


def _prose(text: str) -> str:
    return re.sub(r"\bNone\b", "null", text.replace("`", ""))


def _type(owner: str, name: str, annotation: str) -> _Schema:
    for key in ((owner, name), ("", name)):
        if key in _ENUMS:
            return {"enum": _ENUMS[key]}
    is_nullable, base = annotation.endswith(" | None"), annotation.replace(" | None", "")
    shared = "time" if name in _TIMES else {"Counts": "counts", "BigNumber": "number"}.get(base)
    if name == "severity":
        shared = "severity"
    if shared or base.endswith("Row") or hasattr(document, base):
        reference = {"$ref": f"#/$defs/{shared or base}"}
        return {"anyOf": [reference, _NULL]} if is_nullable else reference
    return {**_plain(owner, base, is_nullable), **_LIMITS.get(name, {})}


def _plain(owner: str, base: str, is_nullable: bool) -> _Schema:
    if base.startswith("list["):
        found = {"type": "array", "items": _type(owner, "", base[len("list[") : -1])}
        return {"anyOf": [found, _NULL]} if is_nullable else found
    if base == "dict[str, str]":
        return {"type": "object", "additionalProperties": {"enum": [*_SEVERITIES, document.OFF]}}
    name = {"str": "string", "bool": "boolean", "int": "integer"}.get(base, "object")
    return {"type": [name, "null"] if is_nullable else name, **({"minimum": 0} if base == "int" else {})}


def _format(value: t.Any, depth: int = 0) -> str:
    """Return JSON with a line for each field."""
    text = json.dumps(value, ensure_ascii=False)
    is_field = depth > 1 and isinstance(value, dict) and "properties" not in value and not _is_map(value)
    if not isinstance(value, dict) or not value or is_field:
        return text
    indent = "  " * (depth + 1)
    inner = ",\n".join(f"{indent}{json.dumps(name)}: {_format(part, depth + 1)}" for name, part in value.items())
    return f"{{\n{inner}\n{'  ' * depth}}}"


def _is_map(value: _Schema) -> bool:
    return all(isinstance(part, dict) for part in value.values())


def main() -> None:
    """Write both files of the checkout."""
    for path, make in ((GUIDE, guide), (SCHEMA, lambda _text: schema())):
        old = (CHECKOUT / path).read_text(encoding="utf-8")
        new = make(old)
        if new != old:
            (CHECKOUT / path).write_text(new, encoding="utf-8")
        print(f"{path}: {'written' if new != old else 'is current'}")


if __name__ == "__main__":
    main()
