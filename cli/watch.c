/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watch.c - who takes the guest's time, live: four times a second on a terminal, else a line each
 * second. */
#include "report/watch.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

#include "cli/screen.h"
#include "cli/session.h"
#include "cli/verb.h"
#include "core/outlet.h"
#include "core/say.h"
#include "core/sysroot.h"
#include "probes/trace/tracer.h"

#define WINDOW_SCREEN_NS (250 * NS_PER_MS)
#define WINDOW_LINES_NS  NS_PER_S
#define DURATION_MAX_NS  (24 * 3600 * NS_PER_S)
#define SAY_LIMIT_NS     NS_PER_S

/* Lines and documents for whoever does not read them now; what comes then is dropped. */
#define WAITING_MAX MIB
/* At the end, while none is taken: a terminal stands still, others may be slow. */
#define HASTY_LIMIT_NS  NS_PER_S
#define READER_LIMIT_NS (10 * NS_PER_S)

enum { OPT_GUEST = 0x100, OPT_CPUS, OPT_DURATION };

/* clang-format off */
static const struct argp_option options[] = {
	{ "guest", OPT_GUEST, "GUEST", 0, "auto (default), builtin, PID or NAME", 0 },
	{ "cpus", OPT_CPUS, "LIST", 0, "CPUs to trace, e.g. 1-4,7-10", 0 },
	{ "duration", OPT_DURATION, "TIME", 0, "End by itself after that time", 0 },
	{ 0 }
};
/* clang-format on */

struct watch_options {
	struct session_wish wish;
	uint64_t duration_ns;
};

struct view {
	struct session *session;
	const struct common *common;
	struct tracer *tracer;
	struct watch *watch;
	struct outlet *out; /* stdout, which nothing else writes to */
	uint64_t n_dropped;
	struct screen screen;
	const char *title;
	bool is_over; /* a key, a signal, or the guest's end */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct watch_options *o = state->input;

	switch (key) {
	case OPT_GUEST:
		o->wish.guest = arg;
		return 0;
	case OPT_CPUS:
		if (cpus_parse_list(text_of(arg), &o->wish.cpus) < 0)
			argp_error(state, "--cpus=%s: expected a list such as 1-4,7-10", arg);
		o->wish.has_cpus = true;
		return 0;
	case OPT_DURATION:
		if (text_duration(text_of(arg), &o->duration_ns) < 0 || !o->duration_ns ||
		    o->duration_ns > DURATION_MAX_NS)
			argp_error(state, "--duration=%s: expected a time up to 24h", arg);
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s': no arguments are expected", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int show_page(struct view *v)
{
	struct watch_screen screen = { .clears_lines = true };
	auto_free char *page = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&page, &size);

	if (!out)
		return -ENOMEM;
	screen_size(&screen.width, &screen.height);
	watch_print(out, v->watch, v->title, &screen);
	fputs(v->screen.reads_keys ? "q ends it" : "Ctrl-C ends it", out);
	if (fclose(out) == EOF)
		return -ENOMEM;
	return screen_show(&v->screen, page, size);
}

static int put(struct view *v, const char *text, size_t n)
{
	int r = 0;

	if (outlet_left(v->out) > WAITING_MAX)
		v->n_dropped++;
	else
		r = outlet_add(v->out, text, n);
	outlet_push(v->out);
	return r;
}

static int show_document(struct view *v, const struct trace_facts *facts)
{
	auto_doc struct doc *d = NULL;
	int r = schema_encode(&trace_schema, facts, &d);
	auto_free char *text = r == 0 ? doc_print(d, false) : NULL;

	if (!text)
		return r < 0 ? r : -ENOMEM;
	return put(v, text, strlen(text));
}

static int show_line(struct view *v)
{
	auto_free char *line = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&line, &size);

	if (!out)
		return -ENOMEM;
	watch_print_line(out, v->watch);
	return fclose(out) == EOF ? -ENOMEM : put(v, line, size);
}

/* The window that ends now. */
static int show(struct view *v)
{
	auto_arena struct arena arena = { 0 };
	struct trace_facts facts = { 0 };
	int r = tracer_window(v->tracer, &arena, &facts);

	if (r == 0)
		r = watch_add(v->watch, &facts);
	if (r < 0)
		return r;
	if (v->common->is_json)
		return show_document(v, &facts);
	return v->screen.is_open ? show_page(v) : show_line(v);
}

static void read_signal(struct session *s)
{
	struct signalfd_siginfo info;

	s->signal = read(s->stop_fd, &info, sizeof(info)) == sizeof(info) ? (int)info.ssi_signo
									  : SIGINT;
}

/* Sleeps until that time, or the end is asked for. */
static void wait_until(struct view *v, uint64_t until_ns)
{
	struct pollfd fds[] = {
		{ .fd = v->session->stop_fd, .events = POLLIN },
		{ .fd = v->screen.reads_keys ? STDIN_FILENO : -1, .events = POLLIN },
		{ .fd = v->screen.is_open ? v->screen.signal_fd : -1, .events = POLLIN },
		{ .fd = outlet_left(v->out) ? v->out->fd : -1, .events = POLLOUT },
	};
	const uint64_t now_ns = timebase_now(v->session->time);
	const uint64_t left_ns = until_ns > now_ns ? until_ns - now_ns : 0;
	const struct timespec left = { (time_t)(left_ns / NS_PER_S), (long)(left_ns % NS_PER_S) };
	char key;

	if (ppoll(fds, ARRAY_SIZE(fds), &left, NULL) <= 0)
		return;
	if (fds[0].revents) {
		read_signal(v->session);
		v->is_over = true;
	}
	/* Keys that were typed meanwhile are for whoever had the terminal. */
	if (fds[2].revents)
		screen_heed(&v->screen);
	else if (fds[1].revents && (read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q'))
		v->is_over = true;
	if (fds[3].revents)
		outlet_push(v->out);
}

static int loop(struct view *v, uint64_t duration_ns)
{
	const struct timebase *time = v->session->time;
	const uint64_t window_ns = v->screen.is_open ? WINDOW_SCREEN_NS : WINDOW_LINES_NS;
	const uint64_t start_ns = timebase_now(time);
	uint64_t next_ns = start_ns + window_ns;
	int r = 0;

	while (r == 0 && !v->is_over) {
		uint64_t now_ns = timebase_now(time);

		wait_until(v, u64_min(next_ns, now_ns + tracer_poll_interval_ns(v->tracer)));
		r = tracer_poll(v->tracer);
		now_ns = timebase_now(time);
		if (r == -ESRCH || (duration_ns && now_ns - start_ns >= duration_ns))
			v->is_over = true;
		if (r == 0 && now_ns < next_ns && !v->is_over)
			continue;
		if (r == 0 || r == -ESRCH) {
			const int shown = show(v);

			r = shown < 0 ? shown : r;
		}
		if (v->out->error)
			v->is_over = true;
		/* After a pause (Ctrl-Z) not one window for each that was missed. */
		next_ns = u64_max(next_ns + window_ns, now_ns + window_ns / 2);
	}
	return r;
}

static int status_of(struct view *v, int r)
{
	if (r == -ESRCH)
		say_note("the guest has ended");
	else if (r < 0)
		say_error("%s", strerror(-r));
	if (v->n_dropped)
		say_warning("%" PRIu64 " times nobody read what is shown: left out", v->n_dropped);
	if (r < 0 && r != -ESRCH)
		return EXIT_CANNOT;
	return v->session->signal ? 128 + v->session->signal : EXIT_DONE;
}

/* What waits yet; a signal ends that as well. */
static void finish(struct view *v)
{
	const bool is_hasty = v->session->signal || isatty(v->out->fd);
	const uint64_t limit_ns = is_hasty ? HASTY_LIMIT_NS : READER_LIMIT_NS;

	if (v->screen.is_open)
		screen_close(&v->screen);
	else if (outlet_drain(v->out, limit_ns, v->session->stop_fd) == -EINTR &&
		 !v->session->signal)
		read_signal(v->session);
}

static int watch(struct view *v, const struct tracer_options *traced, uint64_t duration_ns)
{
	auto_free char *why = NULL;
	int r = tracer_new(traced, &v->tracer, &why);

	if (r < 0) {
		say_error("the guest cannot be watched: %s", why ? why : strerror(-r));
		return EXIT_CANNOT;
	}
	if (why)
		say_warning("no events, only sums of the scheduler: %s", why);
	r = tracer_start(v->tracer);
	if (r == 0 && !v->common->is_json && isatty(STDOUT_FILENO))
		screen_open(&v->screen, v->out, v->session->stop_fd);
	if (r == 0)
		r = loop(v, duration_ns);
	finish(v);
	return status_of(v, r);
}

static int watch_session(const struct watch_options *o, const struct common *common,
			 struct outlet *out, struct session *s)
{
	struct view v = { .session = s, .common = common, .out = out };
	struct sysroot root;
	struct tracer_options traced = { .root = &root, .time = s->time, .spool_dir = -1 };
	int r = session_prepare(s), status = EXIT_CANNOT;

	if (s->signal)
		return 128 + s->signal;
	if (r < 0)
		return EXIT_CANNOT;
	if (!s->target.process) {
		say_error("no guest runs, and the built-in one cannot: nothing to watch");
		return EXIT_CANNOT;
	}
	if (sysroot_open(&root, "/") < 0)
		return EXIT_CANNOT;
	traced.guest_pid = (pid_t)s->target.process->pid.v;
	traced.cpus = s->target.guest;
	v.title = s->target.process->name.known ? s->target.process->name.v : s->target.kind;
	v.watch = watch_new();
	if (v.watch)
		status = watch(&v, &traced, o->duration_ns);
	else
		say_error("%s", strerror(ENOMEM));
	tracer_free(v.tracer);
	watch_free(v.watch);
	sysroot_close(&root);
	return status;
}

/* The reader of a pipe has seen enough: with all tidied up, we end by SIGPIPE as others do. */
static int unheard(int error, const struct sigaction *sigpipe)
{
	if (error == -EPIPE && sigaction(SIGPIPE, sigpipe, NULL) == 0)
		raise(SIGPIPE);
	say_error("standard output: %s", strerror(-error));
	return EXIT_CANNOT;
}

int verb_watch(int argc, char **argv)
{
	struct watch_options o = { .wish = { .profile = "watch" } };
	const struct verb_spec spec = {
		.name = "watch",
		.doc = "Show who takes the time of a running guest, as it happens.\v"
		       "States of each vCPU and culprits, by what they took of late. Reading "
		       "events needs root. Nothing runs on the guest's CPUs. q or Ctrl-C ends it. "
		       "Where the output is no terminal: one line each second; --json: the facts "
		       "of each second, one document a line.",
		.options = options,
		.parse = parse,
		.own = &o,
	};
	struct outlet out = { .fd = STDOUT_FILENO };
	struct sigaction sigpipe;
	struct common common;
	struct session s;
	int status = EXIT_CANNOT, r;

	verb_parse(&spec, argc, argv, &common);
	o.wish.is_quiet = common.is_quiet;
	say_no_longer_than(SAY_LIMIT_NS);
	sigaction(SIGPIPE, NULL, &sigpipe);
	r = session_init(&s, &o.wish);
	if (r == 0)
		status = watch_session(&o, &common, &out, &s);
	else
		say_error("%s", strerror(-r));
	session_release(&s);
	outlet_release(&out);
	return out.error && !s.signal ? unheard(out.error, &sigpipe) : status;
}
