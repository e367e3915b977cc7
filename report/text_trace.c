/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/text_trace.h"

#include <inttypes.h>
#include <string.h>

#include "core/save.h"
#include "report/lost.h"
#include "report/text_culprits.h"
#include "report/words.h"

/* How many are shown: in short, in full. */
static const struct {
	size_t vcpus, states, culprits, worst, missing;
} limits[] = {
	{ 8, 3, 5, 3, 2 },
	{ LOST_BARS_MAX, N_LOST_STATES, 20, 10, 64 },
};

/* Kinds of events; a stranger's document may have more. */
enum { MISSING_MAX = 64 };

/* A sentence in pieces, broken to the width at its end. */
struct sentence {
	FILE *out;
	char *text;
	size_t size;
};

static bool sentence_begin(struct sentence *s)
{
	*s = (struct sentence){ 0 };
	s->out = open_memstream(&s->text, &s->size);
	return s->out != NULL;
}

static void sentence_end(struct sentence *s, const struct printer *p, const char *lead)
{
	if (fclose(s->out) == 0)
		print_line(p->out, lead, p->style->width, s->text);
	free(s->text);
}

static void put_ns(FILE *out, uint64_t ns)
{
	char words[32];

	words_of_ns(ns, words, sizeof(words));
	fputs(words, out);
}

static void put_share(FILE *out, uint64_t part, uint64_t whole)
{
	char words[32];

	words_of_share(part, whole, words, sizeof(words));
	fputs(words, out);
}

static void put_count(FILE *out, uint64_t n)
{
	char words[32];

	words_of_count(n, words, sizeof(words));
	fputs(words, out);
}

static void put_used(FILE *out, const struct trace_facts *t)
{
	static const struct {
		const char *rung, *words;
	} rungs[] = {
		{ "tracefs", ", traced" },
		{ "recording", ", recorded" },
		{ "schedstat", ", by the scheduler's counters only (no names)" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rungs); i++) {
		if (fact_is(&t->rung, rungs[i].rung))
			fputs(rungs[i].words, out);
	}
	if (!t->n_events.known)
		return;
	fputs(": ", out);
	put_count(out, t->n_events.v);
	fputs(" events", out);
	if (t->lost_events.known && t->lost_events.v) {
		fputs(", ", out);
		put_count(out, t->lost_events.v);
		fputs(" or more lost", out);
	} else if (t->lost_events.known) {
		fputs(", none lost", out);
	}
}

/* What the measurement itself took: a part of the states, and no loss. */
static void put_own(FILE *out, uint64_t own_ns, uint64_t all_ns)
{
	if (!own_ns)
		return;
	fputs(" and ", out);
	put_share(out, own_ns, all_ns);
	fputs(" to the measurement itself", out);
}

static void print_head(const struct printer *p, const struct host *h, const struct lost *l)
{
	struct sentence s;

	if (!sentence_begin(&s))
		return;
	fprintf(s.out, "Who took the guest's time: %zu vCPU%s lost ", l->n_vcpus,
		l->n_vcpus == 1 ? "" : "s");
	put_share(s.out, l->lost_ns, l->all_ns);
	fputs(" of ", s.out);
	put_ns(s.out, l->window_ns);
	put_own(s.out, l->own_ns, l->all_ns);
	put_used(s.out, &h->trace);
	if (l->untold_ns) {
		fputs("; of ", s.out);
		put_share(s.out, l->untold_ns, l->all_ns);
		fprintf(s.out, " of %s time nothing is known", l->n_vcpus == 1 ? "its" : "their");
	}
	sentence_end(&s, p, "");
}

static const char *hidden_by(const struct trace_missing *m)
{
	return m->hides.known ? m->hides.v : "?";
}

/* The first event without which the same cannot be told. */
static size_t first_that_hides(const struct trace_missing *m, size_t i)
{
	size_t first = 0;

	while (strcmp(hidden_by(&m[first]), hidden_by(&m[i])) != 0)
		first++;
	return first;
}

static void put_missing(FILE *out, const struct trace_missing *m, size_t n, size_t first,
			const char *separator)
{
	size_t n_events = 0;

	for (size_t i = first; i < n; i++)
		n_events += first_that_hides(m, i) == first;
	fprintf(out, "%s%s (no event%s", separator, hidden_by(&m[first]), n_events > 1 ? "s" : "");
	separator = " ";
	for (size_t i = first; i < n; i++) {
		if (first_that_hides(m, i) != first)
			continue;
		fprintf(out, "%s%s", separator, m[i].event.known ? m[i].event.v : "?");
		separator = ", ";
	}
	fputs(")", out);
}

static void print_missing(const struct printer *p, const struct host *h, size_t max)
{
	const struct trace_missing *m = h->trace.missing.v;
	const size_t n = u64_min(h->trace.missing.n, MISSING_MAX);
	size_t n_shown = 0;
	struct sentence s;

	if (n == 0 || !sentence_begin(&s))
		return;
	for (size_t i = 0; i < n; i++) {
		if (first_that_hides(m, i) != i)
			continue;
		if (n_shown++ < max)
			put_missing(s.out, m, n, i, n_shown > 1 ? "; " : "");
	}
	if (n_shown > max)
		fprintf(s.out, "; and %zu more", n_shown - max);
	sentence_end(&s, p, "Cannot be told: ");
}

static void put_part(FILE *out, const struct lost_bar *b, const char *word, uint64_t ns,
		     const char **separator)
{
	if (!ns)
		return;
	fprintf(out, "%s%s ", *separator, word);
	put_share(out, ns, b->all_ns);
	*separator = ", ";
}

/* Whether fewer than max of the lost states took more. */
static bool is_among(const struct lost_bar *b, size_t state, size_t max)
{
	size_t n_above = 0;

	for (size_t i = 0; i < N_LOST_STATES; i++)
		n_above += b->ns[i] > b->ns[state] || (b->ns[i] == b->ns[state] && i < state);
	return n_above < max;
}

/* All that was lost: the largest states, and the rest in one. */
static void put_lost(FILE *out, const struct lost_bar *b, size_t n_states)
{
	const char *separator = ": ";
	uint64_t rest_ns = 0;

	for (size_t i = 0; i < N_LOST_STATES; i++) {
		if (is_among(b, i, n_states))
			put_part(out, b, state_rows[i].word, b->ns[i], &separator);
		else
			rest_ns += b->ns[i];
	}
	put_part(out, b, "the rest", rest_ns, &separator);
}

static void print_vcpu(const struct printer *p, const struct lost_bar *b, size_t n_states)
{
	auto_free char *cpus = cpus_list_new(&b->vcpu->cpus.v);
	const struct trace_states *states = states_of(&b->vcpu->states);
	const char *separator = "";
	struct sentence s;
	char lead[40];

	if (!cpus || !sentence_begin(&s))
		return;
	snprintf(lead, sizeof(lead), "  vCPU %" PRIu64 ": ", b->number);
	if (b->vcpu->cpus.known && *cpus)
		fprintf(s.out, "CPU %s, ", cpus);
	for (size_t i = N_LOST_STATES; i < N_TRACE_STATES && b->known_ns; i++)
		put_part(s.out, b, state_rows[i].word, state_ns(states, i), &separator);
	if (b->known_ns) {
		fprintf(s.out, "%slost ", separator);
		put_share(s.out, b->lost_ns, b->all_ns);
		put_own(s.out, b->own_ns, b->all_ns);
		put_lost(s.out, b, n_states);
	} else {
		fputs("not seen in it", s.out);
	}
	sentence_end(&s, p, lead);
}

/* Those that lost most, by number. */
static void print_vcpus(const struct printer *p, const struct lost *l, size_t max, size_t n_states)
{
	size_t n = 0;

	fputs("Of the time of each:\n", p->out);
	for (size_t i = 0; i < l->n_bars; i++) {
		size_t n_above = 0;

		for (size_t k = 0; k < l->n_bars; k++)
			n_above += l->bars[k].lost_ns > l->bars[i].lost_ns ||
				   (l->bars[k].lost_ns == l->bars[i].lost_ns && k < i);
		if (n_above >= max)
			continue;
		print_vcpu(p, &l->bars[i], n_states);
		n++;
	}
	if (l->n_vcpus > n)
		fprintf(p->out, "  and %zu vCPUs that lost less\n", l->n_vcpus - n);
}

static void print_sizes(const struct printer *p, const struct lost *l)
{
	struct sentence s;

	if (!l->has_sizes || !sentence_begin(&s))
		return;
	for (size_t i = 0; i < LOST_SIZES; i++) {
		if (i == 0)
			fprintf(s.out, "<%" PRIu64 " us ", lost_sizes_us[1]);
		else if (i + 1 < LOST_SIZES)
			fprintf(s.out, ", %" PRIu64 "-%" PRIu64 " ", lost_sizes_us[i],
				lost_sizes_us[i + 1]);
		else
			fprintf(s.out, ", >=%" PRIu64 " ", lost_sizes_us[i]);
		put_count(s.out, l->n_of[i]);
	}
	sentence_end(&s, p, "Stretches without the guest: ");
}

/* What ran, most first; else the culprit alone. */
static void put_parts(FILE *out, const struct trace_worst *w)
{
	const struct trace_part *part = w->parts.v;

	if (w->parts.n == 0)
		fprintf(out, ": %s %s", w->class.known ? w->class.v : "",
			w->name.known ? w->name.v : "?");
	for (size_t i = 0; i < w->parts.n && i < 3; i++) {
		fprintf(out, "%s%s %s ", i ? ", " : ": ",
			part[i].class.known ? part[i].class.v : "",
			part[i].name.known ? part[i].name.v : "?");
		put_ns(out, part[i].total_ns.known ? part[i].total_ns.v : 0);
	}
	fputs(w->parts.n > 3 ? ", and more" : "", out);
}

static void print_worst(const struct printer *p, const struct lost_mark *m)
{
	const struct trace_worst *w = m->worst;
	struct sentence s;
	char words[32];

	if (!sentence_begin(&s))
		return;
	if (w->at_unix_ns.known) {
		words_of_time(w->at_unix_ns.v, words, sizeof(words));
		fprintf(s.out, "%s UTC", words);
	} else {
		fputs("after ", s.out);
		put_ns(s.out, w->at_ns.v);
	}
	if (m->vcpu->vcpu.known)
		fprintf(s.out, ", vCPU %" PRIu64, m->vcpu->vcpu.v);
	if (w->cpu.known)
		fprintf(s.out, " on CPU %" PRIu64, w->cpu.v);
	fputs(", ", s.out);
	put_ns(s.out, w->duration_ns.v);
	put_parts(s.out, w);
	sentence_end(&s, p, "  ");
}

static void print_all_worst(const struct printer *p, const struct lost *l, size_t max)
{
	if (l->n_marks)
		fputs("The worst of them:\n", p->out);
	for (size_t i = 0; i < l->n_marks && i < max; i++)
		print_worst(p, &l->marks[i]);
}

/* Of 32 that are shown a few hundred are few enough to compare with. */
static bool is_name_shared(const struct fact_list *threads, size_t i)
{
	const struct trace_thread *t = threads->v;

	for (size_t k = 0; k < threads->n && k < 512; k++) {
		if (k != i && t[k].name.known && t[i].name.known &&
		    !strcmp(t[k].name.v, t[i].name.v))
			return true;
	}
	return false;
}

static void print_threads(const struct printer *p, const struct host *h)
{
	const struct trace_thread *t = h->trace.threads.v;
	struct sentence s;

	if (h->trace.threads.n)
		fputs("The guest's other threads:\n", p->out);
	for (size_t i = 0; i < h->trace.threads.n && i < 32; i++) {
		if (!sentence_begin(&s))
			return;
		fprintf(s.out, "%s %s", t[i].role.known ? t[i].role.v : "",
			t[i].name.known ? t[i].name.v : "?");
		if (t[i].tid.known && is_name_shared(&h->trace.threads, i))
			fprintf(s.out, " [%" PRIu64 "]", t[i].tid.v);
		if (t[i].run_ns.known) {
			fputs(": ran ", s.out);
			put_ns(s.out, t[i].run_ns.v);
		}
		if (t[i].delay_ns.known) {
			fputs(", waited to run ", s.out);
			put_ns(s.out, t[i].delay_ns.v);
		}
		if (t[i].max_delay_ns.known) {
			fputs(", at most ", s.out);
			put_ns(s.out, t[i].max_delay_ns.v);
		}
		sentence_end(&s, p, "  ");
	}
	if (h->trace.threads.n > 32)
		fprintf(p->out, "  and %zu more\n", h->trace.threads.n - 32);
}

/* Whoever lacks root must not take silence for a good sign. */
static void print_untraced(const struct printer *p, struct host *h)
{
	const struct host_probe *probe = host_probe(h, "trace");
	struct sentence s;

	if (!probe || !probe->status || !strcmp(probe->status, "absent") || !sentence_begin(&s))
		return;
	fprintf(s.out, "not traced: %s", host_why_unknown(h, "trace.vcpus"));
	sentence_end(&s, p, "Who took the guest's time: ");
}

int report_lost_text(FILE *out, struct host *h, const struct text_style *style)
{
	const struct printer p = { out, style };
	struct lost l;
	const int r = lost_make(h, &h->arena, &l);

	if (r == -ENODATA)
		print_untraced(&p, h);
	else if (r == 0)
		print_head(&p, h, &l);
	return r < 0 && r != -ENODATA ? r : save_error(out);
}

int report_trace_text(FILE *out, struct host *h, const struct text_style *style)
{
	const struct printer p = { out, style };
	const size_t how = style->is_full;
	struct lost l;
	int r = lost_make(h, &h->arena, &l);

	if (r == -ENODATA) {
		print_untraced(&p, h);
		return save_error(out);
	}
	if (r < 0)
		return r;
	print_head(&p, h, &l);
	print_vcpus(&p, &l, limits[how].vcpus, limits[how].states);
	r = text_culprits(&p, &h->trace.culprits, l.lost_ns, limits[how].culprits);
	if (r < 0)
		return r;
	print_sizes(&p, &l);
	print_all_worst(&p, &l, style->n_worst ? style->n_worst : limits[how].worst);
	if (style->is_full)
		print_threads(&p, h);
	print_missing(&p, h, limits[how].missing);
	return save_error(out);
}
