/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/program.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "core/text.h"

#define EXIT_NOT_STARTED 127

/* The ends of the pipes between us and one child; -1: not there. */
struct plumbing {
	int in_r;
	int out_r, out_w;
	int err_r, err_w;
	int status_r, status_w; /* closed by a successful exec, else carries its errno */
};

static void plumbing_release(struct plumbing *pl)
{
	const int fds[] = { pl->in_r,  pl->out_r,    pl->out_w,   pl->err_r,
			    pl->err_w, pl->status_r, pl->status_w };

	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		cleanup_fd(&fds[i]);
}
#define auto_plumbing auto_cleanup(plumbing_release)

static int pipe_make(int *ret_r, int *ret_w)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return neg_errno();
	*ret_r = fds[0];
	*ret_w = fds[1];
	return 0;
}

/* A stdin that holds the whole input already, so that nobody has to feed the child. */
static int input_make(const char *input, int *ret_fd)
{
	auto_fd int w = -1;
	int fd, r;
	ssize_t n;

	if (!input) {
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return neg_errno();
		*ret_fd = fd;
		return 0;
	}
	r = pipe_make(&fd, &w);
	if (r < 0)
		return r;
	*ret_fd = fd;
	if (fcntl(w, F_SETFL, O_NONBLOCK) < 0)
		return neg_errno();
	if (!input[0])
		return 0;
	n = write(w, input, strlen(input));
	if (n < 0 && errno != EAGAIN)
		return neg_errno();
	return n == (ssize_t)strlen(input) ? 0 : -E2BIG;
}

static int plumbing_make(const struct program *p, struct plumbing *pl)
{
	int r;

	r = input_make(p->input, &pl->in_r);
	if (r < 0)
		return r;
	r = pipe_make(&pl->out_r, &pl->out_w);
	if (r < 0)
		return r;
	r = pipe_make(&pl->err_r, &pl->err_w);
	if (r < 0)
		return r;
	r = pipe_make(&pl->status_r, &pl->status_w);
	if (r < 0)
		return r;
	/* Our ends only: the flag belongs to one end of a pipe. */
	if (fcntl(pl->out_r, F_SETFL, O_NONBLOCK) < 0 || fcntl(pl->err_r, F_SETFL, O_NONBLOCK) < 0)
		return neg_errno();
	return 0;
}

/* When we were started with closed standard descriptors, a pipe may have got one of them. */
static int above_standard(int fd)
{
	return fd > STDERR_FILENO ? fd : fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

static int child_connect(struct plumbing *pl)
{
	int in = above_standard(pl->in_r);
	int out = above_standard(pl->out_w);
	int err = above_standard(pl->err_w);

	pl->status_w = above_standard(pl->status_w);
	if (in < 0 || out < 0 || err < 0 || pl->status_w < 0)
		return neg_errno();
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(err, STDERR_FILENO) < 0)
		return neg_errno();
	return 0;
}

static int keep_one_by_one(void)
{
	DIR *folder = opendir("/proc/self/fd");
	const struct dirent *entry;
	int r = folder ? 0 : neg_errno();

	while (r == 0 && (entry = readdir(folder))) {
		uint64_t fd;

		if (text_u64(text_of(entry->d_name), &fd) == 0 && fd > STDERR_FILENO &&
		    fcntl((int)fd, F_SETFD, FD_CLOEXEC) < 0)
			r = neg_errno();
	}
	if (folder)
		closedir(folder);
	return r;
}

/* What we were started with is not for who is confined: it may be what only root can open. */
static int keep_descriptors(void)
{
	/* Linux before 5.11 does not know it, and some containers do not let it through. */
	return close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC) == 0 ? 0
									     : keep_one_by_one();
}

/*
 * A group of its own: Ctrl-C of the terminal is ours to handle, and it ends as a whole. Who is
 * confined also gets a session: no terminal to put words into (TIOCSTI, ioctl_tty(2)).
 */
static int child_leave_group(const struct program *p)
{
	return (p->confine ? setsid() : setpgid(0, 0)) < 0 ? neg_errno() : 0;
}

static int child_become(const struct program *p)
{
	if (p->working_dir && chdir(p->working_dir) < 0)
		return neg_errno();
	return p->confine ? confine_self(p->confine) : 0;
}

static int child_reset_signals(void)
{
	struct sigaction act = { .sa_handler = SIG_DFL };
	sigset_t none;

	/* Some numbers belong to libc or cannot be changed: those are as they should be. */
	for (int sig = 1; sig <= SIGRTMAX; sig++)
		sigaction(sig, &act, NULL);
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL) < 0 ? neg_errno() : 0;
}

/* After a change of user: that resets the death signal (prctl(2)). */
static int child_die_with(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0)
		return neg_errno();
	/* It ended before we asked. */
	return getppid() == parent ? 0 : -ESRCH;
}

static int child_setup(const struct program *p, struct plumbing *pl, pid_t parent)
{
	int r = child_leave_group(p);

	if (r < 0)
		return r;
	r = child_connect(pl);
	if (r < 0)
		return r;
	r = p->confine ? keep_descriptors() : 0;
	if (r < 0)
		return r;
	r = child_become(p);
	if (r < 0)
		return r;
	r = child_reset_signals();
	if (r < 0)
		return r;
	return child_die_with(parent);
}

static _Noreturn void child_run(const struct program *p, struct plumbing *pl, pid_t parent)
{
	char *const *env = p->env ? (char *const *)p->env : environ;
	int e = -child_setup(p, pl, parent);

	if (e == 0) {
		execve(p->argv[0], (char *const *)p->argv, env);
		e = errno;
	}
	if (write(pl->status_w, &e, sizeof(e)) < 0)
		_exit(EXIT_NOT_STARTED - 1);
	_exit(EXIT_NOT_STARTED);
}

/* fork(2) with all signals held back, so that no handler of ours runs in the child. */
static pid_t fork_quietly(sigset_t *ret_old)
{
	sigset_t all;
	pid_t pid;
	int e;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, ret_old);
	pid = fork();
	if (pid == 0)
		return 0;
	e = errno;
	pthread_sigmask(SIG_SETMASK, ret_old, NULL);
	errno = e;
	return pid;
}

static pid_t wait_for(pid_t pid)
{
	pid_t r;

	do {
		r = waitpid(pid, NULL, 0);
	} while (r < 0 && errno == EINTR);
	return r;
}

/* 0 once the program runs, else why it does not. */
static int exec_result(int status_r)
{
	int e = 0;
	ssize_t n;

	do {
		n = read(status_r, &e, sizeof(e));
	} while (n < 0 && errno == EINTR);
	if (n == 0)
		return 0;
	return n == sizeof(e) && e > 0 ? -e : -EIO;
}

static int start(struct program *p, struct plumbing *pl)
{
	pid_t parent = getpid(), pid;
	sigset_t old;
	int r;

	r = plumbing_make(p, pl);
	if (r < 0)
		return r;
	pid = fork_quietly(&old);
	if (pid < 0)
		return neg_errno();
	if (pid == 0)
		child_run(p, pl, parent);

	close(pl->status_w);
	pl->status_w = -1;
	r = exec_result(pl->status_r);
	if (r < 0) {
		wait_for(pid);
		return r;
	}
	p->pid = pid;
	p->out_fd = pl->out_r;
	p->err_fd = pl->err_r;
	pl->out_r = pl->err_r = -1;
	return 0;
}

int program_start(struct program *p, const struct timebase *time)
{
	auto_plumbing struct plumbing pl = { -1, -1, -1, -1, -1, -1, -1 };
	int r = -ENOMEM;

	p->end = PROGRAM_RUNNING;
	p->code = 0;
	p->pid = -1;
	p->out_fd = p->err_fd = -1;
	p->n_out = p->n_err = 0;
	p->term_sent_ns = 0;
	p->is_eof_out = p->is_eof_err = p->is_reaped = false;
	p->started_ns = timebase_now(time);
	p->out = calloc(1, 1);
	p->err = calloc(1, 1);
	if (p->out && p->err)
		r = start(p, &pl);
	if (r < 0) {
		p->end = PROGRAM_NOT_STARTED;
		p->code = -r;
		p->is_eof_out = p->is_eof_err = true;
	}
	return r;
}

static void describe_limit(uint64_t limit_ns, char *buf, size_t size)
{
	static const struct {
		uint64_t ns;
		const char *name;
	} units[] = { { NS_PER_S, "s" }, { NS_PER_MS, "ms" }, { NS_PER_US, "us" }, { 1, "ns" } };
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(units) && limit_ns % units[i].ns != 0)
		i++;
	snprintf(buf, size, "still running after %llu %s",
		 (unsigned long long)(limit_ns / units[i].ns), units[i].name);
}

void program_describe_end(const struct program *p, char *buf, size_t size)
{
	const char *text;

	switch (p->end) {
	case PROGRAM_RUNNING:
		snprintf(buf, size, "still running");
		break;
	case PROGRAM_EXITED:
		snprintf(buf, size, "exit status %d", p->code);
		break;
	case PROGRAM_SIGNALLED:
		text = sigdescr_np(p->code);
		snprintf(buf, size, "killed by signal %d (%s)", p->code, text ? text : "unknown");
		break;
	case PROGRAM_TIMED_OUT:
		describe_limit(p->limit_ns, buf, size);
		break;
	case PROGRAM_TOO_LOUD:
		snprintf(buf, size, "more than %u MiB of output", PROGRAM_OUTPUT_MAX >> 20);
		break;
	case PROGRAM_NOT_STARTED:
		text = strerrordesc_np(p->code);
		snprintf(buf, size, "could not be started: %s", text ? text : "unknown error");
		break;
	}
}

void program_release(struct program *p)
{
	if (program_is_running(p)) {
		kill(-p->pid, SIGKILL);
		wait_for(p->pid);
		p->is_reaped = true;
		cleanup_fd(&p->out_fd);
		cleanup_fd(&p->err_fd);
	}
	free(p->out);
	free(p->err);
	p->out = p->err = NULL;
	p->n_out = p->n_err = 0;
	p->out_fd = p->err_fd = -1;
}
