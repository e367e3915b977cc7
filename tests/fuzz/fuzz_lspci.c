/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A text of lspci through our reader and libpci's.
 * TEST_SOURCES: probes/pci_access.c probes/pci_caps.c probes/pci_express.c probes/pci_functions.c
 * TEST_SOURCES: probes/pci_links.c probes/pci_sysfs.c probes/pci_vectors.c probes/tally.c
 */
#include <assert.h>

#include "probes/pci_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Nothing is known of what cannot be read, and an interrupt is on only where it can be. */
static void check_function(const struct pci_function *f)
{
	assert(f->address.known);
	assert(f->config_bytes.known || (!f->has_msi.known && !f->has_acs.known));
	assert(f->has_msi.known == f->is_msi_enabled.known);
	assert(!f->is_msi_enabled.v || f->has_msi.v);
	assert(!f->is_msix_enabled.v || f->has_msix.v);
	assert(!f->path_width.known || f->path_width.v <= f->max_link_width.v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct sysroot root = { .fd = -1 };
	auto_arena struct arena arena = { 0 };
	struct probe_env env = { .probe = probe_find("pci"), .root = &root, .arena = &arena };
	struct pci_facts f = { 0 };
	struct doc *d = NULL;

	env.gaps_end = &env.gaps;
	assert(functions_of_text(&env, text_make((const char *)data, size), &f) == 0);
	assert(f.functions.known && f.functions.n <= PCI_FUNCTIONS_MAX);
	for (size_t i = 0; i < f.functions.n; i++)
		check_function((struct pci_function *)f.functions.v + i);
	assert(schema_encode(&pci_schema, &f, &d) == 0);
	doc_free(d);
	return 0;
}
