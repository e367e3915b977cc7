# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# lspci.sh - the probe "pci" beside lspci, line by line. To be sourced, with $work set to a folder; skips
# the test (77) where lspci or jq is not installed. Counts in $n_lines, $n_functions, and says in $bad.

PATH=$PATH:/usr/sbin:/sbin
for tool in lspci jq; do
	command -v "$tool" >/dev/null 2>&1 || { echo "skipped: $tool is not installed"; exit 77; }
done
n_lines=0 n_functions=0 bad=0
: "${work:?}"

# shellcheck disable=SC2034 # bad is for the script that sources this
# compare NAME SYSROOT LSPCI-ARG...: all that lspci says is in the document, and the document has no
# interrupt or access control that lspci does not see.
compare()
{
	name=$1 tree=$2
	shift 2
	if ! lspci -D -nn -vv "$@" 2>/dev/null >"$work/said"; then
		echo "$name: lspci cannot read it"
		return 0
	fi
	awk -f "${VFIOBENCH_SOURCE:?}/tests/lib/lspci.awk" "$work/said" | sort -u >"$work/theirs"
	"${VFIOBENCH_BUILD:?}/vfiobench-probe-pci" --sysroot "$tree" >"$work/document" || bad=1
	jq -r -f "$VFIOBENCH_SOURCE/tests/lib/pci.jq" "$work/document" | sort -u >"$work/ours"
	# What a configuration of 64 bytes cannot show we know from msi_irqs and other files.
	awk 'NR == FNR { if ($2 == "config_bytes" && $3 > 64) seen[$1] = 1; next }
		$1 in seen && / ((has_msi|has_msix|has_acs|is_msi_enabled|is_msix_enabled) true|aspm l.*)$/' \
		"$work/ours" "$work/ours" >"$work/claims"
	comm -13 "$work/ours" "$work/theirs" >"$work/missing"
	comm -13 "$work/theirs" "$work/claims" >"$work/invented"
	if [ -s "$work/missing" ] || [ -s "$work/invented" ]; then
		sed "s/^/$name: lspci says: /" "$work/missing"
		sed "s/^/$name: lspci does not say: /" "$work/invented"
		bad=1
	fi
	n_lines=$((n_lines + $(wc -l <"$work/theirs")))
	n_functions=$((n_functions + $(cut -d ' ' -f 1 "$work/ours" | sort -u | wc -l)))
}
