/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/pictures.h"

#include <string.h>

#include "cli/output.h"
#include "cli/verb.h"
#include "core/say.h"
#include "report/pictures.h"

static int write_picture(FILE *out, void *arg)
{
	const struct picture *picture = arg;

	return fwrite(picture->bytes, 1, picture->n_bytes, out) == picture->n_bytes ? 0
										    : neg_errno();
}

struct files {
	const char *folder;
	char *failed; /* the path that could not be written */
};

static int put_file(const char *name, const struct picture *picture, void *arg)
{
	struct files *files = arg;
	struct picture copy = *picture;
	char *path;
	int r;

	if (asprintf(&path, "%s/%s", files->folder, name) < 0)
		return -ENOMEM;
	r = output_file(path, write_picture, &copy);
	if (r < 0)
		files->failed = path;
	else
		free(path);
	return r;
}

int pictures_write(const char *folder, const char *name, struct host *h,
		   const struct comparison_facts *c)
{
	auto_free char *path = NULL;
	auto_free char *why = NULL;
	struct files files = { 0 };
	size_t n = 0;
	int r = output_folder(folder, NULL, 0, &path);

	if (r < 0) {
		say_error("%s: %s", folder, strerror(-r));
		return EXIT_CANNOT;
	}
	files.folder = path;
	r = h ? report_pictures(h, put_file, &files, &n, &why)
	      : report_comparison_pictures(c, put_file, &files, &n, &why);
	if (r < 0)
		say_error("%s: %s", files.failed ? files.failed : folder, why ? why : strerror(-r));
	else if (n == 0)
		say_error("%s holds nothing that a figure could show", name);
	else
		say_note("%zu figure%s in %s", n, n == 1 ? "" : "s", path);
	free(files.failed);
	return r < 0 || n == 0 ? EXIT_CANNOT : EXIT_DONE;
}
