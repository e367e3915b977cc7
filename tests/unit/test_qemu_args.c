/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/doc.h"
#include "probes/parse/qemu_args.h"
#include "tests/lib/check.h"

struct parsed {
	struct arena arena;
	struct domain_facts facts;
	struct qemu_args_note *notes;
};

static void parsed_release(struct parsed *p)
{
	arena_release(&p->arena);
}

#define auto_parsed auto_cleanup(parsed_release)

static void parse(struct parsed *p, const char *command)
{
	struct fact_strs args;

	*p = (struct parsed){ 0 };
	assert_int_equal(qemu_args_split(text_of(command), &p->arena, &args), 0);
	assert_int_equal(qemu_args_parse(&args, &p->arena, &p->facts, &p->notes), 0);
}

static bool has_note(const struct parsed *p, const char *field)
{
	for (const struct qemu_args_note *n = p->notes; n; n = n->next) {
		if (!strcmp(n->field, field))
			return true;
	}
	return false;
}

/* A list as the document has it, "[…]". */
static char *list_text(const struct fact_list *list, const struct schema *item)
{
	auto_doc struct doc *array = doc_array_new();

	assert_non_null(array);
	assert_true(list->known);
	for (size_t i = 0; i < list->n; i++) {
		struct doc *d;

		assert_int_equal(schema_encode(item, (char *)list->v + i * item->size, &d), 0);
		assert_int_equal(doc_append(array, d), 0);
	}
	return doc_print(array, false);
}

static void assert_list(const struct fact_list *list, const struct schema *item, const char *want,
			const char *of)
{
	auto_free char *text = list_text(list, item);

	assert_non_null(text);
	if (!text_equal(text_trim(text_of(text)), want))
		fail_msg("%s\n  gives %s\n  not   %s", of, text, want);
}

/* -1: unknown. */
static int64_t number(const struct fact_u64 *f)
{
	return f->known ? (int64_t)f->v : -1;
}

static void test_smp(void **state)
{
	static const struct {
		const char *args;
		int64_t n_vcpus, sockets, dies, cores, threads;
	} cases[] = {
		{ "-S", 1, -1, -1, -1, -1 },
		{ "-smp 8", 8, -1, -1, -1, -1 },
		{ "-smp cpus=8", 8, -1, -1, -1, -1 },
		{ "-smp 8,sockets=1,dies=2,cores=2,threads=2", 8, 1, 2, 2, 2 },
		{ "-smp 8,sockets=1,cores=4,threads=2", 8, 1, 1, 4, 2 },
		{ "-smp 2,maxcpus=8,sockets=1,cores=4,threads=2", 8, 1, 1, 4, 2 },
		{ "-smp 4,cores=2,sockets=1", 4, 1, 1, 2, 2 },
		{ "-smp 8,cores=4", 8, 2, 1, 4, 1 },
		{ "-smp 8,sockets=2", 8, 2, 1, 4, 1 },
		{ "-smp 8,sockets=2,threads=2", 8, 2, 1, 2, 2 },
		{ "-smp 8,threads=2", 8, -1, -1, -1, 2 },
		{ "-smp sockets=1,cores=4,threads=2", 8, 1, 1, 4, 2 },
		{ "-smp 8,sockets=1,clusters=2,cores=2,threads=2", 8, 1, 1, 2, 2 },
		{ "-smp 7,cores=4", 7, -1, -1, 4, 1 },
		{ "-smp 8,sockets=0,cores=8", 8, 0, -1, 8, -1 },
		{ "-smp $N,sockets=1,cores=4,threads=2", -1, 1, -1, 4, 2 },
		{ "-smp 8,sockets=1,cores=$C", 8, 1, -1, -1, -1 },
		{ "-smp 8,cores=99999999999", 8, -1, -1, -1, -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *command = NULL;
		const struct domain_facts *f;
		auto_parsed struct parsed p;

		assert_true(asprintf(&command, "qemu-kvm %s", cases[i].args) > 0);
		parse(&p, command);
		f = &p.facts;
		if (number(&f->n_vcpus) != cases[i].n_vcpus ||
		    number(&f->sockets) != cases[i].sockets || number(&f->dies) != cases[i].dies ||
		    number(&f->cores) != cases[i].cores || number(&f->threads) != cases[i].threads)
			fail_msg("%s: %ld = %ld * %ld * %ld * %ld", cases[i].args,
				 (long)number(&f->n_vcpus), (long)number(&f->sockets),
				 (long)number(&f->dies), (long)number(&f->cores),
				 (long)number(&f->threads));
	}
}

static void test_name_and_type(void **state)
{
	static const struct {
		const char *command, *name, *type; /* NULL: unknown */
	} cases[] = {
		{ "qemu-system-x86_64 -m 1", NULL, "qemu" },
		{ "qemu-system-x86_64 -name win10", "win10", "qemu" },
		{ "qemu-system-x86_64 -name guest=a,,b,debug-threads=on -enable-kvm", "a,b",
		  "kvm" },
		{ "qemu-system-x86_64 --name debug-threads=on --enable-kvm", NULL, "kvm" },
		{ "qemu-system-x86_64 -name process=x -name a", "a", "qemu" },
		{ "qemu-system-x86_64 -accel kvm -accel tcg", NULL, "kvm" },
		{ "qemu-system-x86_64 -accel tcg -accel kvm", NULL, "qemu" },
		{ "qemu-system-x86_64 -machine q35,accel=kvm:tcg", NULL, "kvm" },
		{ "qemu-system-x86_64 -M pc -M accel=kvm", NULL, "kvm" },
		{ "qemu-system-x86_64 -machine q35,accel=tcg", NULL, "qemu" },
		{ "qemu-system-x86_64 -machine q35,accel=kvmx", NULL, "qemu" },
		{ "/usr/bin/kvm -id 100", NULL, "kvm" },
		{ "/usr/bin/kvm -accel tcg", NULL, "qemu" },
		{ "", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_parsed struct parsed p;

		parse(&p, cases[i].command);
		assert_int_equal(p.facts.name.known, cases[i].name != NULL);
		assert_int_equal(p.facts.type.known, cases[i].type != NULL);
		if (cases[i].name)
			assert_string_equal(p.facts.name.v, cases[i].name);
		if (cases[i].type && !fact_is(&p.facts.type, cases[i].type))
			fail_msg("%s: %s", cases[i].command, p.facts.type.v);
	}
}

#define OBJECT(type, rest) "-object memory-backend-" type ",id=ram" rest
#define MACHINE            " -machine q35,memory-backend=ram "

static void test_memory(void **state)
{
	static const struct {
		const char *args;
		int64_t memory_kib;
		int has_hugepages; /* -1: unknown */
		const char *pages; /* NULL: unknown */
	} cases[] = {
		{ "-S", -1, 0, "[]" },
		{ "-m 8192", 8388608, 0, "[]" },
		{ "-m 8G,slots=4,maxmem=32G", 8388608, 0, "[]" },
		{ "-m size=1000k", 1000, 0, "[]" },
		{ "-m 1025b", 2, 0, "[]" },
		{ "-m $RAM", -1, 0, "[]" },
		{ "-m 8G -mem-path /dev/hugepages -mem-prealloc", 8388608, 1,
		  "[{\"size_kib\":8388608}]" },
		{ "-m 1G -mem-path /dev/hugepages1G", 1048576, 1,
		  "[{\"page_kib\":1048576,\"size_kib\":1048576}]" },
		{ "-m 1G -mem-path /mnt/huge-2M/vm", 1048576, 1,
		  "[{\"page_kib\":2048,\"size_kib\":1048576}]" },
		{ "-m 1G -mem-path /hugetlbfs/2MB", 1048576, 1,
		  "[{\"page_kib\":2048,\"size_kib\":1048576}]" },
		{ "-m 1G -mem-path /run/hugepages-1048576kB", 1048576, 1,
		  "[{\"page_kib\":1048576,\"size_kib\":1048576}]" },
		{ "-m 1G -mem-path /dev/hugepages/1guest", 1048576, 1, "[{\"size_kib\":1048576}]" },
		{ "-m 1G -mem-path /dev/shm/x", 1048576, 0, "[]" },
		{ "-m 1G -mem-path /mnt/x", 1048576, -1, NULL },
		{ "-m 1G" MACHINE OBJECT("ram", ",size=1G"), 1048576, 0, "[]" },
		{ "-m 1G" MACHINE OBJECT("file", ",size=1G,mem-path=/dev/hugepages"), 1048576, 1,
		  "[{\"size_kib\":1048576}]" },
		{ "-m 1G" MACHINE OBJECT("memfd", ",size=1G,hugetlb=on,hugetlbsize=2M"), 1048576, 1,
		  "[{\"page_kib\":2048,\"size_kib\":1048576}]" },
		{ "-m 1G" MACHINE OBJECT("memfd", ",size=1G,hugetlb=off"), 1048576, 0, "[]" },
		{ "-m 1G" MACHINE OBJECT("memfd", ",size=1G"), 1048576, 0, "[]" },
		{ "-m 1G" MACHINE "-object '{\"qom-type\":\"memory-backend-memfd\",\"id\":\"ram\","
		  "\"hugetlb\":true,\"hugetlbsize\":1073741824,\"size\":1073741824}'",
		  1048576, 1, "[{\"page_kib\":1048576,\"size_kib\":1048576}]" },
		/* memory of a device, not of the guest */
		{ "-m 1G " OBJECT("file", ",size=32M,mem-path=/dev/hugepages/x"), 1048576, 0,
		  "[]" },
		{ "-m 2G -numa node,nodeid=1,memdev=ram -numa dist,src=0 -numa node "
		  "-numa node,memdev=b " OBJECT(
			  "memfd",
			  ",size=1G,hugetlb=on") " -object memory-backend-file,id=b,size=1G,mem-path=/hugepages",
		  2097152, 1,
		  "[{\"size_kib\":1048576,\"cells\":\"1\"},{\"size_kib\":1048576,\"cells\":\"2\"}]" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *command = NULL;
		auto_parsed struct parsed p;
		const struct fact_bool *huge = &p.facts.has_hugepages;

		assert_true(asprintf(&command, "qemu-kvm %s", cases[i].args) > 0);
		parse(&p, command);
		if (number(&p.facts.memory_kib) != cases[i].memory_kib ||
		    (huge->known ? huge->v : -1) != cases[i].has_hugepages ||
		    p.facts.pages.known != (cases[i].pages != NULL))
			fail_msg("%s", command);
		if (cases[i].pages)
			assert_list(&p.facts.pages, &domain_page_schema, cases[i].pages, command);
	}
}

static void test_memory_nodes(void **state)
{
	static const struct {
		const char *args, *nodes, *mode; /* NULL: unknown */
	} cases[] = {
		{ OBJECT("ram", ",size=1G,host-nodes=0-1,policy=bind"), "0-1", "strict" },
		{ OBJECT("ram", ",host-nodes=0,host-nodes=2,policy=interleave"), "0,2",
		  "interleave" },
		{ OBJECT("ram", ",host-nodes=1,policy=preferred"), "1", "preferred" },
		{ OBJECT("ram", ",host-nodes=1,policy=default"), NULL, NULL },
		{ OBJECT("ram", ",host-nodes=1"), NULL, NULL },
		{ OBJECT("ram", ",host-nodes=$N,policy=bind"), NULL, "strict" },
		{ "-object '{\"qom-type\":\"memory-backend-ram\",\"id\":\"ram\","
		  "\"host-nodes\":[0,1],\"policy\":\"bind\"}'",
		  "0-1", "strict" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *command = NULL;
		const struct domain_facts *f;
		auto_parsed struct parsed p;
		struct cpus want;

		assert_true(asprintf(&command, "qemu-kvm" MACHINE "%s", cases[i].args) > 0);
		parse(&p, command);
		f = &p.facts;
		assert_int_equal(f->memory_nodes.known, cases[i].nodes != NULL);
		assert_int_equal(f->memory_mode.known, cases[i].mode != NULL);
		assert_int_equal(cpus_parse_list(text_of(cases[i].nodes), &want), 0);
		if (cases[i].nodes)
			assert_true(cpus_equal(&f->memory_nodes.v, &want));
		if (cases[i].mode)
			assert_string_equal(f->memory_mode.v, cases[i].mode);
	}
}

/* Cells on different nodes: the whole on all of them, each page on its own. */
static void test_memory_of_cells(void **state)
{
	auto_parsed struct parsed p;
	struct cpus both;

	(void)state;
	parse(&p, "qemu-kvm -m 2G -numa node,memdev=a -numa node,memdev=b "
		  "-object memory-backend-memfd,id=a,size=1G,hugetlb=on,host-nodes=0,policy=bind "
		  "-object memory-backend-memfd,id=b,size=1G,hugetlb=on,host-nodes=1,"
		  "policy=preferred");
	assert_list(
		&p.facts.pages, &domain_page_schema,
		"[{\"size_kib\":1048576,\"cells\":\"0\",\"nodes\":\"0\",\"mode\":\"strict\"},"
		"{\"size_kib\":1048576,\"cells\":\"1\",\"nodes\":\"1\",\"mode\":\"preferred\"}]",
		"cells");
	assert_int_equal(cpus_parse_list(text_of("0-1"), &both), 0);
	assert_true(p.facts.memory_nodes.known && cpus_equal(&p.facts.memory_nodes.v, &both));
}

static void test_memory_source(void **state)
{
	static const struct {
		const char *args, *source; /* NULL: unknown */
	} cases[] = {
		{ "-m 1G", NULL },
		{ "-m 1G -mem-path /dev/hugepages", "file" },
		{ MACHINE OBJECT("ram", ""), "anonymous" },
		{ MACHINE OBJECT("memfd", ""), "memfd" },
		{ MACHINE OBJECT("file", ",mem-path=/dev/shm/x"), "file" },
		{ OBJECT("file", ",mem-path=/dev/shm/x"), NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *command = NULL;
		auto_parsed struct parsed p;

		assert_true(asprintf(&command, "qemu-kvm %s", cases[i].args) > 0);
		parse(&p, command);
		assert_int_equal(p.facts.memory_source.known, cases[i].source != NULL);
		if (cases[i].source)
			assert_string_equal(p.facts.memory_source.v, cases[i].source);
	}
}

static void test_disks(void **state)
{
	static const struct {
		const char *args, *want;
	} cases[] = {
		{ "-S", "[]" },
		{ "-drive file=/a,,b.qcow2,if=virtio,format=qcow2,cache=none,aio=native,discard=unmap",
		  "[{\"device\":\"disk\",\"bus\":\"virtio\",\"type\":\"file\",\"format\":\"qcow2\","
		  "\"source\":\"/a,b.qcow2\",\"cache\":\"none\",\"io\":\"native\","
		  "\"discard\":\"unmap\"}]" },
		{ "-drive file=/dev/sdb,discard=on",
		  "[{\"device\":\"disk\",\"bus\":\"ide\",\"type\":\"block\",\"source\":\"/dev/sdb\","
		  "\"discard\":\"unmap\"}]" },
		{ "-M q35 -drive file=/a.iso,media=cdrom,discard=off",
		  "[{\"device\":\"cdrom\",\"bus\":\"sata\",\"type\":\"file\",\"source\":\"/a.iso\","
		  "\"discard\":\"ignore\"}]" },
		{ "-drive if=pflash,file=/OVMF.fd -drive if=none,id=unused,file=/a -drive if=sd",
		  "[]" },
		{ "-drive if=floppy,file=/a",
		  "[{\"device\":\"floppy\",\"bus\":\"fdc\",\"type\":\"file\",\"source\":\"/a\"}]" },
		{ "-drive media=cdrom,file=",
		  "[{\"device\":\"cdrom\",\"bus\":\"ide\",\"type\":\"file\"}]" },
		{ "-drive media=cdrom", "[{\"device\":\"cdrom\",\"bus\":\"ide\"}]" },
		{ "-drive if=scsi,file=rbd:pool/x",
		  "[{\"device\":\"disk\",\"bus\":\"scsi\",\"type\":\"network\","
		  "\"source\":\"rbd:pool/x\"}]" },
		{ "-drive if=virtio,file.driver=https,file.url=https://x,cache.direct=on,file.aio=io_uring",
		  "[{\"device\":\"disk\",\"bus\":\"virtio\",\"type\":\"network\",\"cache\":\"none\","
		  "\"io\":\"io_uring\"}]" },
		{ "-hda /a.img -cdrom /b.iso -fda /c",
		  "[{\"device\":\"disk\",\"bus\":\"ide\",\"type\":\"file\",\"source\":\"/a.img\"},"
		  "{\"device\":\"cdrom\",\"bus\":\"ide\",\"type\":\"file\",\"source\":\"/b.iso\"},"
		  "{\"device\":\"floppy\",\"bus\":\"fdc\",\"type\":\"file\",\"source\":\"/c\"}]" },
		/* a device and its drive, in either order */
		{ "-device virtio-blk-pci,drive=d,iothread=io1,num-queues=4 -object iothread,id=io0 "
		  "-object iothread,id=io1 -drive if=none,id=d,file=/a,format=raw",
		  "[{\"device\":\"disk\",\"bus\":\"virtio\",\"type\":\"file\",\"format\":\"raw\","
		  "\"source\":\"/a\",\"iothread\":2,\"n_queues\":4}]" },
		{ "-object iothread,id=x -object iothread,id=iothread7 -drive if=none,id=d,file=/a "
		  "-device virtio-blk-pci,drive=d,iothread=iothread7,num_queues=many",
		  "[{\"device\":\"disk\",\"bus\":\"virtio\",\"type\":\"file\",\"source\":\"/a\","
		  "\"iothread\":7}]" },
		{ "-device virtio-blk,drive=gone -device virtio-blk-pci,id=x -device virtio-net,drive=d",
		  "[{\"device\":\"disk\",\"bus\":\"virtio\"}]" },
		/* a SCSI disk has its controller's iothread and queues */
		{ "-device virtio-scsi-pci,id=s0,num_queues=2 "
		  "-device virtio-scsi-pci,id=s1,num_queues=8,iothread=iothread1 "
		  "-drive if=none,id=d,file=/a -device scsi-hd,drive=d,bus=s1.0 "
		  "-device scsi-cd,drive=d -device scsi-block,drive=d,bus=gone.0",
		  "[{\"device\":\"disk\",\"bus\":\"scsi\",\"type\":\"file\",\"source\":\"/a\","
		  "\"iothread\":1,\"n_queues\":8,\"controller\":1},"
		  "{\"device\":\"cdrom\",\"bus\":\"scsi\",\"type\":\"file\",\"source\":\"/a\","
		  "\"n_queues\":2,\"controller\":0},"
		  "{\"device\":\"lun\",\"bus\":\"scsi\",\"type\":\"file\",\"source\":\"/a\"}]" },
		{ "-drive if=none,id=d,file=/a -device ide-hd,drive=d,bus=ide.0 "
		  "-device ide-cd,drive=d,bus=ahci0.1 -device usb-storage,drive=d "
		  "-device nvme,drive=d,serial=x -device floppy,drive=d",
		  "[{\"device\":\"disk\",\"bus\":\"ide\",\"type\":\"file\",\"source\":\"/a\"},"
		  "{\"device\":\"cdrom\",\"bus\":\"sata\",\"type\":\"file\",\"source\":\"/a\"},"
		  "{\"device\":\"disk\",\"bus\":\"usb\",\"type\":\"file\",\"source\":\"/a\"},"
		  "{\"device\":\"disk\",\"bus\":\"nvme\",\"type\":\"file\",\"source\":\"/a\"},"
		  "{\"device\":\"floppy\",\"bus\":\"fdc\",\"type\":\"file\",\"source\":\"/a\"}]" },
		/* nodes that refer to one another */
		{ "-blockdev '{\"driver\":\"host_device\",\"filename\":\"/dev/sdb\",\"aio\":\"native\","
		  "\"node-name\":\"s\",\"cache\":{\"direct\":true,\"no-flush\":false}}' "
		  "-blockdev '{\"node-name\":\"f\",\"driver\":\"raw\",\"file\":\"s\"}' "
		  "-device '{\"driver\":\"virtio-blk-pci\",\"drive\":\"f\",\"num-queues\":2}'",
		  "[{\"device\":\"disk\",\"bus\":\"virtio\",\"type\":\"block\",\"format\":\"raw\","
		  "\"source\":\"/dev/sdb\",\"cache\":\"none\",\"io\":\"native\",\"n_queues\":2}]" },
		{ "-blockdev driver=file,filename=/a,node-name=s,discard=unmap "
		  "-blockdev driver=qcow2,file=s,node-name=f "
		  "-blockdev driver=throttle,file=f,node-name=t -device ide-hd,drive=t",
		  "[{\"device\":\"disk\",\"bus\":\"ide\",\"type\":\"file\",\"format\":\"qcow2\","
		  "\"source\":\"/a\",\"discard\":\"unmap\"}]" },
		{ "-blockdev driver=qcow2,node-name=f,file.driver=nvme,file.device=0000:01:00.0 "
		  "-device ide-hd,drive=f",
		  "[{\"device\":\"disk\",\"bus\":\"ide\",\"type\":\"nvme\",\"format\":\"qcow2\"}]" },
		{ "-blockdev driver=raw,node-name=a,file=b -blockdev driver=raw,node-name=b,file=a "
		  "-device ide-hd,drive=a",
		  "[{\"device\":\"disk\",\"bus\":\"ide\",\"format\":\"raw\"}]" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *command = NULL;
		auto_parsed struct parsed p;

		assert_true(asprintf(&command, "qemu-kvm %s", cases[i].args) > 0);
		parse(&p, command);
		assert_list(&p.facts.disks, &domain_disk_schema, cases[i].want, command);
	}
}

static void test_cache(void **state)
{
	static const struct {
		const char *drive, *device, *want; /* want NULL: unknown */
	} cases[] = {
		{ "cache=writeback", "", "writeback" },
		{ "cache.direct=on", "", "none" },
		{ "cache.direct=on", ",write-cache=on", "none" },
		{ "cache.direct=on", ",write-cache=off", "directsync" },
		{ "cache.direct=off", "", "writeback" },
		{ "cache.direct=off", ",write-cache=off", "writethrough" },
		{ "cache.direct=on,cache.no-flush=on", "", "unsafe" },
		{ "cache.no-flush=off", "", "writeback" },
		{ "file.cache.direct=on", "", "none" },
		{ "readonly=on", "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *command = NULL;
		const struct domain_disk *disk;
		auto_parsed struct parsed p;

		assert_true(asprintf(&command,
				     "qemu-kvm -drive if=none,id=d,file=/a,%s "
				     "-device virtio-blk-pci,drive=d%s",
				     cases[i].drive, cases[i].device) > 0);
		parse(&p, command);
		assert_int_equal(p.facts.disks.n, 1);
		disk = p.facts.disks.v;
		assert_int_equal(disk->cache.known, cases[i].want != NULL);
		if (cases[i].want)
			assert_string_equal(disk->cache.v, cases[i].want);
	}
}

static void test_host_devices(void **state)
{
	auto_parsed struct parsed p;

	(void)state;
	parse(&p, "qemu-kvm -device vfio-pci,host=1:0.0,x-vga=on -device virtio-net-pci,host=5:0.0 "
		  "-device '{\"driver\":\"vfio-pci\",\"host\":\"0000:01:00.1\"}' "
		  "-device vfio-pci,sysfsdev=/sys/bus/pci/devices/0000:02:00.0 "
		  "-device vfio-pci,sysfsdev=/sys/bus/mdev/devices/53764d0e "
		  "-device pci-assign,host=03:00.0");
	assert_true(p.facts.host_devices.known);
	assert_int_equal(p.facts.host_devices.n, 4);
	assert_string_equal(p.facts.host_devices.v[0], "0000:01:00.0");
	assert_string_equal(p.facts.host_devices.v[1], "0000:01:00.1");
	assert_string_equal(p.facts.host_devices.v[2], "0000:02:00.0");
	assert_string_equal(p.facts.host_devices.v[3], "0000:03:00.0");
	assert_null(p.notes);
}

/* Whether it is one is known, which one is not: never "none". */
static void test_odd_host_device(void **state)
{
	auto_parsed struct parsed p;

	(void)state;
	parse(&p, "qemu-kvm -device vfio-pci,host=$GPU");
	assert_false(p.facts.host_devices.known);
	assert_true(has_note(&p, "host_devices"));
	parsed_release(&p);
	parse(&p, "qemu-kvm -S");
	assert_true(p.facts.host_devices.known);
	assert_int_equal(p.facts.host_devices.n, 0);
}

static void test_pins_and_iothreads(void **state)
{
	auto_parsed struct parsed p;

	(void)state;
	parse(&p,
	      "qemu-kvm -vcpu vcpunum=0,affinity=1 -vcpu vcpunum=1,affinity=4-5 -vcpu vcpunum=2 "
	      "-vcpu vcpunum=x,affinity=1 -object iothread,id=a -object rng-random,id=b "
	      "-object '{\"qom-type\":\"iothread\",\"id\":\"c\"}'");
	assert_list(&p.facts.vcpu_pins, &domain_pin_schema,
		    "[{\"id\":0,\"cpus\":\"1\"},{\"id\":1,\"cpus\":\"4-5\"}]", "-vcpu");
	assert_int_equal(p.facts.n_iothreads.v, 2);
	assert_true(has_note(&p, "vcpu_pins"));
	parsed_release(&p);
	parse(&p, "qemu-kvm -S");
	assert_false(p.facts.vcpu_pins.known);
	assert_false(p.facts.iothread_pins.known);
	assert_true(p.facts.n_iothreads.known);
	assert_int_equal(p.facts.n_iothreads.v, 0);
}

static void test_odd(void **state)
{
	auto_parsed struct parsed p;

	(void)state;
	parse(&p, "qemu-kvm -device {broken -m -smp");
	assert_true(has_note(&p, "source"));
	assert_true(has_note(&p, "memory_kib"));
	assert_int_equal(p.facts.n_vcpus.v, 1);
	parsed_release(&p);
	/* an option at the end without its value */
	parse(&p, "qemu-kvm -smp 2 -m");
	assert_false(p.facts.memory_kib.known);
	assert_int_equal(p.facts.n_vcpus.v, 2);
}

static void test_many_options(void **state)
{
	const size_t n = 3000;
	auto_free char *command = malloc(n * 16 + 64);
	const struct qemu_args_note *note;
	auto_parsed struct parsed p;
	char *end = command;
	size_t n_notes = 0;

	(void)state;
	assert_non_null(command);
	end = stpcpy(end, "qemu-kvm ");
	for (size_t i = 0; i < n; i++)
		end = stpcpy(end, "-device {x ");
	stpcpy(end, "-m 1G");
	parse(&p, command);
	assert_false(p.facts.memory_kib.known);
	for (note = p.notes; note; note = note->next)
		n_notes++;
	assert_int_equal(n_notes, 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_smp),
		cmocka_unit_test(test_name_and_type),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_memory_nodes),
		cmocka_unit_test(test_memory_of_cells),
		cmocka_unit_test(test_memory_source),
		cmocka_unit_test(test_disks),
		cmocka_unit_test(test_cache),
		cmocka_unit_test(test_host_devices),
		cmocka_unit_test(test_odd_host_device),
		cmocka_unit_test(test_pins_and_iothreads),
		cmocka_unit_test(test_odd),
		cmocka_unit_test(test_many_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
