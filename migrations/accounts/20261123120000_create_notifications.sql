-- What users are told, and where. Times are microseconds since 1970 in UTC. What a user owns here goes with them.

-- What a user wants to be told when a job ends; one without a row has never said.
CREATE TABLE notification_settings (
    user_id BINARY(16) NOT NULL,
    email BOOLEAN NOT NULL,
    -- Whoever reads the address said by the link of a letter that they want none. An account says nothing against it.
    email_stopped BOOLEAN NOT NULL,
    push BOOLEAN NOT NULL,
    webhook BOOLEAN NOT NULL,
    in_app BOOLEAN NOT NULL,
    only_failures BOOLEAN NOT NULL,
    minimum_seconds BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (user_id)
);

-- Browsers that take push messages. One with the same endpoint is the same browser, whoever sits before it.
CREATE TABLE push_subscriptions (
    id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    -- The session that subscribed, with which it ends; none of the local user.
    session_id BINARY(16) NULL,
    endpoint VARCHAR(2000) NOT NULL,
    -- An index cannot be as wide as an endpoint.
    endpoint_sha256 BINARY(32) NOT NULL,
    -- The browser's public key, and the secret that it shares with us (RFC 8291).
    p256dh LONGBLOB NOT NULL,
    auth LONGBLOB NOT NULL,
    user_agent VARCHAR(300) NOT NULL,
    create_time BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE UNIQUE INDEX push_subscriptions_by_endpoint ON push_subscriptions (endpoint_sha256);
-- A user's subscriptions by age.
CREATE INDEX push_subscriptions_by_user ON push_subscriptions (user_id, create_time, id);

-- Addresses that are called.
CREATE TABLE webhooks (
    id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    url VARCHAR(2000) NOT NULL,
    -- What messages are signed with: as it is, because a digest signs nothing.
    secret VARCHAR(100) NOT NULL,
    create_time BIGINT NOT NULL,
    PRIMARY KEY (id)
);

-- A user's webhooks by age.
CREATE INDEX webhooks_by_user ON webhooks (user_id, create_time, id);

-- What users were told within the application: that a job ended.
CREATE TABLE notifications (
    id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    -- Stands for the event: telling it twice adds nothing.
    event_key VARCHAR(100) NOT NULL,
    unread BOOLEAN NOT NULL,
    job_id BINARY(16) NOT NULL,
    job_name VARCHAR(200) NOT NULL,
    -- SUCCEEDED, FAILED or CANCELLED
    job_state VARCHAR(16) NOT NULL,
    succeeded BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    total BIGINT NOT NULL,
    seconds BIGINT NOT NULL,
    -- Why it failed as a whole, or its ZIP broke on the way; none otherwise.
    failure_reason VARCHAR(100) NULL,
    failure_detail VARCHAR(2000) NULL,
    create_time BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE UNIQUE INDEX notifications_by_event ON notifications (user_id, event_key);
-- A user's notifications, the newest first: all, and those that are not read.
CREATE INDEX notifications_by_user ON notifications (user_id, create_time, id);
CREATE INDEX notifications_by_unread ON notifications (user_id, unread, create_time, id);
-- Those that are old.
CREATE INDEX notifications_by_time ON notifications (create_time);

-- Keys that are made once and stay: whoever changes them ends every push subscription, or every link out of an e-mail.
CREATE TABLE kept_keys (
    -- push: P-256, PKCS#8. unsubscribe: 32 random bytes.
    purpose VARCHAR(16) NOT NULL,
    secret LONGBLOB NOT NULL,
    create_time BIGINT NOT NULL,
    PRIMARY KEY (purpose)
);
