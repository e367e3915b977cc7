/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt_xml.h - the XML of a running guest, as libvirt knows it.
 *
 * Asked through a read-only connection to the system's daemon, in a child process: the library may
 * wait for a daemon that hangs, and writes messages of its own.
 * Source: https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainGetXMLDesc
 */
#ifndef PROBES_LIBVIRT_XML_H
#define PROBES_LIBVIRT_XML_H

#include "core/base.h"

/*
 * 0: *ret_xml is the XML, caller frees. -ENOSYS: built without libvirt; -ECONNREFUSED: the daemon
 * does not answer; -ENOENT: it runs no guest of that name; -ETIMEDOUT: not within limit_ms; -EFBIG;
 * -ENOMEM or another errno. Call it only while a daemon runs: connecting to the socket of one that
 * systemd would start starts it.
 */
int libvirt_xml(const char *name, int limit_ms, char **ret_xml, size_t *ret_len) MUST_CHECK;

#endif
