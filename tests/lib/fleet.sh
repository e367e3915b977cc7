#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Many hosts out of one result, for tests and benches. Sourced; needs jq.

# make_fleet RESULT N DIR [FILTER]: DIR/host-001.json … of N hosts that are alike: the wake histograms
# of each are shifted by up to 4 % (its buckets are 0.8 % wide), label and start are its own. FILTER
# is applied to each, with its number from 0 in $i.
make_fleet()
{
	mkdir -p "$3" || return 1
	jq -c --argjson n "$2" '
		def shifted(d): if . then .buckets |= map(if .[0] >= 256 then .[0] += d else . end)
			else . end;
		. as $result | range($n) as $i | $result
		# A linear congruence: the same fleet each time.
		| (($i * 7919 + 104729) % 1009 % 9 - 4) as $d
		| .run.label = "host \($i)" | .run.started_unix_ns = 1700000000123456789 + $i * 1000000000
		| .probes.wake.data.units |= map(if .hist then .hist |= shifted($d) else . end
			| if .hist_corrected then .hist_corrected |= shifted($d) else . end)
		| '"${4:-.}" "$1" | awk -v dir="$3" '
		{ file = sprintf("%s/host-%03d.json", dir, NR); print > file; close(file) }
		END { exit NR == 0 }'
}
