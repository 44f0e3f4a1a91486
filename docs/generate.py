#!/usr/bin/env python3
"""Gathers the sources of the documentation site: docs/ itself, pages that lie beside the code, and the reference that the program
prints. Called by `./dev docs`:

    python3 docs/generate.py build/release/rewire build/docs/source
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import nbformat

import equations
import notebook

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)

# Pages that lie where developers look for them, and where the site has them.
PAGES = {
    "configs/README.md": "reference/language_guide.md",
    "configs/slurm/README.md": "how-to/slurm.md",
    "models/README.md": "how-to/add_a_model.md",
    "bench/README.md": "explanation/speed.md",
    "bench/RESULTS.md": "explanation/speed_results.md",
    "CONTRIBUTING.md": "explanation/contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "explanation/security.md",
}

COMMANDS = ["run", "branch", "check", "models", "reference", "schema", "sweep", "compare", "report", "watch", "diff", "profile", "version"]
KINDS = {"neuron": "Neurons", "receptor": "Receptors", "synapse": "Synapses", "drug": "Pharmacokinetics", "compound": "Compounds",
         "action": "Actions on receptors", "growth": "Growth curves", "drive": "Drives of growth signals", "signal": "Growth signals"}

LINK = re.compile(r"(!?)\[([^\]\n]*)\]\(([^)\s]+)\)")


# Of Debian's fonts-lmodern: browsers set formulas well only in a font for them, and not every machine has one.
FORMULA_FONT = "/usr/share/texmf/fonts/opentype/public/lm-math/latinmodern-math.otf"


def said(program, *words):
    """What the program prints."""
    return subprocess.run([program, *words], check=True, capture_output=True, text=True).stdout


def write(target, path, text):
    path = os.path.join(target, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def site_path(path):
    """Where the site has a file of the tree (relative to the root), or None."""
    if path in PAGES:
        return PAGES[path]
    return path[len("docs/"):] if path.startswith("docs/") else None


def with_links_of_the_site(text, source, page):
    """A page with its links, which are relative to `source` in the tree, made relative to `page` in the site. What the site has not
    is named by its path."""
    def replace(match):
        bang, label, link = match.groups()
        address, hash_sign, anchor = link.partition("#")
        if "://" in link or not address:
            return match[0]
        path = os.path.normpath(os.path.join(os.path.dirname(source), address))
        if not os.path.exists(os.path.join(ROOT, path)):
            return match[0]  # a generated page, or nothing: Sphinx tells
        there = site_path(path)
        if there is None:
            return f"{label} (`{path}`)" if label.strip("`") != path else f"`{path}`"
        return f"{bang}[{label}]({os.path.relpath(there, os.path.dirname(page))}{hash_sign}{anchor})"

    parts = re.split(r"(```.*?```)", text, flags=re.S)  # no links in code
    return "".join(part if part.startswith("```") else LINK.sub(replace, part) for part in parts)


def copy_pages(target):
    for folder, _, names in os.walk(HERE):
        for name in names:
            path = os.path.join(folder, name)
            inside = os.path.relpath(path, HERE)
            if name.endswith(".md"):
                with open(path, encoding="utf-8") as file:
                    write(target, inside, with_links_of_the_site(file.read(), os.path.join("docs", inside), inside))
            elif "__pycache__" not in inside and not name.endswith(".ipynb"):
                os.makedirs(os.path.dirname(os.path.join(target, inside)), exist_ok=True)
                shutil.copyfile(path, os.path.join(target, inside))
    for source, page in PAGES.items():
        with open(os.path.join(ROOT, source), encoding="utf-8") as file:
            write(target, page, with_links_of_the_site(file.read(), source, page))


def write_notebooks(program, target):
    """Notebooks are executed here, so that their pages show what this program gives; beside each lies the notebook itself."""
    environment = {"REWIRE_PROGRAM": os.path.abspath(program), "PYTHONPATH": os.path.join(ROOT, "engine", "python")}
    folder = os.path.join(HERE, "tutorials")
    for file in sorted(name for name in os.listdir(folder) if name.endswith(".ipynb")):
        name = file.removesuffix(".ipynb")
        with tempfile.TemporaryDirectory() as scratch:
            executed = notebook.execute(os.path.join(folder, file), scratch, environment)
        text, pictures = notebook.page(executed, name)
        page = f"tutorials/{name}.md"
        text += f"\n{{download}}`This page as a notebook <{file}>`, with its outputs.\n"
        write(target, page, with_links_of_the_site(text, f"docs/{page}", page))
        nbformat.write(executed, os.path.join(target, "tutorials", file))
        for picture, data in pictures.items():
            with open(os.path.join(target, "tutorials", picture), "wb") as out:
                out.write(data)


def escape(text):
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")


def model_page(model):
    """A model's page: what it is, its equations, its numbers, its sources."""
    lines = [f"# {model['name']}", "", model["summary"], "", "## Equations", "```{raw} html", equations.block(model["equations"]), "```", ""]
    shown = [field for field in model["fields"] if field["role"] in ("parameter", "state")]
    if shown:
        lines += ["## Parameters and states", "| name | unit | role | default | range | meaning |", "|---|---|---|---|---|---|"]
    for field in shown:
        bounds = f"{field['min']:g} to {field['max']:g}" if "min" in field else ""
        lines.append(f"| `{field['name']}` | {field['unit']} | {field['role']} | {field.get('default', '')} | {bounds} | "
                     f"{escape(field['doc'])} |")
    return "\n".join([*lines, "", "## References", escape(model["references"]), ""])


def write_models(program, target):
    models = json.loads(said(program, "models", "--json"))
    index = ["# Models", "", "What a scenario can name; `rewire models NAME` prints the same. Each is one file in `models/`."]
    pages = []
    for kind, title in KINDS.items():
        chosen = [model for model in models if model["kind"] == kind]
        index += ["", f"## {title}", "| model | |", "|---|---|"] if chosen else []
        for model in chosen:
            index.append(f"| [{model['name']}](models/{model['name']}.md) | {escape(model['summary'])} |")
            pages.append(f"models/{model['name']}")
            write(target, f"reference/models/{model['name']}.md", model_page(model))
    missing = {model["kind"] for model in models} - set(KINDS)
    if missing:
        sys.exit(f"docs/generate.py: no title for models of the kind {', '.join(missing)}")
    index += ["", "```{toctree}", ":hidden:", "", *pages, "```", ""]
    write(target, "reference/models.md", "\n".join(index))


def write_assumptions(program, target):
    lines = ["# Assumptions in the models", "", "Every parameter whose description says that its value is an assumption, taken from the models. "
             "[What is a hypothesis here](../explanation/hypotheses.md) tells what this means.", "",
             "| model | parameter | value | |", "|---|---|---|---|"]
    for model in json.loads(said(program, "models", "--json")):
        for field in model["fields"]:
            if "assum" in field["doc"]:
                unit = "" if field["unit"] == "1" else " " + field["unit"]
                lines.append(f"| [{model['name']}](models/{model['name']}.md) | `{field['name']}` | {field.get('default', '')}{unit} | "
                             f"{escape(field['doc'])} |")
    write(target, "reference/assumptions.md", "\n".join([*lines, ""]))


def write_commands(program, target):
    lines = ["# Command line", "", "```text", said(program, "--help").rstrip(), "```"]
    for command in COMMANDS:
        lines += ["", f"## rewire {command}", "```text", said(program, command, "--help").rstrip(), "```"]
    write(target, "reference/commands.md", "\n".join([*lines, ""]))


def write_series(program, target):
    lines = ["# Series", "", "What `series.h5` can hold; `rewire models series` prints the same. What stands in braces is a name of the scenario."]
    group = None
    for entry in json.loads(said(program, "models", "series", "--json")):
        if entry["group"] != group:
            group = entry["group"]
            lines += ["", f"## `{group or '/'}`", "| name | unit | |", "|---|---|---|"]
        lines.append(f"| `{entry['name']}` | {entry['unit'] or '(model)'} | {escape(entry['title'])}. {escape(entry['description'])} |")
    write(target, "reference/series.md", "\n".join([*lines, ""]))


def write_measures(program, target):
    lines = ["# Outcome measures", "", "By what runs are compared; `rewire models measures` prints the same. A value is named MEASURE.OBJECT.WINDOW, "
             "as in `rate.pyr.after`. Series without a measure are compared by their mean, if `--measure` names them. What counts in a window is "
             "told in [the language by example](language_guide.md).", "",
             "| measure | of | unit | meaning | takes |", "|---|---|---|---|---|"]
    for entry in json.loads(said(program, "models", "measures", "--json")):
        lines.append(f"| `{entry['name']}` | {escape(entry['of'].strip('{}'))} | {entry['unit'] or '(model)'} | {escape(entry['description'])} | "
                     f"{escape(entry['takes'])} |")
    write(target, "reference/measures.md", "\n".join([*lines, ""]))


def comment_text(comment):
    """The text of a C comment, without its stars."""
    return re.sub(r"(?m)^ \*(/| ?)", "", comment.removeprefix("/* ").removesuffix("*/")).rstrip()


def c_entry(comment, declaration):
    """A directive of Sphinx for what the header declares, with its comment."""
    declaration = re.sub(r"\bRW_MUST_CHECK ", "", " ".join(declaration.split())).rstrip(";")
    text = comment_text(comment)
    if (struct := re.fullmatch(r"typedef struct \{(.*)\} (\w+)", declaration)) is not None:
        text += "\n\nMembers: " + ", ".join(f"``{member.strip()}``" for member in struct[1].split(";") if member.strip()) + "."
        kind, name = "struct", struct[2]
    elif (opaque := re.fullmatch(r"typedef struct (\w+) \1", declaration)) is not None:
        kind, name = "struct", opaque[1]
    elif declaration.startswith("typedef"):
        kind, name = "type", declaration.removeprefix("typedef ")
    else:
        kind, name = "function", declaration
    text = text.replace("*", "\\*")
    # Single words in the comments' quotes are code; Sphinx writes that with two.
    text = re.sub(r"(?<!`)`([^`]+)`(?!`)", r"``\1``", text)
    return f".. c:{kind}:: {name}\n\n" + "\n".join("   " + line for line in text.splitlines()) + "\n"


def write_interface(target):
    """Every declaration of the header is behind the comment that explains it; so are the entries of the page."""
    with open(os.path.join(ROOT, "engine", "rewire.h"), encoding="utf-8") as file:
        header = file.read()
    first, rest = header.split("*/", 1)
    found = re.findall(r"^(/\* .*?\*/)\n((?:typedef|RW_MUST_CHECK|\w[\w *]+\().*?;)\n(?=\n|#)", rest, flags=re.S | re.M)
    declared = re.findall(r"(?m)^(?:RW_MUST_CHECK )?[\w ]+\*?(rw_run_\w+)\(", rest)
    missing = [name for name in declared if not any(f"{name}(" in declaration for _, declaration in found)]
    if missing or len(declared) < 10:
        sys.exit(f"docs/generate.py: no comment was found before {', '.join(missing) or 'most functions'} in engine/rewire.h")
    entries = "\n".join(c_entry(comment, declaration) for comment, declaration in found)
    write(target, "reference/c_interface.md", "# C interface\n\nThe library is one header, `rewire.h`, as `cmake --install` leaves it.\n\n```c\n"
          f"{first.rstrip()} */\n```\n\n```{{eval-rst}}\n{entries}```\n")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    program, target = sys.argv[1:]
    shutil.rmtree(target, ignore_errors=True)
    copy_pages(target)
    if os.path.exists(FORMULA_FONT):
        shutil.copy(FORMULA_FONT, os.path.join(target, "_static"))
    write_notebooks(program, target)
    write_models(program, target)
    write_assumptions(program, target)
    write_commands(program, target)
    write_series(program, target)
    write_measures(program, target)
    write_interface(target)


if __name__ == "__main__":
    main()
