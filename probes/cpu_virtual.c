/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/cpu_virtual.h"

#include <string.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

/* Texts of the firmware of virtual machines; whole words, as real machines mention KVM switches. */
static const struct {
	const char *file, *text;
	bool is_prefix;
} firmware[] = {
	{ "product_name", "KVM", false },
	{ "product_name", "RHEV Hypervisor", false },
	{ "product_name", "Virtual Machine", false },
	{ "product_name", "HVM domU", false },
	{ "product_name", "Bochs", false },
	{ "product_name", "OpenStack ", true },
	{ "product_name", "Standard PC (", true },
	{ "product_name", "VMware", true },
	{ "product_name", "VirtualBox", false },
	{ "sys_vendor", "QEMU", false },
	{ "sys_vendor", "VMware", true },
	{ "sys_vendor", "innotek GmbH", false },
	{ "sys_vendor", "Xen", false },
};

static bool firmware_is_virtual(const struct sysroot *root)
{
	for (size_t i = 0; i < ARRAY_SIZE(firmware); i++) {
		auto_free char *line = NULL;
		struct text t;

		if (sysroot_read_line(root, &line, "/sys/class/dmi/id/%s", firmware[i].file) < 0)
			continue;
		t = text_of(line);
		if (firmware[i].is_prefix ? text_starts(t, firmware[i].text)
					  : text_equal(t, firmware[i].text))
			return true;
	}
	return false;
}

#if defined(__x86_64__)
/* The signature of leaf 0x40000000; only to be asked when the hypervisor flag is set.
 * Source: Documentation/virt/kvm/x86/cpuid.rst and the interface texts of the others. */
static int hypervisor_by_cpuid(struct probe_env *env, struct fact_str *f)
{
	static const struct {
		const char *signature, *name;
	} known[] = {
		{ "KVMKVMKVM", "KVM" },           { "Linux KVM Hv", "KVM" },
		{ "Microsoft Hv", "Hyper-V" },    { "VMwareVMware", "VMware" },
		{ "XenVMMXenVMM", "Xen" },        { "VBoxVBoxVBox", "VirtualBox" },
		{ "TCGTCGTCGTCG", "QEMU (TCG)" }, { "bhyve bhyve ", "bhyve" },
		{ "ACRNACRNACRN", "ACRN" },       { "prl hyperv  ", "Parallels" },
	};
	unsigned eax, words[3];
	char signature[sizeof(words) + 1] = { 0 };

	__cpuid(0x40000000, eax, words[0], words[1], words[2]);
	(void)eax;
	memcpy(signature, words, sizeof(words));
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (!strcmp(signature, known[i].signature))
			return fact_set_str(f, env->arena, known[i].name);
	}
	return fact_set_text(f, env->arena, text_trim(text_of(signature)));
}
#else
static int hypervisor_by_cpuid(struct probe_env *env, struct fact_str *f)
{
	(void)f;
	return probe_gap_words(env, "hypervisor", "", "only x86 names it");
}
#endif

int cpu_virtual_read(struct probe_env *env, struct cpu_facts *f, const struct cpuinfo *info)
{
	const bool has_flag = cpuinfo_has_flag(info, "hypervisor");
	auto_free char *type = NULL;
	const char *answer;

	/* Xen and s390 have the file, Xen's first domain too: it is above a hypervisor as well. */
	if (sysroot_read_line(env->root, &type, "/sys/hypervisor/type") < 0)
		type = NULL;
	if (!has_flag && !type && !firmware_is_virtual(env->root)) {
		if (!info->flags.at)
			return probe_gap_words(env, "is_virtual", "/proc/cpuinfo",
					       "no CPU flags, and nothing else tells");
		fact_set_bool(&f->is_virtual, false);
		return 0;
	}
	fact_set_bool(&f->is_virtual, true);
	if (type)
		return fact_set_str(&f->hypervisor, env->arena,
				    text_equal(text_of(type), "xen") ? "Xen" : type);
	if (env->root->is_live && has_flag)
		return hypervisor_by_cpuid(env, &f->hypervisor);
	answer = probe_answer(env, "cpu.hypervisor");
	if (answer)
		return fact_set_str(&f->hypervisor, env->arena, answer);
	return probe_gap_words(env, "hypervisor", "",
			       "told by CPUID, which no captured tree holds");
}
