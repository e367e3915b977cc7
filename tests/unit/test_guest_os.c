/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What runs in the guest: each kind of evidence, which one wins, and conflicts. */
#include <string.h>

#include "facts/kernel.h"
#include "probes/parse/guest_os.h"
#include "tests/lib/check.h"

struct config {
	const char *id, *name, *words, *medium, *feature, *value, *mode, *arg;
	const char *os, *from; /* wanted */
};

static void add_feature(struct domain_facts *f, struct arena *a, const struct config *c)
{
	struct setting_fact *item = fact_add_item(&f->features, a, sizeof(*item));

	assert_non_null(item);
	assert_int_equal(fact_set_str(&item->name, a, c->feature), 0);
	assert_int_equal(fact_set_str(&item->value, a, c->value ? c->value : "on"), 0);
}

static void add_medium(struct domain_facts *f, struct arena *a, const char *path)
{
	struct domain_disk *disk;

	/* an empty drive in front of it */
	assert_non_null(fact_add_item(&f->disks, a, sizeof(*disk)));
	disk = fact_add_item(&f->disks, a, sizeof(*disk));
	assert_non_null(disk);
	assert_int_equal(fact_set_str(&disk->source, a, path), 0);
}

static void check_config(const struct config *c)
{
	auto_arena struct arena a = { 0 };
	struct domain_facts f = { 0 };

	assert_int_equal(fact_set_str(&f.name, &a, c->name), 0);
	assert_int_equal(fact_set_str(&f.hyperv_mode, &a, c->mode), 0);
	if (c->feature)
		add_feature(&f, &a, c);
	if (c->medium)
		add_medium(&f, &a, c->medium);
	if (c->arg)
		assert_int_equal(fact_add_str(&f.qemu_args, &a, c->arg), 0);
	assert_int_equal(guest_os_decide_by(&f, c->id, c->words, &a), 0);
	if (f.guest_os.known != !!c->os || (c->os && strcmp(f.guest_os.v, c->os) != 0))
		fail_msg("%s %s: %s", c->id ? c->id : "", c->name ? c->name : "",
			 f.guest_os.known ? f.guest_os.v : "unknown");
	assert_int_equal(f.guest_os_from.known, f.guest_os.known);
	if (c->from)
		assert_string_equal(f.guest_os_from.v, c->from);
}

static void test_evidence(void **state)
{
	static const struct config configs[] = {
		{ .os = NULL },
		{ .id = "http://microsoft.com/win/10",
		  .os = "windows",
		  .from = "libosinfo: http://microsoft.com/win/10" },
		{ .id = "http://microsoft.com/win/2k19", .os = "windows" },
		{ .id = "http://microsoft.com/msdos/6.22", .os = "other" },
		{ .id = "http://ubuntu.com/ubuntu/24.04", .os = "linux" },
		{ .id = "http://libosinfo.org/linux/2022", .os = "linux" },
		{ .id = "http://apple.com/macosx/10.7", .os = "other" },
		{ .id = "http://freebsd.org/freebsd/14.0", .os = "other" },
		{ .id = "http://libosinfo.org/unknown" },
		{ .id = "http://example.org/thing" },
		/* a weaker kind where the id says nothing */
		{ .id = "http://libosinfo.org/unknown", .name = "win11", .os = "windows" },
		{ .feature = "hyperv.relaxed", .os = "windows", .from = "Hyper-V enlightenments" },
		{ .feature = "hyperv.vapic", .os = "windows" },
		{ .feature = "hyperv.spinlocks", .os = "windows" },
		{ .feature = "hyperv.relaxed", .value = "off" },
		{ .feature = "hyperv.vpindex" },
		{ .mode = "passthrough", .os = "windows" },
		{ .mode = "custom" },
		{ .arg = "isa-applesmc,osk=x", .os = "other", .from = "Apple's SMC" },
		{ .arg = "virtio-scsi" },
		{ .name = "win10-gpu", .os = "windows", .from = "its name: win10-gpu" },
		{ .name = "Windows10", .os = "windows" },
		{ .name = "gaming-w11", .os = "windows" },
		{ .name = "vfiowin10", .os = "windows" },
		{ .name = "WIN_gaming", .os = "windows" },
		{ .name = "darwin10", .os = "other" },
		{ .name = "winter" },
		{ .name = "wine" },
		{ .name = "machine" },
		{ .name = "archive" },
		{ .name = "search1" },
		{ .name = "arch", .os = "linux" },
		{ .name = "ubuntu22.04", .os = "linux" },
		{ .name = "debian12-build", .os = "linux" },
		{ .name = "Archlinux", .os = "linux" },
		{ .name = "macOS-simple-KVM", .os = "other" },
		{ .name = "x", .words = "Windows 11 for games", .os = "windows" },
		{ .medium = "/iso/virtio-win-0.1.240.iso",
		  .os = "windows",
		  .from = "a medium: virtio-win-0.1.240.iso" },
		{ .medium = "/home/user/Win10_1607_x64.iso", .os = "windows" },
		{ .medium = "/dev/vg/Windows10", .os = "windows" },
		{ .medium = "Fedora-Live-23-10.iso", .os = "linux" },
		/* folders do not count */
		{ .medium = "/home/windows/disk.img" },
		{ .medium = "/srv/ubuntu/disk.img" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(configs); i++)
		check_config(&configs[i]);
}

static void test_conflicts(void **state)
{
	static const struct config configs[] = {
		/* a stronger kind wins over names */
		{ .id = "http://microsoft.com/win/10", .name = "fedora", .os = "windows" },
		{ .feature = "hyperv.vapic", .name = "gentoo-vm", .os = "windows" },
		{ .id = "http://microsoft.com/win/10", .feature = "hyperv.vapic", .os = "windows" },
		/* two strong ones against each other */
		{ .id = "http://debian.org/debian/12", .feature = "hyperv.vapic", .name = "win10" },
		{ .id = "http://microsoft.com/win/10", .arg = "isa-applesmc" },
		{ .feature = "hyperv.vapic", .arg = "isa-applesmc", .name = "win10" },
		/* words against words */
		{ .name = "win10", .medium = "/iso/ubuntu-24.04.iso" },
		{ .name = "windows-or-linux" },
		{ .name = "debian", .words = "was a Windows guest" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(configs); i++)
		check_config(&configs[i]);
}

static void test_hostile_words(void **state)
{
	auto_arena struct arena a = { 0 };
	struct domain_facts f = { 0 };
	char name[5000];

	(void)state;
	memset(name, 'a', sizeof(name));
	memcpy(name, "win10 \x1b[2J\xff", 11);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(fact_set_str(&f.name, &a, name), 0);
	assert_int_equal(guest_os_decide(&f, NULL, &a), 0);
	assert_true(fact_is(&f.guest_os, "windows"));
	assert_null(strchr(f.guest_os_from.v, '\x1b'));
	assert_in_range(strlen(f.guest_os_from.v), 1, 100);
}

static void test_no_memory(void **state)
{
	auto_arena struct arena a = { .max = 1 };
	struct domain_facts f = { 0 };

	(void)state;
	assert_int_equal(guest_os_decide(&f, "http://microsoft.com/win/10", &a), -ENOMEM);
	assert_false(f.guest_os.known || f.guest_os_from.known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_evidence),
		cmocka_unit_test(test_conflicts),
		cmocka_unit_test(test_hostile_words),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
