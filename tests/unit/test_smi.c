/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/smi.c probes/smi_watch.c tests/lib/tree.c */
#include "facts/gap.h"
#include "probes/smi.h"
#include "probes/smi_watch.h"
#include "tests/lib/check.h"
#include "tests/lib/probe_env.h"

#define PMU "sys/bus/event_source/devices/msr/"

static void test_config(void **state)
{
	static const struct {
		const char *text;
		int r;
		uint64_t config;
	} cases[] = {
		{ "event=0x04", 0, 4 },
		{ "event=0x1f\n", 0, 31 },
		{ "", -EINVAL, 0 },
		{ "event=0x", -EINVAL, 0 },
		{ "event=0xzz", -EINVAL, 0 },
		{ "event=0x04,umask=0x01", -EINVAL, 0 },
		{ "config=0x04", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t config = 99;

		assert_int_equal(smi_parse_config(text_of(cases[i].text), &config), cases[i].r);
		assert_int_equal(config, cases[i].r ? 99 : cases[i].config);
	}
}

static void test_find(void **state)
{
	const struct tree *tree = *state;
	struct smi_event event = { 7, 7 };

	tree_file(tree, PMU "type", "10\n");
	assert_int_equal(smi_event_find(&tree->root, &event), -ENOENT);
	tree_file(tree, PMU "events/smi", "odd\n");
	assert_int_equal(smi_event_find(&tree->root, &event), -EINVAL);
	assert_int_equal(event.type, 7);
	tree_file(tree, PMU "events/smi", "event=0x04\n");
	assert_int_equal(smi_event_find(&tree->root, &event), 0);
	assert_int_equal(event.type, 10);
	assert_int_equal(event.config, 4);
	tree_file(tree, PMU "type", "4294967296\n");
	assert_int_equal(smi_event_find(&tree->root, &event), -EINVAL);
}

static void test_read(void **state)
{
	uint64_t n = 5;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], &(uint64_t){ 42 }, 8), 8);
	assert_int_equal(smi_read(fds[0], &n), 0);
	assert_int_equal(n, 42);
	assert_int_equal(write(fds[1], "abc", 3), 3);
	assert_int_equal(smi_read(fds[0], &n), -EIO);
	close(fds[0]);
	close(fds[1]);
	assert_int_equal(smi_read(fds[0], &n), -EBADF);
	assert_int_equal(n, 42);
}

/* No such counter, and one that cannot be opened: gaps, and no number is known. */
static void test_watch_without(void **state)
{
	const struct tree *tree = *state;
	struct probe_fixture x;
	struct smi_watch w = { 0 };
	struct fact_list smis = { 0 };
	struct cpus cpus = { 0 };

	probe_fixture_init(&x, tree, "gap");
	cpus_add(&cpus, CPUS_MAX - 1);
	assert_int_equal(smi_watch_begin(&w, &x.env, &cpus), 0);
	assert_int_equal(n_gaps(&x, "gap.smis"), 1);
	tree_file(tree, PMU "type", "4294967295\n");
	tree_file(tree, PMU "events/smi", "odd\n");
	assert_int_equal(smi_watch_begin(&w, &x.env, &cpus), 0);
	assert_int_equal(n_gaps(&x, "gap.smis"), 2);
	tree_file(tree, PMU "events/smi", "event=0x04\n");
	assert_int_equal(smi_watch_begin(&w, &x.env, &cpus), 0);
	assert_int_equal(n_gaps(&x, "gap.smis"), 3);
	assert_int_equal(smi_watch_end(&w, &x.env, &smis), 0);
	assert_false(smis.known);
	smi_watch_release(&w);
	assert_null(w.counters);
	probe_fixture_release(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_config),
		cmocka_unit_test_setup_teardown(test_find, tree_setup, tree_teardown),
		cmocka_unit_test(test_read),
		cmocka_unit_test_setup_teardown(test_watch_without, tree_setup, tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
