/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/vfio_host.h"

static const char *guide[] = {
	"<domain type='kvm'>", "  <features>",  "    <acpi/>", "    <apic>",
	"    <hyperv>",        "    </hyperv>", "    <kvm>",   "      <hidden state=\"on\">",
	"    </kvm>",          "  </features>", "</domain>"
};

static void the_form_of_the_xml(void **state)
{
	static const char id[] = "xml.wellformed";
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, id, VERDICT_NOT_APPLICABLE, "No guest");
	set_str(&h.domain.source, "argv");
	check_row(&h, id, VERDICT_NOT_APPLICABLE, "by its arguments");
	set_str(&h.domain.source, "libvirt");
	check_row(&h, id, VERDICT_UNKNOWN, "not known");
	h.domain.xml = (struct fact_strs){ true, ARRAY_SIZE(guide), guide };
	check_row(&h, id, VERDICT_PASS, "is well-formed");
	set_str(&h.domain.xml_error, "Opening and ending tag mismatch: hidden line 8 and kvm");
	set_u64(&h.domain.xml_error_line, 9);
	f = check_row(&h, id, VERDICT_PROBLEM,
		      "not well-formed, line 9: Opening and ending tag mismatch: hidden line 8 and "
		      "kvm; line 4: <apic> is never closed; right is <apic/>");
	assert_int_equal(f.n_items, 2);
	check_fix(&f, NULL,
		  "line 4: write <apic/> or <apic eoi='on'/>\n"
		  "line 8: write <hidden state='on'/>");
	guide[3] = "    <apic/>";
	guide[7] = "      <hidden state=\"on\"></hidden>";
	h.domain.xml_error_line.known = false;
	f = check_row(&h, id, VERDICT_PROBLEM, "not well-formed: Opening");
	check_fix(&f, NULL, "Close each element");
	arena_release(&h.arena);
}

static void the_schema_is_asked(void **state)
{
	static const char id[] = "xml.validate";
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, id, VERDICT_NOT_APPLICABLE, "No guest");
	set_str(&h.domain.source, "file");
	check_row(&h, id, VERDICT_UNKNOWN, "domain.is_schema_valid");
	set_bool(&h.domain.is_schema_valid, true);
	check_row(&h, id, VERDICT_PASS, "accepts");
	h.domain.is_schema_valid.v = false;
	check_row(&h, id, VERDICT_ADVICE, "does not accept the XML: no reason");
	set_str(&h.domain.schema_error, "Did not expect element apics there");
	set_u64(&h.domain.schema_error_line, 12);
	set_str(&h.setup.libvirt_version, "9.0.0");
	f = check_row(&h, id, VERDICT_ADVICE,
		      "line 12: Did not expect element apics there. It is newer than the libvirt "
		      "that is installed, or wrong.");
	check_fix(&f, NULL, "installed (9.0.0)");
	set_str(&h.domain.xml_error, "broken");
	check_row(&h, id, VERDICT_NOT_APPLICABLE, "not well-formed");
	arena_release(&h.arena);
}

static void what_runs_is_compared(void **state)
{
	static const char id[] = "xml.live-vs-file";
	static const char *differs[] = { "n_vcpus: 2 in the XML, 4 in QEMU" };
	struct guest_process running = { .name = { true, "win 10" } };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	set_str(&h.domain.source, "libvirt");
	check_row(&h, id, VERDICT_NOT_APPLICABLE, "Needs a running guest");
	h.running = &running;
	check_row(&h, id, VERDICT_UNKNOWN, "domain.live_differs");
	h.domain.live_differs = (struct fact_strs){ true, 0, differs };
	check_row(&h, id, VERDICT_PASS, "is what its configuration says");
	h.domain.live_differs.n = 1;
	f = check_row(
		&h, id, VERDICT_ADVICE,
		"1 setting of the running guest differs from its configuration: n_vcpus: 2 in "
		"the XML, 4 in QEMU.");
	assert_string_equal(f.items[0], differs[0]);
	check_fix(&f, "sudo virsh shutdown 'win 10'\nsudo virsh start 'win 10'", NULL);
	set_str(&running.manager, "proxmox");
	set_u64(&h.domain.vmid, 104);
	f = check_row(&h, id, VERDICT_ADVICE, NULL);
	check_fix(&f, "qm shutdown 104 && sudo qm start 104", NULL);
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_form_of_the_xml),
		cmocka_unit_test(the_schema_is_asked),
		cmocka_unit_test(what_runs_is_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
