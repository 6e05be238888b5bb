/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/default_pager/object.h"
#include "pager/default_pager/version.h"

enum { CHAINS = 64, CONTROL_REFERENCES_KEPT = 1 << 14 };

static struct {
	struct mutex lock;
	struct object *chain[CHAINS];
} table;

static struct object **chain_of(mach_port_t port) { return &table.chain[(port ^ port >> 8) % CHAINS]; }

void objects_init(void)
{
	mutex_init(&table.lock);
}

struct object *object_create(mach_port_t port, uint32_t pages, bool external)
{
	struct object *object = env_allocate(sizeof *object);
	if (object == NULL)
		return NULL;
	*object = (struct object){.port = port, .external = external};
	if (!page_map_init(&object->map, pages)) {
		env_free(object, sizeof *object);
		return NULL;
	}
	mutex_init(&object->lock);
	mutex_init(&object->reference_lock);
	condition_init(&object->changed);
	mutex_lock(&table.lock);
	struct object **chain = chain_of(port);
	object->next = *chain;
	*chain = object;
	mutex_unlock(&table.lock);
	return object;
}

void object_destroy(struct object *object)
{
	mutex_lock(&table.lock);
	struct object **link = chain_of(object->port);
	while (*link != object)
		link = &(*link)->next;
	*link = object->next;
	mutex_unlock(&table.lock);
	page_map_destroy(&object->map);
	env_free(object, sizeof *object);
}

static void reference(struct object *object, int change)
{
	mutex_lock(&object->reference_lock);
	object->references += (uint32_t)change;
	mutex_unlock(&object->reference_lock);
}

struct object *object_lookup(mach_port_t port)
{
	mutex_lock(&table.lock);
	struct object *object = *chain_of(port);
	while (object != NULL && object->port != port)
		object = object->next;
	mutex_unlock(&table.lock);
	if (FIRST_VERSION && object != NULL)
		reference(object, 1);
	return object;
}

/* Locks the object when the message with this number is next. */
static void lock_in_turn(struct object *object, mach_port_seqno_t seqno)
{
	mutex_lock(&object->lock);
	while (object->seqno != seqno)
		condition_wait(&object->changed, &object->lock);
}

/* The turn is the next message's. */
static void unlock_and_pass(struct object *object)
{
	object->seqno++;
	condition_broadcast(&object->changed);
	mutex_unlock(&object->lock);
}

/* A message has brought a right to the kernel's port. */
static void count_control(struct object *object, mach_port_t control)
{
	if (control == object->control && control != MACH_PORT_NULL)
		object->control_references++;
}

void object_begin_read(struct object *object, mach_port_seqno_t seqno, mach_port_t control)
{
	lock_in_turn(object, seqno);
	count_control(object, control);
	while (object->writers > 0)
		condition_wait(&object->changed, &object->lock);
	object->readers++;
	unlock_and_pass(object);
}

void object_begin_write(struct object *object, mach_port_seqno_t seqno, mach_port_t control)
{
	lock_in_turn(object, seqno);
	count_control(object, control);
	object->writers++;
	unlock_and_pass(object);
}

/* Names have room for MACH_PORT_UREFS_MAX references: many at a time are given back. The object is locked. */
static uint32_t surplus_references(struct object *object)
{
	if (object->control_references < CONTROL_REFERENCES_KEPT)
		return 0;
	const uint32_t surplus = object->control_references - 1;
	object->control_references = 1;
	return surplus;
}

static void end(struct object *object, uint32_t *count)
{
	if (FIRST_VERSION)
		reference(object, -1);
	mutex_lock(&object->lock);
	const uint32_t surplus = surplus_references(object);
	const mach_port_t control = object->control;
	/* The object may be gone as soon as it is unlocked. */
	if (--*count == 0)
		condition_broadcast(&object->changed);
	mutex_unlock(&object->lock);
	if (surplus > 0)
		mach_port_mod_refs(mach_task_self(), control, MACH_PORT_RIGHT_SEND, -(mach_port_delta_t)surplus);
}

void object_end_read(struct object *object) { end(object, &object->readers); }
void object_end_write(struct object *object) { end(object, &object->writers); }

void object_begin_alone(struct object *object, mach_port_seqno_t seqno)
{
	lock_in_turn(object, seqno);
	while (object->readers > 0 || object->writers > 0)
		condition_wait(&object->changed, &object->lock);
	mutex_unlock(&object->lock);
}

void object_end_alone(struct object *object)
{
	if (FIRST_VERSION)
		reference(object, -1);
	mutex_lock(&object->lock);
	unlock_and_pass(object);
}
