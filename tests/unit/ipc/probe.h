/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands in for kernel/include/probe.h: nobody watches. */
#pragma once
#define MUK_PROBE(...) ((void)0)
#define MUK_SPAN_BEGIN(name_) ((void)0)
#define MUK_SPAN_END(name_) ((void)0)
#define MUK_VALUE(name_, number_) ((void)0)
