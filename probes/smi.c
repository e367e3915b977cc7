/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/smi.h"

#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>

#define PMU_PATH "/sys/bus/event_source/devices/msr"

int smi_parse_config(struct text t, uint64_t *ret_config)
{
	static const char key[] = "event=0x";
	const size_t n = sizeof(key) - 1;

	t = text_trim(t);
	if (t.len <= n || memcmp(t.at, key, n) != 0)
		return -EINVAL;
	return text_hex(text_make(t.at + n, t.len - n), ret_config) < 0 ? -EINVAL : 0;
}

int smi_event_find(const struct sysroot *root, struct smi_event *ret_event)
{
	auto_free char *words = NULL;
	struct smi_event event;
	uint64_t type;
	int r = sysroot_read_line(root, &words, PMU_PATH "/events/smi");

	if (r == 0)
		r = smi_parse_config(text_of(words), &event.config);
	if (r == 0)
		r = sysroot_read_u64(root, &type, PMU_PATH "/type");
	if (r < 0)
		return r;
	if (type > UINT32_MAX)
		return -EINVAL;
	event.type = (uint32_t)type;
	*ret_event = event;
	return 0;
}

int smi_open(const struct smi_event *event, unsigned cpu)
{
	struct perf_event_attr attr = {
		.type = event->type,
		.size = sizeof(attr),
		.config = event->config,
	};
	const long fd = syscall(SYS_perf_event_open, &attr, -1, (int)cpu, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? neg_errno() : (int)fd;
}

int smi_read(int fd, uint64_t *ret_n)
{
	uint64_t n;
	const ssize_t got = read(fd, &n, sizeof(n));

	if (got != (ssize_t)sizeof(n))
		return got < 0 ? neg_errno() : -EIO;
	*ret_n = n;
	return 0;
}
