/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * domain_rows.h - what domain_xml.c and its parts share: one row per element that is understood.
 *
 * Another element: a function in the part it belongs to, and a row in that part's table.
 */
#ifndef PROBES_PARSE_DOMAIN_ROWS_H
#define PROBES_PARSE_DOMAIN_ROWS_H

#include <libxml/tree.h>

#include "probes/parse/domain_xml.h"

struct domain_reader {
	struct arena *arena;
	struct domain_facts *facts;
	const xmlNode *domain;
	struct domain_xml_note **notes_end;
	size_t n_notes;
};

/* 0 or -ENOMEM; odd values are noted. */
typedef int domain_read_fn(struct domain_reader *r, const xmlNode *node);

struct domain_row {
	const char *path; /* below <domain>: "cputune/vcpupin", for each such element; "": itself */
	domain_read_fn *read;
};

/* Each ends with a row whose path is NULL. */
extern const struct domain_row domain_cpu_rows[], domain_memory_rows[], domain_boot_rows[],
	domain_feature_rows[], domain_clock_rows[], domain_device_rows[], domain_host_rows[],
	domain_network_rows[], domain_desktop_rows[], domain_extra_rows[],
	domain_commandline_rows[];

/* The text without secrets as the fact 'xml', line by line: domain_lines.c. */
int domain_add_lines(struct domain_facts *f, struct arena *a, struct text xml,
		     const char **ret_why_not) MUST_CHECK;
/* guest_os, when all else is read. 0 or -ENOMEM. */
int domain_read_guest_os(struct domain_reader *r) MUST_CHECK;
/* What of qemu:commandline is about devices; after all rows. 0 or -ENOMEM. */
int domain_read_arguments(struct domain_reader *r) MUST_CHECK;
/* Adds the PCI function of <source><address> to the devices passed through. 0 or -ENOMEM. */
int domain_add_pci(struct domain_reader *r, const xmlNode *node) MUST_CHECK;
/* The controller of that type that the device's <address> names; *ret_node NULL: none. */
int domain_find_controller(struct domain_reader *r, const xmlNode *device, const char *type,
			   const xmlNode **ret_node) MUST_CHECK;

/* Calls read for each element at the path below node, in the order of the document. */
int domain_each(struct domain_reader *r, const xmlNode *node, const char *path,
		domain_read_fn *read) MUST_CHECK;
/* First child element of that name; NULL: none, or node is NULL. */
const xmlNode *domain_child(const xmlNode *node, const char *name);
const xmlNode *domain_next(const xmlNode *node, const char *name); /* the next of that name */

/* An attribute, or the text of the element when name is NULL; *ret_text NULL: there is none, or
 * node is NULL. 0 or -ENOMEM. In the arena. */
int domain_get(struct domain_reader *r, const xmlNode *node, const char *name,
	       const char **ret_text) MUST_CHECK;
bool domain_attribute_is(const xmlNode *node, const char *name, const char *value);

/* A new item of a list; NULL with 0: the list is longer than any real one, noted. */
int domain_add(struct domain_reader *r, struct fact_list *list, size_t item_size, const char *field,
	       const xmlNode *node, void *ret_item) MUST_CHECK;

/*
 * Facts from an attribute, or from the text of the element when name is NULL. Absent: the fact
 * stays unknown. Odd: so too, and a note names the field.
 */
int domain_set_str(struct domain_reader *r, struct fact_str *f, const xmlNode *node,
		   const char *name) MUST_CHECK;
int domain_set_u64(struct domain_reader *r, struct fact_u64 *f, const char *field,
		   const xmlNode *node, const char *name) MUST_CHECK;
/* A libvirt set: "1-4,^3,8". */
int domain_set_cpus(struct domain_reader *r, struct fact_cpus *f, const char *field,
		    const xmlNode *node, const char *name) MUST_CHECK;
/* A size, with the attribute unit="…", KiB without it; rounded up to KiB. */
int domain_set_kib(struct domain_reader *r, struct fact_u64 *f, const char *field,
		   const xmlNode *node, const char *name) MUST_CHECK;
/* on, yes: true; off, no: false. */
int domain_set_switch(struct domain_reader *r, struct fact_bool *f, const char *field,
		      const xmlNode *node, const char *name) MUST_CHECK;

struct domain_attribute {
	struct fact_str *fact;
	const char *name;
};
/* n attributes of the same element. */
int domain_set_strs(struct domain_reader *r, const struct domain_attribute *attributes, size_t n,
		    const xmlNode *node) MUST_CHECK;
/* A name and its value at the end of a list of struct setting_fact; value NULL: none is added. */
int domain_add_setting(struct domain_reader *r, struct fact_list *list, const char *field,
		       const xmlNode *node, const char *name, const char *value) MUST_CHECK;
/* An attribute (name NULL: the text) at the end of a list; none where there is none. */
int domain_add_str(struct domain_reader *r, struct fact_strs *list, const char *field,
		   const xmlNode *node, const char *name) MUST_CHECK;
int domain_note(struct domain_reader *r, const char *field, const xmlNode *node, const char *fmt,
		...) FORMAT_PRINTF(4, 5) MUST_CHECK;

#endif
