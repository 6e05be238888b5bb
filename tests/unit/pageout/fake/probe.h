/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scheduler's events come to the test itself. */
#pragma once

void probe_fired(const char *name, unsigned first, unsigned second);

#define PROBE_1(name_, a_) probe_fired(name_, (unsigned)(a_), 0)
#define PROBE_2(name_, a_, b_) probe_fired(name_, (unsigned)(a_), (unsigned)(b_))
#define PROBE_3(name_, a_, b_, c_) (probe_fired(name_, (unsigned)(a_), (unsigned)(__UINTPTR_TYPE__)(b_)), (void)(c_))
#define PROBE_PICK(_1, _2, _3, name_, ...) name_
#define MUK_PROBE(name_, ...) PROBE_PICK(__VA_ARGS__, PROBE_3, PROBE_2, PROBE_1)(name_, __VA_ARGS__)
