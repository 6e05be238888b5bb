/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes and strings for servers in the kernel: its own memcpy, memmove and memset, and the rest. */
#pragma once
#include "base/memory.h"

size_t strlen(const char *text);
int strcmp(const char *one, const char *other);
int strncmp(const char *one, const char *other, size_t size);
int memcmp(const void *one, const void *other, size_t size);
