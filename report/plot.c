/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/plot.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "core/program.h"
#include "core/text.h"
#include "core/user.h"

#define PLOT_LIMIT_NS (10 * NS_PER_S)

static const char common[] = "set encoding utf8\n"
			     "set border 3 lw 1 lc rgb '" PLOT_FOREGROUND "'\n"
			     "set tics nomirror out scale 0.6 textcolor rgb '" PLOT_FOREGROUND "'\n"
			     "set grid xtics ytics lt 1 lw 0.6 lc rgb '" PLOT_GRID "'\n"
			     "set key noautotitle\n"
			     "set style fill transparent solid 0.18 noborder\n";

/* In PATH; entries that are not absolute are passed over. NULL: none. Caller frees. */
static char *find_gnuplot(void)
{
	const char *path = getenv("PATH");
	struct text rest = text_of(path ? path : "/usr/bin:/bin"), folder;

	while (text_next_piece(&rest, ':', &folder)) {
		char *file = NULL;

		if (!text_starts(folder, "/"))
			continue;
		if (asprintf(&file, "%.*s/gnuplot", (int)folder.len, folder.at) < 0)
			return NULL;
		if (access(file, X_OK) == 0)
			return file;
		free(file);
	}
	return NULL;
}

struct folder {
	char *path; /* NULL: not made */
	int fd;
};

static const char script_name[] = "plot.gp", data_name[] = "data";

static void folder_release(struct folder *f)
{
	if (f->fd >= 0) {
		unlinkat(f->fd, script_name, 0);
		unlinkat(f->fd, data_name, 0);
		close(f->fd);
	}
	if (f->path)
		rmdir(f->path);
	free(f->path);
}

/* Private, and it stays ours: the child may read what is in it and enter it, not write. */
static int folder_make(struct folder *f, gid_t reader)
{
	const char *base = getenv("TMPDIR");

	if (!base || *base != '/')
		base = "/tmp";
	if (asprintf(&f->path, "%s/vfiobench-plot.XXXXXX", base) < 0) {
		f->path = NULL;
		return -ENOMEM;
	}
	if (!mkdtemp(f->path)) {
		free(f->path);
		f->path = NULL;
		return neg_errno();
	}
	f->fd = open(f->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (f->fd < 0)
		return neg_errno();
	if (reader && (fchown(f->fd, (uid_t)-1, reader) < 0 || fchmod(f->fd, 0750) < 0))
		return neg_errno();
	return 0;
}

static FILE *folder_open(const struct folder *f, const char *name, gid_t reader)
{
	const int fd =
		openat(f->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	FILE *file;

	if (fd < 0)
		return NULL;
	if (reader && (fchown(fd, (uid_t)-1, reader) < 0 || fchmod(fd, 0640) < 0)) {
		close(fd);
		return NULL;
	}
	file = fdopen(fd, "w");
	if (!file)
		close(fd);
	return file;
}

static int write_data(const struct folder *f, const struct plot *p, gid_t reader)
{
	FILE *file = folder_open(f, data_name, reader);

	if (!file)
		return neg_errno();
	fputs(p->data, file);
	return fclose(file) == EOF ? neg_errno() : 0;
}

static int write_script(const struct folder *f, const struct plot *p, gid_t reader)
{
	FILE *file = folder_open(f, script_name, reader);

	if (!file)
		return neg_errno();
	/* noenhanced: else "_", "^", "{" and "@" in labels would be mark-up. */
	fprintf(file,
		"set terminal svg size %u,%u dynamic noenhanced font 'sans-serif,13' rounded "
		"name '%s'\n%s%s",
		p->width, p->height, p->names.prefix, common, p->script);
	return fclose(file) == EOF ? neg_errno() : 0;
}

/* The first line of what gnuplot said that tells what is wrong. */
static char *complaint(const struct program *g)
{
	struct text rest = text_make(g->err, g->err ? g->n_err : 0), line, last = text_of("");
	char end[128], clean[160], *why;

	while (text_next_line(&rest, &line)) {
		if (text_trim(line).len)
			last = text_trim(line);
	}
	program_describe_end(g, end, sizeof(end));
	text_clean(last, clean, sizeof(clean));
	return asprintf(&why, "gnuplot: %s%s%s", end, *clean ? ": " : "", clean) < 0 ? NULL : why;
}

static int run_gnuplot(const char *gnuplot, const char *folder, uid_t uid, gid_t gid,
		       const struct plot *p, char **ret_svg, char **ret_why)
{
	const char *const argv[] = { gnuplot, "--default-settings", script_name, NULL };
	const char *const env[] = { "LC_ALL=C.UTF-8", NULL };
	struct program g = { .argv = argv,
			     .env = env,
			     .working_dir = folder,
			     .run_as_uid = uid,
			     .run_as_gid = gid,
			     .limit_ns = PLOT_LIMIT_NS };
	int r = program_start(&g, timebase_monotonic());

	if (r == 0)
		r = programs_wait(&g, 1, timebase_monotonic(), -1);
	if (r == 0 && g.end == PROGRAM_TIMED_OUT)
		r = -ETIMEDOUT;
	else if (r == 0 && (g.end != PROGRAM_EXITED || g.code != 0))
		r = -EIO;
	if (r < 0)
		*ret_why = complaint(&g);
	else
		r = svg_clean(text_make(g.out, g.n_out), &p->names, ret_svg);
	program_release(&g);
	return r == -EBADMSG ? -EIO : r;
}

static char *explain(int r)
{
	char *why;

	if (r == -ENOENT)
		return strdup("gnuplot is not installed");
	if (r == -EIO)
		return strdup("gnuplot drew something that is not let into the page");
	return asprintf(&why, "the folder for gnuplot: %s", strerror(-r)) < 0 ? NULL : why;
}

int plot_draw(const struct plot *p, char **ret_svg, char **ret_why)
{
	auto_free char *gnuplot = find_gnuplot();
	struct folder f = { NULL, -1 };
	char *why = NULL;
	uid_t uid;
	gid_t gid;
	int r = gnuplot ? 0 : -ENOENT;

	user_harmless(&uid, &gid);
	if (r == 0)
		r = folder_make(&f, gid);
	if (r == 0)
		r = write_data(&f, p, gid);
	if (r == 0)
		r = write_script(&f, p, gid);
	if (r == 0)
		r = run_gnuplot(gnuplot, f.path, uid, gid, p, ret_svg, &why);
	folder_release(&f);
	if (r < 0 && ret_why)
		*ret_why = why ? why : explain(r);
	else
		free(why);
	return r;
}
