#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Text for forums, of results and comparisons: ASCII of 76 columns, no longer than a place takes, cut by
# whole sections, and a renderer of the markup finds one block of code and nothing else.
set -u

source=${VFIOBENCH_SOURCE:?}
program=${VFIOBENCH_BUILD:?}/vfiobench
write=$VFIOBENCH_BUILD/tests/write_comparison
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0 n=0 missing=''

command -v jq >/dev/null 2>&1 || { echo 'needs jq'; exit 77; }
command -v cmark-gfm >/dev/null 2>&1 || missing=cmark-gfm

wrong()
{
	echo "$*"
	bad=1
}

# What is to be copied is never broken: commands that have no place for it, and lines of files.
narrow() # FILE COLUMNS
{
	awk -v max="$2" 'length($0) > max && !/=|\/|</ { print NR ": " $0; bad = 1 } END { exit bad }' "$1"
}

# All of it is one block of code.
rendered() # NAME MARKUP FILE
{
	case $2 in
	markdown | reddit)
		[ -z "$missing" ] || return 0
		cmark-gfm --unsafe -e table -e autolink -e strikethrough "$3" >"$work/html"
		[ "$(grep -o '<[/!a-zA-Z0-9]*' "$work/html" | tr -d '\n')" = '<pre<code</code</pre' ] ||
			wrong "$1 as $2: more than one block of code"
		;;
	bbcode)
		[ "$(grep -cioE '\[ */? *code' "$3")" = 2 ] || wrong "$1 as $2: more than two tags"
		[ "$(sed -n 1p "$3") $(tail -n 1 "$3")" = '[code] [/code]' ] || wrong "$1 as $2: not a block"
		;;
	esac
}

paste() # NAME DOCUMENT MARKUP MAX OPTION...
{
	name=$1 document=$2 markup=$3 max=$4
	shift 4
	"$program" report "$document" --format "$markup" "$@" -o "$work/paste" 2>"$work/err" ||
		{ wrong "$name as $markup: $(cat "$work/err")"; return; }
	n=$((n + 1))
	LC_ALL=C grep -qn '[^ -~]' "$work/paste" && wrong "$name as $markup: not ASCII"
	columns=76
	[ "$markup" != reddit ] || columns=80
	narrow "$work/paste" $columns || wrong "$name as $markup: too wide"
	[ "$(wc -m <"$work/paste")" -le "$max" ] || wrong "$name as $markup: longer than $max"
	rendered "$name" "$markup" "$work/paste"
}

has() # WORDS
{
	grep -qF -- "$1" "$work/paste" || wrong "$name as $markup: no $1"
}

each() # NAME DOCUMENT
{
	paste "$1" "$2" plain 65536
	paste "$1" "$2" bbcode 10000
	paste "$1" "$2" reddit 10000
	has 'Report '
	paste "$1" "$2" bbcode 1600 --max-chars 1600
	paste "$1" "$2" reddit 3000 --max-chars 3000
}

# Results: a host of the guide with its guest, the same full of what wants out, and what was measured.
sh "$source/tests/lib/unpack_host.sh" "$source/tests/hosts/guide-8700k.host" "$work/host" || exit 1
"$program" audit -q --sysroot "$work/host" --domain-xml "$source/tests/hosts/guide/domain.xml" -o "$work/audit.json" \
	>/dev/null || exit 1
each guide "$work/audit.json"
paste guide "$work/audit.json" markdown 32000
for words in 'vfiobench ' 'Host   Linux' 'i7-8700K' 'Guest  ' 'Pins   none' 'problem ' '1. ' '   to keep it:' '   needs: '; do
	has "$words"
done
jq 'def poison: "``` [/code] [CODE] </pre>\n\n~~~\n# out ünï\u202e " + .; .host.os |= poison | .guest.name = ("a" | poison)
	| .run.label = ("" | poison) | .run.warnings = [range(9) | "a note" | poison] | .probes.kernel.data.cmdline |= poison
	| .probes.domain.data.name |= poison' "$work/audit.json" >"$work/hostile.json"
each 'a hostile result' "$work/hostile.json"
paste 'a hostile result' "$work/hostile.json" markdown 32000 --raw
has 'and 5 more notes'
paste 'a hostile result' "$work/hostile.json" bbcode 10000 --raw

for name in $("$write"); do
	[ "$name" != empty ] || continue
	"$write" "$name" >"$work/comparison.json"
	each "$name" "$work/comparison.json"
	[ "$name" != red ] || has '+52 %'
	"$write" "$name" "$(printf '``` [/code]\n\n# out <b>[code]')" >"$work/comparison.json"
	each "$name, hostile" "$work/comparison.json"
done

# Sections go as a whole, and the note names them.
paste guide "$work/audit.json" plain 2000 --max-chars 2000
has 'Left out to stay within 2000 characters:'
for number in 1 2 3 4 5; do
	if grep -q "^$number\. " "$work/paste" && grep -A3 '^Left out' "$work/paste" | grep -q " $number\. "; then
		wrong "finding $number is there and is not"
	fi
done

# What it cannot be asked for.
for words in 'expected a number from 1600 on:--max-chars=10' 'never cut:--max-chars=2000 --format=html' \
	'expected html:--format=forum'; do
	"$program" report "$work/audit.json" ${words#*:} >"$work/out" 2>"$work/err"
	if [ $? != 2 ] || [ -s "$work/out" ] || ! grep -q "${words%%:*}" "$work/err"; then
		wrong "${words#*:}: $(cat "$work/err")"
	fi
done
# Figures as PNG: how many is told, and no text of the host is in a file.
if command -v gnuplot >/dev/null 2>&1; then
	"$write" red zqhost >"$work/comparison.json"
	"$program" report "$work/comparison.json" --raw --png "$work/png" >"$work/out" 2>"$work/err" ||
		wrong "--png: $(cat "$work/err")"
	files=$(find "$work/png" -type f | wc -l)
	grep -q "^vfiobench: $files figures\{0,1\} in " "$work/err" || wrong "--png: $files files, and $(cat "$work/err")"
	[ "$files" -gt 0 ] || wrong '--png: no file'
	[ ! -s "$work/out" ] || wrong '--png: a page as well'
	for file in "$work"/png/*; do
		case ${file##*/} in *[!a-z0-9.-]*) wrong "--png: $file" ;; esac
		[ "$(head -c 8 "$file" | od -An -tx1 | tr -d ' ')" = 89504e470d0a1a0a ] || wrong "$file is no PNG"
		LC_ALL=C grep -qaE 'zqhost|tEXt|iTXt|tIME' "$file" && wrong "$file: text"
	done
	"$program" report "$work/audit.json" --png "$work/none" 2>"$work/err"
	if [ $? != 2 ] || ! grep -q 'nothing that a figure could show' "$work/err"; then
		wrong "--png of settings: $(cat "$work/err")"
	fi
else
	echo 'not drawn, for it is not here: gnuplot'
fi
[ "$n" -ge 60 ] || wrong "only $n pastes"
[ -z "$missing" ] || echo "not rendered, for it is not here: $missing"
exit $bad
