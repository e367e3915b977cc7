/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/exit_kind.h"

#include <string.h>

static const struct {
	uint64_t number;
	const char *name;
} vectors[] = {
	{ 0xf0, "posted_intr_nested" },
	{ 0xf1, "posted_intr_wakeup" },
	{ 0xf2, "posted_intr" },
	{ 0xf4, "deferred_error_apic" },
	{ 0xf6, "irq_work" },
	{ 0xf7, "x86_platform_ipi" },
	{ 0xf8, "reboot" },
	{ 0xf9, "threshold_apic" },
	{ 0xfa, "thermal_apic" },
	{ 0xfb, "call_function_single" },
	{ 0xfc, "call_function" },
	{ 0xfd, "reschedule" },
	{ 0xfe, "error_apic" },
	{ 0xec, "local_timer" },
	{ 0xff, "spurious_apic" },
};

static const struct {
	const char *vmx, *svm;
	enum exit_kind kind;
} kinds[] = {
	{ "EXTERNAL_INTERRUPT", "interrupt", EXIT_INTERRUPT },
	{ "EXCEPTION_NMI", "nmi", EXIT_NMI },
	{ "IO_INSTRUCTION", "io", EXIT_PORT },
	{ "HLT", "hlt", EXIT_HALT },
	{ "MWAIT_INSTRUCTION", "mwait", EXIT_HALT },
	{ "HLT", "idle-halt", EXIT_HALT },
};

enum exit_kind exit_kind_of(const char *name)
{
	for (size_t i = 0; name && i < ARRAY_SIZE(kinds); i++) {
		if (!strcmp(name, kinds[i].vmx) || !strcmp(name, kinds[i].svm))
			return kinds[i].kind;
	}
	return EXIT_OTHER;
}

const char *exit_vector_name(uint64_t vector)
{
	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
		if (vectors[i].number == vector)
			return vectors[i].name;
	}
	return NULL;
}
