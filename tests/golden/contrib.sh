#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The examples around the gate: they parse, by the tools they are made for where those are
# installed, and speak of nothing that is not there: metrics, inputs, options, rows, folders.
set -u

source=${VFIOBENCH_SOURCE:?}
program=${VFIOBENCH_BUILD:?}/vfiobench
contrib=$source/contrib
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
bad=0
missing=''
wrong()
{
	echo "$*"
	bad=1
}
have() # TOOL: is it installed? Noted if not.
{
	command -v "$1" >/dev/null 2>&1 || { missing="$missing $1"; return 1; }
}

# --- Alerts.
if have promtool; then
	for command in 'check rules' 'test rules'; do
		file=vfiobench.rules.yml
		[ "$command" = 'check rules' ] || file=vfiobench.rules.test.yml
		(cd "$contrib/prometheus" && promtool $command $file) >"$scratch/out" 2>&1 ||
			wrong "promtool $command: $(cat "$scratch/out")"
	done
	# Each alert has a test in which it fires.
	sed -n 's/.*- alert: //p' "$contrib/prometheus/vfiobench.rules.yml" >"$scratch/alerts"
	while read -r alert; do
		grep -A1 "alertname: $alert\$" "$contrib/prometheus/vfiobench.rules.test.yml" | grep -q exp_alerts ||
			wrong "no test in which $alert fires"
	done <"$scratch/alerts"
	[ -s "$scratch/alerts" ] || wrong "no alerts"
fi

# --- The dashboard, and that each expression in it is one.
if have jq; then
	jq -e '.title and .uid and (.panels | length > 5) and ([.panels[].id] | unique | length) == (.panels | length)' \
		"$contrib/grafana/vfiobench.json" >/dev/null || wrong "vfiobench.json: not a dashboard"
	jq -r '.panels[].targets[].expr' "$contrib/grafana/vfiobench.json" >"$scratch/exprs" || wrong "vfiobench.json: no expressions"
	if have promtool; then
		{
			echo 'groups: [{name: dashboard, rules: ['
			sed -e 's/\$instance/.*/g' -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/.*/  {record: "a:b", expr: "&"},/' "$scratch/exprs"
			echo ']}]'
		} >"$scratch/exprs.yml"
		promtool check rules "$scratch/exprs.yml" >"$scratch/out" 2>&1 || grep -q duplicate "$scratch/out" ||
			wrong "vfiobench.json: $(cat "$scratch/out")"
	fi
fi

# --- Metrics: what alerts, dashboard and pages name is what the program writes, by its sources.
names() { grep -ohE 'vfiobench_[a-z0-9_]+' "$@" | sort -u; }
grep -ohE '"[a-z][a-z0-9_]*",?$|"[a-z][a-z0-9_]*", "' "$source"/report/openmetrics*.c 2>/dev/null |
	tr -dc 'a-z0-9_\n' | sed 's/^/vfiobench_/' | sort -u >"$scratch/written"
names "$contrib/prometheus" "$contrib/grafana" -r | grep -vE '^vfiobench_(at_once|folder)' |
	sed -E 's/_(bucket|sum|count)$//' | sort -u >"$scratch/named"
comm -23 "$scratch/named" "$scratch/written" | sed 's/$/: named in contrib, written by nothing/' | grep . && bad=1
[ "$(wc -l <"$scratch/named")" -gt 10 ] || wrong "hardly a metric is named"

# --- YAML, and what the action promises.
if have python3 && python3 -c 'import yaml' 2>/dev/null; then
	python3 - "$contrib" <<'END' || bad=1
import re, sys, glob, yaml
contrib, bad = sys.argv[1], []
docs = {}
for path in sorted(glob.glob(contrib + '/*/*.yml')):
    with open(path) as f:
        docs[path[len(contrib) + 1:]] = list(yaml.safe_load_all(f))
action = docs['github/action.yml'][0]
script = open(contrib + '/github/check.sh').read()
steps = action['runs']['steps']
for step in steps:
    # Inputs are never text of a script.
    if '${{' in step.get('run', ''):
        bad.append('action.yml: an expression inside of run')
    if 'run' in step and 'shell' not in step:
        bad.append('action.yml: run without a shell')
    if 'uses' in step and not re.search(r'@[0-9a-f]{40}$', step['uses']):
        bad.append('action.yml: not pinned: ' + step['uses'])
env = next(s['env'] for s in steps if 'run' in s)
text = str(steps)
for name in action['inputs']:
    if 'inputs.%s ' % name not in text:
        bad.append('action.yml: input %s is not used' % name)
for name in env:
    if name not in script:
        bad.append('check.sh does not know ' + name)
for name in set(re.findall(r'VFIOBENCH_[A-Z]+', script)) - set(env):
    bad.append('action.yml does not set ' + name)
for name in action['outputs']:
    if not re.search(r'output %s ' % name, script):
        bad.append('check.sh gives no output ' + name)
workflow = docs['github/vfiobench.yml'][0]
triggers = workflow[True] # YAML 1.1 reads "on" so
if any(t.startswith('pull_request') or t in ('issue_comment', 'workflow_run') for t in triggers):
    bad.append('vfiobench.yml: strangers can trigger it')
if workflow['permissions'] != {'contents': 'read'}:
    bad.append('vfiobench.yml: more permissions than reading')
for step in workflow['jobs']['check']['steps']:
    if step['uses'].startswith('OWNER/'):
        for name in set(step['with']) - set(action['inputs']):
            bad.append('vfiobench.yml: no input ' + name)
job = docs['gitlab/vfiobench.gitlab-ci.yml'][0]['vfiobench']
for name in set(job['variables']) - set(env):
    bad.append('gitlab: check.sh does not know ' + name)
if not job['artifacts']['reports']['junit'].startswith(job['variables']['VFIOBENCH_FOLDER'] + '/'):
    bad.append('gitlab: junit elsewhere')
for line in bad:
    print(line)
sys.exit(bool(bad))
END
else
	missing="$missing python3-yaml"
fi
if have ansible-playbook; then
	HOME=$scratch ansible-playbook --syntax-check -i 'a.example,' "$contrib/ansible/vfiobench.yml" >"$scratch/out" 2>&1 ||
		wrong "ansible: $(cat "$scratch/out")"
fi

# --- Units, for the program where it was built.
mkdir "$scratch/units"
for unit in "$contrib"/systemd/*.service "$contrib"/systemd/*.timer; do
	sed "s,/usr/bin/vfiobench,$program," "$unit" >"$scratch/units/${unit##*/}"
done
if have systemd-analyze; then
	(cd "$scratch/units" && SYSTEMD_UNIT_PATH="$scratch/units:" systemd-analyze verify --man=no ./*) >"$scratch/out" 2>&1 ||
		wrong "systemd-analyze verify failed"
	grep -F "$scratch" "$scratch/out" && bad=1
	for unit in vfiobench.service vfiobench-ci.service; do
		systemd-analyze security --offline=true --threshold=30 "$scratch/units/$unit" >"$scratch/out" 2>&1 ||
			wrong "$unit is less hardened than it was: $(tail -n 1 "$scratch/out")"
	done
fi
# Both units are hardened alike.
for unit in vfiobench vfiobench-ci; do
	sed -n '/^User=root/,$p' "$contrib/systemd/$unit.service" | grep -vE '^(#|$|ReadWritePaths=)' >"$scratch/$unit.rights"
done
diff "$scratch/vfiobench.rights" "$scratch/vfiobench-ci.rights" || wrong "the units differ in their rights"
if have visudo; then
	visudo -cf "$contrib/systemd/sudoers.d/vfiobench-ci" >"$scratch/out" 2>&1 || wrong "$(cat "$scratch/out")"
fi
grep -qF '/usr/bin/systemctl start vfiobench-ci.service' "$contrib/systemd/sudoers.d/vfiobench-ci" || wrong "sudoers: another unit"

# --- Options of the program that examples give are options of it.
grep -ohE 'vfiobench (run|report|check|compare|baseline|audit) [^`|]*' -r "$contrib" "$source/docs/ci.md" "$source/docs/ci-security.md" "$source/baselines/README.md" 2>/dev/null |
	sed 's/─►.*//' | while read -r _ verb rest; do
		for word in $rest; do
			case $word in
			--[a-z]*) echo "$verb $(echo "$word" | grep -oE '^--[a-z-]+')" ;;
			esac
		done
	done >"$scratch/options"
grep -oE '"--[a-z-]+=|"\$@" --[a-z-]+' "$contrib/github/check.sh" | grep -oE -- '--[a-z-]+' | sed 's/^/check /' >>"$scratch/options"
sort -u -o "$scratch/options" "$scratch/options"
while read -r verb option; do
	# Its options are those of its actions.
	[ "$verb" = baseline ] && verb='baseline save'
	"$program" $verb --help >"$scratch/out" 2>/dev/null </dev/null || { wrong "no verb $verb"; continue; }
	grep -qE -- "(^|[ ,])$option([= ,[]|\$)" "$scratch/out" || wrong "vfiobench $verb has no option $option"
done <"$scratch/options"
[ -s "$scratch/options" ] || wrong "no options in the examples"

# --- Budgets: each row they name is in the catalogue.
for budget in "$source"/baselines/*.budget; do
	sed -n 's/^finding:\([a-z0-9.-]\{1,\}\).*/\1/p' "$budget" | while read -r id; do
		"$program" tweaks "$id" >/dev/null 2>&1 || echo "${budget##*/}: $id is no row"
	done
done | grep . && bad=1

# Each limit is explained: a comment stands above it, or above a line that is next to it.
for budget in "$source"/baselines/*.budget; do
	awk -v name="${budget##*/}" '
		/^#/ { explained = 1; next }
		/^$/ { explained = 0; next }
		!explained { print name ": nothing explains: " $0 }' "$budget"
done | grep . && bad=1

# --- Baselines that ship are some, and can be compared.
for baseline in "$source"/baselines/*.json; do
	"$program" baseline show "$baseline" >"$scratch/out" 2>&1 && "$program" compare "$baseline" "$baseline" >>"$scratch/out" 2>&1 ||
		wrong "${baseline##*/}: $(cat "$scratch/out")"
done

# --- Files of examples name no host of anybody: names in them are of the reserved kind.
grep -rnE '([0-9]{1,3}\.){3}[0-9]{1,3}|[a-z0-9-]+\.(lan|local|internal)\b' "$contrib" "$source/baselines" && bad=1

[ -z "$missing" ] || echo "not installed, left out:$missing"
exit $bad
