/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pci.h - PCI functions of trees that tests make, and what became of them. */
#ifndef TESTS_LIB_PCI_H
#define TESTS_LIB_PCI_H

#include "probes/pci_parts.h"
#include "tests/lib/probe_env.h"

#define DEVICES "sys/bus/pci/devices/"
#define PORT    "0000:00:01.0"
#define GPU     "0000:01:00.0"

/* Release x with probe_fixture_release(). */
static inline const struct pci_function *read_tree(struct probe_fixture *x, const struct tree *tree,
						   struct pci_facts *f)
{
	*f = (struct pci_facts){ 0 };
	probe_fixture_init(x, tree, "pci");
	assert_int_equal(functions_read(&x->env, f), 0);
	return f->functions.v;
}

static inline void check_str(const struct fact_str *f, const char *v)
{
	assert_true(f->known);
	assert_string_equal(f->v, v);
}

static inline void check_u64(const struct fact_u64 *f, uint64_t v)
{
	assert_true(f->known);
	assert_int_equal(f->v, v);
}

static inline void check_bool(const struct fact_bool *f, bool v)
{
	assert_true(f->known);
	assert_int_equal(f->v, v);
}

#endif
