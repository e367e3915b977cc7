/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "probes/trace/index.h"
#include "tests/lib/check.h"

static void test_index(void **state)
{
	struct trace_index x = { .max = 1000 };

	(void)state;
	assert_int_equal(trace_index_find(&x, 7), -1);
	for (uint64_t i = 0; i < 1000; i++)
		assert_int_equal(trace_index_add(&x, i << 32), i);
	for (uint64_t i = 0; i < 1000; i++) {
		assert_int_equal(trace_index_add(&x, i << 32), i);
		assert_int_equal(trace_index_find(&x, i << 32), i);
	}
	assert_int_equal(trace_index_add(&x, 1), -ENOSPC);
	assert_int_equal(trace_index_find(&x, 1), -1);
	trace_index_release(&x);
	assert_int_equal(trace_index_find(&x, 0), -1);
	assert_int_equal(trace_index_add(&x, 5), 0); /* as new */
	trace_index_release(&x);
}

static void test_names(void **state)
{
	struct trace_names t = { .index.max = 3 };
	char longer[TRACE_NAME_MAX + 10];

	(void)state;
	memset(longer, 'a', sizeof(longer));
	assert_int_equal(trace_names_add(&t, text_of("kvm_exit")), 0);
	assert_int_equal(trace_names_add(&t, text_of("")), 1);
	assert_int_equal(trace_names_add(&t, text_of("kvm_exit")), 0);
	assert_int_equal(trace_names_add(&t, text_make("kvm_exit\0x", 10)), 0);
	assert_int_equal(trace_names_add(&t, text_make(longer, sizeof(longer))), 2);
	assert_int_equal(trace_names_add(&t, text_make(longer, TRACE_NAME_MAX)), 2);
	assert_int_equal(strlen(t.at[2]), TRACE_NAME_MAX);
	assert_int_equal(trace_names_add(&t, text_of("more")), -ENOSPC);
	assert_string_equal(t.at[0], "kvm_exit");
	trace_names_release(&t);
}

static void test_grow(void **state)
{
	uint32_t *v = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(trace_grow((void **)&v, &n, 0, sizeof(*v)), 0);
	assert_true(n > 0);
	v[0] = 7;
	assert_int_equal(trace_grow((void **)&v, &n, 1000, sizeof(*v)), 0);
	assert_true(n > 1000);
	assert_int_equal(v[0], 7);
	for (size_t i = 1; i < n; i++)
		assert_int_equal(v[i], 0);
	assert_int_equal(trace_grow((void **)&v, &n, SIZE_MAX / 2, sizeof(*v)), -ENOMEM);
	assert_int_equal(v[0], 7);
	free(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_index),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
