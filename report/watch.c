/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/watch.h"

#include <inttypes.h>
#include <string.h>

#include "core/cpus.h"
#include "core/text.h"
#include "report/words.h"

enum { CULPRITS_MAX = 4096, VCPUS_MAX = 1024, FADE = 8, NAME_SIZE = 96, ROWS_SIZE = 96 };

/* What a terminal has room for: states that a user tells apart. */
enum group {
	GROUP_GUEST,
	GROUP_EXITS,
	GROUP_IRQ,
	GROUP_TAKEN,
	GROUP_QEMU,
	GROUP_HALTED,
	GROUP_REST,
	N_GROUPS
};

static const struct {
	const char *title;
	bool is_lost; /* the guest would have run */
} groups[N_GROUPS] = {
	[GROUP_GUEST] = { "guest", false }, [GROUP_EXITS] = { "exits", true },
	[GROUP_IRQ] = { "irqs", true },     [GROUP_TAKEN] = { "taken", true },
	[GROUP_QEMU] = { "qemu", true },    [GROUP_HALTED] = { "halted", false },
	[GROUP_REST] = { "other", false },
};

static const struct {
	size_t at;
	enum group group;
} states[] = {
	{ offsetof(struct trace_states, guest_ns), GROUP_GUEST },
	{ offsetof(struct trace_states, running_ns), GROUP_GUEST },
	{ offsetof(struct trace_states, exit_ns), GROUP_EXITS },
	{ offsetof(struct trace_states, host_irq_ns), GROUP_IRQ },
	{ offsetof(struct trace_states, softirq_ns), GROUP_IRQ },
	{ offsetof(struct trace_states, preempted_ns), GROUP_TAKEN },
	{ offsetof(struct trace_states, waiting_ns), GROUP_TAKEN },
	{ offsetof(struct trace_states, stopped_ns), GROUP_TAKEN },
	{ offsetof(struct trace_states, residue_ns), GROUP_TAKEN },
	{ offsetof(struct trace_states, qemu_ns), GROUP_QEMU },
	{ offsetof(struct trace_states, blocked_ns), GROUP_QEMU },
	{ offsetof(struct trace_states, halted_ns), GROUP_HALTED },
	{ offsetof(struct trace_states, lost_ns), GROUP_REST },
	{ offsetof(struct trace_states, unknown_ns), GROUP_REST },
};

struct watch_vcpu {
	uint64_t vcpu;
	char cpus[16];
	uint64_t recent_ns[N_GROUPS], window_ns;
};

struct watch_culprit {
	char class[16], name[NAME_SIZE], rows[ROWS_SIZE];
	uint64_t recent_ns, total_ns, n, max_ns, last_ns;
};

struct watch {
	struct watch_vcpu *vcpus;
	size_t n_vcpus;
	struct watch_culprit *culprits;
	size_t n_culprits;
	uint64_t total_ns, recent_ns, n_lost, n_events;
	char rung[16];
};

struct watch *watch_new(void)
{
	struct watch *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->vcpus = calloc(VCPUS_MAX, sizeof(*w->vcpus));
	w->culprits = calloc(CULPRITS_MAX, sizeof(*w->culprits));
	if (w->vcpus && w->culprits)
		return w;
	watch_free(w);
	return NULL;
}

void watch_free(struct watch *w)
{
	if (!w)
		return;
	free(w->vcpus);
	free(w->culprits);
	free(w);
}

static uint64_t fade(uint64_t ns)
{
	return ns - ns / FADE;
}

static void put_clean(char *buf, size_t size, const struct fact_str *f)
{
	text_clean(text_of(f->known ? f->v : ""), buf, size);
}

/* Known or new; NULL: there are too many. */
static struct watch_culprit *find_culprit(struct watch *w, const struct trace_culprit *c)
{
	struct watch_culprit *free_place = &w->culprits[w->n_culprits];

	/* One place stays free to look up in. */
	put_clean(free_place->class, sizeof(free_place->class), &c->class);
	put_clean(free_place->name, sizeof(free_place->name), &c->name);
	for (size_t i = 0; i < w->n_culprits; i++) {
		if (!strcmp(w->culprits[i].class, free_place->class) &&
		    !strcmp(w->culprits[i].name, free_place->name))
			return &w->culprits[i];
	}
	if (w->n_culprits + 1 == CULPRITS_MAX)
		return NULL;
	w->n_culprits++;
	return free_place;
}

static void add_culprit(struct watch *w, const struct trace_culprit *c)
{
	struct watch_culprit *to = find_culprit(w, c);
	size_t len = 0;

	/* Time that kept another thread from waking the vCPU is no lost time of its own. */
	if (!to || c->via.known)
		return;
	to->last_ns += c->total_ns.v;
	to->recent_ns += c->total_ns.v;
	to->total_ns += c->total_ns.v;
	to->n += c->n.v;
	to->max_ns = u64_max(to->max_ns, c->max_ns.v);
	if (*to->rows)
		return;
	for (size_t i = 0; i < c->rows.n && len + 2 < ROWS_SIZE; i++) {
		if (len)
			to->rows[len++] = ' ';
		len += text_clean(text_of(c->rows.v[i]), to->rows + len, ROWS_SIZE - len);
	}
}

static struct watch_vcpu *find_vcpu(struct watch *w, uint64_t vcpu)
{
	for (size_t i = 0; i < w->n_vcpus; i++) {
		if (w->vcpus[i].vcpu == vcpu)
			return &w->vcpus[i];
	}
	if (w->n_vcpus == VCPUS_MAX)
		return NULL;
	w->vcpus[w->n_vcpus].vcpu = vcpu;
	return &w->vcpus[w->n_vcpus++];
}

static int add_vcpu(struct watch *w, const struct trace_vcpu *v)
{
	struct watch_vcpu *to = find_vcpu(w, v->vcpu.v);
	auto_free char *cpus = cpus_list_new(&v->cpus.v);

	if (!cpus)
		return -ENOMEM;
	if (!to)
		return 0;
	text_clean(text_of(cpus), to->cpus, sizeof(to->cpus));
	to->window_ns = fade(to->window_ns) + v->window_ns.v;
	for (size_t g = 0; g < N_GROUPS; g++)
		to->recent_ns[g] = fade(to->recent_ns[g]);
	for (size_t i = 0; v->states.v && i < ARRAY_SIZE(states); i++) {
		const struct fact_u64 *ns =
			(const void *)((const char *)v->states.v + states[i].at);

		to->recent_ns[states[i].group] += ns->known ? ns->v : 0;
	}
	return 0;
}

int watch_add(struct watch *w, const struct trace_facts *facts)
{
	const struct trace_culprit *culprits = facts->culprits.v;
	const struct trace_vcpu *vcpus = facts->vcpus.v;
	int r = 0;

	put_clean(w->rung, sizeof(w->rung), &facts->rung);
	w->total_ns += facts->window_ns.v;
	w->recent_ns = fade(w->recent_ns) + facts->window_ns.v;
	w->n_lost += facts->lost_events.v;
	w->n_events += facts->n_events.v;
	for (size_t i = 0; i < w->n_culprits; i++) {
		w->culprits[i].recent_ns = fade(w->culprits[i].recent_ns);
		w->culprits[i].last_ns = 0;
	}
	for (size_t i = 0; i < facts->culprits.n; i++)
		add_culprit(w, &culprits[i]);
	for (size_t i = 0; r == 0 && i < facts->vcpus.n; i++)
		r = add_vcpu(w, &vcpus[i]);
	return r;
}

static uint64_t permille(uint64_t part, uint64_t whole)
{
	/* Nanoseconds of a day times a thousand fit. */
	return whole ? part * 1000 / whole : 0;
}

static void end_line(FILE *out, const struct watch_screen *screen)
{
	fputs(screen->clears_lines ? "\033[K\r\n" : "\n", out);
}

static void print_head(FILE *out, const struct watch *w, const char *title,
		       const struct watch_screen *screen)
{
	char words[32];

	words_of_ns(w->total_ns, words, sizeof(words));
	print_clean(out, title, u64_min(strlen(title), 40));
	fprintf(out, ": %s by %s, %" PRIu64 " events", words, w->rung, w->n_events);
	if (w->n_lost)
		fprintf(out, ", %" PRIu64 " lost", w->n_lost);
	end_line(out, screen);
}

static void print_vcpu(FILE *out, const struct watch_vcpu *v, const struct watch_screen *screen)
{
	uint64_t lost = 0;

	fprintf(out, "%4" PRIu64 " %6s", v->vcpu, v->cpus);
	for (size_t g = 0; g < N_GROUPS; g++) {
		char words[16];

		words_of_permille(permille(v->recent_ns[g], v->window_ns), words, sizeof(words));
		fprintf(out, " %7s", words);
		lost += groups[g].is_lost ? v->recent_ns[g] : 0;
	}
	if (screen->has_colour && permille(lost, v->window_ns) >= 10)
		fputs("  \033[33m<\033[0m", out);
	end_line(out, screen);
}

static int compare_culprits(const void *a, const void *b)
{
	const struct watch_culprit *const *x = a, *const *y = b;

	if ((*x)->recent_ns != (*y)->recent_ns)
		return (*x)->recent_ns > (*y)->recent_ns ? -1 : 1;
	return (*x)->total_ns > (*y)->total_ns ? -1 : (*x)->total_ns < (*y)->total_ns;
}

/* Columns after the name: now, total, count, longest. */
enum { FIXED_COLUMNS = 9 + 8 + 9 + 8 + 10, ROWS_COLUMNS = 16 };

static void print_culprit(FILE *out, const struct watch *w, const struct watch_culprit *c,
			  const struct watch_screen *screen)
{
	const size_t room = screen->width > FIXED_COLUMNS + ROWS_COLUMNS + 12
				    ? screen->width - FIXED_COLUMNS - ROWS_COLUMNS
				    : 12;
	char now[16], total[16], longest[16], name[NAME_SIZE];

	words_of_permille(permille(c->recent_ns, w->recent_ns), now, sizeof(now));
	words_of_ns(c->total_ns, total, sizeof(total));
	words_of_ns(c->max_ns, longest, sizeof(longest));
	text_clean(text_of(c->name), name, u64_min(sizeof(name), room));
	fprintf(out, "%-8s %-*s %7s %8s %7" PRIu64 " %8s  %.*s", c->class, (int)room - 1, name, now,
		total, c->n, longest, ROWS_COLUMNS, c->rows);
	end_line(out, screen);
}

static void print_culprits(FILE *out, const struct watch *w, const struct watch_screen *screen,
			   size_t n_lines)
{
	const struct watch_culprit **order = calloc(w->n_culprits + 1, sizeof(*order));

	if (!order)
		return;
	for (size_t i = 0; i < w->n_culprits; i++)
		order[i] = &w->culprits[i];
	qsort(order, w->n_culprits, sizeof(*order), compare_culprits);
	for (size_t i = 0; i < w->n_culprits && i < n_lines; i++)
		print_culprit(out, w, order[i], screen);
	free(order);
}

void watch_print(FILE *out, const struct watch *w, const char *title,
		 const struct watch_screen *screen)
{
	/* Head, two lines of headings, a blank one, one for the keys. */
	const size_t height = screen->height ? screen->height : SIZE_MAX / 2;
	const size_t room = height > 6 ? height - 6 : 2;
	const size_t n_vcpus = u64_min(w->n_vcpus, room / 2);
	const size_t room_name = screen->width > FIXED_COLUMNS + ROWS_COLUMNS + 12
					 ? screen->width - FIXED_COLUMNS - ROWS_COLUMNS
					 : 12;

	print_head(out, w, title, screen);
	fprintf(out, "vCPU   CPUs");
	for (size_t g = 0; g < N_GROUPS; g++)
		fprintf(out, " %7s", groups[g].title);
	end_line(out, screen);
	for (size_t i = 0; i < n_vcpus; i++)
		print_vcpu(out, &w->vcpus[i], screen);
	if (w->n_vcpus > n_vcpus) {
		fprintf(out, "and %zu more vCPUs", w->n_vcpus - n_vcpus);
		end_line(out, screen);
	}
	end_line(out, screen);
	fprintf(out, "%-8s %-*s %7s %8s %7s %8s  %s", "CLASS", (int)room_name - 1, "NAME", "NOW",
		"TOTAL", "COUNT", "LONGEST", "LOOK AT");
	end_line(out, screen);
	print_culprits(out, w, screen, room - n_vcpus);
}

void watch_print_line(FILE *out, const struct watch *w)
{
	const struct watch_culprit *most = NULL;
	char words[32];

	for (size_t i = 0; i < w->n_culprits; i++) {
		if (w->culprits[i].last_ns && (!most || w->culprits[i].last_ns > most->last_ns))
			most = &w->culprits[i];
	}
	words_of_ns(w->total_ns, words, sizeof(words));
	fprintf(out, "%s: ", words);
	if (!most) {
		fputs("nothing\n", out);
		return;
	}
	words_of_ns(most->last_ns, words, sizeof(words));
	fprintf(out, "%s %s %s%s%s\n", most->class, most->name, words,
		*most->rows ? ", look at " : "", most->rows);
}
