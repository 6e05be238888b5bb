/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program's arguments of the form key=value.
 */
#pragma once
#include <stdint.h>

/* The value of the first argument that begins with key=, or `otherwise`. */
const char *argument(int argc, char **argv, const char *key, const char *otherwise);
/* The same as a decimal number; what follows its digits is ignored. */
uint32_t argument_number(int argc, char **argv, const char *key, uint32_t otherwise);
