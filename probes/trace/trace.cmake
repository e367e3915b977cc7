# SPDX-License-Identifier: GPL-2.0-or-later
# Traces: readers, sums, attribution. Pure code over events; no library of tracing is needed here.
include_guard(GLOBAL)

set(TRACE_FOLDER probes/trace)
add_library(trace STATIC
	${TRACE_FOLDER}/durations.c
	${TRACE_FOLDER}/exit_kind.c
	${TRACE_FOLDER}/frames.c
	${TRACE_FOLDER}/index.c
	${TRACE_FOLDER}/machine.c
	${TRACE_FOLDER}/machine_cpu.c
	${TRACE_FOLDER}/machine_facts.c
	${TRACE_FOLDER}/machine_frames.c
	${TRACE_FOLDER}/machine_hidden.c
	${TRACE_FOLDER}/machine_kvm.c
	${TRACE_FOLDER}/machine_members.c
	${TRACE_FOLDER}/machine_sched.c
	${TRACE_FOLDER}/machine_units.c
	${TRACE_FOLDER}/machine_wait.c
	${TRACE_FOLDER}/machine_window.c
	${TRACE_FOLDER}/names.c
	${TRACE_FOLDER}/pairs.c
	${TRACE_FOLDER}/pairs_irq.c
	${TRACE_FOLDER}/pairs_kvm.c
	${TRACE_FOLDER}/pairs_sched.c
	${TRACE_FOLDER}/pairs_top.c
	${TRACE_FOLDER}/places.c
	${TRACE_FOLDER}/ran.c
	${TRACE_FOLDER}/reason.c
	${TRACE_FOLDER}/rows.c
	${TRACE_FOLDER}/series.c
	${TRACE_FOLDER}/tallies.c
	${TRACE_FOLDER}/text.c
	${TRACE_FOLDER}/text_columns.c
	${TRACE_FOLDER}/text_event.c
	${TRACE_FOLDER}/text_irq.c
	${TRACE_FOLDER}/text_kvm.c
	${TRACE_FOLDER}/text_line.c
	${TRACE_FOLDER}/text_scan.c
	${TRACE_FOLDER}/text_sched.c
	${TRACE_FOLDER}/threads.c
	${TRACE_FOLDER}/units.c
	${TRACE_FOLDER}/vcpu_time.c)
target_link_libraries(trace PUBLIC parse facts core)

# Events of this machine and records of the ring buffer: what needs libtracefs and libtraceevent.
add_library(tracelive STATIC
	${TRACE_FOLDER}/decode.c
	${TRACE_FOLDER}/decode_events.c
	${TRACE_FOLDER}/decode_state.c
	${TRACE_FOLDER}/decode_table.c
	${TRACE_FOLDER}/kallsyms.c
	${TRACE_FOLDER}/live.c
	${TRACE_FOLDER}/live_clock.c
	${TRACE_FOLDER}/live_events.c
	${TRACE_FOLDER}/live_instance.c
	${TRACE_FOLDER}/live_merge.c
	${TRACE_FOLDER}/live_owner.c
	${TRACE_FOLDER}/live_pages.c
	${TRACE_FOLDER}/live_setup.c)
target_link_libraries(tracelive PUBLIC trace Threads::Threads PkgConfig::TRACEFS)

# Recordings that people have: read, and our own written. Only these know libtracecmd.
add_library(recording STATIC
	${TRACE_FOLDER}/dat_layout.c
	${TRACE_FOLDER}/dat_layout_v6.c
	${TRACE_FOLDER}/dat_layout_v7.c
	${TRACE_FOLDER}/dat_walk.c
	${TRACE_FOLDER}/keep.c
	${TRACE_FOLDER}/keep_content.c
	${TRACE_FOLDER}/keep_formats.c
	${TRACE_FOLDER}/recording.c
	${TRACE_FOLDER}/recording_dat.c
	${TRACE_FOLDER}/recording_members.c
	${TRACE_FOLDER}/recording_merge.c
	${TRACE_FOLDER}/recording_text.c)
target_link_libraries(recording PUBLIC tracelive PkgConfig::TRACECMD)

# Both over the threads of a running guest.
add_library(tracer STATIC
	probes/guest_vcpus.c
	probes/processes.c
	${TRACE_FOLDER}/schedstat.c
	${TRACE_FOLDER}/tracer.c
	${TRACE_FOLDER}/tracer_members.c
	${TRACE_FOLDER}/tracer_notes.c
	${TRACE_FOLDER}/tracer_steal.c
	${TRACE_FOLDER}/tracer_tasks.c)
target_link_libraries(tracer PUBLIC tracelive trace parse facts core)
