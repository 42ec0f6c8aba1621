"""Write the list of parts of a release as CycloneDX 1.6: one list for one commit."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import (
    ExternalReference,
    ExternalReferenceType,
    HashAlgorithm,
    HashType,
    Property,
    XsUri,
)
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from tools.dependencies import PROJECT, Dependency, File

LICENCES = LicenseFactory()


@dataclass(frozen=True)
class Product:
    """What the parts are parts of."""

    version: str
    licence: str
    commit: str
    at: int
    """When it was committed, in seconds since 1970."""


def write_sbom(product: Product, dependencies: Sequence[Dependency]) -> str:
    """As JSON. Raises ValueError for what CycloneDX's own schema refuses."""
    parts = {part.purl: _component(part) for part in dependencies}
    whole = _whole(product)
    bom = Bom(
        components=parts.values(),
        # Of the commit: a number by chance would make two builds differ.
        serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"{whole.purl}#{product.commit}"),
        metadata=BomMetaData(
            component=whole,
            timestamp=datetime.fromtimestamp(product.at, UTC),
            properties=[Property(name="amana:commit", value=product.commit)],
        ),
    )
    chosen = [parts[part.purl] for part in dependencies if part.is_direct]
    bom.register_dependency(whole, chosen)
    for part in dependencies:
        needs = [parts[purl] for purl in part.needs]
        bom.register_dependency(parts[part.purl], needs)
    text = JsonV1Dot6(bom).output_as_string(indent=2) + "\n"
    if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(f"The list of parts is no CycloneDX 1.6: {error}")
    return text


def _whole(product: Product) -> Component:
    purl = PackageURL("generic", name=PROJECT, version=product.version)
    return Component(
        name=PROJECT,
        version=product.version,
        type=ComponentType.APPLICATION,
        bom_ref=str(purl),
        purl=purl,
        licenses=[LICENCES.make_from_string(product.licence)],
    )


def _component(part: Dependency) -> Component:
    licence = [LICENCES.make_from_string(part.licence)] if part.licence else []
    return Component(
        name=part.name,
        version=part.version,
        type=ComponentType.LIBRARY,
        bom_ref=part.purl,
        purl=PackageURL.from_string(part.purl),
        scope=ComponentScope(part.scope),
        licenses=licence,
        external_references=[_download(file) for file in part.downloads],
        components=_files(part),
    )


def _download(file: File) -> ExternalReference:
    return ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(file.where),
        hashes=[_sha256(file)],
    )


def _files(part: Dependency) -> Iterator[Component]:
    for file in part.files:
        yield Component(
            name=file.where,
            type=ComponentType.FILE,
            bom_ref=f"{part.purl}#{file.where}",
            hashes=[_sha256(file)],
        )


def _sha256(file: File) -> HashType:
    return HashType(alg=HashAlgorithm.SHA_256, content=file.sha256)
