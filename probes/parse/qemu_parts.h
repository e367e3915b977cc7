/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qemu_parts.h - what qemu_args.c and its parts share: options that were found, and readers of
 * them.
 *
 * Another option: a row in the table of qemu_args.c, and a function in the part it belongs to.
 */
#ifndef PROBES_PARSE_QEMU_PARTS_H
#define PROBES_PARSE_QEMU_PARTS_H

#include "probes/parse/qemu_args.h"
#include "probes/parse/qemu_options.h"

struct qemu_entry {         /* an option as it was given */
	const char *option; /* "-device", of the table: "-M" is "-machine" */
	const char *id;     /* "id", or "node-name" of a -blockdev; "": none */
	const char *kind; /* value of the key that may be left out, "driver" of a -device; or "" */
	struct qemu_options values;
};

struct qemu_reader {
	struct arena *arena;
	struct domain_facts *facts;
	const char *program; /* first argument, "" when there is none */
	struct qemu_entry *entries;
	size_t n;
	struct qemu_args_note **notes_end;
	size_t n_notes;
};

/* Each returns 0 or -ENOMEM. */
int qemu_read_machine(struct qemu_reader *r) MUST_CHECK; /* name, type, vCPUs, iothreads, devices */
int qemu_read_memory(struct qemu_reader *r) MUST_CHECK;
int qemu_read_disks(struct qemu_reader *r) MUST_CHECK;

/* The next entry of that option from *at on, *at behind it afterwards; NULL: none left. */
const struct qemu_entry *qemu_next(const struct qemu_reader *r, const char *option, size_t *at);
/* Value of a key in the last entry of the option that has it; NULL: none has. */
const char *qemu_last(const struct qemu_reader *r, const char *option, const char *key);
/* The -object, -drive … of that id; NULL: none, or id NULL. */
const struct qemu_options *qemu_find(const struct qemu_reader *r, const char *option,
				     const char *id);
bool qemu_is_q35(const struct qemu_reader *r);

int qemu_set_str(struct qemu_reader *r, struct fact_str *f, const char *value) MUST_CHECK;
/* NULL: the fact stays unknown; odd: so too, with a note. */
int qemu_set_u64(struct qemu_reader *r, struct fact_u64 *f, const char *field,
		 const char *value) MUST_CHECK;
/* A size in units where it has no suffix, rounded up to KiB. */
int qemu_set_kib(struct qemu_reader *r, struct fact_u64 *f, const char *field, const char *value,
		 uint64_t unit) MUST_CHECK;
int qemu_note(struct qemu_reader *r, const char *field, const char *fmt, ...)
	FORMAT_PRINTF(3, 4) MUST_CHECK;

#endif
