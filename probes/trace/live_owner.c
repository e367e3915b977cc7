/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/live_owner.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "core/text.h"

enum { START_FIELD = 22, STAT_SIZE = 1024, SLACK_S = 2 };

void live_owner_name(pid_t pid, char name[LIVE_NAME_SIZE])
{
	snprintf(name, LIVE_NAME_SIZE, LIVE_NAME_PREFIX "%d", (int)pid);
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
	struct text t = text_of(name);
	int64_t start_s, made_s;
	uint64_t pid;

	if (!text_starts(t, LIVE_NAME_PREFIX))
		return false;
	t.at += strlen(LIVE_NAME_PREFIX);
	t.len -= strlen(LIVE_NAME_PREFIX);
	if (text_u64(t, &pid) < 0 || !pid || pid > INT_MAX)
		return false;
	if (kill((pid_t)pid, 0) < 0)
		return errno == ESRCH;
	start_s = start_of((pid_t)pid);
	return start_s >= 0 && made_at(dir, &made_s) && start_s > made_s + SLACK_S;
}
