/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qemu_cpu.c - QEMU's -cpu: the model, features of the CPU, of KVM and of Hyper-V. */
#include <string.h>

#include "probes/parse/qemu_parts.h"

/*
 * Switches that are features by libvirt's names. Sources: QEMU, docs/system/i386/hyperv.rst and
 * "-cpu help"; libvirt, src/qemu/qemu_command.c (qemuBuildCpuCommandLine).
 */
static const struct {
	const char *property, *feature;
} features[] = {
	{ "hv-relaxed", "hyperv.relaxed" },
	{ "hv-vapic", "hyperv.vapic" },
	{ "hv-vpindex", "hyperv.vpindex" },
	{ "hv-runtime", "hyperv.runtime" },
	{ "hv-synic", "hyperv.synic" },
	{ "hv-stimer", "hyperv.stimer" },
	{ "hv-stimer-direct", "hyperv.stimer.direct" },
	{ "hv-reset", "hyperv.reset" },
	{ "hv-frequencies", "hyperv.frequencies" },
	{ "hv-reenlightenment", "hyperv.reenlightenment" },
	{ "hv-tlbflush", "hyperv.tlbflush" },
	{ "hv-tlbflush-direct", "hyperv.tlbflush.direct" },
	{ "hv-tlbflush-ext", "hyperv.tlbflush.extended" },
	{ "hv-ipi", "hyperv.ipi" },
	{ "hv-evmcs", "hyperv.evmcs" },
	{ "hv-avic", "hyperv.avic" },
	{ "hv-apicv", "hyperv.avic" },
	{ "hv-emsr-bitmap", "hyperv.emsr_bitmap" },
	{ "hv-xmm-input", "hyperv.xmm_input" },
	{ "hv-no-nonarch-coresharing", "hyperv.no_nonarch_coresharing" },
	{ "kvm-hint-dedicated", "kvm.hint-dedicated" },
	{ "kvm-poll-control", "kvm.poll-control" },
	{ "kvm-pv-ipi", "kvm.pv-ipi" },
	{ "kvm-pv-eoi", "apic.eoi" },
	{ "apic", "apic" },
	{ "pmu", "pmu" },
};

static int set_feature(struct qemu_reader *r, const char *name, const char *value)
{
	return qemu_set_setting(r, &r->facts->features, name, value);
}

static int read_hidden(struct qemu_reader *r, const char *value)
{
	const char *is_kvm = qemu_switch(value);

	return set_feature(r, "kvm.hidden", !is_kvm ? NULL : strcmp(is_kvm, "on") ? "on" : "off");
}

/* Hexadecimal, or decimal; -1 and 0xffffffff: never. */
static int read_spinlocks(struct qemu_reader *r, const char *value)
{
	const struct text t = text_of(value);
	const char *decimal;
	uint64_t retries;
	int e;

	if (text_equal(t, "-1") || text_equal(t, "never"))
		retries = UINT32_MAX;
	else if ((text_starts(t, "0x") ? text_hex(t, &retries) : text_u64(t, &retries)) < 0)
		return 0;
	decimal = arena_printf(r->arena, "%lu", (unsigned long)retries);
	if (!decimal)
		return -ENOMEM;
	e = set_feature(r, "hyperv.spinlocks", "on");
	return e < 0 ? e : set_feature(r, "hyperv.spinlocks.retries", decimal);
}

static int read_vendor_id(struct qemu_reader *r, const char *value)
{
	int e = set_feature(r, "hyperv.vendor_id", "on");

	return e < 0 ? e : set_feature(r, "hyperv.vendor_id.value", value);
}

static int read_passthrough(struct qemu_reader *r, const char *value)
{
	const char *state = qemu_switch(value);

	if (!state || strcmp(state, "on") != 0)
		return 0;
	return qemu_set_str(r, &r->facts->hyperv_mode, "passthrough");
}

static int set_timer(struct qemu_reader *r, const char *name, const char *value)
{
	const char *state = qemu_switch(value);
	struct domain_timer *timer;

	if (!state)
		return 0;
	timer = qemu_timer(r, name);
	if (!timer)
		return -ENOMEM;
	fact_set_bool(&timer->is_present, !strcmp(state, "on"));
	return 0;
}

static int read_hypervclock(struct qemu_reader *r, const char *value)
{
	return set_timer(r, "hypervclock", value);
}

static int read_kvmclock(struct qemu_reader *r, const char *value)
{
	return set_timer(r, "kvmclock", value);
}

/* libvirt tells the frequency in <timer name='tsc'>. */
static int read_tsc_frequency(struct qemu_reader *r, const char *value)
{
	(void)value;
	return qemu_timer(r, "tsc") ? 0 : -ENOMEM;
}

static int read_migratable(struct qemu_reader *r, const char *value)
{
	const char *state = qemu_switch(value);

	if (state)
		fact_set_bool(&r->facts->is_migratable, !strcmp(state, "on"));
	return 0;
}

/* Switches that are no features of a CPU; those of the cache are read together. */
static int pass_over(struct qemu_reader *r, const char *value)
{
	(void)r;
	(void)value;
	return 0;
}

static const struct {
	const char *property;
	int (*read)(struct qemu_reader *r, const char *value);
} others[] = {
	{ "kvm", read_hidden },
	{ "hv-spinlocks", read_spinlocks },
	{ "hv-vendor-id", read_vendor_id },
	{ "hv-passthrough", read_passthrough },
	{ "hv-time", read_hypervclock },
	{ "kvmclock", read_kvmclock },
	{ "tsc-frequency", read_tsc_frequency },
	{ "migratable", read_migratable },
	{ "host-cache-info", pass_over },
	{ "l3-cache", pass_over },
	{ "legacy-cache", pass_over },
	{ "check", pass_over },
	{ "enforce", pass_over },
	{ "host-phys-bits", pass_over },
	{ "fill-mtrr-mask", pass_over },
	{ "full-cpuid-auto-level", pass_over },
	{ "vmware-cpuid-freq", pass_over },
	{ "cpuid-0xb", pass_over },
	{ "tcg-cpuid", pass_over },
};

/* libvirt keeps the underscores that QEMU once had (qemu_capabilities.c, "TranslationTable"). */
static const char *libvirt_name(const char *name)
{
	static const char *const names[][2] = {
		{ "cmp-legacy", "cmp_legacy" },
		{ "ds-cpl", "ds_cpl" },
		{ "fxsr-opt", "fxsr_opt" },
		{ "kvm-pv-unhalt", "kvm_pv_unhalt" },
		{ "lahf-lm", "lahf_lm" },
		{ "nodeid-msr", "nodeid_msr" },
		{ "perfctr-core", "perfctr_core" },
		{ "perfctr-nb", "perfctr_nb" },
		{ "sse4-1", "sse4.1" },
		{ "sse4-2", "sse4.2" },
		{ "tsc-adjust", "tsc_adjust" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(name, names[i][0]))
			return names[i][1];
	}
	return name;
}

static bool is_cpu_feature(const char *name)
{
	static const char *const families[] = { "hv-", "kvm-", "x-" };

	if (!strcmp(name, "kvm-pv-unhalt"))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
		if (text_starts(text_of(name), families[i]))
			return false;
	}
	return *name;
}

static int read_property(struct qemu_reader *r, const char *name, const char *value)
{
	const char *state = qemu_switch(value);

	for (size_t i = 0; i < ARRAY_SIZE(features); i++) {
		if (!strcmp(name, features[i].property))
			return set_feature(r, features[i].feature, state ? state : value);
	}
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		if (!strcmp(name, others[i].property))
			return others[i].read(r, value);
	}
	if (!state || !is_cpu_feature(name))
		return 0;
	return qemu_set_setting(r, &r->facts->cpu_features, libvirt_name(name),
				strcmp(state, "on") ? "disable" : "require");
}

/* libvirt's names of the combinations: qemuBuildCpuCommandLine. */
static int read_cache(struct qemu_reader *r, const struct qemu_options *cpu)
{
	const char *mode = NULL;

	if (qemu_option_is_on(cpu, "host-cache-info"))
		mode = "passthrough";
	else if (qemu_option_is_on(cpu, "l3-cache"))
		mode = "emulate";
	else if (qemu_option_is_off(cpu, "l3-cache"))
		mode = "disable";
	return qemu_set_str(r, &r->facts->cpu_cache, mode);
}

/* Where none is named, every machine for x86 has the same old one (target/i386/cpu.h). */
static int read_model(struct qemu_reader *r, const char *model)
{
	const char *mode = "custom";
	int e;

	if (model && !strcmp(model, "host"))
		mode = "host-passthrough";
	else if (model && !strcmp(model, "max"))
		mode = "maximum";
	else if (!model && qemu_is_x86(r))
		model = fact_is(&r->facts->arch, "i686") ? "qemu32" : "qemu64";
	if (!model)
		return 0;
	e = qemu_set_str(r, &r->facts->cpu_mode, mode);
	return e < 0 || strcmp(mode, "custom") != 0 ? e
						    : qemu_set_str(r, &r->facts->cpu_model, model);
}

int qemu_read_cpu(struct qemu_reader *r)
{
	const struct qemu_entry *entry, *last = NULL;
	size_t at = 0;
	int e;

	/* The last one replaces the others. */
	while ((entry = qemu_next(r, "-cpu", &at)))
		last = entry;
	r->facts->cpu_features.known = true;
	if (!*r->program && !last)
		return 0;
	e = read_model(r, last && *last->kind ? last->kind : NULL);
	for (size_t i = 0; last && e == 0 && i < last->values.n; i++) {
		const char *key = last->values.v[i].key, *value = last->values.v[i].value;

		if (!strcmp(key, "name"))
			continue;
		if (*key == '+' || *key == '-')
			e = read_property(r, key + 1, *key == '+' ? "on" : "off");
		else
			e = read_property(r, key, value);
	}
	return e < 0 || !last ? e : read_cache(r, &last->values);
}
