/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/redact_bundle.h"

#include <fnmatch.h>
#include <search.h>
#include <string.h>

/* Writes a text as others may see it. */
typedef int write_fn(struct redaction *r, struct text text, FILE *out);

static int write_words(struct redaction *r, struct text text, FILE *out);
static int write_open(struct redaction *r, struct text text, FILE *out);
static int write_version(struct redaction *r, struct text text, FILE *out);
static int write_answers(struct redaction *r, struct text text, FILE *out);

/*
 * The first that fits; a "*" also stands for what is below a folder. Else names may be in both,
 * path and text.
 */
static const struct {
	const char *path;
	write_fn *write;
	bool has_open_path;
} rows[] = {
	/* Registers. */
	{ "/sys/devices/pci*/config", write_open, false },
	{ "/sys/devices/*/resource", write_open, false },
	{ "/sys/bus/pci/devices/*/config", write_open, false },
	{ "/sys/bus/pci/devices/*/resource", write_open, false },
	{ "/sys/kernel/iommu_groups/*", write_open, false }, /* mediated devices have UUIDs */
	{ "/dev/cpu_dma_latency", write_open, true },
	{ "/lspci.hex", write_open, true },
	/* Of the kernel, of firmware and of distributions: nobody gives names there. */
	{ "/sys/devices/system/*", write_open, true },
	{ "/sys/devices/cpu_*", write_open, true },
	{ "/sys/devices/virtual/dmi/*", write_open, true },
	{ "/sys/devices/virtual/workqueue/*", write_open, true },
	{ "/sys/kernel/mm/*", write_open, true },
	{ "/sys/kernel/slab/*", write_open, true },
	{ "/sys/firmware/*", write_open, true },
	{ "/sys/hypervisor/*", write_open, true },
	{ "/sys/module/*", write_open, true },
	{ "/sys/class/dmi/*", write_open, true },
	{ "/proc/irq/*", write_open, true },
	{ "/proc/sys/kernel/version", write_words, true },
	{ "/proc/sys/*", write_open, true },
	{ "/proc/@(cpuinfo|meminfo|modules|vmstat|buddyinfo|config.gz|hwloc-nofile-info)",
	  write_open, true },
	{ "/proc/pressure/*", write_open, true },
	{ "/proc/[0-9]*/@(status|limits|smaps|maps)", write_open, true },
	{ "/boot/config-*", write_open, true },
	{ "/lib/modules/*/config", write_open, true },
	{ "/etc/os-release", write_open, true },
	{ "/usr/lib/os-release", write_open, true },
	/* Both. */
	{ "/proc/version", write_version, true },
	{ BUNDLE_ANSWERS, write_answers, true },
	{ "*", write_words, false },
};

static int put_words(struct redaction *r, const char *option, struct text text, FILE *out)
{
	auto_free char *copy = strndup(text.at, text.len);
	auto_free char *words = copy ? redact_text(r, option, copy) : NULL;

	return words && fputs(words, out) != EOF ? 0 : -ENOMEM;
}

/* With NULs in it a text is a list of arguments, each after the one before it. */
static int write_words(struct redaction *r, struct text text, FILE *out)
{
	auto_free char *before = NULL;
	struct text rest = text, piece;
	int error = 0;

	while (error == 0 && rest.len) {
		const char *end = memchr(rest.at, '\0', rest.len);

		piece = text_make(rest.at, end ? (size_t)(end - rest.at) : rest.len);
		error = put_words(r, before, piece, out);
		free(before);
		before = strndup(piece.at, piece.len);
		if (!before)
			return -ENOMEM;
		if (end)
			fputc('\0', out);
		rest = text_make(rest.at + piece.len + (end != NULL),
				 rest.len - piece.len - (end != NULL));
	}
	return error;
}

static int write_open(struct redaction *r, struct text text, FILE *out)
{
	(void)r;
	return fwrite(text.at, 1, text.len, out) == text.len ? 0 : -ENOMEM;
}

/* "Linux version 6.1.0-13-amd64 (builder@host) …": the release is open everywhere else. */
static int write_version(struct redaction *r, struct text text, FILE *out)
{
	struct text rest = text, word;
	int error;

	for (int i = 0; i < 3; i++) {
		if (!text_next_word(&rest, &word))
			return write_words(r, text, out);
	}
	error = write_open(r, text_make(text.at, (size_t)(rest.at - text.at)), out);
	return error ? error : write_words(r, rest, out);
}

/* Names of devices and versions; what libvirt's schema said has words of the guest's XML in it. */
static int write_answers(struct redaction *r, struct text text, FILE *out)
{
	struct text line;
	int error = 0;

	while (error == 0 && text_next_line(&text, &line)) {
		error = (text_starts(line, "domain.") ? write_words : write_open)(r, line, out);
		fputc('\n', out);
	}
	return error;
}

/* Each path as it is in the bundle that is made, and the number of the last that became the same.
 */
struct taken {
	const char *path; /* of the bundle */
	unsigned number;
};

struct paths {
	void *tree; /* of struct taken */
};

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct taken *)a)->path, ((const struct taken *)b)->path);
}

static struct taken *find(const struct paths *paths, const char *path)
{
	const struct taken key = { path, 0 };
	struct taken *const *node = tfind(&key, &paths->tree, compare);

	return node ? *node : NULL;
}

static int take(struct paths *paths, const char *path)
{
	struct taken *t = malloc(sizeof(*t));

	if (!t)
		return -ENOMEM;
	*t = (struct taken){ path, 1 };
	if (tsearch(t, &paths->tree, compare))
		return 0;
	free(t);
	return -ENOMEM;
}

/*
 * Two names can be one to those who replace them, "A1-B2.conf" and "a1-b2.conf": the second gets a
 * number. Probes look for names by how they end.
 */
static int make_unique(const struct paths *paths, enum bundle_kind kind, char **path)
{
	const char *dot = strrchr(strrchr(*path, '/'), '.'),
		   *end = dot ? dot : *path + strlen(*path);
	struct taken *same = find(paths, *path);
	char *other = NULL;

	if (!same)
		return 0;
	if (kind == BUNDLE_DIR)
		return -EEXIST;
	do {
		free(other);
		if (asprintf(&other, "%.*s-%u%s", (int)(end - *path), *path, ++same->number, end) <
		    0)
			return -ENOMEM;
	} while (find(paths, other));
	free(*path);
	*path = other;
	return 0;
}

static int add_text(const struct bundle_entry *e, const char *path, write_fn *write,
		    struct redaction *r, struct bundle *to)
{
	auto_free char *bytes = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&bytes, &len);
	int error;

	if (!out)
		return -ENOMEM;
	error = write(r, text_make(e->bytes, e->len), out);
	if (fclose(out) == EOF || error)
		return -ENOMEM;
	return bundle_add(to, e->kind, path, bytes, len);
}

static int add_entry(struct redaction *r, const struct bundle_entry *e, struct paths *paths,
		     struct bundle *to)
{
	auto_free char *path = NULL;
	write_fn *write;
	size_t i = 0;
	int error;

	while (fnmatch(rows[i].path, e->path, FNM_EXTMATCH) != 0)
		i++;
	path = rows[i].has_open_path ? strdup(e->path) : redact_text(r, NULL, e->path);
	if (!path)
		return -ENOMEM;
	error = make_unique(paths, e->kind, &path);
	if (error < 0) /* a folder that is there */
		return error == -EEXIST ? 0 : error;
	write = rows[i].write;
	if (e->kind == BUNDLE_LINK)
		write = rows[i].has_open_path ? write_open : write_words;
	else if (e->kind == BUNDLE_ERROR)
		write = write_open;
	error = add_text(e, path, write, r, to);
	return error ? error : take(paths, to->v[to->n - 1].path);
}

int redact_bundle(struct redaction *r, const struct bundle *from, struct bundle *ret_bundle)
{
	struct paths paths = { NULL };
	const char *path;
	int error = 0;

	for (size_t i = 0; i < from->n && error == 0; i++)
		error = add_entry(r, &from->v[i], &paths, ret_bundle);
	tdestroy(paths.tree, free);
	return error ? error : bundle_settle(ret_bundle, &path);
}
