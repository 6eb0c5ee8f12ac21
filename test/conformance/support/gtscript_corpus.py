# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Which stencils there are, where their sources lie and what the sources do not say."""
import collections
import dataclasses
import json
import os
import re

GROUPS = ("registry", "suites", "spada", "codegen", "pyfv3")
SIDE_TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gtscript_externals.json")


@dataclasses.dataclass
class Variant:
    """One choice of externals, with the stored cases that it has."""
    externals: dict
    dtypes: dict = dataclasses.field(default_factory=dict)
    types: dict = dataclasses.field(default_factory=dict)
    bits: dict = dataclasses.field(default_factory=lambda: {"float": 64, "int": 64})
    cases: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Stencil:
    group: str
    name: str
    path: str
    selector: str
    include: list
    variants: list


def external_text(value):
    """A value of the manifest in the form of the option -e."""
    text = str(value)
    return text.removeprefix("gtscript.function ").replace("] ", "]")


def annotation(argument):
    if argument["kind"] == "scalar":
        return argument["dtype"]
    element = argument["dtype"]
    if argument["data_dims"]:
        element = f"({element}, ({', '.join(map(str, argument['data_dims']))},))"
    return f"GlobalTable[{element}]" if argument["kind"] == "table" else f"Field[{argument['axes']}, {element}]"


def defining_file(folder, function):
    """The file of a folder that defines `function` at its top level."""
    for where, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            if name.endswith(".py"):
                with open(os.path.join(where, name), encoding="utf-8") as text:
                    if re.search(rf"^def {re.escape(function)}\(", text.read(), re.MULTILINE):
                        return os.path.join(where, name)
    return None


def source_of(source, options):
    """Path of a case's source and None, or None and the reason why there is none."""
    repository = source["repository"]
    if repository.endswith("/spada"):
        direct = os.path.join(options.spada, source["path"])
        found = direct if os.path.isfile(direct) else defining_file(options.spada, source["function"])
        return found, f"the folder of --spada defines no '{source['function']}'"
    option = "pyfv3" if repository.endswith("/PyFV3") else "gt4py"
    checkout = getattr(options, option)
    if not checkout:
        return None, f"no checkout of {repository} (--{option})"
    path = os.path.join(checkout, source["path"])
    return (path, None) if os.path.isfile(path) else (None, f"'{checkout}' has no '{source['path']}'")


def variant_of(case):
    externals = {**case["externals"], **case.get("constants", {})}
    return Variant({name: external_text(value) for name, value in externals.items()},
                   {**case.get("type_aliases", {}), **case.get("dtypes", {})},
                   {argument["name"]: annotation(argument) for argument in case["arguments"]},
                   case["literal_precision"])


def stencil_name(case):
    """Variants of externals, of types and suites that share a definition are told apart as the sources do."""
    source = case["source"]
    if "registered_as" in source:
        return source["registered_as"]
    name = source.get("suite") or case["id"].split("/")[1]
    if "suites" in case["group"]:
        name = source.get("suite") or source["function"].split(".")[0]
    return re.sub(r"_f(32|64)$", "", name) if "spada" in case["group"] else name


def include_folders(path, options):
    folders = [options.pyfv3, options.ndsl] if options.pyfv3 and path.startswith(options.pyfv3) else []
    return [folder for folder in folders if folder]


def read_manifest(options, skipped):
    with open(os.path.join(options.data, "manifest.json"), encoding="utf-8") as text:
        cases = json.load(text)["cases"]
    stencils, reasons = {}, {}
    for case in cases:
        case["path"] = os.path.join(options.data, case["file"])
        group, name = case["group"].split("-", 1)[1], stencil_name(case)
        path, reason = source_of(case["source"], options)
        if not path:
            reasons[group, name] = reason
            continue
        selector = case["source"]["function"]
        if "test" in case["source"]:
            selector = f"{case['source']['test']}.{selector}"
        if group == "pyfv3":
            name = f"{os.path.basename(path)[:-3]}.{selector}"
        stencil = stencils.setdefault((group, name), Stencil(group, name, path, selector,
                                                             include_folders(path, options), []))
        new = variant_of(case)
        for variant in stencil.variants:
            if dataclasses.replace(variant, cases=[]) == new:
                variant.cases.append(case)
                break
        else:
            new.cases.append(case)
            stencil.variants.append(new)
    for (group, _), reason in reasons.items():
        skipped[group] = (skipped.get(group, (0, ""))[0] + 1, reason)
    return stencils


def add_pyfv3(spada, options, stencils):
    """All stencils of PyFV3; those without stored results take their externals from the side table."""
    with open(SIDE_TABLE, encoding="utf-8") as text:
        table = json.load(text)
    for where, folders, files in sorted(os.walk(os.path.join(options.pyfv3, "pyFV3"))):
        for name in sorted(files):
            path = os.path.join(where, name)
            for selector in spada.list_stencils(path) if name.endswith(".py") else ():
                key = "pyfv3", f"{name[:-3]}.{selector}"
                externals = {**table["all"], **table["stencils"].get(key[1], {})}
                stencils.setdefault(key, Stencil(*key, path, selector, include_folders(path, options),
                                                 [Variant(externals)]))


def find_stencils(spada, options):
    """The stencils that the filter keeps, in a fixed order, and {group: (count, reason)} of those that have no source."""
    skipped = collections.OrderedDict()
    stencils = read_manifest(options, skipped) if options.data else {}
    if options.pyfv3:
        add_pyfv3(spada, options, stencils)
    keys = sorted(stencils, key=lambda key: (GROUPS.index(key[0]), key[1]))
    return [stencils[key] for key in keys if re.search(options.filter, "/".join(key))], skipped
