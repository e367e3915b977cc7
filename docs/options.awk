# SPDX-License-Identifier: GPL-2.0-or-later
# What `vfiobench VERB --help` prints, as a table with tabs; stdin: that text; -v verb=NAME.
#
#	usage	VERB	TEXT                   one for each form, after "vfiobench VERB"
#	doc	VERB	LINE                   what stands before and after the options; lines may be empty
#	option	VERB	LONG	SHORT	ARG	VALUES	TEXT
#
# VALUES are the words of an option whose help lists them: "quick (23 s) or soak", alone or before
# or after a colon. Words in capitals stand for something else and are none of them.

function values(text,    parts, words, n, m, i, j, found) {
	gsub(/ *\([^)]*\)/, "", text)
	n = split(text, parts, /[:;.]/)
	for (i = 1; i <= n; i++) {
		sub(/^ +/, "", parts[i])
		sub(/ +$/, "", parts[i])
		if (parts[i] !~ /^[A-Za-z][A-Za-z0-9-]*(, [A-Za-z][A-Za-z0-9-]*)* or [A-Za-z][A-Za-z0-9-]*$/)
			continue
		m = split(parts[i], words, /, | or /)
		for (j = 1; j <= m; j++)
			if (words[j] ~ /^[a-z0-9-]+$/)
				found = found (found == "" ? "" : " ") words[j]
		return found
	}
	return ""
}

function end_option() {
	if (long != "")
		printf "option\t%s\t%s\t%s\t%s\t%s\t%s\n", verb, long, short, arg, values(text), text
	long = ""
}

function option(line) {
	end_option()
	short = match(line, /^  -[^-],/) ? substr(line, 4, 1) : ""
	match(line, /--[a-z0-9-]+/)
	long = substr(line, RSTART + 2, RLENGTH - 2)
	line = substr(line, RSTART + RLENGTH)
	arg = ""
	if (match(line, /^\[?=[^ ]+/)) {
		arg = substr(line, RSTART, RLENGTH)
		line = substr(line, RSTART + RLENGTH)
		gsub(/[][=]/, "", arg)
	}
	sub(/^ +/, "", line)
	text = line
}

/^Usage: |^  or:  / && !is_past_usage {
	sub(/^(Usage: |  or:  )/, "")
	sub("^vfiobench " verb " *", "")
	printf "usage\t%s\t%s\n", verb, $0
	next
}
{ is_past_usage = 1 }

# The options are one block.
/^ +(-[^-], +)?--[a-z]/ && !is_past_options {
	option($0)
	next
}
long != "" && /^                    / {
	sub(/^ +/, "")
	text = text (text == "" ? "" : " ") $0
	next
}
long != "" && /^$/ {
	end_option()
	is_past_options = 1
}

/^Mandatory or optional arguments to long options/ { is_about_short = 1 }
is_about_short {
	if ($0 == "")
		is_about_short = 0
	next
}
{ printf "doc\t%s\t%s\n", verb, $0 }
END { end_option() }
