# SPDX-License-Identifier: GPL-2.0-or-later
# A manual page from its template; arguments: the table of options.awk, then the template, in the
# language of mdoc(7). In it stand
#
#	a line that begins with a tab    an example, as it is typed
#	@about@                          what vfiobench --help says of the verb
#	@version@, @datadir@, @docdir@   -v version=, -v datadir= …
#	@synopsis@, @verbs@              a line: all forms of the verb; all verbs
#	@doc@                            a line: what --help says besides options and exit status
#	@options@, @options ACTION@      a line: its options; those that only an action has
#
# -v verb=NAME: whose page it is, "" for that of the program.

# Text of others for a text line or the argument of a macro.
function plain(s) {
	gsub(/\\/, "\\e", s)
	gsub(/…/, "...", s)
	gsub(/"/, "\\(dq", s)
	return s
}

# As it is typed: the characters that a typesetter makes pretty.
function typed(s) {
	# Columns stay where they are.
	gsub(/…  /, "...", s)
	s = plain(s)
	gsub(/-/, "\\-", s)
	gsub(/'/, "\\(aq", s)
	gsub(/`/, "\\(ga", s)
	gsub(/\^/, "\\(ha", s)
	gsub(/~/, "\\(ti", s)
	return s
}

function text_line(s,    at) {
	s = plain(s)
	# Options keep a hyphen that can be copied.
	while (match(s, /(^|[ (,'])--?[a-z][a-z0-9-]*/)) {
		at = substr(s, RSTART, RLENGTH)
		gsub(/-/, "\\-", at)
		s = substr(s, 1, RSTART - 1) at substr(s, RSTART + RLENGTH)
	}
	# Sentences begin on new lines; a dot in front would be a macro.
	while (match(s, /[^.][a-z0-9)'][.] +[A-Z]/)) {
		at = substr(s, RSTART, 3) "\n" substr(s, RSTART + RLENGTH - 1, 1)
		s = substr(s, 1, RSTART - 1) at substr(s, RSTART + RLENGTH)
	}
	if (s ~ /^[.']/)
		s = "\\&" s
	print s
}

function sentence(s) {
	return s (s ~ /[.?!]$/ ? "" : ".")
}

function words_of(usage,    words, n, i, w, line, is_option) {
	n = split(usage, words, " ")
	for (i = 1; i <= n; i++) {
		w = words[i]
		is_option = w ~ /^\[/
		if (is_option)
			while (w !~ /\]$/ && i < n)
				w = w " " words[++i]
		gsub(/[][]/, "", w)
		line = line (line == "" ? "" : "\n") (is_option ? ".Op " : ".") word(w)
	}
	return line
}

# One word of a usage line, or two: an option with its argument.
function word(w,    both) {
	if (w == "--")
		return "Fl Fl"
	if (w ~ /^-/) {
		split(w, both, " ")
		sub(/^-/, "", both[1])
		return "Fl " both[1] (both[2] == "" ? "" : " Ar " plain(both[2]))
	}
	return (w ~ /^[a-z]/ ? "Cm " : "Ar ") plain(w)
}

function synopsis(    i) {
	for (i = 1; i <= n_usages[verb]; i++) {
		print ".Nm vfiobench " verb
		if (usages[verb, i] != "")
			print words_of(usages[verb, i])
	}
}

# Of an action those that the verb does not have anyhow.
function options(name,    i, o) {
	print ".Bl -tag -width Ds"
	for (i = 1; i <= n_options[name]; i++) {
		split(rows[name, i], o, "\t")
		if (name != verb && is_option[verb, o[3]])
			continue
		printf ".It "
		if (o[4] != "")
			printf "Fl %s , ", o[4] == "?" ? "\\&?" : o[4]
		print "Fl -" o[3] (o[5] == "" ? "" : " Ns = Ns Ar " plain(o[5]))
		text_line(sentence(o[7]))
	}
	print ".El"
}

function verb_list(    i) {
	print ".Bl -tag -width calibrate"
	for (i = 1; i <= n_verbs; i++) {
		print ".It Xr vfiobench-" verbs[i] " 1"
		text_line(sentence(abouts[verbs[i]]))
	}
	print ".El"
}

# Paragraphs; lines that are indented are typed or a table.
function doc(    i, line, is_literal, is_status, is_open) {
	for (i = 1; i <= n_docs[verb]; i++) {
		line = docs[verb, i]
		if (line == "") {
			is_status = 0
			is_open = 0
			continue
		}
		is_status = is_status || line ~ /^Exit status: /
		if (is_status)
			continue
		if (is_literal && line !~ /^  /) {
			print ".Ed"
			is_literal = 0
			is_open = 0
		}
		if (line ~ /^  /) {
			if (!is_literal)
				print ".Bd -literal -offset 4n"
			else if (!is_open)
				print ""
			is_literal = 1
			is_open = 1
			print typed(substr(line, 3))
			continue
		}
		if (!is_open && is_begun)
			print ".Pp"
		is_open = is_begun = 1
		text_line(line)
	}
	if (is_literal)
		print ".Ed"
}

FNR == 1 { n_files++ }

n_files == 1 {
	split($0, f, "\t")
	if (f[1] == "verb") {
		verbs[++n_verbs] = f[2]
		abouts[f[2]] = f[3]
	} else if (f[1] == "usage") {
		usages[f[2], ++n_usages[f[2]]] = f[3]
	} else if (f[1] == "doc") {
		docs[f[2], ++n_docs[f[2]]] = f[3]
	} else if (f[1] == "option") {
		rows[f[2], ++n_options[f[2]]] = $0
		is_option[f[2], f[3]] = 1
	}
	next
}

/^\t/ {
	if (!is_example)
		print ".Bd -literal -offset 4n"
	is_example = 1
	print typed(substr($0, 2))
	next
}
is_example {
	print ".Ed"
	is_example = 0
}
$0 == "@synopsis@" { synopsis(); next }
$0 == "@verbs@" { verb_list(); next }
$0 == "@doc@" { doc(); next }
$0 == "@options@" { options(verb); next }
/^@options [a-z]+@$/ { options(verb " " substr($2, 1, length($2) - 1)); next }
{
	gsub(/@about@/, plain(abouts[verb]))
	gsub(/@version@/, version)
	gsub(/@datadir@/, datadir)
	gsub(/@docdir@/, docdir)
	print
}
END {
	if (is_example)
		print ".Ed"
}
