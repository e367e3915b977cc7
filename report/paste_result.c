/* SPDX-License-Identifier: GPL-2.0-or-later */
/* paste_result.c - one result as text for a forum. */
#include <inttypes.h>

#include "report/paste_parts.h"

enum { TOP_FINDINGS = 5 };

static void make_id(const struct host *h, const struct findings *f, char id[9])
{
	struct paste_hash hash;

	paste_hash_begin(&hash);
	paste_hash_u64(&hash, h->run.started_unix_ns.known ? h->run.started_unix_ns.v : 0);
	paste_hash_u64(&hash, h->run.duration_ns.known ? h->run.duration_ns.v : 0);
	paste_hash_str(&hash, h->identity.kernel.known ? h->identity.kernel.v : NULL);
	for (size_t i = 0; i < f->n; i++) {
		paste_hash_str(&hash, f->v[i].tweak->id);
		paste_hash_u64(&hash, f->v[i].verdict);
	}
	paste_hash_end(&hash, id);
}

static int add_findings(struct paste *p, const struct findings *f, unsigned keep)
{
	const struct finding *top[TOP_FINDINGS];
	const size_t n = paste_top(f, top, ARRAY_SIZE(top));
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		const struct paste_fix_of one = { top[i], i + 1 };
		const char *title = arena_printf(&p->arena, "%zu. %s", i + 1, top[i]->tweak->id);

		/* The first one is worth more than the curve. */
		r = title ? paste_add(p, title, i ? keep + 1 + (unsigned)i : keep, paste_finding,
				      &one)
			  : -ENOMEM;
	}
	return r;
}

int report_paste(FILE *out, struct host *h, const struct findings *f,
		 const struct paste_style *style)
{
	enum { KEEP_TABLE, KEEP_CULPRITS, KEEP_NUMBERS, KEEP_FIRST, KEEP_CURVE };
	static const struct {
		const char *title;
		unsigned keep;
		part_fn *put;
	} parts[] = {
		{ NULL, 0, paste_head },
		{ NULL, 0, paste_verdict },
		{ "numbers and notes", KEEP_NUMBERS, paste_numbers },
		{ "the table of findings", KEEP_TABLE, paste_table },
		{ "who took the guest's time", KEEP_CULPRITS, paste_culprits },
	};
	auto_cleanup(paste_release) struct paste p = { .is_redacted = h->run.is_redacted.v };
	const struct paste_subject subject = { h, f, p.id };
	int r = 0;

	make_id(h, f, p.id);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(parts); i++)
		r = paste_add(&p, parts[i].title, parts[i].keep, parts[i].put, &subject);
	if (r == 0)
		r = add_findings(&p, f, KEEP_FIRST);
	if (r == 0)
		r = paste_add(&p, "the curve", KEEP_CURVE, paste_curve, &subject);
	return r == 0 ? paste_put(&p, out, style) : r;
}
