/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Enlightenments beyond the guide: each verdict, its sentence, and that its fix mends it. */
#include "tests/lib/guest_words.h"

#define P    VERDICT_PROBLEM
#define A    VERDICT_ADVICE
#define U    VERDICT_UNKNOWN
#define OK   VERDICT_PASS
#define NA   VERDICT_NOT_APPLICABLE
#define NONE N_VERDICTS

#define TIMERS "stimer synic vpindex hypervclock "
#define NESTED "cpu_mode=host-passthrough param:kvm_intel.nested=Y "

static const struct word_case cases[] = {
	{ "xml.hv-ipi", "linux vcpus=8", NA, "but Linux", NULL, NONE },
	{ "xml.hv-ipi", "windows", U, "domain.n_vcpus is not known", NULL, NONE },
	{ "xml.hv-ipi", "windows vcpus=2", NA, "With 2 vCPUs there is no group", NULL, NONE },
	{ "xml.hv-ipi", "windows vcpus=8", A, "Windows with 8 vCPUs runs without <ipi>",
	  "<vpindex state='on'/>\n    <ipi state='on'/>", OK },
	{ "xml.hv-ipi", "windows vcpus=8 libvirt=4.9.0", A, "without <ipi>",
	  "after an update to libvirt 4.10.0 or newer", NONE },
	{ "xml.hv-ipi", "windows vcpus=8 param:kvm_amd.avic=Y", NA, "between the 8 vCPUs", NULL,
	  NONE },
	{ "xml.hv-ipi", "windows vcpus=8 param:kvm_intel.enable_ipiv=Y", NA, "between the 8", NULL,
	  NONE },
	{ "xml.hv-ipi", "windows vcpus=8 ipi", P, "on without vpindex", NULL, OK },
	{ "xml.hv-ipi", "windows vcpus=8 ipi vpindex", OK, "on for 8 vCPUs", NULL, NONE },
	{ "xml.hv-ipi", "windows vcpus=8 mode=passthrough", OK, "all enlightenments", NULL, NONE },
	{ "xml.hv-evmcs", "windows", NA, "on Intel, gains", NULL, NONE },
	{ "xml.hv-evmcs", "windows mode=passthrough", NA, "on Intel, gains", NULL, NONE },
	{ "xml.hv-evmcs", "windows evmcs vapic vendor=AuthenticAMD", P, "CPU is AMD's",
	  "without <evmcs>", NA },
	{ "xml.hv-evmcs", "windows evmcs vendor=GenuineIntel", P, "on without vapic",
	  "<vapic state='on'/>", OK },
	{ "xml.hv-evmcs", "windows evmcs vapic vendor=GenuineIntel", OK, "for a Hyper-V inside",
	  NULL, NONE },
	{ "xml.hv-evmcs", "windows evmcs vapic", U, "is not known", NULL, NONE },
	{ "xml.hv-stimer-direct", "windows", NA, "no synthetic timers", NULL, NONE },
	{ "xml.hv-stimer-direct", "windows " TIMERS, NA, "none is known to be possible", NULL,
	  NONE },
	{ "xml.hv-stimer-direct", "windows " TIMERS NESTED, A, "without <direct>",
	  "<direct state='on'/>", OK },
	{ "xml.hv-stimer-direct", "windows " TIMERS NESTED "libvirt=5.6.0", A, "without <direct>",
	  "libvirt 5.7.0 or newer", NONE },
	{ "xml.hv-stimer-direct", "windows " TIMERS "param:kvm_amd.nested=1 cpu:svm=require", A,
	  "without <direct>", NULL, OK },
	{ "xml.hv-stimer-direct", "windows " TIMERS NESTED "cpu:vmx=disable", NA,
	  "none is known to be possible", NULL, NONE },
	{ "xml.hv-stimer-direct", "windows " TIMERS "stimer.direct", OK, "interrupt directly", NULL,
	  NONE },
	{ "xml.hv-stimer-direct", "windows mode=passthrough", OK, "all enlightenments", NULL,
	  NONE },
	{ "xml.hv-avic", "windows", NA, "see hv.synic", NULL, NONE },
	{ "xml.hv-avic", "windows avic", U, "not known", NULL, NONE },
	{ "xml.hv-avic", "windows avic param:kvm_amd.avic=N", A, "neither APICv nor AVIC",
	  "without <avic>", NA },
	{ "xml.hv-avic", "windows avic param:kvm_amd.avic=Y", OK, "KVM uses AVIC", NULL, NONE },
	{ "xml.hv-avic", "windows avic param:kvm_intel.enable_apicv=Y", OK, "KVM uses APICv", NULL,
	  NONE },
	{ "xml.hv-newer", "windows", NA, "tlbflush and ipi, are off", NULL, NONE },
	{ "xml.hv-newer", "windows tlbflush", NA, "are not known", NULL, NONE },
	{ "xml.hv-newer", "windows tlbflush libvirt=9.0.0", NA, "libvirt is 9.0.0", NULL, NONE },
	{ "xml.hv-newer", "windows tlbflush libvirt=10.7.0", A, "without <xmm_input>",
	  "<xmm_input state='on'/>", OK },
	{ "xml.hv-newer", "windows ipi manager=plain qemu=8.2.0", A, "without <xmm_input>",
	  ",hv-xmm-input=on", NONE },
	{ "xml.hv-newer", "windows tlbflush xmm_input", OK, "<xmm_input> is on", NULL, NONE },
	{ "xml.hv-newer", "windows mode=passthrough", OK, "all enlightenments", NULL, NONE },
	{ "xml.hv-passthrough", "windows", OK, "a list of its own", NULL, NONE },
	{ "xml.hv-passthrough", "windows mode=host-model", OK, "a list of its own", NULL, NONE },
	{ "xml.hv-passthrough", "windows mode=passthrough", A, "whatever enlightenments",
	  "<hyperv mode='custom'>", OK },
	{ "xml.hv-passthrough", "windows mode=passthrough manager=plain", A, "whatever",
	  "in place of hv-passthrough: hv-time=on,hv-relaxed=on", NONE },
	{ "xml.hv-nonarch", "windows", NA, "told nothing", NULL, NONE },
	{ "xml.hv-nonarch", "windows no_nonarch_coresharing=auto", NA, "told nothing", NULL, NONE },
	{ "xml.hv-nonarch", "windows no_nonarch_coresharing", A, "they are not pinned", NULL,
	  NONE },
	{ "xml.hv-nonarch", "windows no_nonarch_coresharing pinned=2", OK, "a CPU of its own", NULL,
	  NONE },
	{ "guest.vbs", "windows", NA, "msinfo32", NULL, NONE },
	{ "guest.vbs", "windows param:kvm_intel.nested=Y", NA, "msinfo32", NULL, NONE },
	{ "guest.vbs", "windows param:kvm_intel.nested=N", OK, "kvm_intel.nested is off", NULL,
	  NONE },
	{ "guest.vbs", "windows param:kvm_amd.nested=0", OK, "kvm_amd.nested is off", NULL, NONE },
	{ "guest.vbs", "windows param:kvm_amd.nested=1 cpu:svm=disable", OK, "CPU feature is off",
	  NULL, NONE },
	{ "guest.vbs", "unknown", U, "guest_os", NULL, NONE },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_word_case(&cases[i]);
}

/* After the list that takes the place of passthrough, none of the guide's rows asks for more. */
static void test_custom_is_complete(void **state)
{
	static const char *const ids[] = { "hv.relaxed",   "hv.vapic",       "hv.vpindex",
					   "hv.runtime",   "hv.synic",       "hv.stimer",
					   "hv.tlbflush",  "hv.frequencies", "clock.hypervclock",
					   "hv.spinlocks", "xml.hv-ipi" };
	static const char *const hosts[] = { "windows vcpus=4 mode=passthrough",
					     "windows pinned=4 mode=passthrough spinlocks "
					     "spinlocks.retries=8191",
					     "windows vcpus=4 mode=passthrough spinlocks "
					     "spinlocks.retries=8191",
					     "windows vcpus=4 mode=passthrough "
					     "param:kvm_intel.enable_apicv=Y" };
	struct host h;
	struct finding f;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
		guest_of_words(&h, hosts[i]);
		f = check_row(&h, "xml.hv-passthrough", VERDICT_ADVICE, NULL);
		type_fix(&h, &f);
		for (size_t k = 0; k < ARRAY_SIZE(ids); k++)
			check_row(&h, ids[k], VERDICT_PASS, NULL);
		arena_release(&h.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_custom_is_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
