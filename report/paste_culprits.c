/* SPDX-License-Identifier: GPL-2.0-or-later */
/* paste_culprits.c - who took the guest's time, in few lines. */
#include "analyze/blame.h"
#include "report/paste_parts.h"
#include "report/text_trace.h"
#include "report/words.h"

enum { ROWS_MAX = 5, LINES_MAX = 3 };

static int put_lost(FILE *mem, const void *arg)
{
	const struct text_style narrow = { .width = PASTE_COLUMNS };
	const struct paste_subject *s = arg;

	return report_lost_text(mem, s->h, &narrow);
}

static void words_of(const struct fact_u64 *ns, char *buf, size_t size)
{
	buf[0] = '\0';
	if (ns->known)
		words_of_ns(ns->v, buf, size);
}

/* "vector local_timer (hrtimer_wakeup): isol.tasks-on-g" */
static char *what(const struct trace_culprit *c)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fprintf(out, "%s %s", c->class.known ? c->class.v : "?", c->name.known ? c->name.v : "?");
	if (c->via.known)
		fprintf(out, ", which kept %s waiting", c->via.v);
	if (c->rows.n)
		fprintf(out, ": %s", c->rows.v[0]);
	if (fclose(out) == EOF) {
		free(text);
		return NULL;
	}
	return text;
}

static int put_row(FILE *out, const struct trace_culprit *c, uint64_t lost_ns)
{
	char share[32] = "-", total[32], longest[32], count[32], lead[160];
	auto_free char *text = what(c);

	if (!text)
		return -ENOMEM;
	/* Time of a vCPU that was kept asleep is not what it lost. */
	if (!c->via.known)
		words_of_share(c->total_ns.v, lost_ns, share, sizeof(share));
	words_of(&c->total_ns, total, sizeof(total));
	words_of(&c->max_ns, longest, sizeof(longest));
	words_of_count(c->n.v, count, sizeof(count));
	snprintf(lead, sizeof(lead), "%7s %7s %7s %7s  ", share, total, count, longest);
	paste_prose(out, lead, text, LINES_MAX);
	return 0;
}

int paste_culprits(FILE *out, const void *arg)
{
	const struct paste_subject *s = arg;
	const struct fact_list *list = &s->h->trace.culprits;
	const struct trace_culprit *c = list->v;
	const uint64_t lost_ns = blame_time(s->h, NULL).lost_ns;
	int r = paste_text(out, put_lost, s);
	size_t n = 0;

	for (size_t i = 0; r == 0 && i < list->n; i++) {
		if (!blame_counts(&c[i]) || n++ >= ROWS_MAX)
			continue;
		if (n == 1)
			fputs("OF LOST   TOTAL  SLICES LONGEST  WHAT: ROW\n", out);
		r = put_row(out, &c[i], lost_ns);
	}
	if (r == 0 && n > ROWS_MAX)
		fprintf(out, "and %zu more\n", n - ROWS_MAX);
	return r;
}
