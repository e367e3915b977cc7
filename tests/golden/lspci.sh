#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The probe "pci" says what `lspci -vv` says: of our own text, and of dumps and captured hosts.
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
. "${VFIOBENCH_SOURCE:?}/tests/lib/lspci.sh"

sh "$VFIOBENCH_SOURCE/tests/lib/unpack_host.sh" "$VFIOBENCH_SOURCE/tests/hosts/lspci-text.host" "$work/own" || exit 1
# Its last function is cut off, which lspci does not take.
sed '/^03:00.0/,$d' "$work/own/lspci.hex" >"$work/whole"
compare own "$work/own" -F "$work/whole"
[ "$n_lines" -gt 40 ] || { echo "lspci says $n_lines lines of our own text"; bad=1; }

shared=${VFIOBENCH_SHARED:-$VFIOBENCH_SOURCE/../shared}
for dump in "$shared"/cases/dumps/lspci-xxxx/*.txt; do
	[ -r "$dump" ] || continue
	rm -rf "$work/tree"
	mkdir "$work/tree"
	cp "$dump" "$work/tree/lspci.hex"
	compare "${dump##*/}" "$work/tree" -F "$dump"
done
for tree in "${VFIOBENCH_BUILD:?}"/tests/captures/*/; do
	tree=${tree%/}
	set -- "$tree"/sys/bus/pci/devices/*/config
	[ -e "$1" ] || continue
	compare "${tree##*/}" "$tree" -A linux-sysfs -O "sysfs.path=$tree/sys/bus/pci"
done
echo "$n_functions functions, $n_lines lines of lspci compared"
exit $bad
