/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records of several kernels, by formats as those kernels print them. */
#include "tests/lib/decoding.h"

static struct record switch_record(uint64_t state)
{
	struct record r = record_of(300, 10);

	put_text(&r, 8, "CPU 0/KVM", 16);
	put(&r, 24, 10, 4);
	put(&r, 28, 120, 4);
	put(&r, 32, state, 8);
	put_text(&r, 40, "0123456789abcdef", 16);
	put(&r, 56, 11, 4);
	put(&r, 60, (uint32_t)-1, 4);
	return r;
}

static void test_switch(void **state)
{
	struct decoding d = decoding_of(plain, ARRAY_SIZE(plain));
	struct record r = switch_record(0x100);
	struct trace_event e;

	(void)state;
	assert_true(decode(&d, &r, &e));
	assert_int_equal(e.kind, TRACE_SWITCH);
	assert_int_equal(e.t_ns, 777);
	assert_int_equal(e.cpu, 3);
	assert_int_equal(e.pid, 10);
	assert_false(e.needs_resched);
	assert_int_equal(e.position, 0);
	assert_string_equal(e.comm, "CPU 0/KVM");
	assert_string_equal(e.sched_switch.prev_comm, "CPU 0/KVM");
	assert_int_equal(e.sched_switch.prev_pid, 10);
	assert_int_equal(e.sched_switch.prev_prio, 120);
	assert_int_equal(e.sched_switch.prev_state, TRACE_TASK_PREEMPTED);
	assert_string_equal(e.sched_switch.prev_letters, "R+");
	/* no NUL in its 16 bytes */
	assert_string_equal(e.sched_switch.next_comm, "0123456789abcdef");
	assert_int_equal(e.sched_switch.next_pid, 11);
	assert_int_equal(e.sched_switch.next_prio, -1);
	put(&r, 2, 4, 1);
	assert_true(decode(&d, &r, &e));
	assert_true(e.needs_resched);
	put(&r, 56, (uint32_t)-5, 4);
	assert_true(decode(&d, &r, &e));
	assert_int_equal(e.sched_switch.next_pid, TRACE_PID_UNKNOWN);
	decoding_release(&d);
}

/* Bits and letters are those of the print format, whatever the kernel. */
static void test_states(void **state)
{
	static const struct format old[] = { { "sched", SWITCH_HEAD SWITCH_PRINT_OLD } };
	static const struct format cut[] = { { "sched", SWITCH_HEAD "\nprint fmt: \"\"\n" } };
	static const struct format odd[] = {
		{ "sched", SWITCH_HEAD
		  "\nprint fmt: \"%s\", __print_flags(REC->prev_state, \"|\", { 3, \"S\" }, { 4, "
		  "\"TT\" }, { 8, \"Q\" }, { 16, \"D\" }), REC->prev_state & REC->next_prio ? \"+\" : "
		  "\"\"\n" },
	};
	static const struct {
		const struct format *format;
		uint64_t value;
		const char *letters;
		enum trace_task_state state;
	} cases[] = {
		{ plain, 0, "R", TRACE_TASK_RUNNABLE },
		{ plain, 1, "S", TRACE_TASK_SLEEPING },
		{ plain, 2, "D", TRACE_TASK_BLOCKED },
		{ plain, 4, "T", TRACE_TASK_STOPPED },
		{ plain, 8, "t", TRACE_TASK_STOPPED },
		{ plain, 0x10, "X", TRACE_TASK_DEAD },
		{ plain, 0x20, "Z", TRACE_TASK_DEAD },
		{ plain, 0x40, "P", TRACE_TASK_SLEEPING },
		{ plain, 0x80, "I", TRACE_TASK_SLEEPING },
		{ plain, 0x100, "R+", TRACE_TASK_PREEMPTED },
		{ plain, 0x101, "S+", TRACE_TASK_SLEEPING },
		{ plain, 0x22, "D|Z", TRACE_TASK_BLOCKED },
		{ plain, 0x1ff, "S|D|T|t|X|Z|P|I+", TRACE_TASK_SLEEPING },
		{ plain, 0x400, NULL, TRACE_TASK_UNKNOWN },
		{ old, 0, "R", TRACE_TASK_RUNNABLE },
		{ old, 0x10, "Z", TRACE_TASK_DEAD },
		{ old, 0x82, "D|K", TRACE_TASK_BLOCKED },
		{ old, 0x100, "W", TRACE_TASK_BLOCKED },
		{ old, 0x400, "R+", TRACE_TASK_PREEMPTED },
		{ old, 0x401, "S+", TRACE_TASK_SLEEPING },
		{ cut, 0, "R", TRACE_TASK_RUNNABLE },
		{ cut, 1, "S", TRACE_TASK_SLEEPING },
		{ cut, 2, "D", TRACE_TASK_BLOCKED },
		{ cut, 0x100, NULL, TRACE_TASK_UNKNOWN },
		/* what is no bit, no letter or no number does not count */
		{ odd, 16, "D", TRACE_TASK_BLOCKED },
		{ odd, 8, "Q", TRACE_TASK_UNKNOWN },
		{ odd, 4, NULL, TRACE_TASK_UNKNOWN },
		{ odd, 1, NULL, TRACE_TASK_UNKNOWN },
		{ odd, 0, "R", TRACE_TASK_RUNNABLE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct decoding d = decoding_of(cases[i].format, 1);
		const struct record r = switch_record(cases[i].value);
		struct trace_event e;

		assert_true(decode(&d, &r, &e));
		if (e.sched_switch.prev_state != cases[i].state)
			fail_msg("case %zu: state %d", i, e.sched_switch.prev_state);
		assert_text(e.sched_switch.prev_letters, cases[i].letters);
		decoding_release(&d);
	}
}

static void test_wake_and_migrate(void **state)
{
	struct decoding d = decoding_of(plain, ARRAY_SIZE(plain));
	struct trace_event e;

	(void)state;
	for (unsigned type = 301; type <= 302; type++) {
		struct record r = record_of(type, 0);

		put_text(&r, 8, "vhost-10", 16);
		put(&r, 24, 12, 4);
		put(&r, 28, 120, 4);
		put(&r, 32, 5, 4);
		assert_true(decode(&d, &r, &e));
		assert_int_equal(e.kind, TRACE_WAKING);
		assert_int_equal(e.pid, 0);
		assert_null(e.comm);
		assert_int_equal(e.waking.pid, 12);
		assert_int_equal(e.waking.target_cpu, 5);
		assert_string_equal(e.waking.comm, "vhost-10");
		put(&r, 32, 8192, 4);
		assert_true(decode(&d, &r, &e));
		assert_int_equal(e.waking.target_cpu, TRACE_CPU_UNKNOWN);
	}
	{
		struct record r = record_of(303, 1);

		put_text(&r, 8, "a", 16);
		put(&r, 24, 12, 4);
		put(&r, 28, 120, 4);
		put(&r, 32, 1, 4);
		put(&r, 36, 2, 4);
		assert_true(decode(&d, &r, &e));
		assert_int_equal(e.kind, TRACE_MIGRATE);
		assert_int_equal(e.migrate.pid, 12);
		assert_int_equal(e.migrate.from_cpu, 1);
		assert_int_equal(e.migrate.to_cpu, 2);
	}
	decoding_release(&d);
}

/* Where a __data_loc text may lie, and where not. */
static void test_irq(void **state)
{
	struct decoding d = decoding_of(plain, ARRAY_SIZE(plain));
	static const struct {
		uint32_t where; /* length << 16 | offset */
		size_t size;
		const char *name; /* NULL: broken */
	} cases[] = {
		{ 7 << 16 | 16, 23, "nvme0q" }, { 7 << 16 | 16, 40, "nvme0q" },
		{ 6 << 16 | 16, 22, "nvme0q" }, { 4 << 16 | 16, 22, "nvme" },
		{ 0 << 16 | 16, 22, "" },       { 0 << 16 | 22, 22, "" },
		{ 7 << 16 | 16, 22, NULL },     { 1 << 16 | 22, 22, NULL },
		{ 0 << 16 | 23, 22, NULL },     { 0xffffu << 16 | 16, 22, NULL },
		{ 7 << 16 | 0xffff, 22, NULL }, { 0xffffffff, 22, NULL },
	};
	uint64_t n_broken = 0;
	struct trace_event e;
	struct record r;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		r = record_of(304, 10);
		put(&r, 8, 35, 4);
		put(&r, 12, cases[i].where, 4);
		put_text(&r, 16, "nvme0q", 7);
		r.size = cases[i].size;
		assert_int_equal(decode(&d, &r, &e), cases[i].name != NULL);
		n_broken += !cases[i].name;
		assert_int_equal(trace_decoder_n_broken(d.decoder), n_broken);
		if (!cases[i].name)
			continue;
		assert_int_equal(e.kind, TRACE_IRQ_ENTRY);
		assert_int_equal(e.irq.irq, 35);
		assert_string_equal(e.irq.name, cases[i].name);
	}
	r = record_of(305, 10);
	put(&r, 8, 35, 4);
	put(&r, 12, 1, 4);
	assert_true(decode(&d, &r, &e));
	assert_int_equal(e.kind, TRACE_IRQ_EXIT);
	assert_int_equal(e.irq.irq, 35);
	assert_null(e.irq.name);
	decoding_release(&d);
}

/* A text longer than any name is cut; __rel_loc counts from the end of its field. */
static void test_texts(void **state)
{
	static const struct format rel[] = {
		{ "irq", FORMAT("irq_handler_entry", 304,
				FORMAT_FIELD("int irq", 8, 4, 1)
					FORMAT_FIELD("__rel_loc char[] name", 12, 4, 0)) },
	};
	struct decoding d = decoding_of(rel, 1);
	struct record r = record_of(304, 1);
	unsigned char large[2000];
	struct trace_event e;

	(void)state;
	put(&r, 8, 1, 4);
	put(&r, 12, 4 << 16 | 2, 4);
	put_text(&r, 16, "..abc", 6);
	assert_true(decode(&d, &r, &e));
	assert_string_equal(e.irq.name, "abc");
	put(&r, 12, 5 << 16 | 2, 4);
	assert_false(decode(&d, &r, &e));
	decoding_release(&d);

	d = decoding_of(plain, ARRAY_SIZE(plain));
	memset(large, 'x', sizeof(large));
	r = record_of(304, 1);
	put(&r, 8, 1, 4);
	put(&r, 12, 1984 << 16 | 16, 4);
	memcpy(large, r.at, 16);
	assert_true(trace_decode(d.decoder, 0, 0, large, sizeof(large), &e));
	assert_int_equal(strlen(e.irq.name), 255);
	decoding_release(&d);
}

static void test_vectors_and_softirqs(void **state)
{
	static const struct {
		unsigned type, number;
		enum trace_kind kind;
		const char *name; /* NULL: none */
		bool is_ours;
	} cases[] = {
		{ 308, 236, TRACE_VECTOR_ENTRY, "local_timer", true },
		{ 309, 236, TRACE_VECTOR_EXIT, "local_timer", true },
		{ 310, 251, TRACE_VECTOR_ENTRY, "call_function_single", true },
		{ 311, 33, 0, NULL, false },
		{ 312, 33, 0, NULL, false },
		{ 306, 0, TRACE_SOFTIRQ_ENTRY, "HI", true },
		{ 306, 9, TRACE_SOFTIRQ_ENTRY, "RCU", true },
		{ 307, 3, TRACE_SOFTIRQ_EXIT, "NET_RX", true },
		{ 306, 10, TRACE_SOFTIRQ_ENTRY, NULL, true },
	};
	struct decoding d = decoding_of(plain, ARRAY_SIZE(plain));

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct record r = record_of(cases[i].type, 10);
		struct trace_event e;

		put(&r, 8, cases[i].number, 4);
		assert_int_equal(decode(&d, &r, &e), cases[i].is_ours);
		if (!cases[i].is_ours)
			continue;
		assert_int_equal(e.kind, cases[i].kind);
		assert_int_equal(e.irq.irq, cases[i].number);
		assert_text(e.irq.name, cases[i].name);
	}
	assert_int_equal(trace_decoder_n_broken(d.decoder), 0);
	decoding_release(&d);
}

struct functions {
	unsigned n_asked;
};

static const char *name_function(void *arg, uint64_t address)
{
	((struct functions *)arg)->n_asked++;
	return address == 0xffffffff81000010 ? "vmstat_update" : NULL;
}

static void test_functions(void **state)
{
	struct decoding d = decoding_of(plain, ARRAY_SIZE(plain));
	struct functions functions = { 0 };
	struct record r = record_of(314, 10);
	struct trace_event e;

	(void)state;
	put(&r, 8, 0xffff888000000040, 8);
	put(&r, 16, 0xffffffff81000010, 8);
	assert_true(decode(&d, &r, &e));
	assert_int_equal(e.kind, TRACE_WORK_START);
	assert_int_equal(e.work.work, 0xffff888000000040);
	assert_int_equal(e.work.function, 0xffffffff81000010);
	assert_null(e.work.function_name);
	trace_decoder_set_functions(d.decoder, name_function, &functions);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(decode(&d, &r, &e));
		assert_string_equal(e.work.function_name, "vmstat_update");
	}
	assert_int_equal(functions.n_asked, 1);
	/* two addresses in one place of the table */
	put(&r, 16, 0xffffffff81000010 ^ 0x01001000, 8);
	for (unsigned i = 0; i < 2; i++) {
		assert_true(decode(&d, &r, &e));
		assert_null(e.work.function_name);
	}
	put(&r, 16, 0xffffffff81000010, 8);
	assert_true(decode(&d, &r, &e));
	assert_string_equal(e.work.function_name, "vmstat_update");
	functions.n_asked = 0;
	put(&r, 16, 0, 8);
	assert_true(decode(&d, &r, &e));
	assert_null(e.work.function_name);
	assert_int_equal(functions.n_asked, 0);

	r = record_of(315, 10);
	put(&r, 8, 1, 8);
	assert_true(decode(&d, &r, &e));
	assert_int_equal(e.kind, TRACE_WORK_END);
	assert_true(e.work.function == NONE);
	assert_null(e.work.function_name);

	r = record_of(313, 10);
	put(&r, 8, 0xffffffff81000010, 8);
	put(&r, 16, 1234, 8);
	put(&r, 24, 1, 4);
	assert_true(decode(&d, &r, &e));
	assert_int_equal(e.kind, TRACE_NMI);
	assert_string_equal(e.nmi.handler, "vmstat_update");
	assert_int_equal(e.nmi.delta_ns, 1234);
	put(&r, 16, (uint64_t)-7, 8);
	assert_true(decode(&d, &r, &e));
	assert_int_equal(e.nmi.delta_ns, 0);

	r = record_of(316, 10);
	put(&r, 8, 2, 8);
	put(&r, 16, 99, 8);
	put(&r, 24, 0xffffffff81000010, 8);
	assert_true(decode(&d, &r, &e));
	assert_int_equal(e.kind, TRACE_TIMER_ENTRY);
	assert_int_equal(e.timer.timer, 2);
	assert_int_equal(e.timer.now_ns, 99);
	assert_string_equal(e.timer.function_name, "vmstat_update");
	r = record_of(317, 10);
	put(&r, 8, 2, 8);
	assert_true(decode(&d, &r, &e));
	assert_int_equal(e.kind, TRACE_TIMER_EXIT);
	assert_true(e.timer.function == NONE && e.timer.now_ns == NONE);
	decoding_release(&d);
}

static void test_idle(void **state)
{
	struct decoding d = decoding_of(plain, ARRAY_SIZE(plain));
	struct record r = record_of(318, 0);
	struct trace_event e;

	(void)state;
	put(&r, 8, 2, 4);
	put(&r, 12, 3, 4);
	assert_true(decode(&d, &r, &e));
	assert_int_equal(e.kind, TRACE_IDLE);
	assert_int_equal(e.idle.state, 2);
	put(&r, 8, UINT32_MAX, 4);
	assert_true(decode(&d, &r, &e));
	assert_true(e.idle.state == NONE);
	decoding_release(&d);
}

/* Each record, cut at each length: it is whole, or broken, or too short to be of any kind. */
static void test_cut(void **state)
{
	struct decoding d = decoding_of(plain, ARRAY_SIZE(plain));
	struct record r = switch_record(0);
	uint64_t n_broken = 0;
	struct trace_event e;

	(void)state;
	for (size_t size = 0; size <= 64; size++) {
		r.size = size;
		n_broken += size < 64;
		assert_int_equal(decode(&d, &r, &e), size == 64);
		assert_int_equal(trace_decoder_n_broken(d.decoder), n_broken);
	}
	/* of no kind of ours: neither an event nor broken */
	put(&r, 0, 999, 2);
	assert_false(decode(&d, &r, &e));
	put(&r, 0, 65535, 2);
	assert_false(decode(&d, &r, &e));
	assert_int_equal(trace_decoder_n_broken(d.decoder), n_broken);
	decoding_release(&d);
}

static void test_has(void **state)
{
	struct decoding all = decoding_of(plain, ARRAY_SIZE(plain));
	struct decoding none = decoding_of(NULL, 0);
	struct trace_event e;

	(void)state;
	for (unsigned kind = 0; kind < N_TRACE_KINDS; kind++) {
		assert_int_equal(trace_decoder_has(all.decoder)[kind], kind < TRACE_LOST);
		assert_false(trace_decoder_has(none.decoder)[kind]);
	}
	assert_false(trace_decode(none.decoder, 0, 0, "", 0, &e));
	assert_int_equal(trace_decoder_n_broken(none.decoder), 0);
	decoding_release(&all);
	decoding_release(&none);
}

/* An event that the kernel refuses takes those with it that would be misread without it. */
static void test_dropped(void **state)
{
	struct decoding d = decoding_of(plain, ARRAY_SIZE(plain));
	const bool *has = trace_decoder_has(d.decoder);
	struct record r = switch_record(1);
	struct trace_event e;

	(void)state;
	trace_decoder_drop(d.decoder, -1);
	trace_decoder_drop(d.decoder, 999);
	trace_decoder_drop(d.decoder, 65536);
	assert_true(has[TRACE_SWITCH] && decode(&d, &r, &e));
	for (size_t i = 0; i < ARRAY_SIZE(plain); i++) {
		const struct tep_event *event =
			tep_find_event_by_name(d.tep, plain[i].system, "kvm_exit");

		if (event)
			trace_decoder_drop(d.decoder, event->id);
	}
	assert_false(has[TRACE_KVM_ENTRY] || has[TRACE_KVM_EXIT]);
	assert_true(has[TRACE_KVM_USERSPACE] && has[TRACE_SWITCH] && decode(&d, &r, &e));
	trace_decoder_drop(d.decoder, 300);
	assert_false(has[TRACE_SWITCH] || decode(&d, &r, &e));
	assert_true(has[TRACE_WAKING]);
	assert_int_equal(trace_decoder_n_broken(d.decoder), 0);
	decoding_release(&d);
}

/* Events whose fields are not what we know are as if they were not there. */
static void test_odd_formats(void **state)
{
	static const struct format cases[] = {
		{ "irq",
		  FORMAT("softirq_entry", 306, FORMAT_FIELD("unsigned int other", 8, 4, 0)) },
		{ "irq", FORMAT("softirq_entry", 306, FORMAT_FIELD("unsigned int vec", 8, 3, 0)) },
		{ "irq", FORMAT("softirq_entry", 306, FORMAT_FIELD("unsigned int vec", 8, 0, 0)) },
		{ "irq",
		  FORMAT("softirq_entry", 306, FORMAT_FIELD("unsigned int vec", 70000, 4, 0)) },
		{ "irq",
		  FORMAT("softirq_entry", 306, FORMAT_FIELD("unsigned int vec", 65533, 4, 0)) },
		{ "irq", FORMAT("softirq_entry", 306, FORMAT_FIELD("char vec[4]", 8, 4, 0)) },
		{ "irq",
		  FORMAT("softirq_entry", 306, FORMAT_FIELD("__data_loc char[] vec", 8, 4, 0)) },
		{ "irq",
		  FORMAT("softirq_entry", 70000, FORMAT_FIELD("unsigned int vec", 8, 4, 0)) },
		{ "other",
		  FORMAT("softirq_entry", 306, FORMAT_FIELD("unsigned int vec", 8, 4, 0)) },
		{ "irq", "name: softirq_entry\nID: 306\nformat:\n" FORMAT_FIELD(
				 "unsigned int vec", 8, 4, 0) "\nprint fmt: \"\"\n" },
		{ "irq",
		  "name: softirq_entry\nID: 306\nformat:\n" FORMAT_FIELD("int common_type", 0, 4, 0)
			  FORMAT_FIELD("int common_pid", 4, 4, 1) "\n" FORMAT_FIELD(
				  "unsigned int vec", 8, 4, 0) "\nprint fmt: \"\"\n" },
		{ "sched",
		  FORMAT("sched_waking", 301,
			 FORMAT_FIELD("int comm", 8, 4, 1) FORMAT_FIELD("int pid", 12, 4, 1)
				 FORMAT_FIELD("int target_cpu", 16, 4, 1)) },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct decoding d = decoding_of(&cases[i], 1);

		for (unsigned kind = 0; kind < N_TRACE_KINDS; kind++) {
			if (trace_decoder_has(d.decoder)[kind])
				fail_msg("case %zu: kind %u", i, kind);
		}
		decoding_release(&d);
	}
}

/* A recording of a machine of the other order of bytes, and of 4-byte longs. */
static void test_foreign(void **state)
{
	static const struct format v[] = {
		{ "sched",
		  "name: sched_switch\nID: 300\nformat:\n" COMMON FORMAT_FIELD(
			  "char prev_comm[16]", 8, 16, 0) FORMAT_FIELD("pid_t prev_pid", 24, 4, 1)
			  FORMAT_FIELD("int prev_prio", 28, 4, 1)
				  FORMAT_FIELD("long prev_state", 32, 4, 1)
					  FORMAT_FIELD("char next_comm[16]", 36, 16, 0)
						  FORMAT_FIELD("pid_t next_pid", 52, 4, 1)
							  FORMAT_FIELD("int next_prio", 56, 4, 1)
								  SWITCH_PRINT },
	};
	struct tep_handle *tep = formats_new(v, 1);
	struct trace_decoder *d;
	struct record r = record_of(0, 0);
	struct trace_event e;

	(void)state;
	tep_set_file_bigendian(tep, TEP_BIG_ENDIAN);
	tep_set_long_size(tep, 4);
	assert_int_equal(trace_decoder_new(tep, &d), 0);
	put(&r, 0, __builtin_bswap16(300), 2);
	put(&r, 4, __builtin_bswap32(10), 4);
	put_text(&r, 8, "a", 16);
	put(&r, 24, __builtin_bswap32(10), 4);
	put(&r, 28, __builtin_bswap32((uint32_t)-101), 4);
	put(&r, 32, __builtin_bswap32(0x100), 4);
	put_text(&r, 36, "b", 16);
	put(&r, 52, __builtin_bswap32(0x10203), 4);
	put(&r, 56, __builtin_bswap32(120), 4);
	assert_true(trace_decode(d, 0, 0, r.at, r.size, &e));
	assert_int_equal(e.pid, 10);
	assert_int_equal(e.sched_switch.prev_prio, -101);
	assert_int_equal(e.sched_switch.prev_state, TRACE_TASK_PREEMPTED);
	assert_int_equal(e.sched_switch.next_pid, 0x10203);
	assert_string_equal(e.sched_switch.next_comm, "b");
	trace_decoder_free(d);
	tep_free(tep);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_switch),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_wake_and_migrate),
		cmocka_unit_test(test_irq),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_vectors_and_softirqs),
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_has),
		cmocka_unit_test(test_dropped),
		cmocka_unit_test(test_odd_formats),
		cmocka_unit_test(test_foreign),
	};

	trace_decoder_free(NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
