/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/vfio_host.h"

static struct activity_irq moved;
static struct fact_pair count;

/* The line of the card fired n times in a second. */
static void set_irqs(struct vfio_host *v, uint64_t n)
{
	set_str(&moved.label, "131");
	set_u64(&moved.irq, 131);
	set_str(&moved.actions, "vfio-msi[0](0000:01:00.0)");
	count = (struct fact_pair){ 0, n };
	moved.counts = (struct fact_pairs){ true, 1, &count };
	v->h.activity.irqs = (struct fact_list){ true, 1, &moved };
	set_u64(&v->h.activity.window_ns, NS_PER_S);
	set_str(&v->h.guestref.kind, "qemu");
}

static void set_link(struct pci_function *f, uint64_t width, uint64_t mts)
{
	set_u64(&f->link_width, width);
	set_u64(&f->link_speed_mts, mts);
	set_u64(&f->max_link_width, 16);
	set_u64(&f->path_width, 16);
	set_u64(&f->path_speed_mts, 8000);
}

static void links_are_judged(void **state)
{
	static const char id[] = "pcie.link";
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	check_row(&v.h, id, VERDICT_UNKNOWN, "not known");
	set_link(&v.f[CARD], 16, 8000);
	check_row(&v.h, id, VERDICT_PASS, "links of 1 passed");
	/* An idle link is slow, and the host's own are not asked about. */
	set_link(&v.f[CARD], 16, 2500);
	set_link(&v.f[OTHER], 1, 2500);
	check_row(&v.h, id, VERDICT_PASS, NULL);
	set_link(&v.f[CARD], 4, 2500);
	f = check_row(&v.h, id, VERDICT_ADVICE, "link of 0000:01:00.0 is x4 where x16 is possible");
	assert_string_equal(f.items[0],
			    "0000:01:00.0: x4 at 2.5 GT/s, the way to it can do x16 at 8 GT/s");
	check_fix(&f, NULL, "lspci -vv -s 0000:01:00.0");
	/* A bridge on the way is narrower than the function's own link. */
	set_link(&v.f[CARD], 16, 2500);
	set_u64(&v.f[PORT].link_width, 8);
	check_row(&v.h, id, VERDICT_ADVICE, "is x8 where x16 is possible");
	v.f[CARD].path_width.v = 8;
	f = check_row(&v.h, id, VERDICT_PASS, NULL);
	assert_string_equal(f.items[1],
			    "0000:01:00.0 could do x16, its slot or a bridge above only x8");
	set_u64(&v.f[PORT].link_width, 0);
	v.f[CARD].link_width.v = v.f[CARD].path_width.v = 4;
	check_row(&v.h, id, VERDICT_ADVICE,
		  "is x4, the card can do x16: its slot has no more lanes.");
	v.f[CARD].path_width.known = false;
	check_row(&v.h, id, VERDICT_ADVICE, "or the link is bad");
	v.f[CARD].class_code.v = 0x020000;
	check_row(&v.h, id, VERDICT_PASS, NULL);
	vfio_host_release(&v);
}

static void speed_counts_under_load_only(void **state)
{
	static const char id[] = "pcie.link";
	struct vfio_host v;

	(void)state;
	vfio_host_init(&v);
	set_link(&v.f[CARD], 16, 2500);
	set_irqs(&v, 59);
	set_str(&v.f[CARD].runtime_status, "active");
	check_row(&v.h, id, VERDICT_PASS, NULL);
	set_irqs(&v, 144);
	check_row(&v.h, id, VERDICT_ADVICE,
		  "was at 2.5 GT/s while the device worked (144/s), and 8 GT/s is possible");
	v.f[CARD].runtime_status.v = "suspended";
	check_row(&v.h, id, VERDICT_PASS, NULL);
	vfio_host_release(&v);
}

static void sleeping_links(void **state)
{
	static const char id[] = "pcie.aspm";
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	check_row(&v.h, id, VERDICT_UNKNOWN, "not known");
	set_str(&v.f[CARD].aspm, "l1");
	check_row(&v.h, id, VERDICT_PASS, "deeper than L1.");
	set_bool(&v.f[CARD].has_l1_substates, true);
	f = check_row(&v.h, id, VERDICT_ADVICE, "1 of 1 links");
	check_fix(&f, "for d in 0000:01:00.0; do", "pcie_aspm.policy=performance");
	v.f[CARD].aspm.v = "off";
	check_row(&v.h, id, VERDICT_PASS, "or at all");
	vfio_host_release(&v);
}

static void windows_into_memory(void **state)
{
	static const char id[] = "pcie.rebar";
	struct pci_bar bar = { { true, 1 }, { true, 256 * 1024 }, { true, 8 * 1024 * 1024 } };
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	check_row(&v.h, id, VERDICT_UNKNOWN, "not known");
	v.f[CARD].bars = (struct fact_list){ true, 1, &bar };
	f = check_row(&v.h, id, VERDICT_ADVICE, "is 256 MiB, it could be 8192 MiB");
	check_fix(&f, "echo 13 | sudo tee /sys/bus/pci/devices/0000:01:00.0/resource1_resize",
		  "Re-Size BAR");
	bar.size_kib.v = bar.max_kib.v;
	check_row(&v.h, id, VERDICT_PASS, "No window");
	v.f[CARD].class_code.v = 0x020000;
	check_row(&v.h, id, VERDICT_NOT_APPLICABLE, "No graphics card");
	vfio_host_release(&v);
}

static void errors_are_counted(void **state)
{
	static const char id[] = "pcie.errors";
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	check_row(&v.h, id, VERDICT_UNKNOWN, "not counted");
	set_u64(&v.f[CARD].n_correctable, 3);
	set_u64(&v.f[OTHER].n_correctable, 9999);
	check_row(&v.h, id, VERDICT_PASS, "At most 3");
	set_u64(&v.f[PORT].n_correctable, 1234);
	f = check_row(&v.h, id, VERDICT_ADVICE,
		      "1234 corrected errors on the link of 0000:00:01.0");
	check_fix(&f, NULL, "/sys/bus/pci/devices/0000:00:01.0/aer_dev_correctable");
	vfio_host_set_log(&v, "pcie-aer", "0000:01:00.0", "uncorrected");
	check_row(&v.h, id, VERDICT_PROBLEM, "link of 0000:01:00.0 that could not be corrected");
	vfio_host_release(&v);
}

static void packets_are_small(void **state)
{
	static const char id[] = "pcie.mps";
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	check_row(&v.h, id, VERDICT_UNKNOWN, "not known");
	set_u64(&v.f[CARD].max_payload_bytes, 128);
	set_u64(&v.f[CARD].max_payload_supported_bytes, 256);
	check_row(&v.h, id, VERDICT_UNKNOWN, "not known");
	set_u64(&v.f[PORT].max_payload_supported_bytes, 128);
	check_row(&v.h, id, VERDICT_PASS, "as large as the way");
	set_u64(&v.f[PORT].max_payload_supported_bytes, 256);
	f = check_row(&v.h, id, VERDICT_ADVICE, "0000:01:00.0: 128 bytes, 256 possible");
	check_fix(&f, NULL, "pci=pcie_bus_perf");
	set_str(&v.h.kernel.cmdline, "pci=noaer");
	f = check_row(&v.h, id, VERDICT_ADVICE, NULL);
	check_fix(&f, NULL, "pci=noaer,pcie_bus_perf");
	vfio_host_release(&v);
}

static void without_functions_nothing_applies(void **state)
{
	static const char *const ids[] = { "pcie.link", "pcie.aspm", "pcie.rebar", "pcie.errors",
					   "pcie.mps" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		struct host h;

		host_blank(&h);
		check_row(&h, ids[i], VERDICT_NOT_APPLICABLE, "No PCI device");
		set_str(&h.kernel.cmdline, "vfio-pci.ids=10de:1b81");
		check_row(&h, ids[i], VERDICT_UNKNOWN, "pci.functions");
		arena_release(&h.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_are_judged),
		cmocka_unit_test(speed_counts_under_load_only),
		cmocka_unit_test(sleeping_links),
		cmocka_unit_test(windows_into_memory),
		cmocka_unit_test(errors_are_counted),
		cmocka_unit_test(packets_are_small),
		cmocka_unit_test(without_functions_nothing_applies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
