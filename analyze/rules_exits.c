/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_exits.c - what the built-in guest saw from inside, as evidence for rows about memory. */
#include "analyze/engine.h"
#include "analyze/memory.h"

typedef unsigned long long ull;

#define ITEMS_MAX 8

static void list_load(const struct exits_memory *m, struct finding *out)
{
	const char *split = "";

	if (m->mapped_kib.known && m->mapped_kib.v && m->mapped_kib.v < m->backing_kib.v)
		split = finding_text(out, ", which KVM gave it in pieces of %s",
				     memory_size_words(out, m->mapped_kib.v));
	finding_item(
		out,
		"built-in guest: a load at a random place of %s takes %llu.%llu ns on pages of "
		"%s%s",
		memory_size_words(out, m->size_kib.v), (ull)(m->load_ps.v / 1000),
		(ull)(m->load_ps.v % 1000 / 100), memory_size_words(out, m->backing_kib.v), split);
}

void memory_list_loads(const struct host *h, struct finding *out)
{
	const struct exits_memory *m = h->exits.memory.v;

	if (!h->exits.memory.n)
		return;
	/* Numbers of a guest that software runs would be taken for this CPU's. */
	if (!h->exits.is_emulated.known || h->exits.is_emulated.v) {
		finding_item(out, "built-in guest: emulated host: not comparable");
		return;
	}
	for (size_t i = 0; i < h->exits.memory.n && i < ITEMS_MAX; i++) {
		if (m[i].backing_kib.known && m[i].size_kib.known && m[i].load_ps.known)
			list_load(&m[i], out);
	}
}
