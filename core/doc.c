/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/doc.h"

#include <jansson.h>
#include <pthread.h>
#include <string.h>

#include "core/text.h"

/* struct doc is the library's value under another name: it is never defined. */
static json_t *json_of(const struct doc *d)
{
	return (json_t *)(uintptr_t)d;
}

static struct doc *doc_of(json_t *j)
{
	return (struct doc *)j;
}

struct doc *doc_object_new(void)
{
	return doc_of(json_object());
}

struct doc *doc_array_new(void)
{
	return doc_of(json_array());
}

void doc_free(struct doc *d)
{
	json_decref(json_of(d));
}

struct doc *doc_ref(const struct doc *d)
{
	return doc_of(json_incref(json_of(d)));
}

static struct doc *doc_str_new(const char *value)
{
	struct text t = text_of(value);
	auto_free char *clean = malloc(t.len + 1);

	if (!clean)
		return NULL;
	text_clean(t, clean, t.len + 1);
	return doc_of(json_string(clean));
}

int doc_put(struct doc *object, const char *key, struct doc *child)
{
	if (!child)
		return -ENOMEM;
	return json_object_set_new(json_of(object), key, json_of(child)) ? -ENOMEM : 0;
}

int doc_append(struct doc *array, struct doc *child)
{
	if (!child)
		return -ENOMEM;
	return json_array_append_new(json_of(array), json_of(child)) ? -ENOMEM : 0;
}

int doc_put_i64(struct doc *object, const char *key, int64_t value)
{
	return doc_put(object, key, doc_of(json_integer(value)));
}

int doc_put_u64(struct doc *object, const char *key, uint64_t value)
{
	return value > INT64_MAX ? -ERANGE : doc_put_i64(object, key, (int64_t)value);
}

int doc_put_bool(struct doc *object, const char *key, bool value)
{
	return doc_put(object, key, doc_of(json_boolean(value)));
}

int doc_put_str(struct doc *object, const char *key, const char *value)
{
	return doc_put(object, key, doc_str_new(value));
}

int doc_put_lines(struct doc *object, const char *key, const char *value)
{
	struct text rest = text_of(value), line;
	auto_free char *clean = malloc(rest.len + 1);
	size_t n = 0;

	if (!clean)
		return -ENOMEM;
	for (size_t i = 0; text_next_line(&rest, &line); i++) {
		if (i)
			clean[n++] = '\n';
		n += text_clean(line, clean + n, line.len + 1);
	}
	clean[n] = '\0';
	return doc_put(object, key, doc_of(json_string(clean)));
}

int doc_append_u64(struct doc *array, uint64_t value)
{
	return value > INT64_MAX ? -ERANGE
				 : doc_append(array, doc_of(json_integer((int64_t)value)));
}

int doc_append_str(struct doc *array, const char *value)
{
	return doc_append(array, doc_str_new(value));
}

bool doc_is_object(const struct doc *d)
{
	return json_is_object(json_of(d));
}

bool doc_is_array(const struct doc *d)
{
	return json_is_array(json_of(d));
}

const struct doc *doc_get(const struct doc *object, const char *key)
{
	return doc_of(json_object_get(json_of(object), key));
}

size_t doc_n(const struct doc *array)
{
	return json_array_size(json_of(array));
}

const struct doc *doc_at(const struct doc *array, size_t i)
{
	return doc_of(json_array_get(json_of(array), i));
}

int doc_as_i64(const struct doc *d, int64_t *ret_value)
{
	if (!d)
		return -ENOENT;
	if (!json_is_integer(json_of(d)))
		return -EBADMSG;
	*ret_value = json_integer_value(json_of(d));
	return 0;
}

int doc_as_u64(const struct doc *d, uint64_t *ret_value)
{
	int64_t v;
	int r = doc_as_i64(d, &v);

	if (r < 0)
		return r;
	if (v < 0)
		return -EBADMSG;
	*ret_value = (uint64_t)v;
	return 0;
}

int doc_as_bool(const struct doc *d, bool *ret_value)
{
	if (!d)
		return -ENOENT;
	if (!json_is_boolean(json_of(d)))
		return -EBADMSG;
	*ret_value = json_is_true(json_of(d));
	return 0;
}

int doc_as_str(const struct doc *d, const char **ret_value)
{
	if (!d)
		return -ENOENT;
	if (!json_is_string(json_of(d)))
		return -EBADMSG;
	*ret_value = json_string_value(json_of(d));
	return 0;
}

int doc_get_u64(const struct doc *object, const char *key, uint64_t *ret_value)
{
	return doc_as_u64(doc_get(object, key), ret_value);
}

int doc_get_str(const struct doc *object, const char *key, const char **ret_value)
{
	return doc_as_str(doc_get(object, key), ret_value);
}

int doc_each(const struct doc *object,
	     int (*fn)(void *arg, const char *key, const struct doc *value), void *arg)
{
	const char *key;
	json_t *value;
	int r;

	json_object_foreach(json_of(object), key, value)
	{
		r = fn(arg, key, doc_of(value));
		if (r)
			return r;
	}
	return 0;
}

static int parse(const char *text, size_t len, json_t **ret_json, struct doc_error *ret_error)
{
	json_error_t e;
	json_t *j = json_loadb(text, len, JSON_REJECT_DUPLICATES, &e);

	if (!j) {
		*ret_error = (struct doc_error){ .line = e.line > 0 ? (unsigned)e.line : 0,
						 .column = e.column > 0 ? (unsigned)e.column : 0 };
		text_clean(text_of(e.text), ret_error->message, sizeof(ret_error->message));
		return json_error_code(&e) == json_error_out_of_memory ? -ENOMEM : -EBADMSG;
	}
	*ret_json = j;
	return 0;
}

int doc_parse(const char *text, size_t len, struct doc **ret_doc, struct doc_error *ret_error)
{
	json_t *j;
	int r = parse(text, len, &j, ret_error);

	if (r == 0)
		*ret_doc = doc_of(j);
	return r < 0 ? -EBADMSG : 0;
}

/*
 * The library asks for memory without saying for what, so the thread remembers: NULL, but while it
 * parses into an arena. What was allocated then is not freed before the arena is.
 */
static _Thread_local struct arena *parsing;
static _Thread_local bool is_out_of_memory;

static void *allocate(size_t size)
{
	void *p;

	if (!parsing)
		return malloc(size);
	p = arena_alloc(parsing, size);
	is_out_of_memory = is_out_of_memory || !p;
	return p;
}

static void release(void *p)
{
	if (!parsing)
		free(p);
}

static void set_functions(void)
{
	json_set_alloc_funcs(allocate, release);
}

int doc_parse_in(struct arena *a, const char *text, size_t len, const struct doc **ret_doc,
		 struct doc_error *ret_error)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	json_t *j;
	int r;

	pthread_once(&once, set_functions);
	parsing = a;
	is_out_of_memory = false;
	r = parse(text, len, &j, ret_error);
	parsing = NULL;
	if (r == 0)
		*ret_doc = doc_of(j);
	return r < 0 && is_out_of_memory ? -ENOMEM : r;
}

char *doc_print(const struct doc *d, bool is_pretty)
{
	auto_free char *text = json_dumps(json_of(d), is_pretty ? JSON_INDENT(2) : JSON_COMPACT);
	char *line = NULL;

	if (!text || asprintf(&line, "%s\n", text) < 0)
		return NULL;
	return line;
}

struct lines { /* a document being written */
	FILE *out;
	unsigned depth;
	bool has_failed;
};

static void put_flat(struct lines *l, const json_t *j)
{
	if (json_dumpf(j, l->out, JSON_COMPACT | JSON_ENCODE_ANY))
		l->has_failed = true;
}

static void put_indent(struct lines *l, unsigned level)
{
	fprintf(l->out, "\n%*s", (int)level, "");
}

static void put_value(struct lines *l, const json_t *j, unsigned level);

static void put_object(struct lines *l, json_t *j, unsigned level)
{
	const char *key, *mark = "{";
	json_t *value;

	json_object_foreach(j, key, value)
	{
		json_t *name = json_string(key);

		fputs(mark, l->out);
		put_indent(l, level + 1);
		put_flat(l, name);
		json_decref(name);
		fputs(": ", l->out);
		put_value(l, value, level + 1);
		mark = ",";
	}
	put_indent(l, level);
	fputc('}', l->out);
}

static void put_array(struct lines *l, const json_t *j, unsigned level)
{
	for (size_t i = 0; i < json_array_size(j); i++) {
		fputc(i ? ',' : '[', l->out);
		put_indent(l, level + 1);
		put_value(l, json_array_get(j, i), level + 1);
	}
	put_indent(l, level);
	fputc(']', l->out);
}

/* No deeper than l->depth. */
static void put_value(struct lines *l, const json_t *j, unsigned level)
{
	if (level >= l->depth || (!json_object_size(j) && !json_array_size(j)))
		put_flat(l, j);
	else if (json_is_object(j))
		put_object(l, (json_t *)(uintptr_t)j, level);
	else
		put_array(l, j, level);
}

char *doc_print_lines(const struct doc *d, unsigned depth)
{
	char *text = NULL;
	size_t size = 0;
	struct lines l = { open_memstream(&text, &size), depth, false };

	if (!l.out)
		return NULL;
	put_value(&l, json_of(d), 0);
	fputc('\n', l.out);
	l.has_failed |= ferror(l.out) != 0;
	if (fclose(l.out) == 0 && !l.has_failed)
		return text;
	free(text);
	return NULL;
}

bool doc_equal(const struct doc *a, const struct doc *b)
{
	return json_equal(json_of(a), json_of(b));
}

int doc_check_format(const struct doc *d, const char *format, uint64_t max_version,
		     uint64_t *ret_version)
{
	const char *is = NULL;
	uint64_t version = 0;

	if (doc_get_str(d, "format", &is) < 0 || strcmp(is, format) != 0)
		return -EBADMSG;
	if (doc_get_u64(d, "version", &version) < 0 || version == 0)
		return -EBADMSG;
	*ret_version = version;
	return version > max_version ? -ENOTSUP : 0;
}
