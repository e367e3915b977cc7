# SPDX-License-Identifier: GPL-2.0-or-later
"""validate.py SCHEMAS FILE...: each document is what the schema of its format says, and would not be
with slips in it. One line for each that is not; exit status 1 then, 77 without jsonschema."""

import copy
import json
import sys
import warnings

warnings.simplefilter("ignore")
try:
    import jsonschema
except ImportError:
    print("no python3 with jsonschema")
    sys.exit(77)


def validators(folder):
    found = {}
    for name in ("probe", "result", "findings", "comparison", "fleet", "baseline", "calibration"):
        with open("%s/%s.schema.json" % (folder, name), encoding="utf-8") as f:
            schema = json.load(f)
        jsonschema.Draft202012Validator.check_schema(schema)
        found["vfiobench-" + name] = jsonschema.Draft202012Validator(schema)
    return found


def slips(document):
    """(what, document) with one thing in it that is never written."""
    yield "a newer version", dict(document, version=document["version"] + 1)
    yield "another format", dict(document, format="vfiobench-x")
    for key, value in document.items():
        if isinstance(value, list):
            yield key + " is no list", dict(document, **{key: {}})
            if value and isinstance(value[0], dict):
                yield "a number in " + key, dict(document, **{key: [1] + value[1:]})
        elif isinstance(value, dict):
            yield key + " is no object", dict(document, **{key: []})
        elif isinstance(value, str):
            yield key + " is no text", dict(document, **{key: 1})
    if "data" in document and document["data"]:
        key = next(iter(document["data"]))
        wrong = copy.copy(document["data"])
        wrong[key] = None
        yield "data.%s is null" % key, dict(document, data=wrong)
    if document.get("probes"):
        name = next(iter(document["probes"]))
        for what, probe in slips(document["probes"][name]):
            yield "%s: %s" % (name, what), dict(document, probes={name: probe})
    if document.get("findings") and document["format"] == "vfiobench-findings":
        for key in ("verdict", "confidence", "id"):
            first = dict(document["findings"][0], **{key: "No Such Word"})
            yield "findings[0]." + key, dict(document, findings=[first])


def main(folder, *files):
    kinds = validators(folder)
    counts = {}
    wrong = 0
    for name in files:
        with open(name, encoding="utf-8") as f:
            document = json.load(f)
        kind = document.get("format")
        if kind not in kinds:
            print("%s: of format %s, which has no schema" % (name, kind))
            wrong = 1
            continue
        for error in list(kinds[kind].iter_errors(document))[:3]:
            at = ".".join(str(step) for step in error.absolute_path)
            print("%s: %s: %s" % (name, at, error.message[:200]))
            wrong = 1
        # All slips of the first document of a kind: they are the same in all.
        if kind not in counts:
            for what, bad in slips(document):
                if kinds[kind].is_valid(bad):
                    print("%s: accepted although %s" % (kind, what))
                    wrong = 1
        counts[kind] = counts.get(kind, 0) + 1
    print(", ".join("%d %s" % (n, kind) for kind, n in sorted(counts.items())) or "no document")
    return wrong or not counts


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
