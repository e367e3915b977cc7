/* SPDX-License-Identifier: GPL-2.0-or-later */
/* finding.c - what a judge may say; documented in analyze/rule.h. */
#include <string.h>

#include "analyze/engine.h"
#include "analyze/fix.h"

static const char *keep(struct finding *out, const char *text)
{
	if (!text)
		out->is_out_of_memory = true;
	return text;
}

void finding_say(struct finding *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	out->summary = keep(out, arena_vprintf(out->arena, fmt, ap));
	va_end(ap);
}

void finding_say_open(struct finding *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	out->summary = keep(out, arena_vprintf(out->arena, fmt, ap));
	va_end(ap);
	out->is_open = true;
}

void finding_item(struct finding *out, const char *fmt, ...)
{
	const size_t n = out->n_items;
	va_list ap;

	/* Grows by doubling: a power of two is full. */
	if ((n & (n - 1)) == 0) {
		const char **bigger = arena_calloc(out->arena, n ? 2 * n : 1, sizeof(*out->items));

		if (!bigger) {
			out->is_out_of_memory = true;
			return;
		}
		if (n)
			memcpy(bigger, out->items, n * sizeof(*bigger));
		out->items = bigger;
	}
	va_start(ap, fmt);
	out->items[out->n_items++] = keep(out, arena_vprintf(out->arena, fmt, ap));
	va_end(ap);
}

static void add_fill(struct finding *out, const char *name, const char *value)
{
	struct finding_fill_in *f = arena_alloc(out->arena, sizeof(*f));

	if (!f || !value) {
		out->is_out_of_memory = true;
		return;
	}
	*f = (struct finding_fill_in){ name, value, out->fills };
	out->fills = f;
}

void finding_fill(struct finding *out, const char *name, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_fill(out, name, arena_vprintf(out->arena, fmt, ap));
	va_end(ap);
}

void finding_fill_quoted(struct finding *out, const char *name, const char *value)
{
	add_fill(out, name, fix_quote(out->arena, value));
}

void finding_measured(struct finding *out, uint64_t share_permille)
{
	out->confidence = CONFIDENCE_MEASURED;
	out->share_permille = share_permille;
}

/* "" drops a part of the row's fix, NULL keeps it. */
static void replace(const char **part, const char *with)
{
	if (with)
		*part = *with ? with : NULL;
}

void finding_fix(struct finding *out, const char *now, const char *persist, const char *undo)
{
	replace(&out->fix.now, now);
	replace(&out->fix.persist, persist);
	replace(&out->fix.undo, undo);
	/* What the row itself would change is another fix than this one. */
	for (size_t i = 0; persist && i < N_CHANGES; i++) {
		if (out->fix.change[i] == out->tweak->fix.change[i])
			out->fix.change[i] = NULL;
	}
}

void finding_change(struct finding *out, enum change what, const char *fmt, ...)
{
	struct arena_text *lines = &out->changes[what];
	const char **text = &out->fix.change[what];
	va_list ap;

	/* The row's own, or none: what is said now takes its place. */
	if (!fmt || !*text || *text == out->tweak->fix.change[what])
		*lines = (struct arena_text){ 0 };
	*text = NULL;
	if (!fmt)
		return;
	if (lines->len)
		keep(out, arena_text_add(out->arena, lines, "\n"));
	va_start(ap, fmt);
	*text = keep(out, arena_text_vadd(out->arena, lines, fmt, ap));
	va_end(ap);
}

const char *finding_text(struct finding *out, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = keep(out, arena_vprintf(out->arena, fmt, ap));
	va_end(ap);
	return text ? text : "?";
}

const char *finding_cpus(struct finding *out, const struct cpus *set)
{
	auto_free char *list = cpus_list_new(set);
	const char *copy = list ? arena_strdup(out->arena, *list ? list : "none") : NULL;

	return keep(out, copy) ? copy : "?";
}
