/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Port sets: see ipc_pset.h (Mach 3.0 ipc/ipc_pset).
 */
#include "ipc/ipc_pset.h"
#include "ipc/ipc_init.h"
#include "kern/zalloc.h"

enum { IPC_PSET_MAX = 1024 };

static zone_t pset_zone;

void ipc_pset_init(void)
{
	pset_zone = zinit(sizeof(struct ipc_pset), IPC_PSET_MAX * sizeof(struct ipc_pset), "ipc port sets");
}

struct ipc_pset *ipc_pset_alloc(mach_port_t name)
{
	struct ipc_pset *pset = zalloc(pset_zone);
	if (!pset)
		return NULL;
	*pset = (struct ipc_pset){ .object = { 1, IOT_PORT_SET, true }, .name = name };
	ipc_statistics.sets++;
	return pset;
}

void ipc_pset_release(struct ipc_pset *pset)
{
	if (--pset->object.references)
		return;
	ipc_statistics.sets--;
	zfree(pset_zone, pset);
}

void ipc_pset_destroy(struct ipc_pset *pset)
{
	pset->object.active = false;
	while (pset->members)
		ipc_pset_remove(pset->members);
	ipc_mqueue_changed(&pset->messages, MACH_RCV_PORT_DIED);
	ipc_pset_release(pset);
}

static void add(struct ipc_pset *pset, ipc_port_t port)
{
	port->pset = pset;
	port->pset_next = pset->members;
	pset->members = port;
	ipc_mqueue_changed(&port->messages, MACH_RCV_PORT_CHANGED);
	ipc_mqueue_move(&pset->messages, &port->messages, port);
}

void ipc_pset_remove(ipc_port_t port)
{
	struct ipc_pset *pset = port->pset;
	ipc_port_t *link = &pset->members;
	while (*link != port)
		link = &(*link)->pset_next;
	*link = port->pset_next;
	port->pset = NULL;
	port->pset_next = IP_NULL;
	ipc_mqueue_move(&port->messages, &pset->messages, port);
}

kern_return_t ipc_pset_move(ipc_port_t port, struct ipc_pset *pset)
{
	if (!port->pset && !pset)
		return KERN_NOT_IN_SET;
	if (port->pset == pset)
		return KERN_SUCCESS;
	if (port->pset)
		ipc_pset_remove(port);
	if (pset)
		add(pset, port);
	return KERN_SUCCESS;
}
