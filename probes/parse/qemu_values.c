/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qemu_values.c - finding options and turning their values into facts; see qemu_parts.h. */
#include <stdarg.h>
#include <string.h>

#include "facts/kernel.h"
#include "probes/parse/qemu_parts.h"

#define NOTES_MAX 32u
#define ITEMS_MAX 4096u

const struct qemu_entry *qemu_next(const struct qemu_reader *r, const char *option, size_t *at)
{
	while (*at < r->n) {
		const struct qemu_entry *entry = &r->entries[(*at)++];

		if (!strcmp(entry->option, option))
			return entry;
	}
	return NULL;
}

const char *qemu_last(const struct qemu_reader *r, const char *option, const char *key)
{
	const struct qemu_entry *entry;
	const char *last = NULL;
	size_t at = 0;

	while ((entry = qemu_next(r, option, &at))) {
		const char *value = qemu_option(&entry->values, key);

		last = value ? value : last;
	}
	return last;
}

const struct qemu_options *qemu_find(const struct qemu_reader *r, const char *option,
				     const char *id)
{
	const struct qemu_entry *entry;
	size_t at = 0;

	while (id && *id && (entry = qemu_next(r, option, &at))) {
		if (!strcmp(entry->id, id))
			return &entry->values;
	}
	return NULL;
}

bool qemu_has(const struct qemu_reader *r, const char *option)
{
	size_t at = 0;

	return qemu_next(r, option, &at) != NULL;
}

/* '-' stands for '_' as well. */
static bool is_property(const char *given, const char *name)
{
	for (; given && *given && (*given == *name || (*given == '_' && *name == '-')); given++)
		name++;
	return given && !*given && !*name;
}

/* "driver.property=value", or "driver=…,property=…,value=…" for names with a dot in them. */
const char *qemu_global(const struct qemu_reader *r, const char *driver, const char *property)
{
	const struct qemu_entry *entry;
	const char *last = NULL;
	const size_t n = strlen(driver);
	size_t at = 0;

	while ((entry = qemu_next(r, "-global", &at))) {
		for (size_t i = 0; i < entry->values.n; i++) {
			const char *key = entry->values.v[i].key;

			if (!strncmp(key, driver, n) && key[n] == '.' &&
			    !strcmp(key + n + 1, property))
				last = entry->values.v[i].value;
		}
		if (qemu_option_is(&entry->values, "driver", driver) &&
		    is_property(qemu_option(&entry->values, "property"), property))
			last = qemu_option(&entry->values, "value");
	}
	return last;
}

bool qemu_is_driver(const char *driver, const char *name)
{
	const size_t n = strlen(name);

	return !strncmp(driver, name, n) && (!driver[n] || driver[n] == '-');
}

bool qemu_is_x86(const struct qemu_reader *r)
{
	const struct fact_str *arch = &r->facts->arch;
	const char *type = qemu_last(r, "-machine", "type");

	if (arch->known)
		return fact_is(arch, "x86_64") || fact_is(arch, "i686");
	/* Other machines have no default type, and none of these names. */
	return !type || text_starts(text_of(type), "pc") || strstr(type, "q35") ||
	       !strcmp(type, "microvm");
}

bool qemu_is_q35(const struct qemu_reader *r)
{
	const char *type = qemu_last(r, "-machine", "type");

	return type && strstr(type, "q35");
}

int qemu_set_str(struct qemu_reader *r, struct fact_str *f, const char *value)
{
	return fact_set_str(f, r->arena, value);
}

int qemu_note(struct qemu_reader *r, const char *field, const char *fmt, ...)
{
	struct qemu_args_note *note;
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
	*r->notes_end = note;
	r->notes_end = &note->next;
	r->n_notes++;
	return note->words ? 0 : -ENOMEM;
}

/* The value is a stranger's: only so much of it, and nothing that moves a cursor. */
static int note_odd(struct qemu_reader *r, const char *field, const char *value, const char *wanted)
{
	char clean[48];

	text_clean(text_of(value), clean, sizeof(clean));
	return qemu_note(r, field, "'%s' is not %s", clean, wanted);
}

int qemu_set_u64(struct qemu_reader *r, struct fact_u64 *f, const char *field, const char *value)
{
	uint64_t v;

	if (!value)
		return 0;
	/* Documents hold signed 64 bits. */
	if (text_u64(text_of(value), &v) < 0 || v > INT64_MAX)
		return note_odd(r, field, value, "a number");
	fact_set_u64(f, v);
	return 0;
}

int qemu_set_kib(struct qemu_reader *r, struct fact_u64 *f, const char *field, const char *value,
		 uint64_t unit)
{
	uint64_t bytes;

	if (!value)
		return 0;
	if (qemu_size(value, unit, &bytes) < 0)
		return note_odd(r, field, value, "a size");
	fact_set_u64(f, bytes / KIB + (bytes % KIB != 0));
	return 0;
}

int qemu_add(struct qemu_reader *r, struct fact_list *list, size_t item_size, void *ret_item)
{
	void **item = ret_item;

	*item = NULL;
	if (list->n == ITEMS_MAX)
		return 0;
	*item = fact_add_item(list, r->arena, item_size);
	return *item ? 0 : -ENOMEM;
}

int qemu_set_setting(struct qemu_reader *r, struct fact_list *list, const char *name,
		     const char *value)
{
	struct setting_fact *item = list->v;
	int e;

	if (!value)
		return 0;
	for (size_t i = 0; i < list->n; i++, item++) {
		if (fact_is(&item->name, name))
			return qemu_set_str(r, &item->value, value);
	}
	e = qemu_add(r, list, sizeof(*item), &item);
	if (!item)
		return e;
	e = qemu_set_str(r, &item->name, name);
	return e < 0 ? e : qemu_set_str(r, &item->value, value);
}

struct domain_timer *qemu_timer(struct qemu_reader *r, const char *name)
{
	struct domain_timer *timer = r->facts->timers.v;

	for (size_t i = 0; i < r->facts->timers.n; i++, timer++) {
		if (fact_is(&timer->name, name))
			return timer;
	}
	timer = fact_add_item(&r->facts->timers, r->arena, sizeof(*timer));
	if (timer && qemu_set_str(r, &timer->name, name) < 0)
		return NULL;
	return timer;
}
