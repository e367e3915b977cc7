/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/vfio_host.h"

static void a_host_names_itself(void **state)
{
	static const char id[] = "env.identity";
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, id, VERDICT_UNKNOWN, "Neither");
	set_str(&h.kernel.release, "6.1.0-13-amd64");
	check_row(&h, id, VERDICT_PASS, "unknown CPU, Linux 6.1.0-13-amd64: 1 of 10");
	set_str(&h.cpu.model, "Intel(R) Core(TM) i7-8700K");
	f = check_row(&h, id, VERDICT_PASS, "i7-8700K, Linux 6.1.0-13-amd64: 2 of 10");
	assert_string_equal(f.items[1], "CPU: Intel(R) Core(TM) i7-8700K");
	arena_release(&h.arena);
}

#define DAY_NS (86400 * NS_PER_S)

static void firmware_gets_old(void **state)
{
	static const char id[] = "fw.bios-current";
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	check_row(&v.h, id, VERDICT_UNKNOWN, "setup.bios_date");
	set_str(&v.h.setup.bios_date, "yesterday");
	check_row(&v.h, id, VERDICT_UNKNOWN, "cannot be told");
	/* 2020-02-29 is day 18321 after 1970-01-01; two years of 365 days later is day 19051. */
	set_str(&v.h.setup.bios_date, "2020-02-29");
	check_row(&v.h, id, VERDICT_UNKNOWN, "(2020-02-29) cannot be told");
	set_u64(&v.h.run.started_unix_ns, 19050 * DAY_NS);
	check_row(&v.h, id, VERDICT_PASS, "The firmware is of 2020-02-29.");
	set_u64(&v.h.run.started_unix_ns, 19051 * DAY_NS);
	check_row(&v.h, id, VERDICT_UNKNOWN, "more than 2 years");
	vfio_host_set_log(&v, "tsc-adjust", NULL, NULL);
	set_str(&v.h.setup.board, "MSI Z370-A PRO");
	f = check_row(&v.h, id, VERDICT_ADVICE, "the kernel blames it: vfio-pci said so");
	check_fix(&f, NULL, "newest firmware for MSI Z370-A PRO from");
	set_u64(&v.h.run.started_unix_ns, 18400 * DAY_NS);
	check_row(&v.h, id, VERDICT_PASS, "nevertheless");
	set_bool(&v.h.setup.is_microcode_old, true);
	set_str(&v.h.setup.microcode, "0xde");
	f = check_row(&v.h, id, VERDICT_ADVICE, "newer microcode for this CPU than 0xde");
	check_fix(&f, NULL, "intel-microcode");
	set_bool(&v.h.cpu.is_virtual, true);
	check_row(&v.h, id, VERDICT_NOT_APPLICABLE, "its hypervisor");
	vfio_host_release(&v);
}

static void the_wrong_watchdog(void **state)
{
	static const char id[] = "wdt.itco";
	struct setup_modprobe line = { .path = { true, "/etc/modprobe.d/nowatchdog.conf" },
				       .command = { true, "blacklist" },
				       .module = { true, "iTCO_wdt" } };
	struct setting_fact watchdog = { { true, "kernel.watchdog" }, { true, "1" } };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, id, VERDICT_UNKNOWN, "setup.modprobe");
	h.setup.modprobe = (struct fact_list){ true, 0, &line };
	check_row(&h, id, VERDICT_PASS, "No hardware watchdog");
	h.setup.modprobe.n = 1;
	check_row(&h, id, VERDICT_ADVICE, "the lockup detectors are another thing");
	h.kernel.sysctls = (struct fact_list){ true, 1, &watchdog };
	f = check_row(&h, id, VERDICT_ADVICE, "(kernel.watchdog=1) are another thing");
	check_fix(&f, NULL, "'/^blacklist +iTCO_wdt/s/^/#/' /etc/modprobe.d/nowatchdog.conf");
	watchdog.value.v = "0";
	check_row(&h, id, VERDICT_PASS, "are off");
	arena_release(&h.arena);
}

static void profiles_of_tuned(void **state)
{
	static const char id[] = "tuned.virtual-host";
	struct setting_fact sysctls[] = { { { true, "vm.swappiness" }, { true, "60" } },
					  { { true, "vm.dirty_background_ratio" },
					    { true, "5" } } };
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	check_row(&v.h, id, VERDICT_NOT_APPLICABLE, "not in use");
	set_str(&v.h.setup.tuned_profile, "balanced");
	f = check_row(&v.h, id, VERDICT_ADVICE, "balanced, which saves power");
	check_fix(&f, "tuned-adm profile virtual-host", "enable --now tuned");
	assert_string_equal(f.fix.undo, "sudo tuned-adm profile balanced");
	set_str(&v.h.setup.tuned_profile, "cpu-partitioning");
	check_row(&v.h, id, VERDICT_PASS, "profile cpu-partitioning");
	set_str(&v.h.setup.tuned_profile, "virtual-host");
	check_row(&v.h, id, VERDICT_UNKNOWN, "is not known");
	v.h.kernel.sysctls = (struct fact_list){ true, 2, sysctls };
	check_row(&v.h, id, VERDICT_ADVICE, "but vm.swappiness is 60, the profile sets 10.");
	sysctls[0].value.v = "10";
	check_row(&v.h, id, VERDICT_PASS, "isolates no CPU");
	vfio_host_release(&v);
	host_blank(&v.h);
	set_str(&v.h.setup.tuned_profile, "balanced");
	check_row(&v.h, id, VERDICT_NOT_APPLICABLE, "No PCI device");
	arena_release(&v.h.arena);
}

static struct setting_fact conf;

static void set_conf(struct host *h, const char *name, const char *value)
{
	if (name)
		set_str(&conf.name, name);
	if (value)
		set_str(&conf.value, value);
	set_str(&h->setup.libvirt_version, "9.0.0");
	h->setup.qemu_conf = (struct fact_list){ true, name ? 1 : 0, &conf };
}

static void qemu_conf_is_libvirts(void **state)
{
	static const char *const ids[] = { "qemuconf.host-audio", "qemuconf.user-group",
					   "qemuconf.device-acl" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		struct host h;

		host_blank(&h);
		check_row(&h, ids[i], VERDICT_UNKNOWN, "setup.qemu_conf");
		set_conf(&h, NULL, NULL);
		check_row(&h, ids[i], VERDICT_PASS, NULL);
		h.setup.libvirt_version.known = false;
		check_row(&h, ids[i], VERDICT_NOT_APPLICABLE, "libvirt is not in use");
		set_str(&h.domain.manager, "plain");
		check_row(&h, ids[i], VERDICT_NOT_APPLICABLE, "without libvirt");
		set_str(&h.domain.manager, "proxmox");
		check_row(&h, ids[i], VERDICT_NOT_APPLICABLE, "Proxmox");
		arena_release(&h.arena);
	}
}

static void sound_without_a_screen(void **state)
{
	static const char id[] = "qemuconf.host-audio";
	const char *sounds[] = { "ich9" };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	set_conf(&h, "nographics_allow_host_audio", "1");
	check_row(&h, id, VERDICT_UNKNOWN, "not known");
	h.domain.sounds = (struct fact_strs){ true, 1, sounds };
	check_row(&h, id, VERDICT_PASS, "has sound");
	h.domain.sounds.n = 0;
	f = check_row(&h, id, VERDICT_ADVICE, "no sound card");
	check_fix(&f, NULL, "nographics_allow_host_audio");
	arena_release(&h.arena);
}

static void users_of_qemu(void **state)
{
	static const char id[] = "qemuconf.user-group";
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	set_conf(&h, "user", "libvirt-qemu");
	check_row(&h, id, VERDICT_PASS, "as libvirt-qemu");
	set_conf(&h, "user", "someone");
	check_row(&h, id, VERDICT_ADVICE, "a person's user");
	set_conf(&h, "user", "+0");
	f = check_row(&h, id, VERDICT_ADVICE, "as root");
	check_fix(&f, NULL, "'s/^(user|group)( *=)/#\\1\\2/' /etc/libvirt/qemu.conf");
	arena_release(&h.arena);
}

#define DEFAULTS "/dev/null, /dev/full, /dev/zero, /dev/random, /dev/urandom, /dev/ptmx, /dev/kvm"

static void devices_qemu_may_open(void **state)
{
	static const char id[] = "qemuconf.device-acl";
	struct domain_input mouse = { .type = { true, "evdev" },
				      .source = { true, "/dev/input/by-id/mouse" },
				      .how = { true, "element" } };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	set_conf(&h, "cgroup_device_acl", "[" DEFAULTS ", /dev/sev]");
	check_row(&h, id, VERDICT_PASS, "and more");
	set_conf(&h, "cgroup_device_acl", "[" DEFAULTS ", /dev/kqemu]");
	f = check_row(&h, id, VERDICT_ADVICE, "/dev/kqemu");
	check_fix(&f, NULL, "'/^cgroup_device_acl/,/\\]/s/^/#/'");
	set_conf(&h, "cgroup_device_acl", "[/dev/null, /dev/full]");
	check_row(&h, id, VERDICT_ADVICE, "lacks /dev/zero");
	h.domain.inputs = (struct fact_list){ true, 1, &mouse };
	set_conf(&h, NULL, NULL);
	check_row(&h, id, VERDICT_PASS, "libvirt's own");
	mouse.how.v = "commandline";
	f = check_row(&h, id, VERDICT_PROBLEM, "does not name it");
	check_fix(&f, NULL, "<input type='evdev'>");
	set_conf(&h, "cgroup_device_acl", "[" DEFAULTS ", /dev/input/event3]");
	check_row(&h, id, VERDICT_ADVICE, "does not name it");
	set_conf(&h, "cgroup_device_acl", "[" DEFAULTS ", /dev/input/by-id/mouse]");
	check_row(&h, id, VERDICT_PASS, "and more");
	arena_release(&h.arena);
}

static void groups_of_the_user(void **state)
{
	static const char id[] = "perm.groups";
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, id, VERDICT_NOT_APPLICABLE, "root asks");
	set_bool(&h.setup.is_in_kvm_group, false);
	set_bool(&h.setup.is_in_libvirt_group, false);
	f = check_row(&h, id, VERDICT_ADVICE, "not in group kvm nor in group libvirt");
	check_fix(&f, NULL, "sudo usermod -aG kvm,libvirt \"$USER\"");
	assert_true(f.tweak->is_trade_off);
	h.setup.is_in_kvm_group.v = true;
	f = check_row(&h, id, VERDICT_ADVICE, "not in group libvirt.");
	check_fix(&f, NULL, "usermod -aG libvirt ");
	h.setup.is_in_libvirt_group.v = true;
	check_row(&h, id, VERDICT_PASS, "kvm and libvirt");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_names_itself),   cmocka_unit_test(firmware_gets_old),
		cmocka_unit_test(the_wrong_watchdog),    cmocka_unit_test(profiles_of_tuned),
		cmocka_unit_test(qemu_conf_is_libvirts), cmocka_unit_test(sound_without_a_screen),
		cmocka_unit_test(users_of_qemu),         cmocka_unit_test(devices_qemu_may_open),
		cmocka_unit_test(groups_of_the_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
