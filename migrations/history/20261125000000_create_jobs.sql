-- Work over images. Times are microseconds since 1970 in UTC.
-- A task is changed only by who holds its job's row, except for when its lease ends and when it is offered again.

CREATE TABLE jobs (
    id BINARY(16) NOT NULL,
    owner BINARY(16) NOT NULL,
    name VARCHAR(200) NOT NULL,
    -- queued, running, succeeded, failed or cancelled
    state VARCHAR(16) NOT NULL,
    -- interactive or batch
    priority VARCHAR(16) NOT NULL,
    -- JSON: [{"model": {"model": "name", "version": 1, "parameters": {"name": "value"}}}]
    steps LONGTEXT NOT NULL,
    -- Nobody is told when it ends.
    silent BOOLEAN NOT NULL,
    -- The ZIP that it came from, and whether more items of it come.
    archive_id BINARY(16),
    unpacking BOOLEAN NOT NULL,
    -- How many items are how far. Of a ZIP the total is what it says it has: the others add up to less until they all came.
    total BIGINT NOT NULL,
    queued BIGINT NOT NULL,
    running BIGINT NOT NULL,
    succeeded BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    cancelled BIGINT NOT NULL,
    -- Why it failed as a whole.
    failure_code VARCHAR(32),
    failure_reason VARCHAR(100),
    failure_detail VARCHAR(2000),
    create_time BIGINT NOT NULL,
    start_time BIGINT,
    end_time BIGINT,
    update_time BIGINT NOT NULL,
    -- Grows with every change of the job or of one of its items.
    revision BIGINT NOT NULL,
    idempotency_key VARCHAR(200),
    -- The digest of the call that the key came with.
    request_sha256 BINARY(32),
    PRIMARY KEY (id)
);

-- An owner's jobs, the newest first; and the same in one state, which may be rare. By the second the backlog is counted.
CREATE INDEX jobs_by_owner ON jobs (owner, create_time, id);
CREATE INDEX jobs_by_owner_state ON jobs (owner, state, create_time, id);

-- What changed of an owner's jobs since a time.
CREATE INDEX jobs_by_owner_update ON jobs (owner, update_time, id);

-- A key leads to one job.
CREATE UNIQUE INDEX jobs_by_owner_key ON jobs (owner, idempotency_key);

-- No more of a caller's images wait, are worked on or are still to come out of ZIPs: as many as there were when they were last
-- counted, and all that were asked for since. Changed by who holds the row alone.
ALTER TABLE callers ADD COLUMN backlog BIGINT NOT NULL DEFAULT 0;

-- What a worker does in one go. Those of the kind `process` are the items of their job.
CREATE TABLE tasks (
    id BINARY(16) NOT NULL,
    job_id BINARY(16) NOT NULL,
    -- Its job's, but notices are interactive.
    owner BINARY(16) NOT NULL,
    priority VARCHAR(16) NOT NULL,
    -- process, unpack, notify or deliver
    kind VARCHAR(16) NOT NULL,
    -- An item's place in the job, from 0; NULL for other kinds.
    position BIGINT,
    -- An item's file, and its stored image; NULL where the file was none.
    filename VARCHAR(255) NOT NULL,
    image_id BINARY(16),
    -- Where to deliver to.
    route VARCHAR(500) NOT NULL,
    -- queued, running, succeeded, failed or cancelled
    state VARCHAR(16) NOT NULL,
    attempts BIGINT NOT NULL,
    -- When somebody looks at it without being asked to. While it is queued: when it is offered again unless it is taken
    -- before. While it is running: when its lease ends. Of a notice that ended, and of an item or a ZIP that failed: when
    -- that is forgotten. Otherwise NULL.
    next_time BIGINT,
    -- While it is queued: when it may be taken.
    due_time BIGINT,
    -- While it is running: who holds it, by which lease.
    worker VARCHAR(100),
    lease BINARY(16),
    -- Why it failed, or why the attempt before failed.
    failure_code VARCHAR(32),
    failure_reason VARCHAR(100),
    failure_detail VARCHAR(2000),
    create_time BIGINT NOT NULL,
    -- When a worker took it last.
    start_time BIGINT,
    end_time BIGINT,
    -- The job's at the task's last change.
    revision BIGINT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT tasks_of_job FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
);

-- A job's items, each at its own position.
CREATE UNIQUE INDEX tasks_by_position ON tasks (job_id, position);

-- What changed of a job's items since a revision.
CREATE INDEX tasks_by_revision ON tasks (job_id, revision, position);

-- Those of one state that somebody will look at, by when. Holds all that the load counts, and why items failed.
CREATE INDEX tasks_by_next_time ON tasks (state, next_time, id, kind, priority, due_time, failure_reason);

-- What came out of an item's steps. Rows are written once, with the end of their task.
CREATE TABLE results (
    task_id BINARY(16) NOT NULL,
    -- The place of the last step that it comes from, from 0.
    step BIGINT NOT NULL,
    job_id BINARY(16) NOT NULL,
    -- An image that was made, or NULL.
    image_id BINARY(16),
    image_name VARCHAR(255),
    image_format VARCHAR(16),
    image_width BIGINT,
    image_height BIGINT,
    -- A prediction that was recorded, or NULL.
    prediction_id BINARY(16),
    model VARCHAR(100),
    version BIGINT,
    label VARCHAR(255),
    score DOUBLE,
    PRIMARY KEY (task_id, step),
    CONSTRAINT results_of_task FOREIGN KEY (task_id) REFERENCES tasks (id) ON DELETE CASCADE
);

-- A job's labels. Holds all that its report counts.
CREATE INDEX results_by_job_label ON results (job_id, step, model, label, score);

-- Who works, as each worker says.
CREATE TABLE workers (
    name VARCHAR(100) NOT NULL,
    seen_time BIGINT NOT NULL,
    capacity BIGINT NOT NULL,
    running BIGINT NOT NULL,
    -- JSON: ["service"]
    parked_by VARCHAR(1000) NOT NULL,
    PRIMARY KEY (name)
);

-- Workers that were heard of lately.
CREATE INDEX workers_by_seen_time ON workers (seen_time);
