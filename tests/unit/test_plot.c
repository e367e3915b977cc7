/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "report/figures.h"
#include "report/plot.h"
#include "tests/lib/check.h"

static const struct plot dots = {
	.names = { "dots", "Dots", "Two of them" },
	.width = 400,
	.height = 300,
	.script =
		"set xrange [0:3]\nplot 'data' using 1:2 with points pt 7 lc rgb '" PLOT_RAW "'\n",
	.data = "1 1\n2 2\n",
};

/* A folder for programs named gnuplot, and one for what plot_draw() makes. */
struct place {
	char bin[64], tmp[64], gnuplot[80];
	char *path;
};

static int setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	snprintf(p->bin, sizeof(p->bin), "/tmp/test-plot-bin.XXXXXX");
	snprintf(p->tmp, sizeof(p->tmp), "/tmp/test-plot-tmp.XXXXXX");
	assert_non_null(mkdtemp(p->bin));
	assert_non_null(mkdtemp(p->tmp));
	/* Whoever the program runs as has to get there. */
	assert_int_equal(chmod(p->bin, 0755), 0);
	assert_int_equal(chmod(p->tmp, 0755), 0);
	snprintf(p->gnuplot, sizeof(p->gnuplot), "%s/gnuplot", p->bin);
	p->path = strdup(getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
	setenv("TMPDIR", p->tmp, 1);
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct place *p = *state;

	unlink(p->gnuplot);
	rmdir(p->bin);
	assert_int_equal(rmdir(p->tmp), 0);
	setenv("PATH", p->path, 1);
	unsetenv("TMPDIR");
	free(p->path);
	free(p);
	return 0;
}

static void put_gnuplot(struct place *p, const char *script)
{
	FILE *f = fopen(p->gnuplot, "w");

	assert_non_null(f);
	fprintf(f, "#!/bin/sh\n%s\n", script);
	fclose(f);
	assert_int_equal(chmod(p->gnuplot, 0755), 0);
	setenv("PATH", p->bin, 1);
}

static void check_nothing_left(const struct place *p)
{
	DIR *d = opendir(p->tmp);
	const struct dirent *e;

	assert_non_null(d);
	while ((e = readdir(d)))
		assert_true(e->d_name[0] == '.');
	closedir(d);
}

static void check_fails(struct place *p, const char *script, int error, const char *piece)
{
	auto_free char *why = NULL;
	char *svg = NULL;

	put_gnuplot(p, script);
	assert_int_equal(plot_draw(&dots, &svg, &why), error);
	assert_null(svg);
	assert_non_null(why);
	if (!strstr(why, piece))
		fail_msg("'%s' does not say '%s'", why, piece);
	assert_null(strchr(why, '\n'));
	check_nothing_left(p);
	/* Nobody has to ask why. */
	assert_int_equal(plot_draw(&dots, &svg, NULL), error);
}

static void test_failures(void **state)
{
	struct place *p = *state;

	check_fails(p, "echo 'line 3: undefined variable' >&2; exit 1", -EIO,
		    "line 3: undefined variable");
	check_fails(p, "printf 'bad\\033[31m' >&2; exit 1", -EIO, "bad?[31m");
	check_fails(p, "kill -SEGV $$", -EIO, "signal");
	check_fails(p, ":", -EIO, "not let into the page");
	check_fails(p, "echo '<svg><script>x</script></svg>'", -EIO, "not let into the page");
	check_fails(p, "cat plot.gp data /dev/null >&2; echo \"$*\" >&2; exit 1", -EIO,
		    "--default-settings plot.gp");
}

static void test_missing(void **state)
{
	struct place *p = *state;
	auto_free char *why = NULL;
	char *svg = NULL;

	setenv("PATH", p->bin, 1);
	assert_int_equal(plot_draw(&dots, &svg, &why), -ENOENT);
	assert_string_equal(why, "gnuplot is not installed");
	/* Folders of PATH that depend on where one stands are not looked into. */
	setenv("PATH", ".::relative", 1);
	free(why);
	assert_int_equal(plot_draw(&dots, &svg, &why), -ENOENT);
}

/* What the program gets: nothing of ours. */
static void test_environment(void **state)
{
	struct place *p = *state;

	setenv("GNUPLOT_LIB", "/tmp", 1);
	setenv("SUDO_UID", "0", 1);
	check_fails(p, "echo \"lib=$GNUPLOT_LIB home=$HOME lc=$LC_ALL\" >&2; exit 1", -EIO,
		    "lib= home= lc=C.UTF-8");
	check_fails(p, "case $PWD in */vfiobench-plot.*) echo private >&2;; esac; exit 1", -EIO,
		    "private");
	check_fails(p, "cat data >/dev/null && : >new; [ -e new ] && echo wrote >&2; exit 1", -EIO,
		    geteuid() == 0 ? "cannot create new" : "");
	if (geteuid() == 0) {
		check_fails(p, "/usr/bin/id -u >&2; exit 1", -EIO, "65534");
		setenv("SUDO_UID", "4321", 1);
		setenv("SUDO_GID", "4322", 1);
		check_fails(p, "echo $(/usr/bin/id -u)/$(/usr/bin/id -G) >&2; exit 1", -EIO,
			    "4321/4322");
	}
	unsetenv("SUDO_UID");
	unsetenv("SUDO_GID");
	unsetenv("GNUPLOT_LIB");
}

static void test_folder_fails(void **state)
{
	struct place *p = *state;
	auto_free char *why = NULL;
	char *svg = NULL;

	put_gnuplot(p, ":");
	setenv("TMPDIR", "/proc/self/no-such-folder", 1);
	assert_int_equal(plot_draw(&dots, &svg, &why), -ENOENT);
	assert_non_null(strstr(why, "gnuplot"));
	setenv("TMPDIR", p->tmp, 1);
}

/* Skips where there is none. */
static void need_gnuplot(void)
{
	if (access("/usr/bin/gnuplot", X_OK) < 0) {
		print_message("skipped: no /usr/bin/gnuplot\n");
		skip();
	}
	setenv("PATH", "/usr/bin:/bin", 1);
}

static void test_draw(void **state)
{
	auto_free char *svg = NULL, *why = NULL;

	need_gnuplot();
	if (plot_draw(&dots, &svg, &why) < 0)
		fail_msg("%s", why);
	assert_non_null(strstr(svg, "<title id=\"dots-title\">Dots</title>"));
	assert_non_null(strstr(svg, "href=\"#dotsgpPt6\""));
	assert_non_null(strstr(svg, "color=\"rgb(  5,  80, 174)\""));
	assert_null(strstr(svg, "<script"));
	assert_null(strstr(svg, "http"));
	assert_null(strstr(svg, "GNUPLOT"));
	check_nothing_left(*state);
}

static void test_percentiles(void **state)
{
	/* With a zero, and a label at the end of each curve. */
	struct spread_point points[] = {
		{ .ppm = 0, .has_units = true, .has_all = true, .has_corrected = true },
		{ .ppm = 900000, true, 900, 1000, 1200, true, true, 1010, 1010 },
		{ .ppm = 990000,
		  .has_all = true,
		  .has_corrected = true,
		  .all_ns = 88000,
		  .corrected_ns = 91000000 },
	};
	const struct spread s = { points, ARRAY_SIZE(points), 5, true };
	auto_free char *svg = NULL, *why = NULL;

	(void)state;
	need_gnuplot();
	if (figure_percentiles(&s, &svg, &why) < 0)
		fail_msg("%s", why);
	assert_non_null(strstr(svg, "88.0 µs"));
	assert_non_null(strstr(svg, "91.0 ms"));
	assert_non_null(strstr(svg, ">90 %<"));
	assert_non_null(strstr(svg, "stroke-dasharray"));
	assert_non_null(strstr(svg, "fill-opacity"));
	assert_null(strstr(svg, "99.9 %"));
}

static void test_extremes(void **state)
{
	struct spread_point points[] = {
		{ .ppm = 0, .has_all = true, .all_ns = 0 },
		{ .ppm = 999990, .has_all = true, .all_ns = UINT64_C(1) << 41 },
	};
	const struct spread s = { points, ARRAY_SIZE(points), 1, false };
	auto_free char *svg = NULL, *why = NULL;

	(void)state;
	need_gnuplot();
	if (figure_percentiles(&s, &svg, &why) < 0)
		fail_msg("%s", why);
	assert_null(strstr(svg, "stroke-dasharray=\"7"));
	assert_non_null(strstr(svg, "1 s"));
}

static void test_strip(void **state)
{
	struct strip_dot dots_of_two[] = { { 2, 0, 5000 }, { 2, 1, 6000 }, { 7, 0, 50000 } };
	struct strip_cpu cpus[] = { { 2, 2, 5000, 5500, 6000 }, { 7, 1, 50000, 50000, 50000 } };
	const struct strip s = { 990000, dots_of_two, 3, cpus, 2, 2 };
	const struct strip none = { 0 };
	auto_free char *svg = NULL, *why = NULL;
	char *no_svg = NULL, *no_why = NULL;
	size_t n = 0;

	(void)state;
	need_gnuplot();
	if (figure_strip(&s, &svg, &why) < 0)
		fail_msg("%s", why);
	for (const char *at = svg; (at = strstr(at, "href=\"#stripgpPt6\" transform")); at++)
		n++;
	assert_int_equal(n, 3);
	assert_non_null(strstr(svg, ">7<"));
	assert_int_equal(figure_strip(&none, &no_svg, &no_why), -ENODATA);
	assert_null(no_why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_failures, setup, teardown),
		cmocka_unit_test_setup_teardown(test_missing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_environment, setup, teardown),
		cmocka_unit_test_setup_teardown(test_folder_fails, setup, teardown),
		cmocka_unit_test_setup_teardown(test_draw, setup, teardown),
		cmocka_unit_test_setup_teardown(test_percentiles, setup, teardown),
		cmocka_unit_test_setup_teardown(test_extremes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_strip, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
