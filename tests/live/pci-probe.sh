#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The probe "pci" on this machine: what lspci says as root, and without root nothing is claimed that cannot be
# read. Changes nothing.
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
. "${VFIOBENCH_SOURCE:?}/tests/lib/lspci.sh"
probe=${VFIOBENCH_BUILD:?}/vfiobench-probe-pci

n=$(find /sys/bus/pci/devices -mindepth 1 2>/dev/null | wc -l)
[ "$n" -gt 0 ] || { echo "no PCI on this machine"; exit 77; }
compare live / -A linux-sysfs
[ "$n" -eq "$(jq '.data.functions | length' "$work/document")" ] || { echo "not all $n functions"; bad=1; }

# Vectors as the kernel counts them.
for device in /sys/bus/pci/devices/*; do
	name=${device##*/}
	vectors=$(find "$device/msi_irqs" -type f 2>/dev/null | wc -l)
	echo "$name $vectors"
done >"$work/kernel"
jq -r '.data.functions[] | "\(.address) \(.n_vectors)"' "$work/document" >"$work/ours"
diff "$work/kernel" "$work/ours" || bad=1

if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null 2>&1; then
	# By descriptor: the build folder may be closed to others.
	cp "$probe" "$work/probe" && chmod 755 "$work/probe"
	setpriv --reuid 65534 --regid 65534 --clear-groups "$work/probe" >"$work/user" || bad=1
	jq -e '[.data.functions[] | select(.config_bytes > 64)] | length == 0' "$work/user" >/dev/null ||
		{ echo "a user reads more than 64 bytes"; bad=1; }
	jq -e '[.data.functions[] | select(.has_msi == false and .has_msix == true)] | length == 0' "$work/user" >/dev/null ||
		{ echo "a user is told 'no MSI'"; bad=1; }
	jq -e '[.gaps[] | select(.error | contains("needs root"))] | length == 1' "$work/user" >/dev/null ||
		{ echo "not one gap that says what root would see"; bad=1; }
	jq -e '[.data.functions[] | select(.is_msix_enabled)] | length' "$work/user" >"$work/n"
	echo "without root: $(cat "$work/n") functions with MSI-X seen through msi_irqs"
fi
echo "$n_functions functions, $n_lines lines of lspci compared"
exit $bad
