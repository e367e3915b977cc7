/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/irqbalance.h"

#include <string.h>

static struct text unquote(struct text t)
{
	t = text_trim(t);
	if (t.len >= 2 && (t.at[0] == '"' || t.at[0] == '\'') && t.at[t.len - 1] == t.at[0])
		return text_make(t.at + 1, t.len - 2);
	return t;
}

static void set_banned(struct irqbalance *s, struct text value, bool is_list)
{
	struct cpus set;
	int r;

	/* An empty variable counts as none, and the list wins over the mask. */
	if (!text_trim(value).len || (s->is_list && !is_list))
		return;
	r = is_list ? cpus_parse_list(value, &set) : cpus_parse_mask(value, &set);
	s->has_banned = true;
	s->is_list = is_list;
	s->is_banned_odd = r < 0;
	s->banned = r < 0 ? (struct cpus){ 0 } : set;
}

void irqbalance_add_options(struct irqbalance *settings, struct text options)
{
	struct text word;

	while (text_next_word(&options, &word)) {
		if (text_equal(word, "--oneshot") || text_equal(word, "-oneshot") ||
		    text_equal(word, "-o"))
			settings->is_oneshot = true;
	}
}

void irqbalance_add_variables(struct irqbalance *settings, struct text t, char separator)
{
	struct text line, key, value;

	while (text_next_piece(&t, separator, &line)) {
		line = text_trim(line);
		if (text_starts(line, "export "))
			line = text_trim(text_make(line.at + 7, line.len - 7));
		if (text_starts(line, "#") || !text_key_value(line, '=', &key, &value))
			continue;
		value = unquote(value);
		if (text_equal(key, "IRQBALANCE_BANNED_CPULIST"))
			set_banned(settings, value, true);
		else if (text_equal(key, "IRQBALANCE_BANNED_CPUS"))
			set_banned(settings, value, false);
		else if (text_equal(key, "IRQBALANCE_ONESHOT")) /* looked for, not looked at */
			settings->is_oneshot = true;
		else if (text_equal(key, "IRQBALANCE_ARGS"))
			irqbalance_add_options(settings, value);
	}
}
