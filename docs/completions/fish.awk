# SPDX-License-Identifier: GPL-2.0-or-later

function fish_quoted(s) {
	gsub(/\\/, "\\\\", s)
	gsub(/'/, "\\'", s)
	return "'" s "'"
}

function of(kind) {
	return kind == "words" ? "-x -a " fish_quoted(values) : kind == "files" ? "-r -F" : \
		kind == "folders" ? "-x -a '(__fish_complete_directories)'" : "-x"
}

function row(name, condition, i) {
	option(name, i)
	printf "complete -c vfiobench -n '%s'", condition
	if (short != "" && short != "?")
		printf " -s %s", short
	printf " -l %s", long
	if (arg != "")
		printf " %s", of(option_takes())
	print " -d " fish_quoted(text)
}

END {
	for (i = 1; i <= n_verbs; i++)
		print "complete -c vfiobench -n __vfiobench_is_first -a " verbs[i] " -d " \
			fish_quoted(abouts[verbs[i]])
	for (n = 1; n <= n_names; n++) {
		name = names[n]
		condition = "__vfiobench_is " name (name in actions ? " \"\"" : "")
		kind = takes(name)
		if (kind == "words")
			print "complete -c vfiobench -n '" condition "' -a " fish_quoted(values)
		else if (kind == "files")
			print "complete -c vfiobench -n '" condition "' -F"
		else if (kind == "folders")
			print "complete -c vfiobench -n '" condition "' -a '(__fish_complete_directories)'"
		for (i = 1; i <= n_options[name]; i++)
			row(name, condition, i)
	}
}
