/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pci - the PCI functions: interrupts, links, resets, drivers, groups.
 *
 * From /sys/bus/pci, or from what `lspci -xxxx` printed: a tree without /sys/bus/pci may hold it as
 * /lspci.hex. Files are read before configuration spaces, because reading those may wake a
 * function.
 */
#include "facts/pci.h"

#include "probes/parse/choice.h"
#include "probes/pci_parts.h"

#define ASPM_POLICY "/sys/module/pcie_aspm/parameters/policy"

static int read_policy(struct probe_env *env, struct pci_facts *f)
{
	struct text text, word;
	int r = probe_read_text(env, &text, "aspm_policy", ASPM_POLICY);

	if (r < 0 || !text.at)
		return r;
	if (!choice_parse(text, &word))
		return probe_gap(env, "aspm_policy", ASPM_POLICY, -EBADMSG);
	return fact_set_text(&f->aspm_policy, env->arena, word);
}

static int measure(struct probe_env *env, void *facts)
{
	struct pci_facts *f = facts;
	const int r = functions_read(env, f);

	return r < 0 ? r : read_policy(env, f);
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "pci", measure);
}
