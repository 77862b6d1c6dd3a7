-- Who did what. Rows are written once and never changed; they outlive those whom they tell of.
CREATE TABLE audit_entries (
    id BINARY(16) NOT NULL,
    -- Microseconds since 1970 in UTC.
    create_time BIGINT NOT NULL,
    -- NULL where nobody was signed in.
    actor BINARY(16),
    action VARCHAR(64) NOT NULL,
    -- An id or a service's name; may be empty.
    subject VARCHAR(64) NOT NULL,
    -- A network address; may be empty.
    address VARCHAR(45) NOT NULL,
    request_id VARCHAR(64) NOT NULL,
    -- JSON: an object without e-mail addresses and secrets.
    detail LONGTEXT NOT NULL,
    PRIMARY KEY (id)
);

-- The record, the newest first: all of it, of one user, of one action, of both.
CREATE INDEX audit_entries_by_time ON audit_entries (create_time, id);
CREATE INDEX audit_entries_by_actor ON audit_entries (actor, create_time, id);
CREATE INDEX audit_entries_by_action ON audit_entries (action, create_time, id);
CREATE INDEX audit_entries_by_actor_action ON audit_entries (actor, action, create_time, id);
