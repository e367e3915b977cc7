/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Real events of this machine. Needs root and a mounted tracefs; elsewhere it says so and skips.
 * VFIOBENCH_CYCLES: how often to start and stop (5).
 */
#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "core/text.h"
#include "core/timebase.h"
#include "probes/trace/live.h"
#include "probes/trace/live_pages.h"
#include "probes/trace/live_tsc.h"
#include "tests/lib/check.h"

#define INSTANCES "/sys/kernel/tracing/instances"

/* The highest CPU that we may run on, so that there is another one to read from, if any. */
static unsigned traced_cpu(void)
{
	unsigned cpu = 0;
	cpu_set_t set;

	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	for (unsigned i = 0; i < CPU_SETSIZE; i++)
		cpu = CPU_ISSET(i, &set) ? i : cpu;
	return cpu;
}

static struct live_options options_of(unsigned cpu)
{
	struct live_options options = { .spool_dir = -1 };

	cpus_add(&options.cpus, cpu);
	return options;
}

static struct live *live_of(const struct live_options *options)
{
	struct live *live = NULL;
	auto_free char *why = NULL;
	const int r = live_new(options, &live, &why);

	if (r == -ENOENT || r == -EACCES || r == -EPERM) {
		print_message("skipped: %s\n", why ? why : strerror(-r));
		skip();
	}
	if (r < 0)
		fail_msg("live_new: %s: %s", strerror(-r), why ? why : "");
	assert_null(why);
	return live;
}

/* Two threads on one CPU hand a byte to each other: four switches a round. */
struct pair {
	int there[2], back[2];
	unsigned cpu;
	unsigned n_rounds;
	int tids[2];
	uint64_t n_switches[2]; /* as the kernel counts them */
};

static void pin(unsigned cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	assert_int_equal(sched_setaffinity(0, sizeof(set), &set), 0);
}

static uint64_t switches(void)
{
	struct rusage u;

	assert_int_equal(getrusage(RUSAGE_THREAD, &u), 0);
	return (uint64_t)(u.ru_nvcsw + u.ru_nivcsw);
}

static void bounce(struct pair *p, unsigned side)
{
	const int in = side ? p->there[0] : p->back[0], out = side ? p->back[1] : p->there[1];
	uint64_t before;
	char byte = 0;

	p->tids[side] = (int)syscall(SYS_gettid);
	pin(p->cpu);
	before = switches();
	for (unsigned i = 0; i < p->n_rounds; i++) {
		if (side && read(in, &byte, 1) != 1)
			break;
		if (write(out, &byte, 1) != 1)
			break;
		if (!side && read(in, &byte, 1) != 1)
			break;
	}
	p->n_switches[side] = switches() - before;
}

static void *first_side(void *arg)
{
	bounce(arg, 0);
	return NULL;
}

static void *second_side(void *arg)
{
	bounce(arg, 1);
	return NULL;
}

static struct pair play(unsigned cpu, unsigned n_rounds)
{
	struct pair p = { .cpu = cpu, .n_rounds = n_rounds };
	pthread_t first, second;

	assert_int_equal(pipe2(p.there, O_CLOEXEC), 0);
	assert_int_equal(pipe2(p.back, O_CLOEXEC), 0);
	assert_int_equal(pthread_create(&first, NULL, first_side, &p), 0);
	assert_int_equal(pthread_create(&second, NULL, second_side, &p), 0);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	for (unsigned i = 0; i < 2; i++) {
		close(p.there[i]);
		close(p.back[i]);
	}
	return p;
}

struct seen {
	uint64_t n[N_TRACE_KINDS];
	uint64_t n_lost, n_some, last_ns, first_ns;
	uint64_t n_from[2]; /* switches away from each thread of the pair */
	uint64_t n_named;   /* of those with the right name */
};

static void drain(struct live *live, const struct pair *p, struct seen *seen)
{
	const uint64_t horizon_ns = live_horizon_ns(live);
	struct trace_source *source = live_source(live);
	struct trace_event e;
	int r;

	while ((r = source->next(source, &e)) > 0) {
		seen->n[e.kind]++;
		assert_true(e.t_ns >= seen->last_ns);
		assert_true(e.t_ns <= horizon_ns);
		if (!seen->first_ns)
			seen->first_ns = e.t_ns;
		seen->last_ns = e.t_ns;
		assert_int_equal(e.cpu, traced_cpu());
		if (e.kind == TRACE_LOST) {
			/* "some": its page was full */
			seen->n_some += e.lost.n == UINT64_MAX;
			seen->n_lost += e.lost.n == UINT64_MAX ? 1 : e.lost.n;
		}
		for (unsigned i = 0; p && e.kind == TRACE_SWITCH && i < 2; i++) {
			if (e.sched_switch.prev_pid != p->tids[i])
				continue;
			seen->n_from[i]++;
			seen->n_named +=
				strncmp(e.sched_switch.prev_comm, "test_trace_live", 15) == 0;
		}
	}
	assert_int_equal(r, 0);
}

static void test_switches(void **state)
{
	const struct live_options options = options_of(traced_cpu());
	const bool *has;
	struct live *live = live_of(&options);
	struct seen seen = { { 0 } };
	struct live_stats stats;
	uint64_t clock_ns, unix_ns;
	struct pair p;

	(void)state;
	has = live_has(live);
	assert_true(has[TRACE_SWITCH] && has[TRACE_WAKING] && has[TRACE_SOFTIRQ_ENTRY]);
	assert_false(has[TRACE_TIMER_EXIT] || has[TRACE_LOST] || has[TRACE_OTHER]);
	assert_int_equal(live_start(live), 0);
	p = play(traced_cpu(), 2000);
	assert_int_equal(live_stop(live), 0);
	assert_int_equal(live_poll(live), 0);
	assert_true(live_horizon_ns(live) == UINT64_MAX);
	drain(live, &p, &seen);
	stats = live_stats(live);
	assert_int_equal(stats.n_lost, 0);
	assert_int_equal(stats.n_broken, 0);
	assert_int_equal(seen.n[TRACE_LOST], 0);
	/* All that the kernel counted, and what they did around it: start, end. */
	for (unsigned i = 0; i < 2; i++)
		assert_in_range(seen.n_from[i], p.n_switches[i], p.n_switches[i] + 100);
	assert_int_equal(seen.n_named, seen.n_from[0] + seen.n_from[1]);
	assert_true(stats.n_events >= seen.n_named && stats.n_bytes > stats.n_events * 8);
	assert_int_equal(stats.n_polls, 1);
	live_started(live, &clock_ns, &unix_ns);
	assert_true(clock_ns <= seen.first_ns);
	assert_true(seen.last_ns <= timebase_now(timebase_monotonic()));
	assert_in_range(unix_ns, 1, unix_now_ns());
	assert_in_range(live_poll_interval_ns(live), 10 * NS_PER_MS, 100 * NS_PER_MS);
	assert_true(stats.setup_ns > 0 && stats.read_ns > 0 && stats.buffer_kib >= 64);
	live_free(live);
}

/* While it goes on: each poll gives what was up to its horizon, in order, nothing is lost. */
static void test_polls(void **state)
{
	struct live_options options = options_of(traced_cpu());
	struct seen seen = { { 0 } };
	struct live *live;
	struct pair p = { .n_rounds = 0 };
	uint64_t n_want[2] = { 0, 0 }, n_from[2] = { 0, 0 };

	(void)state;
	options.clock = LIVE_CLOCK_MONO;
	live = live_of(&options);
	assert_int_equal(live_start(live), 0);
	for (unsigned i = 0; i < 10; i++) {
		p = play(traced_cpu(), 200);
		if (i == 9)
			assert_int_equal(live_stop(live), 0);
		/* longer than what is held back */
		usleep(2000);
		assert_int_equal(live_poll(live), 0);
		drain(live, &p, &seen);
		for (unsigned k = 0; k < 2; k++) {
			n_want[k] += p.n_switches[k];
			n_from[k] += seen.n_from[k];
			assert_true(seen.n_from[k] >= p.n_switches[k]);
			seen.n_from[k] = 0;
		}
	}
	for (unsigned k = 0; k < 2; k++)
		assert_in_range(n_from[k], n_want[k], n_want[k] + 100);
	assert_int_equal(live_stats(live).n_lost, 0);
	assert_int_equal(live_stats(live).n_polls, 10);
	live_free(live);
}

/* "overrun: 12" of the stats of that CPU. */
static uint64_t kernel_lost(unsigned cpu)
{
	static const char *const keys[] = { "\noverrun: ", "\ncommit overrun: ",
					    "\ndropped events: " };
	char path[128], buf[1024];
	uint64_t n = 0;
	ssize_t len;

	snprintf(path, sizeof(path), INSTANCES "/vfiobench.%d/per_cpu/cpu%u/stats", (int)getpid(),
		 cpu);
	{
		auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

		assert_true(fd >= 0);
		len = read(fd, buf, sizeof(buf) - 1);
	}
	assert_true(len > 0);
	buf[len] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *at = strstr(buf, keys[i]);

		assert_non_null(at);
		n += strtoull(at + strlen(keys[i]), NULL, 10);
	}
	return n;
}

static void test_loss(void **state)
{
	struct live_options options = options_of(traced_cpu());
	struct seen seen = { { 0 } };
	struct live *live;
	struct pair p;

	(void)state;
	options.buffer_kib = 64;
	live = live_of(&options);
	assert_int_equal(live_start(live), 0);
	p = play(traced_cpu(), 3000);
	assert_int_equal(live_stop(live), 0);
	assert_int_equal(live_poll(live), 0);
	drain(live, &p, &seen);
	assert_true(seen.n[TRACE_LOST] > 0);
	assert_true(live_stats(live).n_lost > 1000);
	assert_int_equal(live_stats(live).n_lost, kernel_lost(traced_cpu()));
	if (seen.n_some)
		assert_in_range(seen.n_lost, 1, live_stats(live).n_lost);
	else
		assert_int_equal(seen.n_lost, live_stats(live).n_lost);
	assert_true(seen.n[TRACE_SWITCH] > 100);
	live_free(live);
}

static void test_tsc_clock(void **state)
{
	struct live_options options = options_of(traced_cpu());
	struct seen seen = { { 0 } };
	uint64_t start_ns, unix_ns;
	struct live *live;

	(void)state;
	options.clock = LIVE_CLOCK_TSC;
	options.tsc_hz = UINT64_C(1000000000);
	options.tsc_base = live_tsc_now();
	live = live_of(&options);
	assert_int_equal(live_start(live), 0);
	live_started(live, &start_ns, &unix_ns);
	play(traced_cpu(), 100);
	assert_int_equal(live_stop(live), 0);
	assert_int_equal(live_poll(live), 0);
	drain(live, NULL, &seen);
	assert_true(seen.n[TRACE_SWITCH] >= 100);
	assert_true(seen.first_ns >= start_ns);
	assert_true(seen.last_ns <= live_tsc_now() - options.tsc_base);
	live_free(live);
}

/* Two kinds alone, and their pages in a file, from which the same comes. */
static void test_spool(void **state)
{
	static const bool wants[N_TRACE_KINDS] = { [TRACE_SWITCH] = true, [TRACE_WAKING] = true };
	char dir[] = "/tmp/vfiobench-live-XXXXXX", name[32];
	struct live_options options = options_of(traced_cpu());
	struct live_record record;
	struct live_pages *pages;
	struct seen seen = { { 0 } };
	struct live *live;
	struct stat st;
	int r;

	(void)state;
	assert_non_null(mkdtemp(dir));
	options.wants = wants;
	options.spool_dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(options.spool_dir >= 0);
	snprintf(name, sizeof(name), "cpu%u", traced_cpu());
	if (geteuid() != 0)
		assert_int_equal(rmdir(dir), 0);
	live = live_of(&options);
	assert_int_equal(live_start(live), 0);
	play(traced_cpu(), 1000);
	assert_int_equal(live_stop(live), 0);
	assert_int_equal(live_poll(live), 0);
	drain(live, NULL, &seen);
	for (unsigned kind = 0; kind < N_TRACE_KINDS; kind++) {
		assert_int_equal(live_has(live)[kind], wants[kind]);
		assert_true(wants[kind] || !seen.n[kind]);
	}
	assert_int_equal(fstatat(options.spool_dir, name, &st, 0), 0);
	assert_int_equal(live_stats(live).spool_error, 0);
	assert_true(st.st_size > 0 && st.st_size % 4096 == 0);
	assert_int_equal(live_pages_new(openat(options.spool_dir, name, O_RDONLY | O_CLOEXEC), -1,
					4096, &pages),
			 0);
	while ((r = live_pages_next(pages, &record)) > 0)
		continue;
	assert_int_equal(r, 0);
	assert_int_equal(live_pages_stats(pages)->n_records, live_stats(live).n_events);
	live_pages_free(pages);
	live_free(live);
	assert_int_equal(unlinkat(options.spool_dir, name, 0), 0);
	close(options.spool_dir);
	assert_int_equal(rmdir(dir), 0);
}

static bool has_instance(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), INSTANCES "/vfiobench.%d", (int)pid);
	return access(path, F_OK) == 0;
}

/* A process with an instance that records; it waits to be killed. */
static pid_t start_child(void)
{
	int ready[2];
	pid_t child;
	char byte = 1;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		const struct live_options options = options_of(traced_cpu());
		struct live *live;
		char *why;

		byte = live_new(&options, &live, &why) == 0 && live_start(live) == 0 ? 0 : 1;
		if (write(ready[1], &byte, 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(byte, 0);
	close(ready[0]);
	close(ready[1]);
	return child;
}

static void test_killed(void **state)
{
	const struct live_options options = options_of(traced_cpu());
	pid_t child;

	(void)state;
	live_free(live_of(&options)); /* or skips */
	child = start_child();
	assert_true(has_instance(child));
	live_sweep();
	assert_true(has_instance(child));
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_true(has_instance(child));
	assert_in_range(live_sweep(), 1, 1000);
	assert_false(has_instance(child));
	/* and by the next run itself */
	child = start_child();
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	live_free(live_of(&options));
	assert_false(has_instance(child));
}

/* One at a time in a process; nobody takes what is not his. */
static void test_busy(void **state)
{
	const struct live_options options = options_of(traced_cpu());
	struct live_options none = options;
	struct live *live = live_of(&options), *other;
	auto_free char *why = NULL;

	(void)state;
	assert_int_equal(live_new(&options, &other, &why), -EBUSY);
	assert_non_null(why);
	assert_true(has_instance(getpid()));
	live_free(live);
	assert_false(has_instance(getpid()));
	free(why);
	cpus_remove(&none.cpus, traced_cpu());
	assert_int_equal(live_new(&none, &other, &why), -EINVAL);
	free(why);
	none = options;
	none.clock = LIVE_CLOCK_TSC;
	assert_int_equal(live_new(&none, &other, &why), -EINVAL);
	live_free(NULL);
}

/* In a child, as it changes what the process may do: 0, or the line where it failed. */
static int without_tracefs(void)
{
	const struct live_options options = options_of(traced_cpu());
	struct live *live;
	char *why;

	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return 77;
	while (umount2("/sys/kernel/tracing", MNT_DETACH) == 0)
		continue;
	umount2("/sys/kernel/debug/tracing", MNT_DETACH);
	umount2("/sys/kernel/debug", MNT_DETACH);
	if (live_new(&options, &live, &why) != -ENOENT)
		return 1;
	if (!why || !strstr(why, "mount -t tracefs"))
		return 2;
	/* and it did not mount it */
	if (access("/sys/kernel/tracing/trace", F_OK) == 0)
		return 3;
	return live_sweep() != 0 ? 4 : 0;
}

static int without_rights(void)
{
	const struct live_options options = options_of(traced_cpu());
	struct live *live;
	char *why;
	int r;

	if (setresuid(65534, 65534, 65534) < 0)
		return 77;
	r = live_new(&options, &live, &why);
	return (r != -EACCES && r != -EPERM) || !why;
}

static void test_refused(void **state)
{
	static int (*const cases[])(void) = { without_tracefs, without_rights };
	const struct live_options options = options_of(traced_cpu());

	(void)state;
	live_free(live_of(&options)); /* or skips */
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const pid_t child = fork();
		int status;

		assert_true(child >= 0);
		if (!child)
			_exit(cases[i]());
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
		if (WEXITSTATUS(status) == 77)
			print_message("case %zu skipped: not allowed here\n", i);
		else
			assert_int_equal(WEXITSTATUS(status), 0);
	}
}

static size_t count_entries(const char *path)
{
	DIR *dir = opendir(path);
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static void test_cycles(void **state)
{
	const char *text = getenv("VFIOBENCH_CYCLES");
	const unsigned n = text ? (unsigned)strtoul(text, NULL, 10) : 5;
	const struct live_options options = options_of(traced_cpu());
	size_t n_fds = 0, n_threads = 0, n_bytes = 0;
	uint64_t setup_ns = 0;

	(void)state;
	for (unsigned i = 0; i <= n; i++) {
		struct live *live = live_of(&options);
		struct seen seen = { { 0 } };

		assert_int_equal(live_start(live), 0);
		usleep(1000);
		if (i % 4) {
			assert_int_equal(live_poll(live), 0);
			drain(live, NULL, &seen);
		}
		if (i % 3)
			assert_int_equal(live_stop(live), 0);
		setup_ns += live_stats(live).setup_ns;
		live_free(live);
		assert_false(has_instance(getpid()));
		/* what libraries keep is there after the first time */
		if (!i) {
			n_fds = count_entries("/proc/self/fd");
			n_threads = count_entries("/proc/self/task");
			n_bytes = mallinfo2().uordblks;
		}
	}
	assert_int_equal(count_entries("/proc/self/fd"), n_fds);
	assert_int_equal(count_entries("/proc/self/task"), n_threads);
	/* The allocator counts what it keeps for later as used; leaks of bytes a sanitizer sees. */
	assert_in_range(mallinfo2().uordblks, 0, n_bytes + 128 * 1024);
	print_message("%u times, set-up %ju us\n", n + 1, (uintmax_t)(setup_ns / (n + 1) / 1000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_switches), cmocka_unit_test(test_polls),
		cmocka_unit_test(test_loss),     cmocka_unit_test(test_tsc_clock),
		cmocka_unit_test(test_spool),    cmocka_unit_test(test_killed),
		cmocka_unit_test(test_busy),     cmocka_unit_test(test_refused),
		cmocka_unit_test(test_cycles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
