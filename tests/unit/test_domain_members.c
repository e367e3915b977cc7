/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each member of the facts from the XML that says it: fragment, member, its value as in a document.
 */
#include <string.h>

#include "core/doc.h"
#include "probes/parse/domain_xml.h"
#include "tests/lib/check.h"

struct member {
	const char *xml; /* inside of <domain> */
	const char *key;
	const char *want; /* JSON with ' for "; NULL: unknown */
};

/* Without backslashes. */
static void strip(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (*from != '\\')
			*to++ = *from;
	}
	*to = '\0';
}

/* With ' for ", in the heap. */
static char *print(const struct doc *object, const char *key)
{
	const struct doc *value = doc_get(object, key);
	struct doc *array = doc_array_new();
	char *text;

	if (!value) {
		doc_free(array);
		return NULL;
	}
	assert_int_equal(doc_append(array, doc_ref(value)), 0);
	text = doc_print(array, false);
	doc_free(array);
	assert_non_null(text);
	text[strcspn(text, "\n")] = '\0';
	strip(text);
	for (char *c = text; *c; c++)
		*c = *c == '"' ? '\'' : *c;
	return text;
}

static void check_text(const char *xml, const struct member *m)
{
	auto_arena struct arena arena = { 0 };
	struct domain_facts facts = { 0 };
	struct domain_xml_result result;
	auto_doc struct doc *d = NULL;
	auto_free char *got = NULL, *want = NULL;

	assert_int_equal(domain_xml_parse(text_of(xml), &arena, &facts, &result), 0);
	assert_false(facts.xml_error.known);
	assert_int_equal(schema_encode(&domain_schema, &facts, &d), 0);
	got = print(d, m->key);
	assert_true(asprintf(&want, "[%s]", m->want ? m->want : "") > 0);
	if ((got != NULL) != (m->want != NULL) || (got && strcmp(got, want) != 0))
		fail_msg("%s\n%s is %s, not %s", xml, m->key, got ? got : "unknown",
			 m->want ? want : "unknown");
}

static void check_members(const struct member *members, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		auto_free char *xml = NULL;

		assert_true(asprintf(&xml,
				     "<domain type='kvm' "
				     "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>"
				     "%s</domain>",
				     members[i].xml) > 0);
		check_text(xml, &members[i]);
	}
}

#define CHECK(members) check_members(members, ARRAY_SIZE(members))

#define FEATURES(inner) "<features>" inner "</features>"
#define HYPERV(inner)   FEATURES("<hyperv>" inner "</hyperv>")
#define F(name, value)  "{'name':'" name "','value':'" value "'}"

static void test_features(void **state)
{
	static const struct member members[] = {
		{ "", "features", "[]" },
		{ FEATURES("<acpi/>"), "features", "[" F("acpi", "on") "]" },
		{ FEATURES("<pae state='off'/>"), "features", "[" F("pae", "on") "]" },
		{ FEATURES("<apic eoi='on'/>"), "features",
		  "[" F("apic", "on") "," F("apic.eoi", "on") "]" },
		{ FEATURES("<vmport/>"), "features", "[" F("vmport", "on") "]" },
		{ FEATURES("<vmport state='off'/>"), "features", "[" F("vmport", "off") "]" },
		{ FEATURES("<pmu state='off'/>"), "features", "[" F("pmu", "off") "]" },
		{ FEATURES("<smm state='on'><tseg unit='MiB'>48</tseg></smm>"), "features",
		  "[" F("smm", "on") "," F("smm.tseg", "48") "]" },
		{ FEATURES("<ioapic driver='kvm'/>"), "features",
		  "[" F("ioapic", "on") "," F("ioapic.driver", "kvm") "]" },
		{ FEATURES("<new-thing state='odd'/>"), "features", "[" F("new-thing", "odd") "]" },
		{ HYPERV("<relaxed state='on'/><vapic state='off'/>"), "features",
		  "[" F("hyperv.relaxed", "on") "," F("hyperv.vapic", "off") "]" },
		{ HYPERV("<relaxed/>"), "features", "[]" }, /* libvirt refuses it */
		{ HYPERV("<spinlocks state='on' retries='8191'/>"), "features",
		  "[" F("hyperv.spinlocks", "on") "," F("hyperv.spinlocks.retries", "8191") "]" },
		{ HYPERV("<stimer state='on'><direct state='on'/></stimer>"), "features",
		  "[" F("hyperv.stimer", "on") "," F("hyperv.stimer.direct", "on") "]" },
		{ HYPERV("<tlbflush state='on'><direct state='on'/><extended state='off'/>"
			 "</tlbflush>"),
		  "features",
		  "[" F("hyperv.tlbflush", "on") "," F("hyperv.tlbflush.direct", "on") "," F(
			  "hyperv.tlbflush.extended", "off") "]" },
		{ HYPERV("<vendor_id state='on' value='abc'/>"), "features",
		  "[" F("hyperv.vendor_id", "on") "," F("hyperv.vendor_id.value", "abc") "]" },
		{ FEATURES("<kvm><hidden state='on'/><hint-dedicated state='on'/>"
			   "<poll-control state='off'/></kvm>"),
		  "features",
		  "[" F("kvm.hidden", "on") "," F("kvm.hint-dedicated",
						  "on") "," F("kvm.poll-control", "off") "]" },
		{ FEATURES("<kvm><dirty-ring state='on' size='4096'/></kvm>"), "features",
		  "[" F("kvm.dirty-ring", "on") "," F("kvm.dirty-ring.size", "4096") "]" },
		{ "", "hyperv_mode", NULL },
		{ HYPERV(""), "hyperv_mode", "'custom'" },
		{ FEATURES("<hyperv mode='passthrough'/>"), "hyperv_mode", "'passthrough'" },
	};

	(void)state;
	CHECK(members);
}

static void test_cpu(void **state)
{
	static const struct member members[] = {
		{ "", "cpu_mode", NULL },
		{ "<cpu mode='host-passthrough' check='none' migratable='off'/>", "cpu_mode",
		  "'host-passthrough'" },
		{ "<cpu mode='host-passthrough' check='none' migratable='off'/>", "cpu_check",
		  "'none'" },
		{ "<cpu mode='host-passthrough' migratable='off'/>", "is_migratable", "false" },
		{ "<cpu migratable='on'/>", "is_migratable", "true" },
		{ "<cpu migratable='x'/>", "is_migratable", NULL },
		{ "<cpu><topology sockets='1' cores='2' threads='1'/></cpu>", "cpu_mode", NULL },
		{ "<cpu match='exact'><model fallback='allow'>EPYC</model></cpu>", "cpu_mode",
		  "'custom'" },
		{ "<cpu mode='custom'><model>EPYC</model></cpu>", "cpu_model", "'EPYC'" },
		{ "<cpu><cache level='3' mode='emulate'/></cpu>", "cpu_cache", "'emulate'" },
		{ "<cpu><cache mode='passthrough'/></cpu>", "cpu_cache", "'passthrough'" },
		{ "", "cpu_features", "[]" },
		{ "<cpu><feature policy='require' name='topoext'/><feature name='invtsc'/>"
		  "<feature policy='disable' name='hypervisor'/><feature policy='force'/></cpu>",
		  "cpu_features",
		  "[" F("topoext", "require") "," F("invtsc", "require") "," F("hypervisor",
									       "disable") "]" },
		{ "<cpu><topology sockets='2' dies='3' cores='4' threads='5'/></cpu>", "dies",
		  "3" },
		{ "<cpu><topology sockets='2' dies='3' cores='4' threads='5'/></cpu>", "cores",
		  "4" },
		{ "", "cells", "[]" },
		{ "<cpu><numa><cell id='0' cpus='0-3' memory='2' unit='GiB'/>"
		  "<cell cpus='4-7' memory='1024'/></numa></cpu>",
		  "cells",
		  "[{'id':0,'cpus':'0-3','memory_kib':2097152},"
		  "{'id':1,'cpus':'4-7','memory_kib':1024}]" },
		{ "", "vcpu_scheds", "[]" },
		{ "<cputune><vcpusched vcpus='0-3' scheduler='fifo' priority='1'/></cputune>",
		  "vcpu_scheds", "[{'ids':'0-3','policy':'fifo','priority':1}]" },
		{ "<cputune><iothreadsched iothreads='1' scheduler='batch'/></cputune>",
		  "iothread_scheds", "[{'ids':'1','policy':'batch'}]" },
	};

	(void)state;
	CHECK(members);
}

static void test_clock(void **state)
{
	static const struct member members[] = {
		{ "", "clock_offset", NULL },
		{ "<clock/>", "clock_offset", "'utc'" },
		{ "<clock offset='localtime'/>", "clock_offset", "'localtime'" },
		{ "", "timers", "[]" },
		{ "<clock offset='utc'><timer name='rtc' tickpolicy='catchup' track='guest'/>"
		  "<timer name='hpet' present='no'/><timer name='hypervclock' present='yes'/>"
		  "<timer name='tsc' mode='native'/></clock>",
		  "timers",
		  "[{'name':'rtc','tickpolicy':'catchup','track':'guest'},"
		  "{'name':'hpet','is_present':false},{'name':'hypervclock','is_present':true},"
		  "{'name':'tsc','mode':'native'}]" },
	};

	(void)state;
	CHECK(members);
}

#define BACKING(inner) "<memoryBacking>" inner "</memoryBacking>"

static void test_memory(void **state)
{
	static const struct member members[] = {
		{ "", "is_locked", "false" },
		{ BACKING("<locked/>"), "is_locked", "true" },
		{ "", "is_unmergeable", "false" },
		{ BACKING("<nosharepages/>"), "is_unmergeable", "true" },
		{ BACKING("<source type='memfd'/>"), "memory_source", "'memfd'" },
		{ BACKING("<access mode='shared'/>"), "memory_access", "'shared'" },
		{ BACKING("<allocation mode='immediate' threads='8'/>"), "memory_allocation",
		  "'immediate'" },
		{ "", "hard_limit_kib", NULL },
		{ "<memtune><hard_limit unit='G'>9</hard_limit></memtune>", "hard_limit_kib",
		  "9437184" },
	};

	(void)state;
	CHECK(members);
}

#define OS(attributes, inner) \
	"<os " attributes "><type arch='x86_64' machine='pc-q35-7.2'>hvm</type>" inner "</os>"
#define SECURE(state) "<feature enabled='" state "' name='secure-boot'/>"
#define KEYS(state)   "<feature enabled='" state "' name='enrolled-keys'/>"

static void test_boot(void **state)
{
	static const struct member members[] = {
		{ OS("", ""), "machine", "'pc-q35-7.2'" },
		{ OS("", ""), "arch", "'x86_64'" },
		{ "", "firmware", NULL },
		{ OS("", ""), "firmware", "'bios'" },
		{ "<os><type arch='aarch64'>hvm</type></os>", "firmware", NULL },
		{ OS("firmware='efi'", ""), "firmware", "'efi'" },
		{ OS("", "<loader type='pflash'>/x</loader>"), "firmware", "'efi'" },
		{ OS("", "<loader type='rom'>/usr/share/seabios/bios.bin</loader>"), "firmware",
		  "'bios'" },
		{ OS("", "<loader>/usr/share/ovmf/OVMF.fd</loader>"), "firmware", "'efi'" },
		{ OS("", ""), "is_secure_boot", "false" },
		{ OS("firmware='efi'", ""), "is_secure_boot", NULL },
		{ OS("", "<loader type='pflash' secure='yes'>/x</loader>"), "is_secure_boot",
		  "true" },
		{ OS("firmware='efi'", "<firmware>" SECURE("yes") KEYS("yes") "</firmware>"),
		  "is_secure_boot", "true" },
		{ OS("firmware='efi'", "<firmware>" SECURE("yes") KEYS("no") "</firmware>"),
		  "is_secure_boot", "false" },
		{ OS("firmware='efi'", "<firmware>" SECURE("no") "</firmware>"), "is_secure_boot",
		  "false" },
		{ OS("", "<smbios mode='host'/>"), "smbios", "'host'" },
		{ "<metadata><l:libosinfo xmlns:l='http://libosinfo.org/xmlns/libvirt/domain/1.0'>"
		  "<l:os id='http://microsoft.com/win/11'/></l:libosinfo></metadata>",
		  "guest_os", "'windows'" },
		{ "<metadata><libosinfo:libosinfo><libosinfo:os id='http://debian.org/debian/12'/>"
		  "</libosinfo:libosinfo></metadata>",
		  "guest_os", "'linux'" },
		{ HYPERV("<relaxed state='on'/>"), "guest_os", "'windows'" },
		{ "<title>Ubuntu</title><description>x</description>", "guest_os", "'linux'" },
		{ "<name>w11</name>", "guest_os_from", "'its name: w11'" },
		{ "<name>w11</name><description>Fedora</description>", "guest_os", NULL },
	};

	(void)state;
	CHECK(members);
}

#define DEVICES(inner) "<devices>" inner "</devices>"

static void test_disks_and_controllers(void **state)
{
	static const struct member members[] = {
		{ "", "controllers", "[]" },
		{ DEVICES("<controller type='scsi' index='0' model='virtio-scsi'><driver queues='8' "
			  "iothread='2'/></controller><controller type='usb' model='none'/>"),
		  "controllers",
		  "[{'type':'scsi','index':0,'model':'virtio-scsi','n_queues':8,'iothread':2},"
		  "{'type':'usb','model':'none'}]" },
		{ DEVICES("<disk type='block'><target bus='scsi'/></disk><controller type='scsi'>"
			  "<driver queues='3' iothread='1'/></controller>"),
		  "disks",
		  "[{'device':'disk','bus':'scsi','type':'block','iothread':1,'n_queues':3,"
		  "'controller':0}]" },
		{ DEVICES("<disk type='block'><target bus='scsi'/><address type='drive' "
			  "controller='1'/></disk><controller type='scsi' index='1'><driver "
			  "iothread='1'/></controller>"),
		  "disks",
		  "[{'device':'disk','bus':'scsi','type':'block','iothread':1,'controller':1}]" },
		{ DEVICES("<disk type='file'><target bus='virtio'/></disk>"), "disks",
		  "[{'device':'disk','bus':'virtio','type':'file'}]" },
	};

	(void)state;
	CHECK(members);
}

#define ADDRESS "<source><address domain='0' bus='0x0a' slot='0' function='0x1'/></source>"

static void test_host(void **state)
{
	static const struct member members[] = {
		{ "", "hostdevs", "[]" },
		{ DEVICES("<hostdev mode='subsystem' type='pci' managed='yes'>" ADDRESS
			  "<driver name='vfio'/></hostdev>"),
		  "hostdevs",
		  "[{'type':'pci','address':'0000:0a:00.1','is_managed':true,'driver':'vfio'}]" },
		{ DEVICES("<hostdev type='pci'>" ADDRESS "<driver iommufd='yes'/></hostdev>"),
		  "hostdevs",
		  "[{'type':'pci','address':'0000:0a:00.1','is_managed':false,"
		  "'driver':'iommufd'}]" },
		{ DEVICES("<hostdev type='pci'/>"), "hostdevs",
		  "[{'type':'pci','is_managed':false}]" },
		{ DEVICES("<hostdev type='usb'/><hostdev type='mdev' managed='no'/>"), "hostdevs",
		  "[{'type':'usb'},{'type':'mdev','is_managed':false}]" },
		{ DEVICES("<interface type='hostdev' managed='yes'>" ADDRESS "</interface>"),
		  "hostdevs", "[{'type':'pci','address':'0000:0a:00.1','is_managed':true}]" },
		{ DEVICES("<interface type='hostdev' managed='yes'>" ADDRESS "</interface>"),
		  "host_devices", "['0000:0a:00.1']" },
	};

	(void)state;
	CHECK(members);
}

static void test_network(void **state)
{
	static const struct member members[] = {
		{ "", "interfaces", "[]" },
		{ DEVICES("<interface type='bridge'><source bridge='br0'/><model type='virtio'/>"
			  "<driver name='vhost' queues='4'/></interface>"),
		  "interfaces",
		  "[{'type':'bridge','model':'virtio','source':'br0','driver':'vhost',"
		  "'n_queues':4}]" },
		{ DEVICES("<interface type='direct'><source dev='eno1' mode='bridge'/></interface>"
			  "<interface type='user'/>"),
		  "interfaces", "[{'type':'direct','source':'eno1'},{'type':'user'}]" },
		{ DEVICES("<interface type='hostdev'>" ADDRESS "<driver name='vfio'/></interface>"),
		  "interfaces", "[{'type':'hostdev'}]" },
	};

	(void)state;
	CHECK(members);
}

#define ARGS(inner)   "<qemu:commandline>" inner "</qemu:commandline>"
#define ARG(text)     "<qemu:arg value='" text "'/>"
#define JSON(text)    "<qemu:arg value='" text "'/>"
#define ENV(name, is) "<qemu:env name='" name "' value='" is "'/>"

static void test_desktop(void **state)
{
	static const struct member members[] = {
		{ "", "inputs", "[]" },
		{ DEVICES("<input type='tablet' bus='usb'/>"), "inputs",
		  "[{'type':'tablet','bus':'usb','how':'element'}]" },
		{ DEVICES("<input type='evdev'><source dev='/dev/input/a' grab='all'/></input>"),
		  "inputs",
		  "[{'type':'evdev','source':'/dev/input/a','grab':'all','how':'element'}]" },
		{ DEVICES("<input type='passthrough' bus='virtio'><source evdev='/dev/b'/></input>"),
		  "inputs",
		  "[{'type':'passthrough','bus':'virtio','source':'/dev/b','how':'element'}]" },
		{ ARGS(ARG("-object") ARG("input-linux,id=a,evdev=/dev/c,grab_all=on")), "inputs",
		  "[{'type':'evdev','source':'/dev/c','grab':'grab_all','how':'commandline'}]" },
		{ ARGS(ARG("--object") JSON("{\"qom-type\":\"input-linux\",\"evdev\":\"/d\"}")),
		  "inputs", "[{'type':'evdev','source':'/d','how':'commandline'}]" },
		{ ARGS(ARG("-object") ARG("iothread,id=x")), "inputs", "[]" },
		{ "", "graphics", "[]" },
		{ DEVICES("<graphics type='spice'/><graphics type='vnc'/>"), "graphics",
		  "['spice','vnc']" },
		{ "", "videos", "[]" },
		{ DEVICES("<video><model type='qxl'/></video>"), "videos", "['qxl']" },
		{ "", "sounds", "[]" },
		{ DEVICES("<sound model='ich9'/>"), "sounds", "['ich9']" },
		{ "", "audio_driver", NULL },
		{ DEVICES("<audio id='1' type='pulseaudio' timerPeriod='2000'/>"), "audio_driver",
		  "'pulseaudio'" },
		{ DEVICES("<audio id='1' type='pulseaudio' timerPeriod='2000'/>"), "audio_timer_us",
		  "2000" },
		{ DEVICES("<audio id='1' type='none'/>"), "audio_from", "'element'" },
		{ DEVICES("<audio type='none'/>") ARGS(ARG("-audiodev") ARG("pa,id=a")),
		  "audio_driver", "'pa'" },
		{ ARGS(ARG("-audiodev") ARG("driver=pa,id=a,timer-period=500")), "audio_timer_us",
		  "500" },
		{ ARGS(ARG("-audiodev") ARG("pa,id=a")), "audio_from", "'commandline'" },
		{ ARGS(ENV("QEMU_AUDIO_DRV", "jack")), "audio_driver", "'jack'" },
	};

	(void)state;
	CHECK(members);
}

static void test_extra(void **state)
{
	static const struct member members[] = {
		{ "", "balloon", NULL },
		{ DEVICES("<memballoon model='none'/>"), "balloon", "'none'" },
		{ DEVICES("<tpm model='tpm-crb'><backend type='emulator'/></tpm>"), "tpm",
		  "'tpm-crb'" },
		{ DEVICES("<tpm model='tpm-crb'><backend type='emulator'/></tpm>"), "tpm_backend",
		  "'emulator'" },
		{ DEVICES("<watchdog model='itco' action='reset'/>"), "watchdog", "'itco'" },
		{ "", "n_serials", "0" },
		{ DEVICES("<serial type='pty'/><console><target type='serial'/></console>"),
		  "n_serials", "1" },
		{ DEVICES("<console/><console><target type='virtio'/></console>"), "n_serials",
		  "2" },
		{ DEVICES("<channel/><channel/>"), "n_channels", "2" },
		{ DEVICES("<redirdev bus='usb'/>"), "n_usb_redirections", "1" },
		{ "", "has_shmem", "false" },
		{ DEVICES("<shmem name='looking-glass'/>"), "has_shmem", "true" },
		{ ARGS(ARG("-device") JSON("{\"driver\":\"ivshmem-plain\"}")), "has_shmem",
		  "true" },
		{ "", "has_debug_threads", "true" },
	};

	(void)state;
	CHECK(members);
}

static void test_commandline(void **state)
{
	static const struct member members[] = {
		{ "", "qemu_args", "[]" },
		{ "", "has_qemu_commandline", "false" },
		{ ARGS(""), "has_qemu_commandline", "true" },
		{ ARGS(""), "has_qemu_namespace", "true" },
		{ ARGS(ARG("-cpu") ARG("host")), "qemu_args", "['-cpu','host']" },
		{ ARGS(ARG("-spice") ARG("port=1,password=x")), "qemu_args",
		  "['-spice','port=1,password=***']" },
		{ ARGS(ENV("A", "b") ENV("MY_PASSWORD", "b")), "qemu_env",
		  "['A=b','MY_PASSWORD=***']" },
		{ "<commandline xmlns='http://libvirt.org/schemas/domain/qemu/1.0'>"
		  "<arg value='-x'/></commandline>",
		  "has_qemu_namespace", "true" },
		/* in no namespace: libvirt drops it */
		{ "<commandline><arg value='-x'/></commandline>", "has_qemu_namespace", "false" },
		{ "<commandline><arg value='-x'/></commandline>", "qemu_args", "['-x']" },
		{ "<commandline><arg value='-device'/><arg value='ivshmem-plain'/></commandline>",
		  "has_shmem", "false" },
		{ "<x:commandline xmlns:x='http://libvirt.org/schemas/domain/xen/1.0'>"
		  "<x:arg value='-x'/></x:commandline>",
		  "has_qemu_commandline", "false" },
	};
	static const struct member undeclared = { NULL, "has_qemu_namespace", "false" };
	static const struct member there = { NULL, "has_qemu_commandline", "true" };

	(void)state;
	CHECK(members);
	check_text("<domain><qemu:commandline/></domain>", &undeclared);
	check_text("<domain><qemu:commandline/></domain>", &there);
}

static void test_lines(void **state)
{
	static const struct {
		const char *xml, *want;
	} cases[] = {
		{ "<domain>\n\t<a/>\r\n</domain>", "['<domain>','    <a/>','</domain>']" },
		{ "<domain><graphics passwd='geheim' port='1'/></domain>",
		  "['<domain><graphics passwd='***' port='1'/></domain>']" },
		{ "<domain><graphics passwd = \"a\nb\" x='y'/></domain>",
		  "['<domain><graphics passwd = '***' x='y'/></domain>']" },
		{ "<domain><graphics passwd=''/></domain>",
		  "['<domain><graphics passwd=''/></domain>']" },
		{ "<domain><uuid>5</uuid><secret uuid='5' type='luks'/><x uuid='6'/></domain>",
		  "['<domain><uuid>5</uuid><secret uuid='***' type='luks'/>"
		  "<x uuid='6'/></domain>']" },
		{ "<domain><a:arg value='-object'/><a:arg value='secret,data=x'/></domain>",
		  "['<domain><a:arg value='-object'/>"
		  "<a:arg value='secret,data=***'/></domain>']" },
		{ "<domain><a:arg value='{&quot;password&quot;:&quot;x&quot;}'/></domain>",
		  "['<domain><a:arg value='{&quot;password&quot;:&quot;***&quot;}'/>"
		  "</domain>']" },
		{ "<domain><a:env name='A' value='b'/><a:env name='X_TOKEN' value='b'/>"
		  "<a:env name='PASSWORD' value='b'/></domain>",
		  "['<domain><a:env name='A' value='b'/>"
		  "<a:env name='X_TOKEN' value='b'/>"
		  "<a:env name='PASSWORD' value='***'/></domain>']" },
		{ "<domain><entry name='serial'>abc</entry></domain>",
		  "['<domain><entry name='serial'>abc</entry></domain>']" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct member m = { .key = "xml", .want = cases[i].want };

		check_text(cases[i].xml, &m);
	}
}

static void test_lines_not_kept(void **state)
{
	static const struct {
		const char *xml, *words;
	} cases[] = {
		{ "<?xml version='1.0' encoding='ISO-8859-1'?><domain><a>\xe9</a></domain>",
		  "not UTF-8" },
		{ NULL, "longer than 256 KiB" },
	};
	auto_free char *big = malloc(300 * KIB);

	(void)state;
	assert_non_null(big);
	memset(big, '\n', 300 * KIB);
	memcpy(big, "<domain>", 8);
	for (size_t i = 1; i < 300; i++)
		memcpy(big + i * KIB, "<a/>", 4);
	memcpy(big + 300 * KIB - 10, "</domain>", 10);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_arena struct arena arena = { 0 };
		struct domain_facts facts = { 0 };
		struct domain_xml_result result;
		const char *xml = cases[i].xml ? cases[i].xml : big;

		assert_int_equal(domain_xml_parse(text_of(xml), &arena, &facts, &result), 0);
		assert_false(facts.xml.known || facts.xml_error.known);
		assert_non_null(result.notes);
		assert_string_equal(result.notes->field, "xml");
		assert_non_null(strstr(result.notes->words, cases[i].words));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_features),       cmocka_unit_test(test_cpu),
		cmocka_unit_test(test_clock),          cmocka_unit_test(test_memory),
		cmocka_unit_test(test_boot),           cmocka_unit_test(test_disks_and_controllers),
		cmocka_unit_test(test_host),           cmocka_unit_test(test_network),
		cmocka_unit_test(test_desktop),        cmocka_unit_test(test_extra),
		cmocka_unit_test(test_commandline),    cmocka_unit_test(test_lines),
		cmocka_unit_test(test_lines_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
