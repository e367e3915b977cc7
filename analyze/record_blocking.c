/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_blocking.c - whether two results may be compared at all. */
#include <inttypes.h>
#include <string.h>

#include "analyze/record.h"

struct keys {
	struct arena *arena;
	struct fact_strs *blocking, *notes;
};

static const char *duration_text(struct arena *a, const char *ns_text)
{
	static const struct {
		uint64_t ns;
		const char *unit;
	} units[] = { { NS_PER_S, "s" }, { NS_PER_MS, "ms" }, { NS_PER_US, "us" } };
	uint64_t ns;

	if (text_u64(text_of(ns_text), &ns) < 0)
		return ns_text;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (ns && ns % units[i].ns == 0)
			return arena_printf(a, "%" PRIu64 " %s", ns / units[i].ns, units[i].unit);
	}
	return arena_printf(a, "%" PRIu64 " ns", ns);
}

static const char *shown(const struct keys *k, const struct fact_field *f, const char *value)
{
	if (!value)
		return "";
	return strcmp(f->unit, "ns") ? value : duration_text(k->arena, value);
}

static int tell_key(void *arg, const struct fact_field *f, const char *before, const char *after)
{
	const struct keys *k = arg;
	const char *old = shown(k, f, before), *new = shown(k, f, after);
	const char *line;

	if (!old || !new)
		return -ENOMEM;
	if (before && after)
		line = arena_printf(k->arena, "%s: %s / %s", f->key, old, new);
	else
		line = arena_printf(k->arena, "%s (%s) is known %s only: %s", f->key, f->about,
				    before ? "before" : "after", before ? old : new);
	return line ? fact_add_str(before && after ? k->blocking : k->notes, k->arena, line)
		    : -ENOMEM;
}

int record_blocking(const struct record_facts *before, const struct record_facts *after,
		    struct arena *a, struct fact_strs *ret_blocking, struct fact_strs *ret_notes)
{
	static const struct fingerprint_facts none = { 0 };
	struct fact_strs blocking = { .known = true }, notes = { .known = true };
	struct keys k = { a, &blocking, &notes };
	int r = schema_differences(
		&fingerprint_schema, before->fingerprint.v ? before->fingerprint.v : &none,
		after->fingerprint.v ? after->fingerprint.v : &none, tell_key, &k);

	if (r < 0)
		return r;
	*ret_blocking = blocking;
	*ret_notes = notes;
	return 0;
}
