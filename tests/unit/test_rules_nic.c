/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules of network cards: one case per verdict each can give. */
#include "tests/lib/devices.h"

static void test_applies(void **state)
{
	static const char *const ids[] = { "net.bridge", "net.model", "net.sriov-model",
					   "net.emulated-nic", "net.multiqueue" };
	struct host h;

	(void)state;
	host_blank(&h);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		check_row(&h, ids[i], VERDICT_NOT_APPLICABLE, "No guest is configured");
	set_str(&h.domain.source, "libvirt");
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		check_row(&h, ids[i], VERDICT_UNKNOWN, "domain.interfaces is not known");
	arena_release(&h.arena);
	host_with_guest(&h, 4);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		check_row(&h, ids[i], VERDICT_NOT_APPLICABLE, "no network card of its own");
	arena_release(&h.arena);
}

static void test_bridge(void **state)
{
	static const struct {
		const char *type, *source;
		enum verdict verdict;
	} cases[] = {
		{ "bridge", "br0", VERDICT_PASS },        { "direct", "eth0", VERDICT_PASS },
		{ "network", "lan", VERDICT_PASS },       { "hostdev", NULL, VERDICT_PASS },
		{ "network", "default", VERDICT_ADVICE }, { "bridge", "virbr0", VERDICT_ADVICE },
		{ "user", NULL, VERDICT_ADVICE },
	};
	struct net_interface *bridge;
	struct host h;
	struct finding f;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		host_with_guest(&h, 4);
		add_card(&h, cases[i].type, "virtio", cases[i].source);
		f = check_row(&h, "net.bridge", cases[i].verdict, NULL);
		if (f.verdict == VERDICT_ADVICE)
			check_has(f.fix.persist, "<source bridge='br0'/>");
		arena_release(&h.arena);
	}
	host_with_guest(&h, 4);
	add_card(&h, "bridge", "virtio", "br1");
	h.net.interfaces.known = true;
	f = check_row(&h, "net.bridge", VERDICT_PROBLEM, "network card 1 (br1) needs a bridge");
	assert_string_equal(f.fix.now, "sudo ip link add br1 type bridge");
	set_str(&h.domain.source, "file"); /* may be of another host */
	check_row(&h, "net.bridge", VERDICT_PASS, NULL);
	set_str(&h.domain.source, "libvirt");
	bridge = fact_add_item(&h.net.interfaces, &h.arena, sizeof(*bridge));
	assert_non_null(bridge);
	set_str(&bridge->name, "br1");
	check_row(&h, "net.bridge", VERDICT_PASS, NULL);
	arena_release(&h.arena);
}

static void test_model(void **state)
{
	struct domain_interface *card;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	card = add_card(&h, "bridge", "e1000e", "br0");
	check_row(&h, "net.model", VERDICT_NOT_APPLICABLE, "No network card is of model virtio");
	set_str(&card->model, "virtio");
	check_row(&h, "net.model", VERDICT_PASS, "1 network card is of model virtio");
	set_str(&card->model, "virtio-net-pci");
	f = check_row(&h, "net.model", VERDICT_ADVICE,
		      "Model 'virtio-net-pci' is not 'virtio' to libvirt: it does not use vhost");
	check_edits(&f, "devices/interface[1]/model@type=virtio");
	check_row(&h, "net.emulated-nic", VERDICT_PASS, NULL);
	fact_set_u64(&card->n_queues, 4);
	f = check_row(&h, "net.model", VERDICT_PROBLEM, "its 4 queues are ignored");
	check_edits(&f, "devices/interface[1]/model@type=virtio");
	check_row(&h, "net.multiqueue", VERDICT_NOT_APPLICABLE, NULL);
	set_str(&card->model, "virtio-non-transitional");
	check_row(&h, "net.model", VERDICT_PASS, NULL);
	arena_release(&h.arena);
}

static void test_vhost(void **state)
{
	struct domain_interface *card;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	card = add_card(&h, "bridge", "virtio", "br0");
	fact_set_bool(&h.net.has_vhost_net, false);
	f = check_row(&h, "net.model", VERDICT_ADVICE, "this host has no /dev/vhost-net");
	assert_string_equal(f.fix.now, "sudo modprobe vhost_net");
	fact_set_bool(&h.net.has_vhost_net, true);
	check_row(&h, "net.model", VERDICT_PASS, NULL);
	set_str(&card->driver, "qemu");
	f = check_row(&h, "net.model", VERDICT_ADVICE, "its driver is set to qemu");
	check_edits(&f, "devices/interface[1]/driver@name=vhost");
	/* QEMU's arguments tell. */
	card->driver.known = false;
	set_str(&h.domain.source, "argv");
	fact_set_bool(&card->has_vhost, false);
	f = check_row(&h, "net.model", VERDICT_ADVICE, "vhost=on is not among");
	check_has(f.fix.persist, "vhost=on in -netdev tap");
	fact_set_bool(&card->has_vhost, true);
	check_row(&h, "net.model", VERDICT_PASS, NULL);
	arena_release(&h.arena);
}

static void test_sriov_model(void **state)
{
	struct domain_interface *card;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	card = add_card(&h, "bridge", "virtio", "br0");
	check_row(&h, "net.sriov-model", VERDICT_NOT_APPLICABLE, "called sr-iov");
	set_str(&card->model, "sr-iov");
	f = check_row(&h, "net.sriov-model", VERDICT_PROBLEM,
		      "has the model 'sr-iov', and QEMU has no such device");
	check_has(f.fix.persist, "<interface type='hostdev' managed='yes'>");
	assert_string_equal(f.fix.change[CHANGE_XML], "devices/interface[1]/model@type=virtio");
	arena_release(&h.arena);
}

static void test_sriov(void **state)
{
	struct pci_function *p;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "net.sriov-detect", VERDICT_UNKNOWN, "pci.functions");
	p = fact_add_item(&h.pci.functions, &h.arena, sizeof(*p));
	assert_non_null(p);
	set_str(&p->address, "0000:02:00.0");
	fact_set_u64(&p->class_code, 0x020000);
	check_row(&h, "net.sriov-detect", VERDICT_NOT_APPLICABLE, "No network card");
	fact_set_u64(&p->n_total_vfs, 7);
	check_row(&h, "net.sriov-detect", VERDICT_PASS, "1 network card can do SR-IOV");
	arena_release(&h.arena);
}

static void test_emulated(void **state)
{
	static const struct {
		const char *type, *model;
		enum verdict verdict;
	} cases[] = {
		{ "network", "e1000e", VERDICT_ADVICE }, { "network", "e1000", VERDICT_ADVICE },
		{ "bridge", "rtl8139", VERDICT_ADVICE }, { "bridge", "virtio", VERDICT_PASS },
		{ "network", "vmxnet3", VERDICT_PASS },  { "hostdev", NULL, VERDICT_PASS },
		{ "network", NULL, VERDICT_UNKNOWN },
	};
	struct host h;
	struct finding f;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		host_with_guest(&h, 4);
		add_card(&h, "hostdev", NULL, NULL);
		add_card(&h, cases[i].type, cases[i].model, NULL);
		f = check_row(&h, "net.emulated-nic", cases[i].verdict, NULL);
		if (f.verdict == VERDICT_ADVICE) {
			check_has(f.summary, "1 of 2 network cards is emulated");
			check_edits(&f, "devices/interface[2]/model@type=virtio");
			check_has(f.fix.risk, "NetKVM");
		}
		arena_release(&h.arena);
	}
}

static void test_multiqueue(void **state)
{
	struct domain_interface *card;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 12);
	card = add_card(&h, "network", "virtio", "default");
	check_row(&h, "net.multiqueue", VERDICT_NOT_APPLICABLE, "several queues");
	fact_set_u64(&card->n_queues, 8);
	check_row(&h, "net.multiqueue", VERDICT_PASS, "no more than the 12 vCPUs");
	fact_set_u64(&card->n_queues, 16);
	f = check_row(&h, "net.multiqueue", VERDICT_ADVICE,
		      "network card 1 (default) has 16 queues for 12 vCPUs");
	check_edits(&f, "devices/interface[1]/driver@queues=8");
	set_str(&card->model, "e1000e");
	f = check_row(&h, "net.multiqueue", VERDICT_ADVICE, "which model 'e1000e' does not have");
	check_edits(&f, "-devices/interface[1]/driver@queues");
	h.domain.n_vcpus.known = false;
	check_row(&h, "net.multiqueue", VERDICT_UNKNOWN, "domain.n_vcpus");
	arena_release(&h.arena);
}

static void set_arp_filter(struct host *h, const char *value)
{
	struct setting_fact *s = fact_add_item(&h->kernel.sysctls, &h->arena, sizeof(*s));

	assert_non_null(s);
	set_str(&s->name, "net.ipv4.conf.all.arp_filter");
	set_str(&s->value, value);
}

static void test_arp_filter(void **state)
{
	static const struct {
		const char *value;
		enum verdict verdict;
		const char *piece;
	} cases[] = {
		{ NULL, VERDICT_UNKNOWN, "arp_filter is not known" },
		{ "0", VERDICT_ADVICE, "arp_filter is 0" },
		{ "1", VERDICT_PASS, "arp_filter is 1" },
	};
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "net.arp-filter", VERDICT_UNKNOWN, "net.has_shared_subnet");
	fact_set_bool(&h.net.has_shared_subnet, false);
	check_row(&h, "net.arp-filter", VERDICT_NOT_APPLICABLE, "No two network cards");
	arena_release(&h.arena);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		host_blank(&h);
		fact_set_bool(&h.net.has_shared_subnet, true);
		if (cases[i].value)
			set_arp_filter(&h, cases[i].value);
		f = check_row(&h, "net.arp-filter", cases[i].verdict, cases[i].piece);
		if (f.verdict == VERDICT_ADVICE)
			check_has(f.fix.now, "net.ipv4.conf.all.arp_filter=1");
		arena_release(&h.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_applies),     cmocka_unit_test(test_bridge),
		cmocka_unit_test(test_model),       cmocka_unit_test(test_vhost),
		cmocka_unit_test(test_sriov_model), cmocka_unit_test(test_sriov),
		cmocka_unit_test(test_emulated),    cmocka_unit_test(test_multiqueue),
		cmocka_unit_test(test_arp_filter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
