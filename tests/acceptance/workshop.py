# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What part W creates: journaled before it is created, named after the run, and removed again, the newest first."""

from __future__ import annotations

import dataclasses
import json
import pathlib
import time
import typing as t

from wire import Seen, Wire

PREFIX = "acc-"
MAX_PROJECTS, MAX_KEYS, MAX_ACCOUNTS = 3, 10, 10
# Seconds after which what an earlier run has left is removed: no run takes that long.
MIN_AGE_OF_LEFTOVER = 3600


class Refused(Exception):
    """The organization is not one to experiment with. Nothing was changed."""


@dataclasses.dataclass
class Created:
    """Something that has to be removed."""

    what: str
    path: str


class Workshop:
    """Creates, and removes all of it at the end.

    :param journal: a file that gets a line before each creation and one after it, so that a killed run can be cleaned
        up by hand.
    """

    def __init__(self, wire: Wire, org: str, journal: pathlib.Path) -> None:
        self.wire = wire
        self.org = org
        self.run = f"{int(time.time()):x}"
        self._journal = journal
        self._created: list[Created] = []
        self._number = 0

    def name(self) -> str:
        """Return a name for the next thing, which tells the run that it belongs to."""
        self._number += 1
        return f"{PREFIX}{self.run}-{self._number}"

    def create(self, collection: str, body: t.Any, id_field: str) -> Seen:
        """Create something in a collection of the organization, such as ``apiKeys``."""
        path = f"/orgs/{self.org}/{collection}"
        self._note({"creating": path, "name": body.get("desc") or body.get("name")})
        seen = self.wire.send("POST", path, body)
        identifier = seen.body.get(id_field) if isinstance(seen.body, dict) else None
        if identifier:
            self._note({"created": f"{path}/{identifier}"})
            self._created.append(Created(collection, f"{path}/{identifier}"))
        return seen

    def remove(self) -> list[str]:
        """Remove everything, the newest first, and return what could not be removed."""
        leftovers = []
        for created in reversed(self._created):
            removed = self.wire.send("DELETE", created.path)
            gone = self.wire.get(created.path).status in (400, 404)
            self._note({"removed": created.path, "status": removed.status, "gone": gone})
            if not gone:
                leftovers.append(created.path)
        self._created = []
        return leftovers

    def sweep(self) -> None:
        """Remove what earlier runs have left: by its name, and by the time in its ID."""
        for collection, id_field, name_field in (("apiKeys", "id", "desc"), ("serviceAccounts", "clientId", "name")):
            for item in self.wire.get(f"/orgs/{self.org}/{collection}", itemsPerPage="500").results:
                identifier = str(item.get(id_field))
                age = time.time() - int(identifier[-24:][:8], 16)
                if str(item.get(name_field)).startswith(PREFIX) and age > MIN_AGE_OF_LEFTOVER:
                    self._created.append(Created(collection, f"/orgs/{self.org}/{collection}/{identifier}"))
        self.remove()

    def _note(self, line: dict[str, t.Any]) -> None:
        with self._journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"run": self.run, **line}) + "\n")


def throwaway(wire: Wire, typed: str) -> tuple[str, str | None]:
    """Return the IDs of the organization and of one project in it, if it may be experimented with.

    :param typed: the name of the organization, as the user typed it.
    :raises Refused: if it is not a throw-away organization, or holds more than such a one would.
    """
    orgs = wire.get("/orgs").results
    if len(orgs) != 1:
        raise Refused(f"The credentials see {len(orgs)} organizations; they must see exactly one.")
    name, org = str(orgs[0].get("name")), str(orgs[0].get("id"))
    if not name.startswith("throwaway-"):
        raise Refused("The name of the organization does not begin with throwaway-.")
    if typed != name:
        raise Refused("The name that was typed is not that of the organization.")
    projects = wire.get(f"/orgs/{org}/groups").results
    if any(project.get("clusterCount") != 0 for project in projects):
        raise Refused("The organization has clusters, or it is not known whether it has.")
    limits = {"groups": MAX_PROJECTS, "apiKeys": MAX_KEYS, "serviceAccounts": MAX_ACCOUNTS}
    for collection, limit in limits.items():
        page = wire.get(f"/orgs/{org}/{collection}", itemsPerPage="500")
        if page.status != 200:
            raise Refused(f"The {collection} of the organization cannot be read: {page.refusal}.")
        if len(page.results) > limit:
            raise Refused(f"The organization has {len(page.results)} {collection}; at most {limit} are allowed.")
    return org, str(projects[0].get("id")) if projects else None
