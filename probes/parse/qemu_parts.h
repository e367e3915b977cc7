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
int qemu_read_machine(struct qemu_reader *r) MUST_CHECK; /* name, type, vCPUs, iothreads */
int qemu_read_memory(struct qemu_reader *r) MUST_CHECK;
int qemu_read_disks(struct qemu_reader *r) MUST_CHECK;
int qemu_read_board(struct qemu_reader *r) MUST_CHECK; /* machine type, firmware, features */
int qemu_read_cpu(struct qemu_reader *r)
	MUST_CHECK; /* after the board: what the CPU is by default */
int qemu_read_clock(struct qemu_reader *r) MUST_CHECK;
int qemu_read_controllers(struct qemu_reader *r) MUST_CHECK; /* and devices passed through */
int qemu_read_network(struct qemu_reader *r) MUST_CHECK;
int qemu_read_input(struct qemu_reader *r) MUST_CHECK;
int qemu_read_display(struct qemu_reader *r) MUST_CHECK; /* and sound */
int qemu_read_devices(struct qemu_reader *r) MUST_CHECK; /* what is only counted or named */

/* The next entry of that option from *at on, *at behind it afterwards; NULL: none left. */
const struct qemu_entry *qemu_next(const struct qemu_reader *r, const char *option, size_t *at);
/* Value of a key in the last entry of the option that has it; NULL: none has. */
const char *qemu_last(const struct qemu_reader *r, const char *option, const char *key);
/* The -object, -drive … of that id; NULL: none, or id NULL. */
const struct qemu_options *qemu_find(const struct qemu_reader *r, const char *option,
				     const char *id);
/* Is the option there at all? */
bool qemu_has(const struct qemu_reader *r, const char *option);
/* The last value of a property ("lost-tick-policy") of a kind of device that -global sets, or NULL.
 */
const char *qemu_global(const struct qemu_reader *r, const char *driver, const char *property);
bool qemu_is_q35(const struct qemu_reader *r);
bool qemu_is_x86(const struct qemu_reader *r);
/* Is it that driver, or one of its family: "virtio-net" is virtio-net and virtio-net-pci. */
bool qemu_is_driver(const char *driver, const char *name);

/* Number of a controller of that type by its id ("scsi0", "pci.3"), else by its place. */
uint64_t qemu_controller_index(const struct qemu_reader *r, const struct qemu_entry *controller);
/* The virtio-scsi controller whose bus a SCSI disk names ("scsi0.0"), else the first one; NULL. */
const struct qemu_entry *qemu_scsi_controller(const struct qemu_reader *r, const char *bus);
/* libvirt's number N of "iothreadN", else the place among the iothreads; a fact that is known is
 * left alone. */
void qemu_set_iothread(const struct qemu_reader *r, struct fact_u64 *f, const char *id);

/* A name and a value in a list of settings; value NULL: nothing is done. The last word counts. */
int qemu_set_setting(struct qemu_reader *r, struct fact_list *list, const char *name,
		     const char *value) MUST_CHECK;
/* The timer of that name, a new one if it was not told of yet. NULL: no memory. */
struct domain_timer *qemu_timer(struct qemu_reader *r, const char *name);
/* A new item, NULL with 0: the list is longer than any real one. */
int qemu_add(struct qemu_reader *r, struct fact_list *list, size_t item_size,
	     void *ret_item) MUST_CHECK;
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
