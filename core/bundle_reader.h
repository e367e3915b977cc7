/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bundle_reader.h - a bundle while it is read; only the files that read one include this. */
#ifndef CORE_BUNDLE_READER_H
#define CORE_BUNDLE_READER_H

#include "core/bundle.h"

struct bundle_reader;

/* How a line behind a tab becomes bytes: 0 or a negative errno, which is told. */
typedef int bundle_body_fn(struct bundle_reader *rd, struct text line);

struct bundle_verb {
	const char *name;
	enum bundle_kind kind;
	unsigned since;
	bundle_body_fn *body; /* NULL: it has no lines */
	bool has_word;        /* the path is followed by one more word, or */
	bool has_text;        /* by the rest of the line */
};

struct bundle_reader {
	struct bundle *b;
	struct bundle_error *error;
	unsigned long line;
	uint32_t sum;
	size_t n_verbs;
	bool has_end;
	/* the entry that is being read */
	const struct bundle_verb *verb;
	struct text path;
	char *bytes;
	size_t len, size, total;
};

/* Says what is wrong in this line; returns the error. */
int bundle_fail(struct bundle_reader *rd, int error, const char *fmt, ...) FORMAT_PRINTF(3, 4);
/* To the bytes of the entry. 0, -ENOMEM or, told, -EFBIG. */
int bundle_add_bytes(struct bundle_reader *rd, const char *bytes, size_t n) MUST_CHECK;
/* Of two digits in base 16; -1: they are none. */
int bundle_hex_byte(struct text t);

/*
 * A line as it is; as an argument, which ends with '\0'; "1f0: 00 80"; with \\ and \xHH for bytes,
 * \& for nothing, and a backslash at the end that joins lines.
 */
bundle_body_fn bundle_body_lines, bundle_body_args, bundle_body_hex, bundle_body_quote;

#endif
