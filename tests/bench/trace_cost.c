/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TEST_SOURCES: probes/pin.c tests/bench/lib/cpu_use.c tests/bench/lib/ping_pong.c
 * TEST_SOURCES: tests/bench/lib/passive.c tests/bench/lib/seen.c
 */
/*
 * What measuring costs the CPU that a guest runs on, with tracing and without, taking turns:
 * - timer wake-ups beside the built-in guest: their median, and the CPU time that the probes'
 *   threads use there, as the scheduler counts it and as the trace itself finds it taken;
 * - two threads that hand the CPU to each other: what recording adds to a switch;
 * - `vfiobench run --passive` beside the same guest, as one that somebody uses: who of ours ran
 *   there, by a recording of every switch.
 *
 * bench_trace_cost [CPU [HOUSEKEEPING_CPU [SECONDS [ROUNDS]]]]. Exit status 1: a target missed; 2:
 * it could not be measured. Needs root and /dev/kvm.
 */
#include <ftw.h>
#include <sys/stat.h>

#include "core/arena.h"
#include "core/doc.h"
#include "core/hist.h"
#include "core/program.h"
#include "facts/trace.h"
#include "facts/wake.h"
#include "probes/pin.h"
#include "tests/bench/lib/bench.h"
#include "tests/bench/lib/cpu_use.h"
#include "tests/bench/lib/passive.h"
#include "tests/bench/lib/ping_pong.h"

#define ROUNDS_MAX     101u
#define ARGS_MAX       20u
#define INTERVAL       "4ms"    /* as of a run beside a guest that somebody uses */
#define EDGE_NS        NS_PER_S /* left out at both ends of the wake probe's time */
#define TRACE_MORE_S   3u       /* that the trace is longer: set-up, start and end of the other */
#define TRACE_AHEAD_NS NS_PER_S
#define SLACK_NS       (30 * NS_PER_S)
#define HANDOVERS      10000u /* their events fit the buffer, however late it is read */
#define N_PASSIVE      3u
#define GUEST_PPM_MAX  5000u

enum { PLAIN, TRACED, N_SIDES };

/* Of one turn. */
enum figure {
	WAKE_P50_NS,
	OURS_PPM,
	TAKEN_PPM,
	N_THREADS,
	IWI_PER_1000_S,
	SWITCH_NS,
	EVENTS_PERMILLE, /* per switch */
	N_FIGURES
};

struct bench {
	struct sysroot root;
	struct arena arena;
	unsigned cpu;
	uint64_t seconds, n_rounds;
	char *wake_path, *trace_path, *run_path, *guest_path; /* of programs */
	char *cpu_words, *guest_pid, *wake_time, *trace_time;
	char folder[32]; /* for the guest and for results */
	const char *guest_argv[4];
	struct program guest;
	uint64_t figures[N_FIGURES][N_SIDES][ROUNDS_MAX];
	uint64_t n_lost; /* by traces of the guest, all rounds */
	struct passive passive[N_PASSIVE];
};

/* The data of what a probe printed, decoded. */
static int read_facts(struct bench *b, const struct program *p, const struct schema *schema,
		      void *facts)
{
	auto_doc struct doc *d = NULL;
	struct doc_error error;
	const char *why;
	int r = p->end == PROGRAM_EXITED ? doc_parse(p->out, p->n_out, &d, &error) : -EIO;

	return r < 0 ? r : schema_decode(schema, doc_get(d, "data"), &b->arena, facts, &why);
}

static int read_wake(struct bench *b, const struct program *p, uint64_t *ret_p50_ns)
{
	auto_free struct hist *h = malloc(sizeof(*h));
	struct wake_facts f = { 0 };
	int r = h ? read_facts(b, p, &wake_schema, &f) : -ENOMEM;

	if (r < 0)
		return r;
	hist_init(h);
	for (size_t i = 0; r == 0 && i < f.units.n; i++)
		r = hist_merge_bins(h, ((const struct wake_unit *)f.units.v + i)->hist.v);
	if (r == 0 && h->n == 0)
		return -ENODATA;
	*ret_p50_ns = hist_quantile_ns(h, 500000);
	return r;
}

/* Time that the wake probe took from the guest: others may run a vfiobench of their own. */
static int read_taken(struct bench *b, const struct program *p, uint64_t *ret_ns)
{
	struct trace_facts f = { 0 };
	int r = read_facts(b, p, &trace_schema, &f);

	if (r < 0)
		return r;
	if (!fact_is(&f.rung, "tracefs"))
		return -ENODATA;
	for (size_t i = 0; i < f.culprits.n; i++) {
		const struct trace_culprit *c = (const struct trace_culprit *)f.culprits.v + i;

		if (fact_is(&c->class, "task") && text_starts(text_of(c->name.v), "vfiobench-wake"))
			*ret_ns += c->total_ns.v;
	}
	b->n_lost += f.lost_events.v;
	return 0;
}

/* programs: the wake probe and, where it is traced, the tracing one. */
static int measure_wake(struct bench *b, struct program *programs, size_t n,
			uint64_t figures[N_FIGURES])
{
	struct cpu_use first = { 0 }, last = { 0 };
	int r = program_start(&programs[0], timebase_monotonic()), r_use;
	uint64_t ns;

	if (r < 0)
		return r;
	sleep_ns(EDGE_NS);
	r_use = cpu_use_read(&b->root, b->cpu, programs, n, &first);
	sleep_ns(b->seconds * NS_PER_S - 2 * EDGE_NS);
	if (r_use == 0)
		r_use = cpu_use_read(&b->root, b->cpu, programs, n, &last);
	programs_wait(programs, n, timebase_monotonic(), -1);
	ns = u64_max(1, last.at_ns - first.at_ns);
	figures[OURS_PPM] = (last.run_ns - first.run_ns) * 1000000 / ns;
	figures[N_THREADS] = last.n_threads;
	figures[IWI_PER_1000_S] = (last.n_iwi - first.n_iwi) * 1000 * NS_PER_S / ns;
	return r_use < 0 ? r_use : read_wake(b, &programs[0], &figures[WAKE_P50_NS]);
}

static int wake_turn(struct bench *b, bool is_traced, uint64_t figures[N_FIGURES])
{
	const char *const wake[ARGS_MAX] = { b->wake_path, "--cpus", b->cpu_words,
					     "--interval", INTERVAL, "--rep-duration",
					     b->wake_time, "--reps", "1" };
	const char *const trace[ARGS_MAX] = { b->trace_path, "--cpus",     b->cpu_words,
					      "--guest-pid", b->guest_pid, "--rep-duration",
					      b->trace_time, "--reps",     "1" };
	struct program programs[] = {
		{ .argv = wake, .limit_ns = b->seconds * NS_PER_S + SLACK_NS },
		{ .argv = trace, .limit_ns = b->seconds * NS_PER_S + SLACK_NS },
	};
	uint64_t taken_ns = 0;
	int r = 0;

	if (is_traced) {
		r = program_start(&programs[1], timebase_monotonic());
		sleep_ns(TRACE_AHEAD_NS);
	}
	if (r == 0)
		r = measure_wake(b, programs, is_traced ? 2 : 1, figures);
	if (r == 0 && is_traced)
		r = read_taken(b, &programs[1], &taken_ns);
	figures[TAKEN_PPM] = taken_ns * 1000000 / (b->seconds * NS_PER_S);
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++)
		program_release(&programs[i]);
	return r;
}

static int switch_turn(struct bench *b, bool is_traced, uint64_t figures[N_FIGURES])
{
	struct ping_pong_result result;
	int r = ping_pong_run(b->cpu, HANDOVERS, is_traced, &result);

	if (r < 0)
		return r;
	figures[SWITCH_NS] = result.switch_ns;
	figures[EVENTS_PERMILLE] = result.events_permille;
	return result.n_lost ? -EOVERFLOW : 0;
}

/* By a link of another name it is, to the program, somebody's. */
static int start_guest(struct bench *b)
{
	int r;

	b->guest_argv[0] = b->guest_path;
	b->guest_argv[1] = "--cpus";
	b->guest_argv[2] = b->cpu_words;
	b->guest = (struct program){ .argv = b->guest_argv };
	r = program_start(&b->guest, timebase_monotonic());
	if (r == 0)
		r = program_wait_line(&b->guest, timebase_monotonic(), SLACK_NS);
	if (r == 0 && asprintf(&b->guest_pid, "%d", (int)b->guest.pid) < 0)
		r = -ENOMEM;
	return r;
}

typedef int turn_fn(struct bench *b, bool is_traced, uint64_t figures[N_FIGURES]);

/* Who is first takes turns, too. */
static int run_turns(struct bench *b, turn_fn *turn)
{
	for (size_t i = 0; i < b->n_rounds; i++) {
		for (size_t k = 0; k < N_SIDES; k++) {
			const size_t side = (i + k) % N_SIDES;
			uint64_t figures[N_FIGURES] = { 0 };
			int r = turn(b, side == TRACED, figures);

			if (r < 0)
				return r;
			for (size_t f = 0; f < N_FIGURES; f++)
				b->figures[f][side][i] += figures[f];
		}
	}
	return 0;
}

static int measure(struct bench *b)
{
	int r = run_turns(b, switch_turn);

	if (r == 0)
		r = start_guest(b);
	if (r == 0)
		r = run_turns(b, wake_turn);
	for (size_t i = 0; r == 0 && i < N_PASSIVE; i++) {
		const struct passive_wish wish = { &b->root,     b->cpu,       b->run_path,
						   b->guest_pid, b->cpu_words, b->wake_time,
						   b->folder };

		r = passive_run(&wish, i, &b->passive[i]);
	}
	program_stop(&b->guest);
	return r;
}

static void print_row(const char *name, uint64_t *v, size_t n)
{
	const struct spread s = spread_of(v, n);

	printf("%-46s %9" PRIu64 " %9" PRIu64 " %9" PRIu64 "\n", name, s.min, s.median, s.max);
}

/* Of each round by itself: a shared machine changes its pace from one to the next. */
static void print_apart(const struct bench *b, const char *name, enum figure f, bool is_ratio)
{
	uint64_t v[ROUNDS_MAX];

	for (size_t i = 0; i < b->n_rounds; i++) {
		const uint64_t plain = b->figures[f][PLAIN][i], traced = b->figures[f][TRACED][i];

		v[i] = is_ratio ? traced * 1000 / u64_max(1, plain)
				: traced - u64_min(plain, traced);
	}
	print_row(name, v, b->n_rounds);
}

static bool say(const char *what, uint64_t v, const char *unit, uint64_t limit)
{
	printf("%s: %" PRIu64 "%s (at most %" PRIu64 "): %s\n", what, v, unit, limit,
	       v <= limit ? "ok" : "MISSED");
	return v <= limit;
}

static void print_figures(struct bench *b)
{
	static const struct {
		const char *name;
		enum figure figure;
		int side;
	} rows[] = {
		{ "wake p50, ns", WAKE_P50_NS, PLAIN },
		{ "wake p50, ns, traced", WAKE_P50_NS, TRACED },
		{ "CPU time of our threads, ppm", OURS_PPM, PLAIN },
		{ "CPU time of our threads, ppm, traced", OURS_PPM, TRACED },
		{ "what the trace says they took, ppm", TAKEN_PPM, TRACED },
		{ "threads of ours that may run there", N_THREADS, PLAIN },
		{ "threads of ours that may run there, traced", N_THREADS, TRACED },
		{ "irq_work interrupts in 1000 s", IWI_PER_1000_S, PLAIN },
		{ "irq_work interrupts in 1000 s, traced", IWI_PER_1000_S, TRACED },
		{ "a switch of tasks, ns", SWITCH_NS, PLAIN },
		{ "a switch of tasks, ns, traced", SWITCH_NS, TRACED },
		{ "events of a switch, 0.001 x", EVENTS_PERMILLE, TRACED },
	};

	print_apart(b, "wake p50, traced to not, 0.001 x", WAKE_P50_NS, true);
	print_apart(b, "a switch of tasks, ns more when traced", SWITCH_NS, false);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		print_row(rows[i].name, b->figures[rows[i].figure][rows[i].side], b->n_rounds);
}

static int judge(struct bench *b)
{
	struct passive sum = { 0 };
	bool is_met;

	printf("CPU %u, %" PRIu64 " rounds of %" PRIu64 " s, turns with tracing and without\n",
	       b->cpu, b->n_rounds, b->seconds);
	printf("%-46s %9s %9s %9s\n", "", "min", "median", "max");
	print_figures(b);
	for (size_t i = 0; i < N_PASSIVE; i++)
		passive_add(&sum, &b->passive[i]);
	printf("passive, %u runs, %" PRIu64 " switches there, %" PRIu64
	       " lost: threads of ours while measuring %" PRIu64 ", for %" PRIu64
	       " ns; before and after %" PRIu64 ", for %" PRIu64 " us\n",
	       N_PASSIVE, sum.n_switches, sum.n_lost, sum.meanwhile.n_threads, sum.meanwhile.ns,
	       sum.all.n_threads - sum.meanwhile.n_threads,
	       (sum.all.ns - sum.meanwhile.ns) / NS_PER_US);
	if (sum.all.n_gone_threads)
		printf("%" PRIu64 " threads called vfiobench ended before it was known whose\n",
		       sum.all.n_gone_threads);
	/* Sorted by now. */
	is_met = say("CPU time of our threads, traced",
		     b->figures[OURS_PPM][TRACED][b->n_rounds / 2], " ppm", GUEST_PPM_MAX);
	is_met &= say("threads of ours there in passive mode", sum.meanwhile.n_threads, "", 0);
	is_met &= say("events of the guest lost", b->n_lost, "", 0);
	return is_met ? 0 : 1;
}

static void print_load(const struct bench *b)
{
	auto_free char *line = NULL;

	if (sysroot_read_line(&b->root, &line, "/proc/loadavg") == 0)
		printf("load average %s\n", line);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int prepare(struct bench *b, char **argv, uint64_t housekeeping)
{
	auto_free char *microguest = program_beside(argv[0], "vfiobench-microguest");
	auto_free char *target = microguest ? realpath(microguest, NULL) : NULL;
	struct cpus own = { 0 };

	cpus_add(&own, (unsigned)housekeeping);
	snprintf(b->folder, sizeof(b->folder), "/tmp/vfiobench-bench.XXXXXX");
	if (!target || !mkdtemp(b->folder))
		return -ENOENT;
	b->wake_path = program_beside(argv[0], "vfiobench-probe-wake");
	b->trace_path = program_beside(argv[0], "vfiobench-probe-trace");
	b->run_path = program_beside(argv[0], "vfiobench");
	if (!b->wake_path || !b->trace_path || !b->run_path ||
	    asprintf(&b->guest_path, "%s/guest", b->folder) < 0 ||
	    asprintf(&b->cpu_words, "%u", b->cpu) < 0 ||
	    asprintf(&b->wake_time, "%" PRIu64 "s", b->seconds) < 0 ||
	    asprintf(&b->trace_time, "%" PRIu64 "s", b->seconds + TRACE_MORE_S) < 0)
		return -ENOMEM;
	if (symlink(target, b->guest_path) < 0)
		return neg_errno();
	return pin_self(&own);
}

static void release(struct bench *b)
{
	program_release(&b->guest);
	nftw(b->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	free(b->wake_path);
	free(b->trace_path);
	free(b->run_path);
	free(b->guest_path);
	free(b->guest_pid);
	free(b->cpu_words);
	free(b->wake_time);
	free(b->trace_time);
	arena_release(&b->arena);
	sysroot_close(&b->root);
	free(b);
}

int main(int argc, char **argv)
{
	struct bench *b = calloc(1, sizeof(*b));
	int r;

	if (!b || sysroot_open(&b->root, "/") < 0)
		return 2;
	b->cpu = (unsigned)number_arg(argc, argv, 1, 1, 0, CPUS_MAX - 1);
	b->seconds = number_arg(argc, argv, 3, 4, 3, 3600);
	b->n_rounds = number_arg(argc, argv, 4, 11, 1, ROUNDS_MAX);
	print_load(b);
	r = prepare(b, argv, number_arg(argc, argv, 2, 0, 0, CPUS_MAX - 1));
	if (r == 0)
		r = measure(b);
	print_load(b);
	if (r < 0)
		printf("not measured: %s\n", strerror(-r));
	r = r < 0 ? 2 : judge(b);
	release(b);
	return r;
}
