/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vfiobench-microguest: runs the built-in guest until it is told to end. The main thread stays off
 * the guest's CPUs and sleeps; all signals come to it.
 */
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>

#include "core/doc.h"
#include "core/say.h"
#include "core/timebase.h"
#include "probes/microguest/options.h"

#define PROGRAM      "vfiobench-microguest"
#define EXIT_TROUBLE 2

#define READY_LIMIT_NS (5 * NS_PER_S)
#define READY_POLL_NS  (5 * NS_PER_MS)
#define FOREVER        UINT64_MAX

enum event { EVENT_TIME, EVENT_SIGNAL, EVENT_FAILURE };

/* The signals that end it, blocked and readable from a descriptor. */
static int open_signals(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return neg_errno();
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? neg_errno() : fd;
}

static struct cpus allowed_cpus(void)
{
	struct cpus set = { 0 };

	/* A set's words are laid out as the kernel's are. */
	if (sched_getaffinity(0, sizeof(set.word), (cpu_set_t *)(void *)set.word) < 0)
		cpus_add(&set, 0);
	return set;
}

/* Off the guest's CPUs when there are others. */
static void step_aside(const struct cpus *allowed, const struct cpus *guest)
{
	struct cpus others = cpus_minus(allowed, guest);

	if (cpus_is_empty(&others))
		return;
	if (sched_setaffinity(0, sizeof(others.word), (cpu_set_t *)(void *)others.word) < 0)
		say_warning("cannot leave the guest's CPUs: %s", strerror(errno));
}

static enum event wait_event(const struct microguest *guest, int signal_fd, uint64_t until_ns)
{
	struct pollfd fds[] = {
		{ .fd = signal_fd, .events = POLLIN },
		{ .fd = guest->event_fd, .events = POLLIN },
	};

	for (;;) {
		uint64_t now_ns = timebase_now(timebase_monotonic());
		uint64_t left_ns = until_ns > now_ns ? until_ns - now_ns : 0;
		struct timespec left = { (time_t)(left_ns / NS_PER_S), (long)(left_ns % NS_PER_S) };
		int r = ppoll(fds, ARRAY_SIZE(fds), until_ns == FOREVER ? NULL : &left, NULL);

		if (r == 0)
			return EVENT_TIME;
		if (r > 0)
			return fds[1].revents ? EVENT_FAILURE : EVENT_SIGNAL;
	}
}

/* EVENT_TIME: every vCPU has made progress; or what came instead. */
static enum event wait_ready(const struct microguest *guest, int signal_fd, struct failure *out)
{
	uint64_t now_ns = timebase_now(timebase_monotonic());
	uint64_t limit_ns = now_ns + READY_LIMIT_NS;
	int idle = microguest_first_idle(guest);

	while (idle >= 0 && now_ns < limit_ns) {
		enum event event = wait_event(guest, signal_fd, now_ns + READY_POLL_NS);

		if (event != EVENT_TIME)
			return event;
		now_ns = timebase_now(timebase_monotonic());
		idle = microguest_first_idle(guest);
	}
	if (idle < 0)
		return EVENT_TIME;
	*out = (struct failure){ .kind = FAILURE_STUCK,
				 .vcpu = idle,
				 .cpu = guest->vcpus[idle].cpu };
	return EVENT_FAILURE;
}

static struct doc *vcpu_doc(const struct microguest *guest, unsigned n, const struct failure *f)
{
	struct microguest_counts counts = microguest_counts(guest, n);
	uint32_t last_exit = f->vcpu == (int)n ? f->exit_reason : KVM_EXIT_UNKNOWN;
	struct doc *d = doc_object_new();
	int r;

	if (!d)
		return NULL;
	r = doc_put_u64(d, "vcpu", n);
	if (r == 0 && guest->vcpus[n].cpu >= 0)
		r = doc_put_i64(d, "cpu", guest->vcpus[n].cpu);
	if (r == 0)
		r = doc_put_u64(d, "ticks", counts.ticks);
	if (r == 0)
		r = doc_put_u64(d, "halts", counts.halts);
	if (r == 0)
		r = doc_put_u64(d, "spins", counts.spins);
	if (r == 0)
		r = doc_put_str(d, "last_exit", failure_exit_name(last_exit));
	if (r == 0)
		return d;
	doc_free(d);
	return NULL;
}

/* What each vCPU has done, and how KVM did. NULL: no memory. */
static struct doc *counts_doc(const struct microguest *guest, const struct failure *f)
{
	struct doc *vcpus = doc_array_new();
	struct doc *d = doc_object_new();
	int r = vcpus && d ? 0 : -ENOMEM;

	for (unsigned n = 0; r == 0 && n < guest->n_vcpus; n++)
		r = doc_append(vcpus, vcpu_doc(guest, n, f));
	if (r == 0)
		r = doc_put(d, "vcpus", doc_ref(vcpus));
	if (r == 0)
		r = doc_put_str(d, "kvm", f->kind == FAILURE_NONE ? "ok" : "failed");
	doc_free(vcpus);
	if (r == 0)
		return d;
	doc_free(d);
	return NULL;
}

/* One line on stdout. */
static int print_counts(const struct microguest *guest, const struct failure *f)
{
	auto_doc struct doc *d = counts_doc(guest, f);
	auto_free char *text = d ? doc_print(d, false) : NULL;

	if (!text)
		return -ENOMEM;
	if (fputs(text, stdout) < 0 || fflush(stdout) != 0)
		return neg_errno();
	return 0;
}

static int report_failure(const struct failure *f)
{
	auto_free char *text = failure_text(f);

	say_error("%s", text ? text : "no memory");
	return EXIT_TROUBLE;
}

/* From the first instruction of the guest to its last. */
static int run(struct microguest *guest, int signal_fd, uint64_t duration_ns)
{
	struct failure failed = { .vcpu = -1, .cpu = -1 };
	enum event event = wait_ready(guest, signal_fd, &failed);
	int status, r;

	if (event == EVENT_TIME) {
		uint64_t now_ns = timebase_now(timebase_monotonic());
		bool is_endless = duration_ns == 0 || duration_ns > FOREVER - now_ns;

		puts("ready");
		fflush(stdout);
		wait_event(guest, signal_fd, is_endless ? FOREVER : now_ns + duration_ns);
	}
	microguest_stop(guest);
	/* Also when a signal came first: a guest that broke is never called sound. */
	microguest_failure(guest, &failed);
	status = failed.kind == FAILURE_NONE ? 0 : report_failure(&failed);
	r = print_counts(guest, &failed);
	if (r < 0) {
		say_error("standard output: %s", strerror(-r));
		return EXIT_TROUBLE;
	}
	return status;
}

int main(int argc, char **argv)
{
	struct cpus allowed = allowed_cpus();
	struct options options = options_default(&allowed);
	struct microguest *guest;
	struct failure failed;
	auto_fd int signal_fd = -1;
	int r;

	say_setup(PROGRAM, false);
	options_parse(&options, argc, argv);
	/* Never outlive the run that asked for it. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal_fd = open_signals();
	if (signal_fd < 0) {
		say_error("signals: %s", strerror(-signal_fd));
		return EXIT_TROUBLE;
	}
	r = microguest_new(&options.config, &guest, &failed);
	if (r < 0)
		return report_failure(&failed);
	/* Started first: threads that float are to keep the affinity we were given. */
	r = microguest_start(guest, &failed);
	if (r < 0) {
		r = report_failure(&failed);
	} else {
		step_aside(&allowed, &options.config.cpus);
		r = run(guest, signal_fd, options.duration_ns);
	}
	microguest_free(guest);
	return r;
}
