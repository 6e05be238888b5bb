/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How an exception has changed Status: r3000/, r4000/. */
#pragma once

/* A claim: the outcome's Status says kernel mode without interrupts, and has kept that interrupts were on. */
void claim_pushed(const char *text);
