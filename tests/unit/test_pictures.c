/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Figures as PNG: image chunks alone, a title and keys above them, names of files that are ours. */
/* TEST_SOURCES: tests/lib/sample.c tests/lib/sample_trace.c tests/lib/sample_comparison.c */
#include <string.h>
#include <unistd.h>

#include "report/pictures.h"
#include "report/plot_medium.h"
#include "tests/lib/host.h"
#include "tests/lib/sample.h"
#include "tests/lib/sample_comparison.h"
#include "tests/lib/written.h"

#define SIGNATURE "\x89PNG\r\n\x1a\n"
#define IHDR      "\0\0\0\3IHDRabcCRC1"
#define TEXT      "\0\0\0\4tEXthostCRC2"
#define IDAT      "\0\0\0\0IDATCRC3"
#define IEND      "\0\0\0\0IENDCRC4"
#define BYTES(s)                   \
	{                          \
		(s), sizeof(s) - 1 \
	}

static void test_chunks(void **state)
{
	static const struct {
		struct text png, expected; /* at NULL: refused */
	} rows[] = {
		{ BYTES(SIGNATURE IHDR IDAT IEND), BYTES(SIGNATURE IHDR IDAT IEND) },
		{ BYTES(SIGNATURE IHDR TEXT IDAT TEXT IEND "behind"),
		  BYTES(SIGNATURE IHDR IDAT IEND) },
		{ BYTES(SIGNATURE IHDR IDAT), { NULL, 0 } },
		{ BYTES(SIGNATURE IHDR IDAT "\0\0\0\0IEND"), { NULL, 0 } },
		{ BYTES(SIGNATURE TEXT IHDR IEND), { NULL, 0 } },
		{ BYTES(SIGNATURE IHDR "\xff\xff\xff\xffIDATCRC3" IEND), { NULL, 0 } },
		{ BYTES(SIGNATURE), { NULL, 0 } },
		{ BYTES("\x89PNG"), { NULL, 0 } },
		{ BYTES("GIF89a.." IHDR IDAT IEND), { NULL, 0 } },
		{ BYTES(""), { NULL, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *png = NULL;
		size_t size = 0;
		const int r = png_clean(rows[i].png, &png, &size);

		assert_int_equal(r, rows[i].expected.at ? 0 : -EBADMSG);
		assert_int_equal(size, rows[i].expected.len);
		if (r == 0)
			assert_memory_equal(png, rows[i].expected.at, size);
		free(png);
	}
}

/* Keys that have no room begin another row; the figure keeps its height below them. */
static void test_keys(void **state)
{
	static const struct plot plot = { .names = { "p", "What it's", "" },
					  .width = 300,
					  .height = 200 };
	static const struct picture_key keys[] = { { "one of them", PLOT_RAW },
						   { "another one", PLOT_IRQ },
						   { "the last one", PLOT_QEMU } };
	static const char *const heights[] = { "600,468", "600,508", "600,508", "600,548" };

	(void)state;
	for (size_t n = 0; n <= ARRAY_SIZE(keys); n++) {
		const struct picture picture = { .medium = PLOT_PNG, .keys = keys, .n_keys = n };
		struct written w;

		plot_put_terminal(written_open(&w), &plot, &picture);
		written_close(&w);
		holds(w.text, heights[n]);
		holds(w.text, "'What it''s'");
		assert_int_equal(n_of(w.text, "rectangle"), n);
		assert_int_equal(n_of(w.text, "-54.0/"), n > 2);
		free(w.text);
	}
}

struct seen {
	char names[1024];
	size_t n, fail_at;
};

static int see(const char *name, const struct picture *picture, void *arg)
{
	struct seen *seen = arg;
	const size_t used = strlen(seen->names);

	if (seen->fail_at && seen->n + 1 == seen->fail_at)
		return -ENOSPC;
	assert_memory_equal(picture->bytes, SIGNATURE, strlen(SIGNATURE));
	snprintf(seen->names + used, sizeof(seen->names) - used, "%s ", name);
	seen->n++;
	return 0;
}

static bool has_gnuplot(void)
{
	if (access("/usr/bin/gnuplot", X_OK) == 0)
		return true;
	print_message("skipped: no /usr/bin/gnuplot\n");
	return false;
}

static void test_result(void **state)
{
	static const struct sample desktop = { 6, 24, 8, 20000 };
	struct host *h = sample_host(&desktop);
	auto_free char *why = NULL;
	struct seen seen = { "", 0, 0 };
	size_t n = 0;

	(void)state;
	if (!has_gnuplot())
		skip();
	/* Text of strangers in labels changes nothing. */
	sample_poison(h, "'; set output '/tmp/x' `id` \" @x");
	if (report_pictures(h, see, &seen, &n, &why) < 0)
		fail_msg("%s", why);
	assert_int_equal(n, 7);
	assert_string_equal(seen.names,
			    "percentiles.png repetitions.png lost-by-vcpu.png lost-over-time.png "
			    "interruptions.png lengths.png round-trips.png ");
	assert_null(why);

	seen = (struct seen){ "", 0, 3 };
	assert_int_equal(report_pictures(h, see, &seen, &n, &why), -ENOSPC);
	assert_int_equal(n, 2);
	assert_null(why);
	host_free(h);
}

static void test_nothing(void **state)
{
	struct host h = { 0 };
	struct comparison_facts c = { 0 };
	char *why = NULL;
	struct seen seen = { "", 0, 0 };
	size_t n = 1;

	(void)state;
	assert_int_equal(report_pictures(&h, see, &seen, &n, &why), 0);
	assert_int_equal(n, 0);
	assert_int_equal(report_comparison_pictures(&c, see, &seen, &n, &why), 0);
	assert_int_equal(n, 0);
	arena_release(&h.arena);
}

static void test_no_gnuplot(void **state)
{
	static const struct sample desktop = { 6, 24, 8, 20000 };
	struct host *h = sample_host(&desktop);
	auto_free char *path = strdup(getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
	auto_free char *why = NULL;
	struct seen seen = { "", 0, 0 };
	size_t n = 1;

	(void)state;
	setenv("PATH", "/nonexistent", 1);
	assert_int_equal(report_pictures(h, see, &seen, &n, &why), -ENOENT);
	assert_int_equal(n, 0);
	assert_string_equal(why, "gnuplot is not installed");
	setenv("PATH", path, 1);
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chunks),     cmocka_unit_test(test_keys),
		cmocka_unit_test(test_result),     cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_no_gnuplot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
