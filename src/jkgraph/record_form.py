"""The form by which readers propose a record on a forge, with the kinds that there are."""

from __future__ import annotations

import json

from jkgraph.graph import Graph
from jkgraph.kinds import Kinds

NOTE = "# Written by `jkgraph docs`. Change what it is made from, not this file.\n"


def record_form(graph: Graph, kinds: Kinds) -> str:
    """Return an issue form as forges read it, in the leading language of the workspace.

    They read YAML, of which JSON is a part.
    """
    language = graph.workspace.languages[0]

    def say(key: str) -> str:
        return graph.workspace.catalogue.word(key, language)

    def asked(kind: str, name: str, label: str, **more: object) -> dict[str, object]:
        told = {"label": say(label), **more}
        return {"type": kind, "id": name, "attributes": told, "validations": {"required": True}}

    agreed = {"label": say("record-form.no-persons"), "required": True}
    form = {
        "name": say("record-form.title"),
        "description": say("record-form.description"),
        "body": [
            {"type": "markdown", "attributes": {"value": say("record-form.lead")}},
            asked("dropdown", "kind", "record-form.kind", options=_labels(kinds, language)),
            asked("input", "name", "record-form.name"),
            asked("textarea", "what", "record-form.what"),
            asked("textarea", "source", "record-form.source"),
            {
                "type": "checkboxes",
                "attributes": {"label": say("record-form.privacy"), "options": [agreed]},
            },
        ],
    }
    return NOTE + json.dumps(form, ensure_ascii=False, indent=2) + "\n"


def _labels(kinds: Kinds, language: str) -> list[str]:
    return sorted({kind.label.get(language, kind.name) for kind in kinds.records})
