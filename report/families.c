/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/families.h"

#include <inttypes.h>
#include <string.h>

#include "core/text.h"

#define PREFIX "vfiobench_"

enum { VALUE_MAX = 200, N_LIMITS = 20 };

void family_release(struct family *f)
{
	arena_release(&f->arena);
}

static void put_escaped(FILE *out, const char *value)
{
	char clean[VALUE_MAX + 1];

	text_clean(text_of(value), clean, sizeof(clean));
	for (const char *p = clean; *p; p++) {
		if (*p == '\\' || *p == '"')
			putc('\\', out);
		putc(*p, out);
	}
}

static void put_labels(FILE *out, const struct label *labels)
{
	bool is_first = true;

	for (; labels && labels->name; labels++) {
		fprintf(out, "%s%s=\"", is_first ? "{" : ",", labels->name);
		put_escaped(out, labels->value);
		putc('"', out);
		is_first = false;
	}
	fputs(is_first ? "" : "}", out);
}

static void put_head(FILE *out, const char *name, const char *help, const char *type)
{
	fprintf(out, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", name, help, name, type);
}

static unsigned digits_of(uint64_t scale)
{
	unsigned n = 0;

	for (; scale > 1; scale /= 10)
		n++;
	return n;
}

static void put_value(FILE *out, uint64_t value, uint64_t scale)
{
	fprintf(out, "%" PRIu64, value / scale);
	if (scale > 1)
		fprintf(out, ".%0*" PRIu64, (int)digits_of(scale), value % scale);
}

/* Its labels as text, kept when they are new; NULL: not to be written. */
static const char *claim(struct family *f, const struct label *labels)
{
	auto_free char *text = NULL;
	size_t size = 0;
	FILE *out;

	if (f->n == SAMPLES_MAX)
		return NULL;
	out = open_memstream(&text, &size);
	f->to->is_out_of_memory |= !out;
	if (!out)
		return NULL;
	put_labels(out, labels);
	if (fclose(out) == EOF) {
		f->to->is_out_of_memory = true;
		return NULL;
	}
	for (size_t i = 0; i < f->n; i++) {
		if (!strcmp(f->seen[i], text))
			return NULL;
	}
	if (!f->seen)
		f->seen = arena_calloc(&f->arena, SAMPLES_MAX, sizeof(*f->seen));
	if (!f->seen || !(f->seen[f->n] = arena_strdup(&f->arena, text))) {
		f->to->is_out_of_memory = true;
		return NULL;
	}
	if (f->n == 0)
		put_head(f->to->out, f->name, f->help, "gauge");
	return f->seen[f->n++];
}

static void add(struct family *f, const struct label *labels, bool is_negative, uint64_t value,
		uint64_t scale)
{
	const char *text = claim(f, labels);

	if (!text)
		return;
	fprintf(f->to->out, PREFIX "%s%s %s", f->name, text, is_negative ? "-" : "");
	put_value(f->to->out, value, scale);
	putc('\n', f->to->out);
}

void family_add(struct family *f, const struct label *labels, uint64_t value, uint64_t scale)
{
	add(f, labels, false, value, scale);
}

void family_add_signed(struct family *f, const struct label *labels, int64_t value, uint64_t scale)
{
	add(f, labels, value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, scale);
}

void family_one(struct exposition *to, const char *name, const char *help, uint64_t value,
		uint64_t scale)
{
	auto_family struct family f = { to, name, help };

	family_add(&f, NULL, value, scale);
}

static void put_bucket(FILE *out, const char *name, const struct label *label, const char *limit,
		       uint64_t n)
{
	fprintf(out, PREFIX "%s_bucket{%s=\"", name, label->name);
	put_escaped(out, label->value);
	fprintf(out, "\",le=\"%s\"} %" PRIu64 "\n", limit, n);
}

void family_histogram(struct exposition *to, const char *name, const char *help,
		      const struct label *label, const struct hist *h)
{
	const struct label labels[] = { *label, { 0 } };
	FILE *out = to->out;
	char limit[32];

	put_head(out, name, help, "histogram");
	for (unsigned i = 0; i < N_LIMITS; i++) {
		const uint64_t us = UINT64_C(1) << i;

		/* As Prometheus and its exporters write numbers, so that queries find the label. */
		snprintf(limit, sizeof(limit), "%g", (double)us / 1e6);
		put_bucket(out, name, label, limit, h->n - hist_n_above(h, us * NS_PER_US));
	}
	put_bucket(out, name, label, "+Inf", h->n);
	fprintf(out, PREFIX "%s_sum", name);
	put_labels(out, labels);
	putc(' ', out);
	put_value(out, h->sum_ns, NS_PER_S);
	fprintf(out, "\n" PREFIX "%s_count", name);
	put_labels(out, labels);
	fprintf(out, " %" PRIu64 "\n", h->n);
}
