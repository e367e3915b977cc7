/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An instance that somebody else looks at. Needs root and a mounted tracefs, or skips. */
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "probes/trace/live.h"
#include "tests/lib/check.h"

#define INSTANCES "/sys/kernel/tracing/instances"

static struct live *live_here(void)
{
	struct live_options options = { .spool_dir = -1 };
	auto_free char *why = NULL;
	struct live *live = NULL;
	int r;

	cpus_add(&options.cpus, (unsigned)sched_getcpu());
	r = live_new(&options, &live, &why);
	if (r == -ENOENT || r == -EACCES || r == -EPERM) {
		print_message("skipped: %s\n", why ? why : strerror(-r));
		skip();
	}
	assert_int_equal(r, 0);
	return live;
}

static bool has_instance(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), INSTANCES "/vfiobench.%d", (int)pid);
	return access(path, F_OK) == 0;
}

static bool is_off(const char *file)
{
	char path[128], byte = '?';

	snprintf(path, sizeof(path), INSTANCES "/vfiobench.%d/%s", (int)getpid(), file);
	{
		auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

		assert_true(fd >= 0);
		assert_int_equal(read(fd, &byte, 1), 1);
	}
	return byte == '0';
}

/* It cannot be removed while somebody reads it, but nothing is recorded any more. */
static void test_held(void **state)
{
	struct live *live = live_here();
	char path[128];
	int fd;

	(void)state;
	assert_int_equal(live_start(live), 0);
	snprintf(path, sizeof(path), INSTANCES "/vfiobench.%d", (int)getpid());
	/* nor by others, from the first moment on */
	assert_int_equal(rmdir(path), -1);
	assert_int_equal(errno, EBUSY);
	assert_false(is_off("tracing_on") || is_off("events/sched/sched_switch/enable"));
	snprintf(path, sizeof(path), INSTANCES "/vfiobench.%d/trace_pipe", (int)getpid());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(live_free(live), -EBUSY);
	assert_true(has_instance(getpid()));
	assert_true(is_off("tracing_on") && is_off("events/enable"));
	assert_true(is_off("events/sched/sched_switch/enable"));
	close(fd);
	snprintf(path, sizeof(path), INSTANCES "/vfiobench.%d", (int)getpid());
	assert_int_equal(rmdir(path), 0);
	live = live_here();
	assert_int_equal(live_free(live), 0);
	assert_false(has_instance(getpid()));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
