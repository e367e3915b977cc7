/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page. TEST_SOURCES: tests/lib/sample.c */
#include <string.h>
#include <sys/stat.h>

#include "core/program.h"
#include "report/report.h"
#include "tests/lib/check.h"
#include "tests/lib/host.h"
#include "tests/lib/sample.h"

enum { PAGE_MAX = 1 << 20 };

static const struct sample desktop = { 6, 24, 8, 20000 };

static char *page_of(struct host *h, struct findings *f, size_t *ret_size)
{
	char *page = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&page, &size);

	assert_non_null(out);
	assert_int_equal(report_html(out, h, f), 0);
	assert_int_equal(fclose(out), 0);
	if (ret_size)
		*ret_size = size;
	return page;
}

/* Also writes it to the file of VFIOBENCH_PAGE, to be looked at. */
static char *sample_page(const struct sample *s, size_t *ret_size)
{
	struct host *h = sample_host(s);
	const char *path = getenv("VFIOBENCH_PAGE");
	struct findings f;
	char *page;

	assert_int_equal(engine_run(h, &f), 0);
	page = page_of(h, &f, ret_size);
	if (path) {
		FILE *file = fopen(path, "w");

		assert_non_null(file);
		fputs(page, file);
		fclose(file);
	}
	host_free(h);
	return page;
}

static void test_whole(void **state)
{
	auto_free char *page = sample_page(&desktop, NULL);

	(void)state;
	assert_non_null(strstr(page, "</html>"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
