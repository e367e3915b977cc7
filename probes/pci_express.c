/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pci_express.c - the PCI Express capability and the extended ones.
 * Source: PCI Express Base Specification 5.0, 7.5.3 (capability), 7.7.8 (ACS), 7.8.3 (L1 PM
 * substates), 7.8.6 (resizable BAR), 9.3.3 (SR-IOV).
 */
#include <pci/pci.h>

#include "probes/pci_parts.h"

#define NORMAL_BYTES      256u
#define ALL_BYTES         4096u
#define SMALLEST_PAYLOAD  128u
#define LARGEST_PAYLOAD   5u    /* 4096 bytes; 6 and 7 are reserved */
#define EXPRESS_BYTES     0x14u /* up to the link's status; version 1 has no more */
#define EXPRESS_2_BYTES   0x34u
#define N_BARS_MAX        6u
#define REBAR_FIRST       4u /* capability, then control; the next BAR's after 8 bytes */
#define REBAR_STEP        8u
#define REBAR_SIZES_SHIFT 4 /* bit 4: 1 MiB, bit 5: 2 MiB … */

static uint64_t speed_of(unsigned code)
{
	static const uint64_t mts[] = { 0, 2500, 5000, 8000, 16000, 32000, 64000 };

	return code < ARRAY_SIZE(mts) ? mts[code] : 0;
}

static void set_if_unknown(struct fact_u64 *f, uint64_t v)
{
	if (!f->known)
		fact_set_u64(f, v);
}

static void set_speed(struct fact_u64 *f, unsigned code)
{
	if (speed_of(code))
		set_if_unknown(f, speed_of(code));
}

static void set_payload(struct fact_u64 *f, unsigned code)
{
	if (code <= LARGEST_PAYLOAD)
		fact_set_u64(f, (uint64_t)SMALLEST_PAYLOAD << code);
}

/* The vector of speeds of version 2 says more than the one number of version 1. */
static unsigned max_speed(struct pci_dev *dev, unsigned at)
{
	const unsigned version = pci_read_word(dev, (int)at + PCI_EXP_FLAGS) & PCI_EXP_FLAGS_VERS;
	unsigned speeds = 0;

	if (version >= 2 && at + EXPRESS_2_BYTES <= NORMAL_BYTES)
		speeds = PCI_EXP_LNKCAP2_SPEED(pci_read_long(dev, (int)at + PCI_EXP_LNKCAP2));
	for (unsigned code = 7; code > 0; code--) {
		if (speeds & 1u << (code - 1))
			return code;
	}
	return pci_read_long(dev, (int)at + PCI_EXP_LNKCAP) & PCI_EXP_LNKCAP_SPEED;
}

/* Settings of a virtual function are its physical one's: its own registers hold zeros. */
static bool is_virtual(struct pci_dev *dev)
{
	return pci_read_word(dev, PCI_VENDOR_ID) == UINT16_MAX;
}

static int read_link(struct pci_dev *dev, unsigned at, struct arena *a, struct pci_function *f)
{
	static const char *const aspm[] = { "off", "l0s", "l1", "l0s+l1" };
	const unsigned status = pci_read_word(dev, (int)at + PCI_EXP_LNKSTA);
	const unsigned can = pci_read_long(dev, (int)at + PCI_EXP_LNKCAP);

	set_speed(&f->max_link_speed_mts, max_speed(dev, at));
	set_if_unknown(&f->max_link_width, (can & PCI_EXP_LNKCAP_WIDTH) >> 4);
	if (is_virtual(dev))
		return 0;
	set_speed(&f->link_speed_mts, status & PCI_EXP_LNKSTA_SPEED);
	set_if_unknown(&f->link_width, (status & PCI_EXP_LNKSTA_WIDTH) >> 4);
	return fact_set_str(
		&f->aspm, a,
		aspm[pci_read_word(dev, (int)at + PCI_EXP_LNKCTL) & PCI_EXP_LNKCTL_ASPM]);
}

int express_read(struct pci_dev *dev, unsigned at, struct arena *a, struct pci_function *f)
{
	static const struct {
		const char *name;
		bool has_link;
	} ports[] = {
		[PCI_EXP_TYPE_ENDPOINT] = { "endpoint", true },
		[PCI_EXP_TYPE_LEG_END] = { "legacy", true },
		[PCI_EXP_TYPE_ROOT_PORT] = { "root-port", true },
		[PCI_EXP_TYPE_UPSTREAM] = { "upstream", true },
		[PCI_EXP_TYPE_DOWNSTREAM] = { "downstream", true },
		[PCI_EXP_TYPE_PCI_BRIDGE] = { "bridge", true },
		[PCI_EXP_TYPE_PCIE_BRIDGE] = { "bridge", true },
		[PCI_EXP_TYPE_ROOT_INT_EP] = { "integrated", false },
		[PCI_EXP_TYPE_ROOT_EC] = { "integrated", false },
	};
	const unsigned type =
		(pci_read_word(dev, (int)at + PCI_EXP_FLAGS) & PCI_EXP_FLAGS_TYPE) >> 4;
	uint32_t can;
	int r = 0;

	if (at + EXPRESS_BYTES > NORMAL_BYTES || type >= ARRAY_SIZE(ports) || !ports[type].name)
		return 0;
	can = pci_read_long(dev, (int)at + PCI_EXP_DEVCAP);
	set_payload(&f->max_payload_supported_bytes, can & PCI_EXP_DEVCAP_PAYLOAD);
	if (can & PCI_EXP_DEVCAP_FLRESET)
		fact_set_bool(&f->has_flr, true);
	if (!is_virtual(dev))
		set_payload(&f->max_payload_bytes, (pci_read_word(dev, (int)at + PCI_EXP_DEVCTL) &
						    PCI_EXP_DEVCTL_PAYLOAD) >>
							   5);
	if (ports[type].has_link)
		r = read_link(dev, at, a, f);
	return r < 0 ? r : fact_set_str(&f->port, a, ports[type].name);
}

/* A capability of which n bytes are there; NULL: the function has none, or it is cut off. */
static const struct pci_cap *find_extended(struct pci_dev *dev, unsigned id, unsigned n)
{
	const struct pci_cap *cap = pci_find_cap(dev, id, PCI_CAP_EXTENDED);

	return cap && cap->addr + n <= ALL_BYTES ? cap : NULL;
}

static void read_acs(struct pci_dev *dev, struct pci_function *f)
{
	const struct pci_cap *cap = find_extended(dev, PCI_EXT_CAP_ID_ACS, PCI_ACS_CTRL + 2);

	fact_set_bool(&f->has_acs, cap != NULL);
	if (cap)
		fact_set_u64(&f->acs_enabled, pci_read_word(dev, (int)cap->addr + PCI_ACS_CTRL));
}

/* The number of functions stays in its register when they are switched off. */
static void read_sriov(struct pci_dev *dev, struct pci_function *f)
{
	const struct pci_cap *cap = find_extended(dev, PCI_EXT_CAP_ID_SRIOV, PCI_IOV_NUMVF + 2);
	bool is_enabled;

	if (!cap) {
		set_if_unknown(&f->n_total_vfs, 0);
		set_if_unknown(&f->n_vfs, 0);
		return;
	}
	is_enabled = pci_read_word(dev, (int)cap->addr + PCI_IOV_CTRL) & PCI_IOV_CTRL_VFE;
	set_if_unknown(&f->n_total_vfs, pci_read_word(dev, (int)cap->addr + PCI_IOV_TOTALVF));
	set_if_unknown(&f->n_vfs,
		       is_enabled ? pci_read_word(dev, (int)cap->addr + PCI_IOV_NUMVF) : 0);
}

static void read_l1_substates(struct pci_dev *dev, struct pci_function *f)
{
	const struct pci_cap *cap =
		find_extended(dev, PCI_EXT_CAP_ID_L1PM, PCI_L1PM_SUBSTAT_CTL1 + 4);

	/* Those for software's D3hot (PCI-PM) delay nothing that runs. */
	fact_set_bool(
		&f->has_l1_substates,
		cap && pci_read_long(dev, (int)cap->addr + PCI_L1PM_SUBSTAT_CTL1) &
				(PCI_L1PM_SUBSTAT_CTL1_ASPM_L12 | PCI_L1PM_SUBSTAT_CTL1_ASPM_L11));
}

static struct pci_bar *find_bar(struct pci_function *f, struct arena *a, uint64_t index)
{
	struct pci_bar *bars = f->bars.v;
	struct pci_bar *bar;

	for (size_t i = 0; i < f->bars.n; i++) {
		if (bars[i].index.v == index)
			return &bars[i];
	}
	/* Of a text the others are not known: their sizes are in no register. */
	bar = fact_add_item(&f->bars, a, sizeof(*bar));
	if (bar)
		fact_set_u64(&bar->index, index);
	return bar;
}

static void read_rebar(struct pci_dev *dev, unsigned at, struct arena *a, struct pci_function *f)
{
	const uint32_t control = pci_read_long(dev, (int)at + 4);
	const uint32_t can = pci_read_long(dev, (int)at) >> REBAR_SIZES_SHIFT;
	struct pci_bar *bar;
	unsigned top = 0;

	if (!can || (control & 7) >= N_BARS_MAX)
		return;
	bar = find_bar(f, a, control & 7);
	if (!bar)
		return;
	while (can >> top > 1)
		top++;
	set_if_unknown(&bar->max_kib, (MIB / KIB) << top);
	if ((control >> 8 & 0x3f) <= 31)
		set_if_unknown(&bar->size_kib, (MIB / KIB) << (control >> 8 & 0x3f));
}

static void read_rebars(struct pci_dev *dev, struct arena *a, struct pci_function *f)
{
	const struct pci_cap *cap =
		find_extended(dev, PCI_EXT_CAP_ID_REBAR, REBAR_FIRST + REBAR_STEP);
	unsigned n;

	if (!cap)
		return;
	n = pci_read_long(dev, (int)(cap->addr + REBAR_FIRST + 4)) >> 5 & 7;
	for (unsigned i = 0; i < n && i < N_BARS_MAX; i++) {
		const unsigned at = cap->addr + REBAR_FIRST + i * REBAR_STEP;

		if (at + REBAR_STEP <= ALL_BYTES)
			read_rebar(dev, at, a, f);
	}
}

void extended_read(struct pci_dev *dev, struct arena *a, struct pci_function *f)
{
	read_acs(dev, f);
	read_sriov(dev, f);
	if (f->link_width.known)
		read_l1_substates(dev, f);
	read_rebars(dev, a, f);
}
