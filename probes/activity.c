/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * activity - what happened on the host while the guest ran: interrupts, softirqs, stolen time, run
 * delay of the guest's threads, AIO slots and huge pages, over one window.
 *
 * It reads counters at both ends and, once a second, where the guest's threads are; in between it
 * sleeps, on a CPU that is not measured.
 */
#include "facts/activity.h"

#include <inttypes.h>

#include "probes/activity_counters.h"
#include "probes/activity_sample.h"
#include "probes/activity_tasks.h"
#include "probes/activity_units.h"
#include "probes/parse/meminfo.h"
#include "probes/pin.h"
#include "probes/stop.h"

#define SAMPLE_PERIOD_NS NS_PER_S
#define WINDOW_MAX_NS    (24 * 3600 * NS_PER_S)

struct window {
	struct probe_env *env;
	struct activity_facts *facts;
	struct activity_sample first, last;
	struct activity_count first_count, last_count;
	struct activity_guest guest;
	struct activity_units units;
	uint64_t window_ns, n_looks;
};

/* Slots and free pages now: the first look sets "before", each one "after", and the extremes. */
static int look_at_aio(struct window *w)
{
	struct activity_facts *f = w->facts;
	uint64_t nr;
	int r = sysroot_read_u64(w->env->root, &nr, "/proc/sys/fs/aio-nr");

	if (r < 0)
		return f->aio_nr_before.known
			       ? 0
			       : probe_gap(w->env, "aio_nr_before", "/proc/sys/fs/aio-nr", r);
	if (!f->aio_nr_before.known)
		fact_set_u64(&f->aio_nr_before, nr);
	fact_set_u64(&f->aio_nr_after, nr);
	fact_set_u64(&f->aio_nr_max, f->aio_nr_max.known ? u64_max(f->aio_nr_max.v, nr) : nr);
	return 0;
}

static struct activity_pool *find_pool(struct fact_list *pools, uint64_t page_kib)
{
	struct activity_pool *p = pools->v;

	for (size_t i = 0; i < pools->n; i++) {
		if (p[i].page_kib.v == page_kib)
			return &p[i];
	}
	return NULL;
}

static int note_pool(struct window *w, uint64_t page_kib, uint64_t n_free)
{
	struct activity_pool *p = find_pool(&w->facts->pools, page_kib);

	if (!p) {
		p = fact_add_item(&w->facts->pools, w->env->arena, sizeof(*p));
		if (!p)
			return -ENOMEM;
		fact_set_u64(&p->page_kib, page_kib);
		fact_set_u64(&p->n_free_before, n_free);
		fact_set_u64(&p->n_free_min, n_free);
	}
	fact_set_u64(&p->n_free_after, n_free);
	fact_set_u64(&p->n_free_min, u64_min(p->n_free_min.v, n_free));
	return 0;
}

static int look_at_pools(struct window *w)
{
	static const char dir[] = "/sys/kernel/mm/hugepages";
	char **names;
	size_t n;
	int r = sysroot_list(w->env->root, &names, &n, "%s", dir);

	if (r < 0)
		return w->facts->pools.known ? 0 : probe_gap(w->env, "pools", dir, r);
	for (size_t i = 0; r == 0 && i < n; i++) {
		struct text name = text_of(names[i]);
		uint64_t page_kib, n_free;

		/* "hugepages-2048kB" */
		if (!text_starts(name, "hugepages-") || !text_ends(name, "kB") ||
		    text_u64(text_make(name.at + 10, name.len - 12), &page_kib) < 0 ||
		    sysroot_read_u64(w->env->root, &n_free, "%s/%s/free_hugepages", dir, names[i]) <
			    0)
			continue;
		r = note_pool(w, page_kib, n_free);
	}
	names_free(names, n);
	return r;
}

/* What each sample looks at. is_end: the first or the last one. */
static int look(struct window *w, bool is_end)
{
	int r = look_at_aio(w);

	if (r == 0)
		r = look_at_pools(w);
	w->n_looks++;
	return r < 0 ? r : activity_guest_look(w->env, &w->guest, is_end);
}

/* Sleeps to the end of the window in steps of a second; a signal or the guest's end ends it. */
static int watch(struct window *w)
{
	const uint64_t end_ns = w->first.at_ns + w->window_ns;
	uint64_t look_ns = w->first.at_ns + SAMPLE_PERIOD_NS;
	int r = 0;

	while (r == 0 && !w->guest.is_gone) {
		const uint64_t border_ns = activity_units_end_ns(&w->units);
		const uint64_t until_ns = u64_min(u64_min(look_ns, border_ns), end_ns);

		if (stop_wait(w->env->time, until_ns) == STOP_ASKED) {
			w->env->reason = "interrupted";
			return probe_gap_words(w->env, "window_ns", "",
					       "interrupted: the window is shorter than asked");
		}
		if (until_ns == end_ns)
			return 0;
		if (until_ns == border_ns)
			r = activity_units_turn(w->env, &w->units, w->facts);
		if (r == 0 && until_ns == look_ns) {
			look_ns += SAMPLE_PERIOD_NS;
			r = look(w, false);
		}
	}
	return r;
}

/* Not an error of ours, but whatever is judged by this window has to know. */
static int note_guest_end(struct window *w)
{
	const uint64_t after_s = (w->last.at_ns - w->first.at_ns) / NS_PER_S;
	const char *words =
		arena_printf(w->env->arena, "the guest ended after %" PRIu64 " s", after_s);

	if (!words)
		return -ENOMEM;
	if (!w->env->reason)
		w->env->reason = words;
	return probe_gap_words(w->env, "window_ns", "", "%s", words);
}

static int put_vmstat(struct window *w)
{
	const struct {
		struct fact_u64 *fact;
		const char *field, *name;
	} counters[] = {
		{ &w->facts->compact_stalls, "compact_stalls", "compact_stall" },
		{ &w->facts->thp_fault_fallbacks, "thp_fault_fallbacks", "thp_fault_fallback" },
	};
	int r = 0;

	/* A file that could not be read at all has its gap already. */
	for (size_t i = 0; r == 0 && w->last.vmstat.at && i < ARRAY_SIZE(counters); i++) {
		uint64_t before, after;
		int error = vmstat_value(w->first.vmstat, counters[i].name, &before);

		if (error == 0)
			error = vmstat_value(w->last.vmstat, counters[i].name, &after);
		if (error < 0)
			r = probe_gap(w->env, counters[i].field, "/proc/vmstat", error);
		else
			fact_set_u64(counters[i].fact, after - u64_min(before, after));
	}
	return r;
}

static int put_lines(struct window *w, struct text before, struct text after, const char *field,
		     const char *path, struct fact_list *lines)
{
	int r;

	if (!before.at || !after.at)
		return 0; /* the gap is there already */
	r = activity_delta_lines(before, after, w->env->arena, lines);
	return r < 0 && r != -ENOMEM ? probe_gap(w->env, field, path, r) : r;
}

/* Without a guest there are no threads to look at: unknown, and nothing is missing. */
static int put_threads(struct window *w)
{
	int r = 0;

	if (w->env->guest_pid == 0)
		return 0;
	if (w->guest.is_gone)
		r = note_guest_end(w);
	return r < 0 ? r : activity_guest_put(w->env, &w->guest, w->facts);
}

static int put_facts(struct window *w)
{
	struct activity_facts *f = w->facts;
	int r;

	fact_set_u64(&f->window_ns, w->last.at_ns - w->first.at_ns);
	fact_set_u64(&f->n_samples, w->n_looks);
	r = put_lines(w, w->first.interrupts, w->last.interrupts, "irqs", "/proc/interrupts",
		      &f->irqs);
	if (r == 0)
		r = put_lines(w, w->first.softirqs, w->last.softirqs, "softirqs", "/proc/softirqs",
			      &f->softirqs);
	if (r == 0 && w->first.stat.at && w->last.stat.at)
		r = activity_delta_stat(w->first.stat, w->last.stat, (uint64_t)sysconf(_SC_CLK_TCK),
					w->env->arena, f);
	if (r == 0)
		r = put_vmstat(w);
	if (r == 0)
		r = activity_units_finish(w->env, &w->units, &w->last, f);
	if (r == 0)
		r = activity_counters_put(w->env, &w->first_count, &w->last_count, f);
	return r < 0 ? r : put_threads(w);
}

static int step_aside(struct probe_env *env)
{
	struct cpus online;
	int r = sysroot_read_list(env->root, &online, "/sys/devices/system/cpu/online");

	if (r == 0 && !cpus_is_empty(&env->cpus))
		r = pin_off(&env->cpus, &online);
	if (r == -ENOSPC)
		return probe_gap_words(env, "window_ns", "",
				       "no CPU is left for the probe: it wakes on a measured one "
				       "once a second");
	return r < 0 ? probe_gap(env, "window_ns", "sched_setaffinity(2)", r) : 0;
}

static int measure_window(struct window *w)
{
	int r = activity_sample_read(w->env, NULL, &w->first);

	activity_units_start(w->env, &w->first, &w->units);
	if (r == 0)
		r = activity_counters_read(w->env, w->first.vmstat, &w->first_count);
	if (r == 0)
		r = look(w, true);
	if (r == 0 && w->guest.is_gone)
		return probe_fail(w->env, "process %d, the guest, is not there", w->env->guest_pid);
	if (r == 0)
		r = watch(w);
	if (r == 0)
		r = activity_sample_read(w->env, &w->first, &w->last);
	if (r == 0)
		r = activity_counters_read(w->env, w->last.vmstat, &w->last_count);
	if (r == 0)
		r = look(w, true);
	return r < 0 ? r : put_facts(w);
}

static int measure(struct probe_env *env, void *facts)
{
	struct window w = { .env = env, .facts = facts };
	int r;

	if (__builtin_mul_overflow(env->rep_duration_ns, env->n_reps, &w.window_ns) ||
	    w.window_ns > WINDOW_MAX_NS)
		return probe_fail(env, "--rep-duration times --reps must be at most 24h");
	r = stop_watch();
	if (r == 0)
		r = step_aside(env);
	if (r == 0)
		r = measure_window(&w);
	activity_guest_release(&w.guest);
	activity_units_release(&w.units);
	return r;
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "activity", measure);
}
