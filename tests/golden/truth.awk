# SPDX-License-Identifier: GPL-2.0-or-later
# truth.awk - the sets of CPUs in three descriptions of one host, as lines that can be compared:
#	core 0 6
#	l3 0 1 2 6 7 8
#	node 0: 0 1 2 3 …
#	node-number 0
# -v from=probe: the document of the cpu probe; from=lstopo, from=lscpu: the known truth.
# -v empty_nodes=" 2 3 ": nodes without CPUs, for lstopo, which hangs them below some other object.

function emit(kind, set,    i, n, cpu, line) {
	n = split(set, cpu, " ")
	if (n == 0)
		return
	# Insertion sort by number; sets are small.
	for (i = 2; i <= n; i++) {
		v = cpu[i] + 0
		for (j = i - 1; j >= 1 && cpu[j] + 0 > v; j--)
			cpu[j + 1] = cpu[j]
		cpu[j + 1] = v
	}
	line = kind
	for (i = 1; i <= n; i++)
		line = line " " (cpu[i] + 0)
	print line
}

# "0-2,6" -> " 0 1 2 6"
function expand(list,    n, i, piece, ends, from_cpu, to_cpu, set) {
	n = split(list, piece, ",")
	for (i = 1; i <= n; i++) {
		from_cpu = to_cpu = piece[i] + 0
		if (split(piece[i], ends, "-") == 2)
			to_cpu = ends[2] + 0
		for (; from_cpu <= to_cpu; from_cpu++)
			set = set " " from_cpu
	}
	return set
}

# The value of "key": up to the next comma outside of quotes, without its quotes.
function value(object, key,    at) {
	at = index(object, "\"" key "\":")
	if (!at)
		return ""
	object = substr(object, at + length(key) + 3)
	if (substr(object, 1, 1) == "\"") {
		object = substr(object, 2)
		return substr(object, 1, index(object, "\"") - 1)
	}
	sub(/[,}].*/, "", object)
	return object
}

# Objects of "list":[{…},{…}], which hold no lists themselves.
function probe_list(list, kind,    at, text, n, i, objects) {
	at = index($0, "\"" list "\":[")
	if (!at)
		return
	text = substr($0, at + length(list) + 4)
	text = substr(text, 1, index(text, "]") - 1)
	n = split(text, objects, "}")
	for (i = 1; i <= n; i++)
		if (kind == "node" && objects[i] ~ /"node":/)
			print "node-number " value(objects[i], "node")
	for (i = 1; i <= n; i++)
		if (objects[i] ~ /"cpus":/)
			emit(kind == "node" ? "node " value(objects[i], "node") ":" : kind,
			     expand(value(objects[i], "cpus")))
}
from == "probe" {
	probe_list("cores", "core")
	probe_list("l3s", "l3")
	probe_list("nodes", "node")
}

# lstopo: two blanks per level, objects with the same CPUs on one line joined by " + ".
function close_to(depth,    n, i, node) {
	for (; n_open > 0 && indent[n_open] >= depth; n_open--) {
		if (type[n_open] != "other")
			emit(type[n_open], cpus[n_open])
		n = split(nodes[n_open], node, " ")
		for (i = 1; i <= n; i++) {
			print "node-number " node[i]
			if (index(empty_nodes, " " node[i] " ") == 0)
				emit("node " node[i] ":", cpus[n_open])
		}
		nodes[n_open] = ""
	}
}
function open_object(depth, what) {
	n_open++
	indent[n_open] = depth; type[n_open] = what; cpus[n_open] = ""
}
from == "lstopo" && /^#/ { if (n_sections++) exit; next }
from == "lstopo" && /^ *(Machine|Package|Die|Group|NUMANode|L[1-5]|Core|PU)/ {
	match($0, /^ */); depth = RLENGTH
	n_parts = split($0, part, " [+] ")
	close_to(depth)
	for (p = 1; p <= n_parts; p++) {
		gsub(/^ +/, "", part[p])
		number = part[p]; sub(/.*[(]P#/, "", number); sub(/[^0-9].*/, "", number)
		if (part[p] ~ /^NUMANode/)
			# Memory of the object around it: has that one's CPUs.
			nodes[n_open] = nodes[n_open] " " number
		else if (part[p] ~ /^PU /)
			for (i = 1; i <= n_open; i++)
				cpus[i] = cpus[i] " " number
		else
			open_object(depth, part[p] ~ /^L3 / ? "l3" : part[p] ~ /^Core/ ? "core" : "other")
	}
}
END { if (from == "lstopo") close_to(0) }

# lscpu -ae=CPU,NODE,SOCKET,CORE,CACHE,ONLINE: the last table is the one that worked.
from == "lscpu" && /^CPU +NODE/ {
	split("", set); has_l3 = $5 ~ /:L3$/; in_table = 1
	n_columns = NF
	next
}
from == "lscpu" && in_table && NF == n_columns && $NF == "yes" {
	n_ids = split($5, id, ":")
	if ($4 != "-")
		set["core " $3 "/" $4] = set["core " $3 "/" $4] " " $1
	if (has_l3 && id[n_ids] != "" && n_ids == 4)
		set["l3 " id[n_ids]] = set["l3 " id[n_ids]] " " $1
	if ($2 != "-")
		set["node " $2 ":"] = set["node " $2 ":"] " " $1
}
from == "lscpu" && !/^ *[0-9]/ { in_table = 0 }
END {
	if (from == "lscpu")
		for (key in set) {
			kind = key
			if (key !~ /^node/)
				sub(/ .*/, "", kind)
			emit(kind, set[key])
		}
}
