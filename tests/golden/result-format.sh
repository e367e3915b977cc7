#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# docs/result-format.md is what the tables say (VFIOBENCH_UPDATE_GOLDEN=1 writes it anew), and the
# JSON Schema accepts the documents of the probes and refuses others.
set -u

docs=${VFIOBENCH_BUILD:?}/vfiobench-docs
page=${VFIOBENCH_SOURCE:?}/docs/result-format.md
template=$VFIOBENCH_SOURCE/docs/result-format.in.md
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0

"$docs" result-format <"$template" >"$work/page" || exit 1
if [ "${VFIOBENCH_UPDATE_GOLDEN:-0}" = 1 ]; then
	cp "$work/page" "$page"
elif ! diff -u "$page" "$work/page"; then
	echo "docs/result-format.md is not what the tables say: VFIOBENCH_UPDATE_GOLDEN=1 writes it anew"
	bad=1
fi
"$docs" schema probe >"$work/schema" || exit 1
"$docs" schema nonesuch >/dev/null 2>"$work/usage"
if [ $? != 2 ] || ! grep -q '^usage: ' "$work/usage"; then
	echo 'no usage line'
	bad=1
fi

for probe in kernel cpu clock irq hugepages aio guest domain log setup; do
	grep -q "\"const\": \"$probe\"" "$work/schema" || { echo "schema: no $probe"; bad=1; }
	program=$VFIOBENCH_BUILD/vfiobench-probe-$probe
	[ ! -x "$program" ] || "$program" >"$work/$probe.json" || bad=1
done
if ! python3 -c 'import jsonschema' 2>/dev/null; then
	echo 'the schema was not tried: no python3 with jsonschema'
	exit $bad
fi
python3 -W ignore - "$work" <<'PYTHON' || bad=1
import glob, json, sys
import jsonschema

work = sys.argv[1]
schema = json.load(open(work + "/schema"))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
wrong = 0

def expect(document, is_valid, what):
    global wrong
    errors = [e.message for e in validator.iter_errors(document)]
    if bool(errors) == is_valid:
        print(what, "is", "refused: %s" % errors[0][:200] if errors else "accepted")
        wrong = 1

documents = glob.glob(work + "/*.json")
for path in documents:
    expect(json.load(open(path)), True, path)

def document(probe, data, **more):
    return dict(format="vfiobench-probe", version=1, probe=probe, status="ok", reason="",
                data=data, gaps=[], **more)

hist = dict(n=1, min_ns=5, max_ns=5, sum_ns=5, buckets=[[5, 1]])
expect(document("wake", {"units": [{"rep": 0, "cpu": 1, "hist": hist}]}), True, "a wake document")
expect(document("wake", {"units": [{"hist": dict(hist, n=1.5)}]}), False, "a fraction")
expect(document("wake", {"units": [{"hist": dict(hist, buckets=[[5]])}]}), False, "half a pair")
expect(document("wake", {"units": {}}), False, "an object for a list")
expect(document("cpu", {"isolated": "1-4,7"}), True, "a CPU list")
expect(document("cpu", {"isolated": "1-"}), False, "half a CPU list")
expect(document("cpu", {"n_cores": -1}), False, "a negative number")
expect(document("cpu", {"n_cores": None}), False, "null")
expect(document("cpu", {"vendor": 7}), False, "a number for a text")
expect(document("cpu", {"is_virtual": 0}), False, "a number for a flag")
expect(document("cpu", {"from_the_future": [1]}, more=1), True, "unknown keys")
expect(document("aio", {"n_cores": -1}), True, "a key of another probe")
expect(dict(document("cpu", {}), status="fine"), False, "an unknown status")
expect(dict(document("cpu", {}), version=2), False, "a newer version")
expect(dict(document("cpu", {}), gaps=[{"field": "cpu.x"}]), False, "a gap without its error")
expect([], False, "a list")
print(len(documents), "documents of this machine are valid")
sys.exit(wrong or not documents)
PYTHON
exit $bad
