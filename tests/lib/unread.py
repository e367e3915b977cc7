# SPDX-License-Identifier: GPL-2.0-or-later
# unread.py HOW STATUS COMMAND...: runs it on a terminal that takes nothing, as nobody reads it;
# 0: it ended with that status all the same. HOW is the signal that is to end it, or "itself"; or
# "ctrl-s": it ends by itself while the user has the output stopped, and gives the terminal back.
import errno, fcntl, os, pty, select, signal, struct, sys, termios, time

LIMIT_S = 30
how, expected, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]


def fill(fd):
    """Until a terminal that nobody reads takes nothing more."""
    own = os.open(os.ttyname(fd), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        while True:
            os.write(own, b"." * 64)
    except BlockingIOError:
        pass
    os.close(own)


pid, fd = pty.fork()
if not pid:
    if how != "ctrl-s":
        fill(1)
    os.execvp(command[0], command)
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))


def give_up(why):
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    sys.exit(why)


def read_on(seen):
    if select.select([fd], [], [], 0.05)[0]:
        try:
            seen += os.read(fd, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            time.sleep(0.05)
    return seen


def wait(seen):
    """Its status."""
    end = time.time() + LIMIT_S
    while time.time() < end:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status), seen
        if how == "ctrl-s":
            seen = read_on(seen)
        else:
            time.sleep(0.05)
    give_up("does not end")


seen = b""
if how == "ctrl-s":
    end = time.time() + LIMIT_S
    while b"vCPU" not in seen and time.time() < end:
        seen = read_on(seen)
    os.write(fd, b"\x13")
elif how != "itself":
    time.sleep(3)
    os.kill(pid, getattr(signal, how))
status, seen = wait(seen)
if status != expected:
    sys.exit("%s: status %d" % (how, status))
while how == "ctrl-s" and select.select([fd], [], [], 0)[0]:
    before, seen = seen, read_on(seen)
    if before == seen:
        break
if how == "ctrl-s" and not seen.rstrip().endswith(b"\033[?1049l"):
    sys.exit("the terminal is not given back: %r" % seen[-300:])
