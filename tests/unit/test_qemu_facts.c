/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each option of QEMU says in the words of domain.h. */
#include <string.h>

#include "core/doc.h"
#include "probes/parse/qemu_args.h"
#include "tests/lib/check.h"

struct wanted {
	const char *args;
	const char *fact, *json; /* json NULL: unknown */
};

static struct doc *encode(const char *command)
{
	auto_arena struct arena a = { 0 };
	struct domain_facts facts = { 0 };
	struct qemu_args_note *notes;
	struct fact_strs args;
	struct doc *d;

	assert_int_equal(qemu_args_split(text_of(command), &a, &args), 0);
	assert_int_equal(qemu_args_parse(&args, &a, &facts, &notes), 0);
	assert_int_equal(schema_encode(&domain_schema, &facts, &d), 0);
	return d;
}

/* {"v":…}, or {} when it is not known. */
static char *print_fact(const char *command, const char *fact)
{
	auto_doc struct doc *all = encode(command), *one = doc_object_new();
	const struct doc *value = doc_get(all, fact);

	assert_non_null(one);
	if (value)
		assert_int_equal(doc_put(one, "v", doc_ref(value)), 0);
	return doc_print(one, false);
}

static void check(const struct wanted *w)
{
	auto_free char *command = NULL, *want = NULL, *is = NULL;

	/* A name of its own, so that nothing but the case decides. */
	assert_true(asprintf(&command, "qemu-system-x86_64 %s", w->args) > 0);
	assert_true(asprintf(&want, w->json ? "{\"v\":%s}" : "{}", w->json) > 0);
	is = print_fact(command, w->fact);
	assert_non_null(is);
	if (!text_equal(text_trim(text_of(is)), want))
		fail_msg("%s\n  %s is %s\n  not %s", w->args, w->fact, is, want);
}

static void check_all(const struct wanted *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check(&w[i]);
}

#define SET(name, value) "{\"name\":\"" name "\",\"value\":\"" value "\"}"
#define PC               SET("apic", "on") "," SET("acpi", "on")

static void test_cpu(void **state)
{
	static const struct wanted cases[] = {
		{ "-S", "cpu_mode", "\"custom\"" },
		{ "-S", "cpu_model", "\"qemu64\"" },
		{ "-cpu host", "cpu_mode", "\"host-passthrough\"" },
		{ "-cpu host", "cpu_model", NULL },
		{ "-cpu max,+avx", "cpu_mode", "\"maximum\"" },
		{ "-cpu Penryn,vendor=GenuineIntel", "cpu_mode", "\"custom\"" },
		{ "-cpu Penryn,vendor=GenuineIntel", "cpu_model", "\"Penryn\"" },
		/* The last one counts, and nothing of the others. */
		{ "-cpu host,+svm -cpu EPYC", "cpu_model", "\"EPYC\"" },
		{ "-cpu host,+svm -cpu EPYC", "cpu_features", "[]" },
		{ "-cpu host,+invtsc,-hypervisor,topoext=on,svm=off,vmx", "cpu_features",
		  "[" SET("invtsc", "require") "," SET("hypervisor", "disable") "," SET(
			  "topoext", "require") "," SET("svm", "disable") "," SET("vmx",
										  "require") "]" },
		{ "-cpu host,tsc_adjust=on,+cmp-legacy,+sse4_1,kvm_pv_unhalt=on", "cpu_features",
		  "[" SET("tsc_adjust", "require") "," SET("cmp_legacy", "require") "," SET(
			  "sse4.1", "require") "," SET("kvm_pv_unhalt", "require") "]" },
		{ "-cpu host,check,enforce=on,x-foo=on,host-phys-bits=on,family=6,level=$X,hv-crash,"
		  "hv_enforce_cpuid=on,=on,+",
		  "cpu_features", "[]" },
		{ "-cpu host,+avx,avx=off", "cpu_features", "[" SET("avx", "disable") "]" },
		{ "-cpu host,migratable=off", "is_migratable", "false" },
		{ "-cpu host,+migratable", "is_migratable", "true" },
		{ "-cpu host,migratable=$M", "is_migratable", NULL },
		{ "-cpu host", "is_migratable", NULL },
		{ "-cpu host", "cpu_cache", NULL },
		{ "-cpu host,host-cache-info=on,l3-cache=off", "cpu_cache", "\"passthrough\"" },
		{ "-cpu host,l3-cache=on,host-cache-info=off", "cpu_cache", "\"emulate\"" },
		{ "-cpu host,host-cache-info=off,l3-cache=off", "cpu_cache", "\"disable\"" },
	};

	(void)state;
	check_all(cases, ARRAY_SIZE(cases));
}

static void test_features(void **state)
{
	static const struct wanted cases[] = {
		{ "-S", "features", "[" PC "]" },
		{ "-cpu host,kvm=off", "features", "[" PC "," SET("kvm.hidden", "on") "]" },
		{ "-cpu host,kvm=on", "features", "[" PC "," SET("kvm.hidden", "off") "]" },
		{ "-cpu host,kvm=$K", "features", "[" PC "]" },
		{ "-cpu host,hv_relaxed,hv-vapic=on,hv_stimer=off,hv-stimer-direct", "features",
		  "[" PC "," SET("hyperv.relaxed", "on") "," SET("hyperv.vapic", "on") "," SET(
			  "hyperv.stimer", "off") "," SET("hyperv.stimer.direct", "on") "]" },
		{ "-cpu host,hv_spinlocks=0x1fff", "features",
		  "[" PC "," SET("hyperv.spinlocks", "on") "," SET("hyperv.spinlocks.retries",
								   "8191") "]" },
		{ "-cpu host,hv-spinlocks=8191", "features",
		  "[" PC "," SET("hyperv.spinlocks", "on") "," SET("hyperv.spinlocks.retries",
								   "8191") "]" },
		{ "-cpu host,hv-spinlocks=-1", "features",
		  "[" PC "," SET("hyperv.spinlocks", "on") "," SET("hyperv.spinlocks.retries",
								   "4294967295") "]" },
		{ "-cpu host,hv-spinlocks=0xfffffffffffffffff", "features", "[" PC "]" },
		{ "-cpu host,hv_vendor_id=12alphanum", "features",
		  "[" PC "," SET("hyperv.vendor_id", "on") "," SET("hyperv.vendor_id.value",
								   "12alphanum") "]" },
		{ "-cpu host,hv-tlbflush-ext,hv_emsr_bitmap=on,hv-no-nonarch-coresharing=auto",
		  "features",
		  "[" PC "," SET("hyperv.tlbflush.extended", "on") "," SET(
			  "hyperv.emsr_bitmap", "on") "," SET("hyperv.no_nonarch_coresharing",
							      "auto") "]" },
		{ "-cpu host,hv-passthrough", "hyperv_mode", "\"passthrough\"" },
		{ "-cpu host,hv-passthrough=off", "hyperv_mode", NULL },
		{ "-cpu host,+kvm_pv_eoi,kvm-hint-dedicated=on,pmu=off", "features",
		  "[" PC "," SET("apic.eoi", "on") "," SET("kvm.hint-dedicated",
							   "on") "," SET("pmu", "off") "]" },
		{ "-cpu host,-apic", "features", "[" SET("apic", "off") "," SET("acpi", "on") "]" },
		{ "-no-acpi", "features", "[" SET("apic", "on") "]" },
		{ "-M q35,acpi=off", "features", "[" SET("apic", "on") "]" },
		{ "-machine q35,vmport=off,smm=on", "features",
		  "[" PC "," SET("vmport", "off") "," SET("smm", "on") "]" },
		{ "-machine q35,vmport=auto", "features", "[" PC "]" },
		{ "-machine q35,kernel_irqchip=on", "features",
		  "[" PC "," SET("ioapic.driver", "kvm") "]" },
		{ "-accel kvm,kernel-irqchip=split", "features",
		  "[" PC "," SET("ioapic.driver", "qemu") "]" },
	};

	(void)state;
	check_all(cases, ARRAY_SIZE(cases));
}

static void test_clock(void **state)
{
	static const struct wanted cases[] = {
		{ "-S", "clock_offset", "\"utc\"" },
		{ "-rtc base=localtime", "clock_offset", "\"localtime\"" },
		{ "-localtime", "clock_offset", "\"localtime\"" },
		{ "-rtc base=2026-02-14T00:01:30", "clock_offset", "\"absolute\"" },
		{ "-rtc base=$BASE", "clock_offset", NULL },
		{ "-S", "timers", "[]" },
		{ "-rtc clock=vm,driftfix=slew", "timers",
		  "[{\"name\":\"rtc\",\"tickpolicy\":\"catchup\",\"track\":\"guest\"}]" },
		{ "-rtc clock=host", "timers", "[{\"name\":\"rtc\",\"track\":\"wall\"}]" },
		{ "-rtc clock=moon", "timers", "[]" },
		{ "-global kvm-pit.lost_tick_policy=delay", "timers",
		  "[{\"name\":\"pit\",\"tickpolicy\":\"delay\"}]" },
		{ "-global driver=kvm-pit,property=lost_tick_policy,value=discard", "timers",
		  "[{\"name\":\"pit\",\"tickpolicy\":\"discard\"}]" },
		{ "-global driver=kvm-pit,property=lost-tick-policy,value=discard", "timers",
		  "[{\"name\":\"pit\",\"tickpolicy\":\"discard\"}]" },
		{ "-no-kvm-pit-reinjection", "timers",
		  "[{\"name\":\"pit\",\"tickpolicy\":\"discard\"}]" },
		{ "-no-hpet", "timers", "[{\"name\":\"hpet\",\"is_present\":false}]" },
		{ "-M q35,hpet=off", "timers", "[{\"name\":\"hpet\",\"is_present\":false}]" },
		{ "-M q35,hpet=on", "timers", "[{\"name\":\"hpet\",\"is_present\":true}]" },
		{ "-cpu host,hv_time,kvmclock=off", "timers",
		  "[{\"name\":\"hypervclock\",\"is_present\":true},"
		  "{\"name\":\"kvmclock\",\"is_present\":false}]" },
		{ "-cpu host,tsc-frequency=3000000000", "timers", "[{\"name\":\"tsc\"}]" },
	};

	(void)state;
	check_all(cases, ARRAY_SIZE(cases));
}

static void test_board(void **state)
{
	static const struct wanted cases[] = {
		{ "-S", "machine", "\"pc\"" },
		{ "-M pc-q35-7.2", "machine", "\"pc-q35-7.2\"" },
		{ "-S", "arch", "\"x86_64\"" },
		{ "-S", "firmware", "\"bios\"" },
		{ "-bios /usr/share/ovmf/OVMF.fd", "firmware", "\"efi\"" },
		{ "-bios /usr/share/seabios/bios.bin", "firmware", "\"bios\"" },
		{ "-bios $X", "firmware", NULL },
		{ "-drive if=pflash,file=x,readonly", "firmware", "\"efi\"" },
		{ "-pflash x", "firmware", "\"efi\"" },
		{ "-machine q35,pflash0=code", "firmware", "\"efi\"" },
		{ "-S", "is_secure_boot", "false" },
		{ "-pflash x", "is_secure_boot", NULL },
		{ "-pflash x -global driver=cfi.pflash01,property=secure,value=on",
		  "is_secure_boot", "true" },
		{ "-S", "smbios", NULL },
		{ "-smbios type=1,uuid=x", "smbios", "\"sysinfo\"" },
		{ "-name a,debug-threads=on", "has_debug_threads", "true" },
		{ "-name a", "has_debug_threads", "false" },
		{ "-smp 2,maxcpus=8", "n_current_vcpus", "2" },
		{ "-smp 8,maxcpus=8", "n_current_vcpus", NULL },
	};

	(void)state;
	check_all(cases, ARRAY_SIZE(cases));
}

#define RAM(type, more) \
	"-m 1G -machine q35,memory-backend=ram -object memory-backend-" type ",id=ram,size=1G" more

static void test_memory(void **state)
{
	static const struct wanted cases[] = {
		{ "-S", "is_locked", "false" },
		{ "-overcommit mem-lock=on", "is_locked", "true" },
		{ "-realtime mlock=on", "is_locked", "true" },
		{ "-S", "is_unmergeable", "false" },
		{ "-machine pc,mem-merge=off", "is_unmergeable", "true" },
		{ RAM("ram", ",merge=off"), "is_unmergeable", "true" },
		{ "-S", "memory_allocation", NULL },
		{ "-mem-prealloc", "memory_allocation", "\"immediate\"" },
		{ RAM("memfd", ",prealloc=yes,share=on"), "memory_allocation", "\"immediate\"" },
		{ RAM("memfd", ",prealloc=yes,share=on"), "memory_access", "\"shared\"" },
		{ RAM("memfd", ",share=off"), "memory_access", "\"private\"" },
		{ "-S", "cells", "[]" },
		{ "-numa node,nodeid=1,cpus=0-1,cpus=4,mem=512 -numa dist,src=0,dst=1,val=20",
		  "cells", "[{\"id\":1,\"cpus\":\"0-1,4\",\"memory_kib\":524288}]" },
		{ "-numa node,cpus=0,memdev=m -object memory-backend-ram,id=m,size=1048576",
		  "cells", "[{\"id\":0,\"cpus\":\"0\",\"memory_kib\":1024}]" },
		{ "-numa node,cpus=0-4294967295", "cells", "[{\"id\":0}]" },
	};

	(void)state;
	check_all(cases, ARRAY_SIZE(cases));
}

static void test_network(void **state)
{
	static const struct wanted cases[] = {
		/* A card that nobody asked for is not told. */
		{ "-S", "interfaces", "[]" },
		{ "-net none", "interfaces", "[]" },
		{ "-nic none", "interfaces", "[]" },
		{ "-device e1000e,netdev=n -netdev user,id=n", "interfaces",
		  "[{\"type\":\"user\",\"model\":\"e1000e\",\"has_vhost\":false}]" },
		{ "-device virtio-net-pci,netdev=n,mq=on -netdev tap,id=n,ifname=tap0,script=no,"
		  "queues=4,vhost=on",
		  "interfaces",
		  "[{\"type\":\"ethernet\",\"model\":\"virtio\",\"driver\":\"vhost\","
		  "\"n_queues\":4,\"has_vhost\":true}]" },
		{ "-netdev tap,fds=30:31:32,id=n,vhost=on,vhostfds=33:34:35 "
		  "-device '{\"driver\":\"virtio-net-pci\",\"mq\":true,\"netdev\":\"n\"}'",
		  "interfaces",
		  "[{\"model\":\"virtio\",\"driver\":\"vhost\",\"n_queues\":3,\"has_vhost\":true}]" },
		{ "-netdev '{\"type\":\"tap\",\"fd\":\"30\",\"vhost\":true,\"vhostfd\":\"31\","
		  "\"id\":\"n\"}' -device virtio-net-pci,netdev=n",
		  "interfaces",
		  "[{\"model\":\"virtio\",\"driver\":\"vhost\",\"has_vhost\":true}]" },
		{ "-netdev tap,id=n,vhost=off -device virtio-net,netdev=n", "interfaces",
		  "[{\"type\":\"ethernet\",\"model\":\"virtio\",\"driver\":\"qemu\","
		  "\"has_vhost\":false}]" },
		{ "-netdev type=tap,id=n,ifname=tap1i0,script=/var/lib/qemu-server/pve-bridge,"
		  "vhost=on -device virtio-net-pci,netdev=n",
		  "interfaces",
		  "[{\"type\":\"bridge\",\"model\":\"virtio\",\"driver\":\"vhost\","
		  "\"has_vhost\":true}]" },
		{ "-netdev bridge,br=br0,id=n -device rtl8139,netdev=n", "interfaces",
		  "[{\"type\":\"bridge\",\"model\":\"rtl8139\",\"source\":\"br0\","
		  "\"has_vhost\":false}]" },
		{ "-netdev vhost-vdpa,vhostdev=/dev/vhost-vdpa-0,id=n -device virtio-net,netdev=n",
		  "interfaces",
		  "[{\"type\":\"vdpa\",\"model\":\"virtio\",\"source\":\"/dev/vhost-vdpa-0\"}]" },
		{ "-net nic -net user,smb=/x", "interfaces",
		  "[{\"type\":\"user\",\"has_vhost\":false}]" },
		{ "-net nic,vlan=1,model=virtio -net user -net bridge,vlan=1,br=b", "interfaces",
		  "[{\"type\":\"bridge\",\"model\":\"virtio\",\"source\":\"b\",\"has_vhost\":false}]" },
		{ "-nic user,model=virtio-net-pci", "interfaces",
		  "[{\"type\":\"user\",\"model\":\"virtio\",\"has_vhost\":false}]" },
		{ "-device vmxnet3,netdev=gone", "interfaces", "[{\"model\":\"vmxnet3\"}]" },
		{ "-device virtio-net-pci,netdev=n -netdev tap,id=n,queues=many,script=no",
		  "interfaces",
		  "[{\"type\":\"ethernet\",\"model\":\"virtio\",\"has_vhost\":false}]" },
	};

	(void)state;
	check_all(cases, ARRAY_SIZE(cases));
}

static void test_controllers(void **state)
{
	static const struct wanted cases[] = {
		{ "-S", "controllers", "[]" },
		{ "-usb", "controllers",
		  "[{\"type\":\"usb\",\"index\":0,\"model\":\"piix3-uhci\"}]" },
		{ "-M q35,usb=on", "controllers",
		  "[{\"type\":\"usb\",\"index\":0,\"model\":\"ich9-ehci1\"}]" },
		{ "-object iothread,id=io -device virtio-scsi-pci,id=x,num_queues=4,iothread=io "
		  "-device virtio-scsi-pci,id=scsi7 -device nec-usb-xhci,id=usb -device ahci,id=ahci0",
		  "controllers",
		  "[{\"type\":\"scsi\",\"index\":0,\"model\":\"virtio-scsi\",\"n_queues\":4,"
		  "\"iothread\":1},"
		  "{\"type\":\"scsi\",\"index\":7,\"model\":\"virtio-scsi\"},"
		  "{\"type\":\"usb\",\"index\":0,\"model\":\"nec-xhci\"},"
		  "{\"type\":\"sata\",\"index\":0}]" },
		{ "-device '{\"driver\":\"pcie-root-port\",\"id\":\"pci.3\"}' -device ioh3420",
		  "controllers",
		  "[{\"type\":\"pci\",\"index\":3,\"model\":\"pcie-root-port\"},"
		  "{\"type\":\"pci\",\"index\":1,\"model\":\"pcie-root-port\"}]" },
		{ "-device vfio-pci,host=1:00.0 -device vfio-pci,host=$GPU -device usb-host "
		  "-usbdevice host:1:2 -usbdevice tablet",
		  "hostdevs",
		  "[{\"type\":\"pci\",\"address\":\"0000:01:00.0\"},{\"type\":\"pci\"},"
		  "{\"type\":\"usb\"},{\"type\":\"usb\"}]" },
		{ "-device vfio-pci,host=01:00.0,iommufd=f "
		  "-device vfio-pci,sysfsdev=/sys/bus/mdev/devices/53764d0e",
		  "hostdevs",
		  "[{\"type\":\"pci\",\"address\":\"0000:01:00.0\",\"driver\":\"iommufd\"},"
		  "{\"type\":\"mdev\"}]" },
	};

	(void)state;
	check_all(cases, ARRAY_SIZE(cases));
}

static void test_input(void **state)
{
	static const struct wanted cases[] = {
		{ "-S", "inputs", "[]" },
		{ "-device usb-tablet -usbdevice mouse -device virtio-keyboard-pci", "inputs",
		  "[{\"type\":\"tablet\",\"bus\":\"usb\"},{\"type\":\"mouse\",\"bus\":\"usb\"},"
		  "{\"type\":\"keyboard\",\"bus\":\"virtio\"}]" },
		{ "-device virtio-input-host-pci,evdev=/dev/input/event3", "inputs",
		  "[{\"type\":\"passthrough\",\"bus\":\"virtio\","
		  "\"source\":\"/dev/input/event3\"}]" },
		{ "-object input-linux,id=k,evdev=/dev/input/by-id/k,grab_all=on,repeat=on",
		  "inputs",
		  "[{\"type\":\"evdev\",\"source\":\"/dev/input/by-id/k\",\"grab\":\"all\"}]" },
		{ "-object '{\"qom-type\":\"input-linux\",\"evdev\":\"/dev/input/m\"}'", "inputs",
		  "[{\"type\":\"evdev\",\"source\":\"/dev/input/m\"}]" },
	};

	(void)state;
	check_all(cases, ARRAY_SIZE(cases));
}

static void test_display(void **state)
{
	static const struct wanted cases[] = {
		{ "-S", "graphics", NULL },
		{ "-nographic", "graphics", "[]" },
		{ "-display none -vnc :0 -spice port=1", "graphics", "[\"vnc\",\"spice\"]" },
		{ "-vnc none -sdl", "graphics", "[\"sdl\"]" },
		{ "-display spice-app -spice port=1", "graphics", "[\"spice\"]" },
		{ "-display gtk,gl=on", "graphics", "[\"gtk\"]" },
		{ "-S", "videos", "[\"vga\"]" },
		{ "-nodefaults", "videos", "[]" },
		{ "-vga none", "videos", "[\"none\"]" },
		{ "-vga qxl", "videos", "[\"qxl\"]" },
		{ "-vga none -device virtio-vga-gl", "videos", "[\"none\",\"virtio\"]" },
		{ "-device qxl-vga,id=video0", "videos", "[\"qxl\"]" },
		{ "-S", "sounds", "[]" },
		{ "-device ich9-intel-hda -device hda-duplex", "sounds", "[\"ich9\"]" },
		{ "-soundhw hda", "sounds", "[\"ich6\"]" },
		{ "-audio pa,model=hda", "sounds", "[\"ich6\"]" },
		{ "-S", "audio_driver", NULL },
		{ "-audiodev pa,id=a,out.buffer-length=4000,timer-period=1000", "audio_driver",
		  "\"pulseaudio\"" },
		{ "-audiodev pa,id=a,timer-period=1000", "audio_timer_us", "1000" },
		{ "-audiodev '{\"id\":\"audio1\",\"driver\":\"spice\"}'", "audio_driver",
		  "\"spice\"" },
	};

	(void)state;
	check_all(cases, ARRAY_SIZE(cases));
}

static void test_devices(void **state)
{
	static const struct wanted cases[] = {
		{ "-S", "balloon", "\"none\"" },
		{ "-device virtio-balloon-pci,id=b", "balloon", "\"virtio\"" },
		{ "-balloon virtio", "balloon", "\"virtio\"" },
		{ "-balloon none", "balloon", "\"none\"" },
		{ "-S", "tpm", NULL },
		{ "-device tpm-crb,tpmdev=t -tpmdev emulator,id=t,chardev=c", "tpm",
		  "\"tpm-crb\"" },
		{ "-device tpm-crb,tpmdev=t -tpmdev emulator,id=t,chardev=c", "tpm_backend",
		  "\"emulator\"" },
		{ "-device i6300esb", "watchdog", "\"i6300esb\"" },
		{ "-watchdog ib700", "watchdog", "\"ib700\"" },
		{ "-serial none", "n_serials", "0" },
		{ "-serial pty -device isa-serial -device virtserialport,name=x -device usb-redir",
		  "n_serials", "2" },
		{ "-serial pty -device virtserialport,name=x -device usb-redir", "n_channels",
		  "1" },
		{ "-device virtserialport,name=x -device usb-redir -device usb-redir",
		  "n_usb_redirections", "2" },
		{ "-device ivshmem-plain,memdev=m", "has_shmem", "true" },
		{ "-S", "has_shmem", "false" },
		{ "-S", "guest_os", NULL },
		{ "-name win10", "guest_os", "\"windows\"" },
		{ "-cpu host,hv_relaxed,hv_vapic", "guest_os", "\"windows\"" },
	};

	(void)state;
	check_all(cases, ARRAY_SIZE(cases));
}

/* The same of programs of other names, and of options without a program. */
static void test_programs(void **state)
{
	static const struct {
		const char *command, *fact, *json;
	} cases[] = {
		{ "/usr/bin/kvm -id 100 -name a", "arch", NULL },
		{ "/usr/bin/kvm -id 100 -name a", "cpu_model", "\"qemu64\"" },
		{ "/usr/bin/kvm -id 100 -name a", "machine", "\"pc\"" },
		{ "qemu-system-i386 -S", "arch", "\"i686\"" },
		{ "qemu-system-i386 -S", "cpu_model", "\"qemu32\"" },
		{ "qemu-system-aarch64 -M virt", "cpu_mode", NULL },
		{ "qemu-system-aarch64 -M virt", "features", "[]" },
		{ "qemu-system-aarch64 -M virt", "firmware", NULL },
		{ "qemu-system-aarch64 -M virt -usb", "controllers",
		  "[{\"type\":\"usb\",\"index\":0}]" },
		/* an excerpt says nothing by what it leaves out */
		{ "-m 1G -smp 2", "memory_kib", "1048576" },
		{ "-m 1G -smp 2", "cpu_mode", NULL },
		{ "-m 1G -smp 2", "balloon", NULL },
		{ "-m 1G -smp 2", "clock_offset", NULL },
		{ "-m 1G -smp 2", "is_locked", NULL },
		{ "-m 1G -smp 2", "firmware", NULL },
		{ "-m 1G -smp 2", "videos", "[]" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *is = print_fact(cases[i].command, cases[i].fact), *want = NULL;

		assert_true(asprintf(&want, cases[i].json ? "{\"v\":%s}" : "{}", cases[i].json) >
			    0);
		if (!text_equal(text_trim(text_of(is)), want))
			fail_msg("%s\n  %s is %s\n  not %s", cases[i].command, cases[i].fact, is,
				 want);
	}
}

static void test_are_any(void **state)
{
	static const struct {
		const char *text;
		bool are;
	} cases[] = {
		{ "qemu-system-x86_64", true },
		{ "/usr/bin/kvm", true },
		{ "-m 8G", true },
		{ "my-wrapper -m 8G", true },
		{ "my-wrapper --device x", true },
		{ "", false },
		{ "<domain type='kvm'>\n<name>a</name>\n</domain>", false },
		{ "hello world", false },
		{ "qemu-img convert a b", false },
		{ "a\nb\n-c\n", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_arena struct arena a = { 0 };
		struct fact_strs args;

		assert_int_equal(qemu_args_split(text_of(cases[i].text), &a, &args), 0);
		if (qemu_args_are_any(&args) != cases[i].are)
			fail_msg("%s", cases[i].text);
	}
}

/* One guest in the ways people write it down. */
static void test_styles(void **state)
{
	static const char *const styles[] = {
		"qemu-system-x86_64 -m 8G -name 'a b' -cpu host,kvm=off "
		"-device vfio-pci,host=01:00.0 -drive file=/x,if=none,id=d,cache=none "
		"-device virtio-blk-pci,drive=d",
		"/usr/bin/qemu-system-x86_64\n-m\n8G\n-name\na b\n-cpu\nhost,kvm=off\n"
		"-device\nvfio-pci,host=0000:01:00.0\n-drive\nfile=/x,if=virtio,cache=none\n",
		"LC_ALL=C \\\n/usr/bin/qemu-system-x86_64 \\\n-m size=8388608k \\\n"
		"-name 'guest=a b' \\\n-cpu host,kvm=off \\\n"
		"-device '{\"driver\":\"vfio-pci\",\"host\":\"0000:01:00.0\"}' \\\n"
		"-drive file=/x,if=none,id=d,cache=none \\\n"
		"-device '{\"driver\":\"virtio-blk-pci\",\"drive\":\"d\"}'\n",
		"#!/bin/bash\nRAM=8G # much\nGPU='01:00.0'\nOPTS=\"-m $RAM -cpu host,kvm=off\"\n"
		"args=(-name 'a b'\n -device vfio-pci,host=$GPU # card\n)\n"
		"exec qemu-system-x86_64 $OPTS \"${args[@]}\" \\\n"
		"  -drive \"file=/x,if=virtio,cache=none\" &\nsleep 1\n",
	};
	auto_doc struct doc *first = encode(styles[0]);

	(void)state;
	for (size_t i = 1; i < ARRAY_SIZE(styles); i++) {
		auto_doc struct doc *other = encode(styles[i]);
		auto_free char *text = doc_print(other, true);

		if (!doc_equal(first, other))
			fail_msg("%s\ngives\n%s", styles[i], text);
	}
}

static void who_started_it(void **state)
{
	static const struct wanted rows[] = {
		{ "-name a", "manager", NULL },
		{ "-id 100 -name a", "manager", "\"proxmox\"" },
		{ "-id 100 -name a", "vmid", "100" },
		{ "-id x", "manager", NULL },
		{ "-object '{\"qom-type\":\"secret\",\"id\":\"masterKey0\"}'", "manager",
		  "\"libvirt\"" },
		{ "-object secret,id=masterKey0,format=raw", "manager", "\"libvirt\"" },
		{ "-object secret,id=other,format=raw", "vmid", NULL },
	};

	(void)state;
	check_all(rows, ARRAY_SIZE(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_started_it), cmocka_unit_test(test_cpu),
		cmocka_unit_test(test_features),  cmocka_unit_test(test_clock),
		cmocka_unit_test(test_board),     cmocka_unit_test(test_memory),
		cmocka_unit_test(test_network),   cmocka_unit_test(test_controllers),
		cmocka_unit_test(test_input),     cmocka_unit_test(test_display),
		cmocka_unit_test(test_devices),   cmocka_unit_test(test_programs),
		cmocka_unit_test(test_are_any),   cmocka_unit_test(test_styles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
