/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/output.h"

#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "core/doc.h"
#include "core/save.h"

int output_write_document(FILE *out, void *arg)
{
	auto_free char *text = doc_print(arg, false);

	if (!text)
		return -ENOMEM;
	return fputs(text, out) == EOF ? neg_errno() : 0;
}

int output_file(const char *path, int (*write)(FILE *out, void *arg), void *arg)
{
	return save_file(path, write, arg);
}

static char *default_name(const char *prefix, uint64_t unix_ns)
{
	const time_t t = (time_t)(unix_ns / NS_PER_S);
	char stamp[32];
	struct tm utc;
	char *name;

	gmtime_r(&t, &utc);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &utc);
	return asprintf(&name, "%s-%s", prefix, stamp) < 0 ? NULL : name;
}

/* Found out before minutes are spent on measuring. */
static int check_writable(const char *folder)
{
	auto_free char *temporary = NULL;
	int fd;

	if (asprintf(&temporary, "%s/.vfiobench.XXXXXX", folder) < 0) {
		temporary = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return neg_errno();
	close(fd);
	unlink(temporary);
	return 0;
}

/*
 * Relative to its parent, and never through a link: whoever may write there could put one in its
 * place to be given a folder of root.
 */
static int make_folder(const char *path)
{
	auto_free char *parent = strdup(path);
	auto_free char *copy = strdup(path);
	auto_fd int above = -1, fd = -1;
	const char *name;

	if (!parent || !copy)
		return -ENOMEM;
	name = basename(copy);
	above = open(dirname(parent), O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (above < 0)
		return neg_errno();
	if (mkdirat(above, name, 0777) < 0)
		return errno == EEXIST ? 0 : neg_errno();
	fd = openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? neg_errno() : save_give_away(fd);
}

int output_folder(const char *path, const char *prefix, uint64_t unix_ns, char **ret_path)
{
	auto_free char *folder = path ? strdup(path) : default_name(prefix, unix_ns);
	int r;

	if (!folder)
		return -ENOMEM;
	r = make_folder(folder);
	if (r == 0)
		r = check_writable(folder);
	if (r < 0)
		return r;
	*ret_path = folder;
	folder = NULL;
	return 0;
}

int output_lock(const char *folder, int *ret_fd)
{
	const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return neg_errno();
	if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) {
		close(fd);
		return -EBUSY;
	}
	*ret_fd = fd;
	return 0;
}

int output_spare_folder(char **ret_path)
{
	const char *base = getenv("TMPDIR");
	auto_free char *path = NULL;
	auto_fd int fd = -1;
	int r;

	if (asprintf(&path, "%s/vfiobench.XXXXXX", base && *base ? base : "/var/tmp") < 0) {
		path = NULL;
		return -ENOMEM;
	}
	if (!mkdtemp(path))
		return neg_errno();
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	r = fd < 0 ? neg_errno() : save_give_away(fd);
	if (r < 0)
		return r;
	*ret_path = path;
	path = NULL;
	return 0;
}
