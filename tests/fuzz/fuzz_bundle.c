/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stranger's bundle: what was read is written as the same, and is unpacked into its folder only.
 */
#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/bundle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_same(const struct bundle *a, const struct bundle *b)
{
	assert(a->n == b->n);
	for (size_t i = 0; i < a->n; i++) {
		assert(a->v[i].kind == b->v[i].kind);
		assert(!strcmp(a->v[i].path, b->v[i].path));
		/* What is in a script does not matter. */
		if (a->v[i].kind == BUNDLE_SCRIPT)
			continue;
		assert(a->v[i].len == b->v[i].len);
		assert(!memcmp(a->v[i].bytes, b->v[i].bytes, a->v[i].len));
	}
}

static void check_written(const struct bundle *b)
{
	auto_bundle struct bundle back = { 0 };
	auto_free char *text = NULL;
	struct bundle_error error;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert(out && bundle_write(out, b, "of a stranger") == 0 && fclose(out) == 0);
	assert(bundle_parse(&back, text_make(text, len), &error) == 0);
	check_same(b, &back);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* Nothing but the tree is beside the tree. */
static void check_alone(const char *top)
{
	DIR *d = opendir(top);
	const struct dirent *e;
	bool is_there = false;

	assert(d);
	while ((e = readdir(d))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		assert(!strcmp(e->d_name, "tree"));
		is_there = true;
	}
	assert(is_there);
	closedir(d);
}

static void check_unpacked(const struct bundle *b)
{
	char top[] = "/tmp/fuzz-bundle-XXXXXX";
	auto_free char *tree = NULL;
	int fd;

	assert(mkdtemp(top) && asprintf(&tree, "%s/tree", top) > 0 && mkdir(tree, 0700) == 0);
	fd = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert(fd >= 0);
	(void)!bundle_unpack(b, fd, -1);
	close(fd);
	check_alone(top);
	assert(nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_bundle struct bundle b = { 0 };
	struct bundle_error error;
	const int r = bundle_parse(&b, text_make((const char *)data, size), &error);

	if (r < 0) {
		assert(r == -ENOMEM || *error.message);
		return 0;
	}
	if (b.n > 200)
		return 0;
	check_written(&b);
	check_unpacked(&b);
	return 0;
}
