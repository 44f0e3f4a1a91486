"""Runs a notebook and makes a page of it. Notebooks lie in the tree without their outputs, so that a change of one is legible; the site
has them with outputs, as they came out of the program that the site was built with."""
import base64
import os

import nbclient
import nbformat


def execute(path, folder, environment):
    """The notebook at `path`, with what its cells gave when they were run in `folder`. A cell that fails raises CellExecutionError."""
    notebook = nbformat.read(path, as_version=4)
    os.makedirs(folder, exist_ok=True)
    before = dict(os.environ)
    os.environ.update(environment, PYDEVD_DISABLE_FILE_VALIDATION="1")  # no words about debuggers
    os.environ.pop("MPLBACKEND", None)  # pictures shall come into the notebook
    try:
        nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
    finally:
        os.environ.clear()
        os.environ.update(before)
    return notebook


def page(notebook, name):
    """(text in MyST, {file name: bytes of a picture}); pictures are named after the notebook."""
    parts, pictures = [], {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        parts.append(f"```python\n{cell.source}\n```")
        for output in _joined(cell.outputs):
            if output.output_type == "stream":
                parts.append(_quoted(output.text))
            elif "image/png" in output.get("data", {}):
                file = f"{name}_{len(pictures) + 1}.png"
                pictures[file] = base64.b64decode(output.data["image/png"])
                parts.append(f"![What the cell above draws]({file})")
            elif "text/plain" in output.get("data", {}):
                parts.append(_quoted(output.data["text/plain"]))
    return "\n\n".join(part for part in parts if part) + "\n", pictures


def _joined(outputs):
    """Outputs, those of one stream in one piece: a kernel sends them in as many as it likes."""
    joined = []
    for output in outputs:
        if joined and output.output_type == "stream" == joined[-1].output_type and output.name == joined[-1].name:
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def _quoted(text):
    """A text as a terminal shows it, on which a carriage return draws over the line; empty if nothing is left."""
    lines = []
    for line in text.split("\n"):
        shown = ""
        for piece in line.split("\r"):
            shown = piece + shown[len(piece):]
        lines.append(shown.rstrip())
    shown = "\n".join(lines).strip("\n")
    return f"```text\n{shown}\n```" if shown else ""
