# SPDX-License-Identifier: GPL-2.0-or-later

# In a specification of _arguments.
function described(s) {
	gsub(/\\/, "\\\\", s)
	gsub(/\[|\]|:/, "\\\\&", s)
	return s
}

function action_of(kind) {
	return kind == "words" ? "(" values ")" : kind == "files" ? "_files" : kind == "folders" ? "_files -/" : " "
}

function specification(name, i,    tail) {
	option(name, i)
	tail = "[" described(text) "]"
	if (arg != "")
		tail = tail ":" described(arg) ":" action_of(option_takes())
	if (short == "" || short == "?")
		return quoted("--" long (arg == "" ? "" : "=") tail)
	return quoted("(-" short " --" long ")") "{-" short ",--" long (arg == "" ? "" : "=") "}" quoted(tail)
}

function arguments(name, indent,    i, kind) {
	print indent "_arguments -S \\"
	for (i = 1; i <= n_options[name]; i++)
		print indent "\t" specification(name, i) " \\"
	kind = takes(name)
	print indent "\t" quoted("*:" (kind == "words" ? "which one" : "argument") ":" action_of(kind))
}

function described_list(list, about_verb,    n, i, words) {
	n = split(list, words, " ")
	for (i = 1; i <= n; i++)
		printf " %s", quoted(words[i] ":" described(about_verb ? abouts[words[i]] : words[i]))
}

END {
	print "_vfiobench_verbs() {"
	print "\tlocal -a verbs"
	printf "\tverbs=("
	for (i = 1; i <= n_verbs; i++)
		printf "\n\t\t%s", quoted(verbs[i] ":" described(abouts[verbs[i]]))
	print "\n\t)"
	print "\t_describe -t verbs verb verbs"
	print "}"
	for (n = 1; n <= n_names; n++) {
		name = names[n]
		if (name in actions || name ~ / /)
			continue
		print "\n_vfiobench_" name "() {"
		arguments(name, "\t")
		print "}"
	}
	for (n = 1; n <= n_names; n++) {
		name = names[n]
		if (!(name in actions))
			continue
		print "\n_vfiobench_" name "() {"
		print "\tif (( CURRENT == 2 )); then"
		print "\t\tcompadd -- " actions[name]
		print "\t\treturn"
		print "\tfi"
		print "\tshift words"
		print "\t(( CURRENT-- ))"
		print "\tcase $words[1] in"
		n_list = split(actions[name], list, " ")
		for (j = 1; j <= n_list; j++) {
			print "\t" list[j] ")"
			arguments(name " " list[j], "\t\t")
			print "\t\t;;"
		}
		print "\tesac"
		print "}"
	}
	print "\n_vfiobench() {"
	print "\tlocal curcontext=\"$curcontext\" state line"
	print "\t_arguments -C \\"
	print "\t\t'(- *)--help[what the verbs are]' \\"
	print "\t\t'(- *)--version[which version this is]' \\"
	print "\t\t'1:verb:_vfiobench_verbs' \\"
	print "\t\t'*:: :->verb'"
	print "\t[[ $state = verb ]] && (( $+functions[_vfiobench_$words[1]] )) && _vfiobench_$words[1]"
	print "}"
	print ""
	print "_vfiobench \"$@\""
}
