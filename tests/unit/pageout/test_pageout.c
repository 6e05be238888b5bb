/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pageout daemon against a model that knows pages by number and queues as strings of numbers.
 *
 * What must agree: which pages go, in which order, by which way (freed, sent); when the daemon pauses, and with how
 * much laundry; and what is on the queues in the end.  During a pause laundry comes back and pages are referenced, the same
 * for both.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/random.h"

/* The daemon's inside: one scan at a time. */
#define pause daemon_pause
#include "../../../kernel/mach/vm/vm_pageout.c"
#undef pause

enum { PAGES = 120, FREED = 1000, SENT = 2000, PAUSE = 3000, LOG = 4096, ROUNDS = 1000 };

static int log_of[2][LOG], logged[2];
static void note(int side, int what)
{
	cr_assert_lt(logged[side], LOG);
	log_of[side][logged[side]++] = what;
}

/* --- The kernel's side --- */

struct thread *current_thread_;
struct task *kernel_task;
natural_t vm_page_free_count, vm_page_free_target, vm_page_free_min, vm_page_free_reserved, vm_page_free_wanted;
struct vm_statistics vm_stat;

static struct thread self;
static struct task task;
static struct vm_page page[PAGES];
static struct vm_object internal, external;
static bool hardware_referenced[PAGES], hardware_modified[PAGES];
static int washed[PAGES], washing;       /* pages in the laundry, the first to come back first */

static int number(vm_page_t p) { return (int)(p - page); }
static int of_frame(paddr_t address) { return (int)(address >> 12); }
bool pmap_is_referenced(paddr_t address) { return hardware_referenced[of_frame(address)]; }
void pmap_clear_reference(paddr_t address) { hardware_referenced[of_frame(address)] = false; }
bool pmap_is_modified(paddr_t address) { return hardware_modified[of_frame(address)]; }
void pmap_page_protect(paddr_t address, vm_prot_t prot) { (void)address, (void)prot; }
void pmap_collect(pmap_t pmap) { (void)pmap; }
void consider_zone_gc(void) {}
void vm_object_collapse(vm_object_t object) { (void)object; }
bool vm_object_pager_create(vm_object_t object) { (void)object; return false; }
void assert_wait(event_t event, bool interruptible) { (void)event, (void)interruptible; }
void thread_set_timeout(natural_t milliseconds) { cr_assert_gt(milliseconds, 0); }
void thread_wakeup(event_t event) { (void)event; }
void interrupt_window(void) {}
void probe_fired(const char *name, unsigned first, unsigned second) { (void)name, (void)first, (void)second; }

void panic(const char *text)
{
	cr_assert(false, "%s", text);
	abort();
}

void vm_page_free(vm_page_t p)
{
	note(0, FREED + number(p));
	vm_page_queues_remove(p);
	p->busy = 0;
	p->free = 1;
	vm_page_free_count++;
}

void vm_pageout_page(vm_page_t p, bool initial, bool flush)
{
	cr_assert(!initial && flush && p->busy && p->dirty);
	note(0, SENT + number(p));
	vm_page_queues_remove(p);
	hardware_modified[number(p)] = false;
	if (p->object->internal) {
		vm_page_wire(p);
		p->laundry = 1;
		vm_page_laundry_count++;
		washed[washing++] = number(p);
	} else {
		p->object = &internal;
		if (vm_pageout_is_tight())
			vm_page_deactivate_first(p);
		else
			vm_page_activate(p);
	}
	p->busy = 0;
}

/* --- The model --- */

static struct {
	int active[PAGES + 1], inactive[PAGES + 1], laundry[PAGES + 1]; /* ended by -1 */
	bool referenced[PAGES], dirty[PAGES], busy[PAGES], external[PAGES];
	unsigned free, burst;
} model;

static int length(const int *queue)
{
	int n = 0;
	while (queue[n] >= 0)
		n++;
	return n;
}

static void put_last(int *queue, int p)
{
	const int n = length(queue);
	queue[n] = p;
	queue[n + 1] = -1;
}

static int take_first(int *queue)
{
	const int p = queue[0];
	memmove(queue, queue + 1, (size_t)length(queue) * sizeof *queue);
	return p;
}

static void put_first(int *queue, int p)
{
	memmove(queue + 1, queue, ((size_t)length(queue) + 1) * sizeof *queue);
	queue[0] = p;
}

static void model_send(int p)
{
	note(1, SENT + p);
	model.dirty[p] = !!model.external[p];
	if (!model.external[p]) {
		put_last(model.laundry, p);
		return;
	}
	model.external[p] = false;
	model.burst++;
	if (model.free < 10) {
		model.referenced[p] = false;
		put_first(model.inactive, p);
	} else
		put_last(model.active, p);
}

static void model_evict(int p)
{
	if (model.busy[p])
		return;
	if (model.referenced[p]) {
		put_last(model.active, p);
		model.referenced[p] = false;
	} else if (model.dirty[p])
		model_send(p);
	else {
		note(1, FREED + p);
		model.free++;
	}
}

/* What happens in the n-th pause: so many come back from the laundry; these pages are referenced. */
struct happening {
	unsigned back;
	bool touched[PAGES];
};
static struct happening happening_of(unsigned round, unsigned n)
{
	struct random random = { round * 7919u + n };
	struct happening h = { .back = 1 + random_below(&random, 10) };
	for (int p = 0; p < PAGES; p++)
		h.touched[p] = random_below(&random, 8) == 0;
	return h;
}

static unsigned round_number, pauses[2];
enum { PAUSES_MAX = 40 };                /* then nobody waits any more, and the target is what there is */

static void model_pause(void)
{
	const struct happening h = happening_of(round_number, pauses[1]++);
	note(1, PAUSE + length(model.laundry));
	model.burst = 0;
	for (unsigned i = 0; i < h.back && model.laundry[0] >= 0; i++) {
		take_first(model.laundry);
		model.free++;
	}
	for (int i = 0; model.active[i] >= 0; i++)
		model.referenced[model.active[i]] |= h.touched[model.active[i]];
	for (int i = 0; model.inactive[i] >= 0; i++)
		model.referenced[model.inactive[i]] |= h.touched[model.inactive[i]];
}

static void model_scan(unsigned target)
{
	model.burst = 0;
	for (;;) {
		const int wanted = (length(model.active) + length(model.inactive)) * 2 / 3;
		while (length(model.inactive) < wanted && model.active[0] >= 0) {
			const int p = take_first(model.active);
			if (model.busy[p])
				continue;
			model.referenced[p] = false;
			put_last(model.inactive, p);
		}
		if (model.free >= (pauses[1] < PAUSES_MAX ? target : 0))
			return;
		const int laundry = length(model.laundry);
		if (model.inactive[0] < 0 || model.burst >= 10 || laundry >= 10 || (model.free < 5 && laundry > 0))
			model_pause();
		else
			model_evict(take_first(model.inactive));
	}
}

/* The daemon sleeps: the same happens to the kernel's pages. */
enum wait_result thread_block(continuation_t continuation)
{
	const struct happening h = happening_of(round_number, pauses[0]++);
	cr_assert_null(continuation);
	note(0, PAUSE + washing);
	int back = 0;
	for (; back < (int)h.back && back < washing; back++) {
		vm_page_t p = &page[washed[back]];
		p->laundry = 0;
		vm_page_laundry_count--;
		vm_page_unwire(p);
		vm_page_queues_remove(p);
		vm_page_free_count++;
	}
	washing -= back;
	memmove(washed, washed + back, (size_t)washing * sizeof *washed);
	for (int p = 0; p < PAGES; p++)
		if ((page[p].active || page[p].inactive) && h.touched[p])
			hardware_referenced[p] = true;
	if (pauses[0] == PAUSES_MAX)
		vm_page_free_target = 0;
	return THREAD_TIMED_OUT;
}

/* --- Both --- */

static void set_up(struct random *random)
{
	memset(page, 0, sizeof page);
	memset(hardware_referenced, 0, sizeof hardware_referenced);
	memset(hardware_modified, 0, sizeof hardware_modified);
	memset(&model, 0, sizeof model);
	model.active[0] = model.inactive[0] = model.laundry[0] = -1;
	list_init(&vm_page_queue_active);
	list_init(&vm_page_queue_inactive);
	vm_page_active_count = vm_page_inactive_count = vm_page_wire_count = vm_page_laundry_count = 0;
	washing = 0;
	logged[0] = logged[1] = 0;
	pauses[0] = pauses[1] = 0;
	list_init(&task.tasks);
	kernel_task = &task;
	current_thread_ = &self;
	internal = (struct vm_object){ .internal = 1, .pager_created = 1, .pager_initialized = 1,
		.pager = (struct ipc_port *)&internal };
	external = internal;
	external.internal = 0;
	model.free = vm_page_free_count = random_below(random, 12);
	for (int p = 0; p < PAGES; p++) {
		page[p].phys_addr = (paddr_t)p << 12;
		page[p].tabled = 1;
		model.external[p] = random_below(random, 4) == 0;
		page[p].object = model.external[p] ? &external : &internal;
		model.dirty[p] = random_below(random, 2);
		if (random_below(random, 2))
			page[p].dirty = model.dirty[p];
		else
			hardware_modified[p] = model.dirty[p];
		vm_page_activate(&page[p]);
		put_last(model.active, p);
		hardware_referenced[p] = model.referenced[p] = random_below(random, 2);
		page[p].busy = model.busy[p] = random_below(random, 16) == 0;
	}
}

static void must_agree(const struct list *queue, const int *expected, const char *name)
{
	int n = 0;
	for (const struct list *link = queue->next; link != queue; link = link->next, n++) {
		cr_assert_geq(expected[n], 0, "%s: longer than in the model", name);
		cr_assert_eq(number(LIST_OWNER(link, struct vm_page, pageq)), expected[n], "%s: place %d", name, n);
	}
	cr_assert_eq(expected[n], -1, "%s: shorter than in the model", name);
}

Test(pageout, sends_and_frees_the_pages_that_the_model_does_in_its_order)
{
	struct random random = { 1991 };
	for (round_number = 0; round_number < ROUNDS; round_number++) {
		set_up(&random);
		const unsigned target = 10 + random_below(&random, 60);
		vm_page_free_target = target;
		scan();
		model_scan(target);
		for (int i = 0; i < logged[0] && i < logged[1]; i++)
			cr_assert_eq(log_of[0][i], log_of[1][i], "round %u, step %d: %d, the model %d", round_number, i,
			             log_of[0][i], log_of[1][i]);
		cr_assert_eq(logged[0], logged[1]);
		cr_assert_eq(vm_page_free_count, model.free);
		must_agree(&vm_page_queue_active, model.active, "active");
		must_agree(&vm_page_queue_inactive, model.inactive, "inactive");
	}
}

Test(pageout, never_has_more_laundry_than_a_burst)
{
	struct random random = { 3 };
	for (round_number = 0; round_number < 200; round_number++) {
		set_up(&random);
		vm_page_free_target = 70;
		scan();
		for (int i = 0; i < logged[0]; i++)
			cr_assert(log_of[0][i] < PAUSE || log_of[0][i] <= PAUSE + 10);
	}
}

Test(pageout, sets_its_targets_by_the_pages_that_are_free)
{
	static const struct { natural_t free, min, target; } table[] = {
		{ 1664, 15 + 10 + 16, 15 + 15 + 20 },
		{ 640, 15 + 10 + 6, 15 + 15 + 7 },
		{ 384, 15 + 10 + 3, 15 + 15 + 4 },
		{ 10, 15 + 10, 15 + 15 },
	};
	for (unsigned i = 0; i < sizeof table / sizeof *table; i++) {
		vm_page_free_count = table[i].free;
		vm_pageout_set_targets();
		cr_assert_eq(vm_page_free_reserved, 15);
		cr_assert_eq(vm_page_free_min, table[i].min);
		cr_assert_eq(vm_page_free_target, table[i].target);
	}
}
