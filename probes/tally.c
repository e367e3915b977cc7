/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/tally.h"

#include <string.h>

struct tally_row {
	const char *field, *path, *words;
	size_t n;
	struct tally_row *next;
};

int tally_add_words(struct tally *t, struct probe_env *env, const char *field, const char *path,
		    const char *words)
{
	struct tally_row **at = &t->rows;

	while (*at && (strcmp((*at)->field, field) != 0 || strcmp((*at)->words, words) != 0))
		at = &(*at)->next;
	if (!*at) {
		struct tally_row *row = arena_alloc(env->arena, sizeof(*row));

		if (!row || !path)
			return -ENOMEM;
		row->field = field;
		row->words = words;
		row->path = arena_strdup(env->arena, path);
		if (!row->path)
			return -ENOMEM;
		*at = row;
	}
	(*at)->n++;
	return 0;
}

int tally_add(struct tally *t, struct probe_env *env, const char *field, const char *path,
	      int error)
{
	const char *name = strerrorname_np(-error);

	return tally_add_words(t, env, field, path, name ? name : "unknown error");
}

int tally_report(const struct tally *t, struct probe_env *env)
{
	int r = 0;

	for (const struct tally_row *row = t->rows; row && r == 0; row = row->next) {
		if (row->n == 1)
			r = probe_gap_words(env, row->field, row->path, "%s", row->words);
		else
			r = probe_gap_words(env, row->field, row->path, "%s, and %zu more like it",
					    row->words, row->n - 1);
	}
	return r;
}
