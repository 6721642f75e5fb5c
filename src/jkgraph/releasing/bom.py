"""What a release is made of and with: a bill of materials, as CycloneDX 1.6 writes it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from uuid import NAMESPACE_URL, uuid5

from jkgraph import __version__
from jkgraph.releasing.packages import ENGINE, Package, locked, needed, told_licence, vendored
from jkgraph.workspace import Workspace

Said = dict[str, object]
ENGINE_REF = f"pkg:generic/{ENGINE}@{__version__}"


def bill(workspace: Workspace, version: str, ontology: str, day: str) -> bytes:
    """Write the bill of materials of a release of a workspace and its ontology, made on a day."""
    terms = f"{workspace.addresses.terms.removesuffix('#')}/{ontology}"
    data = workspace.addresses.document(f"#{version}")
    packages, brought = locked(workspace), list(vendored())
    written = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": uuid5(NAMESPACE_URL, data).urn,
        "version": 1,
        "metadata": {
            "timestamp": f"{day}T00:00:00Z",
            "tools": {"components": [_named("application", ENGINE, __version__)]},
            "component": _own(workspace, workspace.addresses.document(""), version, data),
        },
        "components": [
            _own(workspace, workspace.addresses.terms, ontology, terms),
            _engine(),
            *map(_component, brought),
            *({**_component(p), "scope": scope} for p, scope in _scoped(packages)),
        ],
        "dependencies": [
            _needs(data, [terms, ENGINE_REF]),
            _needs(ENGINE_REF, [*(p.purl for p in brought), *_asked(packages, ENGINE)]),
            *(_needs(p.purl, _asked(packages, p.name)) for p in packages),
        ],
        # Without a lock nobody knows what else was used.
        "compositions": [
            {"aggregate": "complete" if packages else "incomplete", "assemblies": [ENGINE_REF]}
        ],
    }
    return f"{json.dumps(written, ensure_ascii=False, indent=1)}\n".encode()


def _named(kind: str, name: str, version: str, ref: str = "") -> Said:
    return {"type": kind, **({"bom-ref": ref} if ref else {}), "name": name, "version": version}


def _own(workspace: Workspace, name: str, version: str, ref: str) -> Said:
    """Say what the workspace brings forth itself."""
    where = workspace.site.licence
    licences = [{"license": {"name": where, "url": where}}]
    return {**_named("data", name, version, ref), **({"licenses": licences} if where else {})}


def _engine() -> Said:
    expression, licence = told_licence(ENGINE, __version__)
    return _component(Package(ENGINE, __version__, ENGINE_REF, expression, licence), "application")


def _component(package: Package, kind: str = "library") -> Said:
    said = _named(kind, package.name, package.version, package.purl)
    if package.expression:
        said["licenses"] = [{"expression": package.expression}]
    elif package.licence:
        said["licenses"] = [{"license": {"name": package.licence}}]
    said["purl"] = package.purl
    files = (_file(name, total) for name, total in package.files.items())
    if inside := [*files, *map(_component, package.parts)]:
        said["components"] = inside
    return said


def _file(name: str, total: str) -> Said:
    return {"type": "file", "name": name, "hashes": [{"alg": "SHA-256", "content": total}]}


def _needs(ref: str, others: Iterable[str]) -> Said:
    return {"ref": ref, "dependsOn": sorted(set(others))}


def _asked(packages: Iterable[Package], name: str) -> Iterator[str]:
    """Yield the addresses of what a package asks for."""
    return (package.purl for package in packages if name in package.asked_by)


def _scoped(packages: list[Package]) -> Iterator[tuple[Package, str]]:
    """Yield each package, and whether the engine cannot do without it."""
    required = needed()
    while True:
        wider = required | {p.name for p in packages if p.asked_by & required}
        if wider == required:
            break
        required = wider
    for package in packages:
        yield package, "required" if package.name in required else "optional"
