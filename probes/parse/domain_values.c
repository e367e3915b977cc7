/* SPDX-License-Identifier: GPL-2.0-or-later */
/* domain_values.c - elements and attributes of the domain XML as facts; see domain_rows.h. */
#include <stdarg.h>
#include <string.h>

#include "facts/kernel.h"
#include "probes/parse/domain_rows.h"

#define NOTES_MAX 32u
#define ITEMS_MAX 4096u

/* Elements of other namespaces (metadata, qemu:…) are not libvirt's own. */
static bool is_named(const xmlNode *node, const char *name, size_t n)
{
	return node->type == XML_ELEMENT_NODE && strlen((const char *)node->name) == n &&
	       !memcmp(node->name, name, n) &&
	       (!node->ns || (node->parent && node->parent->ns == node->ns));
}

static const xmlNode *first_named(const xmlNode *node, const char *name, size_t n)
{
	while (node && !is_named(node, name, n))
		node = node->next;
	return node;
}

const xmlNode *domain_child(const xmlNode *node, const char *name)
{
	return node ? first_named(node->children, name, strlen(name)) : NULL;
}

const xmlNode *domain_next(const xmlNode *node, const char *name)
{
	return first_named(node->next, name, strlen(name));
}

int domain_each(struct domain_reader *r, const xmlNode *node, const char *path,
		domain_read_fn *read)
{
	const size_t n = strcspn(path, "/");
	const xmlNode *child = first_named(node->children, path, n);
	int e = 0;

	for (; e == 0 && child; child = first_named(child->next, path, n))
		e = path[n] ? domain_each(r, child, path + n + 1, read) : read(r, child);
	return e;
}

int domain_get(struct domain_reader *r, const xmlNode *node, const char *name,
	       const char **ret_text)
{
	xmlChar *text = NULL;

	*ret_text = NULL;
	if (!node || (name && !xmlHasProp(node, (const xmlChar *)name)))
		return 0;
	text = name ? xmlGetNoNsProp(node, (const xmlChar *)name) : xmlNodeGetContent(node);
	if (text)
		*ret_text = arena_strdup(r->arena, (const char *)text);
	xmlFree(text);
	return *ret_text ? 0 : -ENOMEM;
}

bool domain_attribute_is(const xmlNode *node, const char *name, const char *value)
{
	xmlChar *text = node ? xmlGetNoNsProp(node, (const xmlChar *)name) : NULL;
	const bool is = text && !strcmp((const char *)text, value);

	xmlFree(text);
	return is;
}

int domain_note(struct domain_reader *r, const char *field, const xmlNode *node, const char *fmt,
		...)
{
	struct domain_xml_note *note;
	va_list ap;

	if (r->n_notes == NOTES_MAX)
		return 0;
	note = arena_alloc(r->arena, sizeof(*note));
	if (!note)
		return -ENOMEM;
	va_start(ap, fmt);
	note->words = arena_vprintf(r->arena, fmt, ap);
	va_end(ap);
	note->field = field;
	note->line = node && xmlGetLineNo(node) > 0 ? (unsigned long)xmlGetLineNo(node) : 0;
	*r->notes_end = note;
	r->notes_end = &note->next;
	r->n_notes++;
	return note->words ? 0 : -ENOMEM;
}

/* The value is a stranger's: only so much of it, and nothing that moves a cursor. */
static int note_odd(struct domain_reader *r, const char *field, const xmlNode *node,
		    const char *name, const char *value, const char *wanted)
{
	char clean[48];

	text_clean(text_of(value), clean, sizeof(clean));
	return domain_note(r, field, node, "<%s>%s%s: '%s' is not %s", (const char *)node->name,
			   name ? " " : "", name ? name : "", clean, wanted);
}

int domain_add(struct domain_reader *r, struct fact_list *list, size_t item_size, const char *field,
	       const xmlNode *node, void *ret_item)
{
	void **item = ret_item;

	*item = NULL;
	if (list->n == ITEMS_MAX)
		return domain_note(r, field, node, "more than %u of them", ITEMS_MAX);
	*item = fact_add_item(list, r->arena, item_size);
	return *item ? 0 : -ENOMEM;
}

int domain_set_str(struct domain_reader *r, struct fact_str *f, const xmlNode *node,
		   const char *name)
{
	const char *text;
	const int e = domain_get(r, node, name, &text);

	if (text)
		*f = (struct fact_str){ true, text };
	return e;
}

int domain_set_strs(struct domain_reader *r, const struct domain_attribute *attributes, size_t n,
		    const xmlNode *node)
{
	int e = 0;

	for (size_t i = 0; e == 0 && i < n; i++)
		e = domain_set_str(r, attributes[i].fact, node, attributes[i].name);
	return e;
}

int domain_add_str(struct domain_reader *r, struct fact_strs *list, const char *field,
		   const xmlNode *node, const char *name)
{
	const char *text;
	const int e = domain_get(r, node, name, &text);

	if (!text)
		return e;
	if (list->n == ITEMS_MAX)
		return domain_note(r, field, node, "more than %u of them", ITEMS_MAX);
	return fact_add_str(list, r->arena, text);
}

int domain_add_setting(struct domain_reader *r, struct fact_list *list, const char *field,
		       const xmlNode *node, const char *name, const char *value)
{
	struct setting_fact *item;
	int e;

	if (!value)
		return 0;
	e = domain_add(r, list, sizeof(*item), field, node, &item);
	if (!item)
		return e;
	item->value = (struct fact_str){ true, value };
	return fact_set_str(&item->name, r->arena, name);
}

int domain_set_switch(struct domain_reader *r, struct fact_bool *f, const char *field,
		      const xmlNode *node, const char *name)
{
	const char *text;
	const int e = domain_get(r, node, name, &text);

	if (!text)
		return e;
	if (!strcmp(text, "on") || !strcmp(text, "yes"))
		fact_set_bool(f, true);
	else if (!strcmp(text, "off") || !strcmp(text, "no"))
		fact_set_bool(f, false);
	else
		return note_odd(r, field, node, name, text, "yes or no");
	return 0;
}

int domain_set_u64(struct domain_reader *r, struct fact_u64 *f, const char *field,
		   const xmlNode *node, const char *name)
{
	const char *text;
	uint64_t v;
	const int e = domain_get(r, node, name, &text);

	if (!text)
		return e;
	/* Documents hold signed 64 bits. */
	if (text_u64(text_of(text), &v) < 0 || v > INT64_MAX)
		return note_odd(r, field, node, name, text, "a number");
	fact_set_u64(f, v);
	return 0;
}

/* virBitmapParse(): pieces from left to right, "^" takes one CPU or range away again. */
static bool parse_set(struct text rest, struct cpus *ret_set)
{
	struct cpus all = { 0 }, part;
	struct text piece;

	while (text_next_piece(&rest, ',', &piece)) {
		piece = text_trim(piece);
		const bool is_not = text_starts(piece, "^");

		if (is_not)
			piece = text_make(piece.at + 1, piece.len - 1);
		if (text_trim(piece).len == 0 || cpus_parse_list(piece, &part) < 0)
			return false;
		all = is_not ? cpus_minus(&all, &part) : cpus_or(&all, &part);
	}
	*ret_set = all;
	return !cpus_is_empty(&all);
}

int domain_set_cpus(struct domain_reader *r, struct fact_cpus *f, const char *field,
		    const xmlNode *node, const char *name)
{
	const char *text;
	struct cpus set;
	const int e = domain_get(r, node, name, &text);

	if (!text)
		return e;
	if (!parse_set(text_of(text), &set))
		return note_odd(r, field, node, name, text, "a set of numbers");
	fact_set_cpus(f, &set);
	return 0;
}

/* virScaleInteger(): b, bytes; K, KiB … powers of 1024; KB … powers of 1000. */
static bool find_scale(struct text unit, uint64_t *ret_bytes)
{
	static const char letters[] = "kmgtpe";
	char lower[8] = "";
	const char *letter;
	uint64_t bytes = 1;
	bool is_decimal;

	if (unit.len == 0 || unit.len >= sizeof(lower))
		return false;
	for (size_t i = 0; i < unit.len; i++)
		lower[i] = (char)(unit.at[i] | 0x20); /* ASCII letters to lower case */
	if (!strcmp(lower, "b") || !strcmp(lower, "byte") || !strcmp(lower, "bytes")) {
		*ret_bytes = 1;
		return true;
	}
	letter = strchr(letters, lower[0]);
	is_decimal = !strcmp(lower + 1, "b");
	if (!letter || (!is_decimal && lower[1] && strcmp(lower + 1, "ib") != 0))
		return false;
	for (const char *l = letters; l <= letter; l++)
		bytes *= is_decimal ? 1000 : KIB;
	*ret_bytes = bytes;
	return true;
}

/* KiB, rounded up, as libvirt does; false: more than there are addresses. */
static bool scale_to_kib(uint64_t value, uint64_t unit_bytes, uint64_t *ret_kib)
{
	uint64_t bytes;

	if (__builtin_mul_overflow(value, unit_bytes, &bytes) || bytes > INT64_MAX)
		return false;
	*ret_kib = (bytes + KIB - 1) / KIB;
	return true;
}

int domain_set_kib(struct domain_reader *r, struct fact_u64 *f, const char *field,
		   const xmlNode *node, const char *name)
{
	const char *text, *unit;
	uint64_t v, kib, unit_bytes = KIB;
	int e = domain_get(r, node, name, &text);

	if (e == 0)
		e = domain_get(r, node, "unit", &unit);
	if (e < 0 || !text)
		return e;
	if (unit && !find_scale(text_of(unit), &unit_bytes))
		return note_odd(r, field, node, "unit", unit, "a unit");
	if (text_u64(text_of(text), &v) < 0 || !scale_to_kib(v, unit_bytes, &kib))
		return note_odd(r, field, node, name, text, "a size");
	fact_set_u64(f, kib);
	return 0;
}
