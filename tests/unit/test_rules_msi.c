/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/vfio_host.h"

struct lines { /* of /proc/interrupts, and what moved in the run */
	struct irq_line line[2];
	struct activity_irq moved[2];
	struct fact_pair since_boot[2], in_run[2];
};

static void set_line(struct lines *l, size_t i, uint64_t irq, const char *actions, uint64_t n)
{
	static const char *const labels[] = { "16", "17" };

	set_str(&l->line[i].label, labels[i]);
	set_u64(&l->line[i].irq, irq);
	set_str(&l->line[i].actions, actions);
	l->since_boot[i] = (struct fact_pair){ 0, n };
	l->line[i].counts = (struct fact_pairs){ true, n ? 1 : 0, &l->since_boot[i] };
}

static void set_lines(struct vfio_host *v, struct lines *l, const char *card, uint64_t n_card,
		      const char *sound, uint64_t n_sound)
{
	memset(l, 0, sizeof(*l));
	set_line(l, 0, 16, card, n_card);
	set_line(l, 1, 17, sound, n_sound);
	v->h.irq.lines = (struct fact_list){ true, 2, l->line };
}

/* A second in which line i fired n times. */
static void set_run(struct vfio_host *v, struct lines *l, size_t i, uint64_t n)
{
	l->moved[i].label = l->line[i].label;
	l->moved[i].irq = l->line[i].irq;
	l->moved[i].actions = l->line[i].actions;
	l->in_run[i] = (struct fact_pair){ 0, n };
	l->moved[i].counts = (struct fact_pairs){ true, 1, &l->in_run[i] };
	v->h.activity.irqs = (struct fact_list){ true, 2, l->moved };
	set_u64(&v->h.activity.window_ns, NS_PER_S);
}

static void set_capabilities(struct pci_function *f, bool has_msi)
{
	set_bool(&f->has_msi, has_msi);
	set_bool(&f->has_msix, false);
}

#define CARD_MSI   "vfio-msi[0](0000:01:00.0)"
#define SOUND_MSI  "vfio-msi[0](0000:01:00.1)"
#define SOUND_INTX "vfio-intx(0000:01:00.1)"

static void lines_and_messages(void **state)
{
	static const char *const ids[] = { "msi.enabled", "msi.audio-claim" };
	struct vfio_host v;
	struct finding f;
	struct lines l;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		vfio_host_init(&v);
		check_row(&v.h, ids[i], VERDICT_NOT_APPLICABLE, "Needs a running guest");
		set_lines(&v, &l, CARD_MSI, 100, SOUND_MSI, 100);
		check_row(&v.h, ids[i], VERDICT_PASS, "none that could uses a line");
		set_lines(&v, &l, CARD_MSI, 100, SOUND_INTX, 0);
		set_capabilities(&v.f[SOUND], true);
		check_row(&v.h, ids[i], i ? VERDICT_UNKNOWN : VERDICT_PASS, NULL);
		set_lines(&v, &l, CARD_MSI, 100, SOUND_INTX, 4711);
		f = check_row(&v.h, ids[i], VERDICT_ADVICE, "over a line, 0000:01:00.1 first");
		assert_int_equal(f.confidence, CONFIDENCE_CONFIGURED);
		assert_string_equal(f.items[0], "0000:01:00.1: IRQ 17, 4711 since boot");
		check_fix(&f, NULL,
			  "PCI\\VEN_10DE&DEV_10F0*\\*' | ForEach-Object { $k = "
			  "\"$($_.PSPath)\\Device Parameters");
		assert_null(strstr(f.fix.persist, "DEV_1B81"));
		set_str(&v.h.domain.guest_os, "linux");
		f = check_row(&v.h, ids[i], VERDICT_ADVICE, NULL);
		check_fix(&f, NULL, "snd_hda_intel enable_msi=1");
		set_run(&v, &l, 1, 380);
		f = check_row(&v.h, ids[i], VERDICT_ADVICE, "0000:01:00.1 up to 380/s");
		assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
		v.f[SOUND].has_msi.known = false;
		check_row(&v.h, ids[i], VERDICT_UNKNOWN, "not read as root");
		vfio_host_release(&v);
	}
}

static void nothing_is_said_of_what_cannot(void **state)
{
	struct vfio_host v;
	struct lines l;

	(void)state;
	vfio_host_init(&v);
	set_lines(&v, &l, "vfio-intx(0000:01:00.0)", 50, SOUND_INTX, 50);
	set_capabilities(&v.f[CARD], false);
	set_capabilities(&v.f[SOUND], false);
	check_row(&v.h, "msi.enabled", VERDICT_NOT_APPLICABLE, "leave them as they are");
	check_row(&v.h, "msi.audio-claim", VERDICT_NOT_APPLICABLE, "leave them as they are");
	/* Counts of a shared line are not its own. */
	set_capabilities(&v.f[SOUND], true);
	set_lines(&v, &l, CARD_MSI, 50, "ehci_hcd:usb1, " SOUND_INTX, 50);
	check_row(&v.h, "msi.enabled", VERDICT_PASS, NULL);
	v.f[SOUND].class_code.v = 0x0c0330;
	check_row(&v.h, "msi.audio-claim", VERDICT_NOT_APPLICABLE, "No sound function");
	v.h.pci.functions.known = false;
	check_row(&v.h, "msi.enabled", VERDICT_UNKNOWN, "pci.functions");
	vfio_host_release(&v);
}

static void what_supports_messages_is_listed(void **state)
{
	static const char id[] = "msi.unsupported-danger";
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	set_capabilities(&v.f[CARD], true);
	check_row(&v.h, id, VERDICT_UNKNOWN, "Of 1 of 2");
	set_capabilities(&v.f[SOUND], false);
	f = check_row(&v.h, id, VERDICT_PASS,
		      "1 of 2 passed-through functions have messages; "
		      "never switch them on for 0000:01:00.1.");
	assert_string_equal(f.items[0], "0000:01:00.0: MSI");
	assert_string_equal(f.items[1], "0000:01:00.1: neither MSI nor MSI-X");
	v.f[SOUND].has_msix.v = true;
	check_row(&v.h, id, VERDICT_PASS, "All 2");
	for (size_t i = 0; i < N_FUNCTIONS; i++)
		set_driver(&v.f[i], NULL);
	check_row(&v.h, id, VERDICT_NOT_APPLICABLE, "No PCI device");
	vfio_host_release(&v);
}

static void posted_interrupts(void **state)
{
	static const char id[] = "irq.posted";
	struct vfio_host v;
	struct finding f;
	struct lines l;

	(void)state;
	vfio_host_init(&v);
	check_row(&v.h, id, VERDICT_NOT_APPLICABLE, "Needs a running guest");
	set_lines(&v, &l, CARD_MSI, 1, "Posted-interrupt notification event", 1);
	check_row(&v.h, id, VERDICT_UNKNOWN, "Only a run");
	set_bool(&v.h.run.is_audit, true);
	check_row(&v.h, id, VERDICT_NOT_APPLICABLE, "Only a run");
	set_run(&v, &l, 1, 500);
	check_row(&v.h, id, VERDICT_UNKNOWN, "No posted interrupt");
	set_str(&l.moved[1].label, "PIN");
	f = check_row(&v.h, id, VERDICT_PASS, "posted: 500/s");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	vfio_host_set_param(&v, "kvm_intel.enable_apicv", "N");
	check_row(&v.h, id, VERDICT_PASS, NULL);
	set_str(&v.h.kernel.cmdline, "kvm_intel.enable_apicv=0");
	f = check_row(&v.h, id, VERDICT_ADVICE, "kvm_intel.enable_apicv=0 switches");
	check_fix(&f, NULL, "remove kvm_intel.enable_apicv=0");
	vfio_host_release(&v);
}

static void lines_shared_with_the_host(void **state)
{
	static const char id[] = "irq.shared-intx";
	struct vfio_host v;
	struct finding f;
	struct lines l;

	(void)state;
	vfio_host_init(&v);
	check_row(&v.h, id, VERDICT_UNKNOWN, "irq.lines");
	set_lines(&v, &l, CARD_MSI, 1, SOUND_MSI, 1);
	check_row(&v.h, id, VERDICT_NOT_APPLICABLE, "has an interrupt line");
	set_lines(&v, &l, CARD_MSI, 1, SOUND_INTX, 1);
	check_row(&v.h, id, VERDICT_PASS, "The 1 interrupt line");
	set_lines(&v, &l, CARD_MSI, 1, "ehci_hcd:usb1, " SOUND_INTX, 10);
	set_capabilities(&v.f[SOUND], true);
	f = check_row(&v.h, id, VERDICT_ADVICE, "1 interrupt line of passed-through devices is");
	check_fix(&f, NULL, "DEV_10F0");
	assert_string_equal(f.items[0], "IRQ 17: ehci_hcd:usb1, " SOUND_INTX
					" beside ehci_hcd:usb1 of the host");
	set_run(&v, &l, 1, 25);
	f = check_row(&v.h, id, VERDICT_PROBLEM, "of the host, 25/s");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	v.h.activity.window_ns.known = false;
	vfio_host_set_log(&v, "irq-nobody-cared", "irq17", NULL);
	check_row(&v.h, id, VERDICT_PROBLEM, "the kernel has switched one off");
	v.h.irq.lines.known = false;
	vfio_host_set_log(&v, "irq-mismatch", "0000:01:00.0", "16");
	check_row(&v.h, id, VERDICT_UNKNOWN, "irq.lines");
	set_str(&v.event.text, "genirq: Flags mismatch irq 16. 00000000 (vfio-intx(0000:01:00.0))");
	f = check_row(&v.h, id, VERDICT_PROBLEM, "did not get it: genirq: Flags mismatch irq 16");
	check_fix(&f, NULL, "another slot");
	vfio_host_release(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_and_messages),
		cmocka_unit_test(nothing_is_said_of_what_cannot),
		cmocka_unit_test(what_supports_messages_is_listed),
		cmocka_unit_test(posted_interrupts),
		cmocka_unit_test(lines_shared_with_the_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
