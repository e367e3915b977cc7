/* SPDX-License-Identifier: GPL-2.0-or-later */
/* document.h - a struct of facts as a whole document: with its format and version in front. */
#ifndef FACTS_DOCUMENT_H
#define FACTS_DOCUMENT_H

#include "facts/schema.h"

struct document_kind {
	const char *format; /* "vfiobench-baseline" */
	uint64_t version;   /* the newest one that can be read, and the one that is written */
	const struct schema *schema;
	const char *what; /* for people: "baseline" */
};

/* 0, -ENOMEM, -ERANGE. */
int document_encode(const struct document_kind *k, const void *facts,
		    struct doc **ret_doc) MUST_CHECK;
/*
 * Fills *facts, which the caller zeroed. 0; -EBADMSG (another document, or damaged); -ENOTSUP
 * (a newer version); -ENOMEM. On an error *ret_why is one line for the user, in a.
 */
int document_decode(const struct document_kind *k, const struct doc *d, struct arena *a,
		    void *facts, const char **ret_why) MUST_CHECK;
/* What a document says that it is, "a findings document"; NULL: none that we know. */
const char *document_words(const struct doc *d);
/* Whether it says that it is one, of whatever version. */
bool document_is(const struct document_kind *k, const struct doc *d);

#endif
