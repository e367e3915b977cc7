/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does the domain XML become the facts it states, and does nothing else come of it? */
#include <string.h>

#include "probes/parse/domain_xml.h"
#include "tests/lib/check.h"

struct parsed {
	struct arena arena;
	struct domain_facts facts;
	struct domain_xml_result result;
	int r;
};

static void parse_text(struct parsed *p, struct text xml)
{
	memset(p, 0, sizeof(*p));
	p->r = domain_xml_parse(xml, &p->arena, &p->facts, &p->result);
}

static void parse(struct parsed *p, const char *xml)
{
	parse_text(p, text_of(xml));
	if (p->r < 0)
		fail_msg("%s: %s", xml, p->result.error ? p->result.error : "?");
}

static void check_u64(const struct fact_u64 *f, uint64_t want)
{
	assert_true(f->known);
	assert_int_equal(f->v, want);
}

static void check_str(const struct fact_str *f, const char *want)
{
	if (!want) {
		assert_false(f->known);
		return;
	}
	assert_true(f->known);
	assert_string_equal(f->v, want);
}

static void check_cpus(const struct fact_cpus *f, const char *want)
{
	auto_free char *list = cpus_list_new(&f->v);

	assert_true(f->known);
	assert_string_equal(list, want);
}

static const char gaming[] =
	"<!--\nWARNING: made by virsh\n-->\n"
	"<domain type='kvm' id='1' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>\n"
	"  <name>win10 &amp; more</name>\n"
	"  <metadata><app:memory xmlns:app='http://example.org/'>7</app:memory></metadata>\n"
	"  <memory unit='GiB'>12</memory>\n"
	"  <currentMemory unit='KiB'>8388608</currentMemory>\n"
	"  <memoryBacking><hugepages/><source type='memfd'/></memoryBacking>\n"
	"  <vcpu placement='static' cpuset='1-4,^3,8' current='1'>8</vcpu>\n"
	"  <iothreads>1</iothreads>\n"
	"  <cputune>\n"
	"    <vcpupin vcpu='0' cpuset='1'/><vcpupin vcpu='1' cpuset='7'/>\n"
	"    <emulatorpin cpuset='0,5-6'/>\n"
	"    <iothreadpin iothread='1' cpuset='11'/>\n"
	"  </cputune>\n"
	"  <numatune><memory mode='strict' nodeset='0'/></numatune>\n"
	"  <cpu mode='host-passthrough'><topology sockets='1' cores='4' threads='2'/></cpu>\n"
	"  <devices>\n"
	"    <disk type='block' device='disk'>\n"
	"      <driver name='qemu' type='raw' cache='none' io='native' discard='unmap'/>\n"
	"      <source dev='/dev/disk/by-id/nvme-x'/><target dev='sda' bus='scsi'/>\n"
	"      <address type='drive' controller='1' bus='0' target='0' unit='0'/>\n"
	"    </disk>\n"
	"    <disk type='file' device='cdrom'><target dev='sdb' bus='sata'/></disk>\n"
	"    <disk type='file'><driver type='qcow2' iothread='1' queues='4'/>\n"
	"      <source file='/a.qcow2'/><target dev='vda' bus='virtio'/></disk>\n"
	"    <controller type='usb' index='1'><driver iothread='9'/></controller>\n"
	"    <controller type='scsi' index='0' model='virtio-scsi'/>\n"
	"    <controller type='scsi' index='1' model='virtio-scsi'>\n"
	"      <driver queues='5' iothread='1'/></controller>\n"
	"    <hostdev mode='subsystem' type='pci' managed='yes'><source>\n"
	"      <address domain='0x0000' bus='0x0a' slot='0x00' function='0x1'/></source></hostdev>\n"
	"    <hostdev mode='subsystem' type='usb'><source/></hostdev>\n"
	"    <interface type='hostdev'><source>\n"
	"      <address type='pci' domain='0' bus='10' slot='31' function='7'/></source></interface>\n"
	"  </devices>\n"
	"  <qemu:commandline><qemu:arg value='-x'/></qemu:commandline>\n"
	"</domain>\n";

static void test_names_and_cpus(void **state)
{
	struct parsed p;
	const struct domain_pin *pin;

	(void)state;
	parse(&p, gaming);
	assert_null(p.result.notes);
	check_str(&p.facts.source, NULL);
	check_str(&p.facts.name, "win10 & more");
	check_str(&p.facts.type, "kvm");
	check_u64(&p.facts.n_vcpus, 8);
	check_u64(&p.facts.n_current_vcpus, 1);
	check_cpus(&p.facts.vcpu_cpuset, "1-2,4,8");
	check_u64(&p.facts.n_iothreads, 1);
	assert_int_equal(p.facts.vcpu_pins.n, 2);
	pin = p.facts.vcpu_pins.v;
	check_u64(&pin[1].id, 1);
	check_cpus(&pin[1].cpus, "7");
	pin = p.facts.iothread_pins.v;
	assert_int_equal(p.facts.iothread_pins.n, 1);
	check_cpus(&pin[0].cpus, "11");
	check_cpus(&p.facts.emulator_pin, "0,5-6");
	check_u64(&p.facts.sockets, 1);
	check_u64(&p.facts.dies, 1);
	check_u64(&p.facts.cores, 4);
	check_u64(&p.facts.threads, 2);
	arena_release(&p.arena);
}

static void test_devices(void **state)
{
	struct parsed p;
	const struct domain_disk *disk;

	(void)state;
	parse(&p, gaming);
	assert_int_equal(p.facts.disks.n, 3);
	disk = p.facts.disks.v;
	check_str(&disk[0].type, "block");
	check_str(&disk[0].device, "disk");
	check_str(&disk[0].bus, "scsi");
	check_str(&disk[0].format, "raw");
	check_str(&disk[0].source, "/dev/disk/by-id/nvme-x");
	check_str(&disk[0].cache, "none");
	check_str(&disk[0].io, "native");
	check_str(&disk[0].discard, "unmap");
	check_u64(&disk[0].iothread, 1); /* both from its controller */
	check_u64(&disk[0].n_queues, 5);
	check_str(&disk[1].device, "cdrom");
	check_str(&disk[1].source, NULL);
	check_str(&disk[1].io, NULL);
	assert_false(disk[1].iothread.known);
	check_str(&disk[2].device, "disk");
	check_u64(&disk[2].iothread, 1);
	check_u64(&disk[2].n_queues, 4);
	assert_int_equal(p.facts.host_devices.n, 2);
	assert_string_equal(p.facts.host_devices.v[0], "0000:0a:00.1");
	assert_string_equal(p.facts.host_devices.v[1], "0000:0a:1f.7");
	arena_release(&p.arena);
}

static void test_memory(void **state)
{
	struct parsed p;
	const struct domain_page *page;

	(void)state;
	parse(&p, gaming);
	check_u64(&p.facts.memory_kib, 12 * MIB);
	check_u64(&p.facts.current_memory_kib, 8 * MIB);
	check_str(&p.facts.memory_source, "memfd");
	check_cpus(&p.facts.memory_nodes, "0");
	check_str(&p.facts.memory_mode, "strict");
	assert_true(p.facts.has_hugepages.v);
	assert_int_equal(p.facts.pages.n, 1);
	page = p.facts.pages.v;
	assert_false(page->page_kib.known);
	assert_false(page->cells.known);
	check_u64(&page->size_kib, 12 * MIB);
	arena_release(&p.arena);
}

static void test_sizes(void **state)
{
	static const struct {
		const char *element;
		uint64_t kib; /* 0: unknown, with a note */
	} cases[] = {
		{ "<memory>4096</memory>", 4096 },
		{ "<memory unit='KiB'> 4096 </memory>", 4096 },
		{ "<memory unit='k'>4096</memory>", 4096 },
		{ "<memory unit='b'>1</memory>", 1 },
		{ "<memory unit='bytes'>1025</memory>", 2 },
		{ "<memory unit='KB'>1024</memory>", 1000 },
		{ "<memory unit='MiB'>3</memory>", 3072 },
		{ "<memory unit='M'>3</memory>", 3072 },
		{ "<memory unit='MB'>1</memory>", 977 },
		{ "<memory unit='gib'>1</memory>", 1048576 },
		{ "<memory unit='GB'>1</memory>", 976563 },
		{ "<memory unit='T'>1</memory>", UINT64_C(1) << 30 },
		{ "<memory unit='EiB'>7</memory>", UINT64_C(7) << 50 },
		{ "<memory unit='EiB'>8</memory>", 0 },
		{ "<memory unit='parsec'>8</memory>", 0 },
		{ "<memory unit='KiX'>8</memory>", 0 },
		{ "<memory unit=''>8</memory>", 0 },
		{ "<memory>-1</memory>", 0 },
		{ "<memory>99999999999999999999</memory>", 0 },
		{ "<memory>8G</memory>", 0 },
		{ "<memory/>", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct parsed p;
		auto_free char *xml = NULL;

		assert_true(asprintf(&xml, "<domain>\n%s</domain>", cases[i].element) > 0);
		parse(&p, xml);
		if (cases[i].kib) {
			check_u64(&p.facts.memory_kib, cases[i].kib);
			assert_null(p.result.notes);
		} else {
			assert_false(p.facts.memory_kib.known);
			assert_non_null(p.result.notes);
			assert_string_equal(p.result.notes->field, "memory_kib");
			assert_int_equal(p.result.notes->line, 2);
		}
		arena_release(&p.arena);
	}
}

#define NUMA(pages, tune)                                                                        \
	"<domain><memory unit='MiB'>3072</memory>" tune "<memoryBacking><hugepages>" pages       \
	"</hugepages></memoryBacking><cpu><numa><cell id='0' cpus='0-1' memory='1' unit='GiB'/>" \
	"<cell cpus='2-3' memory='2097152'/></numa></cpu></domain>"

/* Pages per guest cell, in the form "kib:size@nodes/mode", "-" for what is unknown. */
static const char *describe(struct parsed *p)
{
	const struct domain_page *page = p->facts.pages.v;
	const char *all = "";

	for (size_t i = 0; i < p->facts.pages.n; i++) {
		auto_free char *cells = cpus_list_new(&page[i].cells.v);
		auto_free char *nodes = cpus_list_new(&page[i].nodes.v);

		all = arena_printf(
			&p->arena, "%s%s%llu:%llu=%s@%s/%s", all, i ? " " : "",
			page[i].page_kib.known ? (unsigned long long)page[i].page_kib.v : 0,
			(unsigned long long)page[i].size_kib.v, page[i].cells.known ? cells : "-",
			page[i].nodes.known ? nodes : "-",
			page[i].mode.known ? page[i].mode.v : "-");
	}
	return all;
}

static void test_numa(void **state)
{
	static const struct {
		const char *xml, *pages;
	} cases[] = {
		{ NUMA("", ""), "0:1048576=0@-/- 0:2097152=1@-/-" },
		{ NUMA("<page size='2' unit='M'/>", ""), "2048:1048576=0@-/- 2048:2097152=1@-/-" },
		{ NUMA("<page size='1' unit='G' nodeset='1'/>", ""), "1048576:2097152=1@-/-" },
		{ NUMA("<page size='2048'/><page size='1' unit='G' nodeset='1'/>", ""),
		  "2048:1048576=0@-/- 1048576:2097152=1@-/-" },
		{ NUMA("<page size='4' unit='KiB' nodeset='0'/><page size='2048'/>", ""),
		  "2048:2097152=1@-/-" },
		{ NUMA("<page size='4'/>", ""), "" },
		{ NUMA("<page size='2048' nodeset='0-1'/>",
		       "<numatune><memnode cellid='1' mode='preferred' nodeset='3'/>"
		       "<memnode cellid='0' mode='strict' nodeset='1-2,5-7,^6'/></numatune>"),
		  "2048:1048576=0@1-2,5,7/strict 2048:2097152=1@3/preferred" },
		{ "<domain><memory>4096</memory><memoryBacking><hugepages>"
		  "<page size='2048' nodeset='0'/></hugepages></memoryBacking></domain>",
		  "2048:4096=-@-/-" },
		{ "<domain><memory>4096</memory></domain>", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct parsed p;

		parse(&p, cases[i].xml);
		assert_string_equal(describe(&p), cases[i].pages);
		assert_true(p.facts.pages.known);
		assert_true(p.facts.has_hugepages.known);
		assert_int_equal(p.facts.has_hugepages.v, *cases[i].pages != '\0');
		arena_release(&p.arena);
	}
}

/* What strangers send: fragments of libvirt's own files, snapshots, missing namespaces, blanks. */
#define LATIN_1                                       \
	"<?xml version='1.0' encoding='ISO-8859-1'?>" \
	"<domain><title>\xe9</title><name>x</name></domain>"

static void test_forms(void **state)
{
	static const char *const cases[] = {
		"<domain><name>x</name></domain>",
		"\n\n  <?xml version='1.0'?><domain><name>x</name></domain>\n",
		"\xef\xbb\xbf<domain><name>x</name></domain>",
		"<domstatus state='running'><taint/><domain><name>x</name></domain></domstatus>",
		"<domainsnapshot><name>y</name><domain><name>x</name></domain></domainsnapshot>",
		"<domain><name>x</name><qemu:commandline><qemu:arg/></qemu:commandline></domain>",
		"<d:domain xmlns:d='urn:x'><d:name>x</d:name></d:domain>",
		"<domain xmlns='urn:x'><name>x</name></domain>",
		"<!DOCTYPE domain><domain><name>x</name></domain>",
		"<!DOCTYPE domain SYSTEM 'file:///etc/passwd'><domain><name>x</name></domain>",
		"<domain><name>&#120;</name></domain>",
		"<domain><name><![CDATA[x]]></name></domain>",
		LATIN_1,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct parsed p;

		parse(&p, cases[i]);
		check_str(&p.facts.name, "x");
		arena_release(&p.arena);
	}
}

static void test_nothing_there(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "<domain/>");
	assert_false(p.facts.name.known || p.facts.type.known || p.facts.memory_kib.known ||
		     p.facts.n_vcpus.known || p.facts.emulator_pin.known || p.facts.cores.known);
	assert_true(p.facts.vcpu_pins.known && p.facts.iothread_pins.known && p.facts.disks.known &&
		    p.facts.pages.known && p.facts.host_devices.known);
	check_u64(&p.facts.n_iothreads, 0);
	assert_true(p.facts.has_hugepages.known && !p.facts.has_hugepages.v);
	arena_release(&p.arena);
}

static void test_iothreads(void **state)
{
	static const struct {
		const char *xml;
		uint64_t n;
	} cases[] = {
		{ "<domain><iothreads>3</iothreads></domain>", 3 },
		{ "<domain><iothreadids><iothread id='2'/><iothread id='4'/></iothreadids>"
		  "</domain>",
		  2 },
		{ "<domain><iothreads>3</iothreads><iothreadids><iothread id='9'/></iothreadids>"
		  "</domain>",
		  3 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct parsed p;

		parse(&p, cases[i].xml);
		check_u64(&p.facts.n_iothreads, cases[i].n);
		arena_release(&p.arena);
	}
}

/* An odd value costs its own fact only, and is told with its line. */
static void test_odd_values(void **state)
{
	static const struct {
		const char *xml, *field, *words;
	} cases[] = {
		{ "<domain>\n<vcpu>many</vcpu></domain>", "n_vcpus", "'many' is not a number" },
		{ "<domain>\n<vcpu cpuset='1-'>2</vcpu></domain>", "vcpu_cpuset", "not a set" },
		{ "<domain>\n<vcpu cpuset='^1'>2</vcpu></domain>", "vcpu_cpuset", "not a set" },
		{ "<domain><cputune>\n<vcpupin vcpu='x' cpuset='1'/></cputune></domain>",
		  "vcpu_pins", "<vcpupin> vcpu: 'x' is not a number" },
		{ "<domain><cputune>\n<emulatorpin cpuset='99999'/></cputune></domain>",
		  "emulator_pin", "'99999' is not a set" },
		{ "<domain>\n<iothreads>-1</iothreads></domain>", "n_iothreads", "not a number" },
		{ "<domain>\n<iothreads>\xe2\x80\xae</iothreads></domain>", "n_iothreads", "'?'" },
		{ "<domain><devices>\n<hostdev type='pci'><source><address bus='0x1ff' slot='0' "
		  "function='0'/></source></hostdev></devices></domain>",
		  "host_devices", "no valid PCI address" },
		{ "<domain><devices>\n<hostdev type='pci'/></devices></domain>", "host_devices",
		  "no valid PCI address" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct parsed p;

		parse(&p, cases[i].xml);
		assert_non_null(p.result.notes);
		assert_null(p.result.notes->next);
		assert_string_equal(p.result.notes->field, cases[i].field);
		assert_int_equal(p.result.notes->line, 2);
		if (!strstr(p.result.notes->words, cases[i].words))
			fail_msg("'%s' lacks '%s'", p.result.notes->words, cases[i].words);
		assert_false(p.facts.emulator_pin.known || p.facts.vcpu_cpuset.known ||
			     p.facts.n_iothreads.known !=
				     (strstr(cases[i].xml, "iothreads") == NULL));
		assert_int_equal(p.facts.vcpu_pins.n + p.facts.host_devices.n, 0);
		arena_release(&p.arena);
	}
}

/* Broken text that is a domain's: its error is a fact, and the only one but for its lines. */
static void check_broken(struct text xml, unsigned long line, const char *words)
{
	struct parsed p;

	parse_text(&p, xml);
	assert_int_equal(p.r, 0);
	assert_true(p.facts.xml_error.known);
	assert_false(p.facts.name.known || p.facts.disks.known || p.facts.n_iothreads.known ||
		     p.facts.has_hugepages.known || p.facts.qemu_args.known ||
		     p.facts.has_debug_threads.known);
	if (!strstr(p.facts.xml_error.v, words) ||
	    (line && (!p.facts.xml_error_line.known || p.facts.xml_error_line.v != line)))
		fail_msg("line %llu: '%s', expected line %lu: '%s'",
			 (unsigned long long)p.facts.xml_error_line.v, p.facts.xml_error.v, line,
			 words);
	arena_release(&p.arena);
}

static void check_refused(struct text xml, unsigned long line, const char *words)
{
	struct parsed p;

	parse_text(&p, xml);
	assert_int_equal(p.r, -EBADMSG);
	assert_false(p.facts.xml.known || p.facts.xml_error.known);
	assert_non_null(p.result.error);
	if (!strstr(p.result.error, words) || (line && p.result.error_line != line))
		fail_msg("line %lu: '%s', expected line %lu: '%s'", p.result.error_line,
			 p.result.error, line, words);
	arena_release(&p.arena);
}

static void test_broken(void **state)
{
	static const struct {
		const char *xml, *words;
		unsigned long line;
	} cases[] = {
		{ "<domain>\n<name>x</nam>\n</domain>",
		  "Opening and ending tag mismatch: name line 2 and nam", 2 },
		{ "\n\n<domain>\n<name>x</nam>\n</domain>", "mismatch", 4 },
		{ "<domain>\n\n<name>x", "", 3 },
		{ "<domain>\n<name>\xe9t\xe9</name></domain>", "", 2 },
		{ "<?xml version='1.0' encoding='utf-nonsense'?>\n<domain/>", "nsupported", 0 },
		{ "<domain>\n&undeclared;</domain>", "not defined", 2 },
		{ "<domain>\n<name>\x01</name></domain>", "", 2 },
		{ "<domain a='1'\n a='2'/>", "redefined", 2 },
		{ "some words\n<domain/>", "", 1 },
		{ "<domain/>\n<domain/>", "Extra content", 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_broken(text_of(cases[i].xml), cases[i].line, cases[i].words);
}

static void test_refused(void **state)
{
	static const struct {
		const char *xml, *words;
		unsigned long line;
	} cases[] = {
		{ "", "empty", 0 },
		{ " \n\n", "empty", 0 },
		{ "hello", "", 1 },
		{ "<network/>", "no <domain>", 0 },
		{ "<a><b><domain/></b></a>", "no <domain>", 0 },
		{ "<!DOCTYPE d [\n<!ENTITY a 'b'>\n]><domain><name>&a;</name></domain>", "entity",
		  2 },
		{ "<!DOCTYPE d [\n<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
		  "<domain><name>&x;</name></domain>",
		  "entity", 2 },
		{ "<!DOCTYPE d [\n<!ENTITY % x SYSTEM 'http://127.0.0.1/'> %x;]><domain/>",
		  "entity", 2 },
		{ "<!DOCTYPE d [\n<!ENTITY a '0123456789'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
		  "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;'>]>"
		  "<domain name='&d;&d;'><name>&d;&d;&d;</name></domain>",
		  "entity", 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_refused(text_of(cases[i].xml), cases[i].line, cases[i].words);
}

static void test_nul_bytes(void **state)
{
	static const char inside[] = "<domain>\n<name>a\0b</name></domain>";
	static const char behind[] = "<domain/>\0\0";
	static const char alone[] = "\0<domain/>";
	struct parsed p;

	(void)state;
	check_broken(text_make(inside, sizeof(inside) - 1), 2, "");
	parse_text(&p, text_make(behind, sizeof(behind) - 1)); /* as old tools leave it */
	assert_int_equal(p.r, 0);
	arena_release(&p.arena);
	check_broken(text_make(alone, sizeof(alone) - 1), 0, "");
}

/* Repeats a piece n times between a head and a tail; '#' in it stands for the number. */
static struct text repeat(const char *head, const char *piece, size_t n, const char *tail)
{
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	fputs(head, out);
	for (size_t i = 0; i < n; i++) {
		const size_t before = strcspn(piece, "#");

		fprintf(out, "%.*s%zu%s", (int)before, piece, i, piece + before + 1);
	}
	fputs(tail, out);
	assert_int_equal(fclose(out), 0);
	return text_make(text, size);
}

static void test_bounds(void **state)
{
	static const struct {
		const char *head, *piece, *tail, *words;
		size_t n;
	} cases[] = {
		{ "<domain>", "<a b='#'/>", "</domain>", "more elements", 300000 },
		{ "<domain ", "a#='' ", "/>", "too long", 20000 },
		{ "<domain><name>", "0000#", "</name></domain>", "too long", 20000 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text xml = repeat(cases[i].head, cases[i].piece, cases[i].n, cases[i].tail);

		check_refused(xml, 0, cases[i].words);
		free((char *)xml.at);
	}
}

static void test_depth(void **state)
{
	struct text xml = repeat("<domain>", "<a#>", 100000, "");

	(void)state;
	check_broken(xml, 0, "");
	free((char *)xml.at);
}

static void test_many_items(void **state)
{
	struct text xml = repeat("<domain><devices>", "<disk type='file'><x y='#'/></disk>\n", 5000,
				 "</devices></domain>");
	struct parsed p;

	(void)state;
	parse_text(&p, xml);
	assert_int_equal(p.r, 0);
	assert_int_equal(p.facts.disks.n, 4096);
	assert_string_equal(p.result.notes->field, "disks");
	arena_release(&p.arena);
	free((char *)xml.at);
}

static void test_too_large(void **state)
{
	const size_t size = DOMAIN_XML_MAX + 1;
	char *text = malloc(size);
	struct parsed p;

	(void)state;
	assert_non_null(text);
	memset(text, ' ', size);
	parse_text(&p, text_make(text, size));
	assert_int_equal(p.r, -EFBIG);
	arena_release(&p.arena);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_and_cpus), cmocka_unit_test(test_devices),
		cmocka_unit_test(test_memory),         cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_numa),           cmocka_unit_test(test_forms),
		cmocka_unit_test(test_nothing_there),  cmocka_unit_test(test_iothreads),
		cmocka_unit_test(test_odd_values),     cmocka_unit_test(test_refused),
		cmocka_unit_test(test_broken),         cmocka_unit_test(test_depth),
		cmocka_unit_test(test_nul_bytes),      cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_many_items),     cmocka_unit_test(test_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
