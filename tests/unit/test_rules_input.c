/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules of keyboard, mouse and sound: one case per verdict each can give. */
#include "tests/lib/devices.h"

#define KEYBOARD "/dev/input/by-id/usb-Keyboard-event-kbd"

static void test_applies(void **state)
{
	static const char *const ids[] = { "audio.pa-backend", "qemu.commandline-ns", "input.evdev",
					   "input.evdev-path", "input.virtio",        "xml.usb" };
	struct host h;

	(void)state;
	host_blank(&h);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		check_row(&h, ids[i], VERDICT_NOT_APPLICABLE, "No guest is configured");
	set_str(&h.domain.source, "libvirt");
	for (size_t i = 2; i < 5; i++)
		check_row(&h, ids[i], VERDICT_UNKNOWN, "domain.inputs is not known");
	check_row(&h, "qemu.commandline-ns", VERDICT_UNKNOWN, "has_qemu_commandline");
	arena_release(&h.arena);
	host_with_guest(&h, 4);
	for (size_t i = 2; i < ARRAY_SIZE(ids); i++)
		check_row(&h, ids[i], VERDICT_NOT_APPLICABLE, NULL);
	arena_release(&h.arena);
}

static void test_evdev(void **state)
{
	struct domain_input *in;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	in = add_input(&h, "evdev", NULL, KEYBOARD, "element");
	check_row(&h, "input.evdev", VERDICT_PASS, "1 device of the host is passed on");
	set_str(&in->how, "commandline");
	set_str(&in->grab, "grab_all");
	f = check_row(&h, "input.evdev", VERDICT_ADVICE, "passed on by arguments of QEMU");
	check_has(f.fix.persist, "<source dev='" KEYBOARD "' grab='all' grabToggle='ctrl-ctrl' "
				 "repeat='on'/>");
	set_str(&h.setup.libvirt_version, "7.0.0");
	check_row(&h, "input.evdev", VERDICT_PASS, "libvirt 7.0.0 has no element");
	set_str(&h.setup.libvirt_version, "7.10.0");
	check_row(&h, "input.evdev", VERDICT_ADVICE, NULL);
	set_str(&h.domain.source, "argv");
	in->how.known = false;
	check_row(&h, "input.evdev", VERDICT_PASS, NULL);
	arena_release(&h.arena);
}

static void test_path(void **state)
{
	struct domain_input *in;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	in = add_input(&h, "evdev", NULL, KEYBOARD, "element");
	check_row(&h, "input.evdev-path", VERDICT_PASS, "named by what they are");
	fact_set_bool(&in->is_present, false);
	check_row(&h, "input.evdev-path", VERDICT_PROBLEM, "does not exist now");
	set_str(&h.domain.source, "file"); /* may be of another host */
	check_row(&h, "input.evdev-path", VERDICT_PASS, NULL);
	set_str(&in->source, "/dev/input/event7");
	f = check_row(&h, "input.evdev-path", VERDICT_ADVICE, "1 device is named by a number");
	check_has(f.fix.persist, "grep -w event7");
	arena_release(&h.arena);
}

static void test_virtio(void **state)
{
	struct domain_input *in;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	add_input(&h, "tablet", "usb", NULL, "element");
	add_input(&h, "mouse", "ps2", NULL, "element");
	check_row(&h, "input.virtio", VERDICT_NOT_APPLICABLE, "no keyboard or mouse of the host");
	add_input(&h, "evdev", NULL, KEYBOARD, "commandline");
	f = check_row(&h, "input.virtio", VERDICT_ADVICE, "end in emulated PS/2 or USB");
	/* The PS/2 mouse that is written, and a keyboard that is not. */
	check_edits(&f, "devices/input[2]@type=mouse@bus=virtio\n"
			"devices/input[type=keyboard]@bus=virtio");
	in = add_input(&h, "keyboard", "usb", NULL, "element");
	f = judge_row(&h, "input.virtio");
	check_edits(&f, "devices/input[2]@type=mouse@bus=virtio\n"
			"devices/input[4]@type=keyboard@bus=virtio\n"
			"-devices/input[4]/address");
	set_str(&in->bus, "virtio"); /* one is enough */
	check_row(&h, "input.virtio", VERDICT_PASS, "on virtio");
	set_str(&in->bus, "usb");
	assert_int_equal(fact_add_str(&h.domain.qemu_args, &h.arena, "virtio-keyboard-pci"), 0);
	check_row(&h, "input.virtio", VERDICT_PASS, NULL);
	arena_release(&h.arena);
}

static void test_tablet(void **state)
{
	struct domain_input *in;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	add_input(&h, "mouse", "ps2", NULL, "element");
	in = add_input(&h, "tablet", "usb", NULL, "element");
	check_row(&h, "xml.usb", VERDICT_NOT_APPLICABLE, "No PCI device");
	pass_through(&h, "0000:01:00.0");
	f = check_row(&h, "xml.usb", VERDICT_ADVICE, "An emulated USB tablet");
	check_edits(&f, "-devices/input[2]");
	set_str(&in->bus, "virtio");
	check_row(&h, "xml.usb", VERDICT_PASS, "No emulated USB tablet");
	h.domain.inputs = (struct fact_list){ 0 };
	check_row(&h, "xml.usb", VERDICT_UNKNOWN, "domain.inputs");
	arena_release(&h.arena);
}

static void test_namespace(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	fact_set_bool(&h.domain.has_qemu_commandline, false);
	fact_set_bool(&h.domain.has_qemu_namespace, false);
	check_row(&h, "qemu.commandline-ns", VERDICT_NOT_APPLICABLE, "has no qemu:commandline");
	fact_set_bool(&h.domain.has_qemu_commandline, true);
	f = check_row(&h, "qemu.commandline-ns", VERDICT_PROBLEM, "libvirt drops it");
	check_has(f.fix.persist, "<domain type='kvm' "
				 "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>");
	check_edits(&f, ".@xmlns:qemu=http://libvirt.org/schemas/domain/qemu/1.0");
	fact_set_bool(&h.domain.has_qemu_namespace, true);
	check_row(&h, "qemu.commandline-ns", VERDICT_PASS, "that libvirt reads");
	set_str(&h.domain.source, "argv");
	check_row(&h, "qemu.commandline-ns", VERDICT_NOT_APPLICABLE, "need no XML");
	arena_release(&h.arena);
}

static void test_audio(void **state)
{
	struct domain_pin *pin;
	struct host h;

	(void)state;
	host_with_guest(&h, 1);
	check_row(&h, "audio.pa-backend", VERDICT_NOT_APPLICABLE, "no sound of QEMU");
	set_str(&h.domain.audio_driver, "pulseaudio");
	check_row(&h, "audio.pa-backend", VERDICT_PASS, "no timer as short as 1000 us");
	fact_set_u64(&h.domain.audio_timer_us, 1000);
	check_row(&h, "audio.pa-backend", VERDICT_ADVICE, "every 1000 us, and it may run on");
	pin = fact_add_item(&h.domain.vcpu_pins, &h.arena, sizeof(*pin));
	assert_non_null(pin);
	set_cpus(&pin->cpus, "2");
	check_row(&h, "audio.pa-backend", VERDICT_ADVICE, NULL);
	set_cpus(&h.domain.emulator_pin, "2-3");
	check_row(&h, "audio.pa-backend", VERDICT_ADVICE, NULL);
	set_cpus(&h.domain.emulator_pin, "0-1");
	check_row(&h, "audio.pa-backend", VERDICT_PASS, "off the guest's CPUs");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_applies), cmocka_unit_test(test_evdev),
		cmocka_unit_test(test_path),    cmocka_unit_test(test_virtio),
		cmocka_unit_test(test_tablet),  cmocka_unit_test(test_namespace),
		cmocka_unit_test(test_audio),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
