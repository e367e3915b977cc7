# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# captures.sh - captured hosts from outside the source tree, unpacked once per build folder. To be
# sourced; skips the test (77) where there are none. Sets $shared and $trees (one folder per host).

shared=${VFIOBENCH_SHARED:-${VFIOBENCH_SOURCE:?}/../shared}/captures
trees=${VFIOBENCH_BUILD:?}/tests/captures

if [ ! -d "$shared/tars" ]; then
	echo "skipped: no captured hosts in $shared (set VFIOBENCH_SHARED to the folder above it)"
	exit 77
fi
if [ ! -d "$trees" ]; then
	# Two tests may come here at once: the first to rename wins.
	mkdir -p "${trees%/*}"
	unpacking=$(mktemp -d "$trees.XXXXXX") || exit 1
	for tar in "$shared"/tars/*.tar.xz; do
		tar -C "$unpacking" -xJf "$tar" || exit 1
	done
	mv -T "$unpacking" "$trees" 2>/dev/null || rm -rf "$unpacking"
fi

now_ms() { echo $(($(date +%s%N) / 1000000)); }

# run_below LIMIT_MS OUTPUT COMMAND...: its exit status, or 124 when it took longer three times (a
# busy machine may be late once). Sanitizers cost several times what is limited here.
run_below()
{
	limit_ms=$1 output=$2
	! grep -q '^VFIOBENCH_SANITIZE:[A-Z]*=.' "${VFIOBENCH_BUILD:?}/CMakeCache.txt" || limit_ms=$((10 * limit_ms))
	shift 2
	for attempt in 1 2 3; do
		started_ms=$(now_ms)
		timeout 20 "$@" >"$output"
		status=$?
		took_ms=$(($(now_ms) - started_ms))
		[ $took_ms -ge "$limit_ms" ] || return $status
	done
	echo "$*: $took_ms ms, three times at or above $limit_ms ms (attempt $attempt)"
	return 124
}
