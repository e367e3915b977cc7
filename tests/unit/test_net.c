/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TEST_SOURCES: tests/lib/tree.c probes/net_interfaces.c probes/net_kind.c probes/net_names.c
 * TEST_SOURCES: probes/net_queues.c probes/net_subnets.c probes/tally.c
 */
#include "probes/net_parts.h"
#include "tests/lib/probe_env.h"

#define NET "sys/class/net/"

static struct net_facts read_tree(struct probe_fixture *x, const struct tree *tree)
{
	struct net_facts f = { 0 };

	probe_fixture_init(x, tree, "net");
	assert_int_equal(net_read_interfaces(&x->env, &f), 0);
	assert_int_equal(net_read_subnets(&x->env, &f), 0);
	return f;
}

static const struct net_interface *find(const struct net_facts *f, const char *name)
{
	const struct net_interface *list = f->interfaces.v;

	for (size_t i = 0; i < f->interfaces.n; i++) {
		if (fact_is(&list[i].name, name))
			return &list[i];
	}
	fail_msg("no interface %s", name);
	return NULL;
}

struct file {
	const char *path, *text;
};

static void make(const struct tree *tree, const struct file *files, size_t n)
{
	for (size_t i = 0; i < n; i++)
		tree_file(tree, files[i].path, files[i].text);
}

static void test_kinds(void **state)
{
	static const struct file files[] = {
		{ NET "lo/uevent", "INTERFACE=lo\n" },
		{ NET "bonding_masters", "bond0\n" },
		{ NET "br0/uevent", "DEVTYPE=bridge\nINTERFACE=br0\n" },
		{ NET "virbr0/bridge/bridge_id", "8000\n" },
		{ NET "bond0/uevent", "DEVTYPE=bond\n" },
		{ NET "eth0.5/uevent", "DEVTYPE=vlan\n" },
		{ NET "wlan0/phy80211/index", "0\n" },
		{ NET "vnet0/tun_flags", "0x5102\n" },
		{ NET "tun0/tun_flags", "0x1001\n" },
		{ NET "macvtap0/macvtap/tap5/dev", "1:2\n" },
		{ NET "veth1/uevent", "INTERFACE=veth1\n" },
		{ NET "veth1/ifindex", "7\n" },
		{ NET "veth1/iflink", "6\n" },
		{ NET "veth1/type", "1\n" },
		{ NET "ipvl0/uevent", "INTERFACE=ipvl0\n" },
		{ NET "ipvl0/ifindex", "8\n" },
		{ NET "ipvl0/iflink", "2\n" },
		{ NET "ipvl0/type", "1\n" },
		{ NET "ipvl0/lower_eth0", "" },
		{ NET "dummy0/uevent", "INTERFACE=dummy0\n" },
		{ NET "dummy0/ifindex", "9\n" },
		{ NET "dummy0/iflink", "9\n" },
		{ NET "dummy0/type", "1\n" },
		{ NET "usb0/device/uevent", "DRIVER=cdc_ether\n" },
		{ NET "who/mtu", "1500\n" },
	};
	static const struct {
		const char *name, *kind;
	} kinds[] = { { "br0", "bridge" },    { "virbr0", "bridge" },    { "bond0", "bond" },
		      { "eth0.5", "vlan" },   { "wlan0", "wireless" },   { "vnet0", "tap" },
		      { "tun0", "virtual" },  { "macvtap0", "macvtap" }, { "veth1", "veth" },
		      { "ipvl0", "virtual" }, { "dummy0", "virtual" },   { "usb0", "physical" } };
	struct probe_fixture x;
	struct net_facts f;

	make(*state, files, ARRAY_SIZE(files));
	f = read_tree(&x, *state);
	assert_int_equal(f.interfaces.n, ARRAY_SIZE(kinds) + 1);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct net_interface *one = find(&f, kinds[i].name);

		if (!fact_is(&one->kind, kinds[i].kind))
			fail_msg("%s is '%s'", kinds[i].name, one->kind.v);
	}
	/* No mark was captured: not known, rather than "virtual". */
	assert_false(find(&f, "who")->kind.known);
	assert_int_equal(n_gaps(&x, "net.interfaces.kind"), 1);
	probe_fixture_release(&x);
}

static void make_card(const struct tree *tree)
{
	static const struct file files[] = {
#define CARD "sys/devices/pci0000:00/0000:00:1c.0/0000:03:00.0/"
		{ CARD "net/enp3s0/uevent", "INTERFACE=enp3s0\n" },
		{ CARD "net/enp3s0/mtu", "9000\n" },
		{ CARD "net/enp3s0/carrier", "1\n" },
		{ CARD "net/enp3s0/queues/rx-0/rps_cpus", "00000000,00000003\n" },
		{ CARD "net/enp3s0/queues/rx-1/rps_cpus", "0000000c\n" },
		{ CARD "net/enp3s0/queues/tx-0/xps_cpus", "f0\n" },
#undef CARD
	};

	make(tree, files, ARRAY_SIZE(files));
	tree_link(tree, "../../../0000:03:00.0",
		  "sys/devices/pci0000:00/0000:00:1c.0/0000:03:00.0/"
		  "net/enp3s0/device");
	tree_link(tree, "../../../../bus/pci/drivers/igb",
		  "sys/devices/pci0000:00/0000:00:1c.0/0000:03:00.0/driver");
	tree_link(tree, "../../../../../virtual/net/br0",
		  "sys/devices/pci0000:00/0000:00:1c.0/0000:03:00.0/net/enp3s0/master");
	tree_link(tree, "../../devices/pci0000:00/0000:00:1c.0/0000:03:00.0/net/enp3s0",
		  NET "enp3s0");
	tree_file(tree, NET "br0/uevent", "DEVTYPE=bridge\n");
}

static void test_card(void **state)
{
	const struct net_interface *card;
	struct probe_fixture x;
	struct net_facts f;

	make_card(*state);
	f = read_tree(&x, *state);
	card = find(&f, "enp3s0");
	assert_true(fact_is(&card->kind, "physical"));
	assert_true(fact_is(&card->driver, "igb"));
	assert_true(fact_is(&card->device, "0000:03:00.0"));
	assert_true(fact_is(&card->master, "br0"));
	assert_true(card->is_up.known && card->is_up.v);
	assert_int_equal(card->mtu_bytes.v, 9000);
	assert_int_equal(card->n_rx_queues.v, 2);
	check_list(&card->rps_cpus, "0-3");
	check_list(&card->xps_cpus, "4-7");
	/* The bridge lacks what a capture should hold. */
	assert_int_equal(n_gaps(&x, "net.interfaces.mtu_bytes"), 1);
	assert_int_equal(n_gaps(&x, "net.interfaces.is_up"), 1);
	assert_int_equal(n_gaps(&x, "net.interfaces.n_rx_queues"), 1);
	probe_fixture_release(&x);
}

/* A card at USB is not the function that the controller is. */
static void test_usb(void **state)
{
	struct probe_fixture x;
	struct net_facts f;

	tree_file(*state, "sys/devices/pci0000:00/0000:00:14.0/usb1/1-1/net/eth1/mtu", "1500\n");
	tree_link(*state, "../../devices/pci0000:00/0000:00:14.0/usb1/1-1/net/eth1", NET "eth1");
	tree_file(*state, "sys/devices/pci0000:00/0000:00:03.0/virtio2/net/eth0/mtu", "1500\n");
	tree_link(*state, "../../devices/pci0000:00/0000:00:03.0/virtio2/net/eth0", NET "eth0");
	f = read_tree(&x, *state);
	assert_false(find(&f, "eth1")->device.known);
	assert_true(fact_is(&find(&f, "eth0")->device, "0000:00:03.0"));
	probe_fixture_release(&x);
}

static void test_names(void **state)
{
	char *const names[] = { (char[]){ "enp3s0" },
				(char[]){ "enx00005e005301" },
				(char[]){ "enx00005e005302.7" },
				(char[]){ "enx00005e00530" },
				(char[]){ "wlx00005E005303" },
				(char[]){ "docker0" } };
	static const char *const shown[] = { "enp3s0",         "enx-1", "enx-2.7",
					     "enx00005e00530", "wlx-3", "docker0" };
	auto_arena struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_string_equal(net_name(&arena, names, ARRAY_SIZE(names), i), shown[i]);
}

/* The address is not in the name, the master, or a gap. */
static void test_no_addresses(void **state)
{
	struct probe_fixture x;
	struct net_facts f;

	tree_dir(*state, NET "enx00005e005301");
	tree_dir(*state, NET "vnet0");
	tree_link(*state, "../enx00005e005301", NET "vnet0/master");
	f = read_tree(&x, *state);
	assert_true(fact_is(&find(&f, "vnet0")->master, "enx-1"));
	(void)find(&f, "enx-1");
	for (const struct gap *g = x.env.gaps; g; g = g->next)
		assert_null(strstr(g->path, "5e0053"));
	probe_fixture_release(&x);
}

#define ROUTES "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\n"

static void test_subnets(void **state)
{
	static const struct {
		const char *routes;
		bool is_shared;
	} cases[] = {
		{ ROUTES "eth0 0001A8C0 00000000 0001 0 0 0 00FFFFFF 0\n"
			 "eth1 0001A8C0 00000000 0001 0 0 0 00FFFFFF 0\n",
		  true },
		{ ROUTES "eth0 0001A8C0 00000000 0001 0 0 0 00FFFFFF 0\n"
			 "eth1 0002A8C0 00000000 0001 0 0 0 00FFFFFF 0\n",
		  false },
		{ ROUTES "eth0 0001A8C0 00000000 0001 0 0 0 00FFFFFF 0\n"
			 "eth0 0001A8C0 00000000 0001 0 0 5 00FFFFFF 0\n",
		  false },
		/* A bridge is no card. */
		{ ROUTES "eth0 0001A8C0 00000000 0001 0 0 0 00FFFFFF 0\n"
			 "br0 0001A8C0 00000000 0001 0 0 0 00FFFFFF 0\n",
		  false },
		{ ROUTES, false },
	};

	tree_dir(*state, NET "eth0/device");
	tree_dir(*state, NET "eth1/device");
	tree_dir(*state, NET "br0");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct probe_fixture x;
		struct net_facts f;

		tree_file(*state, "proc/net/route", cases[i].routes);
		f = read_tree(&x, *state);
		assert_true(f.has_shared_subnet.known);
		assert_int_equal(f.has_shared_subnet.v, cases[i].is_shared);
		probe_fixture_release(&x);
	}
}

static void test_unknowing(void **state)
{
	struct probe_fixture x;
	struct net_facts f = read_tree(&x, *state);

	assert_false(f.interfaces.known || f.has_shared_subnet.known);
	assert_int_equal(n_gaps(&x, "net.interfaces"), 1);
	assert_int_equal(n_gaps(&x, "net.has_shared_subnet"), 1);
	probe_fixture_release(&x);
	tree_dir(*state, NET "lo");
	tree_file(*state, "proc/net/route", ROUTES);
	f = read_tree(&x, *state);
	assert_true(f.interfaces.known && f.interfaces.n == 0);
	assert_null(x.env.gaps);
	probe_fixture_release(&x);
}

static void test_odd_files(void **state)
{
	static const struct {
		const char *file, *text, *gap;
	} files[] = {
		{ NET "eth0/carrier", "maybe\n", "net.interfaces.is_up" },
		{ NET "eth0/mtu", "big\n", "net.interfaces.mtu_bytes" },
		{ NET "eth0/queues/rx-0/rps_cpus", "zz\n", "net.interfaces.rps_cpus" },
		{ NET "eth0/queues/tx-0/xps_cpus", "zz\n", "net.interfaces.xps_cpus" },
	};
	struct probe_fixture x;
	struct net_facts f;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		tree_file(*state, files[i].file, files[i].text);
	tree_link(*state, "../gone", NET "eth0/master");
	tree_link(*state, "../../devices/gone", NET "eth1");
	f = read_tree(&x, *state);
	assert_int_equal(f.interfaces.n, 1);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (n_gaps(&x, files[i].gap) != 1)
			fail_msg("%s: %zu gaps", files[i].gap, n_gaps(&x, files[i].gap));
	}
	assert_int_equal(n_gaps(&x, "net.interfaces.master"), 1);
	assert_int_equal(n_gaps(&x, "net.interfaces"), 1);
	probe_fixture_release(&x);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)
	const struct CMUnitTest tests[] = {
		T(test_kinds),        T(test_card),
		T(test_usb),          cmocka_unit_test(test_names),
		T(test_no_addresses), T(test_subnets),
		T(test_unknowing),    T(test_odd_files),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
