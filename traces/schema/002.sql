-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Schema 2 of mukroscope's trace: sweeps.  What schema 1 has stays as it is.
--
-- A file holds the runs of one command, or one sweep: then the tables of runs are empty, and these are filled.
--
-- Invariants
--   6. configuration.id is its place in the plan, from 1; whoever computed what, in whatever order, the file is the
--      same, byte for byte.
--   7. For a configuration that ended, sum(configuration_cost.cycles) = configuration.cycles.

PRAGMA user_version = 2;

-- What was asked for: at most one row.
CREATE TABLE sweep(
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	title TEXT NOT NULL,
	source TEXT NOT NULL,
	scenario TEXT NOT NULL,       -- as the plan names it
	plan TEXT NOT NULL,           -- the plan, YAML
	identity TEXT NOT NULL        -- a hash of all that results depend on: plan, scenario, models, images
) STRICT;

CREATE TABLE axis(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE configuration(
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,    -- 'pages=8,tags=six', or a listed run's
	status TEXT NOT NULL,         -- as scenario.status; 'error', 'defect': the simulator could not
	reason TEXT NOT NULL,
	exit INTEGER NOT NULL,        -- what muk run would exit with
	cycles INTEGER NOT NULL,      -- of all its runs, from power on
	instructions INTEGER NOT NULL,
	digest TEXT NOT NULL
) STRICT;

-- The value that an axis has in a configuration; listed runs have none.
CREATE TABLE setting(configuration INTEGER NOT NULL, axis INTEGER NOT NULL, value TEXT NOT NULL,
	PRIMARY KEY(configuration, axis)) STRICT, WITHOUT ROWID;

-- The ledger of all runs of a configuration, from power on; causes with none are left out.
CREATE TABLE configuration_cost(configuration INTEGER NOT NULL, cause TEXT NOT NULL, cycles INTEGER NOT NULL,
	PRIMARY KEY(configuration, cause)) STRICT, WITHOUT ROWID;

-- One operation: cycles, instructions, tlb_misses and the causes of the ledger; NULL: could not be computed.
CREATE TABLE operation(configuration INTEGER NOT NULL, field TEXT NOT NULL, value REAL,
	PRIMARY KEY(configuration, field)) STRICT, WITHOUT ROWID;

-- The scenario's metrics that the plan keeps.
CREATE TABLE result(id INTEGER PRIMARY KEY, configuration INTEGER NOT NULL, metric TEXT NOT NULL, name TEXT NOT NULL,
	value REAL, unit TEXT NOT NULL, verdict TEXT NOT NULL, UNIQUE(configuration, metric)) STRICT;

-- What does an operation take in each configuration?
CREATE VIEW v_sweep AS
	SELECT c.id, c.name, c.status, o.value AS cycles, i.value AS instructions, m.value AS tlb_misses
	FROM configuration c LEFT JOIN operation o ON o.configuration = c.id AND o.field = 'cycles'
		LEFT JOIN operation i ON i.configuration = c.id AND i.field = 'instructions'
		LEFT JOIN operation m ON m.configuration = c.id AND m.field = 'tlb_misses' ORDER BY c.id;

-- And of what is it made?
CREATE VIEW v_sweep_causes AS
	SELECT c.id, c.name, o.field AS cause, o.value AS cycles, 100.0 * o.value / w.value AS share_pct
	FROM configuration c JOIN operation o ON o.configuration = c.id
		AND o.field NOT IN ('cycles', 'instructions', 'tlb_misses') AND o.value != 0
		JOIN operation w ON w.configuration = c.id AND w.field = 'cycles' ORDER BY c.id, 4 DESC, 3;

-- Which values has each configuration?
CREATE VIEW v_settings AS
	SELECT c.id, c.name, a.name AS axis, s.value FROM configuration c JOIN setting s ON s.configuration = c.id
		JOIN axis a ON a.id = s.axis ORDER BY c.id, a.id;
