/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TEST_SOURCES: probes/pin.c
 *
 * Tracing, from the instance to the sums, on events of two threads that hand a byte to each other
 * on one CPU as fast as they can:
 * - a live source: set-up, events lost, time per event, interrupts that reading causes there;
 * - pages, decoding and attribution per event, beside "trace-cmd report" on the same events and
 *   "perf sched latency" on events of the same kind, taking turns. All in time of the CPU.
 *
 * bench_trace_decode [CPU [HOUSEKEEPING_CPU [EVENTS [ROUNDS]]]]. Exit status 1: a target missed.
 */
#include <event-parse.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "core/program.h"
#include "core/sysroot.h"
#include "probes/parse/interrupts.h"
#include "probes/pin.h"
#include "probes/trace/decode.h"
#include "probes/trace/keep.h"
#include "probes/trace/live.h"
#include "probes/trace/live_events.h"
#include "probes/trace/live_instance.h"
#include "probes/trace/live_pages.h"
#include "probes/trace/machine.h"

#define ROUNDS_MAX    31u
#define EVENT_NS_MAX  120u
#define SETUP_MS_MAX  20u
#define SETUPS        9u
#define QUIET_ROUNDS  4u
#define QUIET_S       2u
#define PAGE_SIZE_    4096u
#define PROGRAM_LIMIT (120 * NS_PER_S)

struct bench {
	unsigned cpu, housekeeping;
	uint64_t n_wanted, n_rounds;
	struct sysroot root;
	char folder[64], spool[96], dat[96], perf[96];
	int spool_dir;
	uint64_t n_recorded, n_perf;
	int tid; /* of one of the two */
	uint64_t start_ns, end_ns;
	struct tep_handle *tep;
	bool is_missed;
};

struct load { /* two threads on one CPU */
	unsigned cpu;
	int there[2], back[2];
	atomic_bool is_over;
	atomic_int tid;
	pthread_t thread[2];
};

static void fail(const char *what)
{
	fprintf(stderr, "bench_trace_decode: %s\n", what);
	exit(2);
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec t = { 0 };

	if (clock_gettime(clock, &t) < 0)
		fail("clock_gettime");
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static int compare_u64(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t median(uint64_t *v, size_t n)
{
	qsort(v, n, sizeof(*v), compare_u64);
	return v[n / 2];
}

static void *serve(void *arg)
{
	struct load *l = arg;
	char byte = 0;

	atomic_store(&l->tid, (int)syscall(SYS_gettid));
	while (!atomic_load(&l->is_over)) {
		if (write(l->there[1], &byte, 1) != 1 || read(l->back[0], &byte, 1) != 1)
			break;
	}
	close(l->there[1]);
	return NULL;
}

static void *answer(void *arg)
{
	struct load *l = arg;
	char byte = 0;

	while (read(l->there[0], &byte, 1) == 1 && write(l->back[1], &byte, 1) == 1)
		continue;
	return NULL;
}

static void load_start(struct load *l, unsigned cpu)
{
	*l = (struct load){ .cpu = cpu };
	if (pipe2(l->there, O_CLOEXEC) < 0 || pipe2(l->back, O_CLOEXEC) < 0 ||
	    pin_thread_new(cpu, 0, answer, l, &l->thread[1]) < 0 ||
	    pin_thread_new(cpu, 0, serve, l, &l->thread[0]) < 0)
		fail("cannot start two threads there");
	while (!atomic_load(&l->tid))
		usleep(100);
}

static void load_stop(struct load *l)
{
	atomic_store(&l->is_over, true);
	pthread_join(l->thread[0], NULL);
	pthread_join(l->thread[1], NULL);
	close(l->there[0]);
	close(l->back[0]);
	close(l->back[1]);
}

static struct live *live_of(const struct bench *b, int spool_dir)
{
	struct live_options options = { .spool_dir = spool_dir };
	auto_free char *why = NULL;
	struct live *live;

	cpus_add(&options.cpus, b->cpu);
	if (live_new(&options, &live, &why) < 0)
		fail(why ? why : "no live source");
	return live;
}

static struct trace_machine *machine_of(const struct bench *b, const bool *has, uint64_t end_ns)
{
	struct trace_setup setup = { .start_ns = b->start_ns, .end_ns = end_ns, .rung = "tracefs" };
	const struct trace_member vcpu = { .tid = b->tid,
					   .role = TRACE_ROLE_VCPU,
					   .start_cpu = -1 };
	struct trace_machine *m;

	for (unsigned i = 0; i < N_TRACE_KINDS; i++)
		setup.has[i] = has[i];
	m = trace_machine_new(&setup);
	if (!m || trace_machine_add_thread(m, &vcpu) < 0)
		fail("no machine");
	return m;
}

/* Pages are kept for the comparison; events go through the machine, as in a probe. */
static void record(struct bench *b)
{
	struct live *live = live_of(b, b->spool_dir);
	struct trace_source *source = live_source(live);
	struct trace_machine *m;
	struct live_stats s;
	struct trace_event e;
	struct load load;
	uint64_t unix_ns, wall_ns;

	load_start(&load, b->cpu);
	b->tid = atomic_load(&load.tid);
	if (live_start(live) < 0)
		fail("cannot start");
	live_started(live, &b->start_ns, &unix_ns);
	m = machine_of(b, live_has(live), UINT64_MAX);
	do {
		usleep((useconds_t)(live_poll_interval_ns(live) / NS_PER_US));
		if (live_poll(live) < 0)
			fail("cannot read");
		while (source->next(source, &e) > 0)
			trace_machine_event(m, &e);
	} while (live_stats(live).n_events < b->n_wanted);
	/* the kernel lets others go first who switch a tracer */
	load_stop(&load);
	if (live_stop(live) < 0 || live_poll(live) < 0)
		fail("cannot stop");
	while (source->next(source, &e) > 0)
		trace_machine_event(m, &e);
	b->end_ns = clock_ns(CLOCK_MONOTONIC);
	s = live_stats(live);
	b->n_recorded = s.n_events;
	wall_ns = b->end_ns - b->start_ns;
	printf("live: %" PRIu64 " events, %" PRIu64 " /s, %" PRIu64
	       " bytes each, in buffers of %" PRIu64 " KiB; fullest %" PRIu64 ".%" PRIu64
	       " %%, %" PRIu64 " polls\n",
	       s.n_events, s.n_events * NS_PER_S / wall_ns, s.n_bytes / s.n_events, s.buffer_kib,
	       s.max_fill_permille / 10, s.max_fill_permille % 10, s.n_polls);
	printf("%-44s %8" PRIu64 "    (target 0): %s\n", "live: events lost", s.n_lost,
	       s.n_lost ? "MISSED" : "met");
	printf("%-44s %8" PRIu64 " ns/event\n", "live: reading, spooling and decoding",
	       s.read_ns / s.n_events);
	b->is_missed |= s.n_lost > 0;
	trace_machine_free(m);
	live_free(live);
}

static void write_dat(const struct bench *b)
{
	const struct keep_source source = { .root = &b->root,
					    .spool_dir = b->spool_dir,
					    .clock = "mono" };
	auto_free char *why = NULL;
	struct keep_stats stats;

	if (keep_trace_write(b->dat, &source, &stats, &why) < 0)
		fail(why ? why : "no trace.dat");
}

/* 0: it is not there, or failed. */
static int run(const char *const *argv, char **ret_out)
{
	struct program p = { .argv = argv, .limit_ns = PROGRAM_LIMIT };
	int r = program_start(&p, timebase_monotonic());

	if (programs_wait(&p, 1, timebase_monotonic(), -1) < 0 || r < 0 ||
	    p.end != PROGRAM_EXITED || p.code != 0) {
		r = -EIO;
	} else if (ret_out) {
		*ret_out = p.out;
		p.out = NULL;
	}
	program_release(&p);
	return r;
}

/* Events of the same kind, as perf takes them; n of them, or 0 without perf. */
static void record_perf(struct bench *b)
{
	char cpu[16], seconds[16];
	const char *const argv[] = { "/usr/bin/perf",
				     "record",
				     "-q",
				     "-m",
				     "4096",
				     "-C",
				     cpu,
				     "-o",
				     b->perf,
				     "-e",
				     "sched:sched_switch,sched:sched_waking,sched:sched_wakeup,"
				     "sched:sched_wakeup_new,sched:sched_migrate_task",
				     "-e",
				     "irq:softirq_entry,irq:softirq_exit,irq:irq_handler_entry,"
				     "irq:irq_handler_exit",
				     "-e",
				     "irq_vectors:local_timer_entry,irq_vectors:local_timer_exit",
				     "--",
				     "/bin/sleep",
				     seconds,
				     NULL };
	const char *const count[] = { "/usr/bin/perf", "report", "--stats", "-i", b->perf, NULL };
	const uint64_t ns = b->end_ns - b->start_ns;
	auto_free char *out = NULL;
	struct text rest, line;
	struct load load;
	int r;

	snprintf(cpu, sizeof(cpu), "%u", b->cpu);
	snprintf(seconds, sizeof(seconds), "%" PRIu64 ".%03" PRIu64, ns / NS_PER_S,
		 ns % NS_PER_S / NS_PER_MS);
	load_start(&load, b->cpu);
	r = run(argv, NULL);
	load_stop(&load);
	if (r < 0 || run(count, &out) < 0)
		return;
	for (rest = text_of(out); text_next_line(&rest, &line);) {
		struct text key, value, number;
		uint64_t n;

		if (text_key_value(line, ':', &key, &value) && text_equal(key, "SAMPLE events") &&
		    text_next_word(&value, &number) && text_u64(number, &n) == 0) {
			b->n_perf = n;
			break;
		}
	}
}

/* CPU time of a program over a file, in ps per event; 0: not told. */
static uint64_t time_program(const char *const *argv, uint64_t n)
{
	struct rusage before, after;
	uint64_t us;

	if (!n || getrusage(RUSAGE_CHILDREN, &before) < 0 || run(argv, NULL) < 0 ||
	    getrusage(RUSAGE_CHILDREN, &after) < 0)
		return 0;
	us = (uint64_t)(after.ru_utime.tv_sec - before.ru_utime.tv_sec + after.ru_stime.tv_sec -
			before.ru_stime.tv_sec) *
		     1000000 +
	     (uint64_t)(after.ru_utime.tv_usec - before.ru_utime.tv_usec + after.ru_stime.tv_usec -
			before.ru_stime.tv_usec);
	return us * 1000000 / n;
}

/* The recorded pages again, as far as wanted: ps per event. */
static uint64_t time_ours(const struct bench *b, bool has_decoding, bool has_machine)
{
	struct live_pages *pages;
	struct trace_decoder *d;
	struct trace_machine *m;
	struct live_record record;
	struct trace_event e;
	char name[32];
	uint64_t start_ns, ns;
	auto_arena struct arena a = { 0 };
	struct trace_facts facts = { 0 };

	snprintf(name, sizeof(name), "cpu%u", b->cpu);
	if (live_pages_new(openat(b->spool_dir, name, O_RDONLY | O_CLOEXEC), -1, PAGE_SIZE_,
			   &pages) < 0 ||
	    trace_decoder_new(b->tep, &d) < 0)
		fail("no pages");
	m = machine_of(b, trace_decoder_has(d), b->end_ns);
	start_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	while (live_pages_next(pages, &record) > 0) {
		if (!has_decoding) {
			__asm__ volatile("" ::"r"(&record) : "memory");
			continue;
		}
		if (!trace_decode(d, (int)b->cpu, record.t, record.at, record.size, &e))
			continue;
		if (has_machine)
			trace_machine_event(m, &e);
	}
	if (has_machine && trace_machine_finish(m, &a, &facts) < 0)
		fail("no sums");
	ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - start_ns;
	if (live_pages_stats(pages)->n_records != b->n_recorded)
		fail("other events than were recorded");
	trace_machine_free(m);
	trace_decoder_free(d);
	live_pages_free(pages);
	return ns * 1000 / b->n_recorded;
}

static void read_formats(struct bench *b)
{
	if (live_events_read(NULL, live_events_wanted(), &b->tep) < 0)
		fail("no formats");
}

enum { PAGES, DECODED, OURS, TRACE_CMD, PERF, N_WAYS };

static void print_way(const char *name, uint64_t ps, uint64_t ours_ps)
{
	if (!ps)
		printf("%-44s not measured\n", name);
	else
		printf("%-44s %6" PRIu64 ".%" PRIu64 " ns/event, ratio %" PRIu64 ".%02" PRIu64 "\n",
		       name, ps / 1000, ps % 1000 / 100, ps / ours_ps, ps * 100 / ours_ps % 100);
}

static void compare(struct bench *b)
{
	/* what it prints is more than is kept of a program's output */
	const char *const report[] = { "/bin/sh", "-c",
				       "exec trace-cmd report -i \"$0\" >/dev/null", b->dat, NULL };
	const char *const latency[] = { "/usr/bin/perf", "sched", "latency", "-i", b->perf, NULL };
	static const char *const names[N_WAYS] = {
		[PAGES] = "pages alone",
		[DECODED] = "pages, decoding",
		[OURS] = "pages, decoding, attribution",
		[TRACE_CMD] = "trace-cmd report, the same events",
		[PERF] = "perf sched latency, of the same kind",
	};
	uint64_t ps[N_WAYS][ROUNDS_MAX], ours;

	for (uint64_t i = 0; i < b->n_rounds; i++) {
		ps[PAGES][i] = time_ours(b, false, false);
		ps[TRACE_CMD][i] =
			i < 3 ? time_program(report, b->n_recorded) : ps[TRACE_CMD][i - 3];
		ps[DECODED][i] = time_ours(b, true, false);
		ps[PERF][i] = time_program(latency, b->n_perf);
		ps[OURS][i] = time_ours(b, true, true);
	}
	ours = median(ps[OURS], b->n_rounds);
	for (unsigned way = 0; way < N_WAYS; way++)
		print_way(names[way], median(ps[way], b->n_rounds), ours);
	printf("%-44s %8" PRIu64 " ns (target <= %u ns): %s\n", "per event, all of ours",
	       ours / 1000, EVENT_NS_MAX, ours <= EVENT_NS_MAX * 1000 ? "met" : "MISSED");
	b->is_missed |= ours > EVENT_NS_MAX * 1000;
}

/* What the kernel takes for an instance with that clock and size, whoever asks for it. */
static uint64_t time_instance(const struct bench *b)
{
	struct cpus cpus = { { 0 } };
	const struct live_settings settings = { .clock = "mono",
						.cpus = &cpus,
						.buffer_kib = 8 * KIB };
	const uint64_t start_ns = clock_ns(CLOCK_MONOTONIC);
	struct tracefs_instance *instance;
	auto_free char *why = NULL;
	uint64_t ns;
	int fd;

	cpus_add(&cpus, b->cpu);
	if (live_instance_new(&instance, &fd, &why) < 0 ||
	    live_instance_set(instance, &settings, &why) < 0)
		fail(why ? why : "no instance");
	ns = clock_ns(CLOCK_MONOTONIC) - start_ns;
	live_instance_free(instance, fd);
	return ns / 1000;
}

static void measure_setup(struct bench *b)
{
	uint64_t us[SETUPS], instance_us[SETUPS], all, of_it;

	for (unsigned i = 0; i < SETUPS; i++) {
		struct live *live = live_of(b, -1);

		if (live_start(live) < 0)
			fail("cannot start");
		us[i] = live_stats(live).setup_ns / 1000;
		live_free(live);
		instance_us[i] = time_instance(b);
	}
	all = median(us, SETUPS);
	of_it = median(instance_us, SETUPS);
	printf("%-44s %6" PRIu64 ".%" PRIu64 " ms, best %" PRIu64 ".%" PRIu64 "\n",
	       "instance, clock and buffer alone", of_it / 1000, of_it % 1000 / 100,
	       instance_us[0] / 1000, instance_us[0] % 1000 / 100);
	printf("%-44s %6" PRIu64 ".%" PRIu64 " ms, best %" PRIu64 ".%" PRIu64
	       " (target <= %u ms): %s\n",
	       "set-up in all", all / 1000, all % 1000 / 100, us[0] / 1000, us[0] % 1000 / 100,
	       SETUP_MS_MAX, all <= SETUP_MS_MAX * 1000 ? "met" : "MISSED");
	b->is_missed |= all > SETUP_MS_MAX * 1000;
}

/* Interrupts for the kernel's deferred work, of that CPU. */
static uint64_t count_irq_work(const struct bench *b)
{
	auto_free char *text = NULL;
	struct interrupts_line line;
	struct interrupts it;
	uint64_t n = 0;
	size_t len;

	if (sysroot_read(&b->root, &text, &len, "/proc/interrupts") < 0 ||
	    interrupts_init(&it, text_make(text, len)) < 0)
		fail("no /proc/interrupts");
	while (interrupts_next(&it, &line)) {
		for (size_t i = 0; i < it.n_cpus && line.counts && text_equal(line.label, "IWI");
		     i++)
			n += it.cpus[i] == b->cpu ? line.counts[i] : 0;
	}
	interrupts_release(&it);
	return n;
}

struct sleeper {
	atomic_bool is_over;
};

static void *sleep_often(void *arg)
{
	struct sleeper *s = arg;

	while (!atomic_load(&s->is_over))
		usleep(1000);
	return NULL;
}

/* A CPU that is quiet but for a thread that wakes 1000 times a second. */
static uint64_t irq_work_of(struct bench *b, bool has_reader, uint64_t *ret_n_events)
{
	struct live *live = live_of(b, -1);
	struct trace_source *source = live_source(live);
	struct sleeper sleeper = { false };
	struct trace_event e;
	pthread_t thread;
	uint64_t n, end_ns;

	if (pin_thread_new(b->cpu, 0, sleep_often, &sleeper, &thread) < 0 || live_start(live) < 0)
		fail("cannot start");
	n = count_irq_work(b);
	end_ns = clock_ns(CLOCK_MONOTONIC) + QUIET_S * NS_PER_S;
	while (clock_ns(CLOCK_MONOTONIC) < end_ns) {
		usleep((useconds_t)(live_poll_interval_ns(live) / NS_PER_US));
		if (!has_reader)
			continue;
		if (live_poll(live) < 0)
			fail("cannot read");
		while (source->next(source, &e) > 0)
			continue;
	}
	n = count_irq_work(b) - n;
	*ret_n_events = live_stats(live).n_events;
	atomic_store(&sleeper.is_over, true);
	pthread_join(thread, NULL);
	live_free(live);
	return n;
}

static void measure_irq_work(struct bench *b)
{
	uint64_t with = 0, without = 0, n_events = 0, n;

	for (unsigned i = 0; i < QUIET_ROUNDS; i++) {
		without += irq_work_of(b, false, &n);
		with += irq_work_of(b, true, &n);
		n_events += n;
	}
	printf("irq_work there in %u s: %" PRIu64 " with reading (%" PRIu64 " events), %" PRIu64
	       " without\n",
	       QUIET_ROUNDS * QUIET_S, with, n_events, without);
	printf("%-44s %8" PRId64 "    (target 0): %s\n", "irq_work that reading caused",
	       (int64_t)(with - without), with <= without ? "met" : "MISSED");
	b->is_missed |= with > without;
}

static uint64_t number(int argc, char **argv, int i, uint64_t otherwise)
{
	uint64_t v;

	if (i >= argc)
		return otherwise;
	if (text_u64(text_of(argv[i]), &v) < 0)
		fail("usage: bench_trace_decode [CPU [HOUSEKEEPING_CPU [EVENTS [ROUNDS]]]]");
	return v;
}

static void prepare(struct bench *b)
{
	struct cpus home = { { 0 } };

	snprintf(b->folder, sizeof(b->folder), "/dev/shm/vfiobench-bench-XXXXXX");
	if (!mkdtemp(b->folder))
		fail("no folder in /dev/shm");
	snprintf(b->dat, sizeof(b->dat), "%s/trace.dat", b->folder);
	snprintf(b->perf, sizeof(b->perf), "%s/perf.data", b->folder);
	snprintf(b->spool, sizeof(b->spool), "%s/cpu%u", b->folder, b->cpu);
	b->spool_dir = open(b->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cpus_add(&home, b->housekeeping);
	if (b->spool_dir < 0 || sysroot_open(&b->root, "/") < 0 || pin_self(&home) < 0)
		fail("cannot prepare");
}

static void clean_up(struct bench *b)
{
	unlink(b->dat);
	unlink(b->perf);
	unlink(b->spool);
	rmdir(b->folder);
	close(b->spool_dir);
	sysroot_close(&b->root);
	if (b->tep)
		tep_free(b->tep);
}

int main(int argc, char **argv)
{
	struct bench b = { .cpu = (unsigned)number(argc, argv, 1, 1),
			   .housekeeping = (unsigned)number(argc, argv, 2, 0),
			   .n_wanted = number(argc, argv, 3, 1000000),
			   .n_rounds = u64_min(number(argc, argv, 4, 7), ROUNDS_MAX) };

	if (!b.n_rounds || !b.n_wanted)
		fail("nothing to do");
	prepare(&b);
	measure_setup(&b);
	record(&b);
	write_dat(&b);
	record_perf(&b);
	read_formats(&b);
	compare(&b);
	measure_irq_work(&b);
	clean_up(&b);
	return b.is_missed;
}
