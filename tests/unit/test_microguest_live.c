/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests that really run; skipped where there is no /dev/kvm for us. */
#include <dirent.h>
#include <limits.h>
#include <poll.h>
#include <string.h>

#include "core/timebase.h"
#include "probes/microguest/microguest.h"
#include "tests/lib/check.h"

#define WAIT_NS (20 * NS_PER_S)

static struct microguest_config config_of(unsigned n_cpus, uint64_t spin_ns, uint64_t halt_ns)
{
	struct microguest_config config = { .spin_ns = spin_ns, .halt_ns = halt_ns };

	for (unsigned n = 0; n < n_cpus; n++)
		cpus_add(&config.cpus, n);
	return config;
}

static void need_kvm(void)
{
	if (access(MICROGUEST_DEVICE, R_OK | W_OK) < 0) {
		print_message("%s: %s\n", MICROGUEST_DEVICE, strerror(errno));
		skip();
	}
}

static struct microguest *start_guest(const struct microguest_config *config)
{
	struct microguest *guest = NULL;
	struct failure failed = { 0 };
	int r = microguest_new(config, &guest, &failed);

	if (r == 0)
		r = microguest_start(guest, &failed);
	if (r < 0) {
		auto_free char *text = failure_text(&failed);

		fail_msg("%s", text);
	}
	return guest;
}

static struct microguest_config live_config(void)
{
	struct microguest_config config = config_of(2, 100 * NS_PER_US, 100 * NS_PER_US);

	/* Wherever this test may run: it is not about pinning. */
	config.is_floating = true;
	return config;
}

/* Until all vCPUs have gone round, or one has failed. */
static void wait_for_progress(struct microguest *guest)
{
	const struct timebase *time = timebase_monotonic();
	uint64_t limit_ns = timebase_now(time) + WAIT_NS;
	struct pollfd failed = { .fd = guest->event_fd, .events = POLLIN };

	while (microguest_first_idle(guest) >= 0 && timebase_now(time) < limit_ns) {
		if (poll(&failed, 1, 1) > 0)
			return;
	}
}

static void test_live_counts_grow(void **state)
{
	struct microguest_config config = live_config();
	struct microguest *guest;
	struct failure failed;

	(void)state;
	need_kvm();
	guest = start_guest(&config);
	wait_for_progress(guest);
	assert_int_equal(microguest_first_idle(guest), -1);
	microguest_stop(guest);
	assert_false(microguest_failure(guest, &failed));
	for (unsigned n = 0; n < 2; n++) {
		struct microguest_counts counts = microguest_counts(guest, n);

		assert_true(counts.spins >= 1 && counts.ticks >= 1);
		/* A tick ends one halt each; the last one of either may have been cut off. */
		assert_true(counts.halts >= counts.ticks);
		assert_true(counts.halts <= counts.spins);
	}
	microguest_free(guest);
}

/* Replaces what the guest executes by an undefined instruction; as if the payload were broken. */
static struct microguest *start_broken(bool has_idt)
{
	struct microguest_config config = live_config();
	struct microguest *guest = NULL;
	struct failure failed = { 0 };

	assert_int_equal(microguest_new(&config, &guest, &failed), 0);
	memcpy(guest->vm.memory + MG_CODE, "\x0f\x0b", 2);
	if (!has_idt)
		memset(guest->vm.memory + MG_IDT, 0, 256 * 16);
	assert_int_equal(microguest_start(guest, &failed), 0);
	return guest;
}

static void wait_for_failure(struct microguest *guest, struct failure *ret_failure)
{
	struct pollfd failed = { .fd = guest->event_fd, .events = POLLIN };

	assert_int_equal(poll(&failed, 1, (int)(WAIT_NS / NS_PER_MS)), 1);
	assert_true(microguest_failure(guest, ret_failure));
}

static void test_live_exception_is_reported(void **state)
{
	struct microguest *guest;
	struct failure failed;

	(void)state;
	need_kvm();
	guest = start_broken(true);
	wait_for_failure(guest, &failed);
	assert_int_equal(failed.kind, FAILURE_FAULT);
	assert_int_equal(failed.vector, 6);
	assert_string_equal(failure_exit_name(failed.exit_reason), "exception");
	assert_int_equal(failed.rip, MG_CODE);
	assert_in_range(failed.vcpu, 0, 1);
	microguest_free(guest);
}

static void test_live_shutdown_is_reported(void **state)
{
	struct microguest *guest;
	struct failure failed;

	(void)state;
	need_kvm();
	guest = start_broken(false);
	wait_for_failure(guest, &failed);
	assert_int_equal(failed.kind, FAILURE_EXIT);
	assert_int_equal(failed.exit_reason, KVM_EXIT_SHUTDOWN);
	microguest_free(guest);
}

/* SigPnd of the first vCPU thread: signals that wait for it, a bit each. */
static uint64_t pending_signals(void)
{
	uint64_t pending = UINT64_MAX;
	DIR *dir = opendir("/proc/self/task");
	struct dirent *e;

	assert_non_null(dir);
	while ((e = readdir(dir))) {
		char path[PATH_MAX];
		char line[256];
		FILE *f;

		snprintf(path, sizeof(path), "/proc/self/task/%s/status", e->d_name);
		f = fopen(path, "re");
		if (!f)
			continue;
		while (fgets(line, sizeof(line), f)) {
			if (strncmp(line, "Name:", 5) == 0 && !strstr(line, "CPU 0/KVM"))
				break;
			if (strncmp(line, "SigPnd:", 7) == 0)
				pending = strtoull(line + 7, NULL, 16);
		}
		fclose(f);
	}
	closedir(dir);
	return pending;
}

/* A stray signal is swallowed: the vCPU goes on, and can still be stopped. */
static void test_live_stray_signal(void **state)
{
	struct microguest_config config = live_config();
	struct microguest *guest;
	uint64_t seen;

	(void)state;
	need_kvm();
	guest = start_guest(&config);
	wait_for_progress(guest);
	assert_int_equal(pthread_kill(guest->vcpus[0].thread, MICROGUEST_SIGNAL), 0);
	seen = microguest_counts(guest, 0).ticks;
	for (unsigned n = 0; n < 20000 && microguest_counts(guest, 0).ticks < seen + 3; n++)
		poll(NULL, 0, 1);
	assert_true(microguest_counts(guest, 0).ticks >= seen + 3);
	assert_int_equal(pending_signals(), 0);
	microguest_free(guest);
}

static void test_live_start_names_an_absent_cpu(void **state)
{
	struct microguest_config config = { .spin_ns = NS_PER_MS, .halt_ns = NS_PER_MS };
	struct microguest *guest = NULL;
	struct failure failed = { 0 };

	(void)state;
	need_kvm();
	cpus_add(&config.cpus, CPUS_MAX - 1);
	assert_int_equal(microguest_new(&config, &guest, &failed), 0);
	assert_int_equal(microguest_start(guest, &failed), -EINVAL);
	assert_int_equal(failed.cpu, CPUS_MAX - 1);
	microguest_free(guest);
}

static unsigned count_entries(const char *path)
{
	DIR *dir = opendir(path);
	unsigned n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static unsigned count_lines(const char *path)
{
	auto_file FILE *f = fopen(path, "re");
	unsigned n = 0;
	int c;

	assert_non_null(f);
	while ((c = fgetc(f)) != EOF)
		n += c == '\n';
	return n;
}

/* Thread stacks may be kept for reuse by the C library: a few maps more, never more and more. */
static void test_live_cycles_leave_nothing(void **state)
{
	struct microguest_config config = live_config();
	unsigned n_fds = 0, n_maps = 0;

	(void)state;
	need_kvm();
	for (unsigned n = 0; n < 100; n++) {
		struct microguest *guest = start_guest(&config);

		wait_for_progress(guest);
		microguest_free(guest);
		if (n == 1) {
			n_fds = count_entries("/proc/self/fd");
			n_maps = count_lines("/proc/self/maps");
		}
	}
	assert_int_equal(count_entries("/proc/self/fd"), n_fds);
	assert_in_range(count_lines("/proc/self/maps"), 1, n_maps + 8);
	/* "." and ".." and this thread */
	assert_int_equal(count_entries("/proc/self/task"), 3);
}

static void test_live_stop_before_start(void **state)
{
	struct microguest_config config = live_config();
	struct microguest *guest = NULL;
	struct failure failed = { 0 };

	(void)state;
	need_kvm();
	assert_int_equal(microguest_new(&config, &guest, &failed), 0);
	microguest_stop(guest);
	microguest_stop(guest);
	microguest_free(guest);
	microguest_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_live_counts_grow),
		cmocka_unit_test(test_live_exception_is_reported),
		cmocka_unit_test(test_live_shutdown_is_reported),
		cmocka_unit_test(test_live_stray_signal),
		cmocka_unit_test(test_live_start_names_an_absent_cpu),
		cmocka_unit_test(test_live_cycles_leave_nothing),
		cmocka_unit_test(test_live_stop_before_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
