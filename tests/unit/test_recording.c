/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recordings that are text: their format, who of the guest is in them, and what is no recording. */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "probes/trace/recording.h"
#include "tests/lib/check.h"

static int file_of(const void *bytes, size_t n)
{
	const int fd = memfd_create("recording", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, n, 0), n);
	return fd;
}

static struct recording *open_text(const char *text)
{
	auto_fd int fd = file_of(text, strlen(text));
	struct recording *r = NULL;
	char *why = NULL;

	assert_int_equal(recording_open(fd, &r, &why), 0);
	assert_null(why);
	return r;
}

static bool has_note(const struct recording *r, const char *piece)
{
	size_t n;
	const struct recording_note *notes = recording_notes(r, &n);

	for (size_t i = 0; i < n; i++) {
		if (strstr(notes[i].words, piece))
			return true;
	}
	return false;
}

/* "vcpu 0 101 CPU 0/KVM, vhost 90 vhost-4711" */
static const char *members_text(const struct recording *r, char *buf, size_t size)
{
	size_t n, at = 0;
	const struct trace_member *m = recording_members(r, &n);

	*buf = '\0';
	for (size_t i = 0; i < n && at < size; i++) {
		at += (size_t)snprintf(buf + at, size - at, "%s%s ", i ? ", " : "",
				       trace_role_names[m[i].role]);
		if (m[i].role == TRACE_ROLE_VCPU)
			at += (size_t)snprintf(buf + at, size - at, "%u ", m[i].vcpu);
		if (m[i].tid < TRACE_TID_UNTOLD)
			at += (size_t)snprintf(buf + at, size - at, "%d ", m[i].tid);
		at += (size_t)snprintf(buf + at, size - at, "%s", m[i].name ? m[i].name : "-");
	}
	return buf;
}

#define KVM "CPU 0/KVM-101 [002] d... 5.000001: kvm_entry: vcpu 0, rip 0x1\n"
static void formats(void **state)
{
	static const struct {
		const char *text, *format;
	} table[] = {
		{ "# tracer: nop\n" KVM, "ftrace" },
		{ KVM, "ftrace" },
		{ "cpus=4\n" KVM, "trace-cmd report" },
		{ "CPU 0/KVM   101 [002]  5.000001: kvm:kvm_entry: vcpu 0, rip 0x1\n",
		  "perf script" },
		{ "[  12.5] CPU 0/K-101     2d..1. 5000001us : kvm_entry: vcpu 0, rip 0x1\n",
		  "ftrace" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct recording *r = open_text(table[i].text);

		assert_string_equal(recording_format(r), table[i].format);
		recording_close(r);
	}
}

static void members(void **state)
{
	static const struct {
		const char *text, *members, *note;
	} table[] = {
		{ KVM, "vcpu 0 101 CPU 0/KVM", "may only never have happened" },
		/* the event knows better than the name */
		{ "CPU 0/KVM-101 [002] d... 5.000001: kvm_entry: vcpu 7, rip 0x1\n",
		  "vcpu 7 101 CPU 0/KVM", NULL },
		/* any name, and a number that only the name tells */
		{ "fc_vcpu 3-101 [002] d... 5.000001: kvm_exit: reason HLT rip 0x1 info 0 0\n",
		  "vcpu 3 101 fc_vcpu 3", NULL },
		{ "CPU 5/KVM-101 [002] .... 5.100000: kvm_vcpu_wakeup: wait time 5 ns, polling valid\n",
		  "vcpu 5 101 CPU 5/KVM", NULL },
		/* threads without names of their own: which is the main one is not told */
		{ "kvm-202 [002] d... 5.100000: kvm_userspace_exit: reason KVM_EXIT_IO (2)\n"
		  "kvm-201 [002] d... 5.200000: kvm_userspace_exit: reason KVM_EXIT_IO (2)\n"
		  "kvm-200 [002] d... 5.300000: sched_waking: comm=kvm pid=203 prio=120 target_cpu=1\n",
		  "vcpu 0 201 kvm, vcpu 1 202 kvm, other 200 kvm, other 203 kvm",
		  "2 vCPUs have no number" },
		/* the number of a thread, and of none */
		{ "CPU 1/KVM-102 [001] .... 5.100000: sched_waking: comm=qemu-system-x86 pid=100 "
		  "prio=120 target_cpu=001\n"
		  "vhost-100-104 [001] .... 5.200000: sched_waking: comm=IO iothread1 pid=105 prio=120 "
		  "target_cpu=001\n"
		  "<idle>-0 [001] .... 5.300000: sched_waking: comm=worker pid=106 prio=120 "
		  "target_cpu=001\n"
		  "kvm-pit/100-107 [001] .... 5.400000: sched_waking: comm=sshd pid=1 prio=120 "
		  "target_cpu=001\n",
		  "vcpu 1 102 CPU 1/KVM, emulator 100 qemu-system-x86, iothread 105 IO iothread1, "
		  "vhost 104 vhost-100, other 107 kvm-pit/100",
		  NULL },
		/* it was called as the program before it got its own name */
		{ "qemu-system-x86-101 [001] .... 5.100000: sched_waking: comm=x pid=1 prio=120 "
		  "target_cpu=001\n"
		  "CPU 2/KVM-101 [001] .... 5.200000: sched_waking: comm=x pid=1 prio=120 "
		  "target_cpu=001\n",
		  "vcpu 2 101 CPU 2/KVM", NULL },
		{ "<...>-101 [001] d... 5.100000: kvm_entry: vcpu 0, rip 0x1\n", "vcpu 0 101 -",
		  NULL },
		{ " [001] 5.100000: kvm:kvm_entry: vcpu 4, rip 0x1\n"
		  " [001] 5.200000: kvm:kvm_entry: vcpu 4, rip 0x1\n",
		  "vcpu 4 -", "threads of 1 vCPUs are not told" },
		{ "CPU 0/KVM-101 [002] d... 5.100000: kvm_entry: vcpu 0, rip 0x1\n"
		  "CPU 0/KVM-201 [003] d... 5.200000: kvm_entry: vcpu 0, rip 0x1\n",
		  "vcpu 0 101 CPU 0/KVM, vcpu 0 201 CPU 0/KVM", "more than one guest" },
		{ "vhost-100-104 [001] .... 5.200000: sched_waking: comm=x pid=1 prio=120 "
		  "target_cpu=001\n",
		  "vhost 104 vhost-100", "no thread in it is known to be a vCPU" },
		/* no thread has such an id */
		{ KVM "CPU 1/KVM-1073741824 [002] d... 5.200000: kvm_entry: vcpu 1, rip 0x1\n",
		  "vcpu 0 101 CPU 0/KVM", NULL },
	};
	char buf[1024];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct recording *r = open_text(table[i].text);

		assert_string_equal(members_text(r, buf, sizeof(buf)), table[i].members);
		if (table[i].note)
			assert_true(has_note(r, table[i].note));
		recording_close(r);
	}
}

/* A kind that is not in it at all is not recorded; the window is from its first event on. */
static void setup(void **state)
{
	struct recording *r = open_text(
		KVM
		"CPU 0/KVM-101 [002] d... 5.000009: kvm_exit: reason HLT rip 0x1 info 0 0\n"
		"ktimers/2-9 [002] .... 5.100000: sched_waking: comm=x pid=1 prio=120 target_cpu=1\n");
	const struct trace_setup *s = recording_setup(r);

	(void)state;
	assert_true(s->has[TRACE_KVM_ENTRY] && s->has[TRACE_KVM_EXIT] && s->has[TRACE_WAKING]);
	assert_false(s->has[TRACE_SWITCH] || s->has[TRACE_NMI] || s->has[TRACE_KVM_USERSPACE]);
	assert_true(s->has_rt);
	assert_string_equal(s->rung, "recording");
	assert_int_equal(s->start_ns, 0);
	assert_true(s->end_ns == UINT64_MAX);
	assert_int_equal(s->unix_ns, 0);
	assert_true(has_note(r, "steps of 1000 ns"));
	recording_close(r);
}

static size_t count_others(const char *text)
{
	struct recording *r = open_text(text);
	struct trace_source *s = recording_source(r);
	struct trace_event e;
	size_t n = 0;
	int got;

	while ((got = s->next(s, &e)) > 0)
		n += e.kind == TRACE_OTHER;
	assert_int_equal(got, 0);
	recording_close(r);
	return n;
}

/*
 * Other events tell who ran where; but between a switch and its end they still name the thread that
 * has left.
 */
static void others(void **state)
{
#define OTHER "CPU 0/KVM-101 [002] d... 5.000002: kvm_fpu: unload\n"
	(void)state;
	assert_int_equal(count_others(KVM OTHER), 1);
	assert_int_equal(
		count_others(KVM "CPU 0/KVM-101 [002] d... 5.000001: sched_switch: "
				 "prev_comm=CPU 0/KVM prev_pid=101 prev_prio=120 "
				 "prev_state=R ==> next_comm=x next_pid=7 next_prio=120\n" OTHER),
		0);
}

/* Seen at some moments only: how long a helper ran is not known then. */
static void without_switches(void **state)
{
	struct recording *r = open_text(
		KVM "vhost-100-104 [001] .... 5.200000: sched_waking: comm=x pid=1 prio=120 "
		    "target_cpu=001\n");
	struct trace_machine *m = trace_machine_new(recording_setup(r));
	struct trace_source *s = recording_source(r);
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	struct trace_event e;
	size_t n;
	const struct trace_member *members = recording_members(r, &n);
	const struct trace_thread *t;

	(void)state;
	assert_non_null(m);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(trace_machine_add_thread(m, &members[i]), 0);
	while (s->next(s, &e) > 0)
		trace_machine_event(m, &e);
	assert_int_equal(trace_machine_finish(m, &a, &f), 0);
	t = f.threads.v;
	assert_int_equal(f.threads.n, 1);
	assert_int_equal(t->tid.v, 104);
	assert_false(t->run_ns.known || t->delay_ns.known || t->n_migrations.known);
	trace_machine_free(m);
	recording_close(r);
}

static void odd_texts(void **state)
{
	struct recording *r = open_text(
		"From: somebody\n" KVM
		"CPU 0/KVM-101 [002] d... 4.000000: kvm_exit: reason HLT rip 0x1 info 0 0\n"
		"CPU 0/KVM-101 [002] d... 5.100000: sched_switch: prev_comm=x\n"
		" 5.200000: kvm:kvm_entry: vcpu 0, rip 0x1\n");

	(void)state;
	assert_true(has_note(r, "1 lines are no events"));
	assert_true(has_note(r, "1 events are cut off"));
	assert_true(has_note(r, "1 events tell no CPU"));
	assert_true(has_note(r, "1 times of events run back"));
	recording_close(r);
}

static void refused(void **state)
{
	static const struct {
		const char *text;
		int error;
		const char *why;
	} table[] = {
		{ "", -ENODATA, "nothing in it is an event" },
		{ "Dear list,\nmy guest stutters.\n", -ENODATA, "nothing in it is an event" },
		{ "PERFILE2xxxxxxxx", -EBADMSG, "perf script" },
		{ "\x1f\x8b\x08yyyyyyyyyyyy", -EBADMSG, "gzip" },
		{ "\xfd"
		  "7zXZ",
		  -EBADMSG, "xz" },
		{ " 5.200000: kvm:kvm_entry: vcpu 0, rip 0x1\n", -ENODATA, "on which CPU" },
		{ "CPU 0/KVM-82557 [002] ... kvm_entry: vcpu 0, rip 0x1\n", -ENODATA, "when" },
		{ "a-1 [001] .... 5.100000: sched_waking: comm=x pid=2 prio=120 target_cpu=1\n",
		  -ESRCH, "no guest thread in it: among 1 events none is kvm_entry" },
		{ "\x17\x08\x44tracing", -EBADMSG, "damaged or cut off, in its start" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		auto_fd int fd = file_of(table[i].text, strlen(table[i].text));
		auto_free char *why = NULL;
		struct recording *r = NULL;

		assert_int_equal(recording_open(fd, &r, &why), table[i].error);
		assert_null(r);
		assert_non_null(why);
		assert_non_null(strstr(why, table[i].why));
	}
}

static void pipes(void **state)
{
	auto_free char *why = NULL;
	struct recording *r = NULL;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(recording_open(ends[0], &r, &why), -ESPIPE);
	close(ends[0]);
	close(ends[1]);
	recording_close(NULL);
}

/* However many threads a stranger's text names, memory is bounded and what is left out is said. */
static void too_many(void **state)
{
	enum { N = 6000, LINE = 96 };
	auto_free char *text = malloc(N * LINE);
	struct recording *r;
	size_t n, at = 0;

	(void)state;
	assert_non_null(text);
	for (int i = 1; i <= N; i++)
		at += (size_t)snprintf(
			text + at, LINE,
			"CPU %d/KVM-%d [001] d... 5.100000: kvm_entry: vcpu %d, rip 0x1\n", i, i,
			i);
	r = open_text(text);
	recording_members(r, &n);
	assert_int_equal(n, TRACE_MEMBERS_MAX);
	assert_true(has_note(r, "more than 1024 threads"));
	recording_close(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats),
		cmocka_unit_test(members),
		cmocka_unit_test(setup),
		cmocka_unit_test(others),
		cmocka_unit_test(odd_texts),
		cmocka_unit_test(refused),
		cmocka_unit_test(without_switches),
		cmocka_unit_test(pipes),
		cmocka_unit_test(too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
