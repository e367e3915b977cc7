/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/watch.h"

#include <inttypes.h>
#include <string.h>

#include "core/cpus.h"
#include "core/text.h"
#include "report/states.h"
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

static const char *const group_titles[N_GROUPS] = {
	[GROUP_GUEST] = "guest", [GROUP_EXITS] = "exits", [GROUP_IRQ] = "irqs",
	[GROUP_TAKEN] = "taken", [GROUP_QEMU] = "qemu",   [GROUP_HALTED] = "halted",
	[GROUP_REST] = "other",
};

/* A group is known when a state is that it is named for. */
static const struct {
	size_t at;
	enum group group;
	bool is_named;
} states[] = {
	{ offsetof(struct trace_states, guest_ns), GROUP_GUEST, true },
	{ offsetof(struct trace_states, running_ns), GROUP_GUEST, true },
	{ offsetof(struct trace_states, exit_ns), GROUP_EXITS, true },
	{ offsetof(struct trace_states, host_irq_ns), GROUP_IRQ, true },
	{ offsetof(struct trace_states, softirq_ns), GROUP_IRQ, true },
	{ offsetof(struct trace_states, preempted_ns), GROUP_TAKEN, true },
	{ offsetof(struct trace_states, waiting_ns), GROUP_TAKEN, true },
	{ offsetof(struct trace_states, stopped_ns), GROUP_TAKEN, false },
	{ offsetof(struct trace_states, residue_ns), GROUP_TAKEN, false },
	{ offsetof(struct trace_states, qemu_ns), GROUP_QEMU, true },
	{ offsetof(struct trace_states, blocked_ns), GROUP_QEMU, false },
	{ offsetof(struct trace_states, halted_ns), GROUP_HALTED, true },
	{ offsetof(struct trace_states, lost_ns), GROUP_REST, true },
	{ offsetof(struct trace_states, unknown_ns), GROUP_REST, true },
};

struct watch_vcpu {
	uint64_t vcpu;
	char cpus[16];
	uint64_t recent_ns[N_GROUPS], window_ns;
	bool is_known[N_GROUPS];
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
	uint64_t total_ns, recent_ns, n_lost, n_events, n_forgotten;
	uint64_t last_ns, last_lost_ns[N_LOST_STATES]; /* of all vCPUs, in the last window */
	bool tells_guest;                              /* apart from exits */
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

/* The one that took least of late gives its place to what was written to the free one. */
static struct watch_culprit *replace_faded(struct watch *w)
{
	struct watch_culprit *free_place = &w->culprits[w->n_culprits];
	struct watch_culprit *faded = &w->culprits[0];

	for (size_t i = 1; i < w->n_culprits; i++) {
		if (w->culprits[i].recent_ns < faded->recent_ns)
			faded = &w->culprits[i];
	}
	*faded = *free_place;
	w->n_forgotten++;
	return faded;
}

/* Known or new. */
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
		return replace_faded(w);
	w->n_culprits++;
	return free_place;
}

static void add_culprit(struct watch *w, const struct trace_culprit *c)
{
	struct watch_culprit *to;
	size_t len = 0;

	/* Time that kept another thread from waking the vCPU is no lost time of its own. */
	if (c->via.known)
		return;
	to = find_culprit(w, c);
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

static void add_last(struct watch *w, const struct trace_vcpu *v)
{
	const struct trace_states *s = states_of(&v->states);

	w->last_ns += v->window_ns.v;
	w->tells_guest |= s->guest_ns.known;
	for (size_t i = 0; i < N_LOST_STATES; i++)
		w->last_lost_ns[i] += state_ns(s, i);
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
		to->is_known[states[i].group] |= ns->known && (states[i].is_named || ns->v);
	}
	to->is_known[GROUP_REST] = true;
	add_last(w, v);
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
	w->last_ns = 0;
	memset(w->last_lost_ns, 0, sizeof(w->last_lost_ns));
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

/* Bytes of so many columns; where a word would be cut, what is before it. */
static size_t cut_of(struct text line, size_t width)
{
	size_t at = 0, n = 0, blank = 0;

	while (at < line.len) {
		/* Of a character the first byte counts. */
		n += ((unsigned char)line.at[at] & 0xc0) != 0x80;
		if (n > width)
			break;
		if (line.at[at] == ' ')
			blank = at;
		at++;
	}
	return at == line.len || line.at[at] == ' ' || !blank ? at : blank;
}

/* No line is longer than the screen is wide. */
static void print_lines(FILE *out, const char *page, const struct watch_screen *screen)
{
	struct text rest = text_of(page), line;

	while (text_next_line(&rest, &line)) {
		size_t len = cut_of(line, screen->width);

		while (len && line.at[len - 1] == ' ')
			len--;
		fprintf(out, "%.*s%s", (int)len, line.at,
			screen->clears_lines ? "\033[K\r\n" : "\n");
	}
}

static void print_head(FILE *out, const struct watch *w, const char *title)
{
	char words[32];

	words_of_ns(w->total_ns, words, sizeof(words));
	print_clean(out, title, u64_min(strlen(title), 40));
	fprintf(out, ": %s by %s, %" PRIu64 " events", words, w->rung, w->n_events);
	if (w->n_lost)
		fprintf(out, ", %" PRIu64 " lost", w->n_lost);
	if (w->n_forgotten)
		fprintf(out, ", %" PRIu64 " old names forgotten", w->n_forgotten);
	fputc('\n', out);
}

static void print_vcpu(FILE *out, const struct watch_vcpu *v)
{
	fprintf(out, "%4" PRIu64 " %6s", v->vcpu, v->cpus);
	for (size_t g = 0; g < N_GROUPS; g++) {
		char words[16] = "-";

		if (v->is_known[g])
			words_of_permille(permille(v->recent_ns[g], v->window_ns), words,
					  sizeof(words));
		fprintf(out, " %7s", words);
	}
	fputc('\n', out);
}

static int compare_culprits(const void *a, const void *b)
{
	const struct watch_culprit *const *x = a, *const *y = b;

	if ((*x)->recent_ns != (*y)->recent_ns)
		return (*x)->recent_ns > (*y)->recent_ns ? -1 : 1;
	return (*x)->total_ns > (*y)->total_ns ? -1 : (*x)->total_ns < (*y)->total_ns;
}

/* Columns of class, now, total, count and longest, with the blanks between them. */
enum { FIXED_COLUMNS = 9 + 8 + 9 + 8 + 10, ROWS_MIN = 20, NAME_MIN = 12 };

/* Of the name, with the blank behind it; the rest of the line is for ids. */
static size_t name_room(const struct watch_screen *screen)
{
	const size_t rows = u64_max(ROWS_MIN, screen->width / 4);

	return screen->width > FIXED_COLUMNS + rows + NAME_MIN
		       ? screen->width - FIXED_COLUMNS - rows
		       : NAME_MIN;
}

/* Ids are not cut: those that have no room are "…". */
static void put_rows(FILE *out, const char *rows, size_t room)
{
	const size_t len = strlen(rows);
	size_t cut = len;

	if (len > room) {
		for (cut = room > 2 ? room - 1 : 0; cut && rows[cut - 1] != ' '; cut--)
			;
	}
	fprintf(out, "%.*s%s", (int)cut, rows, cut < len ? "…" : "");
}

static void print_culprit(FILE *out, const struct watch *w, const struct watch_culprit *c,
			  const struct watch_screen *screen)
{
	const size_t room = name_room(screen), used = FIXED_COLUMNS + room;
	char now[16], total[16], longest[16] = "-", name[NAME_SIZE];

	words_of_permille(permille(c->recent_ns, w->recent_ns), now, sizeof(now));
	words_of_ns(c->total_ns, total, sizeof(total));
	if (c->max_ns)
		words_of_ns(c->max_ns, longest, sizeof(longest));
	text_clean(text_of(c->name), name, u64_min(sizeof(name), room));
	fprintf(out, "%-8s %-*s %7s %8s %7" PRIu64 " %8s  ", c->class, (int)room - 1, name, now,
		total, c->n, longest);
	put_rows(out, c->rows, screen->width > used ? screen->width - used : 0);
	fputc('\n', out);
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

/* "waiting 54 %": the largest state that was lost in the last window; false: nothing was. */
static bool put_unnamed(FILE *out, const struct watch *w)
{
	char words[32];
	size_t most = 0;

	for (size_t i = 1; i < N_LOST_STATES; i++) {
		if (w->last_lost_ns[i] > w->last_lost_ns[most])
			most = i;
	}
	if (!w->last_lost_ns[most])
		return false;
	words_of_share(w->last_lost_ns[most], w->last_ns, words, sizeof(words));
	fprintf(out, "%s %s, who is not known", state_rows[most].word, words);
	return true;
}

static void print_who(FILE *out, const struct watch *w, const struct watch_screen *screen,
		      size_t n_lines)
{
	if (!w->n_culprits) {
		put_unnamed(out, w);
		fputc('\n', out);
		return;
	}
	fprintf(out, "%-8s %-*s %7s %8s %7s %8s  %s\n", "CLASS", (int)name_room(screen) - 1, "NAME",
		"NOW", "TOTAL", "SLICES", "LONGEST", "LOOK AT");
	print_culprits(out, w, screen, n_lines);
}

static void print_page(FILE *out, const struct watch *w, const char *title,
		       const struct watch_screen *screen)
{
	/* Head, two lines of headings, a blank one, one for the keys. */
	const size_t height = screen->height ? screen->height : SIZE_MAX / 2;
	const size_t room = height > 6 ? height - 6 : 2;
	const size_t n_vcpus = u64_min(w->n_vcpus, room / 2);

	print_head(out, w, title);
	fprintf(out, "vCPU   CPUs");
	for (size_t g = 0; g < N_GROUPS; g++)
		fprintf(out, " %7s",
			g == GROUP_GUEST && !w->tells_guest ? "running" : group_titles[g]);
	fputc('\n', out);
	for (size_t i = 0; i < n_vcpus; i++)
		print_vcpu(out, &w->vcpus[i]);
	if (w->n_vcpus > n_vcpus)
		fprintf(out, "and %zu more vCPUs\n", w->n_vcpus - n_vcpus);
	fputc('\n', out);
	print_who(out, w, screen, room - n_vcpus);
}

void watch_print(FILE *out, const struct watch *w, const char *title,
		 const struct watch_screen *screen)
{
	auto_free char *page = NULL;
	size_t size = 0;
	FILE *lines = open_memstream(&page, &size);

	if (!lines)
		return;
	print_page(lines, w, title, screen);
	if (fclose(lines) == 0)
		print_lines(out, page, screen);
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
		fputs(put_unnamed(out, w) ? "\n" : "nothing\n", out);
		return;
	}
	words_of_ns(most->last_ns, words, sizeof(words));
	fprintf(out, "%s %s %s%s%s\n", most->class, most->name, words,
		*most->rows ? ", look at " : "", most->rows);
}
