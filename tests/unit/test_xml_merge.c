/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "report/xml_merge.h"
#include "tests/lib/check.h"

static void edits_are_merged(void **state)
{
	static const struct {
		const char *xml, *edits, *expected;
	} cases[] = {
		{ "<domain>\n  <devices>\n    <memballoon model='virtio'/>\n  </devices>\n</domain>",
		  "devices/memballoon@model=none",
		  "<domain>\n  <devices>\n    <memballoon model=\"none\"/>\n  </devices>\n</domain>\n" },
		{ "<domain>\n  <name>a</name>\n</domain>", "iothreads:=1",
		  "<domain>\n  <name>a</name>\n  <iothreads>1</iothreads>\n</domain>\n" },
		{ "<domain>\n  <clock>\n    <timer name='rtc'/>\n  </clock>\n</domain>",
		  "clock/timer[name=hpet]@present=no",
		  "<domain>\n  <clock>\n    <timer name=\"rtc\"/>\n    <timer name=\"hpet\" "
		  "present=\"no\"/>\n  </clock>\n</domain>\n" },
		{ "<domain>\n  <features>\n    <acpi/>\n  </features>\n</domain>",
		  "features/hyperv/stimer@state=on\nfeatures/hyperv/stimer/direct@state=on",
		  "<domain>\n  <features>\n    <acpi/>\n    <hyperv>\n      <stimer state=\"on\">\n"
		  "        <direct state=\"on\"/>\n      </stimer>\n    </hyperv>\n  </features>\n"
		  "</domain>\n" },
		/* Positions are those before any edit. */
		{ "<domain><devices><input type='tablet'/><interface><model type='a'/></interface>"
		  "<interface><model type='b'/></interface></devices></domain>",
		  "-devices/interface[1]\ndevices/interface[2]/model@type=virtio\n"
		  "-devices/input[type=tablet]",
		  "<domain><devices><interface><model type=\"virtio\"/></interface></devices></domain>\n" },
		{ "<domain><clock><timer name='rtc' track='guest'/></clock></domain>",
		  "-clock/timer[name=rtc]@track",
		  "<domain><clock><timer name=\"rtc\"/></clock></domain>\n" },
		{ "<domain><qemu:commandline><qemu:arg value='x'/></qemu:commandline></domain>",
		  ".@xmlns:qemu=http://libvirt.org/schemas/domain/qemu/1.0",
		  "<domain xmlns:qemu=\"http://libvirt.org/schemas/domain/qemu/1.0\">"
		  "<qemu:commandline><qemu:arg value=\"x\"/></qemu:commandline></domain>\n" },
		{ "<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><name>a</name>"
		  "<qemu:commandline/></domain>",
		  "-qemu:commandline",
		  "<domain xmlns:qemu=\"http://libvirt.org/schemas/domain/qemu/1.0\"><name>a</name>"
		  "</domain>\n" },
		{ "<domstatus><domain><name>a</name></domain></domstatus>", "name:=b",
		  "<domain><name>b</name></domain>\n" },
		/* No such element, no edit. */
		{ "<domain><devices/></domain>", "devices/disk[3]/driver@io=native\nnonsense[",
		  "<domain><devices/></domain>\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *merged = NULL;

		assert_int_equal(xml_merge(cases[i].xml, cases[i].edits, &merged), 0);
		assert_non_null(strstr(merged, "?>\n"));
		assert_string_equal(strstr(merged, "?>\n") + 3, cases[i].expected);
	}
}

static void hostile_xml_is_refused(void **state)
{
	static const char *const xml[] = {
		"",           "<domain>",
		"<network/>", "<!DOCTYPE domain [<!ENTITY a 'b'>]><domain>&a;</domain>",
		"not XML",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(xml); i++) {
		char *merged = NULL;

		assert_int_equal(xml_merge(xml[i], "name:=a", &merged), -EBADMSG);
		assert_null(merged);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edits_are_merged),
		cmocka_unit_test(hostile_xml_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
