/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/qemu_args.h"

#include <stdarg.h>
#include <string.h>

#include "probes/parse/qemu_parts.h"

#define NOTES_MAX   32u
#define ENTRIES_MAX 2048u

/* Options that are read, with the key that may be left out in their values. */
static const struct {
	const char *option, *implied_key;
	bool has_no_value, is_plain; /* plain: the value is no list but a name */
} options[] = {
	{ "-name", "guest", false, false },   { "-machine", "type", false, false },
	{ "-M", "type", false, false },       { "-accel", "accel", false, false },
	{ "-enable-kvm", NULL, true, false }, { "-m", "size", false, false },
	{ "-smp", "cpus", false, false },     { "-vcpu", NULL, false, false },
	{ "-numa", "type", false, false },    { "-object", "qom-type", false, false },
	{ "-mem-path", "path", false, true }, { "-device", "driver", false, false },
	{ "-drive", NULL, false, false },     { "-blockdev", NULL, false, false },
	{ "-hda", "path", false, true },      { "-hdb", "path", false, true },
	{ "-hdc", "path", false, true },      { "-hdd", "path", false, true },
	{ "-cdrom", "path", false, true },    { "-fda", "path", false, true },
	{ "-fdb", "path", false, true },
};

/* Index in options, ARRAY_SIZE(options): another one, or no option. */
static size_t find_option(const char *arg)
{
	size_t i = 0;

	if (!strncmp(arg, "--", 2))
		arg++;
	while (i < ARRAY_SIZE(options) && strcmp(arg, options[i].option) != 0)
		i++;
	return i;
}

static int parse_value(struct qemu_reader *r, size_t option, const char *value,
		       struct qemu_options *ret_values)
{
	int e = 0;

	if (options[option].is_plain) {
		ret_values->v = arena_alloc(r->arena, sizeof(*ret_values->v));
		if (!ret_values->v)
			return -ENOMEM;
		ret_values->v[0] = (struct qemu_pair){ options[option].implied_key, value };
		ret_values->n = 1;
	} else if (!options[option].has_no_value) {
		e = qemu_options_parse(text_of(value), options[option].implied_key, r->arena,
				       ret_values);
	}
	if (e != -EBADMSG)
		return e;
	return qemu_note(r, "source", "the value of %s is broken JSON", options[option].option);
}

static const char *value_or_empty(const struct qemu_options *values, const char *key)
{
	const char *value = key ? qemu_option(values, key) : NULL;

	return value ? value : "";
}

static int add_entry(struct qemu_reader *r, size_t option, const char *value)
{
	struct qemu_entry *entry = &r->entries[r->n];
	const char *name = options[option].option;
	int e = parse_value(r, option, value, &entry->values);

	if (e < 0)
		return e;
	entry->option = !strcmp(name, "-M") ? "-machine" : name;
	entry->id = value_or_empty(&entry->values, strcmp(name, "-blockdev") ? "id" : "node-name");
	entry->kind = value_or_empty(&entry->values, options[option].implied_key);
	r->n++;
	return 0;
}

static int collect(struct qemu_reader *r, const struct fact_strs *args)
{
	r->entries = arena_calloc(r->arena, u64_min(args->n, ENTRIES_MAX), sizeof(*r->entries));
	if (!r->entries)
		return -ENOMEM;
	for (size_t i = 1; i < args->n; i++) {
		const size_t option = find_option(args->v[i]);
		int e;

		if (option == ARRAY_SIZE(options))
			continue;
		if (r->n == ENTRIES_MAX)
			return qemu_note(r, "source", "only the first %u options were read",
					 ENTRIES_MAX);
		if (!options[option].has_no_value && ++i == args->n)
			break;
		e = add_entry(r, option, args->v[i]);
		if (e < 0)
			return e;
	}
	return 0;
}

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

int qemu_args_parse(const struct fact_strs *args, struct arena *a, struct domain_facts *facts,
		    struct qemu_args_note **ret_notes)
{
	static int (*const parts[])(struct qemu_reader *) = {
		qemu_read_machine,
		qemu_read_memory,
		qemu_read_disks,
	};
	struct qemu_reader r = {
		.arena = a,
		.facts = facts,
		.program = args->n ? args->v[0] : "",
		.notes_end = ret_notes,
	};
	int e;

	*ret_notes = NULL;
	e = collect(&r, args);
	for (size_t i = 0; i < ARRAY_SIZE(parts) && e == 0; i++)
		e = parts[i](&r);
	return e;
}
