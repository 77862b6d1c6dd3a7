-- ZIP archives that wait to be unpacked. Their bytes are the objects `archives/<two digits>/<id>/<piece>`, which all have
-- `piece_size` bytes but the last one. An archive has a row here before its first piece is written, and until all are gone.
CREATE TABLE archives (
    id BINARY(16) NOT NULL,
    owner BINARY(16) NOT NULL,
    name VARCHAR(255) NOT NULL,
    -- `writing`, `whole` or `doomed`. Only while it is whole `owners.bytes` counts it, and anybody sees it.
    state VARCHAR(16) NOT NULL,
    -- 0 until it is whole.
    size BIGINT NOT NULL,
    piece_size BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    -- While it is written: when its upload was known to live. It changes with every change of the row.
    update_time BIGINT NOT NULL,
    PRIMARY KEY (id)
);

-- How many an owner has.
CREATE INDEX archives_by_owner ON archives (owner, state);
