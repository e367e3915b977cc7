#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# unpack_host.sh FILE.host DIR: makes the tree that a bundle describes (tests/hosts/README.md) in the
# new or empty directory DIR. Files first, links last, so that nothing is written through a link.
set -u

[ $# -eq 2 ] || { echo "usage: $0 FILE.host DIR" >&2; exit 2; }
[ -r "$1" ] || { echo "$0: $1: cannot be read" >&2; exit 2; }
mkdir -p "$2" || exit 2
[ -z "$(ls -A "$2")" ] || { echo "$0: $2: is not empty" >&2; exit 2; }
case $1 in
/*) bundle=$1 ;;
*) bundle=$PWD/$1 ;;
esac
cd "$2" || exit 2

# The bundle is read twice: for the directories, then for what is in them.
exec awk -v name="$1" '
function die(what)
{
	print name ":" FNR ": " what | "cat >&2"
	close("cat >&2")
	is_dead = 1
	exit 2
}
# Adds the numbers of "0-3,8" to the array out; returns how many.
function numbers(list, out,    parts, bounds, n, i, v, count)
{
	count = 0
	n = split(list, parts, ",")
	for (i = 1; i <= n; i++) {
		if (parts[i] !~ /^[0-9]+(-[0-9]+)?$/)
			die("[" list "]: not a list of numbers")
		if (split(parts[i], bounds, "-") == 1)
			bounds[2] = bounds[1]
		for (v = bounds[1] + 0; v <= bounds[2] + 0 && count < 8192; v++)
			out[++count] = v
	}
	return count
}
# Calls add() for each path that "cpu[0-3]/x" stands for.
function expand(path,    before, list, after, all, n, i)
{
	if (!match(path, /\[[^]]*\]/)) {
		add(path)
		return
	}
	before = substr(path, 1, RSTART - 1)
	list = substr(path, RSTART + 1, RLENGTH - 2)
	after = substr(path, RSTART + RLENGTH)
	n = numbers(list, all)
	for (i = 1; i <= n; i++)
		expand(before all[i] after)
}
function add(path,    parent)
{
	if (path !~ "^/[A-Za-z0-9._:/@+,=\\\\-]+$" || path ~ "/[.][.]?(/|$)" || path ~ "//|/$")
		die(path ": not a path")
	path = "." path
	if (pass == 2) {
		put(path)
		return
	}
	if (path in kind)
		die(path ": twice")
	kind[path] = verb
	if (verb == "dir")
		dirs[path] = 1
	parent = path
	while (sub("/[^/]*$", "", parent) && parent != "." && !(parent in dirs))
		dirs[parent] = 1
}
function put(path)
{
	if (verb == "line") {
		print text > path
		close(path)
	} else if (verb == "link") {
		links[++n_links] = quoted(text) " " quoted(path)
	} else if (verb != "dir") {
		# The lines that follow go here.
		out[++n_out] = verb == "args" ? "tr \"\\n\" \"\\000\" >" quoted(path) : path
		printf "" > path
		close(path)
		if (verb == "script")
			scripts[++n_scripts] = quoted(path)
	}
}
function quoted(s)
{
	return "\047" s "\047"
}
function write(line,    i)
{
	for (i = 1; i <= n_out; i++) {
		if (out[i] ~ /^tr /)
			print line | out[i]
		else
			print line > out[i]
	}
}
function finish(    i)
{
	for (i = 1; i <= n_out; i++)
		close(out[i])
	n_out = 0
}
function make_directories(    path)
{
	for (path in kind)
		if (kind[path] != "dir" && path in dirs)
			die(path ": is a directory for others")
	for (path in dirs)
		print quoted(path) | "xargs mkdir -p"
	close("xargs mkdir -p")
}
FNR == 1 {
	if ($0 != "vfiobench-host 1")
		die("not a bundle of this version")
	if (++pass == 2)
		make_directories()
	next
}
/^#/ || /^$/ { next }
/^\t/ {
	if (verb != "file" && verb != "script" && verb != "args")
		die("text that belongs to no file")
	if (pass == 2)
		write(substr($0, 2))
	next
}
{
	finish()
	verb = $1
	if (verb !~ /^(line|file|script|args|link|dir)$/ || substr($0, length(verb) + 1, 1) != " ")
		die(verb ": none of line, file, script, args, link, dir")
	rest = substr($0, length(verb) + 2)
	space = index(rest, " ")
	path = space ? substr(rest, 1, space - 1) : rest
	text = space ? substr(rest, space + 1) : ""
	if (text != "" && verb !~ /^li/)
		die("text behind the path")
	if (verb == "link" && text !~ "^[A-Za-z0-9._:/@+,=\\\\-]+$")
		die("not the target of a link")
	expand(path)
}
END {
	finish()
	for (i = 1; i <= n_scripts; i++)
		print scripts[i] | "xargs chmod 755"
	if (n_scripts && !is_dead && close("xargs chmod 755") != 0)
		exit 2
	for (i = 1; i <= n_links; i++)
		print links[i] | "xargs -n 2 ln -s"
	if (n_links && !is_dead && close("xargs -n 2 ln -s") != 0)
		exit 2
	exit is_dead ? 2 : 0
}' "$bundle" "$bundle"
