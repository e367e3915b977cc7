#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh fuzz_NAME: fuzzes for VFIOBENCH_FUZZ_S seconds (20), from the texts of tests/hosts and what earlier
# runs found; what breaks it stays in the build folder.
set -u
corpus=${VFIOBENCH_BUILD:?}/fuzz/${1:?}
mkdir -p "$corpus/found" || exit 1
sh "${VFIOBENCH_SOURCE:?}/tests/lib/seeds.sh" "$corpus/seeds" || exit 1
exec "$VFIOBENCH_BUILD/tests/$1" -max_total_time="${VFIOBENCH_FUZZ_S:-20}" -timeout=5 -rss_limit_mb=1024 \
	-artifact_prefix="$corpus/" -print_final_stats=1 "$corpus/found" "$corpus/seeds"
