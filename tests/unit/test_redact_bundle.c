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

enum { SHARED_MAX = 256 };

/* What one entry becomes: "PATH bytes". */
static void redact_one(enum bundle_kind kind, const char *path, const char *bytes,
		       char shared[SHARED_MAX])
{
	auto_bundle struct bundle from = { .n = 0 };
	auto_bundle struct bundle to = { .n = 0 };

	add(&from, kind, path, bytes);
	assert_int_equal(redact(&from, &to), 0);
	assert_int_equal(to.n, 1);
	assert_int_equal(to.v[0].kind, kind);
	snprintf(shared, SHARED_MAX, "%s %s", to.v[0].path, to.v[0].bytes);
}

#define MDEV  "83b8f4f2-509f-482f-8c1e-e6bfe0fa1001"
#define GROUP "/sys/kernel/iommu_groups/7"

/* NULL: as it is; else what must be in it no more. */
static const struct {
	enum bundle_kind kind;
	const char *path, *bytes, *hidden;
} places[] = {
	{ BUNDLE_LINK, GROUP "/devices/0000:01:00.0",
	  "../../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0", NULL },
	{ BUNDLE_FILE, GROUP "/type", "DMA-FQ\n", NULL },
	{ BUNDLE_FILE, GROUP "/reserved_regions", "0x00000000fee00000 0x00000000feefffff msi\n",
	  NULL },
	{ BUNDLE_LINK, GROUP "/devices/" MDEV, "../../../../devices/pci0000:00/0000:00:02.0/" MDEV,
	  "83b8f4f2" },
	{ BUNDLE_FILE, "/proc/812/numa_maps", "10000 default N0=524288 N1=4 kernelpagesize_kB=1\n",
	  NULL },
	{ BUNDLE_FILE, "/proc/812/numa_maps",
	  "7f0000 default file=/mnt/hector/win.qcow2 N0=x kernelpagesize_kB=4\n", "hector" },
	{ BUNDLE_FILE, "/proc/812/limits", "Max locked memory 65536 65536 bytes\n", NULL },
	{ BUNDLE_FILE, "/proc/version", "Linux version 6.1.0-13-amd64 (hector@forge) #1 SMP\n",
	  "hector" },
	{ BUNDLE_FILE, BUNDLE_ANSWERS, "domain.schema_error no <hector> here\n", "hector" },
};

static void test_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		char was[SHARED_MAX], is[SHARED_MAX];

		snprintf(was, sizeof(was), "%s %s", places[i].path, places[i].bytes);
		redact_one(places[i].kind, places[i].path, places[i].bytes, is);
		if (places[i].hidden ? strstr(is, places[i].hidden) != NULL : strcmp(was, is) != 0)
			fail_msg("'%s' became '%s'", was, is);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_paths),
		cmocka_unit_test(test_two_paths),
		cmocka_unit_test(test_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
