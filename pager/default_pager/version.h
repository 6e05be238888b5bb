/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often the pager locks while it reads a page (GD91 §7.2, GD91-C2).  As shipped, four pairs:
 *
 *   1. the table of objects       while the message's port is looked up           (object.c, object_lookup)
 *   2. the object                 while it is its turn: order, readers            (object.c, object_begin_read)
 *   3. the object's page map      while the page's place is looked up             (page_map.c, page_map_lookup)
 *   4. the object                 readers again                                   (object.c, object_end_read)
 *
 * The first version had five more.  It counted who uses an object, under a lock of its own, and asked each structure on
 * the way to the disk under that structure's lock, though none of them changes while it can be reached:
 *
 *   5. the object's references    so that it stays when the table is unlocked     (object.c, object_lookup)
 *   6. the table of partitions    to get from a number to a partition             (partition.c, partition_place)
 *   7. the partition              to get at its file
 *   8. the file's block list      a lock of the file system, made for readers and a writer (GD91 §5.3)
 *   9. the object's references    given back                                      (object.c, object_end_read)
 *
 * What made them needless: an object goes away only by a message to its port, which waits for its readers and writers
 * (2, 4); partitions and block lists are there for good once they are in the table.
 */
#pragma once

#ifndef DEFAULT_PAGER_LOCK_PAIRS
#define DEFAULT_PAGER_LOCK_PAIRS 4
#endif
_Static_assert(DEFAULT_PAGER_LOCK_PAIRS == 4 || DEFAULT_PAGER_LOCK_PAIRS == 9, "as shipped, or the first version");

enum { FIRST_VERSION = DEFAULT_PAGER_LOCK_PAIRS == 9 };
