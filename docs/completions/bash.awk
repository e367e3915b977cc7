# SPDX-License-Identifier: GPL-2.0-or-later
# The tables of the bash completion; bash.in is what uses them.

function word_list(name,    i, list) {
	for (i = 1; i <= n_options[name]; i++) {
		option(name, i)
		list = list (list == "" ? "" : " ") "--" long (arg == "" ? "" : "=")
	}
	return list
}

function row(place, kind) {
	printf "\t%s) takes=%s words=%s ;;\n", place, kind, quoted(values)
}

function option_row(name, i) {
	option(name, i)
	if (arg != "")
		row("'" name " --" long "'" (short == "" ? "" : " | '" name " -" short "'"), option_takes())
}

END {
	print "_vfiobench_argument()"
	print "{"
	print "\tcase $1 in"
	for (n = 1; n <= n_names; n++)
		for (i = 1; i <= n_options[names[n]]; i++)
			option_row(names[n], i)
	for (n = 1; n <= n_names; n++) {
		kind = takes(names[n])
		row(quoted(names[n]), kind)
	}
	values = ""
	for (i = 1; i <= n_verbs; i++)
		values = values verbs[i] " "
	values = values "--help --version"
	row("''", "words")
	print "\t*) takes='' words='' ;;"
	print "\tesac"
	print "}"
	print ""
	print "_vfiobench_options()"
	print "{"
	print "\tcase $1 in"
	for (n = 1; n <= n_names; n++)
		printf "\t%s) words=%s ;;\n", quoted(names[n]), quoted(word_list(names[n]))
	print "\t*) words='' ;;"
	print "\tesac"
	print "}"
}
