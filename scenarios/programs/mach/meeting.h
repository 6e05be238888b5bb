/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A child task, and a port of its own that it serves: how parent and child come to know each other.
 *
 *   parent                                child
 *     meeting_fork:  registers a port  ---->  inherits it
 *     receives the right  <-----------------  meeting_offer: sends the right to its own port
 */
#pragma once
#include "mach/kern_return.h"

/* A child that runs serve(); *service: a send right to the port that it offers. */
kern_return_t meeting_fork(void (*serve)(void *unused), mach_port_t *service);
/* In the child: a new port whose receive right it keeps, and to which the parent is given a send right. */
kern_return_t meeting_offer(mach_port_t *port);
