/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bundle whose paths and texts are replaced each by the rules of its place. */
#include <string.h>

#include "report/redact_bundle.h"
#include "tests/lib/check.h"

static const uint8_t salt[ALIASES_SALT_SIZE] = "always the same";

static void add(struct bundle *b, enum bundle_kind kind, const char *path, const char *bytes)
{
	assert_int_equal(bundle_add(b, kind, path, bytes, strlen(bytes)), 0);
}

static int redact(struct bundle *from, struct bundle *ret_bundle)
{
	auto_redaction struct redaction *r = NULL;
	const char *path;

	assert_int_equal(bundle_settle(from, &path), 0);
	assert_int_equal(redaction_new(salt, &r), 0);
	return redact_bundle(r, from, ret_bundle);
}

static const struct bundle_entry *find(const struct bundle *b, const char *path)
{
	for (size_t i = 0; i < b->n; i++) {
		if (!strcmp(b->v[i].path, path))
			return &b->v[i];
	}
	return NULL;
}

/* All of them become one path: the search for a free number must not begin anew for each. */
static void test_same_paths(void **state)
{
	enum { MANY = 60000 };
	auto_bundle struct bundle from = { .n = 0 };
	auto_bundle struct bundle to = { .n = 0 };
	char path[64];

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(path, sizeof(path), "/etc/modprobe.d/password=%u-hector", i);
		add(&from, BUNDLE_FILE, path, "");
	}
	assert_int_equal(redact(&from, &to), 0);
	assert_int_equal(to.n, MANY);
	assert_non_null(find(&to, "/etc/modprobe.d/password=***"));
	assert_non_null(find(&to, "/etc/modprobe.d/password=***-2"));
	snprintf(path, sizeof(path), "/etc/modprobe.d/password=***-%u", MANY);
	assert_non_null(find(&to, path));
}

/* The number stands before what tells what a file is. */
static void test_two_paths(void **state)
{
	auto_bundle struct bundle from = { .n = 0 };
	auto_bundle struct bundle to = { .n = 0 };
	size_t n_files = 0;

	(void)state;
	add(&from, BUNDLE_FILE, "/etc/modprobe.d/52:54:00:AA:BB:CC.conf", "");
	add(&from, BUNDLE_FILE, "/etc/modprobe.d/52:54:00:aa:bb:cc.conf", "");
	assert_int_equal(redact(&from, &to), 0);
	for (size_t i = 0; i < to.n; i++) {
		const char *path = to.v[i].path;

		n_files++;
		assert_non_null(strstr(path, "/mac-"));
		assert_string_equal(path + strlen(path) - 5, ".conf");
		assert_null(strstr(path, "52:54"));
	}
	assert_int_equal(n_files, 2);
	assert_string_not_equal(to.v[0].path, to.v[1].path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_paths),
		cmocka_unit_test(test_two_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
