/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/plot.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "core/program.h"
#include "core/signals.h"
#include "core/text.h"
#include "core/user.h"
#include "report/plot_medium.h"

#define PLOT_LIMIT_NS (10 * NS_PER_S)

/* It takes 16 MiB and a hundredth of a second. */
static const struct confine limits = { .memory_bytes = 512 * MIB, .cpu_s = 10 };
/* Pango, which letters of pixels are drawn with, starts one that looks for fonts. */
static const struct confine limits_of_pixels = { .memory_bytes = 1024 * MIB,
						 .cpu_s = 10,
						 .has_threads = true };

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

static int share(int fd, gid_t reader, mode_t mode)
{
	if (!reader || fchown(fd, (uid_t)-1, reader) < 0)
		return 0;
	return fchmod(fd, mode) < 0 ? neg_errno() : 0;
}

/*
 * Private, and it stays ours: the child may read what is in it and enter it, not write. In a user
 * namespace user and group may not exist; there the child stays who we are.
 */
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
	return share(f->fd, reader, 0750);
}

static FILE *folder_open(const struct folder *f, const char *name, gid_t reader)
{
	const int fd =
		openat(f->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	FILE *file;

	if (fd < 0)
		return NULL;
	if (share(fd, reader, 0640) < 0) {
		close(fd);
		return NULL;
	}
	file = fdopen(fd, "w");
	if (!file)
		close(fd);
	return file;
}

/* What did not fit the buffer was written before, or not. */
static int finish(FILE *file)
{
	const int r = ferror(file) ? neg_errno() : 0;

	return fclose(file) == EOF && r == 0 ? neg_errno() : r;
}

static int write_data(const struct folder *f, const struct plot *p, gid_t reader)
{
	FILE *file = folder_open(f, data_name, reader);

	if (!file)
		return neg_errno();
	fputs(p->data, file);
	return finish(file);
}

static int write_script(const struct folder *f, const struct plot *p, const struct picture *picture,
			gid_t reader)
{
	FILE *file = folder_open(f, script_name, reader);

	if (!file)
		return neg_errno();
	plot_put_terminal(file, p, picture);
	fprintf(file, "%s%s", common, p->script);
	return finish(file);
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

static int run_gnuplot(const char *gnuplot, const char *folder, int stop_fd, const struct plot *p,
		       struct picture *picture)
{
	const char *const argv[] = { gnuplot, "--default-settings", script_name, NULL };
	const char *const env[] = { "LC_ALL=C.UTF-8", NULL };
	struct program g = { .argv = argv,
			     .env = env,
			     .working_dir = folder,
			     .confine = picture->medium == PLOT_PNG ? &limits_of_pixels : &limits,
			     .limit_ns = PLOT_LIMIT_NS };
	int r = program_start(&g, timebase_monotonic());

	if (r == 0)
		r = programs_wait(&g, 1, timebase_monotonic(), stop_fd);
	if (r == 0 && g.end == PROGRAM_TIMED_OUT)
		r = -ETIMEDOUT;
	else if (r == 0 && (g.end != PROGRAM_EXITED || g.code != 0))
		r = -EIO;
	if (r < 0)
		picture->why = complaint(&g);
	else
		r = plot_take(p, text_make(g.out, g.n_out), picture);
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

static int draw_in(struct folder *f, const char *gnuplot, int stop_fd, const struct plot *p,
		   struct picture *picture)
{
	uid_t uid;
	gid_t gid;
	int r;

	user_harmless(&uid, &gid);
	r = folder_make(f, gid);
	if (r == 0)
		r = write_data(f, p, gid);
	if (r == 0)
		r = write_script(f, p, picture, gid);
	return r == 0 ? run_gnuplot(gnuplot, f->path, stop_fd, p, picture) : r;
}

void picture_release(struct picture *picture)
{
	free(picture->bytes);
	free(picture->why);
}

int plot_draw(const struct plot *p, struct picture *picture)
{
	auto_free char *gnuplot = find_gnuplot();
	struct folder f = { NULL, -1 };
	struct calm calm;
	int r = gnuplot ? calm_begin(&calm) : -ENOENT;

	if (gnuplot) {
		if (r == 0)
			r = draw_in(&f, gnuplot, calm.fd, p, picture);
		folder_release(&f);
		calm_end(&calm);
	}
	if (r < 0 && !picture->why)
		picture->why = explain(r);
	return r;
}
