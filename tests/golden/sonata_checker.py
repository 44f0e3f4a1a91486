"""A strict checker of SONATA files and result directories.

It knows the format, not the program: the rules are those of the SONATA Developer Guide (AllenInstitute/sonata,
docs/SONATA_DEVELOPER_GUIDE.md) and, where readers are stricter than the guide, those of the readers: libsonata and
bluepysnap (types, variable-length strings, the enumeration of spikes, plural index names), BMTK (singular index names,
group columns), PyNN (group columns, one receptor type per edge group), NEST (ids in row order, one edge group).

    python3 sonata_checker.py DIR       prints every breach, exit code 1 if there is one
"""
import csv
import hashlib
import json
import os
import string
import sys

import h5py
import numpy

MAGIC = 0x0A7A


class Findings(list):
    """The breaches found so far; `at` is the place of the next one."""

    def check(self, condition, at, text):
        if not condition:
            self.append(f"{at}: {text}")
        return bool(condition)


# --- pieces -----------------------------------------------------------------------------------------------------------

def check_root(found, file, name):
    magic, version = file.attrs.get("magic"), file.attrs.get("version")
    if found.check(magic is not None, name, "no attribute magic"):
        found.check(numpy.shape(magic) == () and magic.dtype == numpy.uint32 and magic == MAGIC, name,
                    f"magic is {magic!r}, not the 32-bit number {MAGIC}")
    if found.check(version is not None, name, "no attribute version"):
        found.check(numpy.shape(version) == (2,) and version.dtype == numpy.uint32, name,
                    "version is not two 32-bit numbers")


def is_text(attributes, key):
    """Whether an attribute is a variable-length UTF-8 text."""
    if key not in attributes:
        return False
    info = h5py.check_string_dtype(attributes.get_id(key).dtype)
    return info is not None and info.length is None and info.encoding == "utf-8"


def check_described(found, file, name):
    """Every dataset says its unit and what it is, and is compressed only with what every library reads."""
    def visit(path, item):
        if isinstance(item, h5py.Dataset):
            for key in ("units", "description"):
                found.check(is_text(item.attrs, key), f"{name}:{path}", f"no UTF-8 attribute {key}")
            found.check(item.compression in (None, "gzip"), f"{name}:{path}", f"needs the filter {item.compression}")
    file.visititems(visit)


def column(found, group, path, dtype, length, name):
    """A dataset of that type and length, or None."""
    at = f"{name}:{group.name}/{path}"
    if not found.check(path in group, at, "is missing"):
        return None
    data = group[path]
    found.check(data.dtype == numpy.dtype(dtype), at, f"has type {data.dtype}, not {numpy.dtype(dtype)}")
    if length is not None and not found.check(data.shape == (length,), at, f"has shape {data.shape}, not ({length},)"):
        return None
    return data[()]


def check_group_columns(found, group, kind, length, name):
    """The columns that BMTK and PyNN require: all rows are in group 0, in order."""
    ids = column(found, group, f"{kind}_group_id", "u4", length, name)
    index = column(found, group, f"{kind}_group_index", "u8", length, name)
    if ids is not None:
        found.check(not ids.any(), f"{name}:{group.name}", f"{kind}_group_id is not 0 everywhere")
    if index is not None:
        found.check(numpy.array_equal(index, numpy.arange(len(index))), f"{name}:{group.name}",
                    f"{kind}_group_index does not count the rows")
    digits = [key for key in group if key.isdigit()]
    if found.check(digits == ["0"], f"{name}:{group.name}", f"has the groups {digits}, not only 0"):
        for path, item in group["0"].items():
            if isinstance(item, h5py.Dataset):
                found.check(len(item) == length, f"{name}:{item.name}", f"has {len(item)} rows, not {length}")


def same_object(a, b):
    return h5py.h5o.get_info(a.id).addr == h5py.h5o.get_info(b.id).addr


def check_hard_link(found, group, plural, singular, name):
    at = f"{name}:{group.name}/{singular}"
    if found.check(singular in group, at, "is missing (BMTK looks for it)") and plural in group:
        found.check(isinstance(group.get(singular, getlink=True), h5py.HardLink), at, "is no hard link")
        found.check(same_object(group[plural], group[singular]), at, f"is not the same dataset as {plural}")


def check_index(found, edges, direction, nodes, n_nodes, name):
    """Following node -> ranges -> edges gives every edge once, under its own node."""
    at = f"{name}:{edges.name}/indices/{direction}"
    if not found.check(f"indices/{direction}" in edges, at, "is missing"):
        return
    group = edges[f"indices/{direction}"]
    for key in ("node_id_to_ranges", "range_to_edge_id"):
        if not found.check(key in group and group[key].ndim == 2 and group[key].shape[1] == 2 and
                           group[key].dtype == numpy.uint64, at, f"{key} is no table of pairs of 64-bit numbers"):
            return
    check_hard_link(found, group, "node_id_to_ranges", "node_id_to_range", name)
    by_node, ranges = group["node_id_to_ranges"][()].astype("i8"), group["range_to_edge_id"][()].astype("i8")
    if not found.check(len(by_node) == n_nodes, at, f"has {len(by_node)} nodes, not {n_nodes}"):
        return
    found.check((by_node >= 0).all() and (by_node[:, 0] <= by_node[:, 1]).all() and (by_node <= len(ranges)).all(), at,
                "node_id_to_ranges points outside range_to_edge_id")
    found.check((ranges >= 0).all() and (ranges[:, 0] < ranges[:, 1]).all() and (ranges <= len(nodes)).all(), at,
                "range_to_edge_id points outside the edges, or has empty ranges")
    seen = numpy.zeros(len(nodes), "i8")
    for node, (first, last) in enumerate(by_node):
        for begin, end in ranges[first:last]:
            if not found.check((nodes[begin:end] == node).all(), at, f"node {node} is given the edges of another node"):
                return
            seen[begin:end] += 1
    found.check((seen == 1).all(), at, "does not reach every edge exactly once")


# --- files ------------------------------------------------------------------------------------------------------------

def check_nodes(found, path):
    """A nodes file; returns {population: number of cells} and {population: set of type ids}."""
    name, sizes, types = os.path.basename(path), {}, {}
    with h5py.File(path, "r") as file:
        check_root(found, file, name)
        check_described(found, file, name)
        if not found.check("nodes" in file, name, "no group nodes"):
            return sizes, types
        for population, group in file["nodes"].items():
            type_ids = column(found, group, "node_type_id", "i8", None, name)
            if type_ids is None:
                continue
            n = sizes[population] = len(type_ids)
            types[population] = set(type_ids.tolist())
            found.check(n > 0, f"{name}:{group.name}", "has no cells")
            ids = column(found, group, "node_id", "u8", n, name)
            if ids is not None:
                found.check(numpy.array_equal(ids, numpy.arange(n)), f"{name}:{group.name}",
                            "node_id does not count the rows")
            check_group_columns(found, group, "node", n, name)
            for axis in "xyz":
                if f"0/{axis}" in group:  # rewire's own positions are of 4 bytes, those of a published circuit as they were
                    column(found, group, f"0/{axis}", "f8" if group[f"0/{axis}"].dtype == "f8" else "f4", n, name)
            for parameter, data in group.get("0/dynamics_params", {}).items():
                found.check(data.dtype in (numpy.float32, numpy.float64) and data.shape == (n,),
                            f"{name}:{data.name}", "is not a number per cell")
    return sizes, types


def check_edge_population(found, group, sizes, name):
    at = f"{name}:{group.name}"
    type_ids = column(found, group, "edge_type_id", "i8", None, name)
    if type_ids is None:
        return set()
    n = len(type_ids)
    ends = {}
    for end in ("source", "target"):
        ids = column(found, group, f"{end}_node_id", "u8", n, name)
        if ids is None:
            return set()
        attributes = group[f"{end}_node_id"].attrs
        if not found.check(is_text(attributes, "node_population"), at, f"{end}_node_id names no node_population"):
            return set()
        population = attributes["node_population"]
        if not found.check(population in sizes, at, f"{end} population {population} does not exist"):
            return set()
        found.check((ids < sizes[population]).all(), at, f"{end}_node_id names a cell that does not exist")
        ends[end] = ids.astype("i8"), sizes[population]
    check_group_columns(found, group, "edge", n, name)
    column(found, group, "0/syn_weight", "f4", n, name)
    delay = column(found, group, "0/delay", "f4", n, name)
    if delay is not None:
        found.check((delay > 0).all(), at, "has a delay that is not positive")
        found.check(group["0/delay"].attrs["units"] == "ms", at, "delays are not in ms")
    uid = column(found, group, "0/synapse_uid", "u8", n, name)
    if uid is not None:
        found.check(len(numpy.unique(uid)) == n, at, "synapse_uid is not unique")
    (source, n_source), (target, n_target) = ends["source"], ends["target"]
    if n > 1 and uid is not None:
        order = numpy.lexsort((uid, source, target))
        found.check(numpy.array_equal(order, numpy.arange(n)), at, "edges are not sorted by (target, source, uid)")
    check_index(found, group, "source_to_target", source, n_source, name)
    check_index(found, group, "target_to_source", target, n_target, name)
    return set(type_ids.tolist())


def check_edges(found, path, sizes):
    """An edges file; returns {population: set of type ids} and {population: number of edges}."""
    name, types, counts = os.path.basename(path), {}, {}
    with h5py.File(path, "r") as file:
        check_root(found, file, name)
        check_described(found, file, name)
        if found.check("edges" in file, name, "no group edges"):
            for population, group in file["edges"].items():
                types[population] = check_edge_population(found, group, sizes, name)
                counts[population] = len(group["edge_type_id"])
    return types, counts


def check_spikes(found, path, sizes, stop_ms):
    name = os.path.basename(path)
    with h5py.File(path, "r") as file:
        check_root(found, file, name)
        check_described(found, file, name)
        if not found.check("spikes" in file, name, "no group spikes"):
            return
        for population, group in file["spikes"].items():
            at = f"{name}:{group.name}"
            times = column(found, group, "timestamps", "f8", None, name)
            if times is None:
                continue
            ids = column(found, group, "node_ids", "u8", len(times), name)
            found.check(group["timestamps"].attrs.get("units") == "ms", at, "timestamps are not in ms")
            if found.check("sorting" in group.attrs, at, "no attribute sorting"):
                names = h5py.check_enum_dtype(group.attrs.get_id("sorting").dtype)
                if found.check(names == {"none": 0, "by_id": 1, "by_time": 2}, at,
                               f"sorting is not the enumeration that libsonata reads, but {names}"):
                    found.check(group.attrs["sorting"] == names["by_time"], at, "sorting is not by_time")
            if not found.check(population in sizes, at, "is no population") or ids is None or not len(times):
                continue
            found.check((ids < sizes[population]).all(), at, "a spike of a cell that does not exist")
            found.check(times.min() > 0 and times.max() <= stop_ms * (1 + 1e-12), at, "a spike outside the run")
            order = numpy.lexsort((ids, times))
            found.check(numpy.array_equal(order, numpy.arange(len(times))), at, "is not sorted by (time, id)")


def check_report(found, path, sizes):
    name = os.path.basename(path)
    with h5py.File(path, "r") as file:
        check_root(found, file, name)
        check_described(found, file, name)
        if not found.check("report" in file, name, "no group report"):
            return
        for population, group in file["report"].items():
            at = f"{name}:{group.name}"
            if not found.check("data" in group and group["data"].ndim == 2, at, "data is no table"):
                continue
            found.check(group["data"].dtype == numpy.float32, at, f"data has type {group['data'].dtype}, not float32")
            frames, n = group["data"].shape
            ids = column(found, group, "mapping/node_ids", "u8", n, name)
            pointers = column(found, group, "mapping/index_pointers", "u8", n + 1, name)
            elements = column(found, group, "mapping/element_ids", "u4", n, name)
            place = column(found, group, "mapping/element_pos", "f4", n, name)
            time = column(found, group, "mapping/time", "f8", 3, name)
            if any(item is None for item in (ids, pointers, elements, place, time)):
                continue
            found.check((numpy.diff(ids.astype("i8")) > 0).all() and (ids < sizes[population]).all(), at,
                        "node_ids are not ascending ids of the population")
            found.check(group["mapping/node_ids"].attrs.get("sorted") == 1, at, "node_ids do not say that they are sorted")
            found.check(numpy.array_equal(pointers, numpy.arange(n + 1)), at, "index_pointers do not count the cells")
            found.check(not elements.any() and not place.any(), at, "element_ids or element_pos are not 0")
            check_hard_link(found, group["mapping"], "index_pointers", "index_pointer", name)
            found.check(group["mapping/time"].attrs.get("units") == "ms", at, "time is not in ms")
            found.check(time[0] == 0 and time[2] > 0 and abs((time[1] - time[0]) / time[2] - frames) < 1e-6, at,
                        f"time {time.tolist()} does not fit {frames} frames")


def check_types(found, path, id_name, used):
    """A table of types: single spaces, and a row for every type that is used."""
    name = os.path.basename(path)
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    found.check("\r" not in text and text.endswith("\n"), name, "lines do not end as on UNIX")
    rows = list(csv.reader(text.splitlines(), delimiter=" ", quotechar='"'))
    for row in rows[1:]:
        found.check(len(row) == len(rows[0]) and "" not in row, name, f"row {row} does not fit the columns {rows[0]}")
    if found.check(rows and id_name in rows[0], name, f"no column {id_name}"):
        known = {int(row[rows[0].index(id_name)]) for row in rows[1:]}
        found.check(used <= known, name, f"no rows for the types {sorted(used - known)}")


def load_config(path):
    """A configuration with its manifest variables filled in."""
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    values = {key.lstrip("$"): value for key, value in config.get("manifest", {}).items()}

    def fill(item):
        if isinstance(item, dict):
            return {key: fill(value) for key, value in item.items()}
        if isinstance(item, list):
            return [fill(value) for value in item]
        return string.Template(item).substitute(values) if isinstance(item, str) and "$" in item else item
    return fill({key: value for key, value in config.items() if key != "manifest"})


# --- a whole result ---------------------------------------------------------------------------------------------------

def check_circuit(found, directory):
    """The circuit that circuit_config.json names; returns {population: number of cells}."""
    config = load_config(os.path.join(directory, "circuit_config.json"))
    found.check("target_simulator" not in config, "circuit_config.json", "libsonata refuses target simulators")
    all_sizes = {}
    for entry in config["networks"]["nodes"]:
        sizes, types = check_nodes(found, os.path.join(directory, entry["nodes_file"]))
        found.check(set(entry["populations"]) == set(sizes), "circuit_config.json",
                    f"populations {sorted(entry['populations'])} are not those of the file, {sorted(sizes)}")
        check_types(found, os.path.join(directory, entry["node_types_file"]), "node_type_id",
                    set().union(*types.values()))
        all_sizes.update(sizes)
    for entry in config["networks"]["edges"]:
        types, _ = check_edges(found, os.path.join(directory, entry["edges_file"]), all_sizes)
        found.check(set(entry["populations"]) == set(types), "circuit_config.json",
                    "edge populations are not those of the file")
        check_types(found, os.path.join(directory, entry["edge_types_file"]), "edge_type_id",
                    set().union(*types.values()) if types else set())
    return all_sizes


def check_node_sets(found, path, sizes):
    with open(path, encoding="utf-8") as file:
        for name, rule in json.load(file).items():
            known = found.check(rule.get("population") in sizes, f"node_sets.json:{name}", "names no population")
            if known and "node_id" in rule:
                found.check(all(0 <= i < sizes[rule["population"]] for i in rule["node_id"]), f"node_sets.json:{name}",
                            "names a cell that does not exist")


def check_snapshots(found, directory, sizes):
    path = os.path.join(directory, "edges", "series.json")
    if not os.path.exists(path):
        return
    with open(path, encoding="utf-8") as file:
        snapshots = json.load(file)["snapshots"]
    found.check([s["step"] for s in snapshots] == sorted({s["step"] for s in snapshots}), "series.json",
                "steps do not ascend")
    found.check(sorted(s["file"] for s in snapshots) ==
                sorted(f for f in os.listdir(os.path.dirname(path)) if f.endswith(".h5")), "series.json",
                "does not list the snapshots that are there")
    for snapshot in snapshots:
        file = os.path.join(directory, "edges", snapshot["file"])
        _, counts = check_edges(found, file, sizes)
        told = {name: entry["n_edges"] for name, entry in snapshot["projections"].items()}
        found.check(counts == told and sum(counts.values()) == snapshot["n_edges"], snapshot["file"],
                    f"has {counts} edges, series.json says {told}")
        with open(file, "rb") as content:
            found.check(hashlib.sha256(content.read()).hexdigest() == snapshot["sha256"], snapshot["file"],
                        "does not have the checksum of series.json")


def check_result(directory):
    """Every breach of SONATA in a result directory, as texts; empty if there is none."""
    found = Findings()
    sizes = check_circuit(found, directory)
    simulation = load_config(os.path.join(directory, "simulation_config.json"))
    for key in ("tstop", "dt", "random_seed"):
        found.check(key in simulation["run"], "simulation_config.json", f"run has no {key}")
    check_node_sets(found, os.path.join(directory, simulation["node_sets_file"]), sizes)
    output = os.path.join(directory, simulation["output"]["output_dir"])
    found.check(not os.path.exists(output), "simulation_config.json", f"another simulator would write over {output}")
    spikes = os.path.join(directory, simulation["output"]["spikes_file"])
    if os.path.exists(spikes):
        check_spikes(found, spikes, sizes, simulation["run"]["tstop"])
    for name, report in simulation["reports"].items():
        for key in ("cells", "variable_name", "sections", "type", "module", "unit", "dt", "start_time", "end_time"):
            found.check(key in report, f"simulation_config.json:{name}", f"has no {key}")
        check_report(found, os.path.join(directory, report["file_name"]), sizes)
    check_snapshots(found, directory, sizes)
    return found


if __name__ == "__main__":
    breaches = check_result(sys.argv[1])
    print("\n".join(breaches) if breaches else "no breach of SONATA")
    sys.exit(1 if breaches else 0)
