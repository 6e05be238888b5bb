/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads of this program's address space. */
#pragma once
#include "pager/lib/l4/program.h"

/* A stack for thread_start: room, aligned. */
#define THREAD_STACK(name_) static uint8_t name_[2048] __attribute__((aligned(16)))

/* Puts function(argument) on a stack for thread_begin to take off. Returns the stack pointer. */
uint32_t thread_prepare_stack(void *stack, size_t size, void (*function)(void *), void *argument);
/* Starts (or restarts) thread `lthread` of this task in function(argument), with this program's pager. */
l4_threadid_t thread_start(unsigned lthread, void *stack, size_t size, void (*function)(void *), void *argument);
/* Waits for a message that never comes. */
void thread_end(void) __attribute__((noreturn));
