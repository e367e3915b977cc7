#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Who may include whom: "folder/file.h" from the root, own header first, one way down.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/files.sh"

libs='jansson|nettle|hwloc|pci/|tracefs|event-parse|trace-cmd|libvirt|libxml|libsmartcols|cap-ng'
io='fcntl\.h|unistd\.h'

# Reports print what they are given; plot.c alone starts a program, gnuplot, with files of its own.
# Prefix of the file | our headers it may include | what it must not; the first row that fits holds.
rules="core/doc.c|^core/|^(hwloc|pci/|tracefs|event-parse|trace-cmd|libvirt|libxml|libsmartcols)
core/user.c|^core/|^(jansson|hwloc|pci/|tracefs|event-parse|trace-cmd|libvirt|libxml|libsmartcols)
core/|^core/|^($libs)
facts/|^(core|facts)/|^($libs)
probes/parse/|^(core/(base|text|cpus|arena)[.]h|facts/.*|probes/parse/.*)$|^($io|jansson)
probes/|^(core|facts|probes)/|^(jansson|libsmartcols)
analyze/|^(core|facts|analyze)/|^($libs|$io|core/(sysroot|program)[.]h)
report/plot.c|^(core|report)/|^($libs)
report/redact_aliases.c|^(core|report)/|^(jansson|hwloc|pci/|tracefs|libvirt|libxml)
report/|^(core|facts|analyze|report)/|^(nettle|jansson|hwloc|pci/|tracefs|libvirt|fcntl[.]h|core/(sysroot|program)[.]h)
cli/|^(core|facts|probes|analyze|report|cli)/|^(jansson|hwloc|pci/|tracefs|event-parse|trace-cmd|libvirt)
docs/|^(core|facts|probes|analyze|docs)/|^($libs)
tests/|^(core|facts|probes|analyze|report|cli|tests)/|^$"

files '*.c' '*.h' | while read -r file; do
	grep -nE '^[[:space:]]*#[[:space:]]*include' "$file" | sed "s,^,$file:,"
done | RULES="$rules" awk '
BEGIN {
	n_rules = split(ENVIRON["RULES"], rows, "\n")
	for (i = 1; i <= n_rules; i++) {
		# The patterns hold "|" themselves: the columns end at "|^".
		split(rows[i], column, /\|\^/)
		prefix[i] = column[1]; may[i] = "^" column[2]; must_not[i] = "^" column[3]
	}
}
function wrong(what) { print file ":" line ": " text ": " what; bad = 1 }
{
	split($0, place, ":"); file = place[1]; line = place[2]
	text = substr($0, length(file line) + 3)
	ours = text ~ /"/
	name = text; sub(/^[^<"]*[<"]/, "", name); sub(/[>"].*/, "", name)
	if (!(file in n_includes) && file ~ /[.]c$/) {
		own = file; sub(/[.]c$/, ".h", own)
		if ((getline unused < own) >= 0 && name != own)
			wrong("its own header comes first")
		close(own)
	}
	n_includes[file]++
	if (ours && name !~ /^[a-z0-9_]+(\/[a-z0-9_]+)+[.][a-z]+$/)
		wrong("name it from the root, as folder/file.h")
	for (i = 1; i <= n_rules; i++)
		if (index(file, prefix[i]) == 1)
			break
	if (i > n_rules) {
		wrong("a folder without a rule of who may include whom")
		next
	}
	if (ours && name !~ may[i])
		wrong("not for " prefix[i])
	if (name ~ must_not[i])
		wrong("not for " prefix[i])
	if (!ours && match(name, /^(hwloc|pci\/|tracefs|libvirt)/)) {
		library = substr(name, RSTART, RLENGTH)
		if (file in uses && uses[file] != library)
			wrong("one of hwloc, pci, tracefs and libvirt in one file")
		uses[file] = library
	}
}
END { exit bad }'
