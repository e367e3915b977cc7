/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bundle.h - a host as one text that people can read and mail carries: the files, links and errors
 * that the probes meet. docs/bundle-format.md is the format.
 *
 * A stranger's text is bounded in entries and folders, in the length of paths and in what it
 * unpacks to.
 */
#ifndef CORE_BUNDLE_H
#define CORE_BUNDLE_H

#include <stdio.h>

#include "core/arena.h"
#include "core/base.h"
#include "core/text.h"

#define BUNDLE_VERSION     2u
#define BUNDLE_TEXT_MAX    (64u << 20) /* bytes of a text */
#define BUNDLE_CONTENT_MAX (64u << 20) /* bytes of all files that come out of it */
#define BUNDLE_ENTRIES_MAX 131072u     /* 512 CPUs with their interrupts and tasks: some 90000 */
#define BUNDLE_PLACES_MAX  (2 * BUNDLE_ENTRIES_MAX) /* with the folders on the way to them */
#define BUNDLE_DEPTH_MAX   64u                      /* components of a path */
#define BUNDLE_PATH_MAX    1024u                    /* bytes, also of what a link points to */

/* Nothing of a host; a bundle has but one file in it. */
#define BUNDLE_OWN "/.vfiobench"
/* In the tree: what no file of a host tells, and the mark of a tree that is whole; */
#define BUNDLE_ANSWERS BUNDLE_OWN "/answers"
/* what stands for a file that could not be read is a link to this and "EACCES". */
#define BUNDLE_ERRORS BUNDLE_OWN "/errors/"

enum bundle_kind {
	BUNDLE_FILE,
	BUNDLE_SCRIPT, /* a file that may be executed */
	BUNDLE_DIR,    /* needs to be there only when nothing else is in it */
	BUNDLE_LINK,   /* bytes: where to */
	BUNDLE_ERROR   /* bytes: "EACCES", what opening it gives */
};

struct bundle_entry {
	enum bundle_kind kind;
	const char *path;  /* "/proc/cmdline"; no "..", no "//", no '/' at the end */
	const char *bytes; /* followed by a NUL that len does not count; in the arena */
	size_t len;
};

struct bundle { /* begin with { 0 } */
	struct arena arena;
	struct bundle_entry *v; /* in order of paths, a folder before what is in it */
	size_t n, size;
	unsigned version; /* of the text it was read from */
};

struct bundle_error {
	unsigned long line; /* 0: of the whole */
	char message[200];  /* one line, no control bytes */
};

void bundle_release(struct bundle *b);
#define auto_bundle auto_cleanup(bundle_release)

/* Copies path and bytes. -EINVAL: not a path, or nothing a link can point to; -EFBIG: too many. */
int bundle_add(struct bundle *b, enum bundle_kind kind, const char *path, const char *bytes,
	       size_t len) MUST_CHECK;
/*
 * Puts entries into their order. -EEXIST: a path is there twice (folders may be), or something is
 * in what is no folder; *ret_path is then what. -EFBIG: more than BUNDLE_PLACES_MAX files and
 * folders come out of it.
 */
int bundle_settle(struct bundle *b, const char **ret_path) MUST_CHECK;

/* How many folders a path is in, and how many of those of b are on the way to a, or a itself. */
unsigned bundle_folders(const char *path);
unsigned bundle_shared(const char *a, const char *b);

/* Does a text begin as one, of whatever version? */
bool bundle_is_text(struct text text);
/*
 * Reads a text into *b (begin with { 0 }); it is settled then. -EBADMSG: it is none, damaged or cut
 * short; -ENOTSUP: of a newer version; -EFBIG: over one of the bounds; -ENOMEM.
 */
int bundle_parse(struct bundle *b, struct text text, struct bundle_error *ret_error) MUST_CHECK;
/*
 * Writes a settled one as text. comment: lines that stand at its head, or NULL. 0, -ENOMEM, -EIO.
 */
int bundle_write(FILE *out, const struct bundle *b, const char *comment) MUST_CHECK;

/*
 * Makes the tree of a settled bundle in an empty directory: directories and files first, then
 * links, so that nothing is written through one. Errors become links to BUNDLE_ERRORS. -EFBIG: more
 * than BUNDLE_CONTENT_MAX; -EINTR: stop_fd (-1: none) became readable. What was made stays there on
 * an error.
 */
int bundle_unpack(const struct bundle *b, int dir_fd, int stop_fd) MUST_CHECK;

#endif
