/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text on the serial line, polled: for programs that measure or test, without a driver between. */
#pragma once
#include <stdbool.h>
#include "pager/lib/print.h"

/* Gets the ports of COM1 from the pager into this address space. Once a space, before print (print.h). False: no. */
bool console_open(void);
