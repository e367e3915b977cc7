/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/rcu_log.h"

/* "1-4,7-10." or "(none)." A line without the dot was cut at the length limit of printk(). */
static int parse_list(struct text rest, struct cpus *ret_set)
{
	struct text line;

	if (!text_next_line(&rest, &line))
		return -EBADMSG;
	line = text_trim(line);
	if (!text_ends(line, "."))
		return -EBADMSG;
	line = text_make(line.at, line.len - 1);
	if (text_equal(line, "(none)")) {
		*ret_set = (struct cpus){ 0 };
		return 0;
	}
	if (!line.len)
		return -EBADMSG;
	return cpus_parse_list(line, ret_set) < 0 ? -EBADMSG : 0;
}

/* The first line of a boot is stamped 0.000000; without stamps nothing can be said. */
static bool log_is_from_boot(struct text log)
{
	struct text line;

	while (text_next_line(&log, &line)) {
		if (text_find(line, "Linux version ") && text_find(line, " 0.000000] "))
			return true;
	}
	return false;
}

int rcu_log_parse(struct text log, struct cpus *ret_set)
{
	static const char needle[] = "Offload RCU callbacks from CPUs: ";
	const char *found = text_find(log, needle);

	if (found) {
		const char *list = found + sizeof(needle) - 1;

		return parse_list(text_make(list, log.len - (size_t)(list - log.at)), ret_set);
	}
	if (!log_is_from_boot(log))
		return -ENODATA;
	*ret_set = (struct cpus){ 0 };
	return 0;
}
