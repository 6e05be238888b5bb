/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A driver's way of giving orders (orders.c), for those who think them out (driver.c).
 */
#pragma once
#include "scenarios/programs/mach/soak/model.h"

/* Gets objects and rights of main; the world is set up. */
void orders_start(natural_t number);
extern mach_port_t soak_host_priv;

/* The command is on its way to the space's puppet; what it must come to is that it succeeds. */
void order(struct space *space, const struct command *command, mach_port_t port);
/* The command is done, by the puppet or by the driver on its task, whoever it may be. For memory alone (soak_obey). */
void order_either(struct space *space, const struct command *command, mach_port_t port);
/* Waits for the answer of one space, of all; then a new turn begins. */
void order_await(struct space *space);
void order_drain(void);
mach_port_t order_object(natural_t object);

/* A puppet: forked from one of them that is idle, or (NULL) from the driver. Result: false if there was no memory. */
bool order_birth(struct space *parent, struct space *child);
void order_death(struct space *space);

/* A call of the driver's own, which must give this result. */
void expect(kern_return_t result, kern_return_t expected, const struct space *space, enum kind kind);
void expect_contents(const struct space *space, vm_address_t here, natural_t pages, const struct contents *contents);

/* What has been found, to main. */
void orders_end(void);
