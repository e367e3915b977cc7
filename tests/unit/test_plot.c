/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

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

static bool is_empty(const char *folder)
{
	DIR *d = opendir(folder);
	const struct dirent *e;
	size_t n = 0;

	assert_non_null(d);
	while ((e = readdir(d)))
		n += e->d_name[0] != '.';
	closedir(d);
	return n == 0;
}

static void check_nothing_left(const struct place *p)
{
	assert_true(is_empty(p->tmp));
}

static void check_fails(struct place *p, const char *script, int error, const char *piece)
{
	auto_picture struct picture drawn = { 0 };

	put_gnuplot(p, script);
	assert_int_equal(plot_draw(&dots, &drawn), error);
	assert_null(drawn.bytes);
	assert_non_null(drawn.why);
	if (!strstr(drawn.why, piece))
		fail_msg("'%s' does not say '%s'", drawn.why, piece);
	assert_null(strchr(drawn.why, '\n'));
	check_nothing_left(p);
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
	check_fails(p,
		    "exec 3<plot.gp 4<data; read -r a b c d <&3; read -r e <&4; "
		    "echo \"$*: $a $b $c $d / $e\" >&2; exit 1",
		    -EIO, "--default-settings plot.gp: set terminal svg size");
	check_fails(p, "read -r a; echo \"stdin: $? '$a'\" >&2; exit 1", -EIO, "stdin: 1 ''");
}

/* A disk that is full after what fitted the buffer was written. */
static void test_full(void **state)
{
	struct place *p = *state;
	auto_picture struct picture drawn = { 0 };
	auto_free char *data = malloc(64 * KIB + 1);
	struct plot large = dots;
	struct rlimit was;
	int r;

	assert_non_null(data);
	memset(data, '1', 64 * KIB);
	data[64 * KIB] = '\0';
	large.data = data;
	put_gnuplot(p, "echo drawn >&2; exit 1");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 8 * KIB, was.rlim_max }), 0);
	r = plot_draw(&large, &drawn);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(r, -EFBIG);
	assert_string_equal(drawn.why, "the folder for gnuplot: File too large");
	check_nothing_left(p);
}

static void test_missing(void **state)
{
	struct place *p = *state;
	auto_picture struct picture drawn = { 0 };

	setenv("PATH", p->bin, 1);
	assert_int_equal(plot_draw(&dots, &drawn), -ENOENT);
	assert_string_equal(drawn.why, "gnuplot is not installed");
	/* Folders of PATH that depend on where one stands are not looked into. */
	setenv("PATH", ".::relative", 1);
	picture_release(&drawn);
	drawn = (struct picture){ 0 };
	assert_int_equal(plot_draw(&dots, &drawn), -ENOENT);
}

/* Of user, group and supplementary groups. */
#define WHO                                                             \
	"while read -r a b c; do case $a in Uid:) u=$b;; Gid:) g=$b;; " \
	"Groups:) echo \"$u/$g/$b\" >&2;; esac; done </proc/self/status; exit 1"

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
	check_fails(p, "echo x >new && echo wrote >&2; exit 1", -EIO,
		    geteuid() == 0 ? "cannot create new" : "");
	check_fails(p, "exec >&2; ulimit -v; exit 1", -EIO, "524288");
	check_fails(p, "exec >&2; ulimit -t; exit 1", -EIO, "10");
	if (geteuid() == 0) {
		check_fails(p, "exec /usr/bin/id -u >&2", -EIO, "not let into the page");
		check_fails(p, WHO, -EIO, "65534/");
		setenv("SUDO_UID", "4321", 1);
		setenv("SUDO_GID", "4322", 1);
		check_fails(p, WHO, -EIO, "4321/4322/");
	}
	unsetenv("SUDO_UID");
	unsetenv("SUDO_GID");
	unsetenv("GNUPLOT_LIB");
}

/* Ctrl-C or a time limit while it draws: nothing stays behind. */
static void test_signals(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct place *p = *state;

	put_gnuplot(p, "while :; do :; done");
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		struct picture drawn = { 0 };
		int status;
		const pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			_exit(plot_draw(&dots, &drawn) == 0);
		while (is_empty(p->tmp))
			usleep(1000);
		assert_int_equal(kill(pid, signals[i]), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), signals[i]);
		check_nothing_left(p);
	}
}

/* Somebody else takes care of it, or it is not wanted: drawing goes on. */
static void test_signals_of_others(void **state)
{
	struct place *p = *state;
	sigset_t held;
	int sig;

	sigemptyset(&held);
	sigaddset(&held, SIGTERM);
	assert_int_equal(sigprocmask(SIG_BLOCK, &held, NULL), 0);
	assert_true(signal(SIGHUP, SIG_IGN) != SIG_ERR);
	assert_int_equal(kill(getpid(), SIGTERM), 0);
	assert_int_equal(kill(getpid(), SIGHUP), 0);
	check_fails(p, "echo drawn >&2; exit 1", -EIO, "drawn");
	assert_int_equal(sigwait(&held, &sig), 0);
	assert_int_equal(sig, SIGTERM);
	assert_int_equal(sigprocmask(SIG_UNBLOCK, &held, NULL), 0);
	assert_true(signal(SIGHUP, SIG_DFL) != SIG_ERR);
}

static void test_folder_fails(void **state)
{
	struct place *p = *state;
	auto_picture struct picture drawn = { 0 };

	put_gnuplot(p, ":");
	setenv("TMPDIR", "/proc/self/no-such-folder", 1);
	assert_int_equal(plot_draw(&dots, &drawn), -ENOENT);
	assert_non_null(strstr(drawn.why, "gnuplot"));
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
	auto_picture struct picture drawn = { 0 };

	need_gnuplot();
	if (plot_draw(&dots, &drawn) < 0)
		fail_msg("%s", drawn.why);
	assert_non_null(strstr(drawn.bytes, "<title id=\"dots-title\">Dots</title>"));
	assert_non_null(strstr(drawn.bytes, "href=\"#dotsgpPt6\""));
	assert_non_null(strstr(drawn.bytes, "color=\"rgb(  5,  80, 174)\""));
	assert_null(strstr(drawn.bytes, "<script"));
	assert_null(strstr(drawn.bytes, "http"));
	assert_null(strstr(drawn.bytes, "GNUPLOT"));
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
	auto_picture struct picture drawn = { 0 };

	(void)state;
	need_gnuplot();
	if (figure_percentiles(&s, &drawn) < 0)
		fail_msg("%s", drawn.why);
	assert_non_null(strstr(drawn.bytes, "88.0 µs"));
	assert_non_null(strstr(drawn.bytes, "91.0 ms"));
	assert_non_null(strstr(drawn.bytes, ">90 %<"));
	assert_non_null(strstr(drawn.bytes, "stroke-dasharray"));
	assert_non_null(strstr(drawn.bytes, "fill-opacity"));
	assert_null(strstr(drawn.bytes, "99.9 %"));
}

static void test_extremes(void **state)
{
	struct spread_point points[] = {
		{ .ppm = 0, .has_all = true, .all_ns = 0 },
		{ .ppm = 999990, .has_all = true, .all_ns = UINT64_C(1) << 41 },
	};
	const struct spread s = { points, ARRAY_SIZE(points), 1, false };
	auto_picture struct picture drawn = { 0 };

	(void)state;
	need_gnuplot();
	if (figure_percentiles(&s, &drawn) < 0)
		fail_msg("%s", drawn.why);
	assert_null(strstr(drawn.bytes, "stroke-dasharray=\"7"));
	assert_non_null(strstr(drawn.bytes, "1 s"));
}

static void test_strip(void **state)
{
	struct strip_dot dots_of_two[] = { { 2, 0, 5000 }, { 2, 1, 6000 }, { 7, 0, 50000 } };
	struct strip_cpu cpus[] = { { 2, 2, 5000, 5500, 6000 }, { 7, 1, 50000, 50000, 50000 } };
	const struct strip s = { 990000, dots_of_two, 3, cpus, 2, 2 };
	const struct strip none = { 0 };
	auto_picture struct picture drawn = { 0 };
	auto_picture struct picture nothing = { 0 };
	size_t n = 0;

	(void)state;
	need_gnuplot();
	if (figure_strip(&s, &drawn) < 0)
		fail_msg("%s", drawn.why);
	for (const char *at = drawn.bytes; (at = strstr(at, "href=\"#stripgpPt6\" transform"));
	     at++)
		n++;
	assert_int_equal(n, 3);
	assert_non_null(strstr(drawn.bytes, ">7<"));
	assert_int_equal(figure_strip(&none, &nothing), -ENODATA);
	assert_null(nothing.why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_failures, setup, teardown),
		cmocka_unit_test_setup_teardown(test_missing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_environment, setup, teardown),
		cmocka_unit_test_setup_teardown(test_signals, setup, teardown),
		cmocka_unit_test_setup_teardown(test_signals_of_others, setup, teardown),
		cmocka_unit_test_setup_teardown(test_folder_fails, setup, teardown),
		cmocka_unit_test_setup_teardown(test_draw, setup, teardown),
		cmocka_unit_test_setup_teardown(test_percentiles, setup, teardown),
		cmocka_unit_test_setup_teardown(test_extremes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_strip, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
