/* SPDX-License-Identifier: GPL-2.0-or-later */
/* noise_guest.c - what is done to a guest, or what it does itself. */
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/lib/noise.h"

enum { STOP_MS = 50, PERIOD_MS = 100 };

int noise_stop(const struct noise *noise, struct noise_amount *ret_amount)
{
	const uint64_t start_ns = noise_now_ns();
	uint64_t pid, stopped_ns = 0, n = 0;
	int r = noise_number(noise->args[0], &pid);

	for (uint64_t t_ns = start_ns; r >= 0 && t_ns - start_ns < noise->duration_ns;
	     t_ns += PERIOD_MS * NS_PER_MS) {
		uint64_t from_ns;

		noise_sleep_until(t_ns);
		from_ns = noise_now_ns();
		if (kill((pid_t)pid, SIGSTOP))
			return neg_errno();
		noise_sleep_until(from_ns + STOP_MS * NS_PER_MS);
		if (kill((pid_t)pid, SIGCONT))
			r = neg_errno();
		stopped_ns += noise_now_ns() - from_ns;
		n++;
	}
	if (r >= 0)
		*ret_amount = (struct noise_amount){ stopped_ns, n };
	return r;
}

/* "throttled_time N" (ns) of cpu.stat, Documentation/scheduler/sched-bwc.rst. */
static int throttled_ns(const char *folder, uint64_t *ret_ns)
{
	auto_free char *path = NULL;
	auto_free char *line = NULL;
	auto_file FILE *f = NULL;
	size_t size = 0;

	if (asprintf(&path, "%s/cpu.stat", folder) < 0)
		return -ENOMEM;
	f = fopen(path, "re");
	if (!f)
		return neg_errno();
	while (getline(&line, &size, f) >= 0) {
		if (sscanf(line, "throttled_time %" SCNu64, ret_ns) == 1)
			return 0;
	}
	return -ENODATA;
}

static int set_quota(const char *folder, const char *us)
{
	auto_free char *path = NULL;

	if (asprintf(&path, "%s/cpu.cfs_quota_us", folder) < 0)
		return -ENOMEM;
	return noise_write(path, us);
}

int noise_quota(const struct noise *noise, struct noise_amount *ret_amount)
{
	const char *folder = noise->args[0];
	uint64_t before, after;
	int r = folder ? throttled_ns(folder, &before) : -EINVAL;

	if (r >= 0)
		r = set_quota(folder, "20000");
	if (r < 0)
		return r;
	noise_sleep_until(noise_now_ns() + noise->duration_ns);
	r = set_quota(folder, "-1");
	if (r >= 0)
		r = throttled_ns(folder, &after);
	if (r >= 0)
		*ret_amount = (struct noise_amount){ after - before, UINT64_MAX };
	return r;
}

/* One command; its answer is the first line that is no event. */
static int ask(FILE *in, FILE *out, const char *command, char **line, size_t *size)
{
	if (fprintf(out, "{\"execute\":\"%s\"}\n", command) < 0 || fflush(out))
		return neg_errno();
	do {
		if (getline(line, size, in) < 0)
			return -EIO;
	} while (!strstr(*line, "\"return\""));
	return 0;
}

static int talk(const struct noise *noise, FILE *in, FILE *out)
{
	const uint64_t start_ns = noise_now_ns();
	auto_free char *line = NULL;
	size_t size = 0;
	int r = ask(in, out, "qmp_capabilities", &line, &size);

	while (r >= 0 && noise_now_ns() - start_ns < noise->duration_ns)
		r = ask(in, out, "query-qmp-schema", &line, &size);
	return r;
}

static int connect_to(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int r;

	if (fd < 0)
		return neg_errno();
	if (strlen(path) < sizeof(at.sun_path)) {
		memcpy(at.sun_path, path, strlen(path));
		if (!connect(fd, (struct sockaddr *)&at, sizeof(at)))
			return fd;
		r = neg_errno();
	} else {
		r = -ENAMETOOLONG;
	}
	close(fd);
	return r;
}

int noise_qmp(const struct noise *noise, struct noise_amount *ret_amount)
{
	const int fd = noise->args[0] ? connect_to(noise->args[0]) : -EINVAL;
	auto_file FILE *in = NULL;
	auto_file FILE *out = NULL;
	int r;

	if (fd < 0)
		return fd;
	in = fdopen(fd, "r");
	out = fdopen(dup(fd), "w");
	if (!in || !out)
		return -ENOMEM;
	r = talk(noise, in, out);
	if (r >= 0)
		*ret_amount = (struct noise_amount){ UINT64_MAX, UINT64_MAX };
	return r;
}
