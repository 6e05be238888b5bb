/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bare_main sets up, in this order: one function a file. */
#pragma once

struct multiboot_info; /* as the loader left it */

void console_init(void);
void arguments_init(const struct multiboot_info *info);
void descriptors_init(void);
