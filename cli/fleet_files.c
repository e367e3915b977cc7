/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/fleet_files.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

/* More is not a folder of results. */
enum { ENTRIES_MAX = 100000 };

#define STAMP_LEN (sizeof("-20260131T120000Z") - 1)

struct listing {
	const char *folder;
	struct fleet_files files;
	size_t n_entries, size, empty_size;
};

static void file_release(struct fleet_file *f)
{
	free(f->path);
	free(f->host);
	free(f->name);
}

void fleet_files_release(struct fleet_files *files)
{
	for (size_t i = 0; i < files->n; i++)
		file_release(&files->v[i]);
	for (size_t i = 0; i < files->n_empty; i++)
		free(files->empty[i]);
	free(files->v);
	free(files->empty);
	*files = (struct fleet_files){ 0 };
}

/* "-20260131T120000Z" */
static bool is_stamp(const char *s)
{
	static const char shape[] = "-ddddddddTddddddZ";

	for (size_t i = 0; i < STAMP_LEN; i++) {
		if (shape[i] == 'd' ? s[i] < '0' || s[i] > '9' : s[i] != shape[i])
			return false;
	}
	return s[STAMP_LEN] == '\0';
}

char *fleet_host_of(const char *name)
{
	const char *at = strrchr(name, '@');
	const size_t len = strlen(name);

	if (at && at > name)
		return strndup(name, (size_t)(at - name));
	if (len > STAMP_LEN && is_stamp(name + len - STAMP_LEN) &&
	    strncmp(name, "vfiobench-", sizeof("vfiobench-") - 1) != 0)
		return strndup(name, len - STAMP_LEN);
	return strdup(name);
}

static bool is_json(const char *name)
{
	const size_t len = strlen(name);

	return len > 5 && !strcmp(name + len - 5, ".json");
}

/* The item after the last; NULL: no memory. */
static void *more(void *list, size_t n, size_t *size, size_t item_size)
{
	void *bigger;

	if (n < *size)
		return list;
	bigger = reallocarray(list, *size ? 2 * *size : 64, item_size);
	if (bigger)
		*size = *size ? 2 * *size : 64;
	return bigger;
}

/* in: the folder of a host below DIR, or NULL. */
static int add_file(struct listing *l, const char *in, const char *name)
{
	auto_free char *stem = in ? strdup(in) : strndup(name, strlen(name) - 5);
	struct fleet_file f = { 0 }, *v;

	if (asprintf(&f.name, "%s%s%s", in ? in : "", in ? "/" : "", name) < 0)
		f.name = NULL;
	else if (asprintf(&f.path, "%s/%s", l->folder, f.name) < 0)
		f.path = NULL;
	f.host = stem ? fleet_host_of(stem) : NULL;
	v = f.name && f.path && f.host ? more(l->files.v, l->files.n, &l->size, sizeof(f)) : NULL;
	if (!v) {
		file_release(&f);
		return -ENOMEM;
	}
	l->files.v = v;
	v[l->files.n++] = f;
	return 0;
}

static int add_empty(struct listing *l, const char *name)
{
	char *copy = strdup(name);
	char **v = copy ? more(l->files.empty, l->files.n_empty, &l->empty_size, sizeof(*v)) : NULL;

	if (!v) {
		free(copy);
		return -ENOMEM;
	}
	l->files.empty = v;
	v[l->files.n_empty++] = copy;
	return 0;
}

static int list_folder(struct listing *l, const char *in);

static int list_entry(struct listing *l, DIR *dir, const char *in, const char *name)
{
	struct stat st;
	size_t n;
	int r;

	if (name[0] == '.' || fstatat(dirfd(dir), name, &st, 0) < 0)
		return 0;
	/* Whatever it is: a name that promises a result is told of when it is none. */
	if (is_json(name) && !S_ISDIR(st.st_mode))
		return add_file(l, in, name);
	if (in || !S_ISDIR(st.st_mode))
		return 0;
	n = l->files.n;
	r = list_folder(l, name);
	if (r == -ENOMEM || r == -E2BIG)
		return r;
	return l->files.n == n ? add_empty(l, name) : 0;
}

static int list_folder(struct listing *l, const char *in)
{
	auto_free char *path = NULL;
	struct dirent *e;
	DIR *dir;
	int r = 0;

	if (asprintf(&path, "%s%s%s", l->folder, in ? "/" : "", in ? in : "") < 0) {
		path = NULL;
		return -ENOMEM;
	}
	dir = opendir(path);
	if (!dir)
		return neg_errno();
	while (r == 0 && (errno = 0, e = readdir(dir))) {
		if (++l->n_entries > ENTRIES_MAX)
			r = -E2BIG;
		else
			r = list_entry(l, dir, in, e->d_name);
	}
	if (r == 0 && errno)
		r = neg_errno();
	closedir(dir);
	return r;
}

static int by_host(const void *a, const void *b)
{
	const struct fleet_file *x = a, *y = b;
	const int order = strcmp(x->host, y->host);

	return order ? order : strcmp(x->name, y->name);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int fleet_files_list(const char *folder, struct fleet_files *ret_files)
{
	struct listing l = { .folder = folder };
	int r = list_folder(&l, NULL);

	if (r < 0) {
		fleet_files_release(&l.files);
		return r;
	}
	if (l.files.n)
		qsort(l.files.v, l.files.n, sizeof(*l.files.v), by_host);
	if (l.files.n_empty)
		qsort(l.files.empty, l.files.n_empty, sizeof(*l.files.empty), by_text);
	while (l.files.n > FLEET_FILES_MAX) {
		file_release(&l.files.v[--l.files.n]);
		l.files.n_more++;
	}
	*ret_files = l.files;
	return 0;
}
