/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/pin.c */
/*
 * The wake probe beside cyclictest, taking turns on one CPU: median latency, missed periods, CPU
 * time per sample of the measuring thread (from its schedstat, inside the run), wake-ups of the
 * main thread. Idle states stay as they are in both.
 *
 * bench_wake [CPU [HOUSEKEEPING_CPU [SECONDS [ROUNDS]]]]. Exit status 1: a target missed. Many
 * short rounds rather than few long ones: a shared machine changes its pace within seconds, and the
 * medians of five rounds then differ by more than the tools do.
 */
#include "facts/wake.h"

#include "core/arena.h"
#include "core/doc.h"
#include "core/program.h"
#include "core/sysroot.h"
#include "probes/pin.h"
#include "tests/bench/lib/bench.h"

#define ROUNDS_MAX     101u
#define EDGE_NS        NS_PER_S /* left out at both ends of the run */
#define RATIO_PERMILLE 1030u
#define P50_PERMILLE   50u
#define HIST_CELLS     5000u
#define N_ARGS         20u

enum { OURS, CYCLICTEST, N_TOOLS };

struct sample { /* of one thread at one moment */
	uint64_t run_ns, n_switches;
};

struct outcome {
	uint64_t p50_ns, p99_ns, n, missed, cpu_per_sample_ns;
	uint64_t main_wakes_permille; /* per second */
};

struct bench {
	struct sysroot root;
	struct arena arena;
	char *probe, *cpu, *housekeeping, *duration;
	uint64_t seconds, n_rounds, n_expected;
	struct outcome outcome[N_TOOLS][ROUNDS_MAX];
};

static int read_thread(const struct sysroot *root, pid_t pid, const char *tid, struct sample *ret_s)
{
	auto_free char *line = NULL;
	auto_free char *status = NULL;
	struct sample s = { 0 };
	struct text rest, row, name, value;
	size_t len;
	int r = sysroot_read_line(root, &line, "/proc/%d/task/%s/schedstat", (int)pid, tid);

	if (r == 0)
		r = sysroot_read(root, &status, &len, "/proc/%d/task/%s/status", (int)pid, tid);
	if (r < 0)
		return r;
	rest = text_of(line);
	r = text_take_u64(&rest, &s.run_ns);
	rest = text_make(status, len);
	while (r == 0 && text_next_line(&rest, &row)) {
		if (text_key_value(row, ':', &name, &value) &&
		    text_equal(name, "voluntary_ctxt_switches"))
			r = text_u64(value, &s.n_switches);
	}
	*ret_s = s;
	return r;
}

/* The measuring thread is the one that is not the first; ret_samples: main, measuring. */
static int read_threads(const struct sysroot *root, pid_t pid, struct sample ret_samples[2])
{
	char **tids = NULL;
	size_t n = 0;
	int r = sysroot_list(root, &tids, &n, "/proc/%d/task", (int)pid);

	if (r < 0)
		return r;
	r = n == 2 ? 0 : -EAGAIN;
	for (size_t i = 0; r == 0 && i < n; i++)
		r = read_thread(root, pid, tids[i], &ret_samples[i]);
	names_free(tids, n);
	return r;
}

static int run_tool(struct bench *b, struct program *p, struct outcome *ret)
{
	struct sample first[2], last[2];
	int r = program_start(p, timebase_monotonic()), r_first, r_last;

	if (r < 0)
		return r;
	sleep_ns(EDGE_NS);
	r_first = read_threads(&b->root, p->pid, first);
	sleep_ns(b->seconds * NS_PER_S - 2 * EDGE_NS);
	r_last = read_threads(&b->root, p->pid, last);
	programs_wait(p, 1, timebase_monotonic(), -1);
	if (p->end != PROGRAM_EXITED || p->code != 0 || r_first < 0 || r_last < 0)
		return -EIO;
	ret->cpu_per_sample_ns = (last[1].run_ns - first[1].run_ns) /
				 u64_max(1, last[1].n_switches - first[1].n_switches);
	ret->main_wakes_permille =
		(last[0].n_switches - first[0].n_switches) * 1000 / (b->seconds - 2);
	return 0;
}

static int read_ours(struct bench *b, const struct program *p, struct outcome *ret)
{
	auto_free struct hist *h = malloc(sizeof(*h));
	auto_doc struct doc *d = NULL;
	struct wake_facts f = { 0 };
	struct doc_error error;
	const char *why;
	int r = doc_parse(p->out, p->n_out, &d, &error);

	if (!h || r < 0)
		return h ? r : -ENOMEM;
	r = schema_decode(&wake_schema, doc_get(d, "data"), &b->arena, &f, &why);
	if (r < 0 || f.units.n == 0)
		return -EBADMSG;
	hist_init(h);
	for (size_t i = 0; r == 0 && i < f.units.n; i++) {
		const struct wake_unit *u = (const struct wake_unit *)f.units.v + i;

		r = hist_merge_bins(h, u->hist.v);
		ret->missed += u->missed.v;
	}
	ret->n = h->n;
	ret->p50_ns = hist_quantile_ns(h, 500000);
	ret->p99_ns = hist_quantile_ns(h, 990000);
	return r;
}

/* Cells of 1 us hold values cut off to whole microseconds: taken to lie evenly in the cell. */
static uint64_t cell_quantile_ns(const uint64_t *cells, uint64_t n, uint64_t permille)
{
	const uint64_t rank = n * permille / 1000;
	uint64_t below = 0;

	for (uint64_t i = 0; i < HIST_CELLS; i++) {
		if (cells[i] != 0 && below + cells[i] >= rank)
			return i * NS_PER_US + NS_PER_US * (rank - below) / cells[i];
		below += cells[i];
	}
	return HIST_CELLS * NS_PER_US;
}

static int read_cyclictest(struct bench *b, const struct program *p, struct outcome *ret)
{
	auto_free uint64_t *cells = calloc(HIST_CELLS, sizeof(*cells));
	struct text rest = text_make(p->out, p->n_out), line, word, value;
	uint64_t overflows = 0;

	if (!cells)
		return -ENOMEM;
	while (text_next_line(&rest, &line)) {
		uint64_t cell, n;

		if (text_key_value(line, ':', &word, &value) &&
		    text_equal(word, "# Histogram Overflows") && text_u64(value, &overflows) < 0)
			return -EBADMSG;
		if (!text_next_word(&line, &word) || text_u64(word, &cell) < 0 ||
		    cell >= HIST_CELLS || !text_next_word(&line, &word) || text_u64(word, &n) < 0)
			continue;
		cells[cell] += n;
		ret->n += n;
	}
	ret->n += overflows;
	ret->missed = b->n_expected > ret->n ? b->n_expected - ret->n : 0;
	ret->p50_ns = cell_quantile_ns(cells, ret->n, 500);
	ret->p99_ns = cell_quantile_ns(cells, ret->n, 990);
	return ret->n > 0 ? 0 : -EBADMSG;
}

static int run_ours(struct bench *b, struct outcome *ret)
{
	const char *const argv[N_ARGS] = { b->probe,    "--cpus", b->cpu, "--rep-duration",
					   b->duration, "--reps", "1",    "--interval",
					   "1ms" };
	struct program p = { .argv = argv };
	int r = run_tool(b, &p, ret);

	if (r == 0)
		r = read_ours(b, &p, ret);
	program_release(&p);
	return r;
}

static int run_cyclictest(struct bench *b, struct outcome *ret)
{
	const char *const argv[N_ARGS] = { "/usr/bin/cyclictest",
					   "-m",
					   "-p95",
					   "-i1000",
					   "-t1",
					   "-a",
					   b->cpu,
					   "--mainaffinity",
					   b->housekeeping,
					   "-h5000",
					   "-q",
					   "-D",
					   b->duration,
					   "--default-system" };
	struct program p = { .argv = argv };
	int r = run_tool(b, &p, ret);

	if (r == 0)
		r = read_cyclictest(b, &p, ret);
	program_release(&p);
	return r;
}

static const struct tool {
	const char *name;
	int (*run)(struct bench *b, struct outcome *ret);
} tools[N_TOOLS] = {
	[OURS] = { "vfiobench-probe-wake", run_ours },
	[CYCLICTEST] = { "cyclictest", run_cyclictest },
};

static uint64_t median(const struct bench *b, int tool, size_t member_at)
{
	uint64_t v[ROUNDS_MAX];

	for (size_t i = 0; i < b->n_rounds; i++)
		memcpy(&v[i], (const char *)&b->outcome[tool][i] + member_at, sizeof(v[i]));
	return spread_of(v, b->n_rounds).median;
}

#define MEDIAN(b, tool, member) median(b, tool, offsetof(struct outcome, member))

static int judge(const struct bench *b)
{
	const uint64_t p50 = MEDIAN(b, OURS, p50_ns), p50_ct = MEDIAN(b, CYCLICTEST, p50_ns);
	const uint64_t cost = MEDIAN(b, OURS, cpu_per_sample_ns);
	const uint64_t cost_ct = MEDIAN(b, CYCLICTEST, cpu_per_sample_ns);
	const uint64_t apart = p50 > p50_ct ? p50 - p50_ct : p50_ct - p50;
	const uint64_t may = u64_max(NS_PER_US, p50_ct * P50_PERMILLE / 1000);
	const uint64_t ratio = cost * 1000 / u64_max(1, cost_ct);
	bool adds_up = true;

	for (size_t i = 0; i < b->n_rounds; i++)
		adds_up &= b->outcome[OURS][i].n + b->outcome[OURS][i].missed == b->n_expected;
	printf("p50: %" PRIu64 " ns beside %" PRIu64 " ns, %" PRIu64 " ns apart (at most %" PRIu64
	       "): %s\n",
	       p50, p50_ct, apart, may, apart <= may ? "ok" : "MISSED");
	printf("CPU per sample: %" PRIu64 " ns beside %" PRIu64 " ns, ratio 0.001 x %" PRIu64
	       " (at most %u): %s\n",
	       cost, cost_ct, ratio, RATIO_PERMILLE, ratio <= RATIO_PERMILLE ? "ok" : "MISSED");
	printf("n + missed = %" PRIu64 " in each round: %s\n", b->n_expected,
	       adds_up ? "ok" : "MISSED");
	printf("wake-ups of the main thread per 1000 s: %" PRIu64 " beside %" PRIu64 "\n",
	       MEDIAN(b, OURS, main_wakes_permille), MEDIAN(b, CYCLICTEST, main_wakes_permille));
	return apart <= may && ratio <= RATIO_PERMILLE && adds_up ? 0 : 1;
}

static int run_rounds(struct bench *b)
{
	printf("%-22s %10s %10s %8s %7s %12s\n", "", "p50 ns", "p99 ns", "n", "missed",
	       "ns/sample");
	for (size_t i = 0; i < b->n_rounds; i++) {
		for (size_t turn = 0; turn < N_TOOLS; turn++) {
			const size_t tool = (turn + i) % N_TOOLS;
			struct outcome *o = &b->outcome[tool][i];
			const int r = tools[tool].run(b, o);

			if (r < 0) {
				printf("%s: %s\n", tools[tool].name, strerror(-r));
				return 2;
			}
			printf("%-22s %10" PRIu64 " %10" PRIu64 " %8" PRIu64 " %7" PRIu64
			       " %12" PRIu64 "\n",
			       tools[tool].name, o->p50_ns, o->p99_ns, o->n, o->missed,
			       o->cpu_per_sample_ns);
			fflush(stdout);
		}
	}
	return judge(b);
}

int main(int argc, char **argv)
{
	const uint64_t cpu = number_arg(argc, argv, 1, 1, 0, CPUS_MAX - 1);
	const uint64_t housekeeping = number_arg(argc, argv, 2, 0, 0, CPUS_MAX - 1);
	struct bench *b = calloc(1, sizeof(*b));
	struct cpus own = { 0 };
	int r;

	if (!b || sysroot_open(&b->root, "/") < 0)
		return 2;
	b->seconds = number_arg(argc, argv, 3, 4, 4, 3600);
	b->n_rounds = number_arg(argc, argv, 4, 21, 5, ROUNDS_MAX);
	b->n_expected = b->seconds * 1000;
	cpus_add(&own, (unsigned)housekeeping);
	b->probe = program_beside(argv[0], "vfiobench-probe-wake");
	if (pin_self(&own) < 0 || !b->probe || asprintf(&b->cpu, "%" PRIu64, cpu) < 0 ||
	    asprintf(&b->housekeeping, "%" PRIu64, housekeeping) < 0 ||
	    asprintf(&b->duration, "%" PRIu64 "s", b->seconds) < 0)
		return 2;
	r = run_rounds(b);
	arena_release(&b->arena);
	free(b->duration);
	free(b->housekeeping);
	free(b->cpu);
	free(b->probe);
	free(b);
	return r;
}
