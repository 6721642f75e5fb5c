"""The notebook in the documentation runs, and shows what it would show today.

``make notebook`` runs it and writes its results anew.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "docs" / "notebooks" / "first-analysis.ipynb"
# Where it ran, when, and with which Python is not what it shows.
PRIVATE = re.compile(r"/(?:home|root|tmp|work|usr|Users)/|\\\\|0x[0-9a-f]{6,}")


def _executed() -> nbformat.NotebookNode:
    """Run the notebook in its own folder, and return it without traces of this machine."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    where = {"metadata": {"path": NOTEBOOK.parent}}
    NotebookClient(notebook, timeout=120, record_timing=False, resources=where).execute()
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.execution_count = None
            for output in cell.outputs:
                _tidy(output)
    return notebook


def _tidy(output: nbformat.NotebookNode) -> None:
    if output.output_type == "execute_result":
        output.execution_count = None
        # The widths of columns in plain text change with every number.
        if "text/html" in output.data:
            output.data.pop("text/plain")


def _shown(notebook: nbformat.NotebookNode) -> list[str]:
    """Return what each cell shows; how many there are of a thing changes with the records."""
    cells = (cell for cell in notebook.cells if cell.cell_type == "code")
    shown = (json.dumps(cell.outputs, indent=1, sort_keys=True) for cell in cells)
    return [re.sub(r"\d+", "0", text) for text in shown]


@pytest.mark.full
def test_the_notebook_shows_what_it_would_show_today() -> None:
    stored = nbformat.read(NOTEBOOK, as_version=4)

    assert _shown(_executed()) == _shown(stored)


def test_the_notebook_holds_results_and_nothing_of_a_machine() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]

    nbformat.validate(notebook)
    assert len(cells) >= 10
    assert all(cell.outputs and cell.execution_count is None for cell in cells)
    assert not [o for cell in cells for o in cell.outputs if o.output_type == "error"]
    assert not PRIVATE.search("".join(str(cell.outputs) for cell in cells))
    tables = [o for cell in cells for o in cell.outputs if "text/html" in o.get("data", {})]
    assert len(tables) >= 5


if __name__ == "__main__":
    nbformat.write(_executed(), NOTEBOOK)
