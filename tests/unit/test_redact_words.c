/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which words of a text stay, which are replaced, and by what. */
#include <string.h>

#include "report/redact_words.h"
#include "tests/lib/check.h"
#include "tests/lib/written.h"

static const uint8_t salt[ALIASES_SALT_SIZE] = "always the same";

/* Digits of a pseudonym behind a "-", which are replaced by "#"; 0: it is none. */
static size_t digits_at(struct aliases *a, const char *text, const char *dash)
{
	if (*dash != '-' || strspn(dash + 1, "0123456789abcdef") < 4)
		return 0;
	for (const char *start = dash; start > text && start[-1] >= 'a' && start[-1] <= 'z';) {
		start--;
		if (aliases_has_pseudonym(a, text_make(start, (size_t)(dash + 5 - start))))
			return 4;
	}
	return 0;
}

/* What is left of a text, pseudonyms without their digits: "guest-#". */
static char *redact(struct aliases *a, const char *kind, const char *option, const char *text)
{
	struct written copy, plain;

	assert_int_equal(words_redact(a, kind, option, text_of(text), written_open(&copy)), 0);
	written_open(&plain);
	for (const char *c = written_close(&copy); *c; c++) {
		const size_t n = digits_at(a, copy.text, c);

		fputs(n ? "-#" : (char[]){ *c, '\0' }, plain.out);
		c += n;
	}
	written_close(&plain);
	free(copy.text);
	return plain.text;
}

struct row {
	const char *text, *expected; /* NULL: as it is */
};

static void check_rows(const char *kind, const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct aliases a;
		auto_free char *got = NULL;

		aliases_init(&a, salt);
		got = redact(&a, kind, NULL, rows[i].text);
		assert_string_equal(got, rows[i].expected ? rows[i].expected : rows[i].text);
		aliases_release(&a);
	}
}

static void test_stays(void **state)
{
	static const struct row rows[] = {
		{ "isolcpus=managed_irq,domain,1-4,7-10 nohz_full=1-4,7-10 rcu_nocbs=1-4,7-10",
		  NULL },
		{ "intel_iommu=on iommu=pt vfio-pci.ids=10de:1b80,10de:10f0 kvm.ignore_msrs=1",
		  NULL },
		{ "tuned.non_isolcpus=000007e0 irqaffinity=00ff net.ifnames=0 nvproxy.enable=1",
		  NULL },
		{ "initcall_blacklist=sysfb_init noirqdebug acpi_irq_nobalance i915.force_probe=46a6",
		  NULL },
		{ "rootflags=prjquota (hd0,gpt3) (kvm_pvm) nvidia.NVreg_EnableGpuFirmware=0",
		  NULL },
		{ "default_hugepagesz=1G hugepagesz=1G hugepages=12 transparent_hugepage=never",
		  NULL },
		{ "BOOT_IMAGE=/boot/vmlinuz-linux root=/dev/sda2 rw quiet splash", NULL },
		{ "pcie_acs_override=downstream,multifunction mitigations=off tsc=reliable", NULL },
		{ "-device {\"driver\":\"vfio-pci\",\"host\":\"0000:01:00.0\",\"id\":\"hostdev0\"}",
		  NULL },
		{ "-smp 8,sockets=1,dies=1,cores=4,threads=2 -m size=12582912k,slots=16", NULL },
		{ "<vcpupin vcpu='0' cpuset='1,7'/>", NULL },
		{ "<timer name='hpet' present='no'/>", NULL },
		{ "<address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>", NULL },
		{ "<feature policy='require' name='topoext'/>", NULL },
		{ "CPU 0/KVM", NULL },
		{ "kworker/u64:2-events_unbound", NULL },
		{ "kworker/3:1H [blk_mq_run_work_fn]", NULL },
		{ "ksoftirqd/4", NULL },
		{ "irq/130-nvme0q1", NULL },
		{ "vfio-msix[0](0000:01:00.0)", NULL },
		{ "enp3s0f1-TxRx-2", NULL },
		{ "mlx5_comp9@pci:0000:01:00.0", NULL },
		{ "machine.slice", NULL },
		{ "getty@tty1.service", NULL },
		{ "/sys/kernel/debug/sched/preempt", NULL },
		{ "ENOENT", NULL },
		{ "clocksource: Switched to clocksource tsc", NULL },
		{ "tsc: Refined TSC clocksource calibration: 3599.999 MHz", NULL },
		{ "vfio-pci 0000:01:00.0: vgaarb: changed VGA decodes: olddecodes=io+mem,decodes=none:owns=none",
		  NULL },
		{ "ff,ffffff0f 0xfee00000 12.5 % 1,234 µs → 64", NULL },
		{ "127.0.0.1:5900 0.0.0.0 ::1", NULL },
		{ "", NULL },
	};

	(void)state;
	check_rows("name", rows, ARRAY_SIZE(rows));
}

static void test_replaced(void **state)
{
	static const struct row rows[] = {
		{ "root=UUID=5f0c3d1e-8a7b-4c2d-9e1f-001122334455 rw", "root=UUID=uuid-# rw" },
		{ "rd.luks.name=5f0c3d1e-8a7b-4c2d-9e1f-001122334455=hektor rw",
		  "rd.luks.name=uuid-# rw" },
		{ "root=/dev/mapper/luks-5f0c3d1e-8a7b-4c2d-9e1f-001122334455",
		  "root=/dev/mapper/luks-uuid-#" },
		{ "root=LABEL=boot cryptdevice=/dev/sda2:main",
		  "root=LABEL=label-# cryptdevice=uuid-#" },
		{ "systemd.hostname=desktop init=/home/boot/init",
		  "systemd.hostname=host-# init=/home/user-#/init" },
		/* A setting keeps its name, a value of no known word does not. */
		{ "kvm.halt_poll=hektor hektor.ko kvm.hektor",
		  "kvm.halt_poll=name-# name-#.ko kvm.name-#" },
		{ "<mac address='52:54:00:A1:b2:c3'/>", "<mac address='mac-#'/>" },
		{ "52-54-00-a1-b2-c3 5254.00a1.b2c3 50:01:43:80:02:9d:1b:7e", "mac-# mac-# mac-#" },
		{ "<uuid>boot</uuid><name>kvm</name>", "<uuid>uuid-#</uuid><name>guest-#</name>" },
		{ "  <title> vm </title>  <serial type='pty'>",
		  "  <title> name-#</title>  <serial type='pty'>" },
		{ "<entry name='serial'>page</entry><entry name='product'>page</entry>",
		  "<entry name='serial'>serial-#</entry><entry name='product'>page</entry>" },
		{ "<graphics type='vnc' passwd='huge' port='-1'/>",
		  "<graphics type='vnc' passwd='***' port='-1'/>" },
		{ "-vnc :0,password=a,,b,share=ignore", "-vnc :0,password=***,share=ignore" },
		{ "{\"serial\": \"boot\",\"x\":1}", "{\"serial\": \"serial-#\",\"x\":1}" },
		{ "{\"driver\":\"virtio-blk-pci\",\"serial\":\"boot page\"}",
		  "{\"driver\":\"virtio-blk-pci\",\"serial\":\"serial-#\"}" },
		{ "ata1.00: serial: page, LBA48", "ata1.00: serial: serial-#, LBA48" },
		{ "mail hektor@example.org, ssh hektor@tower", "mail mail-#, ssh mail-#" },
		{ "ip=192.0.2.7::192.0.2.1 2001:db8::77 fe80::1%eth0",
		  "ip=ip-#::ip-# ip-# ip-#%eth0" },
		{ "S4EWNJ0N421027F WX21A1234567 0x5002538e40a1b2c3", "name-# name-# name-#" },
		{ "12345678901234", "name-#" },
		{ "A1-B2-C3-D4", "name-#" },
		{ "m\xc3\xbcller \xe5\xae\xb6", "name-# name-#" },
		{ "jbd2/hektor-8", "jbd2/name-#-8" },
		{ "machine-qemu\\x2d1\\x2dhektor.scope", "machine-qemu\\x2d1\\x2dname-#.scope" },
		{ "user\\x2d52:54:00:a1:b2:c3.slice", "user\\x2dmac-#.slice" },
		{ "/run/user/1000/pulse and /home/boot",
		  "/run/user/user-#/pulse and /home/user-#" },
		{ "/run/media/boot/page", "/run/media/user-#/page" },
		{ "enx525400a1b2c3", "name-#" },
		{ "host=tower,port=3 host=0000:01:00.0", "host=host-#,port=3 host=0000:01:00.0" },
	};

	(void)state;
	check_rows("name", rows, ARRAY_SIZE(rows));
}

static void test_devices(void **state)
{
	static const struct row rows[] = {
		{ "/dev/disk/by-id/ata-Samsung_SSD_860_EVO_S3Y-part1",
		  "/dev/disk/by-id/disk-#-part1" },
		{ "/dev/input/by-id/usb-Logitech_G_Pro-event-kbd",
		  "/dev/input/by-id/disk-#-event-kbd" },
		{ "/dev/input/by-path/pci-0000:00:14.0-usb-0:2:1.0-event-mouse,x",
		  "/dev/input/by-path/disk-#-event-mouse,x" },
		{ "/dev/disk/by-uuid/1234-ABCD", "/dev/disk/by-uuid/uuid-#" },
		{ "/dev/disk/by-label/boot", "/dev/disk/by-label/label-#" },
		{ "/var/lib/libvirt/images/hektor.qcow2", "/var/lib/libvirt/images/disk-#.qcow2" },
		{ "/dev/zvol/tank/hektor/vm", "/dev/zvol/tank/disk-#/vm" },
		{ "/dev/nvme0n1p2", NULL },
		{ "/dev/input/event5", NULL },
	};

	(void)state;
	check_rows("disk", rows, ARRAY_SIZE(rows));
}

static void test_option(void **state)
{
	static const struct {
		const char *option, *text, *expected;
	} rows[] = {
		{ "-name", "kvm,debug-threads=on", "guest-#,debug-threads=on" },
		{ "-name", "guest=kvm,debug-threads=on", "guest=guest-#,debug-threads=on" },
		{ "-uuid", "boot", "uuid-#" },
		{ "--hostname", "boot", "host-#" },
		{ "-runas", "boot", "user-#" },
		{ "-serial", "pty", "pty" },
		{ "name", "boot", "boot" },
		{ NULL, "boot", "boot" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct aliases a;
		auto_free char *got = NULL;

		aliases_init(&a, salt);
		got = redact(&a, "name", rows[i].option, rows[i].text);
		assert_string_equal(got, rows[i].expected);
		aliases_release(&a);
	}
}

/* A name that a field held is the same one in every text; twice redacted is once redacted. */
static void test_learned(void **state)
{
	struct aliases a;
	auto_free char *text = NULL, *again = NULL;
	const char *guest;
	size_t size;
	FILE *out;

	(void)state;
	aliases_init(&a, salt);
	guest = aliases_of(&a, "guest", text_of("win10-hektor"));
	assert_non_null(aliases_of(&a, "guest", text_of("win11")));
	assert_non_null(aliases_of(&a, "guest", text_of("windows")));
	text = redact(
		&a, "disk", NULL,
		"-name guest=win10-hektor /vm/win10-hektor.qcow2 win11.img windows win10-hektor.");
	assert_string_equal(text,
			    "-name guest=guest-# /vm/guest-#.qcow2 guest-#.img windows guest-#.");
	out = open_memstream(&again, &size);
	assert_non_null(out);
	assert_int_equal(words_redact(&a, "disk", NULL, text_of(guest), out), 0);
	fclose(out);
	assert_string_equal(again, guest);
	aliases_release(&a);
}

/* What else has the name of a guest in it; what only looks like it. */
static void test_machine_within(void **state)
{
	static const char *const guests[] = { "w11",   "win10", "win10-max", "windows",
					      "intel", "q35",   "100" };
	static const struct row rows[] = {
		{ "<nvram>/var/lib/libvirt/qemu/nvram/w11_VARS.fd</nvram>",
		  "<nvram>/var/lib/libvirt/qemu/nvram/guest-#_VARS.fd</nvram>" },
		{ "/nvram/win10_VARS.fd /nvram/win10-max_VARS.fd",
		  "/nvram/guest-#_VARS.fd /nvram/guest-#_VARS.fd" },
		{ "/nvram/windows_VARS.fd", "/nvram/guest-#_VARS.fd" },
		{ "w11.log w11-1 w11-hektor.raw", "guest-#.log guest-#-1 guest-#-disk-#.raw" },
		{ "path=/var/lib/libvirt/qemu/domain-1-w11/monitor.sock",
		  "path=/var/lib/libvirt/qemu/domain-1-guest-#/monitor.sock" },
		{ "/vm/hektor-win10-max.img", "/vm/disk-#-guest-#.img" },
		{ "/vm/w11-win10", "/vm/guest-#-win10" },
		/* A name is no part of a part. */
		{ "/nvram/w110_VARS.fd", "/nvram/disk-#_VARS.fd" },
		{ "windows windows-1 windows.", NULL },
		{ "intel_iommu=on intel-iommu pc-q35-7.2 nohz_full=1-100,100-107", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct aliases a;
		auto_free char *got = NULL;

		aliases_init(&a, salt);
		for (size_t k = 0; k < ARRAY_SIZE(guests); k++)
			assert_non_null(aliases_of(&a, "guest", text_of(guests[k])));
		/* No name of a machine, though it was learned. */
		assert_non_null(aliases_of(&a, "disk", text_of("nvram1")));
		got = redact(&a, "disk", NULL, rows[i].text);
		assert_string_equal(got, rows[i].expected ? rows[i].expected : rows[i].text);
		aliases_release(&a);
	}
}

/* Capitals of an address make no other one of it. */
static void test_same(void **state)
{
	struct aliases a;
	struct written w;

	(void)state;
	aliases_init(&a, salt);
	assert_int_equal(words_redact(&a, "name", NULL,
				      text_of("52:54:00:A1:B2:C3=52:54:00:a1:b2:c3 hektor:hektor"),
				      written_open(&w)),
			 0);
	for (struct text rest = text_of(written_close(&w)), word; text_next_word(&rest, &word);) {
		const size_t half = (word.len - 1) / 2;

		assert_true(word.at[half] == '=' || word.at[half] == ':');
		assert_memory_equal(word.at, word.at + half + 1, half);
	}
	free(w.text);
	aliases_release(&a);
}

/* Open text keeps all but addresses. */
static void test_shapes_only(void **state)
{
	struct aliases a;
	struct written w;

	(void)state;
	aliases_init(&a, salt);
	assert_int_equal(words_redact_shapes(&a, text_of("6.1.0-hektor 52:54:00:a1:b2:c3"),
					     written_open(&w)),
			 0);
	assert_memory_equal(written_close(&w), "6.1.0-hektor mac-", 17);
	free(w.text);
	aliases_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stays),       cmocka_unit_test(test_replaced),
		cmocka_unit_test(test_devices),     cmocka_unit_test(test_option),
		cmocka_unit_test(test_learned),     cmocka_unit_test(test_same),
		cmocka_unit_test(test_shapes_only), cmocka_unit_test(test_machine_within),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
