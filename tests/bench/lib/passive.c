/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/bench/lib/passive.h"

#include "core/doc.h"
#include "core/program.h"
#include "probes/pin.h"

#define LIMIT_NS (300 * NS_PER_S)

static int read_window(const struct passive_wish *w, const char *folder, uint64_t *ret_from,
		       uint64_t *ret_to)
{
	auto_free char *text = NULL;
	auto_doc struct doc *d = NULL;
	const struct doc *data;
	struct doc_error error;
	uint64_t from, ns;
	size_t len = 0;
	int r = sysroot_read(w->root, &text, &len, "%s/result.json", folder);

	if (r == 0)
		r = doc_parse(text, len, &d, &error);
	if (r < 0)
		return r;
	data = doc_get(doc_get(doc_get(d, "probes"), "trace"), "data");
	r = doc_get_u64(data, "start_unix_ns", &from);
	if (r == 0)
		r = doc_get_u64(data, "window_ns", &ns);
	if (r < 0)
		return r;
	*ret_from = from;
	*ret_to = from + ns;
	return 0;
}

/* As from a shell: not yet kept off the guest's CPU. */
static int start_anywhere(const struct passive_wish *w, struct program *p)
{
	struct cpus own, online;
	int r = pin_get(0, &own), r_back;

	if (r == 0)
		r = sysroot_read_list(w->root, &online, "/sys/devices/system/cpu/online");
	if (r == 0)
		r = pin_self(&online);
	if (r < 0)
		return r;
	r = program_start(p, timebase_monotonic());
	r_back = pin_self(&own);
	return r < 0 ? r : r_back;
}

static int run(const struct passive_wish *w, const char *folder, struct seen *seen)
{
	const char *const argv[] = {
		w->run_path,     "run",        "--passive", "--guest", w->guest_pid,
		"--cpus",        w->cpu_words, "--reps",    "1",       "--rep-duration",
		w->rep_duration, "-o",         folder,      NULL
	};
	struct program p = { .argv = argv, .limit_ns = LIMIT_NS };
	int r = seen_start(seen, w->root, w->cpu), r_stop;

	if (r < 0)
		return r;
	r = start_anywhere(w, &p);
	if (r == 0)
		programs_wait(&p, 1, timebase_monotonic(), -1);
	r_stop = seen_stop(seen);
	if (r == 0 && (p.end != PROGRAM_EXITED || p.code != 0)) {
		printf("%.*s", (int)p.n_err, p.err ? p.err : "");
		r = -EIO;
	}
	program_release(&p);
	return r < 0 ? r : r_stop;
}

int passive_run(const struct passive_wish *w, size_t number, struct passive *ret)
{
	auto_free char *folder = NULL;
	struct seen seen;
	uint64_t from = 0, to = 0;
	int r;

	if (asprintf(&folder, "%s/%zu", w->folder, number) < 0) {
		folder = NULL;
		return -ENOMEM;
	}
	r = run(w, folder, &seen);
	if (r == 0)
		r = read_window(w, folder, &from, &to);
	if (r == 0)
		*ret = (struct passive){ seen_sums(&seen, from, to),
					 seen_sums(&seen, 0, UINT64_MAX), seen.n_switches,
					 seen.n_lost };
	seen_release(&seen);
	return r;
}

static void add_sums(struct seen_sums *into, const struct seen_sums *one)
{
	into->n += one->n;
	into->ns += one->ns;
	into->n_threads += one->n_threads;
	into->n_gone_threads += one->n_gone_threads;
}

void passive_add(struct passive *into, const struct passive *one)
{
	add_sums(&into->meanwhile, &one->meanwhile);
	add_sums(&into->all, &one->all);
	into->n_switches += one->n_switches;
	into->n_lost += one->n_lost;
}
