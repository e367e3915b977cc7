/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages of a real CPU (Linux 6.18, no kvm_entry and kvm_exit), as the kernel gave them, through all
 * that a live source is made of and the state machine. tests/trace/microguest: 47 ms of one vCPU
 * that spins and halts by turns, a FIFO thread that burns 1 ms of 8, and a build. Names of threads
 * that matter nothing are "task". The sums were counted by another program, from the same pages.
 *
 * TEST_SOURCES: tests/lib/trace_script.c
 */
#include <fcntl.h>
#include <string.h>

#include "core/text.h"
#include "probes/trace/decode.h"
#include "probes/trace/live_pages.h"
#include "tests/lib/formats.h"
#include "tests/lib/trace_script.h"

#define START_NS UINT64_C(26536876112734)
#define END_NS   UINT64_C(26536923197895)

enum { VCPU = 16969, CPU = 1, PAGE = 4096, N_PAGES = 6, N_RECORDS = 532 };

static char *read_file(const char *name, size_t *ret_n)
{
	auto_free char *path = NULL;
	const char *source = getenv("VFIOBENCH_SOURCE");
	auto_file FILE *f = NULL;
	char *text = malloc(1 << 20);

	assert_non_null(text);
	assert_true(asprintf(&path, "%s/tests/trace/microguest/%s", source ? source : ".", name) >
		    0);
	f = fopen(path, "rb");
	if (!f)
		fail_msg("%s cannot be read", path);
	*ret_n = fread(text, 1, (1 << 20) - 1, f);
	text[*ret_n] = '\0';
	return text;
}

/* Format files one behind the other, each with its system before it. */
static struct tep_handle *read_formats(void)
{
	struct tep_handle *tep = formats_new(NULL, 0);
	size_t n;
	auto_free char *all = read_file("formats", &n);

	for (char *at = strstr(all, "system: "), *next; at; at = next) {
		char *system = at + strlen("system: "), *text = strchr(system, '\n');

		assert_non_null(text);
		*text++ = '\0';
		next = strstr(text, "system: ");
		assert_int_equal(tep_parse_event(tep, text,
						 next ? (size_t)(next - text) : strlen(text),
						 system),
				 0);
	}
	return tep;
}

struct function {
	uint64_t address;
	char name[64];
};

struct functions {
	struct function v[16];
	size_t n;
};

static struct functions read_functions(void)
{
	struct functions f = { .n = 0 };
	size_t n;
	auto_free char *all = read_file("functions", &n);
	struct text rest = text_of(all), line, address, type;

	while (text_next_line(&rest, &line) && f.n < ARRAY_SIZE(f.v)) {
		assert_true(text_next_word(&line, &address) && text_next_word(&line, &type));
		assert_int_equal(text_hex(address, &f.v[f.n].address), 0);
		text_clean(text_trim(line), f.v[f.n].name, sizeof(f.v[f.n].name));
		f.n++;
	}
	return f;
}

static const char *name_function(void *arg, uint64_t address)
{
	const struct functions *f = arg;

	for (size_t i = 0; i < f->n; i++) {
		if (f->v[i].address == address)
			return f->v[i].name;
	}
	return NULL;
}

struct replay {
	struct tep_handle *tep;
	struct trace_decoder *decoder;
	struct functions functions;
	struct trace_machine *m;
	uint64_t n[N_TRACE_KINDS], n_other;
};

static void replay_init(struct replay *r)
{
	struct trace_setup setup = { .start_ns = START_NS, .end_ns = END_NS, .rung = "tracefs" };
	const struct trace_member vcpu = { .tid = VCPU, .role = TRACE_ROLE_VCPU, .start_cpu = -1 };

	*r = (struct replay){ .tep = read_formats(), .functions = read_functions() };
	assert_int_equal(trace_decoder_new(r->tep, &r->decoder), 0);
	trace_decoder_set_functions(r->decoder, name_function, &r->functions);
	for (unsigned i = 0; i < N_TRACE_KINDS; i++)
		setup.has[i] = trace_decoder_has(r->decoder)[i];
	/* The kernel has these formats, but its KVM does not use them. */
	setup.has[TRACE_KVM_ENTRY] = setup.has[TRACE_KVM_EXIT] = false;
	r->m = trace_machine_new(&setup);
	assert_non_null(r->m);
	assert_int_equal(trace_machine_add_thread(r->m, &vcpu), 0);
}

static void replay_release(struct replay *r)
{
	trace_machine_free(r->m);
	trace_decoder_free(r->decoder);
	tep_free(r->tep);
}

static void feed(struct replay *r, struct live_pages *pages)
{
	struct live_record record;
	int status;

	while ((status = live_pages_next(pages, &record)) > 0) {
		struct trace_event e;

		if (record.lost) {
			e = (struct trace_event){ .t_ns = record.t,
						  .kind = TRACE_LOST,
						  .cpu = CPU,
						  .lost = { record.lost } };
			r->n[e.kind]++;
			trace_machine_event(r->m, &e);
		}
		if (trace_decode(r->decoder, CPU, record.t, record.at, record.size, &e)) {
			r->n[e.kind]++;
			trace_machine_event(r->m, &e);
		} else {
			r->n_other++;
		}
	}
	assert_int_equal(status, 0);
}

static struct live_pages *pages_of(const char *data, size_t n)
{
	char path[] = "/tmp/vfiobench-replay-XXXXXX";
	const int fd = mkstemp(path);
	struct live_pages *pages;

	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(write(fd, data, n), n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(live_pages_new(fd, -1, PAGE, &pages), 0);
	return pages;
}

static uint64_t total_of(const struct trace_vcpu *v, const char *class, const char *name)
{
	const struct trace_culprit *c = v->culprits.v;

	for (size_t i = 0; i < v->culprits.n; i++) {
		if (!c[i].via.known && strcmp(c[i].class.v, class) == 0 &&
		    strcmp(c[i].name.v, name) == 0)
			return c[i].total_ns.v;
	}
	return 0;
}

static void test_sums(void **state)
{
	static const uint64_t n[N_TRACE_KINDS] = {
		[TRACE_SWITCH] = 146,     [TRACE_WAKING] = 165,       [TRACE_MIGRATE] = 3,
		[TRACE_IRQ_ENTRY] = 19,   [TRACE_IRQ_EXIT] = 19,      [TRACE_VECTOR_ENTRY] = 30,
		[TRACE_VECTOR_EXIT] = 30, [TRACE_SOFTIRQ_ENTRY] = 40, [TRACE_SOFTIRQ_EXIT] = 40,
		[TRACE_WORK_START] = 11,  [TRACE_WORK_END] = 11,      [TRACE_TIMER_ENTRY] = 24,
	};
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	const struct trace_states *s;
	const struct trace_vcpu *v;
	struct live_pages *pages;
	struct replay r;
	size_t size;
	auto_free char *data = read_file("cpu1", &size);

	(void)state;
	assert_int_equal(size, N_PAGES * PAGE);
	replay_init(&r);
	pages = pages_of(data, size);
	feed(&r, pages);
	for (unsigned kind = 0; kind < N_TRACE_KINDS; kind++)
		assert_int_equal(r.n[kind], n[kind]);
	assert_int_equal(r.n_other, 0);
	assert_int_equal(trace_decoder_n_broken(r.decoder), 0);
	assert_int_equal(trace_machine_finish(r.m, &a, &f), 0);
	assert_int_equal(f.vcpus.n, 1);
	script_check_sums(&f);
	v = script_vcpu(&f, 0);
	s = v->states.v;
	assert_int_equal(v->closure_ppm.v, 0);
	assert_int_equal(s->running_ns.v, 8202388);
	assert_int_equal(s->host_irq_ns.v, 58507);
	assert_int_equal(s->softirq_ns.v, 100506);
	assert_int_equal(s->preempted_ns.v, 2925611);
	assert_int_equal(s->waiting_ns.v, 21808518);
	assert_int_equal(s->halted_ns.v, 11978537);
	assert_int_equal(s->unknown_ns.v, 2011094);
	assert_int_equal(total_of(v, "task", "burner"), 6068750);
	assert_int_equal(total_of(v, "task", "task"), 17937633);
	live_pages_free(pages);
	replay_release(&r);
}

/* The same where the third page tells of 77 events that are missing before it. */
static void test_loss(void **state)
{
	const uint64_t missing = 77;
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	const struct trace_states *s;
	struct live_pages *pages;
	struct replay r;
	uint64_t commit;
	size_t size;
	auto_free char *data = read_file("cpu1", &size);

	(void)state;
	memcpy(&commit, data + 3 * PAGE + 8, sizeof(commit));
	assert_true((commit & 0xfffff) + 16 + sizeof(missing) <= PAGE);
	memcpy(data + 3 * PAGE + 16 + (commit & 0xfffff), &missing, sizeof(missing));
	commit |= 3u << 30;
	memcpy(data + 3 * PAGE + 8, &commit, sizeof(commit));
	replay_init(&r);
	pages = pages_of(data, size);
	feed(&r, pages);
	assert_int_equal(r.n[TRACE_LOST], 1);
	assert_int_equal(trace_machine_finish(r.m, &a, &f), 0);
	script_check_sums(&f);
	s = script_vcpu(&f, 0)->states.v;
	assert_int_equal(script_vcpu(&f, 0)->lost_events.v, 77);
	assert_true(s->lost_ns.v > 0 && s->lost_ns.v < NS_PER_MS);
	live_pages_free(pages);
	replay_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
