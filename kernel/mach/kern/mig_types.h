/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's stubs (made by mig from include/mach/defs) see of the kernel: types behind ports, translations.
 */
#pragma once
#include "device/device.h"
#include "ipc/ipc_kmsg.h"
#include "ipc/ipc_space.h"
#include "kern/ipc_kobject.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "mach/mig.h"
#include "vm/vm_map.h"
#include "vm/vm_object.h"

typedef struct task *task_t;
typedef struct thread *thread_t;
