# SPDX-License-Identifier: GPL-2.0-or-later
# suspend.py COMMAND...: a shell's part. Runs it on a terminal of its own, stops it by Ctrl-Z, lets it
# go on, ends it by Ctrl-\. 0: the terminal was as it should be each time.
import fcntl, os, pty, select, signal, struct, sys, termios, time

TAKE, GIVE_BACK = b"\033[?1049h", b"\033[?1049l"
RAW_FLAGS = termios.ICANON | termios.ECHO


def shell(command, says):
    """The session's leader: its child has a group of its own, so that it can be stopped."""
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    pid = os.fork()
    if not pid:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execvp(command[0], command)
    status = wait_stopped(pid)
    os.write(says, b"stopped\n" if os.WIFSTOPPED(status) else b"ended\n")
    if os.WIFSTOPPED(status):
        time.sleep(1)
        os.tcsetpgrp(0, pid)
        os.kill(pid, signal.SIGCONT)
        status = wait_stopped(pid)
    code = 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    os.write(says, b"status %d\n" % code)
    time.sleep(0.5)
    os._exit(0)


def wait_stopped(pid):
    return os.waitpid(pid, os.WUNTRACED)[1]


class Terminal:
    def __init__(self, command):
        self.says, says = os.pipe()
        self.pid, self.fd = pty.fork()
        if not self.pid:
            shell(command, says)
        os.close(says)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.seen = b""

    def until(self, what, holds):
        end = time.time() + 15
        while time.time() < end:
            ready = select.select([self.fd], [], [], 0.05)[0]
            if ready:
                try:
                    self.seen += os.read(self.fd, 65536)
                except OSError:
                    pass
            if holds():
                return
        os.kill(self.pid, signal.SIGKILL)
        sys.exit("%s: not so: %r" % (what, self.seen[-300:]))

    def is_raw(self):
        return not termios.tcgetattr(self.fd)[3] & RAW_FLAGS

    def heard(self):
        if not select.select([self.says], [], [], 0)[0]:
            return b""
        return os.read(self.says, 100)


t = Terminal(sys.argv[1:])
t.until("takes the terminal", lambda: TAKE in t.seen and t.is_raw())
t.until("shows a page", lambda: b"vCPU" in t.seen)
os.write(t.fd, b"\x1a")
t.until("stops", lambda: t.heard() == b"stopped\n")
t.until("gives it back", lambda: not t.is_raw() and t.seen.rstrip().endswith(GIVE_BACK))
t.seen = b""
t.until("takes it again", lambda: TAKE in t.seen and t.is_raw() and b"vCPU" in t.seen)
os.write(t.fd, b"\x1c")
t.until("ends", lambda: t.heard() == b"status 131\n")
t.until("gives it back at the end", lambda: not t.is_raw() and GIVE_BACK in t.seen)
