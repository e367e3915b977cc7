/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TEST_SOURCES: probes/gap_blame.c probes/gap_crew.c probes/gap_join.c probes/gap_loop.c
 * TEST_SOURCES: probes/gap_past.c probes/gap_together.c probes/gap_trace.c probes/pin.c
 * probes/stop.c TEST_SOURCES: probes/tsc_rate.c
 */
/*
 * The loop of the gap probe beside oslat's, taking turns on one CPU: time per turn of the loop,
 * stalls of 300 ns that are put into it at random turns, and how much of the gaps of 400 ns and
 * more the trace explains: of all, and of those in which it has anything at all. In the others the
 * kernel did nothing: a hypervisor or firmware had the CPU.
 *
 * bench_gap [CPU [HOUSEKEEPING_CPU [SECONDS [ROUNDS]]]]. Exit status 1: a target missed; those of
 * the trace need a quiet host, where nothing is taken behind the kernel's back.
 */
#include "core/program.h"
#include "probes/gap_trace.h"
#include "probes/pin.h"
#include "probes/stop.h"
#include "probes/tsc_rate.h"
#include "probes/tsc_read.h"
#include "tests/bench/lib/bench.h"

#define ROUNDS_MAX      101u
#define PAIR_TRIES      200u
#define THRESHOLD_NS    400u
#define FINE_NS         100u /* threshold for the stalls */
#define STALL_NS        300u
#define STALLS_MAX      8192u
#define TURNS_PER_STALL 20000u
#define TURN_PS_MAX     11000u
#define SEEN_MIN        990u /* of 1000 */
#define EXPLAINED_MIN   930u
#define TIME_MIN        980u
#define POLL_NS         (50 * NS_PER_MS)

struct outcome {
	uint64_t ours_ps, oslat_ps; /* window by turns: gaps are in both */
	uint64_t loop_ps;           /* ours without gaps */
	uint64_t seen_permille;
	uint64_t n_gaps, n_empty, explained_permille, named_permille, time_permille, n_orphans,
		n_lost, n_unjoined;
};

struct stalls {
	uint64_t left, seed, ticks;
	uint64_t *at; /* STALLS_MAX */
	size_t n;
};

struct bench {
	struct gap_time time;
	unsigned cpu, housekeeping;
	uint64_t seconds, n_rounds;
	struct stalls stalls;
	struct outcome outcome[ROUNDS_MAX];
};

static void calibrate(struct bench *b)
{
	const struct timebase *time = timebase_monotonic();
	const struct tsc_clocks clocks = tsc_clocks_real();
	const struct tsc_pair first = tsc_pair_take(&clocks, PAIR_TRIES);
	struct tsc_pair last;
	struct tsc_rate rate = { .hz = 1 };

	time->sleep_until_ns(time->self, timebase_now(time) + NS_PER_S / 2);
	last = tsc_pair_take(&clocks, PAIR_TRIES);
	if (tsc_rate_between(&first, &last, &rate) < 0)
		exit(2);
	b->time = (struct gap_time){ rate.hz, first.tsc, 0 };
}

static struct gap_plan plan_of(const struct bench *b, uint64_t threshold_ns)
{
	const uint64_t hz = b->time.hz;

	return (struct gap_plan){
		.end_tsc = tsc_read() + b->seconds * hz,
		.threshold = tsc_ns_to_ticks(threshold_ns, hz),
		.note_limit = tsc_ns_to_ticks(threshold_ns + NS_PER_US, hz),
		.ns_q32 = gap_ns_q32(hz),
	};
}

static int start_crew(const struct bench *b, struct gap_crew *crew)
{
	int r;

	gap_crew_init(crew, timebase_monotonic());
	r = gap_crew_add(crew, b->cpu);
	if (r < 0)
		return r;
	gap_crew_prepare(crew);
	while ((r = gap_crew_wait(crew, crew->limit_ns)) > 0)
		;
	return r;
}

static int run_traced(const struct bench *b, struct gap_crew *crew, struct gap_trace *t)
{
	const struct gap_plan plan = plan_of(b, THRESHOLD_NS);
	int r, r_trace;

	gap_trace_begin(t, 0);
	gap_crew_start(crew, &plan, b->seconds * NS_PER_S);
	do {
		r = gap_crew_wait(crew, timebase_now(crew->time) + POLL_NS);
		r_trace = r > 0 ? gap_trace_poll(t) : gap_trace_end(t);
	} while (r > 0 && r_trace == 0);
	if (r == 0)
		r = r_trace;
	return r < 0 ? r : gap_trace_finish(t);
}

static void set_ours(const struct bench *b, const struct gap_crew *crew, const struct gap_trace *t,
		     struct outcome *o)
{
	const struct gap_series *s = &gap_crew_member(crew, 0).lane->series;
	const struct gap_join_sums sums = gap_join_sums(gap_trace_join(t));

	o->ours_ps = tsc_ticks_to_ns(s->end_tsc - s->start_tsc, b->time.hz) * 1000 / s->n_turns;
	o->loop_ps = gap_loop_ps(s, b->time.hz);
	o->n_gaps = sums.n_gaps;
	o->n_empty = sums.n_empty;
	o->named_permille = sums.n_explained * 1000 / u64_max(1, sums.n_gaps - sums.n_empty);
	o->explained_permille = sums.n_explained * 1000 / u64_max(1, sums.n_gaps);
	o->time_permille =
		(sums.explained_ns + sums.entry_exit_ns) * 1000 / u64_max(1, sums.gap_ns);
	o->n_orphans = sums.n_orphans;
	o->n_lost = sums.n_lost;
	o->n_unjoined = gap_join_unit(gap_trace_join(t), 0).n_unjoined;
}

static int bench_ours(struct bench *b, struct outcome *o)
{
	auto_free struct gap_crew *crew = malloc(sizeof(*crew));
	struct cpus cpus = { 0 };
	const struct gap_trace_options options = { &cpus, b->time, THRESHOLD_NS, true };
	struct gap_trace *t = NULL;
	auto_free char *why = NULL;
	int r = crew ? start_crew(b, crew) : -ENOMEM;

	cpus_add(&cpus, b->cpu);
	if (r == 0)
		r = gap_trace_new(&options, crew, &t, &why);
	if (r < 0)
		printf("%s\n", why ? why : strerror(-r));
	if (r == 0)
		r = run_traced(b, crew, t);
	if (r == 0)
		set_ours(b, crew, t, o);
	gap_trace_free(t);
	if (crew)
		gap_crew_release(crew);
	return r;
}

/* "    032 (including overflows): 1024": how many turns took that long. */
static uint64_t count_turns(struct text out)
{
	struct text line, word, key, value;
	uint64_t n = 0, us, v;

	while (text_next_line(&out, &line)) {
		if (!text_key_value(line, ':', &key, &value) || !text_next_word(&key, &word) ||
		    text_u64(word, &us) < 0 || !text_starts(text_trim(key), "(") ||
		    text_u64(text_trim(value), &v) < 0)
			continue;
		n += v;
	}
	return n;
}

static int bench_oslat(struct bench *b, struct outcome *o)
{
	auto_free char *cpu = NULL, *main_cpu = NULL, *duration = NULL;
	const char *argv[] = { "/usr/bin/oslat", "-c", NULL, "-C", NULL, "-D", NULL, "-z", NULL };
	struct program p = { .argv = argv };
	uint64_t n;
	int r;

	if (asprintf(&cpu, "%u", b->cpu) < 0 || asprintf(&main_cpu, "%u", b->housekeeping) < 0 ||
	    asprintf(&duration, "%" PRIu64, b->seconds) < 0)
		exit(2);
	argv[2] = cpu;
	argv[4] = main_cpu;
	argv[6] = duration;
	r = program_start(&p, timebase_monotonic());
	if (r == 0)
		programs_wait(&p, 1, timebase_monotonic(), -1);
	n = r == 0 && p.end == PROGRAM_EXITED ? count_turns(text_make(p.out, p.n_out)) : 0;
	o->oslat_ps = b->seconds * 1000 * NS_PER_S / u64_max(1, n);
	program_release(&p);
	return n ? 0 : r < 0 ? r : -EIO;
}

/* A clock that is held up now and then; it is told when. */
static uint64_t stalling_clock(void *self)
{
	struct stalls *s = self;
	uint64_t from;

	if (--s->left)
		return tsc_read();
	s->seed = s->seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	s->left = 1 + (s->seed >> 33) % TURNS_PER_STALL;
	from = tsc_read();
	if (s->n < STALLS_MAX)
		s->at[s->n++] = from;
	while (tsc_read() - from < s->ticks)
		;
	return tsc_read();
}

static uint64_t count_seen(const struct stalls *s, struct gap_ring *ring)
{
	struct gap_span gap = { 0 };
	uint64_t n_seen = 0;

	for (size_t i = 0; i < s->n; i++) {
		while (gap.tsc + gap.ticks < s->at[i] + s->ticks && gap_ring_take(ring, &gap))
			;
		n_seen += gap.tsc <= s->at[i] && gap.tsc + gap.ticks >= s->at[i] + s->ticks;
	}
	return n_seen;
}

struct stall_job {
	struct bench *b;
	struct gap_lane *lane;
};

static void *stall_main(void *arg)
{
	struct stall_job *job = arg;
	const struct gap_clock clock = { stalling_clock, &job->b->stalls };
	struct gap_plan plan = plan_of(job->b, FINE_NS);
	const atomic_bool stop = false;

	/* The lane has room for 16384 gaps, of us and of all others. */
	plan.end_tsc = tsc_read() + job->b->time.hz;
	gap_loop_run_with(&clock, &plan, &stop, job->lane);
	return NULL;
}

static int bench_stalls(struct bench *b, struct outcome *o)
{
	struct gap_lane *lane = aligned_alloc(128, sizeof(*lane));
	struct stall_job job = { b, lane };
	pthread_t thread;
	int r;

	if (!lane)
		return -ENOMEM;
	memset(lane, 0, sizeof(*lane));
	b->stalls.n = 0;
	b->stalls.left = 1000;
	b->stalls.ticks = tsc_ns_to_ticks(STALL_NS, b->time.hz);
	r = pin_thread_new(b->cpu, 0, stall_main, &job, &thread);
	if (r == 0) {
		pthread_join(thread, NULL);
		o->seen_permille =
			count_seen(&b->stalls, &lane->ring) * 1000 / u64_max(1, b->stalls.n);
	}
	free(lane);
	return r;
}

static uint64_t median(const struct bench *b, size_t member_at)
{
	uint64_t v[ROUNDS_MAX];

	for (size_t i = 0; i < b->n_rounds; i++)
		memcpy(&v[i], (const char *)&b->outcome[i] + member_at, sizeof(v[i]));
	return spread_of(v, b->n_rounds).median;
}

#define MEDIAN(b, member) median(b, offsetof(struct outcome, member))

/* Others on the CPU only ever make it longer. */
static uint64_t smallest(const struct bench *b, size_t member_at)
{
	uint64_t least = UINT64_MAX, v;

	for (size_t i = 0; i < b->n_rounds; i++) {
		memcpy(&v, (const char *)&b->outcome[i] + member_at, sizeof(v));
		least = u64_min(least, v);
	}
	return least;
}

static bool say(const char *what, uint64_t v, const char *unit, const char *word, uint64_t limit,
		bool is_met)
{
	printf("%s: %" PRIu64 " %s (%s %" PRIu64 "): %s\n", what, v, unit, word, limit,
	       is_met ? "ok" : "MISSED");
	return is_met;
}

static int judge(const struct bench *b)
{
	const uint64_t ours = smallest(b, offsetof(struct outcome, ours_ps));
	const uint64_t oslat = smallest(b, offsetof(struct outcome, oslat_ps));
	const uint64_t loop = MEDIAN(b, loop_ps), seen = MEDIAN(b, seen_permille);
	const uint64_t explained = MEDIAN(b, explained_permille),
		       in_time = MEDIAN(b, time_permille);
	const uint64_t named = MEDIAN(b, named_permille);
	const uint64_t orphans = MEDIAN(b, n_orphans), lost = MEDIAN(b, n_lost);
	bool is_met;

	printf("a turn with gaps, in the best round: %" PRIu64 " ps beside %" PRIu64
	       " ps of oslat, ratio 0.001 x "
	       "%" PRIu64 "\n",
	       ours, oslat, ours * 1000 / u64_max(1, oslat));
	is_met = say("a turn", loop, "ps", "at most", TURN_PS_MAX, loop <= TURN_PS_MAX);
	is_met &= say("stalls of 300 ns seen", seen, "of 1000", "at least", SEEN_MIN,
		      seen >= SEEN_MIN);
	is_met &= say("gaps of 400 ns or more explained", explained, "of 1000", "at least",
		      EXPLAINED_MIN, explained >= EXPLAINED_MIN);
	is_met &= say("the same where anything was recorded", named, "of 1000", "at least",
		      EXPLAINED_MIN, named >= EXPLAINED_MIN);
	is_met &=
		say("of their time", in_time, "of 1000", "at least", TIME_MIN, in_time >= TIME_MIN);
	is_met &= say("interruptions without a gap", orphans, "a round", "at most", 0, !orphans);
	is_met &= say("events lost", lost, "a round", "at most", 0, !lost);
	return is_met ? 0 : 1;
}

static const struct {
	const char *name;
	int (*run)(struct bench *b, struct outcome *o);
} turns[] = { { "ours", bench_ours }, { "oslat", bench_oslat }, { "stalls", bench_stalls } };

static int run_rounds(struct bench *b)
{
	printf("%9s %9s %9s %6s %7s %7s %9s %6s %8s %9s %5s\n", "ours ps", "loop ps", "oslat ps",
	       "seen", "gaps", "empty", "explained", "time", "orphans", "unjoined", "lost");
	for (size_t i = 0; i < b->n_rounds; i++) {
		struct outcome *o = &b->outcome[i];

		for (size_t k = 0; k < ARRAY_SIZE(turns); k++) {
			const size_t turn = (k + i) % ARRAY_SIZE(turns);
			const int r = turns[turn].run(b, o);

			if (r < 0) {
				printf("%s: %s\n", turns[turn].name, strerror(-r));
				return 2;
			}
		}
		printf("%9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %6" PRIu64 " %7" PRIu64 " %7" PRIu64
		       " %9" PRIu64 " %6" PRIu64 " %8" PRIu64 " %9" PRIu64 " %5" PRIu64 "\n",
		       o->ours_ps, o->loop_ps, o->oslat_ps, o->seen_permille, o->n_gaps, o->n_empty,
		       o->explained_permille, o->time_permille, o->n_orphans, o->n_unjoined,
		       o->n_lost);
		fflush(stdout);
	}
	return judge(b);
}

int main(int argc, char **argv)
{
	struct bench *b = calloc(1, sizeof(*b));
	struct cpus own = { 0 };
	int r;

	if (!b)
		return 2;
	b->stalls.at = calloc(STALLS_MAX, sizeof(*b->stalls.at));
	b->cpu = (unsigned)number_arg(argc, argv, 1, 1, 0, CPUS_MAX - 1);
	b->housekeeping = (unsigned)number_arg(argc, argv, 2, 0, 0, CPUS_MAX - 1);
	b->seconds = number_arg(argc, argv, 3, 2, 1, 3600);
	b->n_rounds = number_arg(argc, argv, 4, 5, 1, ROUNDS_MAX);
	cpus_add(&own, b->housekeeping);
	if (!b->stalls.at || stop_watch() < 0 || pin_self(&own) < 0)
		return 2;
	calibrate(b);
	r = run_rounds(b);
	free(b->stalls.at);
	free(b);
	return r;
}
