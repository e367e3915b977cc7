/* SPDX-License-Identifier: GPL-2.0-or-later */
/* store_names.c - where baselines lie. */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/store.h"
#include "core/save.h"
#include "core/say.h"
#include "core/text.h"

#define FOLDER      "vfiobench/baselines"
#define SHARED_BASE "/var/lib"
#define SUFFIX      ".json"

enum { NAME_LEN_MAX = 64 };

static bool is_file(const char *name)
{
	return strchr(name, '/') || text_ends(text_of(name), SUFFIX);
}

bool store_is_name(const char *name)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789._-";
	const size_t len = strspn(name, letters);

	return len && len <= NAME_LEN_MAX && !name[len] && name[0] != '.' && name[0] != '-';
}

const char *store_name_of(const char *path, struct arena *a)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	const size_t len = strlen(name);

	return arena_strndup(a, name,
			     len - (text_ends(text_of(name), SUFFIX) ? strlen(SUFFIX) : 0));
}

/* The folder to which "vfiobench/baselines" belongs, and what comes between. */
struct base {
	const char *at, *below;
	bool is_ours; /* the user's, not the system's */
};

static int find_base(struct base *ret_base)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state && state[0] == '/')
		*ret_base = (struct base){ state, FOLDER, true };
	else if (geteuid() == 0)
		*ret_base = (struct base){ SHARED_BASE, FOLDER, false };
	else if (home && home[0] == '/')
		*ret_base = (struct base){ home, ".local/state/" FOLDER, true };
	else
		return -ENOENT;
	return 0;
}

/*
 * A folder below another one, never through a link: whoever may write there could put one in its
 * place. What is new under sudo is the user's.
 */
static int open_below(int above, const char *name, bool is_ours, int *ret_fd)
{
	const bool is_new = mkdirat(above, name, 0777) == 0;
	int fd, r = 0;

	if (!is_new && errno != EEXIST)
		return neg_errno();
	fd = openat(above, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (is_new ? O_NOFOLLOW : 0));
	if (fd < 0)
		return neg_errno();
	if (is_new && is_ours)
		r = save_give_away(fd);
	if (r < 0)
		close(fd);
	else
		*ret_fd = fd;
	return r;
}

static int make_base(const char *at)
{
	/* $XDG_STATE_HOME itself may be new: "should be created with permission 0700". */
	return mkdir(at, 0700) < 0 && errno != EEXIST ? neg_errno() : 0;
}

static int make_folder(const struct base *base)
{
	struct text rest = text_of(base->below), piece;
	auto_fd int above = -1;
	int r = make_base(base->at);

	if (r < 0)
		return r;
	above = open(base->at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (above < 0)
		return neg_errno();
	while (text_next_piece(&rest, '/', &piece)) {
		auto_free char *name = strndup(piece.at, piece.len);
		int fd;

		r = name ? open_below(above, name, base->is_ours, &fd) : -ENOMEM;
		if (r < 0)
			return r;
		close(above);
		above = fd;
	}
	return 0;
}

static char *path_in(const struct base *base, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s/%s" SUFFIX, base->at, base->below, name) < 0 ? NULL : path;
}

/* One that only the system has is read there. */
static char *path_to_read(const struct base *base, const char *name)
{
	const struct base shared = { SHARED_BASE, FOLDER, false };
	char *path = path_in(base, name), *other;

	if (!path || access(path, F_OK) == 0)
		return path;
	other = path_in(&shared, name);
	if (!other || access(other, F_OK) < 0) {
		free(other);
		return path;
	}
	free(path);
	return other;
}

static int path_of_name(const char *name, enum store_use use, char **ret_path)
{
	struct base base;
	int r = find_base(&base);

	if (r < 0) {
		say_error("baseline %s: neither XDG_STATE_HOME nor HOME says where baselines lie",
			  name);
		return r;
	}
	r = use == STORE_WRITE ? make_folder(&base) : 0;
	if (r < 0) {
		say_error("%s/%s: %s", base.at, base.below, strerror(-r));
		return r;
	}
	*ret_path = use == STORE_WRITE ? path_in(&base, name) : path_to_read(&base, name);
	return *ret_path ? 0 : -ENOMEM;
}

int store_path(const char *name, enum store_use use, char **ret_path)
{
	if (is_file(name)) {
		*ret_path = strdup(name);
		return *ret_path ? 0 : -ENOMEM;
	}
	if (!store_is_name(name)) {
		say_error("'%s' cannot name a baseline: letters, digits, '.', '_' and '-' can; a "
			  "file has a '/' in it or ends in .json",
			  name);
		return -EINVAL;
	}
	return path_of_name(name, use, ret_path);
}

static bool is_beside(const char *name)
{
	return !is_file(name) && access(name, F_OK) == 0;
}

void store_hint(const char *name)
{
	if (is_beside(name))
		say_note(
			"%s was taken for the name of a baseline; there is a ./%s: write ./%s for it",
			name, name, name);
}

void store_say_missing(const char *name, const char *path)
{
	if (is_beside(name) && text_ends(text_of(name), ".budget"))
		say_error("there is no baseline %s: ./%s holds budgets: --budget=%s", name, name,
			  name);
	else if (is_beside(name))
		say_error("there is no baseline %s (%s); there is a ./%s: write ./%s for it", name,
			  path, name, name);
	else
		say_error(
			"there is no baseline %s%s%s%s: 'vfiobench baseline save %s RESULT' makes it",
			name, is_file(name) ? "" : " (", is_file(name) ? "" : path,
			is_file(name) ? "" : ")", name);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_listed(const struct dirent *e)
{
	return e->d_name[0] != '.' && text_ends(text_of(e->d_name), SUFFIX);
}

static int each_in(const struct base *base, int (*fn)(void *arg, const char *path), void *arg)
{
	auto_free char *folder = NULL;
	struct dirent **found;
	int n, r = 0;

	if (asprintf(&folder, "%s/%s", base->at, base->below) < 0) {
		folder = NULL;
		return -ENOMEM;
	}
	n = scandir(folder, &found, is_listed, by_name);
	if (n < 0 && errno == ENOENT)
		return 0;
	if (n < 0) {
		r = neg_errno();
		say_error("%s: %s", folder, strerror(-r));
		return r;
	}
	for (int i = 0; i < n; i++) {
		auto_free char *path = NULL;

		if (r == 0 && asprintf(&path, "%s/%s", folder, found[i]->d_name) < 0) {
			path = NULL;
			r = -ENOMEM;
		}
		if (r == 0)
			r = fn(arg, path);
		free(found[i]);
	}
	free(found);
	return r;
}

int store_each(int (*fn)(void *arg, const char *path), void *arg)
{
	const struct base shared = { SHARED_BASE, FOLDER, false };
	struct base base;
	int r = find_base(&base);

	if (r == 0)
		r = each_in(&base, fn, arg);
	else if (r == -ENOENT)
		r = 0;
	if (r == 0 && strcmp(base.at, SHARED_BASE))
		r = each_in(&shared, fn, arg);
	return r;
}
