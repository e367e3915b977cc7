/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * noise_net.c - packets that one CPU sends and another receives, over the loopback of a network
 * namespace of our own: nothing of the machine's network is changed.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>

#include "tests/lib/noise.h"

enum { PACE_US = 500, BURST = 8 };

/* Documentation/networking/scaling.rst: which CPUs receive. */
static int receive_on(unsigned cpu)
{
	auto_free char *mask = NULL;

	if (asprintf(&mask, "%llx", 1ull << cpu) < 0)
		return -ENOMEM;
	return noise_write("/sys/class/net/lo/queues/rx-0/rps_cpus", mask);
}

static int own_network(unsigned cpu)
{
	struct ifreq request = { .ifr_name = "lo" };
	auto_fd int fd = -1;

	if (unshare(CLONE_NEWNET | CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("sysfs", "/sys", "sysfs", 0, NULL))
		return neg_errno();
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request))
		return neg_errno();
	request.ifr_flags |= IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &request))
		return neg_errno();
	return receive_on(cpu);
}

/* Nobody reads there: the work is done when a packet is dropped. */
static int connect_to(int receiver, int sender)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(at);

	if (receiver < 0 || sender < 0 || bind(receiver, (struct sockaddr *)&at, size) ||
	    getsockname(receiver, (struct sockaddr *)&at, &size) ||
	    connect(sender, (struct sockaddr *)&at, size))
		return neg_errno();
	return 0;
}

static int flood(const struct noise *noise, int sender)
{
	const uint64_t start_ns = noise_now_ns();
	const char packet[1024] = { 0 };
	uint64_t now_ns = start_ns;

	while (now_ns - start_ns < noise->duration_ns) {
		for (int i = 0; i < BURST; i++) {
			if (send(sender, packet, sizeof(packet), 0) < 0)
				return neg_errno();
		}
		noise_sleep_until(now_ns + PACE_US * NS_PER_US);
		now_ns = noise_now_ns();
	}
	return 0;
}

int noise_udp(const struct noise *noise, struct noise_amount *ret_amount)
{
	auto_fd int receiver = -1;
	auto_fd int sender = -1;
	int r = own_network(noise->cpu);

	if (r < 0)
		return r;
	receiver = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	sender = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	r = connect_to(receiver, sender);
	if (r >= 0)
		r = flood(noise, sender);
	if (r >= 0)
		*ret_amount = (struct noise_amount){ UINT64_MAX, UINT64_MAX };
	return r;
}
