/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was recorded live as a trace.dat: raw pages of a kernel of our own making, and what is read
 * of the file. TEST_SOURCES: tests/lib/tree.c
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "probes/trace/keep.h"
#include "probes/trace/recording.h"
#include "tests/lib/check.h"
#include "tests/lib/tree.h"

enum { PAGE_SIZE = 4096, SWITCH_ID = 314, EXPIRE_ID = 77, UNUSED_ID = 9 };

#define TRACING "sys/kernel/tracing/"
#define COMMON                                                                         \
	"format:\n"                                                                    \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"         \
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"         \
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n" \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"

static const char header_page[] = "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
				  "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
				  "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
				  "\tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;\n";
static const char header_event[] = "# compressed entry header\n"
				   "\ttype_len    :    5 bits\n"
				   "\ttime_delta  :   27 bits\n"
				   "\tarray       :   32 bits\n\n"
				   "\tpadding     : type == 29\n"
				   "\ttime_extend : type == 30\n"
				   "\ttime_stamp : type == 31\n"
				   "\tdata max type_len  == 28\n";
static const char switch_format[] =
	"name: sched_switch\nID: 314\n" COMMON
	"\tfield:char prev_comm[16];\toffset:8;\tsize:16;\tsigned:0;\n"
	"\tfield:pid_t prev_pid;\toffset:24;\tsize:4;\tsigned:1;\n"
	"\tfield:int prev_prio;\toffset:28;\tsize:4;\tsigned:1;\n"
	"\tfield:long prev_state;\toffset:32;\tsize:8;\tsigned:1;\n"
	"\tfield:char next_comm[16];\toffset:40;\tsize:16;\tsigned:0;\n"
	"\tfield:pid_t next_pid;\toffset:56;\tsize:4;\tsigned:1;\n"
	"\tfield:int next_prio;\toffset:60;\tsize:4;\tsigned:1;\n\n"
	"print fmt: \"%s %d ==> %s %d\", REC->prev_comm, REC->prev_pid, REC->next_comm, "
	"REC->next_pid\n";
static const char expire_format[] = "name: hrtimer_expire_entry\nID: 77\n" COMMON
				    "\tfield:void * hrtimer;\toffset:8;\tsize:8;\tsigned:0;\n"
				    "\tfield:s64 now;\toffset:16;\tsize:8;\tsigned:1;\n"
				    "\tfield:void * function;\toffset:24;\tsize:8;\tsigned:0;\n\n"
				    "print fmt: \"hrtimer=%p\", REC->hrtimer\n";
static const char unused_format[] = "name: never\nID: 9\n" COMMON "print fmt: \"\"\n";

struct page {
	_Alignas(8) unsigned char at[PAGE_SIZE];
	size_t n;
};

static void page_start(struct page *p, uint64_t t_ns)
{
	*p = (struct page){ .n = 16 };
	memcpy(p->at, &t_ns, 8);
}

static void *page_event(struct page *p, uint32_t delta_ns, size_t size)
{
	const uint32_t header = (uint32_t)(size / 4) | delta_ns << 5;
	uint64_t commit;
	void *at = p->at + p->n + 4;

	assert_true(p->n + 4 + size <= PAGE_SIZE && size / 4 <= 28);
	memcpy(p->at + p->n, &header, 4);
	p->n += 4 + size;
	commit = p->n - 16;
	memcpy(p->at + 8, &commit, 8);
	return at;
}

static void put_common(char *at, uint16_t id, int pid)
{
	memcpy(at, &id, 2);
	memcpy(at + 4, &pid, 4);
}

static void page_switch(struct page *p, uint32_t delta_ns, int prev, const char *prev_comm,
			int next, const char *next_comm)
{
	char *at = page_event(p, delta_ns, 64);

	put_common(at, SWITCH_ID, prev);
	memcpy(at + 8, prev_comm, strlen(prev_comm));
	memcpy(at + 24, &prev, 4);
	memcpy(at + 40, next_comm, strlen(next_comm));
	memcpy(at + 56, &next, 4);
}

static void page_expire(struct page *p, uint32_t delta_ns, int pid, uint64_t function)
{
	char *at = page_event(p, delta_ns, 32);

	put_common(at, EXPIRE_ID, pid);
	memcpy(at + 24, &function, 8);
}

/* The page tells how many events were lost before it, behind its own. */
static void page_lost(struct page *p, uint64_t n)
{
	uint64_t commit;

	memcpy(&commit, p->at + 8, 8);
	memcpy(p->at + 16 + commit, &n, 8);
	commit |= UINT64_C(3) << 30;
	memcpy(p->at + 8, &commit, 8);
}

static void make_kernel(const struct tree *t)
{
	tree_file(t, TRACING "events/header_page", header_page);
	tree_file(t, TRACING "events/header_event", header_event);
	tree_file(t, TRACING "events/enable", "0\n");
	tree_file(t, TRACING "events/ftrace/function/format",
		  "name: function\nID: 1\n" COMMON "print fmt: \"\"\n");
	tree_file(t, TRACING "events/sched/enable", "0\n");
	tree_file(t, TRACING "events/sched/sched_switch/id", "314\n");
	tree_file(t, TRACING "events/sched/sched_switch/format", switch_format);
	tree_file(t, TRACING "events/timer/hrtimer_expire_entry/id", "77\n");
	tree_file(t, TRACING "events/timer/hrtimer_expire_entry/format", expire_format);
	tree_file(t, TRACING "events/timer/never/id", "9\n");
	tree_file(t, TRACING "events/timer/never/format", unused_format);
	tree_file(t, TRACING "saved_cmdlines", "300 saved one\n301 not in it\n");
	tree_file(t, "proc/kallsyms",
		  "ffffffff81000000 T _stext\nffffffff81000100 t tick_nohz_handler\n"
		  "ffffffff81000200 t hrtimer_wakeup\n");
}

static void make_pages(const struct tree *t)
{
	struct page pages[2];

	page_start(&pages[0], 1000000);
	page_switch(&pages[0], 0, 7, "bash", 101, "CPU 0/KVM");
	page_expire(&pages[0], 500, 101, 0xffffffff81000100);
	page_start(&pages[1], 2000000);
	page_expire(&pages[1], 0, 101, 0xffffffff81000300);
	page_lost(&pages[1], 5);
	tree_bytes(t, "spool/cpu1", pages[0].at, PAGE_SIZE);
	tree_bytes(t, "spool/readme", "not pages", 9);
	page_start(&pages[0], 1000200);
	page_expire(&pages[0], 0, 300, 0xffffffff81000200);
	{
		unsigned char both[2 * PAGE_SIZE + 100] = { 0 };

		memcpy(both, pages[0].at, PAGE_SIZE);
		memcpy(both + PAGE_SIZE, pages[1].at, PAGE_SIZE);
		/* A page that a full disk has cut off. */
		tree_bytes(t, "spool/cpu3", both, sizeof(both));
	}
}

static int keep_as(const struct tree *t, const char *clock, const char *path,
		   struct keep_stats *ret_stats, char **ret_why)
{
	static const struct trace_member vhost = { .tid = 101, .name = "CPU 0/KVM" };
	auto_fd int spool = openat(t->fd, "spool", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct keep_source source = {
		.root = &t->root,
		.spool_dir = spool,
		.clock = clock,
		.members = &vhost,
		.n_members = 1,
	};

	assert_true(spool >= 0);
	return keep_trace_write(path, &source, ret_stats, ret_why);
}

static int keep(const struct tree *t, const char *path, struct keep_stats *ret_stats,
		char **ret_why)
{
	return keep_as(t, "mono", path, ret_stats, ret_why);
}

static char *path_in(const struct tree *t, const char *name)
{
	char *path;

	assert_true(asprintf(&path, "%s/%s", t->top, name) > 0);
	return path;
}

static struct trace_event read_next(struct recording *r)
{
	struct trace_source *s = recording_source(r);
	struct trace_event e;

	assert_int_equal(s->next(s, &e), 1);
	return e;
}

static void check_events(struct recording *r)
{
	struct trace_event e = read_next(r);

	assert_int_equal(e.kind, TRACE_SWITCH);
	assert_int_equal(e.t_ns, 1000000);
	assert_int_equal(e.cpu, 1);
	assert_int_equal(e.sched_switch.next_pid, 101);
	assert_string_equal(e.sched_switch.next_comm, "CPU 0/KVM");
	e = read_next(r);
	assert_int_equal(e.kind, TRACE_TIMER_ENTRY);
	assert_int_equal(e.t_ns, 1000200);
	assert_int_equal(e.cpu, 3);
	assert_string_equal(e.timer.function_name, "hrtimer_wakeup");
	assert_string_equal(e.comm, "saved one");
	e = read_next(r);
	assert_int_equal(e.t_ns, 1000500);
	assert_string_equal(e.timer.function_name, "tick_nohz_handler");
	assert_string_equal(e.comm, "CPU 0/KVM");
	e = read_next(r);
	assert_int_equal(e.kind, TRACE_LOST);
	assert_int_equal(e.lost.n, 5);
	e = read_next(r);
	assert_int_equal(e.t_ns, 2000000);
	assert_null(e.timer.function_name); /* no function begins there */
	assert_int_equal(recording_source(r)->next(recording_source(r), &e), 0);
}

/* The same events, times and names come out of the file. */
static void read_back(void **state)
{
	const struct tree *t = *state;
	auto_free char *path = path_in(t, "trace.dat"), *why = NULL;
	auto_fd int fd = -1;
	struct recording *r = NULL;
	struct keep_stats stats;
	struct stat st;
	size_t n;

	make_kernel(t);
	make_pages(t);
	assert_int_equal(keep(t, path, &stats, &why), 0);
	assert_null(why);
	assert_int_equal(stats.n_events, 4);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(stats.n_bytes, st.st_size);
	assert_int_equal(st.st_size % PAGE_SIZE, 0);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(recording_open(fd, &r, &why), 0);
	assert_string_equal(recording_format(r), "trace.dat");
	assert_string_equal(recording_members(r, &n)->name, "CPU 0/KVM");
	assert_int_equal(n, 1);
	check_events(r);
	recording_close(r);
	unlink(path);
}

/* Of no more than is needed: formats and names of others stay out. */
static void only_needed(void **state)
{
	const struct tree *t = *state;
	auto_free char *path = path_in(t, "trace.dat"), *why = NULL, *text = malloc(1 << 16);
	struct keep_stats stats;
	FILE *f;
	size_t n;

	make_kernel(t);
	make_pages(t);
	assert_int_equal(keep(t, path, &stats, &why), 0);
	f = fopen(path, "re");
	assert_true(f && text);
	n = fread(text, 1, 1 << 16, f);
	fclose(f);
	assert_non_null(memmem(text, n, "name: hrtimer_expire_entry", 26));
	assert_null(memmem(text, n, "name: never", 11));
	assert_null(memmem(text, n, "_stext", 6));
	assert_null(memmem(text, n, "not in it", 9));
	unlink(path);
}

/* Clocks that tell no time are not read as if they did. */
static void clocks(void **state)
{
	static const struct {
		const char *clock, *why;
	} table[] = {
		{ "counter", "the order of events, not when" },
		{ "x86-tsc", "counts cycles" },
	};
	const struct tree *t = *state;
	auto_free char *path = path_in(t, "trace.dat");

	make_kernel(t);
	make_pages(t);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		auto_free char *why_kept = NULL, *why = NULL;
		struct recording *r = NULL;
		struct keep_stats stats;
		auto_fd int fd = -1;

		assert_int_equal(keep_as(t, table[i].clock, path, &stats, &why_kept), 0);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		assert_int_equal(recording_open(fd, &r, &why), -ENODATA);
		assert_non_null(strstr(why, table[i].why));
	}
	unlink(path);
}

static void refused(void **state)
{
	const struct tree *t = *state;
	auto_free char *path = path_in(t, "none/trace.dat"), *whole = path_in(t, "trace.dat");
	auto_free char *why = NULL, *why_path = NULL, *why_full = NULL, *why_kernel = NULL;
	struct keep_stats stats;

	tree_dir(t, "spool");
	assert_int_equal(keep(t, whole, &stats, &why_kernel), -ENOENT);
	assert_non_null(why_kernel);
	make_kernel(t);
	assert_int_equal(keep(t, whole, &stats, &why), -ENODATA);
	assert_non_null(strstr(why, "no event was recorded"));
	make_pages(t);
	assert_int_equal(keep(t, path, &stats, &why_path), -ENOENT);
	assert_non_null(strstr(why_path, path));
	assert_int_equal(keep(t, "/dev/full", &stats, &why_full), -ENOSPC);
	assert_non_null(strstr(why_full, "No space left"));
	assert_int_equal(access(whole, F_OK), -1);
}

/* Asked for the nth time it says so: in every pass, and while pages are copied. */
static bool is_enough(void *arg)
{
	unsigned *left = arg;

	return !(*left)--;
}

static void stopped(void **state)
{
	const struct tree *t = *state;
	bool is_written = false;

	make_kernel(t);
	make_pages(t);
	for (unsigned n = 0; !is_written; n++) {
		auto_free char *path = path_in(t, "stopped.dat"), *why = NULL;
		auto_fd int spool = openat(t->fd, "spool", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		unsigned left = n;
		const struct keep_source source = {
			.root = &t->root,
			.spool_dir = spool,
			.clock = "mono",
			.is_stopped = is_enough,
			.stop_arg = &left,
		};
		struct keep_stats stats;
		const int r = keep_trace_write(path, &source, &stats, &why);

		is_written = r == 0;
		assert_int_equal(access(path, F_OK) == 0, is_written);
		/* Two CPUs, three times. */
		assert_int_equal(is_written, n == 6);
		if (is_written) {
			unlink(path);
			break;
		}
		assert_int_equal(r, -ECANCELED);
		assert_non_null(strstr(why, "interrupted"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(read_back, tree_setup, tree_teardown),
		cmocka_unit_test_setup_teardown(only_needed, tree_setup, tree_teardown),
		cmocka_unit_test_setup_teardown(clocks, tree_setup, tree_teardown),
		cmocka_unit_test_setup_teardown(refused, tree_setup, tree_teardown),
		cmocka_unit_test_setup_teardown(stopped, tree_setup, tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
