-- People, and the local user. Times are microseconds since 1970 in UTC.
CREATE TABLE users (
    id BINARY(16) NOT NULL,
    -- In lower case. NULL for the local user and for those on the way out, so that the address is free again.
    email VARCHAR(254),
    -- A PHC string; NULL where there is no password that would open the account.
    password_hash VARCHAR(255),
    display_name VARCHAR(100) NOT NULL,
    -- The name in lower case, for searching.
    search_name VARCHAR(300) NOT NULL,
    -- en or es
    language VARCHAR(8) NOT NULL,
    -- user or admin
    role VARCHAR(8) NOT NULL,
    -- active, blocked or deleting
    state VARCHAR(8) NOT NULL,
    create_time BIGINT NOT NULL,
    update_time BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE UNIQUE INDEX users_by_email ON users (email);
CREATE INDEX users_by_time ON users (create_time, id);

-- How many administrators may sign in. One row: whoever changes the number holds it until their transaction ends, so
-- that the first administrator is one and the last cannot be lost. The local user does not count.
CREATE TABLE administration (
    id BIGINT NOT NULL,
    administrators BIGINT NOT NULL,
    PRIMARY KEY (id)
);

INSERT INTO administration (id, administrators) VALUES (1, 0);
