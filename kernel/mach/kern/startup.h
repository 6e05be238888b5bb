/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's beginning, and its command line.
 */
#pragma once
#include "mach/types.h"

/* A word of the command line that begins with `key` ("server="): what follows it there, up to a blank or the end; NULL
 * if there is none. */
const char *boot_option(const char *key);
/* The same as a decimal number; `otherwise` if the word is not there. */
natural_t boot_option_number(const char *key, natural_t otherwise);
/* Whether the word is there with this value: boot_option_is("device_write=", "pool"). */
bool boot_option_is(const char *key, const char *value);
/* Bytes of memory, from 0. */
extern vm_size_t memory_size;
