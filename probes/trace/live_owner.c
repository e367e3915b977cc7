/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/live_owner.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "core/text.h"

enum { START_FIELD = 22, STAT_SIZE = 1024, SLACK_S = 2 };

#define FIRST_NAMESPACE UINT64_C(0xEFFFFFFC)

static uint64_t own_namespace(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) < 0 ? FIRST_NAMESPACE : st.st_ino;
}

void live_owner_name(pid_t pid, char name[LIVE_NAME_SIZE])
{
	const uint64_t namespace = own_namespace();
	const int n = snprintf(name, LIVE_NAME_SIZE, LIVE_NAME_PREFIX "%d", (int)pid);

	if (namespace != FIRST_NAMESPACE)
		snprintf(name + n, LIVE_NAME_SIZE - (size_t)n, "-%" PRIu64, namespace);
}

static bool parse(const char *name, pid_t *ret_pid, uint64_t *ret_namespace)
{
	struct text t = text_of(name);
	uint64_t pid;

	if (!text_starts(t, LIVE_NAME_PREFIX))
		return false;
	t.at += strlen(LIVE_NAME_PREFIX);
	t.len -= strlen(LIVE_NAME_PREFIX);
	*ret_namespace = FIRST_NAMESPACE;
	if (text_take_u64(&t, &pid) < 0 || !pid || pid > INT_MAX)
		return false;
	if (t.len && (*t.at != '-' || text_u64(text_make(t.at + 1, t.len - 1), ret_namespace) < 0))
		return false;
	*ret_pid = (pid_t)pid;
	return true;
}

/* Seconds since boot; -1: not known. The name in parentheses may hold anything. */
static int64_t start_of(pid_t pid)
{
	char path[64], buf[STAT_SIZE];
	const long hz = sysconf(_SC_CLK_TCK);
	struct text rest, word;
	const char *behind;
	uint64_t ticks;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	{
		auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

		n = fd < 0 ? -1 : read(fd, buf, sizeof(buf));
	}
	behind = n > 0 ? memrchr(buf, ')', (size_t)n) : NULL;
	if (!behind || hz <= 0)
		return -1;
	rest = text_make(behind + 1, (size_t)(buf + n - behind - 1));
	for (unsigned field = 3; field <= START_FIELD; field++) {
		if (!text_next_word(&rest, &word))
			return -1;
	}
	if (text_u64(word, &ticks) < 0 || ticks > INT64_MAX)
		return -1;
	return (int64_t)(ticks / (uint64_t)hz);
}

/* When the directory was made, in seconds since boot. */
static bool made_at(const char *dir, int64_t *ret_s)
{
	struct timespec now, boot;
	struct stat st;

	if (stat(dir, &st) < 0 || clock_gettime(CLOCK_REALTIME, &now) < 0 ||
	    clock_gettime(CLOCK_BOOTTIME, &boot) < 0)
		return false;
	*ret_s = st.st_mtim.tv_sec - (now.tv_sec - boot.tv_sec);
	return true;
}

bool live_owner_is_gone(const char *name, const char *dir)
{
	int64_t start_s, made_s;
	uint64_t namespace;
	pid_t pid;

	if (!parse(name, &pid, &namespace) || namespace != own_namespace())
		return false;
	if (kill(pid, 0) < 0)
		return errno == ESRCH;
	start_s = start_of(pid);
	return start_s >= 0 && made_at(dir, &made_s) && start_s > made_s + SLACK_S;
}

bool live_owner_may_be_gone(const char *name, const char *dir)
{
	struct timespec boot;
	uint64_t namespace;
	int64_t made_s;
	pid_t pid;

	return parse(name, &pid, &namespace) && namespace != own_namespace() &&
	       made_at(dir, &made_s) && clock_gettime(CLOCK_BOOTTIME, &boot) == 0 &&
	       boot.tv_sec > made_s + SLACK_S;
}
