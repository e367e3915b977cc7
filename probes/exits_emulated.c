/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/exits_emulated.h"

#include <inttypes.h>
#include <string.h>

#include "core/timebase.h"
#include "probes/parse/cpuinfo.h"

#define LOOP_STEPS (1u << 18)
#define LOOP_TURNS 8

void exits_evidence_cpuinfo(struct exits_evidence *evidence, struct text cpuinfo)
{
	struct cpuinfo info;

	cpuinfo_parse(cpuinfo, &info);
	if (!info.flags.at)
		return;
	fact_set_bool(&evidence->has_vmx_or_svm,
		      cpuinfo_has_flag(&info, "vmx") || cpuinfo_has_flag(&info, "svm"));
	fact_set_bool(&evidence->has_hypervisor, cpuinfo_has_flag(&info, "hypervisor"));
}

int exits_evidence_modules(struct exits_evidence *evidence, struct arena *a, char *const *names,
			   size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strncmp(names[i], "kvm_", 4) != 0)
			continue;
		if (strcmp(names[i], "kvm_intel") == 0 || strcmp(names[i], "kvm_amd") == 0)
			continue;
		return fact_set_str(&evidence->module, a, names[i]);
	}
	return 0;
}

static int add_reason(struct arena *a, struct arena_text *why, const char *reason)
{
	return arena_text_add(a, why, "%s%s", why->len ? "; " : "", reason) ? 0 : -ENOMEM;
}

static bool is_slow(const struct exits_evidence *e)
{
	return e->guest_ps.known && e->host_ps.known &&
	       e->guest_ps.v / EXITS_EMULATED_TIMES > e->host_ps.v;
}

static int add_speed(const struct exits_evidence *e, struct arena *a, struct arena_text *why)
{
	const char *text = arena_printf(a,
					"a plain instruction takes %" PRIu64 ".%" PRIu64
					" ns in the guest and %" PRIu64 ".%" PRIu64 " ns outside",
					e->guest_ps.v / 1000, e->guest_ps.v % 1000 / 100,
					e->host_ps.v / 1000, e->host_ps.v % 1000 / 100);

	return text ? add_reason(a, why, text) : -ENOMEM;
}

static int add_flags(const struct exits_evidence *e, struct arena *a, struct arena_text *why)
{
	if (e->has_vmx_or_svm.known && !e->has_vmx_or_svm.v) {
		const char *text = arena_printf(
			a, "KVM runs guests though the processor offers neither vmx nor svm%s%s%s",
			e->module.known ? " (" : "", e->module.known ? e->module.v : "",
			e->module.known ? ")" : "");

		return text ? add_reason(a, why, text) : -ENOMEM;
	}
	if (e->has_hypervisor.known && e->has_hypervisor.v)
		return add_reason(a, why,
				  "this host is a guest itself (flag hypervisor): the hypervisor "
				  "below handles exits first");
	return 0;
}

int exits_evidence_judge(const struct exits_evidence *evidence, struct arena *a,
			 struct fact_bool *is_emulated, struct fact_str *why)
{
	const bool is_known = evidence->guest_ps.known && evidence->host_ps.known &&
			      evidence->has_vmx_or_svm.known;
	struct arena_text text = { 0 };
	int r = add_flags(evidence, a, &text);

	if (r == 0 && is_slow(evidence))
		r = add_speed(evidence, a, &text);
	if (r < 0)
		return r;
	if (text.len > 0 || is_known)
		fact_set_bool(is_emulated, text.len > 0);
	return text.len > 0 ? fact_set_str(why, a, text.v) : 0;
}

uint64_t exits_loop_ps(void)
{
	const struct timebase *time = timebase_monotonic();
	uint64_t least_ns = UINT64_MAX;

	for (unsigned turn = 0; turn < LOOP_TURNS; turn++) {
		uint64_t start_ns = timebase_now(time), steps = LOOP_STEPS;

#if defined(__x86_64__)
		__asm__ volatile("1: dec %0\n\tjnz 1b" : "+r"(steps)::"cc");
#endif
		least_ns = u64_min(least_ns, timebase_now(time) - start_ns);
	}
	return least_ns * 1000 / (2 * LOOP_STEPS);
}
