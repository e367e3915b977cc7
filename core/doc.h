/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doc.h - JSON documents: integers, strings, booleans, arrays and objects with keys in the order
 * they were written. No floats and no nulls: what is not known is not there.
 *
 * The only file that knows the JSON library. A struct doc is one value; putting it into another
 * hands it over, getting one out lends it. Put functions return 0, -ENOMEM or -ERANGE (a number
 * over INT64_MAX); get functions return -ENOENT (no such key) or -EBADMSG (another type).
 */
#ifndef CORE_DOC_H
#define CORE_DOC_H

#include "core/arena.h"
#include "core/base.h"

struct doc;

struct doc *doc_object_new(void); /* NULL: no memory */
struct doc *doc_array_new(void);
void doc_free(struct doc *d); /* NULL is fine */
static inline void cleanup_doc(struct doc **d)
{
	doc_free(*d);
}
#define auto_doc auto_cleanup(cleanup_doc)
/* A second owner of the same value. */
struct doc *doc_ref(const struct doc *d);

int doc_put_u64(struct doc *object, const char *key, uint64_t value) MUST_CHECK;
int doc_put_i64(struct doc *object, const char *key, int64_t value) MUST_CHECK;
int doc_put_bool(struct doc *object, const char *key, bool value) MUST_CHECK;
/* Control bytes and invalid UTF-8 are replaced (text_clean). NULL is written as "". */
int doc_put_str(struct doc *object, const char *key, const char *value) MUST_CHECK;
/* The same for text of our own with several lines: its newlines stay, but a last one. */
int doc_put_lines(struct doc *object, const char *key, const char *value) MUST_CHECK;
/* Takes child, also when it fails; child NULL gives -ENOMEM. */
int doc_put(struct doc *object, const char *key, struct doc *child) MUST_CHECK;
int doc_append_u64(struct doc *array, uint64_t value) MUST_CHECK;
int doc_append_str(struct doc *array, const char *value) MUST_CHECK;
int doc_append(struct doc *array, struct doc *child) MUST_CHECK;

bool doc_is_object(const struct doc *d);
bool doc_is_array(const struct doc *d);
const struct doc *doc_get(const struct doc *object, const char *key); /* NULL: none, or no object */
size_t doc_n(const struct doc *array);                                /* 0 when it is no array */
const struct doc *doc_at(const struct doc *array, size_t i);
int doc_as_u64(const struct doc *d, uint64_t *ret_value) MUST_CHECK;
int doc_as_i64(const struct doc *d, int64_t *ret_value) MUST_CHECK;
int doc_as_bool(const struct doc *d, bool *ret_value) MUST_CHECK;
int doc_as_str(const struct doc *d, const char **ret_value) MUST_CHECK; /* lent */
/* Shorthands for doc_as_X(doc_get(object, key)). */
int doc_get_u64(const struct doc *object, const char *key, uint64_t *ret_value) MUST_CHECK;
int doc_get_str(const struct doc *object, const char *key, const char **ret_value) MUST_CHECK;
/* Calls fn for each member of an object in written order until it returns non-zero. */
int doc_each(const struct doc *object,
	     int (*fn)(void *arg, const char *key, const struct doc *value), void *arg);

struct doc_error {
	unsigned line, column;
	char message[160];
};
/* -EBADMSG with *ret_error filled; duplicate keys and trailing text are errors. */
int doc_parse(const char *text, size_t len, struct doc **ret_doc,
	      struct doc_error *ret_error) MUST_CHECK;
/*
 * The same in an arena, which takes two thirds of the time: for documents that are looked at once.
 * It lives as long as the arena does, whoever has a doc_ref() of it. -ENOMEM: there is none, or
 * beyond the limit of the arena. Threads may do so at once, each with an arena of its own.
 */
int doc_parse_in(struct arena *a, const char *text, size_t len, const struct doc **ret_doc,
		 struct doc_error *ret_error) MUST_CHECK;
/* Text with a newline at the end; NULL: no memory. is_pretty: indented by one tab's worth. */
char *doc_print(const struct doc *d, bool is_pretty);
/*
 * For files whose versions are compared: down to depth each member and item is a line of its own,
 * what is deeper stands in the line. 0: one line. Newline at the end; NULL: no memory.
 */
char *doc_print_lines(const struct doc *d, unsigned depth);
bool doc_equal(const struct doc *a, const struct doc *b);

/*
 * Checks "format" and "version" of a document: 0, -EBADMSG (another format) or -ENOTSUP (a newer
 * version than max_version); the version read is returned for messages.
 */
int doc_check_format(const struct doc *d, const char *format, uint64_t max_version,
		     uint64_t *ret_version) MUST_CHECK;

#endif
