/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The domain probe as a program: which source it takes, and what it says of bad ones. */
/* TEST_SOURCES: tests/lib/tree.c probes/user_file.c probes/libvirt_xml.c */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/doc.h"
#include "core/program.h"
#include "facts/domain.h"
#include "probes/libvirt_xml.h"
#include "probes/user_file.h"
#include "tests/lib/check.h"
#include "tests/lib/tree.h"

struct outcome {
	struct arena arena;
	struct doc *doc;
	const char *status, *reason;
	struct domain_facts facts;
};

/* Arguments after --sysroot TREE; at most two pairs. */
static struct outcome run(const struct tree *tree, const char *option, const char *value)
{
	const char *build = getenv("VFIOBENCH_BUILD"), *why;
	auto_free char *path = NULL, *root = NULL;
	struct program p = { .limit_ns = 20 * NS_PER_S };
	struct outcome o = { 0 };
	struct doc_error error;

	assert_true(asprintf(&path, "%s/vfiobench-probe-domain", build ? build : ".") > 0);
	assert_true(asprintf(&root, "%s/tree", tree->top) > 0);
	p.argv = (const char *const[]){ path, "--sysroot", root, option, value, NULL };
	assert_int_equal(program_start(&p, timebase_monotonic()), 0);
	assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), -1), 0);
	assert_int_equal(p.end, PROGRAM_EXITED);
	assert_int_equal(p.code, 0);
	assert_string_equal(p.err, "");
	assert_int_equal(doc_parse(p.out, p.n_out, &o.doc, &error), 0);
	program_release(&p);
	assert_int_equal(doc_get_str(o.doc, "status", &o.status), 0);
	assert_int_equal(doc_get_str(o.doc, "reason", &o.reason), 0);
	assert_int_equal(
		schema_decode(&domain_schema, doc_get(o.doc, "data"), &o.arena, &o.facts, &why), 0);
	return o;
}

static void outcome_release(struct outcome *o)
{
	doc_free(o->doc);
	arena_release(&o->arena);
}

static void check_gap(const struct outcome *o, const char *field, const char *piece)
{
	const struct doc *gaps = doc_get(o->doc, "gaps");
	const char *name, *words = "none";

	for (size_t i = 0; i < doc_n(gaps); i++) {
		assert_int_equal(doc_get_str(doc_at(gaps, i), "field", &name), 0);
		assert_int_equal(doc_get_str(doc_at(gaps, i), "error", &words), 0);
		if (!strcmp(name, field) && strstr(words, piece))
			return;
	}
	fail_msg("of %zu gaps the last is '%s', no '%s'", doc_n(gaps), words, piece);
}

static void check_name(const struct outcome *o, const char *source, const char *name)
{
	assert_string_equal(o->reason, "");
	assert_true(fact_is(&o->facts.source, source));
	assert_true(fact_is(&o->facts.name, name));
}

/* A file outside of the tree, as the user names it. */
static char *user_file(const struct tree *tree, const char *text)
{
	char *path;
	FILE *f;

	assert_true(asprintf(&path, "%s/user file", tree->top) > 0);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	return path;
}

static void test_sources(void **state)
{
	const struct tree *tree = *state;
	auto_free char *path = user_file(tree, "<domain><name>of the user</name></domain>");
	struct outcome o;

	tree_dir(tree, "proc");
	o = run(tree, NULL, NULL);
	assert_string_equal(o.status, "partial");
	assert_false(o.facts.source.known || o.facts.disks.known);
	check_gap(&o, "domain.source", "no --domain-xml was given");
	outcome_release(&o);

	tree_bytes(tree, "qemu.argv", "qemu-system-x86_64\0-name\0of argv\0", 33);
	o = run(tree, NULL, NULL);
	check_name(&o, "argv", "of argv");
	outcome_release(&o);

	tree_file(tree, "domain.xml", "<domain><name>of the tree</name></domain>");
	o = run(tree, NULL, NULL);
	assert_string_equal(o.status, "ok");
	check_name(&o, "file", "of the tree");
	outcome_release(&o);

	o = run(tree, "--domain-xml", path);
	check_name(&o, "file", "of the user");
	outcome_release(&o);
	unlink(path);
}

static void test_argv_file(void **state)
{
	const struct tree *tree = *state;
	auto_free char *path = user_file(tree, "qemu-system-x86_64\n-name\nguest=a,,b\n-m\n2G\n");
	struct outcome o = run(tree, "--qemu-argv", path);

	check_name(&o, "argv", "a,b");
	assert_true(o.facts.memory_kib.known);
	assert_int_equal(o.facts.memory_kib.v, 2 * MIB);
	outcome_release(&o);
	unlink(path);
}

static void test_empty_argv_file(void **state)
{
	const struct tree *tree = *state;
	auto_free char *path = user_file(tree, "\n");
	struct outcome o = run(tree, "--qemu-argv", path);

	assert_string_equal(o.status, "failed");
	assert_non_null(strstr(o.reason, "user file: holds no arguments"));
	outcome_release(&o);
	unlink(path);
}

/* A guest that ran when the tree was captured: what libvirt wrote down, else its arguments. */
static void test_guest_in_tree(void **state)
{
	static const char cmdline[] = "/usr/bin/qemu-system-x86_64\0-name\0guest=w,debug-threads=on"
				      "\0-chardev\0socket,id=charmonitor\0-m\0"
				      "64";
	const struct tree *tree = *state;
	struct outcome o;

	tree_file(tree, "proc/1/comm", "init\n");
	tree_file(tree, "proc/77/comm", "qemu-system-x86\n");
	tree_bytes(tree, "proc/77/cmdline", cmdline, sizeof(cmdline));
	o = run(tree, NULL, NULL);
	check_name(&o, "argv", "w");
	assert_int_equal(o.facts.memory_kib.v, 64 * KIB);
	outcome_release(&o);

	tree_file(tree, "run/libvirt/qemu/w.xml",
		  "<domstatus><domain type='kvm'><name>w</name></domain></domstatus>");
	o = run(tree, NULL, NULL);
	check_name(&o, "libvirt", "w");
	outcome_release(&o);
	o = run(tree, "--guest-pid", "78");
	assert_false(o.facts.source.known);
	check_gap(&o, "domain.source", "process 78 runs no QEMU guest");
	outcome_release(&o);

	tree_bytes(tree, "proc/78/cmdline", cmdline, sizeof(cmdline));
	o = run(tree, NULL, NULL);
	assert_false(o.facts.source.known);
	check_gap(&o, "domain.source", "2 guests run (pids 77, 78) and none was named");
	outcome_release(&o);
	o = run(tree, "--guest-pid", "78");
	check_name(&o, "libvirt", "w");
	outcome_release(&o);
}

/* The XML was changed since the guest was started. */
static void test_live_differs(void **state)
{
	static const char cmdline[] = "/usr/bin/qemu-system-x86_64\0-name\0guest=w,debug-threads=on"
				      "\0-m\0"
				      "64\0-smp\0"
				      "4\0-rtc\0base=localtime";
	const struct tree *tree = *state;
	auto_free char *path = user_file(tree, "<domain><name>w</name><memory unit='M'>64</memory>"
					       "<vcpu>2</vcpu><clock offset='utc'/></domain>");
	struct outcome o;

	tree_dir(tree, "proc");
	o = run(tree, "--domain-xml", path);
	assert_false(o.facts.live_differs.known); /* it does not run */
	outcome_release(&o);

	tree_file(tree, "proc/77/comm", "qemu-system-x86\n");
	tree_bytes(tree, "proc/77/cmdline", cmdline, sizeof(cmdline));
	o = run(tree, "--domain-xml", path);
	assert_string_equal(o.status, "ok");
	assert_int_equal(o.facts.live_differs.n, 2);
	assert_string_equal(o.facts.live_differs.v[0], "n_vcpus: 2 in the XML, 4 in QEMU");
	assert_string_equal(o.facts.live_differs.v[1],
			    "clock_offset: utc in the XML, localtime in QEMU");
	outcome_release(&o);
	unlink(path);
	free(path);
	path = user_file(tree, "<domain><name>another</name><vcpu>2</vcpu></domain>");
	o = run(tree, "--domain-xml", path);
	assert_false(o.facts.live_differs.known);
	outcome_release(&o);
	unlink(path);
}

/* A name that is a path leads nowhere. */
static void test_guest_with_odd_name(void **state)
{
	static const char cmdline[] = "qemu-system-x86_64\0-name\0guest=../../../etc/x\0-m\0"
				      "64"
				      "\0-chardev\0socket,id=charmonitor";
	const struct tree *tree = *state;
	struct outcome o;

	tree_file(tree, "etc/x.xml", "<domain><name>no</name></domain>");
	tree_dir(tree, "run/libvirt/qemu");
	tree_bytes(tree, "proc/77/cmdline", cmdline, sizeof(cmdline));
	o = run(tree, NULL, NULL);
	check_name(&o, "argv", "../../../etc/x");
	outcome_release(&o);
}

/* Values that cannot be used cost themselves only. */
static void test_odd_value(void **state)
{
	const struct tree *tree = *state;
	struct outcome o;

	tree_file(tree, "domain.xml", "<domain>\n<vcpu>x</vcpu><name>n</name></domain>");
	o = run(tree, NULL, NULL);
	assert_string_equal(o.status, "partial");
	check_name(&o, "file", "n");
	check_gap(&o, "domain.n_vcpus", "line 2: <vcpu>: 'x' is not a number");
	outcome_release(&o);
}

static void test_bad_files(void **state)
{
	const struct tree *tree = *state;
	static const struct {
		const char *text, *words;
	} cases[] = {
		{ "hello", "user file:1: " },
		{ "", "user file: is empty" },
		{ "<network/>", "user file: holds no <domain>" },
		{ "<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"
		  "<domain><name>&x;</name></domain>",
		  "user file:1: declares an entity" },
	};
	struct outcome o = run(tree, "--domain-xml", "/nonesuch");

	assert_string_equal(o.status, "failed");
	assert_string_equal(o.reason, "/nonesuch: No such file or directory");
	assert_false(o.facts.source.known);
	outcome_release(&o);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *path = user_file(tree, cases[i].text);

		o = run(tree, "--domain-xml", path);
		assert_string_equal(o.status, "failed");
		if (!strstr(o.reason, cases[i].words))
			fail_msg("'%s' lacks '%s'", o.reason, cases[i].words);
		assert_false(o.facts.source.known || o.facts.name.known);
		outcome_release(&o);
		unlink(path);
	}
}

/* It is a domain all the same: what is wrong with it is a fact, and the reason of all gaps. */
static void test_broken_file(void **state)
{
	const struct tree *tree = *state;
	auto_free char *path = user_file(tree, "<domain>\n<features>\n<apic>\n</features>\n");
	struct outcome o = run(tree, "--domain-xml", path);

	assert_string_equal(o.status, "partial");
	assert_true(fact_is(&o.facts.source, "file"));
	assert_true(fact_is(&o.facts.xml_error,
			    "Opening and ending tag mismatch: apic line 3 and features"));
	assert_true(o.facts.xml_error_line.known);
	assert_int_equal(o.facts.xml_error_line.v, 4);
	assert_int_equal(o.facts.xml.n, 4);
	assert_false(o.facts.features.known || o.facts.disks.known);
	check_gap(&o, "domain.features", "the XML is not well-formed");
	check_gap(&o, "domain.has_qemu_commandline", "the XML is not well-formed");
	outcome_release(&o);
	unlink(path);
}

/* A directory in the place of the file, and a link that leads out of the tree. */
static void test_odd_tree(void **state)
{
	const struct tree *tree = *state;
	struct outcome o;

	tree_dir(tree, "proc");
	tree_dir(tree, "domain.xml");
	o = run(tree, NULL, NULL);
	assert_string_equal(o.status, "partial");
	check_gap(&o, "domain.source", "EISDIR");
	outcome_release(&o);
	tree_link(tree, "../user file", "qemu.argv");
	o = run(tree, NULL, NULL);
	assert_false(o.facts.source.known);
	outcome_release(&o);
}

static void test_user_file(void **state)
{
	static const size_t sizes[] = { 0, 1, 16383, 16384, 16385, 100000 };
	const struct tree *tree = *state;

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		auto_free char *text = calloc(1, sizes[i] + 1), *path = NULL, *back = NULL;
		size_t len;

		assert_non_null(text);
		memset(text, 'x', sizes[i]);
		path = user_file(tree, text);
		assert_int_equal(user_file_read(path, sizes[i], &back, &len), 0);
		assert_int_equal(len, sizes[i]);
		assert_string_equal(back, text);
		if (sizes[i])
			assert_int_equal(user_file_read(path, sizes[i] - 1, &text, &len), -EFBIG);
		unlink(path);
		assert_int_equal(user_file_read(path, 100, &text, &len), -ENOENT);
	}
	{
		char *text;
		size_t len;

		assert_int_equal(user_file_read(tree->top, 100, &text, &len), -EISDIR);
	}
}

static void test_pipe(void **state)
{
	auto_free char *text = NULL;
	size_t len;
	int fds[2];

	(void)state;
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(write(fds[1], "abc", 3), 3);
	close(fds[1]);
	assert_int_equal(user_file_read_fd(fds[0], 100, &text, &len), 0);
	assert_int_equal(len, 3);
	close(fds[0]);
}

/* This program is built without the library. */
static void test_without_libvirt(void **state)
{
	char *xml = NULL;
	size_t len;

	(void)state;
	assert_int_equal(libvirt_xml("x", 1, &xml, &len), -ENOSYS);
	assert_null(xml);
}

int main(void)
{
#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)
	const struct CMUnitTest tests[] = {
		IN_TREE(test_sources),
		IN_TREE(test_argv_file),
		IN_TREE(test_empty_argv_file),
		IN_TREE(test_guest_in_tree),
		IN_TREE(test_live_differs),
		IN_TREE(test_guest_with_odd_name),
		IN_TREE(test_odd_value),
		IN_TREE(test_bad_files),
		IN_TREE(test_broken_file),
		IN_TREE(test_odd_tree),
		IN_TREE(test_user_file),
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_without_libvirt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
