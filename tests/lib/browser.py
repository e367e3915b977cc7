# SPDX-License-Identifier: GPL-2.0-or-later
"""browser.py [--axe FILE] [--shots DIR] BROWSER PAGE...: shows pages in a headless browser, through its
DevTools protocol, and prints what is wrong with each of them; exit status 1 then.

PAGE:WORDS is a page with a fault, which must be found: some line about it has these words.
"""

import argparse
import base64
import fcntl
import json
import os
import pathlib
import select
import signal
import sys
import tempfile
import time

LIMIT_S = 60
WIDTHS = {"wide": 1100, "narrow": 400}

# What a page must be wherever it is shown. Returns lines.
STRUCTURE = r"""(() => {
const wrong = [], all = s => [...document.querySelectorAll(s)];
const none = (s, what) => all(s).length && wrong.push(`${all(s).length} ${what}`);
none('script', 'script elements');
none('iframe,frame,object,embed,form,input,button,link,base,audio,video', 'elements that load or send');
none('[src],[srcset],[background],[poster]', 'elements with a source');
for (const e of all('*'))
  for (const a of e.attributes)
    if (/^on/i.test(a.name) || /^\s*(javascript|data|vbscript):/i.test(a.value) && /href$/i.test(a.name))
      wrong.push(`${e.nodeName} has script in its ${a.name}`);
for (const e of all('[href]')) {
  const to = e.getAttribute('href');
  if (to[0] === '#' ? !document.getElementById(to.slice(1)) : !to.startsWith('https://'))
    wrong.push(`the link ${to.slice(0, 60)} leads nowhere`);
}
const ids = all('[id]').map(e => e.id);
if (new Set(ids).size !== ids.length) wrong.push('two elements have the same id');
if (document.documentElement.lang !== 'en') wrong.push('no language');
if (!document.title) wrong.push('no title');
for (const s of ['header', 'main', 'footer', 'nav', 'h1'])
  if (all(`body > ${s}, main > ${s}, main h1`).filter(e => e.matches(s)).length !== 1)
    wrong.push(`not one ${s}`);
let level = 0;
for (const h of all('h1,h2,h3,h4,h5,h6')) {
  const next = +h.nodeName[1];
  if (next > level + 1) wrong.push(`a heading of level ${next} follows one of level ${level}`);
  if (!h.textContent.trim()) wrong.push('an empty heading');
  level = next;
}
if (!all('h2').length) wrong.push('no sections');
all('th').forEach(e => e.scope || wrong.push(`a heading of a table without scope: ${e.textContent}`));
all('table').forEach(e => e.querySelector('th') || wrong.push('a table without headings'));
for (const f of all('figure')) {
  const name = f.querySelector('figcaption')?.firstChild?.textContent?.trim();
  if (!name) wrong.push('a figure without a caption');
  if (!f.querySelector('table tbody tr')) wrong.push(`the figure “${name}” has no table`);
  if (!f.querySelector('svg') && !f.querySelector('.missing')) wrong.push(`the figure “${name}” has no drawing`);
}
for (const s of all('svg:not([aria-hidden=true])')) {
  const words = (s.getAttribute('aria-labelledby') || '').split(' ').map(i => document.getElementById(i));
  if (s.getAttribute('role') !== 'img') wrong.push('a drawing without a role');
  if (!s.getAttribute('aria-label') && (!words[0] || !words.every(w => w && w.textContent.trim())))
    wrong.push('a drawing without a name');
}
return wrong;
})()"""

# Colours as they are shown: background and text of the page, text and lines of drawings.
COLOURS = r"""(() => {
const part = c => (c /= 255) <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
const lum = c => { const v = c.match(/[\d.]+/g).map(Number); return .2126 * part(v[0]) + .7152 * part(v[1]) + .0722 * part(v[2]); };
const contrast = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
const body = getComputedStyle(document.body), bg = lum(body.backgroundColor);
const texts = [...document.querySelectorAll('figure svg text')].map(t => contrast(lum(getComputedStyle(t).fill), bg));
return { bg, fg: lum(body.color), texts: Math.min(21, ...texts) };
})()"""

# What sticks out to the right, and its width.
OVERFLOW = """(() => { const w = document.documentElement; return [w.scrollWidth, innerWidth]; })()"""

# Numbers behind figures that paper would not have.
HIDDEN = """[...document.querySelectorAll('figure table')].filter(t => !t.closest('details.more')
	&& !t.checkVisibility({contentVisibilityAuto: true})).length"""

# All that is folded, but of what there is much only the beginning: axe takes its time.
AXE_SETUP = """document.querySelectorAll('details').forEach(d => d.open = true);
document.querySelectorAll('tbody tr:nth-child(n+6), svg path, svg use').forEach(e => e.remove());"""

AXE = """axe.run(document, {resultTypes: ['violations'], preload: false, %s}).then(r => r.violations
	.filter(v => v.impact === 'serious' || v.impact === 'critical')
	.map(v => `axe: ${v.impact}: ${v.id}: ${v.help}: ${v.nodes.length} times, as ${v.nodes[0].html.slice(0, 120)}`
		+ ` ${v.nodes[0].any.map(a => a.message).join('; ').slice(0, 160)}`))"""


def above_ten(ends):
    """The same two, out of the way of the numbers that the browser expects."""
    moved = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for fd in ends]
    for fd in ends:
        os.close(fd)
    return moved


class Browser:
    """A browser that is talked to through two pipes: no port, no library."""

    def __init__(self, program):
        self.home = tempfile.TemporaryDirectory(prefix="vfiobench-browser-")
        their_in, self.out = above_ten(os.pipe())
        self.inp, their_out = above_ten(os.pipe())
        self.text, self.n, self.events = b"", 0, []
        self.error = self.home.name + "/stderr"
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                 "--hide-scrollbars", "--disable-component-update", "--disable-background-networking",
                 "--remote-debugging-pipe", "--user-data-dir=" + self.home.name, "about:blank"]
        self.pid = os.posix_spawnp(
            program, [program] + flags, dict(os.environ, HOME=self.home.name),
            file_actions=[(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
                          (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
                          (os.POSIX_SPAWN_OPEN, 2, self.error, os.O_WRONLY | os.O_CREAT, 0o600),
                          (os.POSIX_SPAWN_DUP2, their_in, 3), (os.POSIX_SPAWN_DUP2, their_out, 4)])
        os.close(their_in)
        os.close(their_out)

    def stop(self):
        try:
            self.call("Browser.close")
        except (OSError, RuntimeError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        for _ in range(20):  # its helpers end a moment after it, and write until then
            try:
                self.home.cleanup()
                return
            except OSError:
                time.sleep(0.1)

    def message(self, until):
        while b"\0" not in self.text:
            if not select.select([self.inp], [], [], max(0, until - time.monotonic()))[0]:
                raise RuntimeError("the browser does not answer")
            piece = os.read(self.inp, 1 << 20)
            if not piece:
                said = pathlib.Path(self.error).read_text(encoding="utf-8", errors="replace")
                raise RuntimeError("the browser ended: " + said[-500:])
            self.text += piece
        line, self.text = self.text.split(b"\0", 1)
        return json.loads(line)

    def call(self, method, session=None, **params):
        self.n += 1
        call = {"id": self.n, "method": method, "params": params}
        if session:
            call["sessionId"] = session
        os.write(self.out, json.dumps(call).encode() + b"\0")
        until = time.monotonic() + LIMIT_S
        while True:
            answer = self.message(until)
            if answer.get("id") == self.n:
                if "error" in answer:
                    raise RuntimeError("%s: %s" % (method, answer["error"]["message"]))
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        until = time.monotonic() + LIMIT_S
        while not any(e["method"] == method for e in self.events):
            self.events.append(self.message(until))


class Page:
    """One tab with one page."""

    def __init__(self, browser, path):
        self.browser = browser
        self.url = pathlib.Path(path).resolve().as_uri()
        self.target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log", "Audits"):
            self.call(domain + ".enable")

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def evaluate(self, text):
        answer = self.call("Runtime.evaluate", expression=text, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:500])
        return answer["result"].get("value")

    def load(self):
        """What the browser complained about meanwhile."""
        self.browser.events.clear()
        self.call("Page.navigate", url=self.url)
        self.browser.wait("Page.loadEventFired")
        self.evaluate("new Promise(r => requestAnimationFrame(() => setTimeout(r, 20)))")
        wrong = []
        for e in self.browser.events:
            what = e["params"]
            if e["method"] == "Network.requestWillBeSent" and what["request"]["url"].split("#")[0] != self.url:
                wrong.append("a request: " + what["request"]["url"][:80])
            elif e["method"] == "Log.entryAdded":
                wrong.append("a message: " + what["entry"]["text"][:160])
            elif e["method"] == "Runtime.consoleAPICalled":
                wrong.append("a message of a script")
            elif e["method"] == "Runtime.exceptionThrown":
                wrong.append("a script failed")
            elif e["method"] == "Audits.issueAdded":
                wrong.append("an issue: " + json.dumps(what["issue"])[:200])
        return wrong

    def show(self, scheme, width, media=""):
        self.call("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Emulation.setDeviceMetricsOverride", width=WIDTHS[width], height=900, deviceScaleFactor=1,
                  mobile=False)

    def shot(self, path, whole):
        picture = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        pathlib.Path(path).write_bytes(base64.b64decode(picture["data"]))

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)


def colours(page, is_dark):
    c = page.evaluate(COLOURS)
    wrong = []
    if is_dark and not (c["bg"] < 0.05 and c["fg"] > 0.5):
        wrong.append("not dark: luminance %.2f behind %.2f" % (c["bg"], c["fg"]))
    if not is_dark and not (c["bg"] > 0.9 and c["fg"] < 0.1):
        wrong.append("not light: luminance %.2f behind %.2f" % (c["bg"], c["fg"]))
    if c["texts"] < 4.5:
        wrong.append("text of a drawing has a contrast of %.1f" % c["texts"])
    return wrong


def on_screen(page, axe, shots):
    wrong = []
    for scheme in "light", "dark":
        page.show(scheme, "wide")
        wrong += ["%s: %s" % (scheme, w) for w in colours(page, scheme == "dark")]
        if shots:
            page.shot("%s-%s.png" % (shots, scheme), True)
    page.show("light", "narrow")
    scroll, width = page.evaluate(OVERFLOW)
    if scroll > width:
        wrong.append("%d pixels wide on a screen of %d" % (scroll, width))
    if shots:
        page.shot(shots + "-narrow.png", True)
    if axe:
        page.evaluate(axe + ";" + AXE_SETUP)
        for scheme, rules in ("light", ""), ("dark", "runOnly: ['color-contrast']"):
            page.show(scheme, "wide")
            wrong += ["%s: %s" % (scheme, w) for w in page.evaluate(AXE % rules)]
        page.load()
    return wrong


def on_paper(page, shots):
    page.show("dark", "wide", "print")
    wrong = ["paper: " + w for w in colours(page, False)]
    n = page.evaluate(HIDDEN)
    if n:
        wrong.append("paper: %d tables behind figures are not there" % n)
    pdf = base64.b64decode(page.call("Page.printToPDF", printBackground=True)["data"])
    if not pdf.startswith(b"%PDF"):
        wrong.append("paper: no PDF")
    if shots:
        pathlib.Path(shots + ".pdf").write_bytes(pdf)
    return wrong


def look(browser, path, axe, shots):
    page = Page(browser, path)
    try:
        page.show("light", "wide")
        wrong = page.load() + page.evaluate(STRUCTURE)
        wrong += on_screen(page, axe, shots) + on_paper(page, shots)
    finally:
        page.close()
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--axe")
    parser.add_argument("--shots")
    parser.add_argument("browser")
    parser.add_argument("pages", nargs="+")
    args = parser.parse_args()
    axe = pathlib.Path(args.axe).read_text(encoding="utf-8") if args.axe else None
    status = 0
    browser = Browser(args.browser)
    try:
        for page in args.pages:
            path, _, fault = page.partition(":")
            name = pathlib.Path(path).stem
            shots = "%s/%s" % (args.shots, name) if args.shots else None
            wrong = look(browser, path, axe, shots)
            if fault and not any(fault in w for w in wrong):
                wrong = ["its fault is not found: " + fault] + wrong
            elif fault:
                wrong = []
            for w in wrong:
                print("%s: %s" % (name, w))
                status = 1
    finally:
        browser.stop()
    return status


sys.exit(main())
