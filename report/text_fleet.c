/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/text_fleet.h"

#include <inttypes.h>
#include <string.h>

#include "core/save.h"
#include "report/fleet_table.h"
#include "report/words.h"

enum { SETTINGS_MAX = 6, OUTLIERS_MAX = 50, LEFT_OUT_MAX = 100 };

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* One line that printf-like pieces make up, wrapped. */
struct line {
	FILE *out;
	char *text;
	size_t size;
};

static bool line_begin(struct line *l)
{
	*l = (struct line){ 0 };
	l->out = open_memstream(&l->text, &l->size);
	return l->out != NULL;
}

static int line_end(struct line *l, const struct printer *p, const char *lead)
{
	int r = fclose(l->out) == EOF ? -ENOMEM : 0;

	if (r == 0)
		print_line(p->out, lead, p->style->width, l->text);
	free(l->text);
	return r;
}

static const struct fleet_host *find_host(const struct fleet_group *g, const char *name)
{
	const struct fleet_host *h = g->hosts.v;

	for (size_t i = 0; i < g->hosts.n; i++) {
		if (!strcmp(h[i].name.v, name))
			return &h[i];
	}
	return NULL;
}

/* "wake-up latency, 99.9 %: 1.34 ms, median of 200 hosts 63 us, worse above 210 us" */
static int print_metric(const struct printer *p, const struct fleet_group *g,
			const struct fleet_host *h, const char *id, bool is_worse, struct arena *a)
{
	const struct fleet_spread *s = g->spreads.v;
	const struct fleet_value *v = h->values.v;
	const char *value, *median, *limit;
	struct line line;
	size_t i = 0;

	while (i < g->spreads.n && i < h->values.n && strcmp(s[i].id.v, id) != 0)
		i++;
	if (i >= g->spreads.n || i >= h->values.n)
		return 0;
	value = fleet_words(id, fleet_value_of(&v[i]), a);
	median = fleet_words(id, fleet_median_of(&s[i]), a);
	limit = fleet_words(id, is_worse ? fleet_high_of(&s[i]) : fleet_low_of(&s[i]), a);
	if (!value || !median || !limit || !line_begin(&line))
		return -ENOMEM;
	fprintf(line.out, "%s: %s; the median of %" PRIu64 " hosts is %s, %s is %s", s[i].title.v,
		value, s[i].n_hosts.v, median, is_worse ? "worse" : "better",
		is_worse ? "above " : "below ");
	fprintf(line.out, "%s", limit);
	return line_end(&line, p, is_worse ? "    worse:  " : "    better: ");
}

static int print_setting(const struct printer *p, const struct fleet_setting *s)
{
	struct line line;

	if (!line_begin(&line))
		return -ENOMEM;
	fprintf(line.out, "%s = %s (", s->key.v, s->value.v);
	if (s->n_outliers.v)
		fprintf(line.out, "as %" PRIu64 " more that stand%s out; ", s->n_outliers.v,
			s->n_outliers.v == 1 ? "s" : "");
	if (s->usual.known)
		fprintf(line.out, "%" PRIu64 " host%s: %s)", s->n_usual.v, plural(s->n_usual.v),
			s->usual.v);
	else
		fprintf(line.out, "%" PRIu64 " host%s: none)", s->n_usual.v, plural(s->n_usual.v));
	return line_end(&line, p, "      ");
}

/* With another outlier. */
static bool is_shared(const struct fleet_outlier *o)
{
	const struct fleet_setting *s = o->settings.v;

	for (size_t i = 0; i < o->settings.n; i++) {
		if (s[i].n_outliers.v)
			return true;
	}
	return false;
}

static int print_settings(const struct printer *p, const struct fleet_outlier *o)
{
	const struct fleet_setting *s = o->settings.v;
	const size_t n =
		p->style->is_full || o->settings.n < SETTINGS_MAX ? o->settings.n : SETTINGS_MAX;
	int r = 0;

	if (n == 0) {
		print_line(p->out, "    ", p->style->width,
			   "No setting is its own: the reason is one that settings do not show.");
		return 0;
	}
	fprintf(p->out, "    Only %s:\n",
		is_shared(o) ? "hosts that stand out have" : "this host has");
	for (size_t i = 0; i < n && r == 0; i++)
		r = print_setting(p, &s[i]);
	if (o->n_settings.v > n)
		fprintf(p->out, "      and %" PRIu64 " more\n", o->n_settings.v - n);
	return r;
}

static int print_outlier(const struct printer *p, const struct fleet_facts *f,
			 const struct fleet_outlier *o)
{
	const struct fleet_group *g = f->groups.v;
	const bool is_worse = o->worse.n > 0;
	auto_arena struct arena a = { 0 };
	const struct fleet_host *h;
	int r = 0;

	if (o->group.v >= f->groups.n)
		return 0;
	g += o->group.v;
	h = find_host(g, o->host.v);
	if (!h)
		return 0;
	fputs("\n", p->out);
	if (p->style->has_colour)
		fputs(verdict_colours[is_worse ? VERDICT_PROBLEM : VERDICT_PASS], p->out);
	print_clean(p->out, o->host.v, strlen(o->host.v));
	fputs(p->style->has_colour ? "\033[0m" : "", p->out);
	fprintf(p->out, " stands out%s\n", is_worse ? "" : ", by being better");
	for (size_t i = 0; i < o->worse.n && r == 0; i++)
		r = print_metric(p, g, h, o->worse.v[i], true, &a);
	for (size_t i = 0; i < o->better.n && r == 0; i++)
		r = print_metric(p, g, h, o->better.v[i], false, &a);
	return r < 0 ? r : print_settings(p, o);
}

static int print_outliers(const struct printer *p, const struct fleet_facts *f)
{
	const struct fleet_outlier *o = f->outliers.v;
	const size_t n =
		p->style->is_full || f->outliers.n < OUTLIERS_MAX ? f->outliers.n : OUTLIERS_MAX;
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = print_outlier(p, f, &o[i]);
	if (n < f->outliers.n)
		fprintf(p->out, "\nand %zu more stand out\n", f->outliers.n - n);
	return r;
}

static void print_left_out(const struct printer *p, const struct fleet_facts *f)
{
	const struct fleet_left_out *l = f->left_out.v;
	const size_t n =
		p->style->is_full || f->left_out.n < LEFT_OUT_MAX ? f->left_out.n : LEFT_OUT_MAX;

	if (f->left_out.n)
		fputs("\nLeft out:\n", p->out);
	for (size_t i = 0; i < n; i++) {
		struct line line;

		if (!line_begin(&line))
			return;
		fprintf(line.out, "%s: %s", l[i].name.v, l[i].reason.v);
		if (line_end(&line, p, "  ") < 0)
			return;
	}
	if (n < f->left_out.n)
		fprintf(p->out, "  and %zu more\n", f->left_out.n - n);
}

static size_t n_judged(const struct fleet_facts *f)
{
	const struct fleet_group *g = f->groups.v;
	size_t n = 0;

	for (size_t i = 0; i < f->groups.n; i++)
		n += fleet_is_judged(&g[i]) ? g[i].hosts.n : 0;
	return n;
}

static int print_summary(const struct printer *p, const struct fleet_facts *f)
{
	const size_t judged = n_judged(f);
	struct line line;

	if (!line_begin(&line))
		return -ENOMEM;
	fprintf(line.out, "%" PRIu64 " host%s, %" PRIu64 " result%s", f->n_hosts.v,
		plural(f->n_hosts.v), f->n_results.v, plural(f->n_results.v));
	if (f->groups.n > 1)
		fprintf(line.out, " in %zu groups that cannot be compared with each other",
			f->groups.n);
	if (f->left_out.n)
		fprintf(line.out, "; %zu left out", f->left_out.n);
	if (judged == 0)
		fputs(": too few of a kind to tell who stands out.", line.out);
	else if (f->outliers.n == 0)
		fputs(": none stands out.", line.out);
	else
		fprintf(line.out, ": %zu stand%s out.", f->outliers.n,
			f->outliers.n == 1 ? "s" : "");
	return line_end(&line, p, "");
}

int report_fleet_text(FILE *out, const struct fleet_facts *f, const struct text_style *style)
{
	const struct printer p = { out, style };
	const struct fleet_group *g = f->groups.v;
	int r = print_summary(&p, f);

	for (size_t i = 0; i < f->notes.n; i++)
		print_line(out, "Note: ", style->width, f->notes.v[i]);
	if (r == 0)
		r = print_outliers(&p, f);
	for (size_t i = 0; i < f->groups.n && r == 0; i++)
		r = fleet_table_print(&p, &g[i]);
	if (r == 0)
		print_left_out(&p, f);
	return r < 0 ? r : save_error(out);
}
