/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/libvirt_xml.h"

#ifndef VFIOBENCH_HAS_LIBVIRT

int libvirt_xml(const char *name, int limit_ms, char **ret_xml, size_t *ret_len)
{
	(void)name;
	(void)limit_ms;
	(void)ret_xml;
	(void)ret_len;
	return -ENOSYS;
}

#else

#include <fcntl.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "core/timebase.h"
#include "probes/parse/domain_xml.h"

/* Exit statuses of the child. */
enum { TOLD, NO_CONNECTION, NO_GUEST, NOT_WRITTEN };

static void ignore_error(void *arg, virErrorPtr error)
{
	(void)arg;
	(void)error;
}

static bool write_all(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len) {
		const ssize_t n = write(fd, text, len);

		if (n <= 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return true;
}

/* In the child: everything is freed by its end. */
static int tell_xml(const char *name, int fd)
{
	virConnectPtr connection;
	virDomainPtr domain;
	char *xml;

	virSetErrorFunc(NULL, ignore_error);
	connection = virConnectOpenReadOnly("qemu:///system");
	if (!connection)
		return NO_CONNECTION;
	domain = virDomainLookupByName(connection, name);
	if (!domain || virDomainIsActive(domain) != 1)
		return NO_GUEST;
	xml = virDomainGetXMLDesc(domain, 0);
	if (!xml)
		return NO_GUEST;
	return write_all(fd, xml) ? TOLD : NOT_WRITTEN;
}

static pid_t start_child(const char *name, int fds[2])
{
	const pid_t parent = getpid();
	const pid_t pid = fork();

	if (pid != 0)
		return pid;
	/* It must not outlive us while it waits for a daemon. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(NOT_WRITTEN);
	signal(SIGPIPE, SIG_DFL);
	close(fds[0]);
	_exit(tell_xml(name, fds[1]));
}

/* Waits for the end of what the child writes, which can be more than a pipe holds. */
static int read_until(int fd, uint64_t deadline_ns, char **ret_xml, size_t *ret_len)
{
	auto_free char *xml = NULL;
	size_t size, len = 0;
	FILE *out = open_memstream(&xml, &size);
	int r = out ? 0 : -ENOMEM;
	bool is_end = false;

	while (r == 0 && !is_end) {
		const uint64_t now_ns = timebase_now(timebase_monotonic());
		struct pollfd p = { .fd = fd, .events = POLLIN };
		char part[4096];
		ssize_t n = 0;

		if (now_ns >= deadline_ns ||
		    poll(&p, 1, (int)((deadline_ns - now_ns) / NS_PER_MS) + 1) == 0)
			r = -ETIMEDOUT;
		else if ((n = read(fd, part, sizeof(part))) < 0)
			r = errno == EINTR ? 0 : neg_errno();
		else if (n > 0 && (fwrite(part, 1, (size_t)n, out) != (size_t)n))
			r = -ENOMEM;
		len += n > 0 ? (size_t)n : 0;
		is_end = n == 0;
		if (len > DOMAIN_XML_MAX)
			r = -EFBIG;
	}
	if (out && fclose(out) != 0 && r == 0)
		r = -ENOMEM;
	if (r < 0)
		return r;
	*ret_xml = xml;
	*ret_len = len;
	xml = NULL;
	return 0;
}

static int error_of(int status)
{
	static const int errors[] = { 0, -ECONNREFUSED, -ENOENT, -EIO };

	if (!WIFEXITED(status) || WEXITSTATUS(status) >= (int)ARRAY_SIZE(errors))
		return -EIO;
	return errors[WEXITSTATUS(status)];
}

int libvirt_xml(const char *name, int limit_ms, char **ret_xml, size_t *ret_len)
{
	const uint64_t deadline_ns =
		timebase_now(timebase_monotonic()) + (uint64_t)limit_ms * NS_PER_MS;
	auto_free char *xml = NULL;
	size_t len = 0;
	int fds[2], status = 0, r;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return neg_errno();
	pid = start_child(name, fds);
	r = pid < 0 ? neg_errno() : 0;
	close(fds[1]);
	if (r == 0)
		r = read_until(fds[0], deadline_ns, &xml, &len);
	close(fds[0]);
	if (pid > 0) {
		/* After the end of its output it only exits; otherwise it may wait for ever. */
		if (r < 0)
			kill(pid, SIGKILL);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		r = r < 0 ? r : error_of(status);
	}
	if (r < 0)
		return r;
	*ret_xml = xml;
	*ret_len = len;
	xml = NULL;
	return 0;
}

#endif
