/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/output.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "core/text.h"

/* Owner that sudo acts for; false: not under sudo, or not root. */
static bool sudo_owner(uid_t *ret_uid, gid_t *ret_gid)
{
	uint64_t uid, gid;
	const char *u = getenv("SUDO_UID"), *g = getenv("SUDO_GID");

	if (geteuid() != 0 || !u || !g || text_u64(text_of(u), &uid) < 0 ||
	    text_u64(text_of(g), &gid) < 0 || uid > UINT32_MAX - 1 || gid > UINT32_MAX - 1)
		return false;
	*ret_uid = (uid_t)uid;
	*ret_gid = (gid_t)gid;
	return true;
}

static int give_away(int fd)
{
	uid_t uid;
	gid_t gid;

	if (!sudo_owner(&uid, &gid))
		return 0;
	return fchown(fd, uid, gid) < 0 ? neg_errno() : 0;
}

static int write_and_close(int fd, int (*write)(FILE *out, void *arg), void *arg)
{
	FILE *f = fdopen(fd, "w");
	int r;

	if (!f) {
		close(fd);
		return -ENOMEM;
	}
	r = write(f, arg);
	/* A full disk is told here at the latest. */
	if (r == 0 && (fflush(f) == EOF || fsync(fd) < 0) && errno != EINVAL)
		r = neg_errno();
	if (r == 0)
		r = give_away(fd);
	if (fclose(f) == EOF && r == 0)
		r = neg_errno();
	return r;
}

int output_file(const char *path, int (*write)(FILE *out, void *arg), void *arg)
{
	auto_free char *temporary = NULL;
	int fd, r;

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0) {
		temporary = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return neg_errno();
	if (fchmod(fd, 0644) < 0) {
		r = neg_errno();
		close(fd);
	} else {
		r = write_and_close(fd, write, arg);
	}
	if (r == 0 && rename(temporary, path) < 0)
		r = neg_errno();
	if (r < 0)
		unlink(temporary);
	return r;
}

static char *default_name(uint64_t unix_ns)
{
	const time_t t = (time_t)(unix_ns / NS_PER_S);
	char stamp[32];
	struct tm utc;
	char *name;

	gmtime_r(&t, &utc);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &utc);
	return asprintf(&name, "vfiobench-%s", stamp) < 0 ? NULL : name;
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

int output_folder(const char *path, uint64_t unix_ns, char **ret_path)
{
	auto_free char *folder = path ? strdup(path) : default_name(unix_ns);
	int r;

	if (!folder)
		return -ENOMEM;
	if (mkdir(folder, 0755) == 0) {
		auto_fd int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		r = fd < 0 ? neg_errno() : give_away(fd);
	} else {
		r = errno == EEXIST ? 0 : neg_errno();
	}
	if (r == 0)
		r = check_writable(folder);
	if (r < 0)
		return r;
	*ret_path = folder;
	folder = NULL;
	return 0;
}
