/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collecting what child programs write, and their ends: the waiting half of program.h. */
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "core/program.h"

#define KILL_AFTER_NS    (1 * NS_PER_S)
#define GIVE_UP_AFTER_NS (6 * NS_PER_S)   /* one that even SIGKILL does not end (state D) */
#define BLIND_STEP_NS    (50 * NS_PER_MS) /* without pidfd_open(2), Linux 5.3 */
#define CHUNK            65536u           /* what a pipe holds by default */
#define NEVER            UINT64_MAX
#define ASKED_TO_END     UINT64_MAX /* term_sent_ns before anyone looked at the clock */

enum slot { SLOT_OUT, SLOT_ERR, SLOT_PID, N_SLOTS };

/* fds[0] is stop_fd, then come N_SLOTS for each program. */
struct wait_loop {
	struct program *p;
	size_t n;
	const struct timebase *time;
	struct pollfd *fds;
	bool is_blind; /* a child without a pidfd: its end has to be looked for */
	bool is_stopped;
};

static struct pollfd *slot(struct wait_loop *w, size_t i, enum slot s)
{
	return &w->fds[1 + i * N_SLOTS + s];
}

static uint64_t later(uint64_t since_ns, uint64_t span_ns)
{
	uint64_t sum;

	return __builtin_add_overflow(since_ns, span_ns, &sum) ? NEVER : sum;
}

static int sleep_in_poll(struct pollfd *fds, size_t n, const struct timebase *time,
			 uint64_t deadline_ns)
{
	uint64_t now = timebase_now(time);
	uint64_t left = deadline_ns > now ? deadline_ns - now : 0;
	struct timespec ts = {
		.tv_sec = (time_t)(left / NS_PER_S),
		.tv_nsec = (long)(left % NS_PER_S),
	};

	for (size_t i = 0; i < n; i++)
		fds[i].revents = 0;
	return ppoll(fds, n, deadline_ns == NEVER ? NULL : &ts, NULL) < 0 ? neg_errno() : 0;
}

static void terminate(struct program *p, enum program_end why, uint64_t now)
{
	if (p->end == PROGRAM_RUNNING)
		p->end = why;
	if (p->term_sent_ns != 0)
		return;
	p->term_sent_ns = now;
	kill(-p->pid, SIGTERM);
}

void program_stop(struct program *p)
{
	if (program_is_running(p))
		terminate(p, PROGRAM_RUNNING, ASKED_TO_END);
}

/* Size of a buffer that holds len bytes and a NUL: program_start made it 1, keep() doubles it. */
static size_t room_for(size_t len)
{
	size_t room = len > 0 ? CHUNK : 1;

	while (room < len + 1)
		room *= 2;
	return room;
}

/* Keeps what fits below max; false when something did not. */
static bool keep(char **buf, size_t *len, size_t max, const char *chunk, size_t n)
{
	size_t n_kept = u64_min(n, max - *len), room = room_for(*len + n_kept);

	if (room != room_for(*len)) {
		char *grown = realloc(*buf, room);

		if (!grown)
			return false;
		*buf = grown;
	}
	memcpy(*buf + *len, chunk, n_kept);
	*len += n_kept;
	(*buf)[*len] = '\0';
	return n_kept == n;
}

static void end_of_stream(int *fd, bool *is_eof)
{
	cleanup_fd(fd);
	*fd = -1;
	*is_eof = true;
}

/* One piece of stdout or stderr; 0 when there is nothing more now. */
static size_t take(struct program *p, bool is_out, uint64_t now)
{
	int *fd = is_out ? &p->out_fd : &p->err_fd;
	char chunk[CHUNK];
	ssize_t n;

	if (*fd < 0)
		return 0;
	n = read(*fd, chunk, sizeof(chunk));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0) {
		end_of_stream(fd, is_out ? &p->is_eof_out : &p->is_eof_err);
		return 0;
	}
	if (!is_out)
		keep(&p->err, &p->n_err, PROGRAM_STDERR_MAX, chunk, (size_t)n);
	else if (!keep(&p->out, &p->n_out, PROGRAM_OUTPUT_MAX, chunk, (size_t)n))
		terminate(p, PROGRAM_TOO_LOUD, now);
	return (size_t)n;
}

/*
 * All that a dead child left in the pipe is there now; later bytes come from somebody who inherited
 * the pipe, perhaps for ever.
 */
static void drain(struct program *p, bool is_out, uint64_t now)
{
	int *fd = is_out ? &p->out_fd : &p->err_fd;
	int n_there = 0;

	if (*fd < 0)
		return;
	if (ioctl(*fd, FIONREAD, &n_there) < 0)
		n_there = CHUNK;
	for (size_t left = (size_t)n_there, n; left > 0; left -= u64_min(left, n)) {
		n = take(p, is_out, now);
		if (n == 0)
			break;
	}
	end_of_stream(fd, is_out ? &p->is_eof_out : &p->is_eof_err);
}

/* Dead, but not reaped: its pid is still its own. Also true when there is nothing to wait for. */
static bool has_ended(const struct program *p)
{
	siginfo_t info = { 0 };

	if (waitid(P_PID, (id_t)p->pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
		return errno == ECHILD;
	return info.si_pid == p->pid;
}

static void reap(struct program *p, uint64_t now)
{
	enum program_end end = PROGRAM_NOT_STARTED;
	int status = 0, code = ECHILD;

	drain(p, true, now);
	drain(p, false, now);
	/* The rest of a group that had to be ended; a well-behaved one may leave a daemon behind.
	 */
	if (p->end != PROGRAM_RUNNING)
		kill(-p->pid, SIGKILL);
	if (waitpid(p->pid, &status, 0) == p->pid) {
		end = WIFSIGNALED(status) ? PROGRAM_SIGNALLED : PROGRAM_EXITED;
		code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
	}
	if (p->end == PROGRAM_RUNNING)
		p->end = end;
	p->code = code;
	p->is_reaped = true;
}

/* The kernel holds it: whoever waited longer would hang with it. */
static void give_up(struct program *p)
{
	end_of_stream(&p->out_fd, &p->is_eof_out);
	end_of_stream(&p->err_fd, &p->is_eof_err);
	p->end = PROGRAM_TIMED_OUT;
	p->pid = -1;
}

static uint64_t next_deadline(const struct program *p, uint64_t now)
{
	if (p->term_sent_ns == 0)
		return p->limit_ns ? later(p->started_ns, p->limit_ns) : NEVER;
	if (now < later(p->term_sent_ns, KILL_AFTER_NS))
		return later(p->term_sent_ns, KILL_AFTER_NS);
	return later(p->term_sent_ns, GIVE_UP_AFTER_NS);
}

static void keep_deadlines(struct program *p, uint64_t now)
{
	if (p->term_sent_ns == ASKED_TO_END)
		p->term_sent_ns = now;
	if (p->term_sent_ns == 0) {
		if (now >= next_deadline(p, now))
			terminate(p, PROGRAM_TIMED_OUT, now);
		return;
	}
	if (now >= later(p->term_sent_ns, KILL_AFTER_NS))
		kill(-p->pid, SIGKILL);
	if (now >= later(p->term_sent_ns, GIVE_UP_AFTER_NS))
		give_up(p);
}

static void close_pidfd(struct wait_loop *w, size_t i)
{
	struct pollfd *fd = slot(w, i, SLOT_PID);

	cleanup_fd(&fd->fd);
	fd->fd = -1;
}

static void open_pidfds(struct wait_loop *w)
{
	for (size_t i = 0; i < w->n; i++) {
		struct pollfd *fd = slot(w, i, SLOT_PID);

		for (enum slot s = 0; s < N_SLOTS; s++)
			*slot(w, i, s) = (struct pollfd){ .fd = -1, .events = POLLIN };
		if (!program_is_running(&w->p[i]))
			continue;
		/* Close-on-exec by itself (pidfd_open(2)). */
		fd->fd = (int)syscall(SYS_pidfd_open, w->p[i].pid, 0);
		if (fd->fd < 0)
			w->is_blind = true;
	}
}

/* What to sleep for; false when all have ended. */
static bool prepare(struct wait_loop *w, uint64_t *ret_deadline_ns)
{
	uint64_t now = timebase_now(w->time), deadline = NEVER;
	bool is_any = false;

	for (size_t i = 0; i < w->n; i++) {
		struct program *p = &w->p[i];

		if (program_is_running(p))
			keep_deadlines(p, now);
		if (!program_is_running(p)) {
			close_pidfd(w, i);
			slot(w, i, SLOT_OUT)->fd = -1;
			slot(w, i, SLOT_ERR)->fd = -1;
			continue;
		}
		is_any = true;
		slot(w, i, SLOT_OUT)->fd = p->out_fd;
		slot(w, i, SLOT_ERR)->fd = p->err_fd;
		deadline = u64_min(deadline, next_deadline(p, now));
	}
	if (w->is_blind)
		deadline = u64_min(deadline, later(now, BLIND_STEP_NS));
	*ret_deadline_ns = deadline;
	return is_any;
}

static void stop_all(struct wait_loop *w, uint64_t now)
{
	w->is_stopped = true;
	w->fds[0].fd = -1;
	for (size_t i = 0; i < w->n; i++) {
		if (program_is_running(&w->p[i]))
			terminate(&w->p[i], PROGRAM_RUNNING, now);
	}
}

static void handle(struct wait_loop *w)
{
	uint64_t now = timebase_now(w->time);

	if (w->fds[0].revents)
		stop_all(w, now);
	for (size_t i = 0; i < w->n; i++) {
		struct program *p = &w->p[i];
		const struct pollfd *pid = slot(w, i, SLOT_PID);

		if (!program_is_running(p))
			continue;
		if (slot(w, i, SLOT_OUT)->revents)
			take(p, true, now);
		if (slot(w, i, SLOT_ERR)->revents)
			take(p, false, now);
		if ((pid->fd < 0 || pid->revents) && has_ended(p))
			reap(p, now);
	}
}

/* Without memory to watch them, children cannot go on. */
static int kill_all(struct program *p, size_t n, const struct timebase *time)
{
	for (size_t i = 0; i < n; i++) {
		if (!program_is_running(&p[i]))
			continue;
		kill(-p[i].pid, SIGKILL);
		waitid(P_PID, (id_t)p[i].pid, NULL, WEXITED | WNOWAIT);
		reap(&p[i], timebase_now(time));
	}
	return -ENOMEM;
}

int programs_wait(struct program *p, size_t n, const struct timebase *time, int stop_fd)
{
	auto_free struct pollfd *fds = calloc(1 + n * N_SLOTS, sizeof(*fds));
	struct wait_loop w = { .p = p, .n = n, .time = time, .fds = fds };
	uint64_t deadline;

	if (!fds)
		return kill_all(p, n, time);
	fds[0] = (struct pollfd){ .fd = stop_fd, .events = POLLIN };
	open_pidfds(&w);
	while (prepare(&w, &deadline)) {
		sleep_in_poll(fds, 1 + n * N_SLOTS, time, deadline);
		handle(&w);
	}
	return w.is_stopped ? -EINTR : 0;
}

int program_wait_line(struct program *p, const struct timebase *time, uint64_t timeout_ns)
{
	uint64_t deadline = later(timebase_now(time), timeout_ns);
	size_t n_seen = 0;

	for (;;) {
		struct pollfd fds[] = { { .fd = p->out_fd, .events = POLLIN },
					{ .fd = p->err_fd, .events = POLLIN } };
		uint64_t now;

		if (p->out && memchr(p->out + n_seen, '\n', p->n_out - n_seen))
			return 0;
		n_seen = p->n_out;
		if (!program_is_running(p) || p->out_fd < 0)
			return -EPIPE;
		if (p->end != PROGRAM_RUNNING)
			return -EMSGSIZE;
		if (timebase_now(time) >= deadline)
			return -ETIMEDOUT;
		sleep_in_poll(fds, ARRAY_SIZE(fds), time, deadline);
		now = timebase_now(time);
		if (fds[0].revents)
			take(p, true, now);
		if (fds[1].revents)
			take(p, false, now);
	}
}
