/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/moved.h"

/* Domains whose settings hold for the host, whatever guest runs. */
static const struct {
	const struct schema *schema;
	size_t at;
} domains[] = {
	{ &kernel_schema, offsetof(struct host, kernel) },
	{ &cpu_schema, offsetof(struct host, cpu) },
	{ &clock_schema, offsetof(struct host, clock) },
	{ &irq_schema, offsetof(struct host, irq) },
	{ &hugepages_schema, offsetof(struct host, hugepages) },
	{ &aio_schema, offsetof(struct host, aio) },
};

struct moved {
	const char *domain;
	struct arena *arena;
	struct fact_strs *list;
};

static const char *shown(const char *value)
{
	if (!value)
		return "unknown";
	return *value ? value : "none";
}

static int add_moved(void *arg, const struct fact_field *field, const char *before,
		     const char *after)
{
	const struct moved *m = arg;
	const char *words = arena_printf(m->arena, "%s.%s: %s, then %s", m->domain, field->key,
					 shown(before), shown(after));

	return words ? fact_add_str(m->list, m->arena, words) : -ENOMEM;
}

int moved_settings(const struct host *before, const struct host *after, struct arena *a,
		   struct fact_strs *ret_moved)
{
	for (size_t i = 0; i < ARRAY_SIZE(domains); i++) {
		struct moved m = { domains[i].schema->name, a, ret_moved };
		int r = schema_differences(domains[i].schema, (const char *)before + domains[i].at,
					   (const char *)after + domains[i].at, add_moved, &m);

		if (r < 0)
			return r;
	}
	return 0;
}
