/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lies on what: interrupts and softirqs of one CPU. */
#include "probes/trace/frames.h"
#include "tests/lib/check.h"

static struct frames stack_of(const struct frame *v, size_t n)
{
	struct frames f = { 0 };

	for (size_t i = 0; i < n; i++)
		assert_true(frames_push(&f, v[i].class, v[i].key, v[i].id));
	assert_int_equal(f.depth, n);
	return f;
}

static const struct frame nested[] = {
	{ FRAME_SOFTIRQ, 3, 1 },
	{ FRAME_VECTOR, 236, 2 },
	{ FRAME_IRQ, 35, 3 },
	{ FRAME_NMI, 0, 4 },
};

static void test_below(void **state)
{
	static const struct {
		const char *name;
		size_t n; /* of nested */
		enum frame_class class;
		uint32_t key;
		unsigned below;
	} rows[] = {
		{ "all on a thread", 0, FRAME_SOFTIRQ, 3, 0 },
		{ "an interrupt on a softirq", 1, FRAME_IRQ, 35, 1 },
		{ "a handler in a vector", 2, FRAME_IRQ, 35, 2 },
		{ "an NMI on all", 3, FRAME_NMI, 0, 3 },
		{ "a softirq on an interrupt cannot be", 2, FRAME_SOFTIRQ, 1, 0 },
		{ "a softirq on a softirq cannot be", 1, FRAME_SOFTIRQ, 1, 0 },
		{ "a line interrupts not itself", 4, FRAME_IRQ, 35, 2 },
		{ "but another line", 4, FRAME_IRQ, 36, 4 },
		{ "a vector interrupts not itself", 3, FRAME_VECTOR, 236, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct frames f = stack_of(nested, rows[i].n);
		const unsigned below = frames_below(&f, rows[i].class, rows[i].key);

		if (below != rows[i].below)
			fail_msg("%s: %u", rows[i].name, below);
	}
}

static void test_find(void **state)
{
	static const struct frame twice[] = { { FRAME_IRQ, 35, 1 },
					      { FRAME_IRQ, 36, 2 },
					      { FRAME_IRQ, 35, 3 } };
	const struct frames f = stack_of(nested, ARRAY_SIZE(nested));
	const struct frames t = stack_of(twice, ARRAY_SIZE(twice));
	const struct frames none = { 0 };

	(void)state;
	assert_int_equal(frames_find(&f, FRAME_SOFTIRQ, 3), 1);
	assert_int_equal(frames_find(&f, FRAME_NMI, 0), 4);
	assert_int_equal(frames_find(&f, FRAME_SOFTIRQ, 4), 0);
	assert_int_equal(frames_find(&f, FRAME_VECTOR, 35), 0);
	assert_int_equal(frames_find(&t, FRAME_IRQ, 35), 3);
	assert_int_equal(frames_find(&none, FRAME_IRQ, 35), 0);
}

static void test_full(void **state)
{
	struct frames f = { 0 };

	(void)state;
	for (uint32_t i = 0; i < FRAMES_MAX; i++)
		assert_true(frames_push(&f, FRAME_IRQ, i, 0));
	assert_false(frames_push(&f, FRAME_IRQ, FRAMES_MAX, 0));
	assert_int_equal(f.depth, FRAMES_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_below),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
