/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pci_caps.c - one configuration space into facts.
 *
 * A byte that cannot be read comes as 0xff and without an error: what is looked at here is first
 * known to be there. Without CAP_SYS_ADMIN that is the header, 64 bytes.
 * Source: PCI Local Bus Specification 3.0, chapter 6; PCI Express Base Specification, chapter 7.
 */
#include <pci/pci.h>

#include "probes/pci_parts.h"

#define HEADER_BYTES 64u
#define NORMAL_BYTES 256u
#define ALL_BYTES    4096u

#define BUS_HEADER_MASK 0x7f
#define MSIX_FLAGS      2 /* message control of MSI-X, missing in libpci 3.9 */

static unsigned readable_bytes(struct pci_dev *dev)
{
	static const unsigned sizes[] = { ALL_BYTES, NORMAL_BYTES, HEADER_BYTES };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		u8 last;

		if (pci_read_block(dev, (int)sizes[i] - 1, &last, 1))
			return sizes[i];
	}
	return 0;
}

/* Some machines answer all ones to whatever lies behind the first 256 bytes. */
static unsigned answering_bytes(struct pci_dev *dev)
{
	const unsigned n = readable_bytes(dev);

	return n == ALL_BYTES && pci_read_long(dev, NORMAL_BYTES) == UINT32_MAX ? NORMAL_BYTES : n;
}

/* A virtual function has no ids of its own, but it has a status; what is gone answers all ones. */
static bool is_silent(struct pci_dev *dev)
{
	return pci_read_long(dev, PCI_VENDOR_ID) == UINT32_MAX &&
	       pci_read_long(dev, PCI_COMMAND) == UINT32_MAX;
}

static void set_if_unknown(struct fact_u64 *f, uint64_t v)
{
	if (!f->known)
		fact_set_u64(f, v);
}

static void read_header(struct pci_dev *dev, struct pci_function *f, struct node *node)
{
	const uint16_t vendor = pci_read_word(dev, PCI_VENDOR_ID);
	const int header = pci_read_byte(dev, PCI_HEADER_TYPE) & BUS_HEADER_MASK;

	if (vendor != UINT16_MAX) {
		set_if_unknown(&f->vendor_id, vendor);
		set_if_unknown(&f->device_id, pci_read_word(dev, PCI_DEVICE_ID));
	}
	set_if_unknown(&f->class_code, pci_read_long(dev, PCI_CLASS_REVISION) >> 8);
	fact_set_bool(&f->is_intx_disabled,
		      pci_read_word(dev, PCI_COMMAND) & PCI_COMMAND_DISABLE_INTx);
	fact_set_bool(&f->has_intx, pci_read_byte(dev, PCI_INTERRUPT_PIN) != 0);
	node->is_bridge = header == PCI_HEADER_TYPE_BRIDGE;
	if (node->is_bridge) {
		node->secondary = pci_read_byte(dev, PCI_SECONDARY_BUS);
		node->subordinate = pci_read_byte(dev, PCI_SUBORDINATE_BUS);
	}
}

/* Conventional PCI: nothing of PCI Express can be there, and no extended capability. */
static int set_conventional(struct arena *a, struct pci_function *f, const struct node *node)
{
	fact_set_bool(&f->has_acs, false);
	set_if_unknown(&f->n_total_vfs, 0);
	set_if_unknown(&f->n_vfs, 0);
	return fact_set_str(&f->port, a, node->is_bridge ? "bridge" : "conventional");
}

static void read_messages(struct pci_dev *dev, struct pci_function *f)
{
	const struct pci_cap *msi = pci_find_cap(dev, PCI_CAP_ID_MSI, PCI_CAP_NORMAL);
	const struct pci_cap *msix = pci_find_cap(dev, PCI_CAP_ID_MSIX, PCI_CAP_NORMAL);

	fact_set_bool(&f->has_msi, msi != NULL);
	fact_set_bool(&f->has_msix, msix != NULL);
	fact_set_bool(&f->is_msi_enabled,
		      msi && pci_read_word(dev, (int)msi->addr + PCI_MSI_FLAGS) &
				      PCI_MSI_FLAGS_ENABLE);
	fact_set_bool(&f->is_msix_enabled,
		      msix && pci_read_word(dev, (int)msix->addr + MSIX_FLAGS) & PCI_MSIX_ENABLE);
}

static int read_power(struct pci_dev *dev, struct arena *a, struct pci_function *f)
{
	static const char *const states[] = { "D0", "D1", "D2", "D3hot" };
	const struct pci_cap *pm = pci_find_cap(dev, PCI_CAP_ID_PM, PCI_CAP_NORMAL);

	if (!pm || f->power_state.known)
		return 0;
	return fact_set_str(
		&f->power_state, a,
		states[pci_read_word(dev, (int)pm->addr + PCI_PM_CTRL) & PCI_PM_CTRL_STATE_MASK]);
}

static int read_capabilities(struct pci_dev *dev, struct arena *a, struct pci_function *f,
			     const struct node *node)
{
	const struct pci_cap *express, *features;
	int r;

	pci_fill_info(dev, f->config_bytes.v == ALL_BYTES ? PCI_FILL_CAPS | PCI_FILL_EXT_CAPS
							  : PCI_FILL_CAPS);
	read_messages(dev, f);
	r = read_power(dev, a, f);
	if (r < 0)
		return r;
	features = pci_find_cap(dev, PCI_CAP_ID_AF, PCI_CAP_NORMAL);
	if (!f->has_flr.known)
		fact_set_bool(&f->has_flr,
			      features && pci_read_byte(dev, (int)features->addr + PCI_AF_CAP) &
						  PCI_AF_CAP_FLR);
	express = pci_find_cap(dev, PCI_CAP_ID_EXP, PCI_CAP_NORMAL);
	if (!express)
		return set_conventional(a, f, node);
	r = express_read(dev, express->addr, a, f);
	if (r == 0 && f->config_bytes.v == ALL_BYTES)
		extended_read(dev, a, f);
	return r;
}

/* The header says that there is no list of capabilities: known without reading on. */
static int set_no_capabilities(struct arena *a, struct pci_function *f, const struct node *node)
{
	fact_set_bool(&f->has_msi, false);
	fact_set_bool(&f->has_msix, false);
	fact_set_bool(&f->is_msi_enabled, false);
	fact_set_bool(&f->is_msix_enabled, false);
	if (!f->has_flr.known)
		fact_set_bool(&f->has_flr, false);
	return set_conventional(a, f, node);
}

static int note_limits(struct probe_env *env, struct nodes *nodes, const struct node *node,
		       unsigned n_bytes)
{
	const char *path = arena_printf(env->arena, PCI_DEVICES "/%s/config", node->name);

	if (!n_bytes)
		return tally_add_words(&nodes->tally, env, "functions.config_bytes", path,
				       "cannot be read");
	if (n_bytes == HEADER_BYTES)
		return tally_add_words(&nodes->tally, env, "functions.config_bytes", path,
				       "only 64 bytes can be read, the rest needs root "
				       "(CAP_SYS_ADMIN)");
	return tally_add_words(&nodes->tally, env, "functions.has_acs", path,
			       "only 256 bytes of the 4096 can be read");
}

int caps_read(struct pci_dev *dev, struct probe_env *env, struct nodes *nodes, size_t i)
{
	struct node *node = &nodes->v[i];
	struct pci_function *f = &nodes->facts[i];
	const unsigned n_bytes = answering_bytes(dev);
	int r;

	if (!n_bytes)
		return note_limits(env, nodes, node, 0);
	if (is_silent(dev))
		return tally_add_words(&nodes->tally, env, "functions.config_bytes", node->name,
				       "does not answer: all bits of its configuration are ones");
	fact_set_u64(&f->config_bytes, n_bytes);
	read_header(dev, f, node);
	if (!(pci_read_word(dev, PCI_STATUS) & PCI_STATUS_CAP_LIST))
		return set_no_capabilities(env->arena, f, node);
	if (n_bytes == HEADER_BYTES)
		return note_limits(env, nodes, node, n_bytes);
	r = read_capabilities(dev, env->arena, f, node);
	return r == 0 && !f->has_acs.known ? note_limits(env, nodes, node, n_bytes) : r;
}
