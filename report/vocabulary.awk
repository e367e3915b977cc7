# SPDX-License-Identifier: GPL-2.0-or-later
# Words that may be shared, one a line, into the file that the variable "out" names: those of
# vocabulary.txt, and those of the texts and keys in C files. Addresses, formats and what looks like a
# number in base 16 are left out.
function add(word)
{
	word = tolower(word)
	if (length(word) < 3 || length(word) > 24)
		return
	if (word !~ /^[a-z]+$/ && (word !~ /^[a-z]/ || length(word) > 12 || word ~ /^[0-9a-f]+$/))
		return
	print word > out
}

function add_words(text,    words, n, i)
{
	gsub(/[a-z]+:\/\/[^ ]*/, " ", text)
	gsub(/\\x[0-9a-fA-F][0-9a-fA-F]/, " ", text)
	gsub(/\\./, " ", text)
	gsub(/%[-0-9.*]*[hlzjt]*[a-zA-Z]/, " ", text)
	n = split(text, words, /[^A-Za-z0-9]+/)
	for (i = 1; i <= n; i++)
		add(words[i])
}

FILENAME ~ /[.]txt$/ {
	sub(/#.*/, "")
	n = split($0, words, /[ \t]+/)
	for (i = 1; i <= n; i++)
		if (words[i] != "")
			print words[i] > out
	next
}

/^[ \t]*#[ \t]*include/ || /^[ \t]*(\/\*|\*)/ { next }

{
	line = $0
	while (match(line, /"([^"\\]|\\.)*"/)) {
		add_words(substr(line, RSTART + 1, RLENGTH - 2))
		line = substr(line, RSTART + RLENGTH)
	}
	# Keys of documents are members of structs.
	line = $0
	while (match(line, /[ (]F\([a-z0-9_]+\)/)) {
		add_words(substr(line, RSTART + 3, RLENGTH - 4))
		line = substr(line, RSTART + RLENGTH)
	}
}
