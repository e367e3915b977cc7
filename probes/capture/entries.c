/* SPDX-License-Identifier: GPL-2.0-or-later */
/* entries.c - what was found becomes an entry of the bundle, each path once. */
#include <fcntl.h>
#include <search.h>
#include <string.h>
#include <sys/stat.h>

#include "probes/capture/parts.h"

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static bool has(const struct capture *c, const char *path)
{
	return tfind(path, (void *const *)&c->seen, compare) != NULL;
}

static void keep(void *path)
{
	(void)path; /* in the arena */
}

void capture_forget(struct capture *c)
{
	tdestroy(c->seen, keep);
	c->seen = NULL;
	arena_release(&c->arena);
}

static int note_path(struct capture *c, const char *path)
{
	char *copy = arena_strdup(&c->arena, path);

	return copy && tsearch(copy, (void **)&c->seen, compare) ? 0 : -ENOMEM;
}

int capture_note_entries(struct capture *c)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < c->b->n; i++)
		r = note_path(c, c->b->v[i].path);
	return r;
}

int capture_put(struct capture *c, enum bundle_kind kind, const char *path, const char *bytes,
		size_t len)
{
	/* An error always fits: it is what stands for all that does not. */
	const bool is_error = kind == BUNDLE_ERROR;
	int r;

	if (has(c, path))
		return 0;
	if (!is_error && (len > CAPTURE_FILE_MAX || len > CAPTURE_TOTAL_MAX - c->total)) {
		c->count.n_too_big++;
		return capture_put_error(c, path, -EFBIG);
	}
	r = note_path(c, path);
	if (r == 0)
		r = bundle_add(c->b, kind, path, bytes, len);
	/* A name that the format has no room for is no file of a probe. */
	if (r == -EINVAL)
		return 0;
	if (r == -EFBIG) {
		c->count.n_too_big++;
		return 0;
	}
	if (r < 0)
		return r;
	c->total += is_error ? 0 : len;
	c->count.n_files += kind == BUNDLE_FILE || kind == BUNDLE_SCRIPT;
	c->count.n_errors += is_error;
	return 0;
}

int capture_put_error(struct capture *c, const char *path, int error)
{
	const char *name = strerrorname_np(-error);

	if (!name || !strcmp(path, ""))
		return 0;
	return capture_put(c, BUNDLE_ERROR, path, name, strlen(name));
}

int capture_read(struct capture *c, const char *path, char **ret_text, struct text *ret)
{
	size_t len;
	const int r = sysroot_read(c->root, ret_text, &len, "%s", path);

	if (r == 0)
		*ret = text_make(*ret_text, len);
	return r;
}

void capture_write(FILE *out, struct text text)
{
	if (text.len)
		fwrite(text.at, 1, text.len, out);
}

void capture_line(FILE *out, struct text line)
{
	capture_write(out, line);
	fputc('\n', out);
}

static int read_whole(struct capture *c, const char *path, FILE *out)
{
	auto_free char *bytes = NULL;
	struct text text;
	const int r = capture_read(c, path, &bytes, &text);

	if (r == 0)
		capture_write(out, text);
	return r;
}

static int take_text(struct capture *c, const struct capture_row *row, const char *path)
{
	auto_free char *bytes = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&bytes, &len);
	int r, error;

	if (!out)
		return -ENOMEM;
	r = (row->read ? row->read : read_whole)(c, path, out);
	error = ferror(out);
	if (fclose(out) == EOF || error || r == -ENOMEM)
		return -ENOMEM;
	if (r == -ENODATA)
		return 0;
	if (r == -EISDIR)
		return capture_put(c, BUNDLE_DIR, path, NULL, 0);
	if (r < 0)
		return row->is_quiet ? 0 : capture_put_error(c, path, r);
	return capture_put(c, BUNDLE_FILE, path, bytes, len);
}

static int take_name(struct capture *c, const struct capture_row *row, const char *path)
{
	auto_fd int fd = sysroot_open_file(c->root, O_PATH, "%s", path);
	enum bundle_kind kind = BUNDLE_FILE;
	struct stat st;

	if (fd < 0)
		return capture_put_error(c, path, fd);
	if (fstat(fd, &st) < 0)
		return capture_put_error(c, path, neg_errno());
	if (S_ISDIR(st.st_mode))
		kind = BUNDLE_DIR;
	else if (row->take == TAKE_SCRIPT && S_ISREG(st.st_mode) && st.st_mode & 0111)
		kind = BUNDLE_SCRIPT;
	return capture_put(c, kind, path, NULL, 0);
}

int capture_take_file(struct capture *c, const struct capture_row *row, const char *path)
{
	if (has(c, path))
		return 0;
	return row->take == TAKE_TEXT || row->take == TAKE_FLAT ? take_text(c, row, path)
								: take_name(c, row, path);
}
