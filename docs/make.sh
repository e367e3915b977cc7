#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Manual pages, completions and schemas, from what the programs say of themselves.
#
#	make.sh BUILD SOURCE OUTPUT VERSION DATADIR DOCDIR
#
# Leaves OUTPUT/{man/*.1,completions/*,schema/*.schema.json} and the table OUTPUT/options.
set -u

build=$1 here=$2/docs out=$3 version=$4 datadir=$5 docdir=$6
unset ARGP_HELP_FMT
export LC_ALL=C

die()
{
	echo "make.sh: $*" >&2
	exit 1
}

describe() # VERB [ACTION]
{
	# shellcheck disable=SC2086 # a verb and an action
	"$build/vfiobench" $1 --help </dev/null >"$out/help" || die "vfiobench $1 --help"
	awk -v verb="$1" -f "$here/options.awk" "$out/help" >"$out/table" || die "$1: its options"
	cat "$out/table" >>"$out/options"
	# "save|list|show|rm": each has options of its own.
	actions=$(awk -F '\t' '$1 == "usage" && match($3, /[a-z]+([|][a-z]+)+/) {
		print substr($3, RSTART, RLENGTH); exit }' "$out/table" | tr '|' ' ')
	[ "${1#* }" = "$1" ] || return 0
	for action in $actions; do
		describe "$1 $action"
	done
}

rm -rf "$out"
mkdir -p "$out/man" "$out/completions" "$out/schema" || die "$out"

"$build/vfiobench" --help </dev/null >"$out/help" || die "vfiobench --help"
awk '/^  [a-z]/ { verb = $1; sub(/^ +[^ ]+ +/, ""); printf "verb\t%s\t%s\n", verb, $0 }' "$out/help" >"$out/verbs"
[ -s "$out/verbs" ] || die 'no verbs'
cp "$out/verbs" "$out/options"
cut -f 2 "$out/verbs" >"$out/names"
while read -r verb; do
	describe "$verb"
done <"$out/names"

for template in "$here"/man/*.1.in; do
	page=$(basename "$template" .in)
	verb=${page%.1}
	verb=${verb#vfiobench}
	awk -v verb="${verb#-}" -v version="$version" -v datadir="$datadir" -v docdir="$docdir" \
		-f "$here/man.awk" "$out/options" "$template" \
		>"$out/man/$page" || die "$page"
done

"$build/vfiobench-docs" ids >"$out/ids" || die 'the ids'
for shell in bash:vfiobench zsh:_vfiobench fish:vfiobench.fish; do
	file=$out/completions/${shell#*:} shell=${shell%:*}
	cat "$here/completions/$shell.in" >"$file" || die "$shell"
	awk -f "$here/completions/table.awk" -f "$here/completions/$shell.awk" "$out/ids" "$out/options" \
		>>"$file" || die "$shell"
done

for name in probe result findings comparison fleet baseline calibration; do
	"$build/vfiobench-docs" schema $name >"$out/schema/$name.schema.json" || die "the schema $name"
done
rm -f "$out/help" "$out/table" "$out/verbs" "$out/names" "$out/ids"
