# SPDX-License-Identifier: GPL-2.0-or-later
# What the completions of all shells begin with: the ids of the catalogue and the table of
# docs/options.awk, as arguments in that order.
#
#	n_verbs, verbs[i], abouts[VERB]           the verbs
#	n_names, names[i]                         verbs, and those with an action: "baseline save"
#	actions[VERB]                             "save list show rm"
#	n_options[NAME], option(NAME, i)          sets long, short, arg, values and text
#	takes(NAME), option_takes()               what is completed: words files folders none

FNR == 1 { n_files++ }
n_files == 1 { ids = ids (ids == "" ? "" : " ") $0; next }
{ split($0, field, "\t") }
field[1] == "verb" { verbs[++n_verbs] = field[2]; abouts[field[2]] = field[3] }
field[1] == "usage" {
	if (!(field[2] in usages))
		names[++n_names] = field[2]
	usages[field[2]] = usages[field[2]] " " field[3]
	if (match(field[3], /[a-z]+([|][a-z]+)+/)) {
		actions[field[2]] = substr(field[3], RSTART, RLENGTH)
		gsub(/[|]/, " ", actions[field[2]])
	}
}
field[1] == "option" { rows[field[2], ++n_options[field[2]]] = $0 }

function option(name, i,    f) {
	split(rows[name, i], f, "\t")
	long = f[3]
	short = f[4]
	arg = f[5]
	values = f[6]
	text = f[7]
}

function option_takes() {
	if (values != "")
		return "words"
	if (arg ~ /(^|[|])(FILE|RESULT|BASELINE)/)
		return "files"
	return arg ~ /^DIR/ ? "folders" : "none"
}

# Sets values too. An option in the usage line does not count.
function takes(name,    s) {
	s = usages[name]
	gsub(/--[a-z-]+[ =][A-Z|]+/, "", s)
	values = name in actions ? actions[name] : s ~ /\[ID\]/ ? ids : ""
	if (values != "")
		return "words"
	return s ~ /(^|[[ |])(FILE|RESULT|BEFORE|AFTER)/ ? "files" : s ~ /(^|[[ |])DIR/ ? "folders" : "none"
}

function quoted(s) {
	gsub(/'/, "'\\''", s)
	return "'" s "'"
}
