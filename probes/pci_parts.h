/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pci_parts.h - what the files of the probe "pci" give one another. */
#ifndef PROBES_PCI_PARTS_H
#define PROBES_PCI_PARTS_H

#include "facts/pci.h"
#include "probes/parse/pci_address.h"
#include "probes/probe.h"
#include "probes/tally.h"

/* More than the largest hosts have, virtual functions included. */
#define PCI_FUNCTIONS_MAX 4096u

#define PCI_DEVICES "/sys/bus/pci/devices"

/* What is known of a function beyond its facts; facts[i] of the document belongs to nodes[i]. */
struct node {
	struct pci_address address;
	char name[PCI_ADDRESS_SIZE];
	bool has_no_config; /* its directory holds no such file */
	bool is_bridge;     /* with the two bus numbers */
	uint8_t secondary, subordinate;
	bool has_parent;
	size_t parent;        /* index of the node */
	const uint8_t *bytes; /* of a text: its configuration space */
	size_t n_bytes;
};

struct nodes {
	struct node *v; /* by address, each once */
	size_t n;
	struct pci_function *facts;
	struct tally tally; /* gaps of single functions */
};

/* pci_functions.c: all functions of a tree, or of what `lspci -xxxx` printed. 0 or -ENOMEM. */
int functions_read(struct probe_env *env, struct pci_facts *f) MUST_CHECK;
int functions_of_text(struct probe_env *env, struct text text, struct pci_facts *f) MUST_CHECK;

/*
 * pci_access.c: configuration spaces through libpci. Its default is to end the program on an error
 * and to look at this machine when it is given nothing else: both are kept from it.
 */
struct pci_access;
struct pci_dev;

struct config {
	struct pci_access *access;
	struct pci_dev *next; /* of a text: where the search for a function begins */
	int fd;               /* directory or text that libpci reads through /proc/self/fd */
	bool is_text;
};

/* All of these: 0 or a negative errno. Release with config_close(), also after an error. */
int config_open_sysfs(struct config *c, const struct sysroot *root) MUST_CHECK;
int config_open_text(struct config *c, const struct nodes *nodes) MUST_CHECK;
void config_close(struct config *c);
#define auto_config auto_cleanup(config_close)
/*
 * Fills what a configuration space tells and is not known yet. -ENOENT: it has none;
 * -EXDEV: in a captured tree, it is behind a link that leads out of the tree.
 */
int config_read(struct config *c, struct probe_env *env, struct nodes *nodes, size_t i) MUST_CHECK;
/* Vendor and device in words, by pci.ids of this machine. *ret_name NULL: not in it. */
int config_name(struct config *c, struct arena *a, uint64_t vendor, uint64_t device,
		const char **ret_name) MUST_CHECK;

/* pci_caps.c: the same for one function that libpci has found; may leave by longjmp(). */
int caps_read(struct pci_dev *dev, struct probe_env *env, struct nodes *nodes, size_t i) MUST_CHECK;
/* pci_express.c: its PCI Express capability at that offset, and the extended ones. */
int express_read(struct pci_dev *dev, unsigned at, struct arena *a,
		 struct pci_function *f) MUST_CHECK;
void extended_read(struct pci_dev *dev, struct arena *a, struct pci_function *f);

/* pci_sysfs.c: what the files below /sys/bus/pci/devices/ADDRESS tell. */
int sysfs_read(struct probe_env *env, struct nodes *nodes, size_t i) MUST_CHECK;
/* What is known only when all functions have been looked at. */
int sysfs_finish(struct probe_env *env, struct nodes *nodes) MUST_CHECK;

/* pci_vectors.c: message vectors and BARs of a function. dir: its directory. */
int vectors_read(const struct sysroot *dir, struct pci_function *f) MUST_CHECK;
int bars_read(const struct sysroot *dir, struct arena *a, struct pci_function *f) MUST_CHECK;

/* pci_links.c: bridges above a function, and what their links can do. */
int links_find_parents(struct probe_env *env, struct nodes *nodes) MUST_CHECK;
void links_find_paths(struct nodes *nodes);
/* Order of two nodes, by address, for qsort() and bsearch(). */
int node_compare(const void *a, const void *b);

#endif
