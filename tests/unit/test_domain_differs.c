/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which differences between XML and QEMU's arguments are told, and which are none. */
/* TEST_SOURCES: probes/domain_differs.c */
#include <string.h>

#include "probes/domain_differs.h"
#include "probes/parse/domain_xml.h"
#include "probes/parse/qemu_args.h"
#include "tests/lib/check.h"

struct pair {
	const char *xml, *args; /* inside of <domain>, and one argument in a line */
	const char *differs;    /* separated by "; ", "": nothing */
};

#define DISK(cache) \
	"<disk><driver cache='" cache "'/><source file='/a'/><target bus='virtio'/></disk>"
#define DEVICES(inner) "<devices>" inner "</devices>"
#define HOSTDEV(bus)                                                                          \
	"<hostdev type='pci'><source><address bus='" bus "' slot='0' function='0'/></source>" \
	"</hostdev>"

static const struct pair pairs[] = {
	{ "", "", "" },
	{ "<vcpu>2</vcpu>", "-smp\n2\n", "" },
	{ "<vcpu>2</vcpu>", "-smp\n4\n", "n_vcpus: 2 in the XML, 4 in QEMU" },
	{ "<vcpu>2</vcpu>", "", "n_vcpus: 2 in the XML, 1 in QEMU" }, /* its default */
	/* rounded to MiB by libvirt, with modules that -m does not count */
	{ "<memory>1500</memory>", "-m\n2\n", "" },
	{ "<memory>1500</memory>", "-m\n4\n", "memory_kib: 1500 in the XML, 4096 in QEMU" },
	{ "<memory unit='M'>4</memory>\n<devices><memory model='dimm'/></devices>", "-m\n2\n", "" },
	{ "<clock offset='utc'/>", "-rtc\nbase=localtime\n",
	  "clock_offset: utc in the XML, localtime in QEMU" },
	{ "<clock offset='timezone'/>", "-rtc\nbase=localtime\n", "" },
	{ "<cpu mode='host-passthrough'/>", "-cpu\nEPYC\n",
	  "cpu_mode: host-passthrough in the XML, custom in QEMU" },
	{ "<cpu mode='host-model'/>", "-cpu\nEPYC\n", "" },
	{ "<cpu mode='host-passthrough'><feature name='invtsc' policy='require'/></cpu>",
	  "-cpu\nhost,invtsc=on\n", "" },
	{ "<cpu mode='host-passthrough'><feature name='invtsc' policy='require'/></cpu>",
	  "-cpu\nhost,invtsc=off\n", "cpu_features invtsc: require in the XML, disable in QEMU" },
	{ "<features><hyperv><relaxed state='on'/></hyperv></features>",
	  "-cpu\nhost,hv-relaxed=off\n", "features hyperv.relaxed: on in the XML, off in QEMU" },
	{ "<clock offset='utc'><timer name='hpet' present='yes'/></clock>", "-no-hpet\n",
	  "timers hpet: present in the XML, not present in QEMU" },
	{ DEVICES(DISK("none")), "-drive\nfile=/a,if=virtio,cache=none\n", "" },
	{ DEVICES(DISK("none")), "-drive\nfile=/a,if=virtio,cache=unsafe\n",
	  "disks /a cache: none in the XML, unsafe in QEMU" },
	/* which of the two? */
	{ DEVICES(DISK("none") DISK("none")), "-drive\nfile=/a,if=virtio,cache=unsafe\n", "" },
	{ DEVICES(HOSTDEV("1")), "-device\nvfio-pci,host=01:00.0\n", "" },
	{ DEVICES(HOSTDEV("1")), "-device\nvfio-pci,host=02:00.0\n",
	  "host_devices: 0000:01:00.0 in the XML, not in QEMU; "
	  "host_devices: not in the XML, 0000:02:00.0 in QEMU" },
	/* pins are not told to QEMU */
	{ "<cputune><vcpupin vcpu='0' cpuset='1'/></cputune>", "", "" },
};

static const char *join(struct arena *a, const struct fact_strs *list)
{
	const char *all = "";

	for (size_t i = 0; i < list->n; i++)
		all = arena_printf(a, "%s%s%s", all, i ? "; " : "", list->v[i]);
	return all;
}

static void check_pair(const struct pair *p)
{
	auto_arena struct arena a = { 0 };
	struct domain_facts xml = { 0 }, live = { 0 };
	struct domain_xml_result result;
	struct qemu_args_note *notes;
	struct fact_strs args, differs = { 0 };
	const char *text = arena_printf(&a, "<domain>%s</domain>", p->xml);

	assert_int_equal(domain_xml_parse(text_of(text), &a, &xml, &result), 0);
	text = arena_printf(&a, "qemu-system-x86_64\n%s", p->args);
	assert_int_equal(qemu_args_split(text_of(text), &a, &args), 0);
	assert_int_equal(qemu_args_parse(&args, &a, &live, &notes), 0);
	assert_int_equal(domain_differences(&xml, &live, &a, &differs), 0);
	assert_true(differs.known);
	if (strcmp(join(&a, &differs), p->differs) != 0)
		fail_msg("%s with %s: '%s'", p->xml, p->args, join(&a, &differs));
}

static void test_pairs(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++)
		check_pair(&pairs[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_pairs) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
