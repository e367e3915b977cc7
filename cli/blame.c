/* SPDX-License-Identifier: GPL-2.0-or-later */
/* blame.c - who took the guest's time, from somebody's recording. */
#include "analyze/blame.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "cli/assemble.h"
#include "cli/input.h"
#include "cli/judge.h"
#include "core/say.h"
#include "report/text_culprits.h"
#include "report/text_trace.h"
#include "report/words.h"

/* Reading takes about a second for a million events; a stranger's file may not take for ever. */
#define READ_LIMIT_NS (1800 * NS_PER_S)
#define STDIN_MAX     (2 * GIB)

enum { N_WORST_DEFAULT = 5, N_VCPUS_SHOWN = 16, N_CULPRITS_SHOWN = 5 };

struct blame_options {
	const char *file;
	uint64_t n_worst;
	enum fail_on fail_on;
};

/* clang-format off */
static const struct argp_option options[] = {
	{ "worst", 'n', "N", 0, "How many of the longest stretches without the guest (default: 5)", 0 },
	FAIL_ON_OPTION,
	{ 0 }
};
/* clang-format on */

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct blame_options *o = state->input;

	switch (key) {
	case 'n':
		if (text_u64(text_of(arg), &o->n_worst) < 0 || !o->n_worst || o->n_worst > 1000)
			argp_error(state, "--worst=%s: expected a number from 1 to 1000", arg);
		return 0;
	case OPT_FAIL_ON:
		o->fail_on = fail_on_parse(state, arg);
		return 0;
	case ARGP_KEY_ARG:
		if (o->file)
			argp_error(state, "one FILE is expected, '%s' is a second", arg);
		o->file = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "a FILE is expected: a trace.dat or the text of a trace, or -");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

struct input {
	const char *name; /* for people */
	int fd;           /* of a copy of standard input, that has no name; -1: none */
	char *path;       /* for the program that reads it */
};

static void input_release(struct input *in)
{
	if (in->fd >= 0)
		close(in->fd);
	free(in->path);
}

static const char *temporary_folder(void)
{
	const char *folder = getenv("TMPDIR");

	return folder && *folder ? folder : "/var/tmp";
}

/* Without a name: nothing is left behind, however we end. */
static int open_temporary(void)
{
	const char *folder = temporary_folder();
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	auto_free char *path = NULL;

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
		return fd < 0 ? neg_errno() : fd;
	if (asprintf(&path, "%s/vfiobench.XXXXXX", folder) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return neg_errno();
	unlink(path);
	return fd;
}

static int write_all(int fd, const char *at, size_t n)
{
	while (n) {
		const ssize_t done = write(fd, at, n);

		if (done < 0)
			return neg_errno();
		at += done;
		n -= (size_t)done;
	}
	return 0;
}

/* The reader goes through it twice. */
static int copy_stdin(int fd)
{
	enum { PIECE = 1 << 18 };
	auto_free char *piece = malloc(PIECE);
	uint64_t size = 0;
	ssize_t n;
	int r = piece ? 0 : -ENOMEM;

	while (r == 0 && (n = read(STDIN_FILENO, piece, PIECE)) != 0) {
		if (n < 0)
			return neg_errno();
		size += (uint64_t)n;
		r = size > STDIN_MAX ? -EFBIG : write_all(fd, piece, (size_t)n);
	}
	return r;
}

static int open_stdin(struct input *in)
{
	int r;

	in->name = "standard input";
	in->fd = open_temporary();
	r = in->fd < 0 ? in->fd : copy_stdin(in->fd);
	if (r == -EFBIG)
		say_error("standard input is longer than 2 GiB: save it as a file, and name that");
	else if (r < 0)
		say_error("a copy of standard input in %s: %s (TMPDIR may name another folder)",
			  temporary_folder(), strerror(-r));
	if (r == 0 && asprintf(&in->path, "/proc/%ld/fd/%d", (long)getpid(), in->fd) < 0) {
		in->path = NULL;
		r = -ENOMEM;
	}
	return r;
}

static int refuse_odd(const char *name, bool is_pipe)
{
	if (is_pipe)
		say_error("%s: a pipe, not a file: pipe it to standard input, as in "
			  "zcat FILE | vfiobench blame -",
			  name);
	else
		say_error("%s: not a file: expected a recording, or - for standard input", name);
	return -EINVAL;
}

static int open_named(struct input *in, const char *name)
{
	struct stat st;
	auto_fd int fd = input_open(name, &st);

	in->name = name;
	if (fd == -EINVAL)
		return refuse_odd(name, S_ISFIFO(st.st_mode));
	if (fd < 0) {
		say_error("%s: %s", name, strerror(-fd));
		return fd;
	}
	in->path = strdup(name);
	return in->path ? 0 : -ENOMEM;
}

static int check_reader(const struct probe_call *call)
{
	auto_free char *name = NULL, *path = NULL;

	if (asprintf(&name, "vfiobench-probe-%s", call->probe->name) < 0) {
		name = NULL;
		return -ENOMEM;
	}
	path = program_path(name);
	if (!path || access(path, X_OK) == 0)
		return path ? 0 : -ENOMEM;
	say_error("the program that reads recordings is missing: there is no %s beside vfiobench, "
		  "and no %s",
		  name, path);
	return -ENOENT;
}

/* The program that reads it has no rights, and limits of its own: it may end in any way. */
static int read_recording(const struct input *in, struct probe_call *call)
{
	const char *status = "failed", *reason = "";
	int r = check_reader(call);

	if (r < 0)
		return r;
	probe_call_add(call, "--recording", in->path);
	r = collect(call, 1, timebase_monotonic(), -1);
	if (r < 0) {
		say_error("%s", strerror(-r));
		return r;
	}
	if (doc_get_str(call->document, "status", &status) < 0 ||
	    doc_get_str(call->document, "reason", &reason) < 0)
		reason = "no document";
	if (!strcmp(status, "ok") || !strcmp(status, "partial"))
		return 0;
	/* Only a program that came to its end tells when it began. */
	if (doc_get(call->document, "run"))
		say_error("%s: %s", in->name, reason);
	else
		say_error("%s: the program that reads it was ended, it may be damaged: %s",
			  in->name, reason);
	return -EBADMSG;
}

/* Nothing but the trace: what is asked of the host's settings stays unknown. */
static int make_result(const struct probe_call *call, struct doc **ret_result)
{
	struct doc *result = result_new();
	int r = result ? result_put_probes(result, call, 1) : -ENOMEM;

	if (r == 0)
		r = result_put_in_order(&result);
	if (r < 0) {
		say_error("%s", strerror(-r));
		doc_free(result);
		return r;
	}
	*ret_result = result;
	return 0;
}

static void print_source(const struct input *in, struct host *h, unsigned width)
{
	const struct host_probe *probe = host_probe(h, "trace");
	auto_free char *line = NULL;

	if (asprintf(&line, "%s: %s", in->name,
		     h->trace.format.known ? h->trace.format.v : "a recording") < 0) {
		line = NULL;
		return;
	}
	print_line(stdout, "", width, line);
	for (size_t i = 0; probe && i < probe->n_gaps; i++)
		print_line(stdout, "Note: ", width, probe->gaps[i].error);
}

/* Of several vCPUs the largest culprits of each. */
static int print_vcpus(const struct host *h, const struct printer *p)
{
	const struct trace_vcpu *v = h->trace.vcpus.v;
	const size_t n = h->trace.vcpus.n;
	int r = 0;

	for (size_t i = 0; r == 0 && n > 1 && i < n && i < N_VCPUS_SHOWN; i++) {
		if (!v[i].culprits.n)
			continue;
		printf("\nvCPU %" PRIu64 ":\n", v[i].vcpu.v);
		r = text_culprits(p, &v[i].culprits, blame_time(h, &v[i]).lost_ns,
				  N_CULPRITS_SHOWN);
	}
	return r;
}

/* What the catalogue says of it; settings that nobody knows are no question here. */
static int print_advice(const struct findings *f, const struct printer *p)
{
	struct findings some = { .v = f->v };

	/* Problems come first, then advice. */
	while (some.n < f->n && f->v[some.n].verdict <= VERDICT_ADVICE)
		some.n_by_verdict[f->v[some.n++].verdict]++;
	return some.n ? text_table_print(p, &some) : 0;
}

static int print_blame(const struct blame_options *o, const struct common *common,
		       const struct input *in, struct host *h, const struct findings *f)
{
	const struct text_style style = {
		.has_colour = common->has_colour,
		.width = terminal_width(),
		.is_full = true,
		.n_worst = o->n_worst,
	};
	const struct printer p = { stdout, &style };
	int r;

	print_source(in, h, style.width);
	puts("");
	r = report_trace_text(stdout, h, &style);
	if (r == 0)
		r = print_vcpus(h, &p);
	if (r == 0)
		r = print_advice(f, &p);
	if (r == 0 && h->trace.culprits.n)
		puts("\n'vfiobench tweaks ID' explains a row of the catalogue.");
	return r;
}

static int blame_input(const struct blame_options *o, const struct common *common,
		       const struct input *in)
{
	struct probe_call call = { .probe = probe_find("trace"), .limit_ns = READ_LIMIT_NS };
	auto_doc struct doc *result = NULL;
	auto_host struct host *h = NULL;
	struct findings findings;
	int r = read_recording(in, &call);

	if (r == 0)
		r = make_result(&call, &result);
	probe_calls_release(&call, 1);
	if (r < 0 || result_decode(result, &h) < 0 || judge_host(h, &findings) < 0)
		return EXIT_CANNOT;
	if (!h->trace.vcpus.n) {
		say_error("%s: no guest in it: %s", in->name, host_why_unknown(h, "trace.vcpus"));
		return EXIT_CANNOT;
	}
	r = common->is_json ? verb_print_json(result) : print_blame(o, common, in, h, &findings);
	if (r < 0)
		say_error("standard output: %s", strerror(-r));
	return r ? EXIT_CANNOT : fail_on_status(o->fail_on, &findings);
}

int verb_blame(int argc, char **argv)
{
	struct blame_options o = { .n_worst = N_WORST_DEFAULT };
	const struct verb_spec spec = {
		.name = "blame",
		.args_doc = "FILE",
		.doc = "Say who took a guest's time, from a recording of any host: a trace.dat of "
		       "trace-cmd or KernelShark, or the text that ftrace, trace-cmd report or "
		       "perf script print. FILE may be - for standard input.\v"
		       "Best recorded with sched_switch, sched_waking, irq, irq_vectors and the "
		       "kvm_entry, kvm_exit and kvm_userspace_exit of kvm:\n"
		       "  trace-cmd record -e sched_switch -e sched_waking -e irq \\\n"
		       "    -e irq_vectors -e workqueue -e kvm_entry -e kvm_exit \\\n"
		       "    -e kvm_userspace_exit sleep 10\n"
		       "With --json the result document is printed, that 'vfiobench report -' reads."
		       "\n\nExit status: 0 done, 1 findings at or above --fail-on, 2 no such file, no "
		       "recording, or no guest in it.",
		.options = options,
		.parse = parse,
		.own = &o,
	};
	struct input in = { .fd = -1 };
	struct common common;
	int status;

	verb_parse(&spec, argc, argv, &common);
	if ((strcmp(o.file, "-") ? open_named(&in, o.file) : open_stdin(&in)) < 0)
		status = EXIT_CANNOT;
	else
		status = blame_input(&o, &common, &in);
	input_release(&in);
	return status;
}
