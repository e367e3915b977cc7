/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe.c - the main() that all probe programs share: options, envelope, exit status. */
#include "probes/probe.h"

#include <argp.h>
#include <string.h>

#include "core/doc.h"
#include "core/say.h"

enum {
	OPT_SYSROOT = 0x100,
	OPT_CPUS,
	OPT_NO_SPIN,
	OPT_REP_DURATION,
	OPT_REPS,
	OPT_INTERVAL,
	OPT_GUEST_PID,
	OPT_NO_CSTATES,
	OPT_DOMAIN_XML,
	OPT_QEMU_ARGV,
	OPT_RECORDING,
	OPT_KEEP_TRACE
};

/* clang-format off */
static const struct argp_option state_options[] = {
	{ "sysroot", OPT_SYSROOT, "DIR", 0, "Read a captured tree instead of this machine", 0 },
	{ "guest-pid", OPT_GUEST_PID, "PID", 0, "Process of the guest", 0 },
	{ "domain-xml", OPT_DOMAIN_XML, "FILE", 0, "Domain XML of the guest", 0 },
	{ "qemu-argv", OPT_QEMU_ARGV, "FILE", 0, "QEMU arguments of the guest", 0 },
	{ 0 }
};
static const struct argp_option timed_options[] = {
	{ "cpus", OPT_CPUS, "LIST", 0, "CPUs to measure", 0 },
	{ "no-spin", OPT_NO_SPIN, "LIST", 0, "CPUs on which nothing may spin: a guest runs there", 0 },
	{ "rep-duration", OPT_REP_DURATION, "TIME", 0, "Length of a repetition, e.g. 4s", 0 },
	{ "reps", OPT_REPS, "N", 0, "Repetitions", 0 },
	{ "interval", OPT_INTERVAL, "TIME", 0, "Period of the deadlines, e.g. 1ms", 0 },
	{ "guest-pid", OPT_GUEST_PID, "PID", 0, "Process of the guest", 0 },
	{ "no-cstates", OPT_NO_CSTATES, NULL, 0, "Hold /dev/cpu_dma_latency at 0 meanwhile", 0 },
	{ "recording", OPT_RECORDING, "FILE", 0, "Read a recorded trace instead", 0 },
	{ "keep-trace", OPT_KEEP_TRACE, "FILE", 0, "Also write what was recorded, as trace.dat", 0 },
	{ 0 }
};
/* clang-format on */

struct options {
	struct probe_env *env;
	const char *sysroot;
};

static int parse_time(struct argp_state *state, const char *arg, uint64_t *ret_ns)
{
	if (text_duration(text_of(arg), ret_ns) < 0 || *ret_ns == 0)
		argp_error(state, "'%s' is not a time such as 500us, 4s or 2min", arg);
	return 0;
}

static void parse_number(struct argp_state *state, const char *arg, uint64_t max, uint64_t *ret_v)
{
	if (text_u64(text_of(arg), ret_v) < 0 || *ret_v == 0 || *ret_v > max)
		argp_error(state, "'%s' is not a number from 1 to %llu", arg,
			   (unsigned long long)max);
}

static void parse_cpus(struct argp_state *state, const char *arg, struct cpus *ret_set)
{
	if (cpus_parse_list(text_of(arg), ret_set) < 0)
		argp_error(state, "'%s' is not a CPU list such as 1-4,7-10", arg);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	struct probe_env *env = o->env;
	uint64_t v;

	switch (key) {
	case OPT_SYSROOT:
		o->sysroot = arg;
		return 0;
	case OPT_CPUS:
		parse_cpus(state, arg, &env->cpus);
		return 0;
	case OPT_NO_SPIN:
		parse_cpus(state, arg, &env->spin_free);
		return 0;
	case OPT_REP_DURATION:
		return parse_time(state, arg, &env->rep_duration_ns);
	case OPT_INTERVAL:
		return parse_time(state, arg, &env->interval_ns);
	case OPT_REPS:
		parse_number(state, arg, 10000, &env->n_reps);
		return 0;
	case OPT_GUEST_PID:
		parse_number(state, arg, INT32_MAX, &v);
		env->guest_pid = (pid_t)v;
		return 0;
	case OPT_NO_CSTATES:
		env->no_cstates = true;
		return 0;
	case OPT_DOMAIN_XML:
		env->domain_xml = arg;
		return 0;
	case OPT_RECORDING:
		env->recording = arg;
		return 0;
	case OPT_KEEP_TRACE:
		env->keep_trace = arg;
		return 0;
	case OPT_QEMU_ARGV:
		env->qemu_argv = arg;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s': no arguments are expected", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const char *missing_need(const struct probe_env *env)
{
	if (env->probe->needs & PROBE_NEEDS_ROOT && geteuid() != 0)
		return "needs root: run it with sudo";
	if (env->probe->needs & PROBE_NEEDS_GUEST && env->guest_pid == 0)
		return "needs a running guest";
#if !defined(__x86_64__)
	if (env->probe->needs & PROBE_NEEDS_X86)
		return "only x86 has a TSC";
#endif
	return NULL;
}

static const char *status_of(const struct probe_env *env)
{
	if (env->is_failed)
		return "failed";
	if (env->is_skipped)
		return "skipped";
	return env->gaps ? "partial" : "ok";
}

static struct doc *gaps_doc(const struct probe_env *env)
{
	auto_doc struct doc *array = doc_array_new();

	if (!array)
		return NULL;
	for (const struct gap *g = env->gaps; g; g = g->next) {
		auto_doc struct doc *d = doc_object_new();

		if (!d || doc_put_str(d, "field", g->field) < 0 ||
		    doc_put_str(d, "path", g->path) < 0 || doc_put_str(d, "error", g->error) < 0 ||
		    doc_append(array, doc_ref(d)) < 0)
			return NULL;
	}
	return doc_ref(array);
}

/* Captured trees get no "run": their documents are the same each time. */
static int put_run(struct doc *d, uint64_t started_unix_ns, uint64_t duration_ns)
{
	auto_doc struct doc *run = doc_object_new();
	int r;

	if (!run)
		return -ENOMEM;
	r = doc_put_u64(run, "started_unix_ns", started_unix_ns);
	if (r == 0)
		r = doc_put_u64(run, "duration_ns", duration_ns);
	return r < 0 ? r : doc_put(d, "run", doc_ref(run));
}

static int make_document(const struct probe_env *env, const void *facts, struct doc **ret_doc)
{
	auto_doc struct doc *d = doc_object_new();
	struct doc *data;
	int r;

	if (!d)
		return -ENOMEM;
	if ((r = doc_put_str(d, "format", "vfiobench-probe")) < 0 ||
	    (r = doc_put_u64(d, "version", 1)) < 0 ||
	    (r = doc_put_str(d, "probe", env->probe->name)) < 0 ||
	    (r = doc_put_str(d, "status", status_of(env))) < 0 ||
	    (r = doc_put_str(d, "reason", env->reason)) < 0 ||
	    (r = schema_encode(env->probe->schema, facts, &data)) < 0 ||
	    (r = doc_put(d, "data", data)) < 0 || (r = doc_put(d, "gaps", gaps_doc(env))) < 0)
		return r;
	*ret_doc = doc_ref(d);
	return 0;
}

static int print_document(const struct doc *d)
{
	auto_free char *text = doc_print(d, false);

	if (!text)
		return -ENOMEM;
	if (fputs(text, stdout) == EOF || fflush(stdout) == EOF)
		return neg_errno();
	return 0;
}

static int run_probe(struct probe_env *env, probe_measure_fn *measure)
{
	const uint64_t started_unix_ns = unix_now_ns(), started_ns = timebase_now(env->time);
	const char *missing = missing_need(env);
	void *facts = arena_alloc(env->arena, env->probe->schema->size);
	auto_doc struct doc *d = NULL;
	int r = facts ? 0 : -ENOMEM;

	if (r == 0 && missing)
		r = probe_skip(env, "%s", missing);
	else if (r == 0)
		r = measure(env, facts);
	if (r == 0)
		r = make_document(env, facts, &d);
	if (r == 0 && env->root->is_live)
		r = put_run(d, started_unix_ns, timebase_now(env->time) - started_ns);
	return r < 0 ? r : print_document(d);
}

static int run_in_root(struct options *o, probe_measure_fn *measure)
{
	struct sysroot root;
	int r = sysroot_open(&root, o->sysroot);

	if (r < 0) {
		say_error("--sysroot %s: %s", o->sysroot, strerror(-r));
		return r;
	}
	o->env->root = &root;
	o->env->root_path = o->sysroot;
	r = run_probe(o->env, measure);
	if (r < 0)
		say_error("no document: %s", strerror(-r));
	sysroot_close(&root);
	return r;
}

int probe_main(int argc, char **argv, const char *name, probe_measure_fn *measure)
{
	auto_arena struct arena arena = { 0 };
	struct probe_env env = {
		.probe = probe_find(name),
		.time = timebase_monotonic(),
		.arena = &arena,
		.rep_duration_ns = 4 * NS_PER_S,
		.n_reps = 1,
		.interval_ns = NS_PER_MS,
	};
	struct options o = { &env, "/" };
	const bool is_timed = env.probe->kind == PROBE_TIMED;
	const struct argp argp = {
		.options = is_timed ? timed_options : state_options,
		.parser = parse_option,
		.doc = env.probe->title,
	};
	auto_free char *program = NULL;

	env.gaps_end = &env.gaps;
	if (asprintf(&program, "vfiobench-probe-%s", name) < 0)
		return 2;
	say_setup(program, false);
	argp_err_exit_status = 2;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	return run_in_root(&o, measure) < 0 ? 2 : 0;
}
