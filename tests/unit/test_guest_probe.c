/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TEST_SOURCES: probes/guest_find.c probes/guest_describe.c probes/guest_threads.c
 * TEST_SOURCES: probes/guest_vcpus.c probes/guest_memory.c probes/processes.c probes/smaps_read.c
 * TEST_SOURCES: tests/lib/tree.c
 */
#include <string.h>

#include "probes/guest_parts.h"
#include "tests/lib/check.h"
#include "tests/lib/tree.h"

struct run {
	struct arena arena;
	struct probe_env env;
	struct guests_found found;
	struct guest_process guest;
};

static void run_init(struct run *run, const struct tree *tree)
{
	*run = (struct run){ 0 };
	run->env = (struct probe_env){
		.probe = probe_find("guest"),
		.root = &tree->root,
		.arena = &run->arena,
	};
	run->env.gaps_end = &run->env.gaps;
}

static void run_release(struct run *run)
{
	arena_release(&run->arena);
}

#define auto_run auto_cleanup(run_release)

static bool has_gap(const struct run *run, const char *field)
{
	for (const struct gap *g = run->env.gaps; g; g = g->next) {
		if (!strcmp(g->field, field))
			return true;
	}
	return false;
}

static void put(const struct tree *tree, unsigned pid, const char *name, const char *text)
{
	auto_free char *path = NULL;

	assert_true(asprintf(&path, "proc/%u/%s", pid, name) > 0);
	tree_file(tree, path, text);
}

/* Arguments are written with '|' between them. */
static void put_process(const struct tree *tree, unsigned pid, const char *comm, const char *args)
{
	auto_free char *path = NULL, *bytes = strdup(args);
	const size_t len = strlen(args);

	assert_non_null(bytes);
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '|')
			bytes[i] = '\0';
	}
	assert_true(asprintf(&path, "proc/%u/cmdline", pid) > 0);
	tree_bytes(tree, path, bytes, len ? len + 1 : 0);
	put(tree, pid, "comm", comm);
}

/* policy "rt_priority policy" as stat has them; the last CPU is 5. */
static void put_thread(const struct tree *tree, unsigned pid, unsigned tid, const char *comm,
		       unsigned start, const char *policy)
{
	auto_free char *name = NULL, *text = NULL;

	assert_true(asprintf(&name, "task/%u/stat", tid) > 0);
	assert_true(asprintf(&text,
			     "%u (%s) S 1 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 6 0 %u 0 0 0 0 0 0 0 0 "
			     "0 0 0 0 0 0 0 17 5 %s 0\n",
			     tid, comm, start, policy) > 0);
	put(tree, pid, name, text);
	free(name);
	assert_true(asprintf(&name, "task/%u/comm", tid) > 0);
	put(tree, pid, name, comm);
	free(name);
	assert_true(asprintf(&name, "task/%u/status", tid) > 0);
	put(tree, pid, name, "Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t2-3\n");
}

static const struct guest_found *found_pid(const struct run *run, unsigned pid)
{
	for (size_t i = 0; i < run->found.n; i++) {
		if (run->found.v[i].pid == pid)
			return &run->found.v[i];
	}
	return NULL;
}

static void test_find(void **state)
{
	const struct tree *tree = *state;
	static const struct {
		unsigned pid;
		const char *comm, *args, *kind; /* kind NULL: runs no guest */
	} cases[] = {
		{ 1, "systemd\n", "/sbin/init", NULL },
		{ 10, "qemu-system-x86\n", "/usr/bin/qemu-system-x86_64|-name|a", "qemu" },
		{ 11, "kvm\n", "/usr/bin/kvm|-id|100|-m|8192", "qemu" },
		{ 12, "vfiobench-micro\n", "/usr/libexec/vfiobench/vfiobench-microguest",
		  "builtin" },
		{ 13, "bash\n", "bash|-c|qemu-system-x86_64 -m 1G", NULL },
		{ 14, "qemu-img\n", "qemu-img|convert", NULL },
		{ 15, "vhost-10\n", "", NULL },
		{ 16, "firecracker\n", "firecracker|--no-api", "other" },
		{ 17, "renamed\n", "/opt/renamed|-m|4G|-device|vfio-pci,host=01:00.0", "qemu" },
		{ 18, "named\n", "/opt/named", "qemu" },
		{ 19, "threads\n", "/opt/threads", NULL },
		{ 21, "qemu-system-x86\n", "/usr/bin/qemu-system-x86_64|-machine|none,accel=kvm",
		  NULL },
	};
	auto_run struct run run;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		put_process(tree, cases[i].pid, cases[i].comm, cases[i].args);
	tree_dir(tree, "sys/kernel/debug/kvm/16-11/vcpu0");
	tree_dir(tree, "sys/kernel/debug/kvm/17-9/vcpu0");
	tree_dir(tree, "sys/kernel/debug/kvm/21-9");
	tree_file(tree, "sys/kernel/debug/kvm/exits", "0\n");
	put_thread(tree, 18, 18, "named", 1, "0 0");
	put_thread(tree, 18, 180, "CPU 0/KVM", 1, "0 0");
	put_thread(tree, 19, 19, "threads", 1, "0 0");
	put_thread(tree, 19, 190, "CPU 0/TCG", 1, "0 0");
	tree_file(tree, "proc/20/comm", "no cmdline\n");
	run_init(&run, tree);
	assert_int_equal(guests_find(&run.env, &run.found), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct guest_found *g = found_pid(&run, cases[i].pid);

		assert_int_equal(g != NULL, cases[i].kind != NULL);
		if (g)
			assert_string_equal(g->kind, cases[i].kind);
	}
	assert_int_equal(run.found.n, 6);
	assert_int_equal(run.found.n_vhosts, 1);
	assert_int_equal(run.found.vhosts[0].tid, 15);
	assert_int_equal(run.found.vhosts[0].owner, 10);
	assert_null(run.env.gaps);
}

static void test_find_nothing(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;

	run_init(&run, tree);
	assert_int_equal(guests_find(&run.env, &run.found), -ENOENT);
	assert_true(has_gap(&run, "guest.guests"));
	run_release(&run);
	run_init(&run, tree);
	tree_file(tree, "proc/cpuinfo", "");
	assert_int_equal(guests_find(&run.env, &run.found), 0);
	assert_int_equal(run.found.n, 0);
	assert_null(run.env.gaps);
}

static struct guest_found found_of(const char *cmdline, size_t len)
{
	return (struct guest_found){ 4711, "qemu", text_make(cmdline, len), text_of("comm") };
}

#define FOUND(args) found_of(args, sizeof(args) - 1)

static void test_describe(void **state)
{
	const struct tree *tree = *state;
	const struct guest_found found = FOUND("/usr/bin/qemu-system-x86_64\0-name\0guest=win,,10,"
					       "debug-threads=on\0-object\0secret,id=s,data=x\0"
					       "-spice\0port=1,password=y\0\0");
	static const char *const argv[] = { "/usr/bin/qemu-system-x86_64",
					    "-name",
					    "guest=win,,10,debug-threads=on",
					    "-object",
					    "secret,id=s,data=***",
					    "-spice",
					    "port=1,password=***",
					    "" };
	auto_run struct run run;

	run_init(&run, tree);
	assert_int_equal(guest_describe(&run.env, &found, &run.guest), 0);
	assert_true(fact_is(&run.guest.name, "win,10"));
	assert_true(fact_is(&run.guest.program, "qemu-system-x86_64"));
	assert_true(fact_is(&run.guest.manager, "plain"));
	assert_int_equal(run.guest.argv.n, ARRAY_SIZE(argv));
	for (size_t i = 0; i < ARRAY_SIZE(argv); i++)
		assert_string_equal(run.guest.argv.v[i], argv[i]);
	assert_null(run.env.gaps);
}

static void test_describe_without_arguments(void **state)
{
	const struct tree *tree = *state;
	const struct guest_found found = FOUND("");
	auto_run struct run run;

	run_init(&run, tree);
	assert_int_equal(guest_describe(&run.env, &found, &run.guest), 0);
	assert_true(fact_is(&run.guest.program, "comm"));
	assert_false(run.guest.name.known);
	assert_false(run.guest.argv.known);
	assert_true(has_gap(&run, "guest.guests.argv"));
}

static void test_describe_long(void **state)
{
	const struct tree *tree = *state;
	const size_t len = GUEST_ARGV_MAX + 1;
	auto_free char *bytes = calloc(1, len);
	struct guest_found found = found_of(bytes, len);
	auto_run struct run run;

	assert_non_null(bytes);
	memset(bytes, 'a', len);
	run_init(&run, tree);
	assert_int_equal(guest_describe(&run.env, &found, &run.guest), 0);
	assert_int_equal(run.guest.argv.n, 1);
	assert_int_equal(strlen(run.guest.argv.v[0]), GUEST_ARGV_MAX);
	assert_true(has_gap(&run, "guest.guests.argv"));
	run_release(&run);
	memset(bytes, 0, len); /* a million empty arguments */
	run_init(&run, tree);
	found.cmdline.len = GUEST_ARGV_MAX;
	assert_int_equal(guest_describe(&run.env, &found, &run.guest), 0);
	assert_int_equal(run.guest.argv.n, 65536);
	assert_true(has_gap(&run, "guest.guests.argv"));
}

/* clang-format off */
#define LITERAL(s) { s, sizeof(s) - 1 }
/* clang-format on */

static void test_manager(void **state)
{
	const struct tree *tree = *state;
	static const struct {
		struct text cmdline;
		const char *cgroup, *manager;
	} cases[] = {
		{ LITERAL("kvm\0-id\0"
			  "100\0-pidfile\0/var/run/qemu-server/100.pid"),
		  NULL, "proxmox" },
		{ LITERAL("kvm\0-id\0"
			  "100"),
		  NULL, "proxmox" },
		{ LITERAL("kvm\0-pidfile\0/var/run/qemu-server/100.pid"), NULL, "plain" },
		{ LITERAL("q\0-pidfile\0/var/lib/libvirt/qemu/domain-1-a/x"), NULL, "libvirt" },
		{ LITERAL("q\0-drive\0file=/var/lib/libvirt/images/a.qcow2"), NULL, "plain" },
		{ LITERAL("q\0-chardev\0socket,id=charmonitor,path=x"), NULL, "libvirt" },
		{ LITERAL("q\0-name\0guest=a\0-sandbox\0on"), NULL, "libvirt" },
		{ LITERAL("q\0-name\0guest=a"), "0::/user.slice\n", "plain" },
		{ LITERAL("q\0-name\0a"),
		  "0::/machine.slice/machine-qemu\\x2d1\\x2da.scope/libvirt/emulator\n",
		  "libvirt" },
	};
	auto_run struct run run;

	run_init(&run, tree);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct guest_found found = { (uint32_t)i + 1, "", cases[i].cmdline, { 0 } };
		struct guest_process g = { 0 };

		if (cases[i].cgroup)
			put(tree, found.pid, "cgroup", cases[i].cgroup);
		assert_int_equal(guest_describe(&run.env, &found, &g), 0);
		assert_string_equal(g.manager.v, cases[i].manager);
	}
}

static const struct guest_thread *thread(const struct run *run, unsigned tid)
{
	const struct guest_thread *t = run->guest.threads.v;

	for (size_t i = 0; i < run->guest.threads.n; i++) {
		if (t[i].tid.v == tid)
			return &t[i];
	}
	fail_msg("no thread %u", tid);
	return NULL;
}

static void read_threads(struct run *run)
{
	const struct guest_found found = FOUND("");

	assert_int_equal(guest_read_threads(&run->env, &found, &run->found, &run->guest), 0);
}

static void test_named_threads(void **state)
{
	const struct tree *tree = *state;
	struct guest_vhost vhosts[] = { { 90, 4711 }, { 91, 4712 } };
	auto_run struct run run;
	const struct guest_thread *t;

	put_thread(tree, 4711, 4711, "qemu-system-x86", 100, "0 0");
	put_thread(tree, 4711, 4712, "CPU 0/KVM", 110, "50 1");
	put_thread(tree, 4711, 4713, "CPU 1/KVM", 111, "0 0");
	/* started by the thread of vCPU 1, whose name it has */
	put_thread(tree, 4711, 4714, "CPU 1/KVM", 200, "0 0");
	put_thread(tree, 4711, 4715, "IO iothread0", 105, "0 0");
	put_thread(tree, 4711, 4716, "worker", 300, "0 5");
	put_thread(tree, 4711, 4717, "odd ) name (", 300, "0 99");
	put_thread(tree, 4711, 4718, "qemu-system-x86", 300, "0 0");
	tree_dir(tree, "proc/4711/task/4719"); /* has ended */
	tree_file(tree, "proc/4711/task/4720/comm", "vhost-4711\n");
	tree_file(tree, "proc/90/comm", "vhost-4711\n");
	tree_file(tree, "proc/90/status", "Cpus_allowed:\t1\n");
	run_init(&run, tree);
	run.found.vhosts = vhosts;
	run.found.n_vhosts = ARRAY_SIZE(vhosts);
	read_threads(&run);
	assert_true(run.guest.threads.known);
	assert_int_equal(run.guest.threads.n, 10);
	assert_true(fact_is(&thread(&run, 4711)->role, "emulator"));
	t = thread(&run, 4712);
	assert_true(fact_is(&t->role, "vcpu"));
	assert_int_equal(t->vcpu.v, 0);
	assert_true(fact_is(&t->policy, "fifo"));
	assert_int_equal(t->rt_priority.v, 50);
	assert_int_equal(t->last_cpu.v, 5);
	assert_true(cpus_has(&t->affinity.v, 3) && cpus_count(&t->affinity.v) == 2);
	assert_int_equal(thread(&run, 4713)->vcpu.v, 1);
	t = thread(&run, 4714);
	assert_true(fact_is(&t->role, "other"));
	assert_false(t->vcpu.known);
	assert_true(fact_is(&thread(&run, 4715)->role, "iothread"));
	assert_true(fact_is(&thread(&run, 4716)->role, "worker"));
	assert_true(fact_is(&thread(&run, 4716)->policy, "idle"));
	t = thread(&run, 4717);
	assert_true(fact_is(&t->comm, "odd ) name ("));
	assert_false(t->policy.known);
	assert_true(fact_is(&thread(&run, 4718)->role, "other"));
	assert_true(fact_is(&thread(&run, 4720)->role, "vhost"));
	t = thread(&run, 90);
	assert_true(fact_is(&t->role, "vhost"));
	assert_true(cpus_has(&t->affinity.v, 0));
	assert_false(has_gap(&run, "guest.guests.threads.role"));
	/* of the thread without status */
	assert_true(has_gap(&run, "guest.guests.threads.affinity"));
}

static void put_unnamed(const struct tree *tree)
{
	for (unsigned tid = 4711; tid < 4715; tid++)
		put_thread(tree, 4711, tid, "kvm", tid, "0 0");
	put_thread(tree, 4711, 4720, "SPICE Worker", 5000, "0 0");
}

static void test_unnamed_threads(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;

	put_unnamed(tree);
	run_init(&run, tree);
	read_threads(&run);
	assert_true(fact_is(&thread(&run, 4711)->role, "emulator"));
	assert_false(thread(&run, 4712)->role.known);
	assert_true(fact_is(&thread(&run, 4720)->role, "other"));
	assert_true(has_gap(&run, "guest.guests.threads.role"));
}

/* Numbers in the names are APIC ids, with holes where the guest's topology has them. */
static void test_vcpus_of_debugfs(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;

	put_unnamed(tree);
	tree_file(tree, "sys/kernel/debug/kvm/4711-13/vcpu0/pid", "4713\n");
	tree_file(tree, "sys/kernel/debug/kvm/4711-13/vcpu2/pid", "odd\n");
	tree_file(tree, "sys/kernel/debug/kvm/4711-13/vcpu4/pid", "4712\n");
	tree_file(tree, "sys/kernel/debug/kvm/4711-13/vcpu10/pid", "4714\n");
	tree_file(tree, "sys/kernel/debug/kvm/471-13/vcpu0/pid", "4720\n");
	tree_dir(tree, "sys/kernel/debug/kvm/21-9");
	tree_file(tree, "sys/kernel/debug/kvm/exits", "1\n");
	run_init(&run, tree);
	read_threads(&run);
	assert_int_equal(thread(&run, 4713)->vcpu.v, 0);
	assert_int_equal(thread(&run, 4712)->vcpu.v, 1);
	assert_int_equal(thread(&run, 4714)->vcpu.v, 2);
	assert_true(fact_is(&thread(&run, 4714)->role, "vcpu"));
	assert_false(thread(&run, 4720)->vcpu.known);
	assert_false(has_gap(&run, "guest.guests.threads.role"));
}

static void test_no_threads(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;

	run_init(&run, tree);
	read_threads(&run);
	assert_false(run.guest.threads.known);
	assert_true(has_gap(&run, "guest.guests.threads"));
}

static void test_memory(void **state)
{
	const struct tree *tree = *state;
	const struct guest_backing *b;
	auto_run struct run run;

	put(tree, 4711, "status", "VmLck:\t 1024 kB\nVmSwap:\t 12 kB\n");
	put(tree, 4711, "smaps",
	    "1000-2000 rw-p 0 0:0 0\nSize: 32768 kB\nKernelPageSize: 4 kB\nRss: 8 kB\n"
	    "AnonHugePages: 4 kB\n"
	    "3000-4000 rw-s 0 0:0 0 /dev/hugepages/ram\nSize: 2097152 kB\n"
	    "KernelPageSize: 2048 kB\nShared_Hugetlb: 2097152 kB\nVmFlags: rd wr ht");
	run_init(&run, tree);
	assert_int_equal(guest_read_memory(&run.env, 4711, &run.guest), 0);
	assert_int_equal(run.guest.locked_kib.v, 1024);
	assert_int_equal(run.guest.swap_kib.v, 12);
	assert_int_equal(run.guest.backing.n, 2);
	b = run.guest.backing.v;
	assert_int_equal(b[0].page_kib.v, 4);
	assert_int_equal(b[0].size_kib.v, 32768);
	assert_int_equal(b[0].resident_kib.v, 8);
	assert_int_equal(b[0].anon_huge_kib.v, 4);
	assert_false(b[0].is_hugetlb.v);
	assert_int_equal(b[1].page_kib.v, 2048);
	assert_int_equal(b[1].resident_kib.v, 2097152);
	assert_true(b[1].is_hugetlb.v);
	assert_null(run.env.gaps);
}

static void test_memory_missing(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;

	run_init(&run, tree);
	assert_int_equal(guest_read_memory(&run.env, 4711, &run.guest), 0);
	assert_false(run.guest.backing.known);
	assert_false(run.guest.locked_kib.known);
	assert_true(has_gap(&run, "guest.guests.backing"));
	assert_true(has_gap(&run, "guest.guests.locked_kib"));
}

/* Longer than what is read at once, lines across its borders, one line longer than all of it. */
static void test_memory_large(void **state)
{
	static const char mapping[] = "1000-2000 rw-p 0 0:0 0\nSize: 32768 kB\n"
				      "KernelPageSize: 4 kB\nRss: 1 kB\n";
	const struct tree *tree = *state;
	const size_t n = 5000, len = sizeof(mapping) - 1, junk = 200000;
	auto_free char *text = malloc(n * len + junk + 2);
	const struct guest_backing *b;
	auto_run struct run run;
	char *end = text;

	assert_non_null(text);
	memset(end, 'x', junk);
	end += junk;
	*end++ = '\n';
	for (size_t i = 0; i < n; i++)
		end = stpcpy(end, mapping);
	put(tree, 4711, "status", "");
	put(tree, 4711, "smaps", text);
	run_init(&run, tree);
	assert_int_equal(guest_read_memory(&run.env, 4711, &run.guest), 0);
	assert_int_equal(run.guest.backing.n, 1);
	b = run.guest.backing.v;
	assert_int_equal(b[0].size_kib.v, n * 32768);
	assert_int_equal(b[0].resident_kib.v, n);
}

#define ON_TREE(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TREE(test_find),
		ON_TREE(test_find_nothing),
		ON_TREE(test_describe),
		ON_TREE(test_describe_without_arguments),
		ON_TREE(test_describe_long),
		ON_TREE(test_manager),
		ON_TREE(test_named_threads),
		ON_TREE(test_unnamed_threads),
		ON_TREE(test_vcpus_of_debugfs),
		ON_TREE(test_no_threads),
		ON_TREE(test_memory),
		ON_TREE(test_memory_missing),
		ON_TREE(test_memory_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
