#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every state probe over every captured host, and over an empty folder: less than a second, nothing
# on stderr, a valid document, the same one each time, and nothing of this machine in it.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/captures.sh"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir "$work/empty"
bad=0 n_documents=0

probes=
for probe in kernel cpu power clock irq hugepages mm aio sched guest domain pci iommu net log setup; do
	# Not all are built everywhere.
	[ ! -x "${VFIOBENCH_BUILD:?}/vfiobench-probe-$probe" ] || probes="$probes $probe"
done

for tree in "$work/empty" "$trees"/*/; do
	tree=${tree%/} name=${tree%/} name=${name##*/}
	for probe in $probes; do
		document=$work/$name.$probe
		program=$VFIOBENCH_BUILD/vfiobench-probe-$probe
		run_below 1000 "$document" "$program" --sysroot "$tree" 2>"$work/messages" || {
			echo "$name: $probe failed, exit status $?"
			bad=1
		}
		[ ! -s "$work/messages" ] || { echo "$name: $probe said:"; cat "$work/messages"; bad=1; }
		# Another process, another time, another working directory and environment.
		(cd / && env -i "$program" --sysroot "$tree") | cmp - "$document" || {
			echo "$name: the document of $probe is not the same each time"
			bad=1
		}
		n_documents=$((n_documents + 1))
	done
done
"$VFIOBENCH_BUILD/tests/check_document" "$work"/*.[a-z]* || bad=1
echo "$n_documents documents of:$probes"
exit $bad
