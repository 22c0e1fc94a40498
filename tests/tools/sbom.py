# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the software bill of materials (CycloneDX) of an artifact next to it, and print its path.

The artifact contains only the collection. ansible-core and requests, which it needs where it runs, are in the bill as
external components with the versions that it accepts. Run by `make sbom`.
"""

from __future__ import annotations

import hashlib
import json
import pathlib
import sys
import tarfile
import typing as t
import uuid

import yaml

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.requirements import Requirement

SCHEMA = SchemaVersion.V1_7


def main(artifact: pathlib.Path) -> None:
    """Write the bill of ARTIFACT, a .tar.gz that ansible-galaxy has built."""
    text = bill(artifact)
    if problem := JsonStrictValidator(SCHEMA).validate_str(text):
        sys.exit(f"The bill of materials does not match CycloneDX {SCHEMA.to_version()}: {problem}")
    path = artifact.with_name(artifact.name.removesuffix(".tar.gz") + ".cdx.json")
    path.write_text(text + "\n", encoding="utf-8")
    print(path)


def bill(artifact: pathlib.Path) -> str:
    """The bill of materials as JSON."""
    digest = hashlib.sha256(artifact.read_bytes()).hexdigest()
    with tarfile.open(artifact) as files:
        manifest = json.loads(_read(files, "MANIFEST.json"))["collection_info"]
        runtime = yaml.safe_load(_read(files, "meta/runtime.yml"))
        python = _read(files, "meta/ee-requirements.txt").decode().splitlines()
    needed = [f"ansible-core{runtime['requires_ansible']}", *(line for line in python if line and line[0] != "#")]
    collection = _collection(manifest, digest)
    bom = Bom(components=[_external(Requirement(line)) for line in needed])
    bom.metadata.component = collection
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, f"sha256:{digest}")
    bom.register_dependency(collection, bom.components)
    return str(make_outputter(bom, OutputFormat.JSON, SCHEMA).output_as_string(indent=2))


def _read(files: tarfile.TarFile, name: str) -> bytes:
    member = files.extractfile(name)
    assert member, f"{name} is not a file"
    return member.read()


def _collection(manifest: dict[str, t.Any], digest: str) -> Component:
    name = f"{manifest['namespace']}.{manifest['name']}"
    repository = manifest.get("repository")
    references = [ExternalReference(type=ExternalReferenceType.VCS, url=XsUri(repository))] if repository else []
    return Component(
        bom_ref=name,
        name=name,
        version=manifest["version"],
        type=ComponentType.LIBRARY,
        description=manifest["description"],
        licenses=[LicenseExpression(" AND ".join(manifest["license"]))],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
        purl=PackageURL("generic", manifest["namespace"], manifest["name"], manifest["version"]),
        external_references=references,
    )


def _external(needed: Requirement) -> Component:
    return Component(
        bom_ref=needed.name,
        name=needed.name,
        type=ComponentType.LIBRARY,
        is_external=True,
        purl=PackageURL("pypi", name=needed.name),
        properties=[Property(name="mongodb_atlas.admin:accepted-versions", value=str(needed.specifier))],
    )


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
