/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GDT, IDT and TSS in the table page, and how a thread's address space becomes the processor's (L95 §4.1.2).
 *
 *   With page tables: user segments are flat, and every switch between spaces loads CR3.
 *   With segments:    user segments end where the user's part of the page directory does; those of a small space
 *                     begin at its slot and are as long as it.  A small space runs under whatever CR3 is loaded.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct space;
struct tcb;

/* Builds the tables and loads all of the processor's registers from them. */
void segments_init(bool small_spaces);
/* Sets the words of a thread control block that say how its space is reached. */
void segments_set_thread(struct tcb *thread);
/* A space became small or large: all its threads are told, and the processor if the current one is among them. */
void segments_space_changed(struct space *space);
/* Makes a thread's space the current one, and its kernel stack the one for entries. */
void segments_activate(struct tcb *thread);
/* CR3, and the note of it. */
void segments_load_directory(uint32_t directory);
