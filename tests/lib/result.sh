# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# result.sh - results made up, for tests that need no machine. To be sourced.

command -v jq >/dev/null || { echo "jq is not installed"; exit 77; }

# make_result FILE '{"permille":1500}': see result.jq
make_result()
{
	jq -n --argjson o "${2:-{\}}" -f "${VFIOBENCH_SOURCE:?}/tests/lib/result.jq" >"$1"
}
