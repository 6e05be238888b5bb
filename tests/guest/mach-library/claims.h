/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once
#include "mach/types.h"

/* Waits, some seconds at most, for the port to die; releases the right. */
void claim_death(mach_port_t port, const char *text);
