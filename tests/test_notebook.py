"""The notebook in the documentation runs, and shows what it would show today.

``make notebook`` runs it and writes its results anew.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "docs" / "notebooks" / "first-analysis.ipynb"
# Where it ran is not what it shows.
PRIVATE = re.compile(r"/(?:home|root|tmp|work|usr|Users)/|[A-Z]:\\\\|0x[0-9a-f]{6,}")


def _executed() -> str:
    """Run the notebook in its own folder, and return its text without traces of this machine."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(NOTEBOOK, as_version=4)
    where = {"metadata": {"path": NOTEBOOK.parent}}
    NotebookClient(notebook, timeout=120, record_timing=False, resources=where).execute()
    nbformat.validate(notebook)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.execution_count = None
            for output in cell.outputs:
                _tidy(output)
    return nbformat.writes(notebook)


def _tidy(output: Any) -> None:
    if output.output_type == "execute_result":
        output.execution_count = None
        # The widths of columns in plain text change with every number.
        if "text/html" in output.data:
            output.data.pop("text/plain")


@pytest.mark.full
def test_the_notebook_shows_what_it_would_show_today() -> None:
    # How many there are of a thing changes with the records.
    shown = [re.sub(r"\d+", "0", text) for text in (_executed(), NOTEBOOK.read_text("utf-8"))]

    assert shown[0].splitlines() == shown[1].splitlines()


def test_the_notebook_holds_results_and_nothing_of_a_machine() -> None:
    text = NOTEBOOK.read_text("utf-8")
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    outputs = [output for cell in cells for output in cell["outputs"]]

    assert len(cells) >= 10
    assert all(cell["outputs"] and cell["execution_count"] is None for cell in cells)
    assert {output["output_type"] for output in outputs} == {"execute_result", "stream"}
    assert sum("text/html" in output.get("data", ()) for output in outputs) >= 5
    assert not PRIVATE.search(text)


if __name__ == "__main__":
    NOTEBOOK.write_text(f"{_executed()}\n", "utf-8")
